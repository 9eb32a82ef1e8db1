//! What was seen in the kernel, applied to what is drawn; and drawn things made fit to be kept.

mod merge;
mod named;
mod rename;

use std::collections::{BTreeMap, BTreeSet};

pub use named::with_names_of_their_own;
pub use rename::applied as renamed;

use crate::{Became, Cable, Interface, InterfaceKind, Lab, NamespaceName, Place, Target};

/// The drawn lab after what happened between two looks: what appeared is drawn, what went is gone, what changed is
/// changed, and what only moved or got another name keeps its position and all that is set on it.
///
/// What is drawn and not (yet) in the kernel stays, with title, pings and positions; what is drawn as left open stays
/// open where that comes to the same. Nothing changes where `before` and `after` are the same.
#[must_use]
pub fn adopt(drawn: &Lab, before: &Lab, after: &Lab, became: &[Became]) -> Lab {
    let (mut lab, before) = (rename::applied(drawn, became), rename::applied(before, became));
    let open = lab.clone();
    let gone = Gone::between(&before, after);
    gone.take_from(&mut lab);
    for (name, is) in &after.namespaces {
        match (before.namespaces.get(name), lab.namespaces.get_mut(name)) {
            (Some(was), Some(found)) => merge::namespace(found, was, is),
            // It was taken out of the drawing, and that was not carried out yet.
            (Some(was), None) if was == is => {}
            (Some(_) | None, None) => drop(lab.namespaces.insert(name.clone(), is.clone())),
            (None, Some(found)) => merge::arrived(found, is),
        }
    }
    for cable in after.cables.difference(&before.cables) {
        // An end has one cable: the one that is there.
        lab.cables.retain(|other| !cable.ends().iter().any(|end| other.ends().contains(end)));
        lab.cables.insert(cable.clone());
    }
    let is_renamed = |at: &Place| {
        became.iter().any(|change| match change {
            Became::Namespace { to, .. } => *to == at.namespace,
            Became::Interface { to, .. } => to == at,
        })
    };
    merge::keep_macs(&mut lab, after, is_renamed);
    merge::leave_open(&mut lab, &open, after);
    lab
}

/// What the kernel no longer has.
struct Gone<'a> {
    namespaces: BTreeSet<&'a NamespaceName>,
    ends: BTreeSet<Place>,
    cables: BTreeSet<&'a Cable>,
    after: &'a Lab,
}

impl<'a> Gone<'a> {
    fn between(before: &'a Lab, after: &'a Lab) -> Self {
        let gone = |name: &&NamespaceName| !after.namespaces.contains_key(*name) && !name.is_host();
        let interfaces = before.interfaces().map(|(at, _)| at).filter(|at| after.interface(at).is_none());
        Self {
            namespaces: before.namespaces.keys().filter(gone).collect(),
            ends: interfaces.collect(),
            cables: before.cables.difference(&after.cables).collect(),
            after,
        }
    }

    fn take_from(&self, lab: &mut Lab) {
        let is_gone = |end: &Place| self.ends.contains(end) || self.namespaces.contains(&end.namespace);
        let (lost, kept): (BTreeSet<Cable>, BTreeSet<Cable>) = std::mem::take(&mut lab.cables)
            .into_iter()
            .partition(|cable| self.cables.contains(cable) || cable.ends().iter().any(is_gone));
        lab.cables = kept;
        // A cable goes with both of its ends, unless one of them is there all the same.
        for end in lost.iter().flat_map(Cable::ends).filter(|end| self.after.interface(end).is_none()) {
            remove(lab, end, |found| found.kind == InterfaceKind::VethEnd);
        }
        self.ends.iter().for_each(|end| remove(lab, end, |_| true));
        lab.namespaces.retain(|name, _| !self.namespaces.contains(name));
        let is_of_gone = |(from, target): &(NamespaceName, Target)| {
            let to = match target {
                Target::Namespace(to) => self.namespaces.contains(to),
                Target::Address(_) => false,
            };
            to || self.namespaces.contains(from)
        };
        lab.pings.retain(|ping| !is_of_gone(ping));
    }
}

/// With what cannot be without it.
fn remove(lab: &mut Lab, at: &Place, which: impl Fn(&Interface) -> bool) {
    let Some(namespace) = lab.namespaces.get_mut(&at.namespace) else { return };
    if namespace.interfaces.get(&at.interface).is_some_and(which) {
        namespace.interfaces.remove(&at.interface);
        namespace.routes.retain(|route| route.dev.as_ref() != Some(&at.interface));
        for port in
            namespace.interfaces.values_mut().filter(|port| port.bridge.as_ref() == Some(&at.interface))
        {
            port.bridge = None;
        }
    }
}

/// Places under other names.
type Names = BTreeMap<Place, Place>;

#[cfg(test)]
mod tests;
