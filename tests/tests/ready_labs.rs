//! Every ready lab on the real kernel: every sighting of every ARP question and answer,
//! neighbour solicitation and echo, in both directions, is where it must be.
//!
//! What must be is in `tests/journeys/LAB.txt`, checked by eye when it was written;
//! `UPDATE_JOURNEYS=1` writes it anew.

use std::{fs, path::Path};

use hopscope_tests::{json_lines, of_type, route};
use serde_json::Value;
use topology::ready;

#[test]
fn each_frame_of_each_ready_lab_is_seen_where_it_must_be() {
    for ready in ready::LABS {
        let (lines, status) = json_lines(&["run", ready.name, "--json"]);
        assert_eq!(status, 0, "{}: every ping that the lab suggests is answered", ready.name);
        check_summary(ready.name, &lines);
        check_times(ready.name, &lines);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("journeys").join(format!("{}.txt", ready.name));
        let seen = journeys(&lines);
        if std::env::var_os("UPDATE_JOURNEYS").is_some() {
            fs::write(&file, &seen).expect("the journeys can be written");
        }
        let expected = fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{}: {error}; UPDATE_JOURNEYS=1 writes it", file.display()));
        assert_eq!(seen, expected, "{}: what was seen (left) is what must be (right)", ready.name);
    }
}

/// What carries an address resolution or an echo; the rest (router solicitations, STP) has its own clock.
fn journeys(lines: &[Value]) -> String {
    let told = of_type(lines, "journey").into_iter().filter(|journey| {
        let summary = journey["summary"].as_str().unwrap_or_default();
        let is_asked_for = |word: &str| summary.contains(word);
        ["who has", "is at", "ping", "answer"].into_iter().any(is_asked_for) && !summary.contains("fe80::")
    });
    let mut told: Vec<String> = told
        .map(|journey| {
            let word = |field: &str| journey[field].as_str().unwrap_or_default().to_owned();
            format!("{} {}\n    {}\n", word("protocol"), word("summary"), route(journey))
        })
        .collect();
    told.sort();
    told.concat()
}

fn check_summary(name: &str, lines: &[Value]) {
    let summaries = of_type(lines, "summary");
    let [summary] = summaries.as_slice() else { panic!("{name}: not one summary but {}", summaries.len()) };
    assert_eq!(summary["lost"], 0, "{name}: no frame is lost");
    assert_eq!(summary["probes"], summary["answered"], "{name}: all are answered");
    assert!(summary["probes"].as_u64().is_some_and(|probes| 0 < probes), "{name}: there is something to try");
    let journeys = of_type(lines, "journey");
    assert_eq!(
        summary["journeys"].as_u64(),
        Some(journeys.len() as u64),
        "{name}: journeys are counted right"
    );
    let sightings = journeys.iter().map(|journey| journey["sightings"].as_array().map_or(0, Vec::len));
    assert_eq!(
        summary["frames"].as_u64(),
        Some(sightings.sum::<usize>() as u64),
        "{name}: each frame is told"
    );
}

/// A child is never seen before its parent, except at a bridge's own tap, whose stamp is not its own.
fn check_times(name: &str, lines: &[Value]) {
    for journey in of_type(lines, "journey") {
        let sightings = journey["sightings"].as_array().expect("a journey has sightings");
        for sighting in sightings {
            let parent = sightings.iter().find(|parent| parent["id"] == sighting["parent"]);
            let Some(parent) = parent else { continue };
            let time = |of: &Value| of["t_ns"].as_i64().expect("a time is a number");
            assert!(time(parent) <= time(sighting), "{name}: {sighting} is before {parent}");
        }
    }
}
