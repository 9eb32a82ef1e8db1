//! One thing of three labs: as it is wanted, was known, and is.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use ipnet::IpNet;

use crate::{
    BridgeSettings, Firewall, Interface, InterfaceKind, Namespace, Neighbour, Route, Sysctl, Sysctls,
};

/// What stands there in the end, if anything does.
pub(super) fn interface([wanted, known, is]: [Option<&Interface>; 3]) -> Option<Interface> {
    match (wanted, known, is) {
        (None, Some(_), _) => None,
        (None, None, is) => is.cloned(),
        (Some(wanted), None, None) => Some(wanted.clone()),
        (Some(wanted), Some(known), None) => (wanted != known && can_be_made(wanted)).then(|| wanted.clone()),
        (Some(wanted), Some(known), Some(is)) if is_same_kind(known, is) && is_same_kind(known, wanted) => {
            Some(settings(wanted, known, is))
        }
        // Another thing has come under the same name.
        (Some(wanted), Some(known), Some(is)) if wanted == known => Some(is.clone()),
        (Some(wanted), _, Some(is)) if is_same_kind(wanted, is) => {
            let nothing = Interface { addresses: BTreeSet::new(), neighbours: BTreeSet::new(), ..is.clone() };
            Some(settings(wanted, &nothing, is))
        }
        (Some(wanted), _, Some(_)) => Some(wanted.clone()),
    }
}

/// The stack itself, without its interfaces.
pub(super) fn namespace(
    wanted: Option<&Namespace>,
    known: Option<&Namespace>,
    is: Option<&Namespace>,
) -> Option<Namespace> {
    match (wanted, known, is) {
        (None, Some(_), _) => None,
        (None, None, is) => is.map(without_interfaces),
        (Some(wanted), _, None) => Some(without_interfaces(wanted)),
        // Both have made it: what the drawing says of it holds, and what else was typed there stays.
        (Some(wanted), None, Some(is)) => {
            let nothing = Namespace { routes: BTreeSet::new(), ..is.clone() };
            Some(stack(wanted, &nothing, is))
        }
        (Some(wanted), Some(known), Some(is)) => Some(stack(wanted, known, is)),
    }
}

pub(super) fn without_interfaces(namespace: &Namespace) -> Namespace {
    Namespace { interfaces: BTreeMap::new(), ..namespace.clone() }
}

pub(super) fn is_same_stack(one: &Namespace, other: &Namespace) -> bool {
    without_interfaces(one) == without_interfaces(other)
}

fn stack(wanted: &Namespace, known: &Namespace, is: &Namespace) -> Namespace {
    let mut sysctls = Sysctls::default();
    for sysctl in Sysctl::ALL {
        let [wanted, known, is] = [wanted, known, is].map(|side| side.sysctls.value(sysctl));
        if let Some(value) = of_three(&wanted, &known, &is) {
            sysctls.set_value(sysctl, value);
        }
    }
    // The kernel keeps one route for each destination.
    let routes = [wanted, known, is].map(|side| by_key(&side.routes, |route: &Route| route.to));
    let masquerade = [wanted, known, is].map(|side| by_key(&side.firewall.masquerade, Clone::clone));
    let rules = of_three(&wanted.firewall.rules, &known.firewall.rules, &is.firewall.rules);
    let firewall = Firewall { masquerade: members(masquerade), rules };
    Namespace { sysctls, routes: members(routes), firewall, ..Namespace::default() }
}

fn settings(wanted: &Interface, known: &Interface, is: &Interface) -> Interface {
    let kind = match (wanted.kind, known.kind, is.kind) {
        (InterfaceKind::Bridge(wanted), InterfaceKind::Bridge(known), InterfaceKind::Bridge(is)) => {
            InterfaceKind::Bridge(bridge(wanted, known, is))
        }
        (wanted, known, is) => of_three(&wanted, &known, &is),
    };
    let addresses = [wanted, known, is].map(|side| by_key(&side.addresses, one_address));
    let neighbours = [wanted, known, is].map(|side| by_key(&side.neighbours, |one: &Neighbour| one.address));
    Interface {
        kind,
        mac: of_three(&wanted.mac, &known.mac, &is.mac),
        mtu: of_three(&wanted.mtu, &known.mtu, &is.mtu),
        up: of_three(&wanted.up, &known.up, &is.up),
        bridge: of_three(&wanted.bridge, &known.bridge, &is.bridge),
        vlans: of_three(&wanted.vlans, &known.vlans, &is.vlans),
        addresses: members(addresses),
        neighbours: members(neighbours),
        position: None,
    }
}

fn bridge(wanted: BridgeSettings, known: BridgeSettings, is: BridgeSettings) -> BridgeSettings {
    BridgeSettings {
        stp: of_three(&wanted.stp, &known.stp, &is.stp),
        forward_delay: of_three(&wanted.forward_delay, &known.forward_delay, &is.forward_delay),
        ageing: of_three(&wanted.ageing, &known.ageing, &is.ageing),
        priority: of_three(&wanted.priority, &known.priority, &is.priority),
        vlan_filtering: of_three(&wanted.vlan_filtering, &known.vlan_filtering, &is.vlan_filtering),
    }
}

fn of_three<T: PartialEq + Clone>(wanted: &T, known: &T, is: &T) -> T {
    if wanted == known { is.clone() } else { wanted.clone() }
}

/// An interface has an IPv6 address once, and an IPv4 address once with each length of prefix.
fn one_address(address: &IpNet) -> (IpAddr, u8) {
    (address.addr(), if address.addr().is_ipv4() { address.prefix_len() } else { 0 })
}

fn by_key<T: Clone, K: Ord>(members: &BTreeSet<T>, key: impl Fn(&T) -> K) -> BTreeMap<K, T> {
    members.iter().map(|member| (key(member), member.clone())).collect()
}

fn members<K: Ord, T: PartialEq + Clone + Ord>([wanted, known, is]: [BTreeMap<K, T>; 3]) -> BTreeSet<T> {
    let keys: BTreeSet<&K> = wanted.keys().chain(is.keys()).collect();
    let one = |key: &K| of_three(&wanted.get(key), &known.get(key), &is.get(key)).cloned();
    keys.into_iter().filter_map(one).collect()
}

fn is_same_kind(one: &Interface, other: &Interface) -> bool {
    match (one.kind, other.kind) {
        (InterfaceKind::Bridge(_), InterfaceKind::Bridge(_)) => true,
        (one, other) => one == other,
    }
}

/// Others need to be told more than a lab knows.
fn can_be_made(found: &Interface) -> bool {
    !matches!(found.kind, InterfaceKind::Other(kind) if !kind.can_be_made())
}
