//! What no plan can make or take away, since it lives as a process does.

use std::collections::BTreeSet;

use topology::{Became, Interface, InterfaceKind, Lab, NamespaceName, Place, adopt};

use super::{file, sight};
use crate::model::{
    command::Effect,
    renames::Renames,
    state::{Live, State},
};

/// Whether this namespace is called after the process that holds it.
pub fn is_of_a_process(state: &State, name: &NamespaceName) -> bool {
    state.processes.contains_key(name) || name.process().is_some()
}

/// The drawing was changed from `before`. What of that the kernel could never do is not drawn, and the person is told.
pub fn keep_what_only_processes_can_end(state: &mut State, before: &Lab) {
    let Live::On { observed, .. } = &state.live else { return };
    let wanted = state.draft.lab().clone();
    let mut lab = Lab::clone(&wanted);
    let mut words = Vec::new();
    for name in before.namespaces.keys() {
        let is_gone = !wanted.namespaces.contains_key(name) && observed.namespaces.contains_key(name);
        if is_gone && is_of_a_process(state, name) {
            keep(&mut lab, before, name);
            words.push(format!("{name} lives as long as its process{}", command_of(state, name)));
        }
    }
    for name in wanted.namespaces.keys() {
        if name.process().is_some() && !observed.namespaces.contains_key(name) {
            remove(&mut lab, name);
            words.push(format!("{name} ended with its process, and nothing can bring that back"));
        }
    }
    let lost =
        wanted.interfaces().filter(|(at, found)| is_made_by_hand(found) && observed.interface(at).is_none());
    for (at, _) in lost {
        if let Some(namespace) = lab.namespaces.get_mut(&at.namespace)
            && namespace.interfaces.remove(&at.interface).is_some()
        {
            words.push(format!("{at} can be made in a terminal only"));
        }
    }
    if lab != *wanted {
        state.draft.stands_as(lab);
    }
    if !words.is_empty() {
        state.notify(words.join("; "), true);
    }
}

fn command_of(state: &State, name: &NamespaceName) -> String {
    state.processes.get(name).map(|process| format!(": {}", process.command)).unwrap_or_default()
}

/// A kind of interface that needs to be told more than a lab knows.
fn is_made_by_hand(found: &Interface) -> bool {
    matches!(found.kind, InterfaceKind::Other(kind) if !kind.can_be_made())
}

/// The namespace with all in it, and those of its cables whose other ends are there.
fn keep(lab: &mut Lab, before: &Lab, name: &NamespaceName) {
    let Some(found) = before.namespaces.get(name) else { return };
    lab.namespaces.insert(name.clone(), found.clone());
    let cables = before.cables.iter().filter(|cable| cable.ends().iter().any(|end| end.namespace == *name));
    let (whole, torn): (Vec<_>, Vec<_>) =
        cables.partition(|cable| cable.ends().iter().all(|end| lab.interface(end).is_some()));
    lab.cables.extend(whole.into_iter().cloned());
    for end in torn.iter().flat_map(|cable| cable.ends()).filter(|end| end.namespace == *name) {
        if let Some(namespace) = lab.namespaces.get_mut(name) {
            namespace.interfaces.remove(&end.interface);
        }
    }
}

fn remove(lab: &mut Lab, name: &NamespaceName) {
    lab.namespaces.remove(name);
    let is_torn = |cable: &topology::Cable| cable.ends().iter().any(|end| end.namespace == *name);
    let far_ends: BTreeSet<Place> =
        lab.cables.iter().filter(|cable| is_torn(cable)).flat_map(|cable| cable.ends()).cloned().collect();
    lab.cables.retain(|cable| !is_torn(cable));
    for end in far_ends {
        if let Some(namespace) = lab.namespaces.get_mut(&end.namespace) {
            namespace.interfaces.remove(&end.interface);
        }
    }
}

/// Processes end with their lab: what is drawn of their namespaces gets names that can be made again.
pub fn name_rooms_of_processes(state: &mut State) -> Vec<Effect> {
    let drawn = state.draft.lab().clone();
    if !drawn.namespaces.keys().any(|name| name.process().is_some()) {
        return Vec::new();
    }
    let (named, became) = adopt::with_names_of_their_own(&drawn);
    let became: Vec<Became> = became.into_iter().map(|(from, to)| Became::Namespace { from, to }).collect();
    let renames = Renames::of(&became);
    state.draft.is_called(named, &renames);
    sight::follow(state, &renames);
    let words = "Namespaces of processes have names of their own now, so that the lab can run again: ";
    let names: Vec<String> = became
        .iter()
        .filter_map(|what| match what {
            Became::Namespace { from, to } => Some(format!("{from} is {to}")),
            Became::Interface { .. } => None,
        })
        .collect();
    state.notify(format!("{words}{}", names.join(", ")), false);
    file::keep_safe(state)
}
