//! Places for everything, as one would draw it by hand.
//!
//! From the inside out: [`house`] gives the bridges of a namespace their places among each other, [`around`] puts its
//! rooms around it, [`columns`] what is cabled together beside each other, and [`shelves`] what is not. [`missing`] finds
//! places beside what stands already, and [`grow`] those of a lab that is being typed. How large things are is asked of the stage's own layout, see [`measure`].

mod around;
mod arrival;
mod columns;
mod group;
mod grow;
mod house;
mod measure;
mod missing;
mod order;
mod shelves;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use emath::{Rect, pos2};
use topology::{Lab, NamespaceName, Thing};

pub use self::{arrival::Arrival, grow::grow};
use self::{group::Group, measure::Measured};

/// Positions are multiples of this, in canvas points.
pub(crate) const GRID: f32 = 8.0;
/// Where the upper left corner of it all is.
const LEFT: f32 = 48.0;
const TOP: f32 = 64.0;
/// Between things that no cable joins directly.
const GAP: f32 = 72.0;
/// Between a room and what its cable goes to, when they stand side by side: room for both interfaces' names.
const CABLE_GAP: f32 = 232.0;

/// The same lab with a position for everything that is drawn, whatever was there before.
pub fn arrange(lab: &Lab) -> Lab {
    arrange_in_order(lab, &Arrival::default())
}

fn arrange_in_order(lab: &Lab, arrival: &Arrival) -> Lab {
    let measured = Measured::in_order(lab, arrival);
    let mut all = whole(&measured);
    all.move_to(pos2(LEFT, TOP));
    all.write(lab)
}

/// The same lab with a position for everything that had none, beside what it is connected to.
///
/// What has a position keeps it. Only where a house is walled in on all sides by what must not move can a bridge that
/// is added to it make it overlap something.
pub fn place_missing(lab: &Lab) -> Lab {
    place_missing_in_order(lab, &Arrival::default())
}

fn place_missing_in_order(lab: &Lab, arrival: &Arrival) -> Lab {
    let placed = lab.namespaces.values().any(|found| found.position.is_some());
    if placed || lab.interfaces().any(|(_, found)| found.position.is_some()) {
        missing::place(lab, arrival)
    } else {
        arrange_in_order(lab, arrival)
    }
}

/// Everything, somewhere.
fn whole(measured: &Measured<'_>) -> Group {
    let components = components(measured).into_iter().map(|names| component(measured, &names));
    shelves::side_by_side(components.collect())
}

/// What hangs together by cables; houses count as one, with all that is in them.
fn components(measured: &Measured<'_>) -> Vec<BTreeSet<NamespaceName>> {
    let mut all: Vec<BTreeSet<NamespaceName>> = Vec::new();
    for things in measured.shape.components() {
        let names: BTreeSet<NamespaceName> =
            things.iter().map(|thing| owner(thing).clone()).filter(|name| measured.is_drawn(name)).collect();
        if !names.is_empty() {
            all.push(names);
        }
    }
    all.sort_by_key(|names| names.iter().map(|name| measured.arrival.rank(name)).min());
    all
}

fn owner(thing: &Thing) -> &NamespaceName {
    match thing {
        Thing::Namespace(name) => name,
        Thing::Bridge(at) => &at.namespace,
    }
}

/// Houses with their own rooms around them, and rooms between houses, beside each other.
fn component(measured: &Measured<'_>, names: &BTreeSet<NamespaceName>) -> Group {
    let owned = owned_rooms(measured, names);
    let mut node_of: BTreeMap<&NamespaceName, usize> = BTreeMap::new();
    let mut groups = Vec::new();
    let ordered = measured.arrival.sorted(names);
    for name in ordered.iter().copied().filter(|name| measured.is_house(name)) {
        let rooms = owned.get(name).cloned().unwrap_or_default();
        for room in rooms.iter().chain([name]) {
            if let Some(known) = names.get(room) {
                node_of.insert(known, groups.len());
            }
        }
        groups.push(around::house_with_rooms(measured, name, &rooms));
    }
    for name in ordered {
        if !node_of.contains_key(name) {
            node_of.insert(name, groups.len());
            groups.push(room(measured, name));
        }
    }
    let mut joints = BTreeSet::new();
    for name in names {
        for other in measured.neighbours_of(name) {
            if let (Some(&a), Some(&b)) = (node_of.get(name), node_of.get(&other))
                && a != b
            {
                joints.insert((a.min(b), a.max(b)));
            }
        }
    }
    columns::beside_each_other(groups, &joints)
}

fn room(measured: &Measured<'_>, name: &NamespaceName) -> Group {
    let rect = Rect::from_min_size(pos2(0.0, 0.0), measured.room_size(name));
    Group::of(Thing::Namespace(name.clone()), rect)
}

/// The rooms from which cables lead to one house only, by house.
fn owned_rooms(
    measured: &Measured<'_>,
    names: &BTreeSet<NamespaceName>,
) -> BTreeMap<NamespaceName, BTreeSet<NamespaceName>> {
    let mut owned: BTreeMap<NamespaceName, BTreeSet<NamespaceName>> = BTreeMap::new();
    let mut seen: BTreeSet<NamespaceName> = BTreeSet::new();
    for first in names.iter().filter(|name| !measured.is_house(name)) {
        if seen.contains(first) {
            continue;
        }
        let mut waiting = vec![first.clone()];
        let (mut rooms, mut houses) = (BTreeSet::new(), BTreeSet::new());
        while let Some(name) = waiting.pop() {
            if measured.is_house(&name) {
                houses.insert(name);
            } else if seen.insert(name.clone()) {
                waiting.extend(measured.neighbours_of(&name));
                rooms.insert(name);
            }
        }
        if let (Some(house), 1) = (houses.first(), houses.len()) {
            owned.entry(house.clone()).or_default().extend(rooms);
        }
    }
    owned
}
