//! What is proposed where the person has said nothing: addresses, and whom to ping.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr},
};

use ipnet::{IpNet, Ipv4Net};
use topology::{InterfaceName, Lab, Namespace, NamespaceName, Place, Target, Thing, shape::Shape};

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
    let in_use =
        near.iter().filter_map(|place| lab.interface(place)).flat_map(|found| found.addresses.iter());
    let subnet = in_use.copied().min_by_key(|net| !net.addr().is_ipv4());
    next_free(lab, &subnet.map_or_else(|| new_subnet(lab), |net| net.trunc()))
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

/// `10.10.N.0/24` that overlaps with nothing in the lab.
fn new_subnet(lab: &Lab) -> IpNet {
    let used: Vec<IpNet> =
        lab.interfaces().flat_map(|(_, found)| found.addresses.iter().map(IpNet::trunc)).collect();
    let overlaps = |net: &IpNet| used.iter().any(|used| used.contains(net) || net.contains(used));
    let candidates = (0..=255_u8).flat_map(|second| (0..=255_u8).map(move |third| (second, third)));
    let ten = candidates.map(|(second, third)| {
        // 10.10.0.0 first, as in most tutorials.
        let second = second.wrapping_add(10);
        IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, second, third, 0), 24))
    });
    let fallback = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, 10, 0, 0), 24));
    ten.into_iter().find(|net| !overlaps(net)).unwrap_or(fallback)
}

/// The address of `to` that a question from `from` should aim at: one in a network that both are in,
/// else the first of a family that `from` speaks.
pub fn aim(lab: &Lab, from: &NamespaceName, to: &NamespaceName) -> Option<IpAddr> {
    let from = lab.namespaces.get(from).cloned().unwrap_or_default();
    best_address(&from, lab.namespaces.get(to)?)
}

/// An address of `to` in a network that `from` is in too; else the first of a family that `from` speaks.
pub fn best_address(from: &Namespace, to: &Namespace) -> Option<IpAddr> {
    let own: Vec<IpNet> = addresses(from).collect();
    let near = |network: &IpNet| own.iter().any(|own| own.contains(&network.addr()));
    let same_family =
        |network: &IpNet| own.iter().any(|own| own.addr().is_ipv4() == network.addr().is_ipv4());
    let find = |fits: &dyn Fn(&IpNet) -> bool| addresses(to).find(fits).map(|network| network.addr());
    find(&near).or_else(|| find(&same_family)).or_else(|| find(&|_| true))
}

/// IPv4 first: that is what most classes begin with.
fn addresses(namespace: &Namespace) -> impl Iterator<Item = IpNet> {
    let mut all: Vec<IpNet> =
        namespace.interfaces.values().flat_map(|interface| interface.addresses.iter().copied()).collect();
    all.sort_by_key(|network| !network.addr().is_ipv4());
    all.into_iter()
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
    let has_address = |name: &&NamespaceName| addresses(&lab.namespaces[*name]).next().is_some();
    let from = selected.first().copied().or_else(|| lab.namespaces.keys().find(has_address))?;
    let mut others = lab.namespaces.keys().filter(|name| *name != from);
    others.find_map(|to| to_namespace(from, to)).or_else(|| lab.pings.iter().find_map(suggested))
}
