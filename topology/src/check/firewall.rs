//! Firewalls: interfaces that rules name.

use std::collections::BTreeMap;

use super::{About, Problem, Subject};
use crate::{InterfaceName, Namespace};

/// An interface that a rule or masquerading names, and the namespace lacks.
pub(super) fn missing_interface(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, namespace) in &subject.lab.namespaces {
        for (interface, by) in named(namespace) {
            // The loopback is there even where nobody speaks of it.
            if namespace.interfaces.contains_key(interface) || interface.is_loopback() {
                continue;
            }
            let message = format!("{by} in {name} names the interface {interface}, which is not there");
            let hint =
                format!("name one of {name}'s own interfaces, or plug a cable into {name}/{interface}");
            problems.push(Problem::error(About::Namespace(name.clone()), message, hint));
        }
    }
    problems
}

/// The interfaces that the firewall names, each with what names it first.
fn named(namespace: &Namespace) -> BTreeMap<&InterfaceName, String> {
    let firewall = &namespace.firewall;
    let mut named: BTreeMap<_, _> =
        firewall.masquerade.iter().map(|interface| (interface, "masquerading".to_string())).collect();
    for (number, rule) in (1..).zip(&firewall.rules) {
        for interface in rule.in_interface.iter().chain(&rule.out_interface) {
            named.entry(interface).or_insert_with(|| format!("firewall rule {number}"));
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::super::{
        Severity,
        testing::{ROOMS, assert_only, lab, said},
    };

    #[test]
    fn the_firewall_names_interfaces_that_are_there() {
        let with = |firewall: &str| lab(&format!("[namespaces.a.firewall]\n{firewall}\n{ROOMS}"));
        assert_only(
            &with("masquerade = [\"vx\"]"),
            Severity::Error,
            "a",
            "masquerading in a names the interface vx",
        );
        for side in ["in", "out"] {
            let rule = |name: &str| {
                format!("rules = [{{ hook = \"forward\", {side} = \"{name}\", verdict = \"drop\" }}]")
            };
            assert_only(
                &with(&rule("vx")),
                Severity::Error,
                "a",
                "firewall rule 1 in a names the interface vx",
            );
            assert_eq!(said(&with(&rule("va"))), Vec::<String>::new());
            assert_eq!(said(&with(&rule("lo"))), Vec::<String>::new());
        }
        assert_eq!(said(&with("masquerade = [\"va\"]")), Vec::<String>::new());
    }
}
