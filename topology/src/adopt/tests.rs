use std::collections::BTreeMap;

use proptest::prelude::*;

use super::adopt;
use crate::{
    Became, Cable, Interface, InterfaceKind, Lab, MacAddress, Namespace, Place, Position, Target,
    sample::{self, interface, namespace, net, place},
};

proptest! {
    #[test]
    fn what_was_drawn_as_it_was_is_drawn_as_it_is(before in sample::lab(), after in sample::lab()) {
        let (before, after) = (before.bare(), after.bare());
        prop_assert_eq!(&adopt(&before, &before, &after, &[]), &after);
    }

    #[test]
    fn nothing_happens_where_nothing_happened(drawn in sample::lab(), seen in sample::lab()) {
        let seen = seen.bare();
        prop_assert_eq!(adopt(&drawn, &seen, &seen, &[]), drawn);
    }

    #[test]
    fn wishes_outlast_what_happens_beside_them(drawn in sample::lab(), after in sample::lab()) {
        let before = Lab::default().bare();
        let adopted = adopt(&drawn, &before, &after.bare(), &[]);
        for (at, wish) in drawn.interfaces() {
            let found = adopted.interface(&at);
            prop_assert!(found.is_some(), "{} is gone", at);
            let same_kind = std::mem::discriminant(&wish.kind);
            if found.is_some_and(|found| std::mem::discriminant(&found.kind) == same_kind) {
                prop_assert!(found.is_some_and(|found| wish.addresses.is_subset(&found.addresses)));
            }
        }
        prop_assert_eq!(adopted.title, drawn.title);
    }
}

/// A room with a cable to a switch on the host, as a person draws it.
fn drawn() -> Lab {
    let mut lab = Lab { title: "Drawn".into(), ..Lab::default() };
    let mut end = Interface::new(InterfaceKind::VethEnd);
    end.addresses.insert(net("10.0.0.1/24"));
    let mut room = Namespace { position: Some(Position { x: 7, y: 8 }), ..Namespace::default() };
    room.interfaces.insert(interface("veth-ns1"), end);
    lab.namespaces.insert(namespace("pid 7"), room);
    let mut host = Namespace::default();
    let mut bridge = Interface::new(InterfaceKind::Bridge(Default::default()));
    bridge.position = Some(Position { x: 1, y: 2 });
    host.interfaces.insert(interface("br0"), bridge);
    let mut port = Interface::new(InterfaceKind::VethEnd);
    port.bridge = Some(interface("br0"));
    host.interfaces.insert(interface("port"), port);
    lab.namespaces.insert(namespace("host"), host);
    lab.cables.insert(Cable::new(place("pid 7/veth-ns1"), place("host/port")));
    lab.pings.push((namespace("pid 7"), Target::Namespace(namespace("host"))));
    lab
}

fn seen(change: impl FnOnce(&mut Lab)) -> Lab {
    let mut lab = drawn().bare();
    change(&mut lab);
    lab
}

fn moved(lab: &mut Lab, from: &str, to: &str) {
    let (from, to) = (place(from), place(to));
    let found =
        lab.namespaces.get_mut(&from.namespace).and_then(|room| room.interfaces.remove(&from.interface));
    let room = lab.namespaces.get_mut(&to.namespace).expect("it has that namespace");
    room.interfaces.insert(to.interface.clone(), found.expect("it was there"));
    let cables = std::mem::take(&mut lab.cables);
    let end = |end: &Place| if *end == from { to.clone() } else { end.clone() };
    lab.cables =
        cables.iter().map(|cable| Cable::new(end(&cable.ends()[0]), end(&cable.ends()[1]))).collect();
}

#[test]
fn a_room_that_gets_a_name_keeps_its_place() {
    let (from, to) = (namespace("pid 7"), namespace("red"));
    let after = super::named::renamed(&seen(|_| {}), &BTreeMap::from([(from.clone(), to.clone())]));
    let adopted = adopt(&drawn(), &seen(|_| {}), &after, &[Became::Namespace { from, to: to.clone() }]);
    assert_eq!(adopted.namespaces[&to].position, Some(Position { x: 7, y: 8 }));
    let mac = seen(|_| {}).interface(&place("pid 7/veth-ns1")).and_then(|found| found.mac);
    let end = adopted.interface(&place("red/veth-ns1")).expect("it is drawn");
    assert_eq!((end.mac, &end.addresses), (mac, &[net("10.0.0.1/24")].into()));
    assert_eq!(adopted.pings, [(to, Target::Namespace(namespace("host")))]);
    assert_eq!(adopted.cables, [Cable::new(place("red/veth-ns1"), place("host/port"))].into());
    assert_eq!(adopted.namespaces.len(), 2);
}

#[test]
fn a_renamed_bridge_keeps_its_place_and_its_ports() {
    let after = seen(|lab| {
        moved(lab, "host/br0", "host/br1");
        lab.interface_mut(&place("host/port")).expect("it").bridge = Some(interface("br1"));
    });
    let became = [Became::Interface { from: place("host/br0"), to: place("host/br1") }];
    let adopted = adopt(&drawn(), &seen(|_| {}), &after, &became);
    let bridge = adopted.interface(&place("host/br1")).expect("it is drawn");
    assert_eq!((bridge.position, bridge.mac.is_some()), (Some(Position { x: 1, y: 2 }), true));
    assert_eq!(adopted.ports(&place("host/br1")).collect::<Vec<_>>(), [place("host/port")]);
    assert_eq!(adopted.interface(&place("host/br0")), None);
}

#[test]
fn a_moved_end_takes_along_what_the_kernel_lets_it_keep() {
    let mut before = seen(|_| {});
    before.namespaces.insert(namespace("blue"), before.namespaces[&namespace("host")].clone());
    before
        .namespaces
        .get_mut(&namespace("blue"))
        .expect("it")
        .interfaces
        .retain(|name, _| name.is_loopback());
    let mut after = before.clone();
    moved(&mut after, "host/port", "blue/port");
    after.interface_mut(&place("blue/port")).expect("it").bridge = None;
    after.interface_mut(&place("blue/port")).expect("it").up = false;
    let mut drawn = drawn();
    drawn.namespaces.insert(namespace("blue"), Namespace::default());
    let became = [Became::Interface { from: place("host/port"), to: place("blue/port") }];
    let adopted = adopt(&drawn, &before, &after, &became);
    let port = adopted.interface(&place("blue/port")).expect("it is drawn");
    assert_eq!((port.bridge.as_ref(), port.up), (None, false));
    assert_eq!(adopted.peer(&place("blue/port")), Some(&place("pid 7/veth-ns1")));
    assert_eq!(adopted.interface(&place("host/port")), None);
}

#[test]
fn what_goes_takes_along_what_cannot_be_without_it() {
    let after = seen(|lab| {
        lab.namespaces.remove(&namespace("pid 7"));
        lab.namespaces.get_mut(&namespace("host")).expect("it").interfaces.remove(&interface("port"));
        lab.cables.clear();
    });
    let adopted = adopt(&drawn(), &seen(|_| {}), &after, &[]);
    assert_eq!(adopted.bare(), after.bare());
    assert_eq!(adopted.pings, []);
}

#[test]
fn what_is_left_open_stays_open_where_that_is_the_same() {
    let mac = MacAddress([2, 0, 0, 0, 0, 9]);
    let before = seen(|lab| lab.interface_mut(&place("pid 7/veth-ns1")).expect("it").mac = Some(mac));
    // Back to what the drawing comes to anyway.
    let adopted = adopt(&drawn(), &before, &seen(|_| {}), &[]);
    assert_eq!(adopted, drawn());
    let adopted = adopt(&drawn(), &seen(|_| {}), &before, &[]);
    assert_eq!(adopted.interface(&place("pid 7/veth-ns1")).and_then(|found| found.mac), Some(mac));
}
