//! For any lab and any text: what is written is read again, and nothing panics.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use ipnet::IpNet;
use proptest::{collection, option, prelude::*, sample};

use super::*;
use crate::{
    BridgeSettings, Cable, FilterRule, Firewall, Hook, Interface, InterfaceKind, InterfaceName, MacAddress,
    Namespace, NamespaceName, Neighbour, Place, PortVlan, Position, Protocol, Route, Sysctls, Target,
    Verdict,
};

const ROOMS: [&str; 6] = ["host", "red", "blue", "a.b", "ünï", "ns-1_x"];

fn room() -> impl Strategy<Value = NamespaceName> {
    sample::select(&ROOMS[..]).prop_map(|name| name.parse().expect("a sample's name"))
}

fn interface_name() -> impl Strategy<Value = InterfaceName> {
    "[a-z][a-z0-9_.-]{0,6}|#é{1,3}|[0-9]{1,5}"
        .prop_map(|name| name.parse::<InterfaceName>().expect("a fit name"))
        .prop_filter("the loopback comes by itself", |name| !name.is_loopback())
}

fn network() -> impl Strategy<Value = IpNet> {
    (any::<IpAddr>(), 0..=128_u8).prop_map(|(address, prefix)| {
        let longest = if address.is_ipv4() { 32 } else { 128 };
        IpNet::new(address, prefix % (longest + 1)).expect("a prefix within its limit")
    })
}

fn mac() -> impl Strategy<Value = MacAddress> {
    any::<[u8; 6]>().prop_map(MacAddress)
}

fn position() -> impl Strategy<Value = Option<Position>> {
    option::of(any::<(i32, i32)>().prop_map(|(x, y)| Position { x, y }))
}

/// Addresses, neighbours and the like; what kind it is and what it is plugged into comes later.
fn interface() -> impl Strategy<Value = Interface> {
    let neighbour = (any::<IpAddr>(), mac()).prop_map(|(address, mac)| Neighbour { address, mac });
    let vlan = any::<(u16, bool, bool)>().prop_map(|(id, pvid, untagged)| PortVlan { id, pvid, untagged });
    (
        option::of(mac()),
        option::of(any::<u32>()),
        any::<bool>(),
        collection::btree_set(network(), 0..4),
        collection::btree_set(neighbour, 0..3),
        collection::btree_set(vlan, 0..3),
    )
        .prop_map(|(mac, mtu, up, addresses, neighbours, vlans)| Interface {
            mac,
            mtu,
            up,
            addresses,
            neighbours,
            vlans,
            ..Interface::new(InterfaceKind::VethEnd)
        })
}

fn bridge() -> impl Strategy<Value = Interface> {
    let settings = any::<(bool, u32, u32, u16, bool)>();
    (interface(), settings, any::<bool>(), position()).prop_map(|(interface, settings, usual, position)| {
        let (stp, forward_delay, ageing, priority, vlan_filtering) = settings;
        let settings = BridgeSettings { stp, forward_delay, ageing, priority, vlan_filtering };
        let kind = InterfaceKind::Bridge(if usual { BridgeSettings::default() } else { settings });
        Interface { kind, position, ..interface }
    })
}

fn route() -> impl Strategy<Value = Route> {
    let way = prop_oneof![
        any::<IpAddr>().prop_map(|via| (Some(via), None)),
        interface_name().prop_map(|dev| (None, Some(dev))),
        (any::<IpAddr>(), interface_name()).prop_map(|(via, dev)| (Some(via), Some(dev))),
    ];
    let default = sample::select(&["0.0.0.0/0", "::/0"][..]).prop_map(|net| net.parse().expect("a network"));
    (prop_oneof![network(), default], way).prop_map(|(to, (via, dev))| Route { to, via, dev })
}

fn firewall() -> impl Strategy<Value = Firewall> {
    let hook = sample::select(&[Hook::Input, Hook::Output, Hook::Forward][..]);
    let protocol = sample::select(&[Protocol::Icmp, Protocol::Icmpv6, Protocol::Tcp, Protocol::Udp][..]);
    let verdict = sample::select(&[Verdict::Accept, Verdict::Drop, Verdict::Reject][..]);
    let ends = (option::of(network()), option::of(network()));
    let interfaces = (option::of(interface_name()), option::of(interface_name()));
    let rule = (hook, option::of(protocol), ends, interfaces, option::of(any::<u16>()), verdict).prop_map(
        |(hook, protocol, (from, to), (in_interface, out_interface), port, verdict)| FilterRule {
            hook,
            protocol,
            from,
            to,
            in_interface,
            out_interface,
            port,
            verdict,
        },
    );
    (collection::btree_set(interface_name(), 0..3), collection::vec(rule, 0..4))
        .prop_map(|(masquerade, rules)| Firewall { masquerade, rules })
}

fn namespace() -> impl Strategy<Value = Namespace> {
    let sysctls = (any::<[Option<bool>; 3]>(), option::of(0..=2_u8)).prop_map(
        |([ipv4_forward, ipv6_forward, disable_ipv6], rp_filter)| Sysctls {
            ipv4_forward,
            ipv6_forward,
            rp_filter,
            disable_ipv6,
        },
    );
    let bridges = collection::btree_map(interface_name(), bridge(), 0..3);
    let routes = collection::btree_set(route(), 0..4);
    (position(), sysctls, bridges, option::of(interface()), routes, firewall()).prop_map(
        |(position, sysctls, bridges, loopback, routes, firewall)| {
            let loopback = loopback.map(|found| Interface { kind: InterfaceKind::Loopback, ..found });
            let loopback = loopback.map(|found| (InterfaceName::loopback(), found));
            let interfaces: BTreeMap<_, _> = bridges.into_iter().chain(loopback).collect();
            Namespace { position, sysctls, interfaces, routes, firewall }
        },
    )
}

fn ping() -> impl Strategy<Value = (NamespaceName, Target)> {
    let target = prop_oneof![room().prop_map(Target::Namespace), any::<IpAddr>().prop_map(Target::Address)];
    (room(), target)
}

type Joint = [(NamespaceName, InterfaceName, Interface, Option<sample::Index>); 2];

/// Plugs a cable in where names are free; an end becomes a port if a number says of which bridge.
fn plug(lab: &mut Lab, joint: Joint) {
    let places = joint.each_ref().map(|(room, name, ..)| Place::new(room.clone(), name.clone()));
    if places[0] == places[1] || places.iter().any(|at| lab.interface(at).is_some()) {
        return;
    }
    for (room, name, end, port) in joint {
        let interfaces = &mut lab.namespaces.entry(room).or_default().interfaces;
        let is_bridge = |(_, found): &(&InterfaceName, &Interface)| found.bridge_settings().is_some();
        let bridges: Vec<InterfaceName> =
            interfaces.iter().filter(is_bridge).map(|(name, _)| name.clone()).collect();
        let bridge = port.filter(|_| !bridges.is_empty()).map(|port| port.get(&bridges).clone());
        interfaces.insert(name, Interface { bridge, ..end });
    }
    let [one, other] = places;
    lab.cables.insert(Cable::new(one, other));
}

fn lab() -> impl Strategy<Value = Lab> {
    let end = || (room(), interface_name(), interface(), option::of(any::<sample::Index>()));
    (
        any::<[String; 3]>(),
        collection::vec(ping(), 0..4),
        collection::btree_map(room(), namespace(), 0..5),
        collection::vec([end(), end()], 0..5),
    )
        .prop_map(|([title, about, try_this], pings, namespaces, joints)| {
            let mut lab = Lab { title, about, try_this, pings, namespaces, cables: BTreeSet::new() };
            joints.into_iter().for_each(|joint| plug(&mut lab, joint));
            lab
        })
}

/// A ready lab's file with a few places cut out, doubled or written over.
fn damaged() -> impl Strategy<Value = String> {
    let bite = (any::<sample::Index>(), 0..40_usize, "[\\[\\]{}=\"',.#\n 0-9a-z/:-]{0,6}");
    (sample::select(ready::LABS), collection::vec(bite, 1..6)).prop_map(|(ready, bites)| {
        let mut text: Vec<char> = ready.text.chars().collect();
        for (start, length, filling) in bites {
            let start = start.index(text.len().max(1)).min(text.len());
            let end = (start + length).min(text.len());
            text.splice(start..end, filling.chars());
        }
        text.into_iter().collect()
    })
}

/// Whatever the text is: no panic, and an error is at a place that the text has.
fn survives(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(lab) => {
            crate::check::check(&lab, &[]);
            prop_assert_eq!(parse(&write(&lab)), Ok(lab.clone()));
            prop_assert_eq!(parse(&rewrite(text, &lab)), Ok(lab));
        }
        Err(error) => {
            let line = text.split('\n').nth(error.line - 1);
            prop_assert!(line.is_some_and(|line| error.column <= line.chars().count() + 1), "{}", error);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(lab in lab()) {
        let text = write(&lab);
        let again = parse(&text);
        prop_assert_eq!(again.as_ref(), Ok(&lab), "{}", text);
        prop_assert_eq!(rewrite(&text, &lab), text);
    }

    #[test]
    fn checks_survive_any_lab(lab in lab(), machine in collection::vec(network(), 0..3)) {
        crate::check::check(&lab, &machine);
    }

    #[test]
    fn any_text_survives(text in any::<String>()) {
        survives(&text)?;
        survives(&format!("hopscope = 1\n{text}"))?;
    }

    #[test]
    fn a_damaged_file_survives(text in damaged()) {
        survives(&text)?;
    }
}

proptest! {
    // Each case writes two labs and reads three.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn one_lab_over_another_gives_that_lab(old in lab(), new in lab()) {
        prop_assert_eq!(parse(&rewrite(&write(&old), &new)), Ok(new));
    }
}

#[test]
fn long_and_deep_texts_end_in_an_error() {
    let half = 1 << 19;
    let texts = [
        "a.".repeat(half),
        format!("[{}]", "a.".repeat(half)),
        format!("a = {}", "[".repeat(half)),
        format!("a = {}", "{a=".repeat(half)),
        "[[cables]]\n".repeat(half / 10),
    ];
    for text in texts {
        assert!(parse(&text).is_err(), "{}…", &text[..20]);
    }
}
