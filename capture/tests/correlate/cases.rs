//! Each file in `cases/` tells what was seen in a lab, and after a line of dashes what that means.
//!
//! Every case is told twice, in order of time and in batches as live taps deliver them; both must
//! give the same. `BLESS=1` writes down what came out, to be read before it is committed.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its case should stop")]

use std::{fs, path::Path};

use crate::made_up::{Story, picture};
use capture::{
    Event, Journey,
    journeys::{Journeys, Options},
};

const SPLIT: &str = "----\n";

fn told(story: &Story, seen: Vec<Event>) -> Vec<Journey> {
    let mut options = Options::default();
    options.most_sightings = story.most_sightings.unwrap_or(options.most_sightings);
    let mut journeys = Journeys::with(options);
    story.opening().into_iter().chain(seen).for_each(|event| journeys.push(event));
    let mut all = journeys.take_finished();
    all.extend(journeys.finish());
    all.sort_by_key(|journey| journey.id);
    all
}

fn drawn(story: &Story, journeys: &[Journey]) -> String {
    if story.only_counts {
        picture::counts(journeys, &story.taps)
    } else if story.only_shapes {
        picture::shapes(journeys, &story.taps)
    } else {
        picture::journeys(journeys, &story.taps)
    }
}

fn check_tree(journeys: &[Journey], sightings: usize, case: &str) {
    let mut ids = Vec::new();
    for journey in journeys {
        assert!(journey.sightings[0].parent.is_none(), "{case}: the first sighting is the root");
        for (n, sighting) in journey.sightings.iter().enumerate() {
            ids.push(sighting.id.0);
            let is_before = |parent| journey.sightings[..n].iter().any(|earlier| earlier.id == parent);
            assert!(sighting.parent.is_none_or(is_before), "{case}: a parent comes before its children");
            assert!(n == 0 || sighting.parent.is_some(), "{case}: a journey has one root");
        }
    }
    ids.sort_unstable();
    let all: Vec<u64> = (0..sightings as u64).collect();
    assert_eq!(ids, all, "{case}: every sighting is in exactly one journey");
}

#[test]
fn every_case_comes_out_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "there are cases");
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let case = file.file_stem().unwrap().to_string_lossy().into_owned();
        let (told_as, expected) = text.split_once(SPLIT).unwrap_or((&text, ""));
        let story = Story::parse(told_as);
        let seen = if story.is_ordered { story.seen.clone() } else { story.in_order() };
        let frames = seen.iter().filter(|event| matches!(event, Event::Frame(_))).count();
        let journeys = told(&story, seen);
        check_tree(&journeys, frames, &case);
        let drawing = drawn(&story, &journeys);
        if !story.is_ordered {
            let again = drawn(&story, &told(&story, story.in_batches(20_000_000)));
            assert_eq!(drawing, again, "{case}: batches must not matter");
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, format!("{told_as}{SPLIT}{drawing}")).unwrap();
        } else if drawing != expected {
            wrong.push(format!("{case}: expected\n{expected}\nbut got\n{drawing}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
