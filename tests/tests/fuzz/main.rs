//! Nonsense for everything that reads bytes or text from outside: nothing may panic, run on for ever,
//! or say something about bytes that are not there.
//!
//! Each target runs for two seconds; `make fuzz TARGET=decode SECONDS=600` gives one more.

mod mutation;
mod samples;

use std::time::Duration;

use bolero::check;
use capture::{Event, decode::decode, filter::Filter, journeys::Journeys, recording};
use hopscope::{engine::wire, tutorial::read};
use mutation::Mutated;
use topology::{
    Ground, Lab,
    check::{Severity, check as problems},
    file,
    paper::Paper,
    plan::plan,
    ready,
};

/// How long each target runs.
fn time() -> Duration {
    let seconds = std::env::var("HOPSCOPE_FUZZ_SECONDS").ok().map(|text| {
        text.parse().unwrap_or_else(|_| panic!("HOPSCOPE_FUZZ_SECONDS should be a number, not “{text}”"))
    });
    Duration::from_secs(seconds.unwrap_or(2))
}

#[test]
fn decode_survives_noise() {
    check!().with_test_time(time()).for_each(decoded_is_sound);
}

#[test]
fn decode_survives_broken_frames() {
    let frames = samples::frames();
    check!().with_test_time(time()).with_type().for_each(|mutated: &Mutated| {
        decoded_is_sound(&mutated.of(&frames));
    });
}

fn decoded_is_sound(bytes: &[u8]) {
    let decoded = decode(bytes);
    let within = |range: &std::ops::Range<usize>| range.start <= range.end && range.end <= bytes.len();
    for layer in &decoded.layers {
        assert!(within(&layer.range), "{} is at {:?} of {}", layer.name, layer.range, bytes.len());
        for field in &layer.fields {
            assert!(within(&field.range), "{}.{} is at {:?}", layer.name, field.name, field.range);
        }
    }
    if let Some(stop) = &decoded.stop {
        assert!(stop.at <= bytes.len(), "stopped at {} of {}", stop.at, bytes.len());
        assert!(!stop.reason.is_empty(), "decoding stopped for no reason");
    }
    assert!(!decoded.summary.contains('\n'), "a summary is one line: {:?}", decoded.summary);
    assert!(!decoded.protocol.is_empty());
}

#[test]
fn recording_survives_noise() {
    check!().with_test_time(time()).for_each(recording_is_readable);
}

#[test]
fn recording_survives_broken_files() {
    let files = samples::recordings();
    check!().with_test_time(time()).with_type().for_each(|mutated: &Mutated| {
        recording_is_readable(&mutated.of(&files));
    });
}

/// Reads to the end, and follows what was read to its journeys.
fn recording_is_readable(bytes: &[u8]) {
    let mut journeys = Journeys::new();
    let mut pushed = 0_u64;
    for (count, event) in recording::read(bytes).enumerate() {
        assert!(count <= bytes.len() + 1, "a file of {} octets has no end", bytes.len());
        let Ok(event) = event else { continue };
        if let Event::Frame(frame) = &event {
            pushed += 1;
            assert!(frame.bytes.len() <= frame.original_len as usize, "a frame is longer than it was");
        }
        journeys.push(event);
    }
    let finished: Vec<_> = journeys.take_finished().into_iter().chain(journeys.finish()).collect();
    let seen: usize = finished.iter().map(|journey| journey.sightings.len()).sum();
    assert_eq!(seen as u64, pushed, "each frame is one sighting of one journey");
}

#[test]
fn lab_file_survives_noise() {
    check!()
        .with_test_time(time())
        .for_each(|bytes: &[u8]| lab_file_is_sound(&String::from_utf8_lossy(bytes)));
}

#[test]
fn lab_file_survives_broken_labs() {
    let texts: Vec<Vec<u8>> = ready::LABS.iter().map(|lab| lab.text.as_bytes().to_vec()).collect();
    check!().with_test_time(time()).with_type().for_each(|mutated: &Mutated| {
        lab_file_is_sound(&String::from_utf8_lossy(&mutated.of(&texts)));
    });
}

fn lab_file_is_sound(text: &str) {
    match file::parse(text) {
        Ok(lab) => lab_is_sound(&lab),
        Err(error) => {
            let lines = text.lines().count().max(1);
            assert!((1..=lines + 1).contains(&error.line), "line {} of {lines}", error.line);
            assert!(1 <= error.column, "columns are counted from 1");
            assert!(!error.message.is_empty());
        }
    }
}

/// What can be read can be written, and what has no error can be built.
fn lab_is_sound(lab: &Lab) {
    let written = file::write(lab);
    let again = file::parse(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert_eq!(&again, lab, "{written}");
    if problems(lab, &[]).iter().any(|problem| problem.severity == Severity::Error) {
        return;
    }
    let mut paper = Paper::new();
    let start = paper.observe().expect("paper can be read");
    paper.carry_out(&plan(&start, lab)).unwrap_or_else(|failure| panic!("{failure}\n{written}"));
    assert_eq!(paper.observe().expect("paper can be read"), lab.bare(), "{written}");
}

#[test]
fn protocol_survives_noise() {
    check!().with_test_time(time()).for_each(messages_are_sound);
}

#[test]
fn protocol_survives_broken_messages() {
    let messages = samples::messages();
    check!().with_test_time(time()).with_type().for_each(|mutated: &Mutated| {
        messages_are_sound(&mutated.of(&messages));
    });
}

/// Both ends: what an engine reads, and what its caller reads. What can be read can be said again.
fn messages_are_sound(bytes: &[u8]) {
    let _version = wire::read_preamble(bytes);
    let body = wire::read_body(bytes, wire::LARGEST_REQUEST).ok().flatten();
    for body in [Some(bytes), body.as_deref()].into_iter().flatten() {
        if let Ok(request) = wire::decode_request(body) {
            let _verdict = request.wish.check();
            let said_again = wire::encode_request(&request).expect("what was read fits");
            assert_eq!(wire::decode_request(&said_again[4..]).expect("it is a request"), request);
        }
        if let Ok(message) = wire::decode_message(body) {
            let said_again = wire::encode_message(&message).expect("what was read fits");
            assert_eq!(wire::decode_message(&said_again[4..]).expect("it is a message"), message);
        }
    }
}

#[test]
fn filter_survives_noise() {
    let (journeys, taps) = samples::journeys();
    check!().with_test_time(time()).for_each(|bytes: &[u8]| {
        filter_is_sound(&String::from_utf8_lossy(bytes), &journeys, &taps);
    });
}

#[test]
fn filter_survives_broken_expressions() {
    let (journeys, taps) = samples::journeys();
    let expressions = samples::expressions();
    check!().with_test_time(time()).with_type().for_each(|mutated: &Mutated| {
        filter_is_sound(&String::from_utf8_lossy(&mutated.of(&expressions)), &journeys, &taps);
    });
}

fn filter_is_sound(text: &str, journeys: &[capture::Journey], taps: &[capture::Tap]) {
    match Filter::parse(text) {
        Ok(filter) => journeys.iter().for_each(|journey| {
            let _verdict = filter.matches(journey, taps);
        }),
        Err(error) => {
            let range = error.range;
            assert!(range.start <= range.end && range.end <= text.len(), "{range:?} of {}", text.len());
            let is_whole = text.is_char_boundary(range.start) && text.is_char_boundary(range.end);
            assert!(is_whole, "{range:?} cuts a character of {text:?}");
            assert!(!error.message.is_empty());
        }
    }
}

#[test]
fn page_survives_noise() {
    check!().with_test_time(time()).for_each(page_is_sound);
}

#[test]
fn page_survives_broken_pages() {
    let pages = samples::pages();
    check!().with_test_time(time()).with_type().for_each(|mutated: &Mutated| {
        page_is_sound(&mutated.of(&pages));
    });
}

/// Both as a tutorial and as a script.
fn page_is_sound(bytes: &[u8]) {
    // A lone carriage return ends a line too.
    let most = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    for name in ["page.md", "page.sh"] {
        let document = read::read(name, bytes);
        let mut last = 1;
        for command in &document.commands {
            let line = command.line as usize;
            assert!((last..=most).contains(&line), "line {line} after {last} of {most}");
            assert!(!command.text.trim().is_empty(), "a command says something");
            last = line;
        }
    }
}
