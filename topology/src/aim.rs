//! Which of its addresses a namespace is asked at.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::Namespace;

/// An address of `to` in a network that `from` is in too; else the first of a family that `from` speaks.
/// IPv4 before IPv6, since most classes begin with it; link-local addresses last, since alone they say no way;
/// those of interfaces that are down only where there are no others.
pub fn best_address(from: &Namespace, to: &Namespace) -> Option<IpAddr> {
    let own = addresses(from);
    let near =
        |network: &IpNet| !is_link_local(network) && own.iter().any(|own| own.contains(&network.addr()));
    let same_family =
        |network: &IpNet| own.iter().any(|own| own.addr().is_ipv4() == network.addr().is_ipv4());
    let theirs = addresses(to);
    let find = |fits: &dyn Fn(&IpNet) -> bool| theirs.iter().find(|net| fits(net)).map(IpNet::addr);
    find(&near).or_else(|| find(&same_family)).or_else(|| find(&|_| true))
}

/// The likeliest to answer first.
fn addresses(namespace: &Namespace) -> Vec<IpNet> {
    let interfaces = namespace.interfaces.values();
    let mut all: Vec<(bool, IpNet)> = interfaces
        .flat_map(|interface| interface.addresses.iter().map(|address| (!interface.up, *address)))
        .collect();
    all.sort_by_key(|(is_down, net)| (*is_down, is_link_local(net), !net.addr().is_ipv4()));
    all.into_iter().map(|(_, net)| net).collect()
}

fn is_link_local(net: &IpNet) -> bool {
    match net.addr() {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Interface, InterfaceKind};

    /// Interfaces by their addresses; `!` before the first: it is down.
    fn namespace(interfaces: &[&str]) -> Namespace {
        let mut namespace = Namespace::default();
        for (number, words) in interfaces.iter().enumerate() {
            let mut interface = Interface::new(InterfaceKind::VethEnd);
            interface.up = !words.starts_with('!');
            let words = words.trim_start_matches('!').split_whitespace();
            interface.addresses = words.map(|net| net.parse().expect("an address")).collect();
            let name = format!("eth{number}").parse().expect("a name");
            namespace.interfaces.insert(name, interface);
        }
        namespace
    }

    #[test]
    fn the_aim_is_near_if_it_can_be() {
        let cases: [(&[&str], &[&str], Option<&str>); 9] = [
            (&["10.0.0.1/24"], &["10.0.0.2/24"], Some("10.0.0.2")),
            (&["10.0.0.1/24"], &["10.0.1.2/24", "10.0.0.2/24"], Some("10.0.0.2")),
            (&["10.0.0.1/24"], &["10.0.1.2/24 fd00::2/64"], Some("10.0.1.2")),
            (&["fd00::1/64"], &["10.0.1.2/24 fd00::2/64"], Some("fd00::2")),
            (&["fd00::1/64"], &["10.0.1.2/24 fd01::2/64"], Some("fd01::2")),
            (&["fd00::1/64"], &["10.0.1.2/24"], Some("10.0.1.2")),
            (&["fd00:1::1/64 fe80::1/64"], &["fe80::2/64", "fd00:2::2/64"], Some("fd00:2::2")),
            (&["10.0.0.1/24"], &["!10.0.0.9/24", "10.0.0.2/24"], Some("10.0.0.2")),
            (&[], &[], None),
        ];
        for (from, to, aim) in cases {
            let found = best_address(&namespace(from), &namespace(to)).map(|found| found.to_string());
            assert_eq!(found.as_deref(), aim, "from {from:?} to {to:?}");
        }
    }
}
