//! What is unplugged or switched off.

use super::{About, Problem, Subject};

/// An interface that is down though something counts on it.
pub(super) fn down(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, found) in subject.lab.interfaces().filter(|(_, found)| !found.up) {
        let is_bridge_with_ports =
            found.bridge_settings().is_some() && subject.lab.ports(&at).next().is_some();
        let loss = match found.bridge {
            _ if is_bridge_with_ports => "its ports pass nothing on",
            Some(_) => "its bridge neither gets nor sends frames there",
            None if !found.addresses.is_empty() => "nobody reaches its addresses from outside",
            None => continue,
        };
        let message = format!("{at} is down: {loss}");
        problems.push(Problem::note(About::Interface(at.clone()), message, format!("set {at} up")));
    }
    problems
}

/// A namespace that nothing is plugged into. The host is there anyway, so it may stand alone.
pub(super) fn without_cable(subject: &Subject<'_>) -> Vec<Problem> {
    let ends = subject.lab.cables.iter().flat_map(|cable| cable.ends());
    let plugged: std::collections::BTreeSet<_> = ends.map(|end| &end.namespace).collect();
    let alone = subject.lab.namespaces.keys().filter(|name| !name.is_host() && !plugged.contains(name));
    let problem = |name: &crate::NamespaceName| {
        let message = format!("no cable leads to {name}: it can talk to itself only");
        Problem::note(About::Namespace(name.clone()), message, format!("plug a cable into {name}"))
    };
    alone.map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{
        Severity,
        testing::{ROOMS, assert_only, lab, rooms_with},
    };

    #[test]
    fn interfaces_that_matter_are_up() {
        let down = rooms_with("interfaces.va]", "interfaces.va]\nup = false");
        assert_only(&down, Severity::Note, "a/va", "nobody reaches");
        let down = rooms_with("bridges.br0]", "bridges.br0]\nup = false");
        assert_only(&down, Severity::Note, "host/br0", "pass nothing on");
        let down = lab(&format!("[namespaces.host.interfaces.p2]\nup = false\n{ROOMS}"));
        assert_only(&down, Severity::Note, "host/p2", "its bridge");
    }

    #[test]
    fn a_room_without_a_cable_is_noted() {
        assert_only(&lab(&format!("[namespaces.c]\n{ROOMS}")), Severity::Note, "c", "no cable");
    }
}
