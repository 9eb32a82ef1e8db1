//! What is proposed where the person has said nothing: addresses, and whom to ping.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use topology::{InterfaceName, Lab, NamespaceName, Place, Target, Thing, aim::best_address, shape::Shape};

use crate::model::act::Item;

/// More addresses than these are not tried in one subnet.
const MOST_TRIED: usize = 4096;

/// The next free address of the subnet that is in use around this interface; a new subnet where there is none.
/// `None` if it has an address, is a port, or the subnet is full.
pub fn address_for(lab: &Lab, at: &Place) -> Option<IpNet> {
    let interface = lab.interface(at)?;
    if !interface.addresses.is_empty() || interface.bridge.is_some() {
        return None;
    }
    free_address(lab, at)
}

/// The same, whatever addresses it has already.
pub fn free_address(lab: &Lab, at: &Place) -> Option<IpNet> {
    let shape = Shape::of(lab);
    let near = shape.broadcast_domain(at).cloned().unwrap_or_default();
    let in_use = near.iter().filter_map(|place| lab.interface(place)).flat_map(|found| &found.addresses);
    let mut subnets: Vec<IpNet> = in_use.filter(|net| is_for_everybody(net)).map(IpNet::trunc).collect();
    subnets.sort_by_key(|net| !net.addr().is_ipv4());
    if subnets.is_empty() {
        subnets.push(new_subnet(lab));
    }
    subnets.iter().find_map(|subnet| next_free(lab, subnet))
}

/// Whether others can have an address in the same network: no lone one, nothing that every link has for itself.
fn is_for_everybody(net: &IpNet) -> bool {
    let is_lone = net.prefix_len() == net.max_prefix_len();
    let is_links_own = match net.addr() {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    let first = net.network();
    let is_special = first.is_unspecified() || first.is_multicast() || net.addr().is_loopback();
    !is_lone && !is_links_own && !is_special
}

/// The first host address of a subnet that nobody in the lab has, with the subnet's prefix.
fn next_free(lab: &Lab, subnet: &IpNet) -> Option<IpNet> {
    let taken: BTreeSet<IpAddr> =
        lab.interfaces().flat_map(|(_, found)| found.addresses.iter().map(IpNet::addr)).collect();
    let free =
        subnet.hosts().take(MOST_TRIED).find(|address| !taken.contains(address) && !is_anycast(address))?;
    IpNet::new(free, subnet.prefix_len()).ok()
}

/// The subnet-router anycast address (RFC 4291, 2.6.1) is nobody's own.
fn is_anycast(address: &IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.segments()[7] == 0)
}

/// `10.10.N.0/24` that overlaps with nothing in the lab; `fd00:0:0:N::/64` where the lab speaks IPv6 alone.
fn new_subnet(lab: &Lab) -> IpNet {
    let used: Vec<IpNet> = lab
        .interfaces()
        .flat_map(|(_, found)| found.addresses.iter().map(IpNet::trunc))
        .filter(|net| net.prefix_len() != 0)
        .collect();
    let is_new = |net: &IpNet| !used.iter().any(|used| used.contains(net) || net.contains(used));
    // 10.10.0.0 first, as in most tutorials.
    let v4 = |n: u32| {
        let [_, _, second, third] = n.to_be_bytes();
        IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, second.wrapping_add(10), third, 0), 24))
    };
    let v6 = |n: u16| IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0xfd00, 0, 0, n, 0, 0, 0, 0), 64));
    if !used.is_empty() && used.iter().all(|net| net.addr().is_ipv6()) {
        return (0..=u16::MAX).map(v6).find(is_new).unwrap_or(v6(0));
    }
    (0..=0xffff).map(v4).find(is_new).unwrap_or(v4(0))
}

/// The address of `to` that a question from `from` should aim at: one in a network that both are in,
/// else the first of a family that `from` speaks.
pub fn aim(lab: &Lab, from: &NamespaceName, to: &NamespaceName) -> Option<IpAddr> {
    let from = lab.namespaces.get(from).cloned().unwrap_or_default();
    best_address(&from, lab.namespaces.get(to)?)
}

/// The interface of `from` in whose network this address is.
pub fn leaves_by(lab: &Lab, from: &NamespaceName, to: IpAddr) -> Option<InterfaceName> {
    let namespace = lab.namespaces.get(from)?;
    let reaches = |net: &IpNet| net.contains(&to) && net.addr() != to;
    let found = namespace.interfaces.iter().find(|(_, interface)| interface.addresses.iter().any(reaches));
    found.map(|(name, _)| name.clone())
}

/// Who is to ping whom when somebody presses the one button: the two that are selected, from the one that is
/// selected, what the lab suggests, else the first two that have addresses. With the aim's name and address.
pub fn suggested_ping(lab: &Lab, selection: &BTreeSet<Item>) -> Option<(NamespaceName, String, IpAddr)> {
    let selected: Vec<&NamespaceName> = selection
        .iter()
        .filter_map(|item| if let Item::Thing(Thing::Namespace(name)) = item { Some(name) } else { None })
        .filter(|name| lab.namespaces.contains_key(name))
        .collect();
    let to_namespace = |from: &NamespaceName, to: &NamespaceName| {
        (from != to)
            .then(|| aim(lab, from, to))
            .flatten()
            .map(|address| (from.clone(), to.to_string(), address))
    };
    if let [from, to, ..] = selected[..]
        && let Some(found) = to_namespace(from, to)
    {
        return Some(found);
    }
    let suggested = |(from, to): &(NamespaceName, Target)| match to {
        Target::Namespace(to) => to_namespace(from, to),
        Target::Address(address) => Some((from.clone(), address.to_string(), *address)),
    };
    let begins_here = |(from, _): &&(NamespaceName, Target)| selected.first().is_none_or(|own| *own == from);
    if let Some(found) = lab.pings.iter().filter(begins_here).find_map(suggested) {
        return Some(found);
    }
    let has_address = |name: &&NamespaceName| {
        let namespace = lab.namespaces.get(*name);
        namespace.is_some_and(|found| found.interfaces.values().any(|one| !one.addresses.is_empty()))
    };
    let from = selected.first().copied().or_else(|| lab.namespaces.keys().find(has_address))?;
    let mut others = lab.namespaces.keys().filter(|name| *name != from);
    others.find_map(|to| to_namespace(from, to)).or_else(|| lab.pings.iter().find_map(suggested))
}
