//! What is to be seen at one instant, with its places: plain data that a test can read.

mod crowd;
mod describe;
mod frames;
#[cfg(test)]
mod kinds;
pub mod marks;
mod outcomes;
mod remarks;
mod standings;
mod tables;
#[cfg(test)]
mod tests;
mod things;
mod trails;
mod ways;

use std::sync::Arc;

use capture::{Fate, JourneyId, Tap, WireNs, tables::Tables};
use emath::{Pos2, Rect, Vec2};
use topology::{Cable, NamespaceName, Place};

use self::{standings::Standings, ways::Spots};
use super::{
    camera::Camera,
    layout::{Curve, Layout, Socket},
};
use crate::model::{
    act::Item,
    state::{Standing, State},
    story::{Kind, Moment, Moving, Told},
};

/// Everything on the stage, in canvas points, in the order in which it is painted: houses, cables, rooms, switches,
/// sockets, trails, frames, marks.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    pub layout: Arc<Layout>,
    pub rooms: Vec<Room>,
    pub switches: Vec<Switch>,
    pub cables: Vec<CableLine>,
    pub plugs: Vec<Plug>,
    pub trails: Vec<Trail>,
    pub pills: Vec<Pill>,
    /// What is said at a place: "flooding to 3 ports", "not for me", a drop's reason.
    pub remarks: Vec<Remark>,
    /// Problems, on what they are about.
    pub marks: Vec<Mark>,
    /// Outcomes of acts, where they happened.
    pub outcomes: Vec<Outcome>,
    /// Frames on the way that are not drawn one by one.
    pub unseen: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    pub name: NamespaceName,
    pub rect: Rect,
    pub is_house: bool,
    pub forwards: bool,
    /// The command of the process that it is called after.
    pub process: Option<String>,
    /// Index into the theme's room colours.
    pub hue: usize,
    pub state: ItemState,
    /// Below the plate: an address or a MAC a line, `true`: large.
    pub addresses: Vec<(String, bool)>,
    pub neighbours: Table,
    pub routes: Table,
}

/// A small table beside its owner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub rect: Option<Rect>,
    /// In capitals: `ARP`, `ROUTES`, `LEARNED`.
    pub title: &'static str,
    pub rows: Vec<Row>,
    /// Rows that there was no room for.
    pub more: usize,
    /// What stands there when there are no rows: "nothing yet".
    pub empty: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub left: String,
    pub right: String,
    /// 1 when it has just changed, fading to 0.
    pub glow: f32,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Switch {
    pub at: Place,
    pub rect: Rect,
    pub state: ItemState,
    pub ports: Vec<Port>,
    pub learned: Table,
    pub stp: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    pub rect: Rect,
    pub number: usize,
    pub place: Option<Place>,
    pub is_up: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ItemState {
    pub standing: Standing,
    pub is_selected: bool,
    /// The filter leaves it out.
    pub is_dimmed: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CableLine {
    pub cable: Cable,
    pub curve: Curve,
    pub is_up: bool,
    pub state: ItemState,
    /// Frames per story second in the last second, for its thickness when far away.
    pub load: f32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Plug {
    pub at: Place,
    pub socket: Socket,
    pub is_up: bool,
    /// It is a cable's end, and its peer is missing.
    pub is_broken: bool,
    pub is_selected: bool,
}

/// Where a frame has just been.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// The last one is at the frame.
    pub points: Vec<Pos2>,
    pub kind: Kind,
    /// At the end that is nearest to the frame, fading to 0 at the other.
    pub strength: f32,
    pub is_dimmed: bool,
}

/// A frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Pill {
    pub journey: JourneyId,
    /// Index of the sighting it comes from.
    pub sighting: u32,
    pub center: Pos2,
    pub kind: Kind,
    /// What several with different words have in common; empty: a dot.
    pub text: String,
    /// So many frames of one kind, drawn as one.
    pub count: usize,
    pub opacity: f32,
    pub is_chosen: bool,
    pub is_dimmed: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    pub center: Pos2,
    /// Empty for a frame that was delivered: only a ring.
    pub text: String,
    pub kind: Kind,
    pub fate: Option<Fate>,
    /// 0 to 1, how far its showing has got.
    pub progress: f32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub center: Pos2,
    pub about: Option<Item>,
    pub is_error: bool,
    /// Good to know, and nothing to mend.
    pub is_note: bool,
    pub text: String,
    pub hint: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub center: Pos2,
    pub text: String,
    pub is_bad: bool,
    /// Its end is not told yet.
    pub is_pending: bool,
    /// 1 when new, fading.
    pub opacity: f32,
}

/// What a drag or a tool shows before it is done; the window's own, put on top of a scene.
#[derive(Clone, Debug, PartialEq)]
pub enum Ghost {
    Box(Rect),
    Cable {
        from: Pos2,
        to: Pos2,
        fits: bool,
    },
    Room(Rect),
    Switch(Rect),
    /// Alignment guides: from, to.
    Guides(Vec<(Pos2, Pos2)>),
    Moved(Vec2),
}

/// Frames that are asked for at most; the others are counted.
const MOST_FRAMES: usize = 10_000;
/// With a filter each journey must be judged.
const MOST_FILTERED: usize = 2_000;

/// What there is to see now. `layout` is that of [`State::lab`].
pub fn scene(state: &State, layout: Arc<Layout>) -> Scene {
    let story = &state.story;
    let at = state.playhead.at();
    let limit = if state.filter.filter.is_some() { MOST_FILTERED } else { MOST_FRAMES };
    let (moving, in_all) = story.moving_at(at, limit);
    let story_at = |t: WireNs| story.pace().story_at(t);
    let seen = Seen {
        told: story.told(),
        taps: story.taps(),
        moments: story.moments(),
        moving: &moving,
        in_all,
        at,
        wire: story.pace().wire_at(at),
        is_near: Camera::FAR <= state.camera.zoom,
        story_at: &story_at,
        tables: story.tables(),
    };
    compose(state, layout, &seen)
}

/// What was seen, as of the playhead.
pub(crate) struct Seen<'a> {
    pub(crate) told: &'a [Told],
    /// `taps[i].id == TapId(i)`.
    pub(crate) taps: &'a [Tap],
    pub(crate) moments: &'a [Moment],
    pub(crate) moving: &'a [Moving],
    pub(crate) in_all: usize,
    /// Story seconds, and the same as wire time.
    pub(crate) at: f64,
    pub(crate) wire: WireNs,
    /// From far away rooms are cards with a name: nothing else of them is asked for.
    pub(crate) is_near: bool,
    pub(crate) story_at: &'a dyn Fn(WireNs) -> f64,
    pub(crate) tables: &'a Tables,
}

pub(crate) fn compose<'a>(state: &'a State, layout: Arc<Layout>, seen: &Seen<'a>) -> Scene {
    let standings = Standings::of(state);
    let mut spots = Spots::of(&layout, seen.taps);
    let mut scene = Scene {
        rooms: things::rooms(state, &layout, &standings, seen),
        switches: things::switches(state, &layout, &standings, seen),
        cables: things::cables(&layout, &standings, seen, &mut spots),
        plugs: things::plugs(&layout, &standings),
        marks: marks::marks(state, &layout),
        outcomes: outcomes::outcomes(state, &layout),
        ..Scene::default()
    };
    let chosen = state.chosen.map(|chosen| chosen.journey);
    frames::show(&mut scene, &mut spots, seen, state.filter.filter.as_ref(), chosen);
    drop(spots);
    scene.layout = layout;
    scene
}
