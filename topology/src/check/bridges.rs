//! Bridges: loops among them, their ports, STP's times and VLANs.

use super::{About, Problem, Subject};
use crate::{BridgeSettings, Cable, Interface, Place, settle::STP_FORWARD_DELAYS, shape::BridgeLoop};

/// Loops that STP does not, or not wholly, look after.
///
/// One bridge with STP is enough to open a loop: Linux bridges without it pass STP's frames on
/// (net/bridge/br_input.c), so it hears itself and blocks a port. That is hardly what was meant.
pub(super) fn loops(subject: &Subject<'_>) -> Vec<Problem> {
    let settings = |bridge: &Place| subject.lab.interface(bridge).and_then(Interface::bridge_settings);
    let has_stp = |bridge: &Place| settings(bridge).is_some_and(|settings| settings.stp);
    let is_up = |at: &Place| subject.lab.interface(at).is_some_and(|found| found.up);
    let carries = |cable: &Cable| cable.ends().iter().all(is_up);
    let bare = subject.shape.bridge_loops_among(|at| is_up(at) && !has_stp(at), carries);
    let mut problems: Vec<Problem> = bare.iter().map(|found| circling(found, has_stp)).collect();
    let all = subject.shape.bridge_loops_among(is_up, carries);
    for found in &all {
        let (with, without): (Vec<&Place>, Vec<&Place>) = found.bridges.iter().partition(|at| has_stp(at));
        if !with.is_empty() && !without.is_empty() {
            let message = format!(
                "{} make a loop in which {} without STP: that it is open hangs on {} \
                 hearing STP frames come round",
                names(&found.bridges.iter().collect::<Vec<_>>()),
                if without.len() == 1 {
                    format!("{} is", without[0])
                } else {
                    format!("{} are", names(&without))
                },
                names(&with),
            );
            let about = About::Interface(without[0].clone());
            problems.push(Problem::warning(about, message, format!("switch STP on at {}", names(&without))));
        }
    }
    problems
}

fn circling(found: &BridgeLoop, has_stp: impl Fn(&Place) -> bool) -> Problem {
    let bridges: Vec<&Place> = found.bridges.iter().filter(|at| !has_stp(at)).collect();
    let about = bridges.first().map_or(About::Lab, |at| About::Interface((*at).clone()));
    let message = match bridges[..] {
        [alone] => format!(
            "a cable joins two ports of {alone}, which has no STP: a broadcast frame circles for ever, faster and faster"
        ),
        _ => format!(
            "{} are a loop and none has STP: a broadcast frame circles for ever, and each round makes more of them",
            names(&bridges)
        ),
    };
    let hint = match found.cables.last() {
        Some(cable) => {
            format!("switch STP on at {}, or pull the cable {}", names(&bridges), About::Cable(cable.clone()))
        }
        None => format!("switch STP on at {}", names(&bridges)),
    };
    Problem::error(about, message, hint)
}

fn names(places: &[&Place]) -> String {
    places.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A port of a bridge that is not there.
pub(super) fn missing(subject: &Subject<'_>) -> Vec<Problem> {
    let ports = subject.lab.interfaces().filter_map(|(at, found)| Some((at, found.bridge.as_ref()?)));
    let problem = |(at, name)| {
        let bridge = Place::new(Place::clone(&at).namespace, crate::InterfaceName::clone(name));
        let there = subject.lab.interface(&bridge);
        if there.is_some_and(|found| found.bridge_settings().is_some()) {
            return None;
        }
        let is = if there.is_some() { "is no bridge" } else { "is not there" };
        let message = format!("{at} is to be a port of {bridge}, which {is}");
        Some(Problem::error(
            About::Interface(at),
            message,
            format!("add the bridge {bridge}, or name another one"),
        ))
    };
    ports.filter_map(problem).collect()
}

/// A forward delay that the kernel refuses.
pub(super) fn forward_delay(subject: &Subject<'_>) -> Vec<Problem> {
    let bridges = subject.lab.interfaces().filter_map(|(at, found)| Some((at, found.bridge_settings()?)));
    let refused =
        |settings: &BridgeSettings| settings.stp && !STP_FORWARD_DELAYS.contains(&settings.forward_delay);
    let problem = |(at, settings): (Place, BridgeSettings)| {
        let (least, most) = STP_FORWARD_DELAYS.into_inner();
        let message = format!("with STP on, a forward delay of {} s is not allowed", settings.forward_delay);
        Problem::error(
            About::Interface(at),
            message,
            format!("choose from {least} to {most} s (IEEE 802.1D)"),
        )
    };
    bridges.filter(|(_, settings)| refused(settings)).map(problem).collect()
}

/// VLANs that cannot be, or that nobody looks at.
pub(super) fn vlans(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, found) in subject.lab.interfaces().filter(|(_, found)| !found.vlans.is_empty()) {
        for vlan in found.vlans.iter().filter(|vlan| !(1..=4094).contains(&vlan.id)) {
            let message = format!("there is no VLAN {}", vlan.id);
            let hint = "choose a number from 1 to 4094 (IEEE 802.1Q)";
            problems.push(Problem::error(About::Interface(at.clone()), message, hint));
        }
        let bridge = match &found.bridge {
            Some(bridge) => Place::new(at.namespace.clone(), bridge.clone()),
            None => at.clone(),
        };
        let settings = subject.lab.interface(&bridge).and_then(Interface::bridge_settings);
        if settings.is_some_and(|settings| !settings.vlan_filtering) {
            let message = format!("{at} has VLANs, but {bridge} does not look at them");
            let hint = format!("switch vlan_filtering on at {bridge}, or take the VLANs away");
            problems.push(Problem::warning(About::Interface(at), message, hint));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::{
        Severity,
        testing::{ROOMS, assert_only, lab, rooms_with, said},
    };
    use crate::Lab;

    /// Two bridges with two cables between them.
    fn pair(one: &str, other: &str) -> Lab {
        lab(&format!(
            "[namespaces.host.bridges.br1]\nports = [\"a1\", \"a2\"]\n{one}\n\
             [namespaces.host.bridges.br2]\nports = [\"b1\", \"b2\"]\n{other}\n\
             [[cables]]\nends = [\"host/a1\", \"host/b1\"]\n[[cables]]\nends = [\"host/a2\", \"host/b2\"]\n"
        ))
    }

    #[test]
    fn a_loop_needs_stp() {
        assert_only(&pair("", ""), Severity::Error, "host/br1", "circles for ever");
        assert_only(&pair("stp = true", ""), Severity::Warning, "host/br2", "host/br2 is without STP");
        assert_eq!(said(&pair("stp = true", "stp = true")), Vec::<String>::new());
    }

    #[test]
    fn a_loop_through_something_that_is_down_is_none() {
        assert!(said(&pair("up = false", "")).iter().all(|line| line.starts_with("Note")));
    }

    #[test]
    fn a_bridge_plugged_into_itself_is_a_loop() {
        let text = "[namespaces.host.bridges.br1]\nports = [\"a\", \"b\"]\n[[cables]]\nends = [\"host/a\", \"host/b\"]\n";
        assert_only(&lab(text), Severity::Error, "host/br1", "two ports of host/br1");
    }

    #[test]
    fn a_port_has_its_bridge() {
        let mut lab = lab(ROOMS);
        let port = lab.interface_mut(&"host/p1".parse().expect("a place")).expect("the port is there");
        port.bridge = Some("br9".parse().expect("a name"));
        let all = said(&lab);
        assert!(all[0].starts_with("Error, host/p1: ") && all[0].contains("host/br9"), "{all:#?}");
    }

    #[test]
    fn forward_delays_are_bounded_while_stp_is_on() {
        let with = |settings: &str| rooms_with("bridges.br0]", &format!("bridges.br0]\n{settings}"));
        for delay in [1, 31] {
            let wrong = with(&format!("stp = true\nforward_delay = {delay}"));
            assert_only(&wrong, Severity::Error, "host/br0", "forward delay");
        }
        for fine in ["forward_delay = 1", "stp = true\nforward_delay = 2", "stp = true\nforward_delay = 30"] {
            assert_eq!(said(&with(fine)), Vec::<String>::new());
        }
    }

    #[test]
    fn vlans_are_numbered_from_1_to_4094_on_bridges_that_filter() {
        let with = |id: u16, filtering: bool| {
            let vlans = format!("vlans = [{{ id = {id}, pvid = true, untagged = true }}]");
            let bridge = format!("bridges.br0]\nvlan_filtering = {filtering}");
            let text = ROOMS.replace("bridges.br0]", &bridge);
            let ports = format!(
                "[namespaces.host.interfaces.p1]\n{vlans}\n[namespaces.host.interfaces.p2]\n{vlans}\n"
            );
            said(&lab(&format!("{ports}{text}")))
        };
        assert_eq!(with(4094, true), Vec::<String>::new());
        for id in [0, 4095] {
            let all = with(id, true);
            assert!(all.len() == 2 && all.iter().all(|line| line.starts_with("Error, host/p")), "{all:#?}");
        }
        let all = with(7, false);
        assert!(all.len() == 2 && all.iter().all(|line| line.contains("does not look at them")), "{all:#?}");
    }
}
