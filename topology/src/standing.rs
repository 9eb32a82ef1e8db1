//! What the kernel can hold: addresses, neighbours and routes all lean on an interface, and fall
//! when it goes down or loses what they need (seen on Linux 6.18; the kernel does so silently).

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::IpNet;

use crate::{Interface, InterfaceKind, InterfaceName, MacAddress, Namespace, Neighbour, Route};

/// The smallest MTU that IPv6 works over (RFC 8200, 5).
pub(crate) const LEAST_IPV6_MTU: u32 = 1280;
/// Octets that a veth end or a bridge starts with.
pub(crate) const ETHERNET_MTU: u32 = 1500;

/// Drops everything that cannot stand in `namespace`.
pub(crate) fn keep_what_stands(namespace: &mut Namespace) {
    let ipv6 = speaks_ipv6(namespace);
    for interface in namespace.interfaces.values_mut() {
        let mut kept = std::mem::take(&mut interface.addresses);
        kept.retain(|wanted| {
            let stands = address(interface, ipv6, *wanted).is_ok();
            stands && interface.addresses.insert(*wanted)
        });
        let mut kept = std::mem::take(&mut interface.neighbours);
        kept.retain(|wanted| {
            let stands = neighbour(interface, ipv6, wanted).is_ok();
            stands && interface.neighbours.insert(*wanted)
        });
    }
    // Gateways may be reached through a route that names only its interface, so those come first.
    let (to_link, to_gateway): (Vec<_>, Vec<_>) =
        std::mem::take(&mut namespace.routes).into_iter().partition(|wanted| wanted.via.is_none());
    for wanted in to_link.into_iter().chain(to_gateway) {
        if route(namespace, &wanted).is_ok() && !has_route_to(namespace, wanted.to) {
            namespace.routes.insert(wanted);
        }
    }
}

/// `None` counts as on, which is how the kernel starts.
pub(crate) fn speaks_ipv6(namespace: &Namespace) -> bool {
    namespace.sysctls.disable_ipv6 != Some(true)
}

/// The kernel keeps one route for each destination (all of ours have the same metric).
pub(crate) fn has_route_to(namespace: &Namespace, to: IpNet) -> bool {
    namespace.routes.iter().any(|other| other.to == to)
}

/// Whether `wanted` could be given to the interface, next to the addresses it has.
pub(crate) fn address(interface: &Interface, ipv6: bool, wanted: IpNet) -> Result<(), String> {
    let addr = wanted.addr();
    let never = addr.is_multicast() || addr.is_unspecified() || addr == IpAddr::V4(Ipv4Addr::BROADCAST);
    let misplaced = addr == IpAddr::V6(Ipv6Addr::LOCALHOST) && interface.kind != InterfaceKind::Loopback;
    if never || misplaced || wanted.prefix_len() == 0 {
        return Err(format!("{wanted} cannot be an interface's address"));
    }
    if is_the_kernels_own(interface, wanted) {
        return Err(format!("the kernel gives {wanted} by itself"));
    }
    let is_same = |other: &IpNet| *other == wanted || (addr.is_ipv6() && other.addr() == addr);
    if interface.addresses.iter().any(is_same) {
        return Err(format!("{addr} is there already"));
    }
    if addr.is_ipv6() { ipv6_works(interface, ipv6) } else { Ok(()) }
}

/// Whether `wanted` could be set on the interface, next to the neighbours it has.
pub(crate) fn neighbour(interface: &Interface, ipv6: bool, wanted: &Neighbour) -> Result<(), String> {
    let address = wanted.address;
    if address.is_multicast() || address.is_unspecified() || interface.kind == InterfaceKind::Loopback {
        return Err(format!("{address} cannot be a neighbour there"));
    }
    if !interface.up {
        return Err("an interface that is down forgets its neighbours".into());
    }
    if interface.neighbours.iter().any(|other| other.address == address) {
        return Err(format!("the neighbour {address} is known already"));
    }
    if address.is_ipv6() { ipv6_works(interface, ipv6) } else { Ok(()) }
}

/// Whether the interfaces, addresses and link routes of `namespace` carry `route`.
pub(crate) fn route(namespace: &Namespace, route: &Route) -> Result<(), String> {
    let to = route.to;
    let dev = route.dev.as_ref().ok_or_else(|| format!("the route to {to} names no interface"))?;
    let interface = namespace
        .interfaces
        .get(dev)
        .ok_or_else(|| format!("the route to {to} needs {dev}, which is missing"))?;
    if !interface.up {
        return Err(format!("the route to {to} needs {dev}, which is down"));
    }
    if to != to.trunc() {
        return Err(format!("{to} has host bits set; a route goes to {}", to.trunc()));
    }
    if to.addr().is_ipv6() {
        ipv6_works(interface, speaks_ipv6(namespace))?;
    } else if connected(namespace).any(|(_, subnet)| subnet == to) {
        return Err(format!("the kernel has a route to {to} already, from an interface's own address"));
    }
    match route.via {
        Some(via) if via.is_ipv4() != to.addr().is_ipv4() => {
            Err(format!("the gateway {via} is of another family than {to}"))
        }
        Some(via) if !reaches(namespace, dev, interface, via) => {
            Err(format!("the gateway {via} is not on {dev}'s own network"))
        }
        _ => Ok(()),
    }
}

/// The interface that a gateway is reached through: the longest prefix, then the first name.
pub(crate) fn interface_towards(namespace: &Namespace, via: IpAddr) -> Option<&InterfaceName> {
    let links = namespace.routes.iter().filter(|route| route.via.is_none());
    let links = links.filter_map(|route| Some((route.dev.as_ref()?, route.to)));
    let links = links.filter(|(dev, _)| namespace.interfaces.get(*dev).is_some_and(|found| found.up));
    let fitting = connected(namespace).chain(links).filter(|(_, subnet)| subnet.contains(&via));
    let best = fitting.min_by_key(|(name, subnet)| (u8::MAX - subnet.prefix_len(), *name));
    best.map(|(name, _)| name)
}

/// Whether a gateway is on the very network that `dev` is on, and somebody else.
pub(crate) fn reaches(
    namespace: &Namespace,
    dev: &InterfaceName,
    interface: &Interface,
    via: IpAddr,
) -> bool {
    let owned = |found: &Interface| found.addresses.iter().any(|address| address.addr() == via);
    let never = via.is_multicast() || via.is_unspecified() || interface.kind == InterfaceKind::Loopback;
    if never || namespace.interfaces.values().any(owned) {
        return false;
    }
    let is_link_local = matches!(via, IpAddr::V6(via) if via.is_unicast_link_local());
    let is_link_route =
        |route: &Route| route.via.is_none() && route.dev.as_ref() == Some(dev) && route.to.contains(&via);
    is_link_local
        || interface.addresses.iter().filter_map(subnet).any(|subnet| {
            let is_broadcast = via.is_ipv4() && subnet.prefix_len() < 31 && subnet.broadcast() == via;
            subnet.contains(&via) && !is_broadcast
        })
        || namespace.routes.iter().any(is_link_route)
}

/// The networks that the kernel makes routes to by itself, since an interface is on them.
pub(crate) fn connected(namespace: &Namespace) -> impl Iterator<Item = (&InterfaceName, IpNet)> {
    let up = namespace.interfaces.iter().filter(|(_, interface)| interface.up);
    up.flat_map(|(name, interface)| {
        interface.addresses.iter().filter_map(move |address| Some((name, subnet(address)?)))
    })
}

/// The network that an address is on; none for a lone IPv4 address and for 0.0.0.0/8.
fn subnet(address: &IpNet) -> Option<IpNet> {
    let subnet = address.trunc();
    match subnet {
        IpNet::V4(v4) if v4.prefix_len() == 32 || v4.addr().octets()[0] == 0 => None,
        _ => Some(subnet),
    }
}

fn ipv6_works(interface: &Interface, ipv6: bool) -> Result<(), String> {
    match interface {
        _ if !ipv6 => Err("IPv6 is switched off there".into()),
        Interface { up: false, .. } => Err("an interface that is down holds no IPv6".into()),
        Interface { mtu: Some(mtu), .. } if *mtu < LEAST_IPV6_MTU => {
            Err(format!("IPv6 needs an MTU of {LEAST_IPV6_MTU} or more"))
        }
        _ => Ok(()),
    }
}

/// 127.0.0.1/8 and ::1 on the loopback, and the link-local address that is made from the MAC.
fn is_the_kernels_own(interface: &Interface, address: IpNet) -> bool {
    if interface.kind == InterfaceKind::Loopback {
        let ipv4_loopback = address.addr() == IpAddr::V4(Ipv4Addr::LOCALHOST);
        return ipv4_loopback || address.addr() == IpAddr::V6(Ipv6Addr::LOCALHOST);
    }
    let own = interface.mac.map(link_local);
    interface.bridge.is_none() && Some(address.addr()) == own
}

/// fe80:: with the modified EUI-64 of the MAC (RFC 4291, appendix A).
fn link_local(mac: MacAddress) -> IpAddr {
    let [a, b, c, d, e, f] = mac.0;
    let pair = |high, low| u16::from_be_bytes([high, low]);
    IpAddr::from([0xfe80, 0, 0, 0, pair(a ^ 2, b), pair(c, 0xff), pair(0xfe, d), pair(e, f)])
}

/// The routes that stop standing: those that do not stand now.
pub(crate) fn fallen(namespace: &Namespace) -> BTreeSet<Route> {
    namespace.routes.iter().filter(|found| route(namespace, found).is_err()).cloned().collect()
}
