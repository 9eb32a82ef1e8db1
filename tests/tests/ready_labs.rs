//! Every ready lab on the real kernel: every sighting of every ARP question and answer,
//! neighbour solicitation and echo, in both directions, is where it must be.
//!
//! What must be is in `tests/journeys/LAB.txt`, checked by eye when it was written;
//! `UPDATE_JOURNEYS=1` writes it anew.

use std::{fs, path::Path};

use hopscope_tests::{hopscope, json_lines, of_type, route};
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

#[test]
fn an_unanswered_ping_says_why_and_ends_with_1() {
    let run = ["run", "two-rooms-and-a-switch", "--ping", "ns1", "10.10.0.9"];
    let output = hopscope(&run);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("10.10.0.9") && errors.contains("not answered"), "{errors}");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("who has 10.10.0.9?"), "the question is seen: {text}");
}

#[test]
fn bad_usage_ends_with_2() {
    let cases: [(&[&str], &str); 6] = [
        (&["run", "no-such-lab"], "two-rooms-and-a-switch"),
        (&["run", "two-rooms-and-a-switch", "--ping", "ns1", "nowhere"], "nowhere"),
        (&["run", "two-rooms-and-a-switch", "--ping", "ns1"], "--ping"),
        (&["show", "/nonexistent.pcapng"], "/nonexistent.pcapng"),
        (&["check", "/nonexistent.toml"], "/nonexistent.toml"),
        (&["convert", "two-rooms-and-a-switch", "lab.odt"], ".toml"),
    ];
    for (arguments, said) in cases {
        let output = hopscope(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(errors.contains(said), "{arguments:?} does not speak of {said}: {errors}");
    }
}

#[test]
fn a_recording_shows_what_the_run_showed() {
    let folder = std::env::temp_dir().join(format!("hopscope-recording-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    let file = folder.join("run.pcapng");
    let path = file.to_str().expect("the path is text");
    let lab = "four-rooms-and-the-host";
    let (live, status) = json_lines(&["run", lab, "--record", path, "--json"]);
    assert_eq!(status, 0);
    let (replayed, status) = json_lines(&["show", path, "--json"]);
    assert_eq!(status, 0);
    let sorted = |lines: &[Value]| {
        let mut journeys: Vec<String> = of_type(lines, "journey").into_iter().map(Value::to_string).collect();
        journeys.sort();
        journeys
    };
    assert_eq!(sorted(&replayed), sorted(&live), "replayed (left) is live (right)");
    let (arps, _) = json_lines(&["show", path, "--filter", "arp", "--json"]);
    assert!(of_type(&arps, "journey").iter().all(|journey| journey["protocol"] == "ARP"));
    assert!(!of_type(&arps, "journey").is_empty());
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn commands_and_pings_come_in_the_order_of_the_command_line() {
    let (lines, status) = json_lines(&[
        "run",
        "two-rooms-and-a-switch",
        "--exec",
        "ns2",
        "echo first",
        "--ping",
        "ns1",
        "ns2",
        "--exec",
        "host",
        "exit 7",
        "--json",
    ]);
    assert_eq!(status, 0, "a command's own status is told, not taken over");
    let told: Vec<&Value> =
        lines.iter().filter(|line| line["type"] == "command" || line["type"] == "probe").collect();
    let [first, ping, last] = told.as_slice() else { panic!("not three but {told:?}") };
    assert_eq!(
        (&first["text"], &first["where"], &first["status"]),
        (&"echo first".into(), &"ns2".into(), &0.into())
    );
    assert_eq!(first["output"], "first\n");
    assert_eq!((&ping["type"], &ping["answered"]), (&"probe".into(), &true.into()));
    assert_eq!((&last["where"], &last["status"]), (&"host".into(), &7.into()));
}
