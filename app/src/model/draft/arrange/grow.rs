//! Places while the lab grows under somebody's typing.

use std::collections::BTreeSet;

use emath::{Rect, Vec2, vec2};
use topology::{Lab, Position, Thing};

use super::{
    Arrival, GRID, arrange_in_order,
    group::set,
    measure::{Measured, joined_things},
    place_missing_in_order,
};
use crate::model::stage::layout::{Curve, Layout, Lines};

/// With more things than this nobody could follow them to their new places.
const MOST_MOVED: usize = 40;
/// Between rooms.
const LEAST_GAP: f32 = 40.0;
/// A cable that is longer than this wants its ends nearer to each other.
const LONGEST_CABLE: f32 = 620.0;
/// So much longer than the straight line a cable may be.
const MOST_DETOUR: f32 = 1.7;

/// A place for everything in `lab` that has none, which is new since `before`; who came first stands first.
///
/// What `may_move` may find a better place when a connection appears: all of it, if nothing else is drawn. A cable to
/// the machine's own stack is mostly on its way to somewhere else, and no reason to move more than what has had no cable
/// until now, as long as that gives a fair drawing.
pub fn grow(before: &Lab, lab: &Lab, may_move: &BTreeSet<Thing>, arrival: &Arrival) -> Lab {
    let placed = place_missing_in_order(lab, arrival);
    let (was, now) = (joined_things(before), joined_things(lab));
    let things = things(&placed);
    if MOST_MOVED < things.len() || (now.is_subset(&was) && !is_crowded(&placed)) {
        return placed;
    }
    let is_settled = now.difference(&was).any(|(one, other)| !is_machine(one) && !is_machine(other));
    let has_cable = |thing: &Thing| was.iter().any(|(one, other)| one == thing || other == thing);
    let mut gentle = lab.clone();
    for thing in may_move.iter().filter(|thing| !has_cable(thing)) {
        forget(&mut gentle, thing);
    }
    let gentle = place_missing_in_order(&gentle, arrival);
    let is_all_free = things.iter().all(|thing| may_move.contains(thing) || !stands(lab, thing));
    if !is_all_free || (!is_settled && is_fair(&gentle)) {
        return gentle;
    }
    let mut anew = arrange_in_order(lab, arrival);
    let by = drift(&placed, &anew, &things);
    for thing in &things {
        if let Some(at) = position(&anew, thing) {
            set(&mut anew, thing, at + by);
        }
    }
    anew
}

fn is_machine(thing: &Thing) -> bool {
    matches!(thing, Thing::Namespace(name) if name.is_host())
}

/// Everything that can have a place and is drawn.
fn things(lab: &Lab) -> Vec<Thing> {
    let layout = Layout::of(lab, &Lines::default());
    let rooms = layout.rooms.keys().cloned().map(Thing::Namespace);
    rooms.chain(layout.switches.keys().cloned().map(Thing::Bridge)).collect()
}

fn position(lab: &Lab, thing: &Thing) -> Option<emath::Pos2> {
    let found = match thing {
        Thing::Namespace(name) => lab.namespaces.get(name)?.position,
        Thing::Bridge(at) => lab.interface(at)?.position,
    };
    found.map(|Position { x, y }| emath::pos2(x as f32, y as f32))
}

fn stands(lab: &Lab, thing: &Thing) -> bool {
    position(lab, thing).is_some()
}

fn forget(lab: &mut Lab, thing: &Thing) {
    match thing {
        Thing::Namespace(name) => {
            if let Some(found) = lab.namespaces.get_mut(name) {
                found.position = None;
            }
        }
        Thing::Bridge(at) => {
            if let Some(found) = lab.interface_mut(at) {
                found.position = None;
            }
        }
    }
}

/// By how much things would move on the average: that much they move back together.
fn drift(before: &Lab, after: &Lab, things: &[Thing]) -> Vec2 {
    let moves = things.iter().filter_map(|thing| Some(position(before, thing)? - position(after, thing)?));
    let (sum, count) = moves.fold((Vec2::ZERO, 0.0_f32), |(sum, count), by| (sum + by, count + 1.0));
    let mean = sum / count.max(1.0);
    vec2((mean.x / GRID).round(), (mean.y / GRID).round()) * GRID
}

/// Also once its tables have the rows that playing will bring.
fn is_crowded(lab: &Lab) -> bool {
    crowds(&Layout::of(lab, &Measured::of(lab).lines), 8.0)
}

fn crowds(layout: &Layout, least: f32) -> bool {
    let rooms: Vec<Rect> = layout.rooms.values().map(|room| room.rect).collect();
    let near = |a: &Rect, b: &Rect| a.expand(least).intersects(*b);
    (0..rooms.len()).any(|i| rooms[i + 1..].iter().any(|other| near(&rooms[i], other)))
}

/// Whether one would leave it so: nothing is crowded, and each cable goes to its other end without ado.
fn is_fair(lab: &Lab) -> bool {
    let layout = Layout::of(lab, &Lines::default());
    let goes_straight = |curve: &Curve| {
        let length = curve.length();
        length < LONGEST_CABLE && length < MOST_DETOUR * curve.start().distance(curve.end()).max(GRID)
    };
    !crowds(&layout, LEAST_GAP) && layout.cables.values().all(goes_straight) && layout.tangles() == 0
}

#[cfg(test)]
mod tests {
    use topology::{Cable, Interface, InterfaceKind, Namespace, NamespaceName, Place};

    use super::*;

    fn name(text: &str) -> NamespaceName {
        text.parse().expect("a good name")
    }

    fn end(lab: &mut Lab, at: &str) -> Place {
        let at: Place = at.parse().expect("a good place");
        let namespace = lab.namespaces.entry(at.namespace.clone()).or_default();
        namespace.interfaces.insert(at.interface.clone(), Interface::new(InterfaceKind::VethEnd));
        at
    }

    #[test]
    fn a_room_moves_to_what_its_first_cable_leads_to() {
        let mut lab = Lab::default();
        for text in ["a", "b", "host"] {
            lab.namespaces.insert(name(text), Namespace::default());
        }
        let cable = Cable::new(end(&mut lab, "host/x"), end(&mut lab, "host/y"));
        lab.cables.insert(cable.clone());
        let may_move: BTreeSet<Thing> = ["a", "b", "host"].map(|text| Thing::Namespace(name(text))).into();
        let before = grow(&Lab::default(), &lab, &BTreeSet::new(), &Arrival::default());
        let mut lab = before.clone();
        lab.cables.clear();
        lab.namespaces.get_mut(&name("host")).expect("it is there").interfaces.clear();
        let cable = Cable::new(end(&mut lab, "host/x"), end(&mut lab, "a/y"));
        lab.cables.insert(cable);
        let after = grow(&before, &lab, &may_move, &Arrival::default());
        let at = |text: &str| after.namespaces[&name(text)].position.expect("it has a place");
        let apart = (at("a").x - at("host").x).abs() + (at("a").y - at("host").y).abs();
        assert!(apart <= 520, "{:?} {:?} {:?} from {before:#?}", at("a"), at("b"), at("host"));
    }
}
