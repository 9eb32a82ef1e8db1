#![expect(clippy::unwrap_used, reason = "a test may stop where it cannot go on")]

use std::collections::BTreeSet;

use crate::{
    Cable, Lab, MacAddress, OtherKind, PortVlan, Route, Step, StepError,
    sample::{self, interface, namespace, net, place},
};

#[test]
fn the_samples_hold_every_kind_of_step() {
    let kinds: BTreeSet<usize> =
        sample::one_of_each().iter().map(|(_, step)| sample::kind_of(step)).collect();
    assert_eq!(kinds, (0..sample::KINDS_OF_STEPS).collect());
}

#[test]
fn a_step_and_then_its_inverse_leave_the_lab_as_it_was() {
    for (lab, step) in sample::one_of_each() {
        let mut changed = lab.clone();
        step.apply(&mut changed).unwrap();
        assert_ne!(changed, lab, "{step:?} does nothing");
        step.inverse().apply(&mut changed).unwrap();
        assert_eq!(changed, lab, "{step:?} is not undone");
    }
}

#[test]
fn the_inverse_of_the_inverse_is_the_step() {
    for (_, step) in sample::one_of_each() {
        assert_eq!(step.inverse().inverse(), step);
        assert_ne!(step.inverse(), step);
    }
}

#[test]
fn every_step_has_a_line_and_a_sentence() {
    for (_, step) in sample::one_of_each() {
        assert!(!step.shell().trim().is_empty() && !step.shell().ends_with('\n'), "{step:?}");
        let sentence = step.sentence();
        assert!(sentence.starts_with(char::is_uppercase) && !sentence.ends_with('.'), "{sentence}");
        assert!(!sentence.contains('\n'), "{sentence}");
    }
}

#[test]
fn a_step_that_was_done_already_is_refused_and_changes_nothing() {
    for (lab, step) in sample::one_of_each() {
        let mut done = lab.clone();
        step.apply(&mut done).unwrap();
        let before = done.clone();
        assert!(step.apply(&mut done).is_err(), "{step:?} was done twice");
        assert_eq!(done, before, "{step:?} failed half-way");
    }
}

fn refusal(lab: &Lab, step: &Step) -> StepError {
    let mut changed = lab.clone();
    let error = step.apply(&mut changed).unwrap_err();
    assert_eq!(changed, *lab, "{step:?} failed half-way");
    error
}

#[test]
fn what_would_pull_something_else_down_is_unfit() {
    let lab = sample::rich().settled();
    let red = place("red/veth-red");
    let cable = Cable::new(place("host/to-red"), red.clone());
    let steps = [
        Step::SetUp { at: red.clone(), up: false },
        Step::RemoveAddress { at: red.clone(), address: net("10.10.0.1/24") },
        Step::PullCable { cable, macs: [MacAddress::derived_from("x"); 2] },
        Step::RemoveNamespace { name: namespace("red"), sysctls: lab.namespaces[&namespace("red")].sysctls },
        Step::Enslave { port: place("host/to-red"), bridge: interface("br0") },
        Step::SetMtu { at: red, from: 1500, to: 1000 },
        Step::AddRoute {
            namespace: namespace("red"),
            route: Route {
                to: net("10.99.0.0/16"),
                via: "10.77.0.1".parse().ok(),
                dev: Some(interface("veth-red")),
            },
        },
    ];
    for step in steps {
        assert!(matches!(refusal(&lab, &step), StepError::Unfit(_)), "{step:?}");
    }
}

#[test]
fn a_name_that_is_taken_exists_and_one_that_is_not_is_missing() {
    let lab = sample::rich().settled();
    let taken = Cable::new(place("host/br0"), place("blue/new"));
    let macs = [MacAddress::derived_from("x"); 2];
    assert!(matches!(refusal(&lab, &Step::PlugCable { cable: taken, macs }), StepError::Exists(_)));
    let nowhere = Cable::new(place("green/a"), place("blue/new"));
    assert!(matches!(refusal(&lab, &Step::PlugCable { cable: nowhere, macs }), StepError::Missing(_)));
    let host = Step::AddNamespace { name: namespace("host"), sysctls: Default::default() };
    assert!(matches!(refusal(&lab, &host), StepError::Exists(_)));
}

#[test]
fn a_bridge_follows_the_mtu_of_its_ports() {
    let mut lab = sample::rich().settled();
    let port = place("host/to-red");
    Step::SetMtu { at: port.clone(), from: 1500, to: 1400 }.apply(&mut lab).unwrap();
    assert_eq!(lab.interface(&place("host/br0")).unwrap().mtu, Some(1400));
    Step::Release { port, bridge: interface("br0") }.apply(&mut lab).unwrap();
    assert_eq!(lab.interface(&place("host/br0")).unwrap().mtu, Some(1500));
}

#[test]
fn names_that_a_shell_would_read_are_quoted() {
    let name = namespace("a;b&c");
    let line = Step::AddNamespace { name, sysctls: Default::default() }.shell();
    assert_eq!(line, "ip netns add 'a;b&c'");
}

#[test]
fn shell_lines_read_like_the_tutorials() {
    let address = Step::AddAddress { at: place("ns1/veth-ns1"), address: net("10.10.0.1/24") };
    assert_eq!(address.shell(), "ip -n ns1 addr add 10.10.0.1/24 dev veth-ns1");
    assert_eq!(
        address.inverse().shell(),
        "ip netns exec ns1 sysctl -qew net.ipv4.conf.all.promote_secondaries=1\n\
         ip -n ns1 addr del 10.10.0.1/24 dev veth-ns1"
    );
    let up = Step::SetUp { at: place("host/br0"), up: true };
    assert_eq!(up.shell(), "ip link set dev br0 up");
    let route = Route { to: net("::/0"), via: "fe80::1".parse().ok(), dev: Some(interface("e")) };
    let route = Step::AddRoute { namespace: namespace("ns1"), route };
    assert_eq!(route.shell(), "ip -n ns1 -6 route add default via fe80::1 dev e");
}

#[test]
fn a_bridge_stops_its_spanning_tree_before_its_delay_leaves_the_range_and_starts_it_after() {
    let without = crate::BridgeSettings { forward_delay: 0, ..Default::default() };
    let with = crate::BridgeSettings { stp: true, forward_delay: 4, ..without };
    let step = Step::SetBridge { at: place("host/br0"), from: with, to: without };
    let line = "ip link set dev br0 type bridge";
    assert_eq!(step.shell(), format!("{line} stp_state 0\n{line} forward_delay 0"));
    assert_eq!(step.inverse().shell(), format!("{line} forward_delay 400\n{line} stp_state 1"));
}

#[test]
fn vlans_are_taken_off_and_set_one_by_one() {
    let vlan = |id, pvid| crate::PortVlan { id, pvid, untagged: pvid };
    let from = BTreeSet::from([vlan(1, true), vlan(20, false)]);
    let to = BTreeSet::from([vlan(10, true), vlan(20, false)]);
    let step = Step::SetVlans { port: place("sw/p1"), from, to };
    let lines = "bridge -n sw vlan del dev p1 vid 1\nbridge -n sw vlan add dev p1 vid 10 pvid untagged";
    assert_eq!(step.shell(), lines);
}

#[test]
fn a_port_of_a_filtering_bridge_starts_in_the_first_vlan() {
    let lab = sample::rich().settled();
    let release = Step::Release { port: place("host/to-red"), bridge: interface("br0") };
    let mut changed = lab.clone();
    release.apply(&mut changed).unwrap();
    assert!(changed.interface(&place("host/to-red")).unwrap().vlans.is_empty());
    let at = place("host/br0");
    let from = lab.interface(&at).unwrap().bridge_settings().unwrap();
    let to = crate::BridgeSettings { vlan_filtering: false, ..from };
    Step::SetBridge { at, from, to }.apply(&mut changed).unwrap();
    assert!(changed.interface(&place("host/to-blue")).unwrap().vlans.is_empty());
}

#[test]
fn lines_for_the_namespace_of_a_process() {
    let lines = |step: Step| step.shell();
    let end = place("pid 4711/veth-ns1");
    let up = Step::SetUp { at: end.clone(), up: true };
    assert_eq!(lines(up), "nsenter --target 4711 --net ip link set dev veth-ns1 up");
    let cable = crate::Cable::new(place("host/veth-br1"), end.clone());
    let plug = lines(Step::PlugCable {
        cable,
        macs: [MacAddress([2, 0, 0, 0, 0, 1]), MacAddress([2, 0, 0, 0, 0, 2])],
    });
    assert!(plug.contains("peer name veth-ns1 netns 4711 address"), "{plug}");
    assert!(plug.contains("nsenter --target 4711 --net ethtool -K veth-ns1"), "{plug}");
    let from = BTreeSet::new();
    let vlans =
        Step::SetVlans { port: end, from, to: [PortVlan { id: 7, pvid: false, untagged: false }].into() };
    assert_eq!(lines(vlans), "nsenter --target 4711 --net bridge vlan add dev veth-ns1 vid 7");
}

#[test]
fn no_step_makes_or_ends_the_namespace_of_a_process() {
    let name: crate::NamespaceName = "pid 4711".parse().expect("a process's");
    let add = Step::AddNamespace { name: name.clone(), sysctls: Default::default() };
    let mut lab = crate::Lab::default().settled();
    let refused = add.apply(&mut lab);
    assert!(matches!(&refused, Err(crate::StepError::Unfit(why)) if why.contains("pid 4711")), "{refused:?}");
    lab.namespaces.insert(name, Default::default());
    let refused = add.inverse().apply(&mut lab);
    assert!(
        matches!(&refused, Err(crate::StepError::Unfit(why)) if why.contains("kill 4711")),
        "{refused:?}"
    );
}

#[test]
fn other_interfaces_are_made_where_a_name_is_enough() {
    let add = |kind| Step::AddOther { at: place("red/x"), kind, mac: None, mtu: Some(1400) };
    assert_eq!(add(OtherKind::Dummy).shell(), "ip -n red link add name x mtu 1400 type dummy");
    assert!(add(OtherKind::Vxlan).shell().starts_with("# red/x is a vxlan interface"));
    assert_eq!(add(OtherKind::Vxlan).inverse().shell(), "ip -n red link del dev x");
}
