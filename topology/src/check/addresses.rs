//! IP addresses: who else has one, who shares its subnet, whether a host may have it.

use std::{collections::BTreeMap, net::IpAddr};

use ipnet::IpNet;

use super::{About, Problem, Subject};
use crate::{Place, shape::share_a_subnet};

/// An address that no host has: it stands for many, for nobody or for oneself (RFC 1122, 3.2.1.3; RFC 4291, 2.5.2).
pub(super) fn nobody_has(subject: &Subject<'_>) -> Vec<Problem> {
    let problem = |(at, address): (Place, IpNet)| {
        let addr = address.addr();
        let meaning = match addr {
            _ if addr.is_multicast() => "a group of receivers",
            _ if addr.is_unspecified() => "nobody yet",
            IpAddr::V4(v4) if v4.is_broadcast() => "everyone",
            _ if addr.is_loopback() && !at.interface.is_loopback() => "the namespace itself, on lo",
            _ => return None,
        };
        let message = format!("{addr} can be no interface's address to the others: it means {meaning}");
        Some(Problem::error(About::Interface(at), message, "take one such as 10.10.0.1/24 or fd00::1/64"))
    };
    addresses(subject).filter_map(problem).collect()
}

/// How many subnets of others are named at most.
const NAMED: usize = 4;

/// The same address on two interfaces.
pub(super) fn given_twice(subject: &Subject<'_>) -> Vec<Problem> {
    let mut owners: BTreeMap<IpAddr, Vec<Place>> = BTreeMap::new();
    for (at, address) in addresses(subject) {
        owners.entry(address.addr()).or_default().push(at);
    }
    let mut problems = Vec::new();
    for (address, places) in owners {
        for (number, at) in places.iter().enumerate() {
            let earlier = &places[..number];
            let domain = subject.shape.broadcast_domain(at);
            let near = earlier.iter().find(|other| domain.is_some_and(|domain| domain.contains(*other)));
            let about = || About::Interface(at.clone());
            let hint = format!("give {at} another address");
            if let Some(other) = near {
                let message = format!(
                    "{address} is {other}'s address too, and both hear the same broadcasts: \
                     whichever answers first gets the frames"
                );
                problems.push(Problem::error(about(), message, hint));
            } else if let Some(other) = earlier.first().filter(|_| !is_link_local(address)) {
                let message = format!("{address} is {other}'s address too, in another network");
                let hint = format!("{hint}, unless you want to see what routers make of it");
                problems.push(Problem::warning(about(), message, hint));
            }
        }
    }
    problems
}

/// An address whose subnet nobody else in the broadcast domain is in.
pub(super) fn alone_in_its_subnet(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for domain in subject.shape.broadcast_domains() {
        let here: Vec<(&Place, IpNet)> = domain
            .iter()
            .filter_map(|at| Some((at, subject.lab.interface(at)?)))
            .flat_map(|(at, found)| found.addresses.iter().map(move |address| (at, *address)))
            .collect();
        for &(at, mine) in &here {
            let same_family = |theirs: IpNet| theirs.addr().is_ipv4() == mine.addr().is_ipv4();
            let others = here.iter().filter(|(other, theirs)| *other != at && same_family(*theirs));
            let mut subnets: Vec<IpNet> = Vec::new();
            let mut fits = false;
            for &(_, theirs) in others {
                if share_a_subnet(&mine, &theirs) || has_link_route(subject, at, theirs.addr()) {
                    fits = true;
                    break;
                }
                // A few are enough to tell of, and keep this quick where nobody fits anybody.
                if subnets.len() <= NAMED && !subnets.contains(&theirs.trunc()) {
                    subnets.push(theirs.trunc());
                }
            }
            if !fits && let Some(first) = subnets.first() {
                let all: Vec<String> = subnets.iter().take(NAMED).map(IpNet::to_string).collect();
                let more = if subnets.len() > NAMED { ", …" } else { "" };
                let message = format!(
                    "{mine} has no common subnet with anyone on its network, where there is {}{more}",
                    all.join(", ")
                );
                let hint = format!("give {at} an address in {first}, or the others one in {}", mine.trunc());
                problems.push(Problem::warning(About::Interface(at.clone()), message, hint));
            }
        }
    }
    problems
}

/// An interface with addresses of one family only, where all others have the other.
pub(super) fn other_family(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for domain in subject.shape.broadcast_domains() {
        let families = |at: &Place| {
            let addresses = subject.lab.interface(at).map(|found| &found.addresses)?;
            let has = |v4: bool| addresses.iter().any(|address| address.addr().is_ipv4() == v4);
            (!addresses.is_empty()).then(|| (has(true), has(false)))
        };
        let here: Vec<(&Place, (bool, bool))> =
            domain.iter().filter_map(|at| Some((at, families(at)?))).collect();
        for (at, (v4, v6)) in &here {
            let mut others = here.iter().filter(|(other, _)| other != at).peekable();
            if others.peek().is_none() || others.any(|(_, (has4, has6))| *v4 && *has4 || *v6 && *has6) {
                continue;
            }
            let (own, theirs) = if *v4 { ("IPv4", "IPv6") } else { ("IPv6", "IPv4") };
            let message =
                format!("{at} has {own} addresses only, and all others on its network {theirs} ones only");
            let hint = format!("give {at} an {theirs} address too, or another an {own} one");
            problems.push(Problem::warning(About::Interface((*at).clone()), message, hint));
        }
    }
    problems
}

/// The first and last address of an IPv4 subnet mean the subnet itself and everyone in it
/// (RFC 1122, 3.2.1.3); in IPv6 the first means any router there (RFC 4291, 2.6.1).
pub(super) fn names_the_subnet(subject: &Subject<'_>) -> Vec<Problem> {
    let problem = |(at, address): (Place, IpNet)| {
        let subnet = address.trunc();
        // Links of two and single addresses have neither (RFC 3021, RFC 6164).
        if address.prefix_len() + 1 >= address.max_prefix_len() {
            return None;
        }
        let addr = address.addr();
        if addr.is_unspecified() {
            return None;
        }
        let meaning = match subnet {
            _ if addr == subnet.addr() && addr.is_ipv4() => "the subnet itself",
            _ if addr == subnet.addr() => "any router of the subnet",
            IpNet::V4(v4) if addr == IpAddr::V4(v4.broadcast()) => "everyone in the subnet",
            IpNet::V4(_) | IpNet::V6(_) => return None,
        };
        let message =
            format!("{address} cannot well be a host's address, since in {subnet} it means {meaning}");
        let hint = format!("take another address in {subnet}");
        Some(Problem::warning(About::Interface(at), message, hint))
    };
    addresses(subject).filter_map(problem).collect()
}

/// An IPv6 address where the namespace has no IPv6.
pub(super) fn ipv6_switched_off(subject: &Subject<'_>) -> Vec<Problem> {
    let switched_off = |at: &Place| {
        let namespace = subject.lab.namespaces.get(&at.namespace);
        namespace.is_some_and(|namespace| namespace.sysctls.disable_ipv6 == Some(true))
    };
    let unused = addresses(subject).filter(|(at, address)| address.addr().is_ipv6() && switched_off(at));
    let problem = |(at, address): (Place, IpNet)| {
        let message = format!("{address} cannot be set, since IPv6 is switched off in {}", at.namespace);
        let hint = format!("set disable_ipv6 = false in {}, or take the address away", at.namespace);
        Problem::warning(About::Interface(at), message, hint)
    };
    unused.map(problem).collect()
}

/// All addresses in the lab, with where they are.
pub(super) fn addresses(subject: &Subject<'_>) -> impl Iterator<Item = (Place, IpNet)> {
    subject
        .lab
        .interfaces()
        .flat_map(|(at, found)| found.addresses.iter().map(move |address| (at.clone(), *address)))
}

/// True if a route without a gateway leads out of `at` to `there`.
fn has_link_route(subject: &Subject<'_>, at: &Place, there: IpAddr) -> bool {
    let routes = subject.lab.namespaces.get(&at.namespace).into_iter().flat_map(|found| &found.routes);
    let mut to_link = routes.filter(|route| route.via.is_none() && route.dev.as_ref() == Some(&at.interface));
    to_link.any(|route| route.to.prefix_len() > 0 && route.to.contains(&there))
}

fn is_link_local(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.is_unicast_link_local())
}

#[cfg(test)]
mod tests {
    use super::super::{
        Severity,
        testing::{ROOMS, assert_only, lab, rooms_with, said},
    };

    #[test]
    fn an_address_given_twice_is_an_error_in_one_network_and_a_warning_in_two() {
        let same = rooms_with("10.0.0.2/24", "10.0.0.1/24");
        assert_only(&same, Severity::Error, "b/vb", "a/va's address too, and both hear");
        let apart = "[namespaces.c.interfaces.vc]\naddresses = [\"10.0.0.1/24\"]\n\
                     [[cables]]\nends = [\"c/vc\", \"host/far\"]\n";
        let apart = lab(&format!("{ROOMS}{apart}"));
        assert_only(&apart, Severity::Warning, "c/vc", "in another network");
    }

    #[test]
    fn addresses_without_a_common_subnet_are_told_of_at_both_ends() {
        let all = said(&rooms_with("10.0.0.2/24", "10.0.1.2/24"));
        assert_eq!(all.len(), 2, "{all:#?}");
        assert!(all[0].starts_with("Warning, a/va: 10.0.0.1/24 has no common subnet"), "{all:#?}");
        assert!(all[0].ends_with("10.0.1.0/24"), "{all:#?}");
        assert!(all[1].starts_with("Warning, b/vb"), "{all:#?}");
    }

    #[test]
    fn one_familys_address_does_not_reach_the_others() {
        let all = said(&rooms_with("10.0.0.2/24", "fd00::2/64"));
        assert_eq!(all.len(), 2, "{all:#?}");
        assert!(all[0].starts_with("Warning, a/va: a/va has IPv4 addresses only"), "{all:#?}");
        assert!(all[1].starts_with("Warning, b/vb: b/vb has IPv6 addresses only"), "{all:#?}");
    }

    #[test]
    fn addresses_that_stand_for_others_are_nobodys() {
        for (address, means) in [
            ("224.0.0.5/24", "a group"),
            ("0.0.0.0/0", "nobody"),
            ("127.0.0.5/8", "itself"),
            ("ff02::1/64", "a group"),
        ] {
            let all = said(&rooms_with("10.0.0.2/24", address));
            assert!(all[0].starts_with("Error, b/vb") && all[0].contains(means), "{address}: {all:#?}");
        }
    }

    #[test]
    fn a_link_route_makes_up_for_the_missing_subnet() {
        let text = ROOMS.replace("10.0.0.1/24", "10.0.0.1/32").replace("10.0.0.2/24", "10.0.0.2/32");
        assert_eq!(said(&lab(&text)).len(), 2);
        let routes = "[namespaces.a]\nroutes = [{ to = \"10.0.0.2/32\", dev = \"va\" }]\n\
                      [namespaces.b]\nroutes = [{ to = \"10.0.0.1/32\", dev = \"vb\" }]\n";
        assert_eq!(said(&lab(&format!("{routes}{text}"))), Vec::<String>::new());
    }

    #[test]
    fn first_and_last_address_of_a_subnet_are_no_hosts() {
        for (address, words) in [("10.0.0.0/24", "the subnet itself"), ("10.0.0.255/24", "everyone")] {
            assert_only(&rooms_with("10.0.0.2/24", address), Severity::Warning, "b/vb", words);
        }
        let pair = ROOMS.replace("10.0.0.1/24", "10.0.0.0/31").replace("10.0.0.2/24", "10.0.0.1/31");
        assert_eq!(said(&lab(&pair)), Vec::<String>::new());
    }

    #[test]
    fn ipv6_needs_ipv6() {
        let text = ROOMS.replace("10.0.0.1/24", "fd00::1/64").replace("10.0.0.2/24", "fd00::2/64");
        assert_eq!(said(&lab(&text)), Vec::<String>::new());
        let off = lab(&format!("[namespaces.a]\ndisable_ipv6 = true\n{text}"));
        assert_only(&off, Severity::Warning, "a/va", "switched off in a");
    }
}
