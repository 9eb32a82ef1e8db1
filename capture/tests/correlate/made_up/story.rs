//! A whole case: a lab, taps, frames, and who saw what when.

use std::{collections::BTreeMap, sync::Arc};

use capture::{Direction, Event, Frame, Tap, TapId, WireNs};
use topology::Lab;

use super::{frames, lab};

/// Where the made-up wire time begins.
pub const ORIGIN: i64 = 1_700_000_000_000_000_000;

#[derive(Default)]
pub struct Story {
    lab: Option<Lab>,
    pub taps: Vec<Tap>,
    frames: BTreeMap<String, Arc<[u8]>>,
    pub seen: Vec<Event>,
    later_labs: Vec<Event>,
    /// Print how many journeys had each shape, rather than each journey.
    pub only_shapes: bool,
    /// Print only how many sightings each journey has at each tap.
    pub only_counts: bool,
    /// The order in which the sightings stand is part of the case.
    pub is_ordered: bool,
    /// Sightings of one journey at most, where the case sets it.
    pub most_sightings: Option<usize>,
}

impl Story {
    pub fn parse(text: &str) -> Self {
        let mut story = Self::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split('#').next().unwrap_or("").split_whitespace().collect();
            if let Some((first, rest)) = words.split_first() {
                story.take(first, rest);
            }
        }
        story
    }

    fn lab_mut(&mut self) -> &mut Lab {
        self.lab.get_or_insert_default()
    }

    fn take(&mut self, first: &str, words: &[&str]) {
        match first {
            "bridge" => lab::bridge(self.lab_mut(), words),
            "cable" => lab::cable(self.lab_mut(), words),
            "route" => lab::route(self.lab_mut(), words),
            "set" => lab::set(self.lab_mut(), words),
            "taps" => words.iter().for_each(|at| {
                let id = TapId(self.taps.len() as u32);
                self.taps.push(Tap { id, at: lab::place(at) });
            }),
            "frame" => {
                let bytes = frames::frame(&words[1..], &self.frames);
                self.frames.insert(words[0].to_owned(), bytes);
            }
            "walk" => self.walk(words, 0),
            "repeat" => {
                let (times, every) = (words[0].parse::<i64>().expect("a count"), nanoseconds(words[2]));
                (0..times).for_each(|n| self.walk(&words[4..], n * every));
            }
            "change" => self.change(words),
            "lost" => {
                let tap = self.tap(words[1]);
                let frames = words[2].parse().expect("a count");
                self.seen.push(Event::Lost { t: at(nanoseconds(words[0])), tap, frames });
            }
            "shapes" => self.only_shapes = true,
            "counts" => self.only_counts = true,
            "ordered" => self.is_ordered = true,
            "most-sightings" => self.most_sightings = words[0].parse().ok(),
            other => panic!("no such line: {other}"),
        }
    }

    /// `walk TIME FRAME TAP:in … FRAME@TAP:out …`: a microsecond from tap to tap; `+N` waits N more.
    fn walk(&mut self, words: &[&str], after: i64) {
        let mut t = nanoseconds(words[0]) + after;
        let mut frame = words[1];
        for word in &words[2..] {
            if let Some(more) = word.strip_prefix('+') {
                t += nanoseconds(more) - 1000;
                continue;
            }
            let (changed, sighting) = word.split_once('@').unwrap_or((frame, word));
            frame = changed;
            let (tap, direction) = sighting.split_once(':').expect("tap:direction");
            let direction = match direction {
                "in" => Direction::In,
                "out" => Direction::Out,
                _ => Direction::Unknown,
            };
            let bytes = self.frame(frame);
            let original_len = bytes.len() as u32;
            let tap = self.tap(tap);
            self.seen.push(Event::Frame(Frame { tap, t: at(t), direction, bytes, original_len }));
            t += 1000;
        }
    }

    /// `change TIME set …`: the lab is different from then on.
    fn change(&mut self, words: &[&str]) {
        let before = self.later_labs.last().or(None).and_then(|event| match event {
            Event::Lab { lab, .. } => Some((**lab).clone()),
            _ => None,
        });
        let mut changed = before.or_else(|| self.lab.clone()).unwrap_or_default();
        lab::set(&mut changed, &words[2..]);
        let event = Event::Lab { t: at(nanoseconds(words[0])), lab: Arc::new(changed) };
        self.later_labs.push(event.clone());
        self.seen.push(event);
    }

    /// A frame by its name.
    pub fn frame(&self, name: &str) -> Arc<[u8]> {
        self.frames.get(name).unwrap_or_else(|| panic!("no frame {name}")).clone()
    }

    fn tap(&self, at: &str) -> TapId {
        let at = lab::place(at);
        self.taps.iter().find(|tap| tap.at == at).unwrap_or_else(|| panic!("no tap at {at}")).id
    }

    /// The lab and the taps, which come first.
    pub fn opening(&self) -> Vec<Event> {
        let lab = self.lab.iter().map(|lab| Event::Lab { t: at(0), lab: Arc::new(lab.clone()) });
        lab.chain(self.taps.iter().cloned().map(Event::Tap)).collect()
    }

    /// All in order of time, as a recording would have it.
    pub fn in_order(&self) -> Vec<Event> {
        let mut seen = self.seen.clone();
        seen.sort_by_key(time);
        seen
    }

    /// As live taps would deliver it: a batch for each tap for each slice of time (nanoseconds).
    pub fn in_batches(&self, slice: i64) -> Vec<Event> {
        let mut seen = self.in_order();
        let who = |event: &Event| match event {
            Event::Frame(frame) => u32::MAX - frame.tap.0,
            _ => 0,
        };
        seen.sort_by_key(|event| (time(event).0 / slice, who(event)));
        seen
    }
}

pub fn time(event: &Event) -> WireNs {
    match event {
        Event::Lab { t, .. }
        | Event::Lost { t, .. }
        | Event::Missed { t, .. }
        | Event::Caption { t, .. }
        | Event::Forgot { t, .. } => *t,
        Event::Frame(frame) => frame.t,
        Event::Tap(_) => WireNs(0),
    }
}

pub fn at(nanoseconds: i64) -> WireNs {
    WireNs(ORIGIN + nanoseconds)
}

/// A time as `12`, `12.5` (microseconds), `3ms` or `1s`.
pub fn nanoseconds(text: &str) -> i64 {
    let (number, unit) = match text {
        _ if text.ends_with("ms") => (&text[..text.len() - 2], 1e6),
        _ if text.ends_with('s') => (&text[..text.len() - 1], 1e9),
        _ => (text, 1e3),
    };
    (number.parse::<f64>().expect("a time") * unit).round() as i64
}
