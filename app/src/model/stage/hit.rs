//! What is under the pointer.

use emath::{Pos2, Rect, Vec2, vec2};
use topology::{NamespaceName, Place, Thing};

use super::{
    layout::{
        Socket, TABLE_ROW, TABLE_TITLE,
        labels::{label_rect, plug_rect},
    },
    scene::{Mark, Pill, Plug, Room, Scene, Switch, Table},
    sizes::HOUSE_HEADER,
};
use crate::model::act::Item;

#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    /// Index into [`Scene::pills`].
    Pill(usize),
    Item(Item),
    /// A row of a table: of which owner, and its text.
    Neighbour {
        of: NamespaceName,
        row: usize,
    },
    Learned {
        by: Place,
        row: usize,
    },
    /// Index into [`Scene::marks`].
    Mark(usize),
}

/// How large pills, marks and plugs are painted, in canvas points.
const PILL_HEIGHT: f32 = 26.0;
const PILL_CHARACTER: f32 = 7.6;
const PILL_PAD: f32 = 26.0;
const DOT_RADIUS: f32 = 6.0;
const MARK_RADIUS: f32 = 9.0;
/// A house is taken at its frame or header: its ground is free for box selection.
const FRAME: f32 = 6.0;
/// Fainter pills are as good as gone.
const FAINT: f32 = 0.15;

/// The topmost thing at a canvas point; `slack` canvas points beside it still count for small and thin things.
pub fn hit(scene: &Scene, at: Pos2, slack: f32) -> Option<Hit> {
    pill(scene, at, slack).or_else(|| beneath(scene, at, slack))
}

/// The same without frames, which only pass by.
pub fn beneath(scene: &Scene, at: Pos2, slack: f32) -> Option<Hit> {
    mark(scene, at, slack)
        .or_else(|| socket(scene, at, slack))
        .or_else(|| port(scene, at))
        .or_else(|| row(scene, at))
        .or_else(|| body(scene, at))
        .or_else(|| cable(scene, at, slack))
        .or_else(|| house(scene, at, slack))
}

/// What a pill covers.
pub fn pill_rect(pill: &Pill) -> Rect {
    if pill.text.is_empty() {
        return Rect::from_center_size(pill.center, Vec2::splat(2.0 * DOT_RADIUS));
    }
    let mut characters = pill.text.chars().count();
    if pill.count > 1 {
        characters += 2 + pill.count.ilog10() as usize + 1;
    }
    Rect::from_center_size(pill.center, vec2(characters as f32 * PILL_CHARACTER + PILL_PAD, PILL_HEIGHT))
}

fn pill(scene: &Scene, at: Pos2, slack: f32) -> Option<Hit> {
    let is_hit = |pill: &Pill| FAINT <= pill.opacity && pill_rect(pill).expand(slack).contains(at);
    scene.pills.iter().rposition(is_hit).map(Hit::Pill)
}

/// Marks stand close beside sockets, which must still be hit: of a mark only what is seen counts.
fn mark(scene: &Scene, at: Pos2, slack: f32) -> Option<Hit> {
    let is_hit = |mark: &Mark| mark.center.distance(at) <= MARK_RADIUS.max(slack);
    scene.marks.iter().rposition(is_hit).map(Hit::Mark)
}

/// A plug or the name beside it; of several the nearest.
fn socket(scene: &Scene, at: Pos2, slack: f32) -> Option<Hit> {
    let near = scene.plugs.iter().filter(|plug| {
        let Socket { at: point, outward, is_labelled, .. } = plug.socket;
        let on_plug = plug_rect(point, outward).expand(slack).contains(at);
        on_plug || (is_labelled && label_rect(&plug.at, &plug.socket).contains(at))
    });
    let distance = |plug: &Plug| plug.socket.at.distance_sq(at);
    let nearest = near.min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    Some(Hit::Item(Item::Interface(nearest.at.clone())))
}

/// A port with something in it; an empty one is a part of its switch.
fn port(scene: &Scene, at: Pos2) -> Option<Hit> {
    let mut ports = scene.switches.iter().rev().flat_map(|switch| &switch.ports);
    let place = ports.find(|port| port.rect.contains(at))?.place.clone()?;
    Some(Hit::Item(Item::Interface(place)))
}

fn row(scene: &Scene, at: Pos2) -> Option<Hit> {
    let neighbour = scene.rooms.iter().rev().find_map(|room| {
        let row = row_of(&room.neighbours, at)?;
        Some(Hit::Neighbour { of: room.name.clone(), row })
    });
    neighbour.or_else(|| {
        scene.switches.iter().rev().find_map(|switch| {
            let row = row_of(&switch.learned, at)?;
            Some(Hit::Learned { by: switch.at.clone(), row })
        })
    })
}

fn row_of(table: &Table, at: Pos2) -> Option<usize> {
    let rect = table.rect.filter(|rect| rect.contains(at))?;
    let row = ((at.y - rect.top() - TABLE_TITLE) / TABLE_ROW).floor();
    (0.0 <= row && (row as usize) < table.rows.len()).then_some(row as usize)
}

/// A switch with what it has learned, or a room.
fn body(scene: &Scene, at: Pos2) -> Option<Hit> {
    let on_switch = |switch: &&Switch| {
        switch.rect.contains(at) || switch.learned.rect.is_some_and(|learned| learned.contains(at))
    };
    if let Some(switch) = scene.switches.iter().rev().find(on_switch) {
        return Some(Hit::Item(Item::Thing(Thing::Bridge(switch.at.clone()))));
    }
    let room = scene.rooms.iter().rev().find(|room| !room.is_house && room.rect.contains(at))?;
    Some(Hit::Item(Item::Thing(Thing::Namespace(room.name.clone()))))
}

fn cable(scene: &Scene, at: Pos2, slack: f32) -> Option<Hit> {
    let near = scene.cables.iter().filter(|cable| cable.curve.bounds().expand(slack).contains(at));
    let measured = near.map(|cable| (cable.curve.distance(at), cable));
    let close = measured.filter(|(distance, _)| *distance <= slack);
    let (_, cable) = close.min_by(|(a, _), (b, _)| a.total_cmp(b))?;
    Some(Hit::Item(Item::Cable(cable.cable.clone())))
}

fn house(scene: &Scene, at: Pos2, slack: f32) -> Option<Hit> {
    let on_house = |room: &&Room| {
        let header = Rect::from_min_size(room.rect.min, vec2(room.rect.width(), HOUSE_HEADER));
        let inside = room.rect.shrink(FRAME);
        let on_frame = room.rect.expand(slack).contains(at) && !inside.contains(at);
        let own =
            [room.neighbours.rect, room.routes.rect].into_iter().flatten().any(|rect| rect.contains(at));
        room.is_house && (on_frame || header.contains(at) || own)
    };
    let room = scene.rooms.iter().rev().find(on_house)?;
    Some(Hit::Item(Item::Thing(Thing::Namespace(room.name.clone()))))
}

#[cfg(test)]
mod tests;
