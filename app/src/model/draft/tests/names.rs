//! Names as people would give them.

use topology::{InterfaceName, NamespaceName};

use super::*;

fn with_namespaces(names: &[&str]) -> Lab {
    let mut lab = Lab::default();
    for name in names {
        lab.namespaces.insert(name.parse().expect("a name"), Default::default());
    }
    lab
}

#[test]
fn a_new_namespace_goes_on_in_the_labs_own_series() {
    let cases: [(&[&str], &str); 12] = [
        (&[], "red"),
        (&["red"], "blue"),
        (&["blue"], "red"),
        (&["ns1", "ns2"], "ns3"),
        (&["ns1", "ns3"], "ns2"),
        (&["ns1"], "red"),
        (&["r1", "r2"], "red"),
        (&["a1", "ns1", "ns2"], "ns3"),
        (&["ns1", "ns2", "r1", "r2", "r3"], "ns3"),
        (&["ns1", "nsx", "host"], "red"),
        (&["pc9", "pc10"], "pc1"),
        (&["red", "blue", "green", "yellow", "purple", "orange", "teal", "pink"], "ns1"),
    ];
    for (there, name) in cases {
        assert_eq!(naming::namespace(&with_namespaces(there)).as_str(), name, "beside {there:?}");
    }
    assert_eq!(naming::router(&with_namespaces(&["r1", "r3"])).as_str(), "r2");
}

#[test]
fn a_copy_is_called_like_its_original() {
    let cases: [(&[&str], &str, &str); 4] = [
        (&["red"], "red", "red-2"),
        (&["red", "red-2"], "red", "red-3"),
        (&["ns1"], "ns1", "ns2"),
        (&[], "red", "red"),
    ];
    for (there, wish, name) in cases {
        let wish: NamespaceName = wish.parse().expect("a name");
        assert_eq!(naming::like_namespace(&with_namespaces(there), &wish).as_str(), name);
    }
}

#[test]
fn the_longest_names_can_be_numbered_too() {
    let longest = format!("{}9", "x".repeat(NamespaceName::LONGEST - 1));
    let mut lab = with_namespaces(&[&longest]);
    let wish: NamespaceName = longest.parse().expect("a name");
    for _ in 0..20 {
        let name = naming::like_namespace(&lab, &wish);
        assert!(lab.namespaces.insert(name, Default::default()).is_none());
    }
}

#[test]
fn ends_are_cut_to_what_the_kernel_takes_and_numbered() {
    let mut lab = with_namespaces(&["red"]);
    let mut named = |wish: &str| {
        let name = naming::cable_end(&lab, wish);
        let interface = topology::Interface::new(topology::InterfaceKind::VethEnd);
        let red = lab.namespaces.values_mut().next().expect("it");
        red.interfaces.insert(name.clone(), interface);
        assert!(name.as_str().len() <= InterfaceName::LONGEST);
        name.to_string()
    };
    assert_eq!(named("veth-red"), "veth-red");
    assert_eq!(named("veth-red"), "veth-red-2");
    assert_eq!(named("veth-br-a-long-name"), "veth-br-a-long-");
    assert_eq!(named("veth-br-a-long-name"), "veth-br-a-lon-2");
    assert_eq!(named("veth-ééééééé"), "veth-ééééé", "letters of two bytes are not cut in two");
    assert_eq!(named("lo"), "lo-2");
}

#[test]
fn ports_are_called_after_their_room_or_numbered_as_the_others_are() {
    let mut draft = Draft::new(lab("hopscope = 1\n[namespaces.red]\n[namespaces.host.bridges.br0]\n"));
    connect(&mut draft, "red", "host/br0");
    assert_eq!(interfaces(draft.lab()), ["host/br0", "host/veth-br-red", "red/veth-red 10.10.0.1/24"]);
    let mut draft = Draft::new(ready_lab("two-rooms-and-a-switch"));
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    connect(&mut draft, "ns3", "host/br0");
    let lab = draft.lab();
    assert!(
        lab.interface(&place("ns3/veth-ns3")).is_some() && lab.interface(&place("host/veth-br3")).is_some()
    );
}
