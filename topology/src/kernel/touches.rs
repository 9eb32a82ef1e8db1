//! Which steps of a plan touch an interface, and so which may happen together.

use std::collections::BTreeMap;

use crate::{Cable, InterfaceName, NamespaceName, Place, Step};

use super::cables::NewCable;

/// Which steps touch an interface, and which a namespace, in order.
pub(super) struct Touches<'a> {
    interfaces: BTreeMap<(&'a NamespaceName, &'a InterfaceName), Vec<usize>>,
    namespaces: BTreeMap<&'a NamespaceName, Vec<usize>>,
}

impl<'a> Touches<'a> {
    pub(super) fn of(steps: &'a [Step]) -> Self {
        let mut found = Self { interfaces: BTreeMap::new(), namespaces: BTreeMap::new() };
        for (i, step) in steps.iter().enumerate() {
            for place in places(step) {
                found.interfaces.entry((&place.namespace, &place.interface)).or_default().push(i);
            }
            for name in namespaces(step) {
                found.namespaces.entry(name).or_default().push(i);
            }
        }
        found
    }

    /// The steps in a namespace from step `at` on.
    pub(super) fn in_namespace(&self, name: &NamespaceName, at: usize) -> &[usize] {
        let all = self.namespaces.get(name).map(Vec::as_slice).unwrap_or_default();
        &all[all.partition_point(|&step| step < at)..]
    }

    /// Those that touch `place`, or the bridge of that name beside it, after step `i`.
    fn after<'b>(&'b self, place: &'b Place, bridge: Option<&'b InterfaceName>, i: usize) -> &'b [usize] {
        let key = (&place.namespace, bridge.unwrap_or(&place.interface));
        let all = self.interfaces.get(&key).map(Vec::as_slice).unwrap_or_default();
        &all[all.partition_point(|&step| step <= i)..]
    }

    /// The steps that can happen together with plugging the cable of step `i`: making one end a port
    /// of a bridge that is there already, and switching that port on, where nothing else comes between.
    pub(super) fn with_cable(&self, steps: &'a [Step], i: usize, new: &mut NewCable<'a>) -> Vec<usize> {
        for (near, end) in new.cable.ends().iter().enumerate() {
            let mut next = self.after(end, None, i).iter().copied();
            let Some(enslaving) = next.next() else { continue };
            let Step::Enslave { bridge, .. } = &steps[enslaving] else { continue };
            let mut on_bridge = self.after(end, Some(bridge), i).iter().take_while(|&&step| step < enslaving);
            if !on_bridge.all(|&step| matches!(steps[step], Step::SetUp { .. } | Step::AddAddress { .. })) {
                continue;
            }
            (new.near, new.bridge) = (near, Some(bridge));
            let switching_on =
                next.next().filter(|&step| matches!(steps[step], Step::SetUp { up: true, .. }));
            new.near_up = switching_on.is_some();
            return std::iter::once(enslaving).chain(switching_on).collect();
        }
        vec![]
    }

    /// The cables that are pulled from step `at` on without a pause. An end that goes anyway need not be
    /// switched off or released first, so these steps happen together with the pulling.
    pub(super) fn pulling(&self, steps: &'a [Step], at: usize) -> Pulling<'a> {
        let mut run = Pulling { cables: Vec::new(), end: at };
        let mut stripping: Vec<usize> = Vec::new();
        for (i, step) in steps.iter().enumerate().skip(at) {
            match step {
                Step::PullCable { cable, .. } => {
                    let of_this =
                        |&i: &usize| places(&steps[i]).iter().all(|place| cable.ends().contains(place));
                    let (mut these, others) = stripping.into_iter().partition::<Vec<usize>, _>(of_this);
                    these.push(i);
                    stripping = others;
                    run.cables.push((cable, these));
                    // Where stripping of another cable has begun, the run ends only after that one.
                    if stripping.is_empty() {
                        run.end = i + 1;
                    }
                }
                Step::SetUp { at, up: false } | Step::Release { port: at, .. }
                    if self.is_pulled_soon(steps, at, i) =>
                {
                    stripping.push(i);
                }
                _ => break,
            }
        }
        run.cables.retain(|(_, these)| these.iter().all(|&i| i < run.end));
        run
    }

    /// Whether all that happens to an interface after step `i`, until its cable is pulled, is its stripping.
    fn is_pulled_soon(&self, steps: &[Step], at: &Place, i: usize) -> bool {
        let stripping = |step: &Step| matches!(step, Step::SetUp { up: false, .. } | Step::Release { .. });
        let mut next = self.after(at, None, i).iter().skip_while(|&&step| stripping(&steps[step]));
        next.next().is_some_and(|&step| matches!(steps[step], Step::PullCable { .. }))
    }
}

/// Cables, each with its steps: those that strip its ends, then the one that pulls it.
pub(super) struct Pulling<'a> {
    pub(super) cables: Vec<(&'a Cable, Vec<usize>)>,
    /// The step to go on with.
    pub(super) end: usize,
}

/// The namespaces in which a step happens; a cable inside one namespace names it twice.
pub(super) fn namespaces(step: &Step) -> Vec<&NamespaceName> {
    match step {
        Step::AddNamespace { name, .. } | Step::RemoveNamespace { name, .. } => vec![name],
        Step::AddRoute { namespace, .. }
        | Step::RemoveRoute { namespace, .. }
        | Step::SetSysctl { namespace, .. }
        | Step::SetFirewall { namespace, .. } => vec![namespace],
        _ => places(step).into_iter().map(|place| &place.namespace).collect(),
    }
}

fn places(step: &Step) -> Vec<&Place> {
    match step {
        Step::AddBridge { at, .. }
        | Step::RemoveBridge { at, .. }
        | Step::AddOther { at, .. }
        | Step::RemoveOther { at, .. }
        | Step::SetUp { at, .. }
        | Step::SetMac { at, .. }
        | Step::SetMtu { at, .. }
        | Step::AddAddress { at, .. }
        | Step::RemoveAddress { at, .. }
        | Step::AddNeighbour { at, .. }
        | Step::RemoveNeighbour { at, .. }
        | Step::SetBridge { at, .. } => vec![at],
        Step::Enslave { port, .. } | Step::Release { port, .. } | Step::SetVlans { port, .. } => vec![port],
        Step::PlugCable { cable, .. } | Step::PullCable { cable, .. } => cable.ends().iter().collect(),
        Step::AddNamespace { .. }
        | Step::RemoveNamespace { .. }
        | Step::AddRoute { .. }
        | Step::RemoveRoute { .. }
        | Step::SetSysctl { .. }
        | Step::SetFirewall { .. }
        | Step::Move { .. } => vec![],
    }
}
