//! JSON lines: a stable contract, documented in the README. Fields are only ever added.

use std::{collections::BTreeMap, io};

use capture::{Direction, Doubts, Evidence, Fate, Journey, glance::Glance};
use serde::Serialize;

use super::{CommandLine, NotRunLine, ProbeLine, Summary};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Journey {
        id: u64,
        protocol: &'a str,
        summary: &'a str,
        conversation: u64,
        sightings: Vec<SightingField<'a>>,
        branches: Vec<BranchField<'a>>,
    },
    Probe {
        from: &'a str,
        to: &'a str,
        address: &'a str,
        sequence: u16,
        answered: bool,
        round_trip_ns: Option<u64>,
        reason: &'a str,
    },
    Command {
        text: &'a str,
        r#where: &'a str,
        status: i32,
        output: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        took_ms: Option<u64>,
        interrupted: bool,
    },
    #[serde(rename = "not-run")]
    NotRun {
        text: &'a str,
        line: u32,
        reason: &'a str,
    },
    Caption {
        t_ns: i64,
        text: &'a str,
    },
    Summary {
        taps: u64,
        frames: u64,
        lost: u64,
        journeys: u64,
        probes: u64,
        answered: u64,
        missed: u64,
        commands: u64,
        failed: u64,
    },
}

#[derive(Serialize)]
struct SightingField<'a> {
    id: u64,
    at: &'a str,
    direction: Direction,
    t_ns: i64,
    parent: Option<u64>,
    /// The outermost tag's VLAN, where the frame had a tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    vlan: Option<u16>,
    #[serde(skip_serializing_if = "Doubts::is_empty")]
    doubts: Doubts,
}

#[derive(Serialize)]
struct BranchField<'a> {
    sighting: u64,
    fate: Fate,
    reason: &'a str,
    evidence: Evidence,
}

fn write(out: &mut impl io::Write, line: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

pub fn journey(out: &mut impl io::Write, journey: &Journey, names: &BTreeMap<u32, String>) -> io::Result<()> {
    let sightings = journey.sightings.iter().map(|sighting| SightingField {
        id: sighting.id.0,
        at: names.get(&sighting.frame.tap.0).map_or("", String::as_str),
        direction: sighting.frame.direction,
        t_ns: sighting.frame.t.0,
        parent: sighting.parent.map(|parent| parent.0),
        vlan: Glance::at(&sighting.frame.bytes).and_then(|glance| glance.vlan),
        doubts: sighting.doubts,
    });
    let branches = journey.branches.iter().map(|branch| BranchField {
        sighting: branch.sighting.0,
        fate: branch.fate,
        reason: &branch.reason,
        evidence: branch.evidence,
    });
    write(
        out,
        &Line::Journey {
            id: journey.id.0,
            protocol: journey.protocol,
            summary: &journey.summary,
            conversation: journey.conversation.0,
            sightings: sightings.collect(),
            branches: branches.collect(),
        },
    )
}

pub fn probe(out: &mut impl io::Write, probe: &ProbeLine) -> io::Result<()> {
    let ProbeLine { from, to, address, sequence, answered, round_trip_ns, reason } = probe;
    let (sequence, answered, round_trip_ns) = (*sequence, *answered, *round_trip_ns);
    write(out, &Line::Probe { from, to, address, sequence, answered, round_trip_ns, reason })
}

pub fn command(out: &mut impl io::Write, command: &CommandLine) -> io::Result<()> {
    let CommandLine { text, at, status, output, line, took_ms, was_interrupted } = command;
    let (status, line, took_ms, interrupted) = (*status, *line, *took_ms, *was_interrupted);
    write(out, &Line::Command { text, r#where: at, status, output, line, took_ms, interrupted })
}

pub fn not_run(out: &mut impl io::Write, not_run: &NotRunLine) -> io::Result<()> {
    let NotRunLine { text, line, reason } = not_run;
    write(out, &Line::NotRun { text, line: *line, reason })
}

pub fn caption(out: &mut impl io::Write, t_ns: i64, text: &str) -> io::Result<()> {
    write(out, &Line::Caption { t_ns, text })
}

pub fn summary(out: &mut impl io::Write, summary: Summary) -> io::Result<()> {
    let Summary { taps, frames, lost, journeys, probes, answered, missed, commands, failed } = summary;
    write(out, &Line::Summary { taps, frames, lost, journeys, probes, answered, missed, commands, failed })
}
