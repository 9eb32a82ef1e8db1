//! The pings that a lab suggests: whether they can arrive, and their answers too.

use std::{collections::BTreeSet, net::IpAddr};

use super::{
    About, Problem, Subject,
    way::{Stuck, Ways},
};
use crate::{InterfaceKind, Lab, NamespaceName, Place, Target, shape::broadcast_domains};

/// Suggested pings that find no way. Firewalls are not asked: a lab may well show how one drops them.
pub(super) fn arrive(subject: &Subject<'_>) -> Vec<Problem> {
    let ways = Ways::of(subject);
    let once: BTreeSet<_> = subject.lab.pings.iter().collect();
    once.into_iter().filter_map(|(from, target)| ping(subject, &ways, from, target)).collect()
}

fn ping(subject: &Subject<'_>, ways: &Ways<'_>, from: &NamespaceName, target: &Target) -> Option<Problem> {
    let is_there = |name: &NamespaceName| name.is_host() || subject.lab.namespaces.contains_key(name);
    let missing = |name: &NamespaceName| {
        let message = format!("a ping is suggested that names {name}, and there is no such namespace");
        Some(Problem::warning(About::Lab, message, format!("add {name}, or take the ping away")))
    };
    if !is_there(from) {
        return missing(from);
    }
    match target {
        Target::Namespace(name) if !is_there(name) => missing(name),
        Target::Namespace(name) => {
            let found = subject.lab.namespaces.get(name);
            let interfaces = found.into_iter().flat_map(|found| found.interfaces.values());
            let addresses: BTreeSet<IpAddr> =
                interfaces.flat_map(|found| found.addresses.iter().map(ipnet::IpNet::addr)).collect();
            if addresses.is_empty() {
                let message = format!("{from} is to ping {name}, which has no address");
                let hint = format!("give an interface of {name} an address");
                return Some(Problem::warning(About::Namespace(name.clone()), message, hint));
            }
            // One address that is reached is enough.
            let tried: Option<Vec<Problem>> = addresses
                .into_iter()
                .map(|address| there_and_back(subject.lab, ways, from, address))
                .collect();
            tried?.into_iter().next()
        }
        Target::Address(address) if is_everywhere(*address) => None,
        Target::Address(address) if !ways.has_owner(*address) => {
            let message = format!("{from} is to ping {address}, which nobody has");
            let hint = format!("give an interface that address, unless you want to see {from} ask in vain");
            Some(Problem::note(About::Namespace(from.clone()), message, hint))
        }
        Target::Address(address) => there_and_back(subject.lab, ways, from, *address),
    }
}

/// Addresses that the kernel gives by itself, or that mean many.
fn is_everywhere(address: IpAddr) -> bool {
    let many = address.is_multicast() || address.is_loopback();
    many || match address {
        IpAddr::V4(address) => address.is_broadcast(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

fn there_and_back(lab: &Lab, ways: &Ways<'_>, from: &NamespaceName, to: IpAddr) -> Option<Problem> {
    let arrival = match ways.walk(from, to) {
        Ok(arrival) => arrival,
        Err(stuck) => return told(lab, stuck, &format!("the ping from {from} to {to}"), to),
    };
    // With masquerading, the answer goes to the one that put its own address there.
    let source = arrival.source.filter(|_| !arrival.masqueraded)?;
    let stuck = ways.walk(&arrival.goal, source).err()?;
    told(lab, stuck, &format!("the answer to {from}'s ping to {to}"), source)
}

fn told(lab: &Lab, stuck: Stuck, what: &str, to: IpAddr) -> Option<Problem> {
    let family = if to.is_ipv4() { "ip_forward" } else { "ipv6_forward" };
    let (about, message, hint) = match stuck {
        Stuck::NoRoute(at) => {
            let message = format!("{what} ends in {at}, which has no route to {to}");
            let hint = format!("give {at} a route to {to}, such as a default route by its nearest router");
            (About::Namespace(at), message, hint)
        }
        Stuck::NotForwarding(at) => {
            let message = format!("{what} ends in {at}, which does not forward");
            let hint = format!("set {family} = true in {at}");
            (About::Namespace(at), message, hint)
        }
        Stuck::Unheard(out) if only_vlans_keep_apart(lab, &out, to) => {
            let message = format!("{what} ends between {out} and {to}: no VLAN leads all the way");
            let hint = format!("let all ports from {out} to {to} carry one VLAN, or put a router between");
            (About::Interface(out), message, hint)
        }
        Stuck::Unheard(out) => {
            let message = format!("{what} ends at {out}: it asks there for {to}, which no cable leads to");
            let hint =
                format!("join {out} and {to} by a cable or a bridge, or put them in different subnets");
            (About::Interface(out), message, hint)
        }
        Stuck::Circle(at) => {
            let message = format!("{what} comes to {at} again and again, until its time to live is over");
            let hint = format!("look at the routes to {to}: two of them point at each other");
            (About::Namespace(at), message, hint)
        }
        Stuck::Broken => return None,
    };
    Some(Problem::warning(about, message, hint))
}

/// Whether the address would be heard if no bridge looked at VLANs.
fn only_vlans_keep_apart(lab: &Lab, out: &Place, to: IpAddr) -> bool {
    let mut open = lab.clone();
    for found in open.namespaces.values_mut().flat_map(|namespace| namespace.interfaces.values_mut()) {
        if let InterfaceKind::Bridge(settings) = &mut found.kind {
            settings.vlan_filtering = false;
        }
    }
    let has_it = |at: &Place| {
        open.interface(at).is_some_and(|found| found.addresses.iter().any(|address| address.addr() == to))
    };
    broadcast_domains(&open).iter().any(|domain| domain.contains(out) && domain.iter().any(has_it))
}

#[cfg(test)]
mod tests {
    use super::super::{
        Severity,
        testing::{assert_only, lab, said},
    };
    use crate::Lab;

    /// Two rooms with a router between them.
    fn routed(left: &str, router: &str, right: &str) -> Lab {
        lab(&format!(
            "pings = [[\"left\", \"right\"]]\n[namespaces.left]\n{left}\n[namespaces.router]\n{router}\n\
             [namespaces.right]\n{right}\n\
             [namespaces.left.interfaces.v]\naddresses = [\"10.1.0.2/24\"]\n\
             [namespaces.router.interfaces.l]\naddresses = [\"10.1.0.1/24\"]\n\
             [namespaces.router.interfaces.r]\naddresses = [\"10.2.0.1/24\"]\n\
             [namespaces.right.interfaces.v]\naddresses = [\"10.2.0.2/24\"]\n\
             [[cables]]\nends = [\"left/v\", \"router/l\"]\n[[cables]]\nends = [\"right/v\", \"router/r\"]\n"
        ))
    }

    const LEFT: &str = "routes = [{ to = \"default\", via = \"10.1.0.1\" }]";
    const RIGHT: &str = "routes = [{ to = \"default\", via = \"10.2.0.1\" }]";
    const FORWARD: &str = "ip_forward = true";

    #[test]
    fn a_ping_needs_routes_and_forwarding_there_and_back() {
        assert_eq!(said(&routed(LEFT, FORWARD, RIGHT)), Vec::<String>::new());
        assert_only(&routed("", FORWARD, RIGHT), Severity::Warning, "left", "no route to 10.2.0.2");
        assert_only(&routed(LEFT, "", RIGHT), Severity::Warning, "router", "does not forward");
        assert_only(&routed(LEFT, FORWARD, ""), Severity::Warning, "right", "the answer to left's ping");
        let nat = format!("{FORWARD}\nfirewall = {{ masquerade = [\"r\"] }}");
        assert_eq!(said(&routed(LEFT, &nat, "")), Vec::<String>::new());
    }

    #[test]
    fn routes_in_a_circle_are_seen() {
        let back = format!("{FORWARD}\nroutes = [{{ to = \"10.9.0.9/32\", via = \"10.1.0.2\" }}]");
        let mut lab = routed(&format!("{LEFT}\n{FORWARD}"), &back, RIGHT);
        let far = "10.9.0.9/32".parse().expect("a network");
        let right = lab.namespaces.values_mut().nth(1).expect("three namespaces in the order of their names");
        let mut loopback = crate::Interface::new(crate::InterfaceKind::Loopback);
        loopback.addresses.insert(far);
        right.interfaces.insert(crate::InterfaceName::loopback(), loopback);
        let all = said(&lab);
        assert_eq!(all, Vec::<String>::new(), "the other address is reached");
        lab.pings[0].1 = crate::Target::Address(far.addr());
        assert_only(&lab, Severity::Warning, "left", "again and again");
    }

    #[test]
    fn a_ping_aims_at_somebody() {
        let with = |to: &str| {
            let mut lab = routed(LEFT, FORWARD, RIGHT);
            lab.pings[0].1 = match to.parse() {
                Ok(address) => crate::Target::Address(address),
                Err(_) => crate::Target::Namespace(to.parse().expect("a name")),
            };
            lab
        };
        assert_eq!(said(&with("10.2.0.1")), Vec::<String>::new());
        assert_only(&with("10.2.0.77"), Severity::Note, "left", "nobody has");
        assert_only(&with("nowhere"), Severity::Warning, "the lab", "no such namespace");
        assert_only(&with("host"), Severity::Warning, "host", "no address");
    }

    #[test]
    fn the_same_subnet_without_a_cable_is_not_enough() {
        let lab =
            lab("pings = [[\"a\", \"b\"]]\n[namespaces.a.interfaces.v]\naddresses = [\"10.0.0.1/24\"]\n\
             [namespaces.b.interfaces.v]\naddresses = [\"10.0.0.2/24\"]\n\
             [[cables]]\nends = [\"a/v\", \"host/p\"]\n[[cables]]\nends = [\"b/v\", \"host/q\"]\n");
        assert_only(&lab, Severity::Warning, "a/v", "no cable leads to");
    }

    #[test]
    fn vlans_may_keep_apart_what_cables_join() {
        let with = |id: u16| {
            lab(&format!(
                "pings = [[\"a\", \"b\"]]\n[namespaces.a.interfaces.v]\naddresses = [\"10.0.0.1/24\"]\n\
                 [namespaces.b.interfaces.v]\naddresses = [\"10.0.0.2/24\"]\n\
                 [namespaces.host.bridges.br0]\nports = [\"p\", \"q\"]\nvlan_filtering = true\n\
                 [namespaces.host.interfaces.p]\nvlans = [{{ id = 10, pvid = true, untagged = true }}]\n\
                 [namespaces.host.interfaces.q]\nvlans = [{{ id = {id}, pvid = true, untagged = true }}]\n\
                 [[cables]]\nends = [\"a/v\", \"host/p\"]\n[[cables]]\nends = [\"b/v\", \"host/q\"]\n"
            ))
        };
        assert_eq!(said(&with(10)), Vec::<String>::new());
        assert_only(&with(20), Severity::Warning, "a/v", "no VLAN leads all the way");
    }
}
