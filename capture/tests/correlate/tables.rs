//! Each file in `tables/` tells what was seen in a lab and when to ask, and after a line of dashes what the tables
//! held then. `forget TIME WHO` makes a namespace's neighbours, or what a bridge learned, be forgotten.
//!
//! `BLESS=1` writes down what came out, to be read before it is committed.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its case should stop")]

use std::{collections::BTreeMap, fmt::Write, fs, path::Path, sync::Arc};

use crate::made_up::{Story, lab::place, story};
use capture::{
    Event, Journey, Tap, WireNs,
    journeys::Journeys,
    tables::{Forgotten, NeighbourState, Tables},
    wiring::mac_of,
};
use topology::{Lab, MacAddress};

const SPLIT: &str = "----\n";

pub struct Case {
    story: Story,
    asked: Vec<WireNs>,
    forgotten: Vec<(WireNs, Forgotten)>,
}

impl Case {
    fn parse(text: &str) -> Self {
        let (ours, told): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| line.starts_with("ask ") || line.starts_with("forget "));
        let mut case =
            Self { story: Story::parse(&told.join("\n")), asked: Vec::new(), forgotten: Vec::new() };
        for line in ours {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[0] {
                "ask" => case.asked.extend(words[1..].iter().map(|word| story::at(story::nanoseconds(word)))),
                _ => {
                    let what = match words[2].contains('/') {
                        true => Forgotten::Learned(place(words[2])),
                        false => Forgotten::Neighbours(words[2].parse().unwrap()),
                    };
                    case.forgotten.push((story::at(story::nanoseconds(words[1])), what));
                }
            }
        }
        case
    }

    fn labs(&self) -> Vec<(WireNs, Arc<Lab>)> {
        let lab = |event| match event {
            Event::Lab { t, lab } => Some((t, lab)),
            _ => None,
        };
        self.story.opening().into_iter().chain(self.story.in_order()).filter_map(lab).collect()
    }

    fn journeys(&self) -> Vec<Journey> {
        let mut journeys = Journeys::new();
        self.story.opening().into_iter().chain(self.story.in_order()).for_each(|event| journeys.push(event));
        let mut all = journeys.take_finished();
        all.extend(journeys.finish());
        all
    }

    fn tables(&self, journeys: &[Journey], labs_first: bool) -> Tables {
        let mut tables = Tables::default();
        let mut labs = self.labs();
        if !labs_first {
            // In the worst order that is allowed: each lab before the journeys, but not in order of time.
            labs.reverse();
        }
        labs.iter().for_each(|(t, lab)| tables.take_lab(*t, lab));
        for journey in journeys {
            tables.take(journey, &labs[0].1, &self.story.taps);
        }
        self.forgotten.iter().for_each(|(t, what)| tables.forget(*t, what));
        tables
    }

    fn drawn(&self, tables: &Tables) -> String {
        let labs = self.labs();
        let lab = &labs[0].1;
        let names: BTreeMap<MacAddress, String> =
            lab.interfaces().map(|(at, interface)| (mac_of(&at, interface), at.to_string())).collect();
        let named = |mac: MacAddress| names.get(&mac).cloned().unwrap_or_else(|| mac.to_string());
        let mut text = String::new();
        for asked in &self.asked {
            writeln!(text, "at {}", time(*asked)).unwrap();
            for (bridge, _) in lab.interfaces().filter(|(_, found)| found.bridge_settings().is_some()) {
                for row in tables.learned(&bridge, *asked) {
                    let (mac, since) = (named(row.mac), time(row.since));
                    writeln!(text, "  {bridge}: {mac} behind {} since {since}", row.port.interface).unwrap();
                }
            }
            for namespace in lab.namespaces.keys() {
                for row in tables.neighbours(namespace, *asked) {
                    let state = match row.state {
                        NeighbourState::Asking => "is asked for".to_owned(),
                        NeighbourState::Known(mac) => format!("is {}", named(mac)),
                        NeighbourState::Static(mac) => format!("is always {}", named(mac)),
                        NeighbourState::Failed => "failed".to_owned(),
                    };
                    let since = time(row.since);
                    writeln!(text, "  {namespace}: {} {state} since {since}", row.address).unwrap();
                }
            }
        }
        text
    }
}

/// In microseconds since the beginning.
fn time(t: WireNs) -> String {
    format!("{}", (t.0 - story::ORIGIN) as f64 / 1e3)
}

/// What tells two sets of tables apart, at each time that the case asks about.
fn same(case: &Case, one: &Tables, other: &Tables, why: &str) {
    assert_eq!(case.drawn(one), case.drawn(other), "{why}");
    let lab = &case.labs()[0].1;
    for (at, _) in lab.interfaces() {
        assert_eq!(one.most_learned(&at), other.most_learned(&at), "{why}: {at}");
        let (one, other) = (one.most_neighbours(&at.namespace), other.most_neighbours(&at.namespace));
        assert_eq!(one, other, "{why}: {at}");
    }
}

#[test]
fn every_table_is_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "there are cases");
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let (told_as, expected) = text.split_once(SPLIT).unwrap_or((&text, ""));
        let case = Case::parse(told_as);
        let journeys = case.journeys();
        let tables = case.tables(&journeys, true);
        let drawing = case.drawn(&tables);
        let twice: Vec<Journey> = journeys.iter().flat_map(grown).collect();
        same(&case, &tables, &case.tables(&twice, true), &format!("{name}: taken again and again"));
        let backwards: Vec<Journey> = journeys.iter().rev().cloned().collect();
        same(&case, &tables, &case.tables(&backwards, true), &format!("{name}: taken in another order"));
        same(&case, &tables, &case.tables(&journeys, false), &format!("{name}: labs in another order"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, format!("{told_as}{SPLIT}{drawing}")).unwrap();
        } else if drawing != expected {
            wrong.push(format!("{name}: expected\n{expected}\nbut got\n{drawing}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The journey as it was told while it grew, and once more in the end.
fn grown(journey: &Journey) -> Vec<Journey> {
    let early = |count: usize| Journey { sightings: journey.sightings[..count].to_vec(), ..journey.clone() };
    let all = journey.sightings.len();
    (1..=all).map(early).chain([journey.clone()]).collect()
}

/// The lab of the properties below: taps 0 to 4 are br0, a, b, p1, p2.
const SWITCH: &str = "
bridge s/br0 10.0.0.9/24
cable a/eth0 10.0.0.1/24 -- s/p1 @br0
cable b/eth0 10.0.0.2/24 -- s/p2 @br0
set s/br0 ageing=3
taps s/br0 a/eth0 b/eth0 s/p1 s/p2
frame 0 arp-question from=a/eth0 src=10.0.0.1 dst=10.0.0.2
frame 1 arp-answer from=b/eth0 to=a/eth0 src=10.0.0.2 dst=10.0.0.1
frame 2 arp-question from=b/eth0 src=10.0.0.2 dst=10.0.0.1
frame 3 arp-question from=a/eth0 to=b/eth0 src=10.0.0.1 dst=10.0.0.2
frame 4 arp-question from=b/eth0 src=10.0.0.1 dst=10.0.0.1
frame 5 udp from=02:00:00:00:00:05 to=b/eth0 src=10.0.0.1 dst=10.0.0.2
";

mod properties;
