//! What commands changed in the lab, said in a line each.

use topology::{Cable, Lab, Place, Route, Step, Thing, plan::plan};

use crate::model::act::Item;

/// One thing that is otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub sort: Sort,
    /// Short: `namespace red`.
    pub words: String,
    /// The step's own sentence.
    pub sentence: String,
    /// What is new on the stage.
    pub item: Option<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Added,
    Removed,
    Changed,
}

/// From one lab to the next, in the order in which one would do it.
pub fn changes(before: &Lab, after: &Lab) -> Vec<Change> {
    let before = before.settled();
    let steps = plan(&before, after).steps;
    let moved = moved(&steps);
    let is_news = |step: &&Step| !is_no_news(step, &before, after, &moved) && !belongs_to_moved(step, &moved);
    let mut said: Vec<Change> = moved.iter().map(|(from, to)| moving(from, to)).collect();
    said.extend(steps.iter().filter(is_news).map(told));
    said
}

/// A plan takes down and builds up again what leans on something else that changes; people need not hear of it.
fn is_no_news(step: &Step, before: &Lab, after: &Lab, moved: &[(Place, Place)]) -> bool {
    let at = |lab: &Lab, place: &Place| {
        // What moved was elsewhere before.
        let from = moved.iter().find(|(_, to)| to == place).map(|(from, _)| from);
        let is_before = std::ptr::eq(lab, before);
        lab.interface(from.filter(|_| is_before).unwrap_or(place)).cloned()
    };
    let routes = |lab: &Lab, name, route: &Route| {
        lab.namespaces.get(name).is_some_and(|namespace| namespace.routes.contains(route))
    };
    match step {
        Step::Move { .. } => true,
        Step::SetUp { at: place, up } => {
            let was = at(before, place).map(|interface| interface.up);
            was == Some(*up) || at(after, place).is_none_or(|interface| interface.up != *up)
        }
        Step::AddAddress { at: place, address } => {
            at(before, place).is_some_and(|interface| interface.addresses.contains(address))
        }
        Step::RemoveAddress { at: place, address } => {
            at(after, place).is_none_or(|interface| interface.addresses.contains(address))
        }
        Step::AddNeighbour { at: place, neighbour } => {
            at(before, place).is_some_and(|interface| interface.neighbours.contains(neighbour))
        }
        Step::RemoveNeighbour { at: place, neighbour } => {
            at(after, place).is_none_or(|interface| interface.neighbours.contains(neighbour))
        }
        Step::Enslave { port, bridge } => {
            at(before, port).is_some_and(|interface| interface.bridge.as_ref() == Some(bridge))
        }
        Step::Release { port, bridge } => {
            at(after, port).is_none_or(|interface| interface.bridge.as_ref() == Some(bridge))
        }
        Step::AddRoute { namespace, route } => routes(before, namespace, route),
        Step::RemoveRoute { namespace, route } => {
            !after.namespaces.contains_key(namespace) || routes(after, namespace, route)
        }
        _ => false,
    }
}

/// Ends of cables that went to another namespace under their own name: from where, and where to.
fn moved(steps: &[Step]) -> Vec<(Place, Place)> {
    let pulled = steps.iter().filter_map(|step| match step {
        Step::PullCable { cable, .. } => Some(cable),
        _ => None,
    });
    let plugged: Vec<&Cable> = steps
        .iter()
        .filter_map(|step| match step {
            Step::PlugCable { cable, .. } => Some(cable),
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    for from in pulled {
        let Some(ends) = plugged.iter().find_map(|to| same_names(from, to)) else { continue };
        found.extend(ends.into_iter().filter(|(from, to)| from != to));
    }
    found
}

/// The ends of both, one beside the other, where they have the same names.
fn same_names(one: &Cable, other: &Cable) -> Option<[(Place, Place); 2]> {
    let ([a, b], [c, d]) = (one.ends(), other.ends());
    let pair = |x: &Place, y: &Place| (x.clone(), y.clone());
    let is_same = |x: &Place, y: &Place| x.interface == y.interface;
    // Ends of one name stay apart by the side that did not move.
    if is_same(a, c) && is_same(b, d) && (a == c || b == d || !is_same(a, d)) {
        Some([pair(a, c), pair(b, d)])
    } else if is_same(a, d) && is_same(b, c) {
        Some([pair(a, d), pair(b, c)])
    } else {
        None
    }
}

fn belongs_to_moved(step: &Step, moved: &[(Place, Place)]) -> bool {
    let touches = |cable: &Cable| {
        cable.ends().iter().any(|end| moved.iter().any(|(from, to)| end == from || end == to))
    };
    match step {
        Step::PullCable { cable, .. } | Step::PlugCable { cable, .. } => touches(cable),
        // A cable that is plugged anew has its addresses given anew.
        Step::SetMac { at, .. } | Step::SetMtu { at, .. } => moved.iter().any(|(_, to)| to == at),
        _ => false,
    }
}

fn moving(from: &Place, to: &Place) -> Change {
    Change {
        sort: Sort::Changed,
        words: format!("{} → {}", from, to.namespace),
        sentence: format!("Move {from} into {}", to.namespace),
        item: Some(Item::Interface(to.clone())),
    }
}

fn told(step: &Step) -> Change {
    let (sort, words, item) = in_short(step);
    Change { sort, words, sentence: step.sentence(), item }
}

fn in_short(step: &Step) -> (Sort, String, Option<Item>) {
    let cable_words = |cable: &Cable| {
        let [one, other] = cable.ends();
        format!("cable {one} ↔ {other}")
    };
    let bridge = |at: &Place| Item::Thing(Thing::Bridge(at.clone()));
    match step {
        Step::AddNamespace { name, .. } => {
            let item = Item::Thing(Thing::Namespace(name.clone()));
            (Sort::Added, format!("namespace {name}"), Some(item))
        }
        Step::RemoveNamespace { name, .. } => (Sort::Removed, format!("namespace {name}"), None),
        Step::AddBridge { at, .. } => (Sort::Added, format!("bridge {at}"), Some(bridge(at))),
        Step::RemoveBridge { at, .. } => (Sort::Removed, format!("bridge {at}"), None),
        Step::PlugCable { cable, .. } => (Sort::Added, cable_words(cable), Some(Item::Cable(cable.clone()))),
        Step::PullCable { cable, .. } => (Sort::Removed, cable_words(cable), None),
        Step::Enslave { port, bridge } => (Sort::Added, format!("{port} as a port of {bridge}"), None),
        Step::Release { port, bridge } => (Sort::Removed, format!("{port} as a port of {bridge}"), None),
        Step::SetUp { at, up } => {
            (Sort::Changed, format!("{at} is {}", if *up { "up" } else { "down" }), None)
        }
        Step::AddAddress { at, address } => {
            (Sort::Added, format!("{address} at {at}"), Some(Item::Interface(at.clone())))
        }
        Step::RemoveAddress { at, address } => (Sort::Removed, format!("{address} at {at}"), None),
        Step::AddRoute { namespace, route } => (Sort::Added, route_words(namespace, route), None),
        Step::RemoveRoute { namespace, route } => (Sort::Removed, route_words(namespace, route), None),
        _ => (Sort::Changed, step.sentence(), None),
    }
}

fn route_words(namespace: &topology::NamespaceName, route: &Route) -> String {
    let to = if route.to.prefix_len() == 0 { "default".into() } else { route.to.to_string() };
    let via = route.via.map(|via| format!(" via {via}")).unwrap_or_default();
    let dev = route.dev.as_ref().map(|dev| format!(" dev {dev}")).unwrap_or_default();
    format!("route {to}{via}{dev} in {namespace}")
}

#[cfg(test)]
mod tests;
