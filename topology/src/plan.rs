//! The way from one lab to another. Building, editing, repairing and taking down are all this.
//!
//! Between the two labs lies their floor: what both have and what stands on that alone.
//! First all that is above the floor in the observed lab is taken down, then all that is above
//! it in the wanted one is built up. So nothing is ever pulled away under something that
//! leans on it, and whatever the kernel would drop by itself on the way is dropped by a step.

mod build_up;
mod floor;
mod take_down;

use std::collections::BTreeSet;

use crate::{Cable, Interface, InterfaceKind, Lab, OtherKind, Place, Plan, Step};

/// The steps from `observed` (a ground's, or a settled lab) to `wanted`, which is settled first.
/// Empty exactly if both are the same network.
/// Positions on the canvas are moved where both labs have one, and for what is new on a drawn canvas.
#[must_use]
pub fn plan(observed: &Lab, wanted: &Lab) -> Plan {
    let (mut now, mut wanted) = (observed.explicit(), wanted.clone());
    for at in loose_ends(observed) {
        for lab in [&mut now, &mut wanted] {
            mark_loose(lab, &at);
        }
    }
    let mut wanted = wanted.settled();
    keep_their_macs(&now, &mut wanted);
    let floor = floor::floor(&now, &wanted);
    let is_drawn = now.namespaces.values().any(|namespace| {
        let bridges = namespace.interfaces.values().filter_map(|found| found.position);
        namespace.position.into_iter().chain(bridges).next().is_some()
    });
    let mut planner = Planner { now, wanted, is_drawn, steps: Vec::new() };
    planner.take_down(&floor);
    planner.build_up();
    Plan { steps: planner.steps }
}

/// The steps that take everything down, until only a bare host is left.
#[must_use]
pub fn teardown(observed: &Lab) -> Plan {
    plan(observed, &Lab::default())
}

/// The cable ends that an observed lab has without a cable, since the other end is out of sight. No lab can make
/// such an end, but one that is there may stay, be set, and be removed, like any other interface.
pub(crate) fn loose_ends(observed: &Lab) -> Vec<Place> {
    let cabled: BTreeSet<&Place> = observed.cables.iter().flat_map(Cable::ends).collect();
    let ends = observed.interfaces().filter(|(_, found)| is_end(found)).map(|(at, _)| at);
    ends.filter(|at| !cabled.contains(at)).collect()
}

/// If the lab has an end there without a cable.
pub(crate) fn mark_loose(lab: &mut Lab, at: &Place) {
    let is_cabled = lab.cable_at(at).is_some();
    let found = lab.interface_mut(at).filter(|found| is_end(found) && !is_cabled);
    found.into_iter().for_each(|found| found.kind = InterfaceKind::Other(OtherKind::LooseCable));
}

/// Where a lab does not say whether an interface has a MAC address at all, it is as the observed one says.
fn keep_their_macs(now: &Lab, wanted: &mut Lab) {
    for (name, namespace) in &mut wanted.namespaces {
        let Some(there) = now.namespaces.get(name) else { continue };
        for (interface, found) in &mut namespace.interfaces {
            let was = there.interfaces.get(interface).filter(|was| was.kind == found.kind).map(|was| was.mac);
            if let (InterfaceKind::Other(_), Some(mac)) = (found.kind, was)
                && mac.is_some() != found.mac.is_some()
            {
                found.mac = mac;
            }
        }
    }
}

fn is_end(found: &Interface) -> bool {
    found.kind == InterfaceKind::VethEnd
}

struct Planner {
    /// The lab as it will be after the steps so far.
    now: Lab,
    wanted: Lab,
    /// Whether the observed lab has positions at all; a kernel's has none.
    is_drawn: bool,
    steps: Vec<Step>,
}

impl Planner {
    fn take(&mut self, step: Step) {
        // An observed lab may hold oddities that no lab of ours has. Then the step stays in the
        // plan all the same: the ground decides, and its refusal says what is odd.
        let _ = step.apply(&mut self.now);
        self.steps.push(step);
    }
}

#[cfg(test)]
mod tests;
