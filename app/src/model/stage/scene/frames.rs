//! Frames on their way: pills, and what they leave behind.

use std::collections::BTreeMap;

use capture::{Fate, JourneyId, filter::Filter};
use emath::{Pos2, Vec2};

use super::{
    Pill, Scene, Seen,
    crowd::{self, Group},
    remarks, trails,
    ways::{Spot, Spots, Way},
};
use crate::model::{
    stage::hit::pill_rect,
    story::{Moving, Told},
};

/// Beyond this many, frames are dots.
const MOST_WORDS: usize = 400;
/// Beyond this many, they leave no trail.
const MOST_TRAILS: usize = 200;

/// A frame that can be drawn: between two taps, or at the tap where its branch has ended.
#[derive(Clone, Copy)]
pub(super) struct OnWay<'a> {
    pub(super) moving: Moving,
    pub(super) told: &'a Told,
    pub(super) from: Spot<'a>,
    pub(super) to: Option<Spot<'a>>,
    /// Numbers of the taps, for telling which frames are at one place.
    pub(super) taps: (u32, Option<u32>),
    pub(super) is_chosen: bool,
    pub(super) is_dimmed: bool,
}

pub(super) fn show<'a>(
    scene: &mut Scene,
    spots: &mut Spots<'a>,
    seen: &Seen<'a>,
    filter: Option<&Filter>,
    chosen: Option<JourneyId>,
) {
    let mut judged: BTreeMap<u32, bool> = BTreeMap::new();
    let mut frames: Vec<OnWay<'a>> = Vec::with_capacity(seen.moving.len());
    for moving in seen.moving {
        let Some(mut frame) = locate(seen, spots, *moving) else { continue };
        frame.is_chosen = chosen == Some(frame.told.journey.id);
        if let Some(filter) = filter {
            let matches =
                judged.entry(moving.told).or_insert_with(|| filter.matches(&frame.told.journey, seen.taps));
            frame.is_dimmed = !*matches;
        }
        frames.push(frame);
    }
    scene.unseen = seen.in_all.max(seen.moving.len()) - frames.len();
    let groups = crowd::groups(&frames, MOST_WORDS);
    let first_with_words = groups.len().saturating_sub(MOST_WORDS);
    let first_with_trail = groups.len().saturating_sub(MOST_TRAILS);
    let mut walked = trails::Walked::default();
    for (i, group) in groups.iter().enumerate() {
        let frame = &frames[group.first];
        if first_with_trail <= i {
            scene.trails.extend(trails::trail(seen, spots, frame, &mut walked));
        }
        let pill = pill(group, frame, first_with_words <= i);
        if pill.opacity > 0.0 {
            scene.pills.push(pill);
        }
    }
    remarks::say(&mut scene.remarks, spots, &frames, &groups);
}

/// `None`: one of its taps is not on the drawing (any more).
fn locate<'a>(seen: &Seen<'a>, spots: &mut Spots<'a>, moving: Moving) -> Option<OnWay<'a>> {
    let told = seen.told.get(moving.told as usize)?;
    let tap = |sighting: u32| Some(told.journey.sightings.get(sighting as usize)?.frame.tap);
    let from_tap = tap(moving.from)?;
    let to_tap = match moving.to {
        Some(to) => Some(tap(to)?),
        None => None,
    };
    let to = match to_tap {
        Some(to) => Some(spots.get(to)?),
        None => None,
    };
    let taps = (from_tap.0, to_tap.map(|tap| tap.0));
    Some(OnWay { moving, told, from: spots.get(from_tap)?, to, taps, is_chosen: false, is_dimmed: false })
}

impl<'a> OnWay<'a> {
    pub(super) fn way(&self) -> Option<Way<'a>> {
        Some(Way::between(self.from, self.to?))
    }

    /// Where a pill of this size is when it has got so far.
    fn center(&self, progress: f32, size: Vec2) -> Pos2 {
        let before = self.from.clearance(size);
        if let (Some(way), Some(to)) = (self.way(), self.to) {
            // It stands clear of where it comes from and where it goes, and keeps to its way between.
            let (leaving, coming) = (near(progress), near(1.0 - progress));
            return way.at(progress) + before * leaving + to.clearance(size) * coming;
        }
        let at = self.from.point();
        match self.moving.fate {
            // Its room takes it in; the ring stays at the socket.
            Some(Fate::Delivered) => at + before * (1.0 - ease(progress)),
            _ => at + before,
        }
    }

    /// A copy that only goes up to a stack that does not want it: it is told by a dot.
    fn is_quiet(&self) -> bool {
        let sightings = &self.told.journey.sightings;
        let (spot, last) = match (self.to, self.moving.to) {
            (Some(to), Some(last)) => (to, last),
            _ => (self.from, self.moving.from),
        };
        let Some(leaf) = sightings.get(last as usize).filter(|_| spot.is_stack()) else { return false };
        let is_ignored =
            |branch: &capture::Branch| branch.sighting == leaf.id && branch.fate == Fate::Ignored;
        self.told.journey.branches.iter().any(is_ignored)
    }

    fn opacity(&self, progress: f32) -> f32 {
        match (self.to, self.moving.fate) {
            (Some(_), _) => {
                let root = self.told.journey.sightings.get(self.moving.from as usize);
                let is_born_here = root.is_some_and(|sighting| sighting.parent.is_none());
                if is_born_here { (0.3 + 6.0 * progress).min(1.0) } else { 1.0 }
            }
            (None, Some(Fate::Delivered)) => (1.0 - 1.6 * progress).max(0.0),
            (None, Some(Fate::Dropped)) => (1.0 - 3.0 * progress).max(0.0),
            (None, Some(Fate::Ignored | Fate::InFlight) | None) => (1.0 - progress).max(0.0),
        }
    }
}

/// 1 at an end, 0 from a quarter of the way on.
fn near(progress: f32) -> f32 {
    let left = 1.0 - (progress * 4.0).clamp(0.0, 1.0);
    left * left * (3.0 - 2.0 * left)
}

fn ease(t: f32) -> f32 {
    1.0 - (1.0 - t.clamp(0.0, 1.0)).powi(2)
}

fn pill(group: &Group, frame: &OnWay<'_>, has_words: bool) -> Pill {
    let mut pill = Pill {
        journey: frame.told.journey.id,
        sighting: frame.moving.from,
        center: Pos2::ZERO,
        kind: frame.told.kind,
        text: match (has_words && !frame.is_quiet(), group.is_alike) {
            (false, _) => String::new(),
            (true, true) => frame.told.label.clone(),
            (true, false) => crowd::kind_word(frame.told.kind).into(),
        },
        count: group.count,
        opacity: frame.opacity(group.progress),
        is_chosen: frame.is_chosen,
        is_dimmed: frame.is_dimmed,
    };
    pill.center = frame.center(group.progress, pill_rect(&pill).size());
    pill
}
