//! Addresses and pings that are proposed.

use super::*;

/// A switch with rooms that have these addresses, one without, and another room elsewhere.
fn around_a_switch(addresses: &[&str], elsewhere: &str) -> Lab {
    let mut lab = lab("hopscope = 1\n[namespaces.host.bridges.br0]\n");
    let mut draft = Draft::new(std::mem::take(&mut lab));
    for _ in 0..=addresses.len() + 1 {
        drawn(&mut draft, Draw::AddNamespace { at: HERE });
    }
    let names: Vec<String> =
        draft.lab().namespaces.keys().filter(|name| !name.is_host()).map(ToString::to_string).collect();
    for name in &names[..=addresses.len()] {
        connect(&mut draft, name, "host/br0");
    }
    connect(&mut draft, &names[addresses.len() + 1], "host");
    let mut lab = Lab::clone(draft.lab());
    for (number, name) in names.iter().enumerate() {
        let at = place(&format!("{name}/veth-{name}"));
        let interface = lab.interface_mut(&at).expect("it is plugged in");
        interface.addresses.clear();
        let own = addresses.get(number).or((number == addresses.len() + 1).then_some(&elsewhere));
        interface.addresses.extend(own.filter(|own| !own.is_empty()).map(|own| net(own)));
    }
    for namespace in lab.namespaces.values_mut() {
        for interface in namespace.interfaces.values_mut().filter(|found| found.bridge.is_none()) {
            interface
                .addresses
                .retain(|own| addresses.contains(&own.to_string().as_str()) || own.to_string() == elsewhere);
        }
    }
    lab
}

#[test]
fn the_next_free_address_around() {
    let cases: [(&[&str], &str, Option<&str>); 12] = [
        (&[], "", Some("10.10.0.1/24")),
        (&["10.10.0.1/24"], "", Some("10.10.0.2/24")),
        (&["10.10.0.1/24", "10.10.0.3/24"], "", Some("10.10.0.2/24")),
        (&["172.16.0.1/16"], "172.16.0.2/32", Some("172.16.0.3/16")),
        (&["10.0.0.0/31"], "", Some("10.0.0.1/31")),
        (&["10.0.0.1/30", "10.0.0.2/30"], "", None),
        (&["10.0.0.1/32"], "", Some("10.10.0.1/24")),
        (&["169.254.0.1/16"], "", Some("10.10.0.1/24")),
        (&["fd00::1/64"], "", Some("fd00::2/64")),
        (&["fd00::1/64", "10.1.0.1/24"], "", Some("10.1.0.2/24")),
        (&["10.0.0.1/30", "10.0.0.2/30", "10.9.0.1/24"], "", Some("10.9.0.2/24")),
        (&[], "10.10.0.1/16", Some("10.11.0.1/24")),
    ];
    for (around, elsewhere, proposed) in cases {
        let lab = around_a_switch(around, elsewhere);
        let names: Vec<_> = lab.namespaces.keys().filter(|name| !name.is_host()).collect();
        let name = names[around.len()];
        let at = place(&format!("{name}/veth-{name}"));
        let found = proposal::address_for(&lab, &at).map(|net| net.to_string());
        assert_eq!(found.as_deref(), proposed, "beside {around:?}, elsewhere {elsewhere:?}");
    }
}

#[test]
fn a_large_lab_gets_a_new_subnet_each_time() {
    let mut lab = Lab::default();
    let red = lab.namespaces.entry("red".parse().expect("a name")).or_default();
    for third in 0..=255_u16 {
        let mut interface = topology::Interface::new(topology::InterfaceKind::VethEnd);
        interface.addresses.insert(net(&format!("10.10.{third}.1/24")));
        red.interfaces.insert(format!("e{third}").parse().expect("a name"), interface);
    }
    red.interfaces
        .insert("new".parse().expect("a name"), topology::Interface::new(topology::InterfaceKind::VethEnd));
    assert_eq!(proposal::address_for(&lab, &place("red/new")), Some(net("10.11.0.1/24")));
}

#[test]
fn ports_and_who_has_an_address_need_none() {
    let lab = ready_lab("two-rooms-and-a-switch");
    assert_eq!(proposal::address_for(&lab, &place("host/veth-br1")), None);
    assert_eq!(proposal::address_for(&lab, &place("ns1/veth-ns1")), None);
    assert_eq!(proposal::address_for(&lab, &place("nobody/x")), None);
}

#[test]
fn who_is_to_ping_whom() {
    let switch = ready_lab("two-rooms-and-a-switch");
    let mut alone = switch.clone();
    alone.pings.clear();
    let mut silent = alone.clone();
    silent.interface_mut(&place("ns2/veth-ns2")).expect("it").addresses.clear();
    type Case<'a> = (&'a Lab, &'a [&'a str], Option<(&'a str, &'a str)>);
    let cases: [Case<'_>; 8] = [
        (&switch, &[], Some(("ns1", "ns2"))),
        (&switch, &["ns2"], Some(("ns2", "ns1"))),
        (&switch, &["ns1", "ns2"], Some(("ns1", "ns2"))),
        (&alone, &[], Some(("ns1", "ns2"))),
        (&alone, &["ns2"], Some(("ns2", "ns1"))),
        (&alone, &["nobody"], Some(("ns1", "ns2"))),
        (&silent, &[], None),
        (&Lab::default(), &[], None),
    ];
    for (lab, selected, expected) in cases {
        let selection = selected.iter().map(|name| Item::Thing(thing(name))).collect();
        let found = proposal::suggested_ping(lab, &selection).map(|(from, aim, _)| (from.to_string(), aim));
        let expected = expected.map(|(from, to)| (from.to_owned(), to.to_owned()));
        assert_eq!(found, expected, "selected {selected:?}");
    }
}
