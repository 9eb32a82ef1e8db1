//! Problems, on what they are about.

use emath::{Pos2, vec2};
use topology::{
    NamespaceName, Place, Thing,
    check::{About, Severity},
};

use super::Mark;
use crate::model::{
    act::Item,
    stage::layout::{Layout, TABLE_TITLE},
    state::State,
};

/// Between marks at one place.
const BESIDE: f32 = 18.0;

/// What the check found (notes aside, they are in the list of problems), and what the kernel refused.
pub(super) fn marks(state: &State, layout: &Layout) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut put = |center: Pos2, about: Option<Item>, level: Level, text: &str, hint: &str| {
        let mut center = center;
        // At most as many as there are marks: each step leaves one of them behind.
        while marks.iter().any(|other| other.center.distance(center) < BESIDE - 1.0) {
            center.x -= BESIDE;
        }
        let (is_error, is_note) = (level == Level::Error, level == Level::Note);
        marks.push(Mark { center, about, is_error, is_note, text: text.into(), hint: hint.into() });
    };
    for (item, why) in &state.failed {
        if let Some(at) = place_of(layout, item) {
            put(at, Some(item.clone()), Level::Error, why, "");
        }
    }
    for problem in state.problems.iter().filter(|problem| problem.severity != Severity::Note) {
        if let Some((at, item)) = about(layout, &problem.about) {
            let is_error = problem.severity == Severity::Error;
            let level = if is_error { Level::Error } else { Level::Warning };
            put(at, item, level, &problem.message, &problem.hint);
        }
    }
    for (at, frames) in state.story.missed() {
        if let Some((center, item)) = on_interface(layout, at).filter(|_| 0 < *frames) {
            put(center, item, Level::Note, &missed_words(*frames), MISSED_HINT);
        }
    }
    marks
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    Note,
}

pub const MISSED_HINT: &str =
    "They crossed the interface when nobody listened there yet, so they are not shown";

/// What is said of frames that came before an interface's tap.
pub fn missed_words(frames: u64) -> String {
    match frames {
        1 => "1 frame before the tap".into(),
        _ => format!("{frames} frames before the tap"),
    }
}

fn about(layout: &Layout, about: &About) -> Option<(Pos2, Option<Item>)> {
    match about {
        // It is in the list of problems.
        About::Lab => None,
        About::Namespace(name) => {
            Some((on_room(layout, name)?, Some(Item::Thing(Thing::Namespace(name.clone())))))
        }
        About::Interface(at) => on_interface(layout, at),
        About::Cable(cable) => {
            let item = Item::Cable(cable.clone());
            Some((place_of(layout, &item)?, Some(item)))
        }
        About::Route { namespace, .. } => {
            let item = Item::Thing(Thing::Namespace(namespace.clone()));
            let routes = layout.rooms.get(namespace)?.routes;
            let on_table = routes.right_top() + vec2(-8.0, TABLE_TITLE / 2.0);
            let at = if routes.is_positive() { on_table } else { on_room(layout, namespace)? };
            Some((at, Some(item)))
        }
    }
}

fn place_of(layout: &Layout, item: &Item) -> Option<Pos2> {
    match item {
        Item::Thing(Thing::Namespace(name)) => on_room(layout, name),
        Item::Thing(Thing::Bridge(at)) => on_switch(layout, at),
        Item::Cable(cable) => Some(layout.cables.get(cable)?.at(0.5)),
        Item::Interface(at) => Some(on_interface(layout, at)?.0),
    }
}

/// The corner of its plate.
fn on_room(layout: &Layout, name: &NamespaceName) -> Option<Pos2> {
    Some(layout.rooms.get(name)?.plate.right_top() + vec2(-4.0, 2.0))
}

fn on_switch(layout: &Layout, at: &Place) -> Option<Pos2> {
    Some(layout.switches.get(at)?.rect.right_top() + vec2(-4.0, 2.0))
}

fn on_interface(layout: &Layout, at: &Place) -> Option<(Pos2, Option<Item>)> {
    if let Some(socket) = layout.sockets.get(at) {
        // Beside the plug, on the other side than its name.
        let aside = vec2(-socket.outward.y, socket.outward.x).abs() * -f32::from(socket.label_side) * 15.0;
        return Some((socket.at + aside, Some(Item::Interface(at.clone()))));
    }
    if let Some(center) = on_switch(layout, at) {
        return Some((center, Some(Item::Thing(Thing::Bridge(at.clone())))));
    }
    Some((on_room(layout, &at.namespace)?, Some(Item::Interface(at.clone()))))
}
