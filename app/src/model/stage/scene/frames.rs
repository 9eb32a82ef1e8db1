//! Frames on their way: pills, and what they leave behind.

use capture::{Fate, JourneyId, filter::Filter};
use emath::{Pos2, Vec2};

use super::{
    Pill, Scene, Seen,
    crowd::{self, Crowd, Group, Joining},
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
    // Journeys are in the order of their numbers.
    let chosen = chosen
        .and_then(|chosen| seen.told.binary_search_by_key(&chosen, |told| told.journey.id).ok())
        .map(|index| index as u32);
    // Frames of one journey follow each other.
    let mut judged: Option<(u32, bool)> = None;
    let mut crowd = Crowd::of(seen.taps.len(), seen.moving.len());
    let mut asked = Vec::new();
    for moving in seen.moving {
        let told = seen.told.get(moving.told as usize);
        let Some((told, leg)) = told.and_then(|told| Some((told, spots.leg(moving.taps)?))) else {
            crowd.join(None, spots);
            continue;
        };
        let is_dimmed = filter.is_some_and(|filter| match judged {
            Some((known, is_dimmed)) if known == moving.told => is_dimmed,
            _ => {
                let is_dimmed = !filter.matches(&told.journey, seen.taps);
                judged = Some((moving.told, is_dimmed));
                is_dimmed
            }
        });
        let frame = Joining { moving, told, is_chosen: chosen == Some(moving.told), is_dimmed };
        if leg.leaves_port && !is_dimmed && asked.len() < remarks::MOST_ASKED {
            asked.extend(frame.located(spots));
        }
        crowd.join(Some((frame, leg)), spots);
    }
    scene.unseen = seen.in_all.max(seen.moving.len()) - crowd.drawn();
    // From afar all are dots but the chosen ones.
    let most_words = if seen.is_near { MOST_WORDS } else { 0 };
    let groups = crowd.groups(seen, most_words);
    let first_with_words = groups.len().saturating_sub(most_words);
    let first_with_trail = groups.len().saturating_sub(MOST_TRAILS);
    let mut walked = trails::Walked::default();
    scene.pills.reserve(groups.len());
    for (i, group) in groups.iter().enumerate() {
        if first_with_trail <= i {
            scene.trails.extend(trails::trail(seen, spots, &group.frame, &mut walked));
        }
        let pill = pill(group, first_with_words <= i || group.frame.is_chosen);
        if pill.opacity > 0.0 {
            scene.pills.push(pill);
        }
    }
    remarks::say(&mut scene.remarks, spots, &asked, &groups);
}

impl<'a> OnWay<'a> {
    pub(super) fn way(&self) -> Option<Way<'a>> {
        Some(Way::between(self.from, self.to?))
    }

    /// Where a pill of this size is when it has got so far.
    fn center(&self, progress: f32, size: Vec2) -> Pos2 {
        if let (Some(way), Some(to)) = (self.way(), self.to) {
            // It stands clear of where it comes from and where it goes, and keeps to its way between.
            let (leaving, coming) = (near(progress), near(1.0 - progress));
            let off = |spot: Spot<'_>, near: f32| match near > 0.0 {
                true => spot.clearance(size) * near,
                false => Vec2::ZERO,
            };
            return way.at(progress) + off(self.from, leaving) + off(to, coming);
        }
        let (at, before) = (self.from.point(), self.from.clearance(size));
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
            (Some(_), _) if self.moving.is_born => (0.3 + 6.0 * progress).min(1.0),
            (Some(_), _) => 1.0,
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

/// How large the pill of this group is when it says something.
pub(super) fn pill_size(group: &Group<'_>) -> Vec2 {
    pill_rect(&pill(group, true)).size()
}

fn pill(group: &Group<'_>, has_words: bool) -> Pill {
    let frame = &group.frame;
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
