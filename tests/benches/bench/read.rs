//! A recording of a million frames, read into journeys; beside `tshark` reading the same file.

use std::{
    fs::File,
    io::BufWriter,
    path::Path,
    process::{Command, Stdio},
};

use capture::{
    journeys::Journeys,
    recording::{self, Recorder},
};

use crate::{
    build::ratio,
    correlate::{beginning, sightings},
    is_here,
    report::{Report, median, milliseconds, timed},
};

pub const FRAMES: u64 = 250_000;
const ROUNDS: usize = 3;

pub fn measure(report: &mut Report) {
    let path = std::env::temp_dir().join(format!("hopscope-bench-{}-million.pcapng", std::process::id()));
    record(&path);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(timed(|| follow(&path)).0);
        if is_here("tshark") {
            theirs.push(timed(|| tshark(&path)).0);
        }
    }
    let ours = median(ours);
    report.note("a million frames, ours, into journeys", &milliseconds(ours));
    if theirs.is_empty() {
        report.note("tshark", "not installed");
    } else {
        let theirs = median(theirs);
        report.note("a million frames, tshark -r", &milliseconds(theirs));
        report.at_most("ours to tshark", ratio(ours, theirs), 0.15, "×");
    }
    std::fs::remove_file(&path).expect("what was written can be removed");
}

/// A million sightings, of [`FRAMES`] frames.
pub fn record(path: &Path) {
    let file = File::create(path).expect("there is a place for temporary files");
    let mut recorder = Recorder::new(BufWriter::new(file)).expect("the file can be written");
    beginning().iter().for_each(|event| recorder.write(event).expect("the file can be written"));
    for first in (0..FRAMES).step_by(10_000) {
        let events = sightings(first, 10_000);
        events.iter().for_each(|event| recorder.write(event).expect("the file can be written"));
    }
    recorder.finish().expect("the file can be written");
}

fn follow(path: &Path) {
    let file = File::open(path).expect("it was just written");
    let mut journeys = Journeys::new();
    let mut count = 0;
    for (number, event) in recording::read_ahead(file).enumerate() {
        journeys.push(event.unwrap_or_else(|error| panic!("{error}")));
        if number % 20_000 == 0 {
            count += journeys.take_finished().len() as u64;
        }
    }
    count += journeys.finish().len() as u64;
    assert_eq!(count, FRAMES, "each frame is one journey");
}

pub fn tshark(path: &Path) {
    let mut command = Command::new("tshark");
    command.arg("-r").arg(path).args(["-n"]).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}
