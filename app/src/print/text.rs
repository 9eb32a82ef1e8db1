//! Text for people: one block per journey, a line per hop,
//! each with its time since the frame was born and since the hop before.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use capture::{Branch, Doubt, Evidence, Journey, Sighting, SightingId, glance::Glance};
use topology::{
    Place,
    check::{Problem, Severity},
};

use super::{CommandLine, NotRunLine, ProbeLine, Summary, style};

pub fn title(out: &mut impl io::Write, title: &str, about: &str) -> io::Result<()> {
    writeln!(out, "{}", style::strong(&visible(title)))?;
    if !about.is_empty() {
        writeln!(out, "{}", visible(about))?;
    }
    writeln!(out)
}

pub fn caption(out: &mut impl io::Write, caption: &str) -> io::Result<()> {
    writeln!(out, "“{}”\n", visible(caption))
}

pub fn probe(out: &mut impl io::Write, probe: &ProbeLine) -> io::Result<()> {
    let ProbeLine { from, to, address, sequence, .. } = probe;
    let aim = if to == address { to.clone() } else { format!("{to} ({address})") };
    let outcome = match probe.round_trip_ns {
        Some(ns) if probe.answered => format!("{} after {}", style::good("answered"), duration(ns as i64)),
        _ if probe.answered => style::good("answered").to_string(),
        _ => format!("{}: {}", style::bad("not answered"), visible(&probe.reason)),
    };
    writeln!(out, "{from} pings {aim}, number {sequence}: {outcome}")
}

pub fn command(out: &mut impl io::Write, command: &CommandLine) -> io::Result<()> {
    let mut lines = command.text.lines();
    writeln!(out, "{} $ {}", style::strong(&command.at), visible(lines.next().unwrap_or_default()))?;
    let indent = command.at.chars().count();
    for line in lines {
        writeln!(out, "{:indent$} > {}", "", visible(line))?;
    }
    for line in command.output.lines() {
        writeln!(out, "  {}", visible(line))?;
    }
    if command.was_interrupted {
        writeln!(out, "  {}", style::quiet("ended by Ctrl-C, since it does not end by itself"))?;
    }
    if command.status != 0 {
        writeln!(out, "  {}", style::bad(&format!("ended with status {}", command.status)))?;
    }
    Ok(())
}

pub fn not_run(out: &mut impl io::Write, not_run: &NotRunLine) -> io::Result<()> {
    let NotRunLine { text, line, reason } = not_run;
    let first = text.lines().next().unwrap_or_default();
    writeln!(out, "{} {} (line {line}): {}", style::doubtful("not run:"), visible(first), visible(reason))
}

/// More places than these are summed up.
const MISSED_AT: usize = 8;

/// Where frames crossed before a tap was there.
pub fn missed(out: &mut impl io::Write, missed: &BTreeMap<Place, u64>) -> io::Result<()> {
    for (at, &frames) in missed.iter().take(MISSED_AT) {
        writeln!(out, "{} crossed {at} before its tap was there", counted(frames, "frame"))?;
    }
    let (others, frames) = missed
        .values()
        .skip(MISSED_AT)
        .fold((0, 0_u64), |(others, sum), &frames| (others + 1, sum.saturating_add(frames)));
    if 0 < others {
        let (frames, others) = (counted(frames, "frame"), counted(others, "other interface"));
        writeln!(out, "{frames} crossed {others} before their taps were there")?;
    }
    Ok(())
}

pub fn summary(out: &mut impl io::Write, summary: Summary) -> io::Result<()> {
    let Summary { taps, frames, lost, journeys, probes, answered, missed, commands, failed } = summary;
    write!(out, "{} at {}, ", counted(frames, "frame"), counted(taps, "tap"))?;
    match lost {
        0 => write!(out, "none lost")?,
        _ => write!(out, "{}", style::bad(&format!("{lost} lost")))?,
    }
    if 0 < missed {
        write!(out, ", {}", style::doubtful(&format!("{missed} missed")))?;
    }
    write!(out, "; {}", counted(journeys, "journey"))?;
    if 0 < probes {
        write!(out, "; {answered} of {} answered", counted(probes, "probe"))?;
    }
    if 0 < commands {
        write!(out, "; {}", counted(commands, "command"))?;
    }
    if 0 < failed {
        write!(out, ", {}", style::bad(&format!("{failed} failed")))?;
    }
    writeln!(out)
}

/// One problem of a lab: where, what, and what mends it.
pub fn problem(out: &mut impl io::Write, problem: &Problem) -> io::Result<()> {
    let mark = match problem.severity {
        Severity::Error => style::bad("error"),
        Severity::Warning => style::doubtful("warning"),
        Severity::Note => style::quiet("note"),
    };
    writeln!(out, "{mark}: {}: {}", problem.about, problem.message)?;
    if !problem.hint.is_empty() {
        writeln!(out, "    {}", problem.hint)?;
    }
    Ok(())
}

pub fn journey(out: &mut impl io::Write, journey: &Journey, names: &BTreeMap<u32, String>) -> io::Result<()> {
    let number = format!("{:>4}", journey.id.0);
    let conversation = format!("conversation {}", journey.conversation.0);
    writeln!(
        out,
        "{}  {}  {}  {}",
        style::quiet(&number),
        style::protocol(journey.protocol),
        style::strong(&visible(&journey.summary)),
        style::quiet(&conversation)
    )?;
    Tree::of(journey, names).print(out)?;
    writeln!(out)
}

/// A journey laid out: who follows whom, and how wide the columns are.
struct Tree<'a> {
    journey: &'a Journey,
    names: &'a BTreeMap<u32, String>,
    by_id: BTreeMap<SightingId, &'a Sighting>,
    children: BTreeMap<SightingId, Vec<&'a Sighting>>,
    width: usize,
}

impl<'a> Tree<'a> {
    fn of(journey: &'a Journey, names: &'a BTreeMap<u32, String>) -> Self {
        let by_id = journey.sightings.iter().map(|sighting| (sighting.id, sighting)).collect();
        let mut children: BTreeMap<SightingId, Vec<&Sighting>> = BTreeMap::new();
        for sighting in &journey.sightings {
            if let Some(parent) = sighting.parent {
                children.entry(parent).or_default().push(sighting);
            }
        }
        let mut tree = Self { journey, names, by_id, children, width: 0 };
        tree.width = tree.lines().iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0);
        tree
    }

    fn print(&self, out: &mut impl io::Write) -> io::Result<()> {
        for (sighting, label) in self.lines() {
            let padding = " ".repeat(self.width - label.chars().count());
            write!(out, "      {label}{padding}  {:<3}  {}", sighting.frame.direction, self.times(sighting))?;
            if let Some(vlan) = Glance::at(&sighting.frame.bytes).and_then(|glance| glance.vlan) {
                write!(out, "  {}", style::quiet(&format!("[VLAN {vlan}]")))?;
            }
            for branch in self.journey.branches.iter().filter(|branch| branch.sighting == sighting.id) {
                write!(out, "  {}", ending(branch))?;
            }
            for doubt in sighting.doubts.iter() {
                write!(out, "  {}", style::doubtful(doubt_in_words(doubt)))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    /// Each sighting with its indented name. A chain stays in one column; only a fork indents.
    fn lines(&self) -> Vec<(&'a Sighting, String)> {
        let mut lines = Vec::with_capacity(self.journey.sightings.len());
        let roots = self.journey.sightings.iter().filter(|sighting| match sighting.parent {
            None => true,
            Some(parent) => !self.by_id.contains_key(&parent),
        });
        let mut waiting: Vec<(&Sighting, String, String)> =
            roots.map(|root| (root, String::new(), String::new())).collect();
        waiting.reverse();
        let mut seen = BTreeSet::new();
        // A stack of its own: a loop's journey may be thousands of hops deep.
        while let Some((sighting, own, below)) = waiting.pop() {
            if !seen.insert(sighting.id) {
                continue;
            }
            lines.push((sighting, format!("{own}{}", self.name(sighting))));
            let children = self.children.get(&sighting.id).map_or(&[][..], Vec::as_slice);
            let last = children.len().saturating_sub(1);
            for (place, child) in children.iter().enumerate().rev() {
                waiting.push(match (children.len(), place == last) {
                    (1, _) => (child, below.clone(), below.clone()),
                    (_, true) => (child, format!("{below}└ "), format!("{below}  ")),
                    (_, false) => (child, format!("{below}├ "), format!("{below}│ ")),
                });
            }
        }
        lines
    }

    fn name(&self, sighting: &Sighting) -> String {
        match self.names.get(&sighting.frame.tap.0) {
            Some(name) => name.clone(),
            None => format!("tap {}", sighting.frame.tap.0),
        }
    }

    /// Since the frame was born, and since the hop before.
    fn times(&self, sighting: &Sighting) -> String {
        let now = sighting.frame.t.0;
        let since = |from: &Sighting| now.saturating_sub(from.frame.t.0);
        let born = self.journey.sightings.first().map_or(0, since);
        match sighting.parent.and_then(|parent| self.by_id.get(&parent)) {
            Some(parent) => format!("{:>9}  {:>9}", duration(born), format!("+{}", duration(since(parent)))),
            None => format!("{:>9}  {:>9}", duration(born), ""),
        }
    }
}

fn ending(branch: &Branch) -> String {
    let reason = visible(&branch.reason);
    match branch.evidence {
        Evidence::Inferred => format!("{}: {reason}", style::fate(branch.fate)),
        Evidence::Kernel => format!("{}: {reason} (the kernel says so)", style::fate(branch.fate)),
    }
}

fn doubt_in_words(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::NoOrigin => "[where it came from was not seen]",
        Doubt::Ambiguous => "[one of several with the same bytes]",
        Doubt::Translated => "[recognised by its payload: addresses were changed]",
        Doubt::Fragment => "[a fragment]",
        Doubt::DirectionGuessed => "[direction guessed]",
    }
}

/// A length of time with its unit, never more than seven characters for what labs see.
fn duration(ns: i64) -> String {
    let size = ns.unsigned_abs();
    let value = ns as f64;
    match size {
        0 => "0".into(),
        1..1_000 => format!("{ns} ns"),
        1_000..1_000_000 => format!("{:.1} µs", value / 1e3),
        1_000_000..1_000_000_000 => format!("{:.2} ms", value / 1e6),
        _ => format!("{:.3} s", value / 1e9),
    }
}

pub fn counted(number: u64, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        _ => format!("{number} {thing}s"),
    }
}

/// Frames and files are untrusted: nothing in them may steer the terminal.
fn visible(text: &str) -> String {
    let shown = |c: char| if c.is_control() && c != '\t' { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
}
