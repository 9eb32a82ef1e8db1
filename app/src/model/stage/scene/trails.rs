//! Where frames have just been.

use std::collections::BTreeSet;

use super::{
    Seen, Trail,
    frames::OnWay,
    ways::{Spots, Way},
};

/// Story seconds that a trail is long.
const TRAIL: f64 = 1.5;
/// Ways that a trail is long at most.
const MOST_HOPS: usize = 8;
const STRENGTH: f32 = 0.7;

/// Ways that have a trail already: copies of a flood share the one up to where they split. Journey and sighting.
#[derive(Default)]
pub(super) struct Walked(BTreeSet<(u32, u32)>);

/// The trail of a frame, and of what it comes from.
pub(super) fn trail<'a>(
    seen: &Seen<'a>,
    spots: &mut Spots<'a>,
    frame: &OnWay<'a>,
    walked: &mut Walked,
) -> Option<Trail> {
    let since = seen.at - TRAIL;
    let sightings = &frame.told.journey.sightings;
    let mut stretches: Vec<(Way<'a>, f32, f32)> = Vec::new();
    let mut reaches_back = true;
    if let Some(way) = frame.way() {
        let begun = (seen.story_at)(sightings.get(frame.moving.from as usize)?.frame.t);
        let progress = frame.moving.progress.clamp(0.0, 1.0);
        let first = fraction(begun, seen.at, since) * progress;
        reaches_back = first <= 0.0;
        stretches.push((way, first, progress));
    }
    let mut at = frame.moving.from;
    while reaches_back && stretches.len() < MOST_HOPS && walked.0.insert((frame.moving.told, at)) {
        let here = &sightings[at as usize];
        let Some(parent) = here.parent.and_then(|id| sightings.iter().position(|other| other.id == id))
        else {
            break;
        };
        let (Some(from), Some(to)) = (spots.get(sightings[parent].frame.tap), spots.get(here.frame.tap))
        else {
            break;
        };
        let (begun, ended) = ((seen.story_at)(sightings[parent].frame.t), (seen.story_at)(here.frame.t));
        if ended <= since {
            break;
        }
        let first = fraction(begun, ended, since);
        reaches_back = first <= 0.0;
        stretches.push((Way::between(from, to), first, 1.0));
        at = parent as u32;
    }
    let mut points = Vec::new();
    for (way, from, to) in stretches.iter().rev().filter(|(_, from, to)| from < to) {
        way.stretch(*from, *to, &mut points);
    }
    points.dedup();
    let fading = if frame.moving.to.is_none() { (1.0 - frame.moving.progress).clamp(0.0, 1.0) } else { 1.0 };
    let strength = STRENGTH * fading;
    (points.len() > 1 && strength > 0.0).then_some(Trail {
        points,
        kind: frame.told.kind,
        strength,
        is_dimmed: frame.is_dimmed,
    })
}

/// How far between `begun` and `ended` the moment `at` is, 0 to 1.
fn fraction(begun: f64, ended: f64, at: f64) -> f32 {
    if ended <= begun {
        return 0.0;
    }
    ((at - begun) / (ended - begun)).clamp(0.0, 1.0) as f32
}
