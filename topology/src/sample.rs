//! Labs and steps for tests: random ones, and one of every kind.

mod steps;

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;
use proptest::{collection, option, prelude::*, sample};

use crate::{
    BridgeSettings, Cable, FilterRule, Firewall, Hook, Interface, InterfaceKind, InterfaceName, Lab,
    MacAddress, Namespace, NamespaceName, Neighbour, OtherKind, Place, PortVlan, Position, Protocol, Route,
    Sysctls, Verdict,
};

pub(crate) use steps::{KINDS_OF_STEPS, kind_of, one_of_each, rich};

const NAMESPACES: [&str; 4] = ["host", "red", "blue", "r&d"];
const ENDS: [&str; 6] = ["a", "b", "c", "veth-red", "veth-blue", "p*"];
const BRIDGES: [&str; 2] = ["br0", "br1"];
const OTHERS: [&str; 2] = ["a", "vx0"];
const OTHER_KINDS: [OtherKind; 3] = [OtherKind::Dummy, OtherKind::Vxlan, OtherKind::Tun];

pub(crate) fn namespace(text: &str) -> NamespaceName {
    text.parse().expect("a fit name for a namespace")
}

pub(crate) fn interface(text: &str) -> InterfaceName {
    text.parse().expect("a fit name for an interface")
}

pub(crate) fn place(text: &str) -> Place {
    text.parse().expect("namespace/interface")
}

pub(crate) fn net(text: &str) -> IpNet {
    text.parse().expect("an address with its prefix length")
}

/// Labs as people draw them, half of them with mistakes: addresses that fall, routes to nowhere,
/// cables without ends.
pub(crate) fn lab() -> impl Strategy<Value = Lab> {
    let namespaces = collection::btree_map(sample::select(&NAMESPACES[..]), any_namespace(), 1..=4);
    let end = || (sample::select(&NAMESPACES[..]), sample::select(&ENDS[..]));
    let cables = collection::vec((end(), end()), 0..=5);
    (namespaces, cables).prop_map(|(namespaces, cables)| {
        let namespaces = namespaces.into_iter().map(|(name, found)| (namespace(name), found)).collect();
        let place = |(space, end): (&str, &str)| Place::new(namespace(space), interface(end));
        let cables = cables.into_iter().map(|(one, other)| Cable::new(place(one), place(other))).collect();
        Lab { title: "Random".into(), namespaces, cables, ..Lab::default() }
    })
}

/// Labs whose bridges all follow their ports' MTU.
pub(crate) fn lab_without_bridge_mtus() -> impl Strategy<Value = Lab> {
    lab().prop_map(|mut lab| {
        for namespace in lab.namespaces.values_mut() {
            let bridges = namespace.interfaces.values_mut().filter(|found| found.bridge_settings().is_some());
            bridges.for_each(|found| found.mtu = None);
        }
        lab
    })
}

fn any_namespace() -> impl Strategy<Value = Namespace> {
    let ends =
        collection::btree_map(sample::select(&ENDS[..]), any_interface(Just(InterfaceKind::VethEnd)), 0..=6);
    let bridges = collection::btree_map(
        sample::select(&BRIDGES[..]),
        any_interface(any_settings().prop_map(InterfaceKind::Bridge)),
        0..=2,
    );
    let others = collection::btree_map(
        sample::select(&OTHERS[..]),
        any_interface(sample::select(&OTHER_KINDS[..]).prop_map(InterfaceKind::Other)),
        0..=2,
    );
    let loopback = option::of(any_interface(Just(InterfaceKind::Loopback)));
    let routes = collection::btree_set(any_route(), 0..=4);
    (option::of(any_position()), any_sysctls(), ends, (bridges, others), loopback, routes, any_firewall())
        .prop_map(|(position, sysctls, ends, (bridges, others), loopback, routes, firewall)| {
            let named =
                ends.into_iter().chain(bridges).chain(others).map(|(name, found)| (interface(name), found));
            let loopback = loopback.map(|found| (InterfaceName::loopback(), found));
            let interfaces: BTreeMap<_, _> = named.chain(loopback).collect();
            Namespace { position, sysctls, interfaces, routes, firewall }
        })
}

fn any_interface(kind: impl Strategy<Value = InterfaceKind>) -> impl Strategy<Value = Interface> {
    let link = (
        kind,
        option::weighted(0.2, any_mac()),
        option::weighted(0.2, sample::select(vec![9u32, 1000, 1400, 9000])),
        prop::bool::weighted(0.8),
        option::weighted(0.6, sample::select(&BRIDGES[..])),
        collection::btree_set(any_vlan(), 0..=3),
    );
    let network = (
        collection::btree_set(any_address(), 0..=3),
        collection::btree_set(any_neighbour(), 0..=2),
        option::weighted(0.3, any_position()),
    );
    (link, network).prop_map(|((kind, mac, mtu, up, bridge, vlans), (addresses, neighbours, position))| {
        let bridge = bridge.map(interface);
        Interface { kind, mac, mtu, up, bridge, vlans, addresses, neighbours, position }
    })
}

fn any_mac() -> impl Strategy<Value = MacAddress> {
    sample::select(vec![[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2], [0xff; 6]]).prop_map(MacAddress)
}

fn any_position() -> impl Strategy<Value = Position> {
    (0..3i32, 0..3i32).prop_map(|(x, y)| Position { x, y })
}

fn any_settings() -> impl Strategy<Value = BridgeSettings> {
    let times = (sample::select(vec![0u32, 2, 15, 31]), sample::select(vec![0u32, 300, u32::MAX]));
    (any::<bool>(), times, sample::select(vec![0u16, 0x8000]), any::<bool>()).prop_map(
        |(stp, (forward_delay, ageing), priority, vlan_filtering)| BridgeSettings {
            stp,
            forward_delay,
            ageing,
            priority,
            vlan_filtering,
        },
    )
}

fn any_vlan() -> impl Strategy<Value = PortVlan> {
    let id = sample::select(vec![0u16, 1, 10, 20]);
    (id, any::<bool>(), any::<bool>()).prop_map(|(id, pvid, untagged)| PortVlan { id, pvid, untagged })
}

fn any_address() -> impl Strategy<Value = IpNet> {
    let texts = [
        "10.0.0.1/24",
        "10.0.0.2/24",
        "10.0.0.1/16",
        "10.0.1.1/24",
        "10.0.1.9/32",
        "127.0.0.1/8",
        "224.0.0.1/4",
        "2001:db8::1/64",
        "2001:db8::1/48",
        "2001:db8:1::1/64",
        "fe80::5/64",
        "::1/128",
    ];
    sample::select(texts.map(net).to_vec())
}

fn any_neighbour() -> impl Strategy<Value = Neighbour> {
    let address = sample::select(vec!["10.0.0.7", "10.0.1.7", "2001:db8::7", "0.0.0.0"]);
    (address, any_mac())
        .prop_map(|(address, mac)| Neighbour { address: address.parse().expect("an address"), mac })
}

fn any_route() -> impl Strategy<Value = Route> {
    let to = sample::select(vec![
        "0.0.0.0/0",
        "10.0.0.0/24",
        "10.7.0.0/16",
        "10.8.0.0/16",
        "10.8.0.3/16",
        "::/0",
        "2001:db8:7::/48",
    ]);
    let via = sample::select(vec![
        "10.0.0.1",
        "10.0.0.254",
        "10.0.0.255",
        "10.0.1.254",
        "10.7.0.1",
        "2001:db8::fe",
        "2001:db8:7::1",
        "fe80::9",
    ]);
    let dev = sample::select([ENDS.as_slice(), &BRIDGES, &["lo"]].concat());
    (to, option::weighted(0.7, via), option::weighted(0.6, dev)).prop_map(|(to, via, dev)| Route {
        to: net(to),
        via: via.map(|via| via.parse().expect("an address")),
        dev: dev.map(interface),
    })
}

fn any_sysctls() -> impl Strategy<Value = Sysctls> {
    let switch = || option::weighted(0.3, any::<bool>());
    (switch(), switch(), option::weighted(0.3, 0..5u8), switch()).prop_map(
        |(ipv4_forward, ipv6_forward, rp_filter, disable_ipv6)| Sysctls {
            ipv4_forward,
            ipv6_forward,
            rp_filter,
            disable_ipv6,
        },
    )
}

fn any_firewall() -> impl Strategy<Value = Firewall> {
    let masquerade = collection::btree_set(sample::select(&ENDS[..]), 0..=1);
    let rules = collection::vec(any_rule(), 0..=2);
    let some = (masquerade, rules).prop_map(|(masquerade, rules)| Firewall {
        masquerade: masquerade.into_iter().map(interface).collect::<BTreeSet<_>>(),
        rules,
    });
    prop_oneof![3 => Just(Firewall::default()), 1 => some]
}

pub(crate) fn any_rule() -> impl Strategy<Value = FilterRule> {
    let hook = sample::select(vec![Hook::Input, Hook::Output, Hook::Forward]);
    let protocols = vec![Protocol::Icmp, Protocol::Icmpv6, Protocol::Tcp, Protocol::Udp];
    let name = || option::weighted(0.3, sample::select(&ENDS[..]));
    let match_on =
        (option::of(sample::select(protocols)), option::of(any_address()), option::of(any_address()));
    let verdict = sample::select(vec![Verdict::Accept, Verdict::Drop, Verdict::Reject]);
    (hook, match_on, name(), name(), option::weighted(0.3, 1..1000u16), verdict).prop_map(
        |(hook, (protocol, from, to), enters, leaves, port, verdict)| FilterRule {
            hook,
            protocol,
            from,
            to,
            in_interface: enters.map(interface),
            out_interface: leaves.map(interface),
            port,
            verdict,
        },
    )
}
