use proptest::prelude::*;

use super::reconcile;
use crate::{
    Cable, Interface, InterfaceKind, Lab, Namespace, OtherKind, Place,
    plan::plan,
    sample::{self, interface, namespace, net, place},
};

/// Nothing leads from one namespace to another.
fn apart(mut lab: Lab) -> Lab {
    lab.cables.retain(|cable| cable.ends()[0].namespace == cable.ends()[1].namespace);
    lab.namespaces.entry(namespace("red")).or_default();
    lab.namespaces.entry(namespace("blue")).or_default();
    lab.bare()
}

/// `lab` with this room as `from` has it.
fn with_room_of(lab: &Lab, from: &Lab, room: &str) -> Lab {
    let name = namespace(room);
    let mut lab = lab.clone();
    lab.cables.retain(|cable| cable.ends()[0].namespace != name);
    let is_there = |cable: &&Cable| cable.ends()[0].namespace == name;
    lab.cables.extend(from.cables.iter().filter(is_there).cloned());
    lab.namespaces.remove(&name);
    lab.namespaces.extend(from.namespaces.get(&name).map(|found| (name, found.clone())));
    lab
}

proptest! {
    #[test]
    fn nothing_typed_is_what_is_drawn(wanted in sample::lab(), known in sample::lab()) {
        let observed = known.bare();
        let mut result = reconcile(&wanted, &observed, &observed);
        prop_assert_eq!(result.bare(), wanted.bare());
        prop_assert_eq!(&result.title, &wanted.title);
        prop_assert!(plan(&wanted.settled(), &result).steps.is_empty());
        // What was known may be a wish that came true since.
        result = reconcile(&wanted, &known, &observed);
        prop_assert_eq!(result.bare(), wanted.bare());
    }

    #[test]
    fn nothing_drawn_is_what_is_there(drawn in sample::lab(), observed in sample::lab()) {
        let observed = observed.bare();
        prop_assert_eq!(reconcile(&drawn, &drawn, &observed).bare(), observed.clone());
        prop_assert_eq!(reconcile(&drawn, &drawn.bare(), &observed).bare(), observed);
    }

    #[test]
    fn what_was_changed_apart_is_changed_together(
        known in sample::lab(), wanted in sample::lab(), observed in sample::lab(),
    ) {
        let [known, red, blue] = [known, wanted, observed].map(apart);
        let wanted = with_room_of(&known, &red, "red");
        let observed = with_room_of(&known, &blue, "blue");
        let both = with_room_of(&wanted, &blue, "blue");
        prop_assert_eq!(reconcile(&wanted, &known, &observed).bare(), both.bare());
    }

    #[test]
    fn what_was_drawn_is_done_whatever_was_typed(
        known in sample::lab(), wanted in sample::lab(), observed in sample::lab(),
    ) {
        let [known, wanted, observed] = [known, wanted, observed].map(|lab| lab.bare());
        let result = reconcile(&wanted, &known, &observed).bare();
        for (at, drawn) in wanted.interfaces() {
            let was = known.interface(&at);
            let can_be_made = !matches!(drawn.kind, InterfaceKind::Other(kind) if !kind.can_be_made());
            if was.is_none_or(|was| was != drawn) && drawn.kind != InterfaceKind::Loopback && can_be_made {
                let found = result.interface(&at);
                prop_assert!(found.is_some(), "{} is missing", at);
                let new = was.map_or(drawn.up, |was| drawn.up && !was.up);
                prop_assert!(!new || found.is_some_and(|found| found.up), "{} is not up", at);
            }
        }
        for (at, _) in known.interfaces().filter(|(at, _)| wanted.interface(at).is_none()) {
            prop_assert!(result.interface(&at).is_none(), "{} is still there", at);
        }
        for cable in wanted.cables.difference(&known.cables) {
            prop_assert!(result.cables.contains(cable), "{:?} is missing", cable);
        }
        for name in known.namespaces.keys().filter(|name| !wanted.namespaces.contains_key(*name)) {
            prop_assert!(!result.namespaces.contains_key(name), "{} is still there", name);
        }
    }

    #[test]
    fn what_was_typed_stays_where_nobody_drew(
        known in sample::lab(), wanted in sample::lab(), observed in sample::lab(),
    ) {
        let [known, wanted, observed] = [known, wanted, observed].map(|lab| lab.bare());
        let result = reconcile(&wanted, &known, &observed).bare();
        let is_drawn_away = |name: &crate::NamespaceName| {
            known.namespaces.contains_key(name) && !wanted.namespaces.contains_key(name)
        };
        for (name, _) in observed.namespaces.iter().filter(|(name, _)| !is_drawn_away(name)) {
            prop_assert!(result.namespaces.contains_key(name), "{} is gone", name);
        }
        for (at, found) in observed.interfaces().filter(|(at, _)| !is_drawn_away(&at.namespace)) {
            let is_unknown = known.interface(&at).is_none() && wanted.interface(&at).is_none();
            if is_unknown && found.kind != InterfaceKind::VethEnd {
                prop_assert!(result.interface(&at).is_some(), "{} is gone", at);
            }
        }
    }

    #[test]
    fn asked_again_it_is_done_already(
        known in sample::lab(), wanted in sample::lab(), observed in sample::lab(),
    ) {
        let result = reconcile(&wanted, &known, &observed.bare()).bare();
        prop_assert_eq!(reconcile(&wanted, &known, &result).bare(), result);
    }
}

/// Two rooms on a cable each to a switch on the host.
fn known() -> Lab {
    let mut lab = Lab::default();
    let bridge = Interface::new(InterfaceKind::Bridge(Default::default()));
    lab.namespaces.entry(namespace("host")).or_default().interfaces.insert(interface("br0"), bridge);
    for room in ["red", "blue"] {
        cable(&mut lab, &format!("{room}/eth0"), &format!("host/v-{room}"));
        lab.interface_mut(&place(&format!("host/v-{room}"))).expect("just made").bridge =
            Some(interface("br0"));
    }
    lab.settled()
}

fn cable(lab: &mut Lab, one: &str, other: &str) {
    for end in [one, other].map(place) {
        let room = lab.namespaces.entry(end.namespace).or_default();
        room.interfaces.insert(end.interface, Interface::new(InterfaceKind::VethEnd));
    }
    lab.cables.insert(Cable::new(place(one), place(other)));
}

fn changed(change: impl FnOnce(&mut Lab)) -> Lab {
    let mut lab = known();
    change(&mut lab);
    lab
}

fn address(lab: &mut Lab, at: &str, address: &str) {
    lab.interface_mut(&place(at)).expect("it is there").addresses.insert(net(address));
}

/// As the kernel takes a namespace away: with its cables and their other ends.
fn take_away(lab: &mut Lab, room: &str) {
    let name = namespace(room);
    let torn: Vec<Cable> = lab
        .cables
        .iter()
        .filter(|cable| cable.ends().iter().any(|end| end.namespace == name))
        .cloned()
        .collect();
    for cable in torn {
        lab.cables.remove(&cable);
        for end in cable.ends() {
            let room = lab.namespaces.get_mut(&end.namespace).expect("it has its end");
            room.interfaces.remove(&end.interface);
        }
    }
    lab.namespaces.remove(&name);
}

#[track_caller]
fn check(wanted: &Lab, observed: &Lab, expected: &Lab) {
    let result = reconcile(wanted, &known(), &observed.explicit());
    assert_eq!(result.bare(), expected.bare());
}

#[test]
fn both_speak_of_one_interface() {
    let wanted = changed(|lab| {
        address(lab, "red/eth0", "10.0.0.1/24");
        lab.interface_mut(&place("red/eth0")).expect("it").mtu = Some(1400);
    });
    let observed = changed(|lab| {
        address(lab, "red/eth0", "10.0.0.7/24");
        let found = lab.interface_mut(&place("red/eth0")).expect("it");
        (found.mtu, found.mac) = (Some(1300), Some(crate::MacAddress([2, 0, 0, 0, 0, 9])));
    });
    let expected = changed(|lab| {
        address(lab, "red/eth0", "10.0.0.1/24");
        address(lab, "red/eth0", "10.0.0.7/24");
        let found = lab.interface_mut(&place("red/eth0")).expect("it");
        (found.mtu, found.mac) = (Some(1400), Some(crate::MacAddress([2, 0, 0, 0, 0, 9])));
    });
    check(&wanted, &observed, &expected);
}

#[test]
fn one_ipv6_address_with_two_lengths_is_the_drawn_one() {
    let wanted = changed(|lab| address(lab, "red/eth0", "2001:db8::1/64"));
    let observed = changed(|lab| address(lab, "red/eth0", "2001:db8::1/48"));
    check(&wanted, &observed, &wanted);
}

#[test]
fn a_room_that_was_typed_away_goes_though_something_else_was_drawn() {
    let drawn = |lab: &mut Lab| address(lab, "blue/eth0", "10.0.0.2/24");
    let expected = changed(|lab| {
        drawn(lab);
        take_away(lab, "red");
    });
    check(&changed(drawn), &changed(|lab| take_away(lab, "red")), &expected);
}

#[test]
fn what_was_drawn_on_comes_back_with_its_room_and_its_cable() {
    let wanted = changed(|lab| address(lab, "red/eth0", "10.0.0.1/24"));
    check(&wanted, &changed(|lab| take_away(lab, "red")), &wanted);
    // A second cable from there asks for the room, and not for the first cable.
    let wanted = changed(|lab| cable(lab, "red/eth1", "blue/eth1"));
    let expected = changed(|lab| {
        take_away(lab, "red");
        cable(lab, "red/eth1", "blue/eth1");
    });
    check(&wanted, &changed(|lab| take_away(lab, "red")), &expected);
}

#[test]
fn the_switch_that_something_was_plugged_into_comes_back() {
    let plug = |lab: &mut Lab| {
        cable(lab, "red/eth1", "host/v2");
        lab.interface_mut(&place("host/v2")).expect("just made").bridge = Some(interface("br0"));
    };
    let unplug = |lab: &mut Lab| {
        lab.namespaces.get_mut(&namespace("host")).expect("it").interfaces.remove(&interface("br0"));
        for port in ["host/v-red", "host/v-blue"] {
            lab.interface_mut(&place(port)).expect("it").bridge = None;
        }
    };
    let expected = changed(|lab| {
        plug(lab);
        for port in ["host/v-red", "host/v-blue"] {
            lab.interface_mut(&place(port)).expect("it").bridge = None;
        }
    });
    check(&changed(plug), &changed(unplug), &expected);
}

#[test]
fn a_process_that_ended_is_not_waited_for() {
    let mut before = known();
    cable(&mut before, "pid 7/eth0", "host/v7");
    let before = before.settled();
    let mut wanted = before.clone();
    address(&mut wanted, "pid 7/eth0", "10.0.0.7/24");
    wanted.namespaces.insert(namespace("green"), Namespace::default());
    let result = reconcile(&wanted, &before, &known());
    let expected = changed(|lab| drop(lab.namespaces.insert(namespace("green"), Namespace::default())));
    assert_eq!(result.bare(), expected.bare());
}

#[test]
fn loose_ends_and_others_stay_and_can_be_drawn_away() {
    let odd = |lab: &mut Lab| {
        let host = &mut lab.namespaces.get_mut(&namespace("host")).expect("it").interfaces;
        host.insert(
            interface("loose"),
            Interface { mtu: Some(1500), ..Interface::new(InterfaceKind::VethEnd) },
        );
        host.insert(interface("vx0"), Interface::new(InterfaceKind::Other(OtherKind::Vxlan)));
    };
    let odd_places: [Place; 2] = [place("host/loose"), place("host/vx0")];
    let observed = changed(odd).explicit();
    let drawn = |lab: &mut Lab| address(lab, "blue/eth0", "10.0.0.2/24");
    let result = reconcile(&changed(drawn), &known(), &observed);
    assert!(odd_places.iter().all(|at| result.interface(at).is_some()));
    let steps = plan(&observed, &result).steps;
    assert!(matches!(steps[..], [crate::Step::AddAddress { .. }]), "{steps:?}");
    let result = reconcile(&changed(drawn), &observed, &observed);
    assert!(odd_places.iter().all(|at| result.interface(at).is_none()));
}

#[test]
fn a_cable_to_an_end_that_was_drawn_on_elsewhere_is_not_there() {
    let recable = |to: &'static str| {
        move |lab: &mut Lab| {
            take_away(lab, "red");
            cable(lab, "red/eth0", to);
        }
    };
    let wanted = changed(recable("blue/eth1"));
    check(&wanted, &changed(recable("host/other")), &wanted);
}

#[test]
fn an_end_goes_back_to_its_drawn_cable_where_its_typed_one_cannot_be() {
    let mut known = Lab::default();
    cable(&mut known, "host/b", "host/veth-blue");
    let mut wanted = known.clone();
    wanted.interface_mut(&place("host/veth-blue")).expect("just made").mtu = Some(1400);
    let dummy = Interface::new(InterfaceKind::Other(OtherKind::Dummy));
    wanted.namespaces.entry(namespace("host")).or_default().interfaces.insert(interface("a"), dummy);
    let mut observed = Lab::default();
    cable(&mut observed, "host/a", "host/veth-blue");
    let result = reconcile(&wanted.settled(), &known.settled(), &observed.settled());
    assert_eq!(result.cables, wanted.cables);
    assert!(result.interface(&place("host/b")).is_some());
}
