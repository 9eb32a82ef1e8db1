//! Journeys as text: a tree, each sighting under its parent.

use std::{collections::BTreeMap, fmt::Write};

use capture::{Journey, Sighting, Tap};

/// Each journey with its times, doubts and fates.
pub fn journeys(journeys: &[Journey], taps: &[Tap]) -> String {
    let one = |journey: &Journey| {
        let head = format!("journey {} of conversation {}\n", journey.id.0, journey.conversation.0);
        head + &tree(journey, taps, true)
    };
    journeys.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// How many journeys had each shape, in the order in which the shapes first came.
pub fn shapes(journeys: &[Journey], taps: &[Tap]) -> String {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (first, journey) in journeys.iter().enumerate() {
        counts.entry(tree(journey, taps, false)).or_insert((first, 0)).1 += 1;
    }
    let mut shapes: Vec<_> = counts.into_iter().collect();
    shapes.sort_by_key(|(_, (first, _))| *first);
    shapes.iter().map(|(shape, (_, count))| format!("{count} times\n{shape}")).collect::<Vec<_>>().join("\n")
}

/// How many sightings each journey has at each tap, for journeys too big to draw.
pub fn counts(journeys: &[Journey], taps: &[Tap]) -> String {
    let one = |journey: &Journey| {
        let mut at: BTreeMap<usize, usize> = BTreeMap::new();
        for sighting in &journey.sightings {
            *at.entry(sighting.frame.tap.0 as usize).or_default() += 1;
        }
        let at: Vec<String> =
            at.into_iter().map(|(tap, count)| format!("{count} at {}", taps[tap].at)).collect();
        let doubts = &journey.sightings[0].doubts;
        let ends = journey.branches.len();
        format!("journey {} {doubts:?}: {}; {ends} ends\n", journey.id.0, at.join(", "))
    };
    journeys.iter().map(one).collect()
}

fn tree(journey: &Journey, taps: &[Tap], with_times: bool) -> String {
    let mut text = String::new();
    let roots = journey.sightings.iter().filter(|sighting| sighting.parent.is_none());
    roots.for_each(|root| branch(journey, taps, root, 1, with_times, &mut text));
    text
}

fn branch(
    journey: &Journey,
    taps: &[Tap],
    from: &Sighting,
    depth: usize,
    with_times: bool,
    text: &mut String,
) {
    let frame = &from.frame;
    let at = &taps[frame.tap.0 as usize].at;
    write!(text, "{}{at} {}", "  ".repeat(depth), frame.direction).expect("a String takes all");
    if with_times {
        let since = (frame.t.0 - journey.sightings[0].frame.t.0) as f64 / 1e3;
        write!(text, " +{since}").expect("a String takes all");
    }
    for doubt in from.doubts.iter() {
        write!(text, " ?{doubt:?}").expect("a String takes all");
    }
    if let Some(end) = journey.branches.iter().find(|branch| branch.sighting == from.id) {
        write!(text, " = {:?}: {}", end.fate, end.reason).expect("a String takes all");
    }
    text.push('\n');
    let children = journey.sightings.iter().filter(|sighting| sighting.parent == Some(from.id));
    children.for_each(|child| branch(journey, taps, child, depth + 1, with_times, text));
}
