//! MAC addresses and MTUs: what a frame's own header and length depend on.

use std::collections::BTreeMap;

use super::{About, Problem, Subject};
use crate::{
    Interface, InterfaceKind, MacAddress, Place,
    standing::{ETHERNET_MTU, LEAST_IPV6_MTU},
};

/// The largest that the kernel gives to a cable's end or a bridge (`ETH_MAX_MTU`, linux/if_ether.h).
const LARGEST_MTU: u32 = 65_535;
/// The smallest MTU that IPv4 works over (RFC 791, 3.2).
const LEAST_IPV4_MTU: u32 = 68;

/// A cable's end or a bridge. The loopback and tunnels have no MAC, which shows as zeros, and limits of their own.
fn is_ours(found: &Interface) -> bool {
    matches!(found.kind, InterfaceKind::VethEnd | InterfaceKind::Bridge(_))
}

/// A group's address as one interface's own, or nobody's.
pub(super) fn group_mac(subject: &Subject<'_>) -> Vec<Problem> {
    let given = subject.lab.interfaces().filter(|(_, found)| is_ours(found));
    let problem = |(at, found): (Place, &Interface)| {
        let mac = found.mac?;
        let message = match mac {
            MacAddress([0, 0, 0, 0, 0, 0]) => {
                format!("{mac} is nobody's address, which the kernel gives to no interface")
            }
            _ if mac.is_group() => format!("{mac} is a group's address, which no single interface can have"),
            _ => return None,
        };
        Some(Problem::error(About::Interface(at), message, "make its first byte even and not 0, such as 02"))
    };
    given.filter_map(problem).collect()
}

/// The same MAC twice in one broadcast domain.
pub(super) fn same_mac(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for domain in subject.shape.broadcast_domains() {
        let mut first: BTreeMap<MacAddress, &Place> = BTreeMap::new();
        let here = domain.iter().filter_map(|at| Some((at, subject.lab.interface(at)?)));
        for (at, mac) in here.filter_map(|(at, found)| Some((at, found.mac?))) {
            let other = *first.entry(mac).or_insert(at);
            // Left alone, Linux gives a bridge the MAC of one of its ports (net/bridge/br_stp_if.c).
            if other != at && !is_port_of(subject, at, other) && !is_port_of(subject, other, at) {
                let message =
                    format!("{mac} is {other}'s MAC too: switches will send its frames now here, now there");
                let hint = format!("give {at} another MAC, or none to have one derived from its name");
                problems.push(Problem::warning(About::Interface(at.clone()), message, hint));
            }
        }
    }
    problems
}

/// An MTU that IP does not work over, or that the kernel does not give.
pub(super) fn mtu_out_of_range(subject: &Subject<'_>) -> Vec<Problem> {
    let problem = |(at, found): (Place, &Interface)| {
        let mtu = found.mtu?;
        if LARGEST_MTU < mtu && is_ours(found) {
            let message = format!("an MTU of {mtu} is too large: the kernel gives {LARGEST_MTU} at most");
            let hint = format!("make it {LARGEST_MTU} or less; {ETHERNET_MTU} is usual");
            return Some(Problem::error(About::Interface(at), message, hint));
        }
        let ipv6 = found.addresses.iter().any(|address| address.addr().is_ipv6());
        let (least, why) = match mtu {
            _ if mtu < LEAST_IPV4_MTU => (LEAST_IPV4_MTU, "IPv4 needs at least 68 (RFC 791)"),
            _ if mtu < LEAST_IPV6_MTU && ipv6 => (LEAST_IPV6_MTU, "IPv6 needs at least 1280 (RFC 8200)"),
            _ => return None,
        };
        let message = format!("an MTU of {mtu} is too small: {why}");
        Some(Problem::error(
            About::Interface(at),
            message,
            format!("make it {least} or more; {ETHERNET_MTU} is usual"),
        ))
    };
    subject.lab.interfaces().filter_map(problem).collect()
}

/// What one end may send and the other would not take.
pub(super) fn mtus_differ(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for cable in &subject.lab.cables {
        let [one, other] = cable.ends();
        let (Some(a), Some(b)) = (mtu(subject, one), mtu(subject, other)) else { continue };
        if a != b {
            let (small, large) = if a < b { (one, other) } else { (other, one) };
            let message = format!(
                "{one} has an MTU of {a}, {other} one of {b}: longer frames from {large} are lost at {small}"
            );
            problems.push(Problem::warning(
                About::Cable(cable.clone()),
                message,
                "give both ends the same MTU",
            ));
        }
    }
    problems
}

/// The MTU that a cable's end has once it is built.
fn mtu(subject: &Subject<'_>, at: &Place) -> Option<u32> {
    Some(subject.lab.interface(at)?.mtu.unwrap_or(ETHERNET_MTU))
}

fn is_port_of(subject: &Subject<'_>, port: &Place, bridge: &Place) -> bool {
    let found = subject.lab.interface(port);
    port.namespace == bridge.namespace
        && found.is_some_and(|found| found.bridge.as_ref() == Some(&bridge.interface))
}

#[cfg(test)]
mod tests {
    use super::super::{
        Severity,
        testing::{ROOMS, assert_only, lab, rooms_with, said},
    };

    #[test]
    fn a_groups_mac_is_no_interfaces() {
        let wrong = rooms_with(
            "[namespaces.a.interfaces.va]",
            "[namespaces.a.interfaces.va]\nmac = \"01:00:5e:00:00:01\"",
        );
        assert_only(&wrong, Severity::Error, "a/va", "group");
        let nobodys = rooms_with(
            "[namespaces.a.interfaces.va]",
            "[namespaces.a.interfaces.va]\nmac = \"00:00:00:00:00:00\"",
        );
        assert_only(&nobodys, Severity::Error, "a/va", "nobody's");
    }

    #[test]
    fn a_mac_is_there_once_save_on_a_bridge_and_its_port() {
        let mac = "\nmac = \"02:00:00:00:00:01\"";
        let twice = ROOMS.replace("interfaces.va]", &format!("interfaces.va]{mac}"));
        let twice = twice.replace("interfaces.vb]", &format!("interfaces.vb]{mac}"));
        assert_only(&lab(&twice), Severity::Warning, "b/vb", "a/va's MAC too");
        let bridge = ROOMS.replace("bridges.br0]", &format!("bridges.br0]{mac}"));
        let bridge = lab(&format!("[namespaces.host.interfaces.p1]{mac}\n{bridge}"));
        assert_eq!(said(&bridge), Vec::<String>::new());
    }

    #[test]
    fn mtus_are_large_enough_for_ip() {
        let with = |mtu: u32, addresses: &str| {
            let ends = ["a.interfaces.va]", "b.interfaces.vb]"];
            let mut text = format!("[namespaces.host.interfaces.p1]\nmtu = {mtu}\n{ROOMS}");
            text = text.replace(ends[0], &format!("{}\nmtu = {mtu}", ends[0]));
            lab(&text.replace("10.0.0.1/24\"", &format!("10.0.0.1/24\"{addresses}")))
        };
        assert_eq!(said(&with(68, "")), Vec::<String>::new());
        let all = said(&with(67, ""));
        assert!(
            all.len() == 2 && all.iter().all(|line| line.starts_with("Error") && line.contains("RFC 791"))
        );
        let all = said(&with(1279, ", \"fd00::1/64\""));
        assert!(all.len() == 1 && all[0].contains("RFC 8200"), "{all:#?}");
        assert_eq!(said(&with(1280, ", \"fd00::1/64\"")), Vec::<String>::new());
        assert_eq!(said(&with(65_535, "")), Vec::<String>::new());
        let all = said(&with(65_536, ""));
        assert!(all.len() == 2 && all.iter().all(|line| line.contains("too large")), "{all:#?}");
    }

    #[test]
    fn both_ends_of_a_cable_have_the_same_mtu() {
        let wrong = rooms_with("interfaces.va]", "interfaces.va]\nmtu = 9000");
        assert_only(
            &wrong,
            Severity::Warning,
            "a/va – host/p1",
            "longer frames from a/va are lost at host/p1",
        );
    }
}
