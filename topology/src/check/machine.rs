//! Addresses that the real machine has too.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{About, Problem, Subject, addresses::addresses};
use crate::Place;

/// Harmless in the sandbox; but whoever repeats the lab on the machine itself should know.
pub(super) fn shares_addresses(subject: &Subject<'_>) -> Vec<Problem> {
    let everywhere = |net: &&IpNet| match net.addr() {
        addr if addr.is_loopback() => true,
        IpAddr::V6(addr) => addr.is_unicast_link_local(),
        IpAddr::V4(_) => false,
    };
    let machine: Vec<&IpNet> = subject.machine.iter().filter(|net| !everywhere(net)).collect();
    let problem = |(at, mine): (Place, IpNet)| {
        let same = machine.iter().find(|net| net.addr() == mine.addr());
        let overlaps =
            |net: &&&IpNet| net.trunc().contains(&mine.trunc()) || mine.trunc().contains(&net.trunc());
        let message = match (same, machine.iter().find(overlaps)) {
            (Some(_), _) => format!(
                "{} is an address of the real machine too; there, its kernel would answer for it itself, \
                 and frames would never leave",
                mine.addr()
            ),
            (None, Some(net)) => format!(
                "{} overlaps {}, a network of the real machine; there, it would be unclear which of the two \
                 a frame is routed to",
                mine.trunc(),
                net.trunc()
            ),
            (None, None) => return None,
        };
        let hint = "nothing to mend here: the sandbox has its own network stack and nothing leaves it; \
                    take another network if you mean to repeat this outside";
        Some(Problem::note(About::Interface(at), message, hint))
    };
    addresses(subject).filter(|(_, net)| !everywhere(&net)).filter_map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{About, Severity, check, testing};

    #[test]
    fn what_the_machine_has_too_is_noted() {
        let lab = testing::lab(testing::ROOMS);
        let with = |net: &str| check(&lab, &[net.parse().expect("a network")]);
        for elsewhere in ["192.168.1.7/24", "127.0.0.1/8", "10.0.1.1/24", "fe80::1/64"] {
            assert_eq!(with(elsewhere), [], "{elsewhere}");
        }
        let found = with("10.0.0.1/24");
        assert_eq!(found.len(), 2, "the address of one room, and the other's network: {found:#?}");
        assert!(found.iter().all(|problem| problem.severity == Severity::Note));
        assert_eq!(found[0].about, About::Interface("a/va".parse().expect("a place")));
        assert!(found[0].message.contains("answer for it itself"), "{found:#?}");
        assert!(found[1].message.contains("unclear"), "{found:#?}");
        assert_eq!(with("10.200.0.1/8").len(), 2, "a larger network overlaps too");
    }
}
