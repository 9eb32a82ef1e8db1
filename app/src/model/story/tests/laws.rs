//! What holds for any journeys, however they come.

use std::collections::BTreeMap;

use capture::{Journey, WireNs};
use proptest::prelude::*;

use super::made_up::{In, MS, ORIGIN, Out, Seen, batch, begun, journey, story};
use crate::model::story::{Keep, Moving, SHOWN, Story};

/// Since the journey's begin or the parent: mostly microseconds, sometimes long, sometimes nothing or backwards.
fn pause() -> impl Strategy<Value = i64> {
    prop_oneof![6 => 100..5_000_i64, 2 => Just(0), 1 => 0..300 * MS, 1 => -20_000..0_i64]
}

fn tree() -> impl Strategy<Value = Vec<(u32, bool, i64, prop::sample::Index)>> {
    prop::collection::vec((0..6_u32, any::<bool>(), pause(), any::<prop::sample::Index>()), 1..8)
}

fn journeys() -> impl Strategy<Value = Vec<Journey>> {
    let start = prop_oneof![4 => 0..20_000_i64, 1 => 0..2_000 * MS];
    prop::collection::vec((start, 0..4_u64, tree()), 1..60).prop_map(|drawn| {
        let mut t = 0;
        let mut all = Vec::new();
        for (number, (pause, conversation, tree)) in drawn.into_iter().enumerate() {
            t += pause;
            let mut seen: Vec<Seen> = Vec::new();
            for (tap, out, pause, parent) in tree {
                let parent = (!seen.is_empty()).then(|| parent.index(seen.len()));
                let from = parent.map_or(t, |parent| seen[parent].2);
                seen.push((tap, if out { Out } else { In }, from + pause, parent));
            }
            // A conversation belongs to journeys that are near.
            let conversation = (number as u64 / 4) * 4 + conversation;
            all.push(journey(number as u64 + 1, conversation, &seen));
        }
        all
    })
}

/// The journeys in batches: shuffled a little, some told early, some twice.
fn told_in_pieces(journeys: &[Journey], lots: &[(usize, usize, bool)]) -> Story {
    let mut story = Story::default();
    let mut waiting: Vec<Journey> = Vec::new();
    for (journey, (part, later, twice)) in journeys.iter().zip(lots) {
        story.take(batch([begun(journey, *part)]));
        waiting.push(journey.clone());
        if *twice {
            story.take(batch(waiting.last().cloned()));
        }
        if waiting.len() > 1 + later % 5 {
            let at = later % waiting.len();
            let out = waiting.split_off(at);
            story.take(batch(out.into_iter().rev()));
        }
    }
    story.take(batch(waiting));
    story
}

fn check(story: &Story) -> Result<(), TestCaseError> {
    let moments = story.moments();
    let sightings: usize = story.told().iter().map(|told| told.journey.sightings.len()).sum();
    prop_assert_eq!(moments.len(), sightings, "every sighting is one moment");
    prop_assert!(moments.is_sorted_by_key(|moment| moment.t), "in order of time");
    prop_assert!(story.told().is_sorted_by_key(|told| told.journey.id), "in order of birth");
    let mut place = BTreeMap::new();
    for (index, moment) in moments.iter().enumerate() {
        prop_assert!(place.insert((moment.told, moment.sighting), index).is_none());
        prop_assert_eq!(
            story.sighting_story(moment.told as usize, moment.sighting as usize),
            Some(moment.story)
        );
    }
    for (told, trace) in story.traces.iter().enumerate() {
        prop_assert_eq!(story.index_of(trace.id), Some(told));
        for (sighting, hop) in trace.hops.iter().enumerate() {
            if let Some(parent) = trace.hops.get(hop.parent as usize) {
                prop_assert!(parent.story < hop.story, "a hop takes time");
                prop_assert!(place[&(told as u32, hop.parent)] < place[&(told as u32, sighting as u32)]);
            }
        }
        let shown = &story.told()[told];
        let latest = trace.hops.iter().map(|hop| hop.story).fold(f64::MIN, f64::max);
        prop_assert!(shown.begins == trace.hops[0].story && shown.ends == latest);
    }
    check_pace(story)
}

fn check_pace(story: &Story) -> Result<(), TestCaseError> {
    let pace = story.pace();
    let knots = &pace.knots;
    prop_assert!(knots.is_sorted_by(|one, next| one.t <= next.t && one.story <= next.story));
    let (first, last) = (story.beginning() - 1.0, story.length() + 1.0);
    let mut before = WireNs(i64::MIN);
    for step in 0..=400 {
        let at = first + (last - first) * f64::from(step) / 400.0;
        let t = pace.wire_at(at);
        prop_assert!(before <= t, "growing");
        before = t;
        let (from, to) = (pace.story_at(t), pace.story_at(WireNs(t.0 + 1)));
        prop_assert!(from <= at + 1e-9 && at <= to + 1e-9, "{at} lies in the nanosecond {from}..{to}");
        prop_assert!((pace.find(pace.anchor(at)) - at).abs() < 1e-9, "found again");
    }
    for moment in story.moments() {
        prop_assert_eq!(
            pace.wire_at(pace.story_at(moment.t)).max(moment.t),
            pace.wire_at(pace.story_at(moment.t))
        );
        prop_assert!(moment.story <= pace.story_at(WireNs(moment.t.0 + 1)) + 1e-9);
    }
    Ok(())
}

fn naive_moving(story: &Story, at: f64) -> Vec<Moving> {
    let mut moving = Vec::new();
    for (told, trace) in story.traces.iter().enumerate() {
        for (sighting, hop) in trace.hops.iter().enumerate() {
            let (told, index) = (told as u32, sighting as u32);
            if let Some(from) = trace.hops.get(hop.parent as usize)
                && from.story <= at
                && at < hop.story
            {
                let progress = ((at - from.story) / (hop.story - from.story)) as f32;
                let taps = (from.tap, Some(hop.tap));
                let is_born = from.parent == u32::MAX;
                let from = hop.parent;
                moving.push(Moving { told, from, to: Some(index), taps, is_born, progress, fate: None });
            }
            let is_leaf = trace.hops.iter().all(|other| other.parent != index);
            if is_leaf && hop.story <= at && at < hop.story + SHOWN {
                let progress = ((at - hop.story) / SHOWN) as f32;
                let (taps, is_born) = ((hop.tap, None), hop.parent == u32::MAX);
                let fate = Some(hop.fate);
                moving.push(Moving { told, from: index, to: None, taps, is_born, progress, fate });
            }
        }
    }
    moving
}

proptest! {
    #[test]
    fn in_pieces_as_all_at_once(
        journeys in journeys(),
        lots in prop::collection::vec((1..8_usize, 0..20_usize, any::<bool>()), 60),
    ) {
        let whole = story(journeys.clone());
        check(&whole)?;
        let pieces = told_in_pieces(&journeys, &lots);
        check(&pieces)?;
        prop_assert_eq!(whole.moments(), pieces.moments());
        prop_assert_eq!(whole.pace(), pieces.pace());
        prop_assert_eq!(&whole.leads, &pieces.leads);
        for (one, other) in whole.told().iter().zip(pieces.told()) {
            prop_assert_eq!(&one.journey, &other.journey);
            prop_assert!(one.begins == other.begins && one.ends == other.ends && one.label == other.label);
        }
        for (one, other) in whole.traces.iter().zip(&pieces.traces) {
            prop_assert_eq!(one.after, other.after);
        }
    }

    #[test]
    fn what_moves_is_found(journeys in journeys(), lots in prop::collection::vec((1..8_usize, 0..20_usize, any::<bool>()), 60)) {
        let story = told_in_pieces(&journeys, &lots);
        for step in 0..100 {
            let at = (story.length() + 1.0) * f64::from(step) / 99.0;
            let expected = naive_moving(&story, at);
            let (mut found, all) = story.moving_at(at, usize::MAX);
            prop_assert_eq!(all, expected.len());
            found.sort_by_key(|moving| (moving.told, moving.to.unwrap_or(moving.from)));
            let mut expected = expected;
            expected.sort_by_key(|moving| (moving.told, moving.to.unwrap_or(moving.from)));
            prop_assert_eq!(&found, &expected);
            let (some, of) = story.moving_at(at, 3);
            prop_assert_eq!((some.len(), of), (all.min(3), all));
            prop_assert!(some.iter().all(|one| found.contains(one)));
        }
    }

    #[test]
    fn moments_are_found_by_story_time(
        journeys in journeys(),
        lots in prop::collection::vec((1..8_usize, 0..20_usize, any::<bool>()), 60),
        spans in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 20),
    ) {
        let story = told_in_pieces(&journeys, &lots);
        let moments = story.moments();
        for (one, other) in spans {
            let (from, to) = (one.min(other) * story.length(), one.max(other) * story.length());
            let inside: Vec<usize> =
                (0..moments.len()).filter(|&at| from <= moments[at].story && moments[at].story <= to).collect();
            let expected = inside.first().map_or(0..0, |&first| first..inside[inside.len() - 1] + 1);
            prop_assert_eq!(story.moments_between(from, to), expected);
            let told = moments.iter().enumerate().filter(|(_, moment)| moment.story <= to);
            let last = told.max_by(|one, other| one.1.story.total_cmp(&other.1.story)).map(|(at, _)| at);
            prop_assert_eq!(story.last_moment(to), last);
        }
    }

    #[test]
    fn steps_visit_everything_once(journeys in journeys()) {
        let story = story(journeys);
        let roots_of_more = |moment: &&crate::model::story::Moment| {
            let hops = &story.traces[moment.told as usize].hops;
            moment.sighting != 0 || hops.len() == 1
        };
        let arrivals = story.moments().iter().filter(roots_of_more).map(|moment| moment.story).collect();
        visits(arrivals, |at| story.next_hop(at), |at| story.previous_hop(at))?;
        let begins = story.told().iter().map(|told| told.begins).collect();
        visits(begins, |at| story.next_journey(at), |at| story.previous_journey(at))?;
        let mut firsts = BTreeMap::new();
        for told in story.told() {
            firsts.entry(told.journey.conversation).or_insert(told.begins);
        }
        let begins = firsts.into_values().collect();
        visits(begins, |at| story.next_conversation(at), |at| story.previous_conversation(at))?;
    }

    #[test]
    fn the_oldest_go_and_the_rest_stays(journeys in journeys(), most in 10..80_usize) {
        let mut story = Story::keeping(Keep::Newest(most));
        let mut sightings = 0;
        for journey in journeys {
            sightings += journey.sightings.len() as u64;
            story.take(batch([journey]));
            check(&story)?;
            prop_assert!(story.moments().len() <= most);
            prop_assert_eq!(story.not_shown() + story.moments().len() as u64, sightings);
        }
    }
}

fn visits(
    mut all: Vec<f64>,
    next: impl Fn(f64) -> Option<f64>,
    previous: impl Fn(f64) -> Option<f64>,
) -> Result<(), TestCaseError> {
    all.sort_by(f64::total_cmp);
    all.dedup();
    let walk = |from: f64, step: &dyn Fn(f64) -> Option<f64>| {
        std::iter::successors(step(from), |at| step(*at)).take(all.len() + 1).collect::<Vec<_>>()
    };
    prop_assert_eq!(&walk(-1.0, &next), &all);
    let mut back = walk(f64::INFINITY, &previous);
    back.reverse();
    prop_assert_eq!(&back, &all);
    Ok(())
}

#[test]
fn nothing_is_a_story_too() {
    let mut nothing = Story::default();
    assert_eq!(nothing.take(batch([])).from_story, None);
    assert_eq!((nothing.length(), nothing.moving_at(0.0, 10)), (0.0, (Vec::new(), 0)));
    assert_eq!((nothing.next_hop(0.0), nothing.previous_conversation(0.0)), (None, None));
    assert_eq!(nothing.pace().wire_at(nothing.pace().story_at(WireNs(ORIGIN))), WireNs(0));
}
