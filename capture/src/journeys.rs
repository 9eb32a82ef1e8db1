//! From events to journeys: order, links, conversations, fates.
//!
//! Frames are not decoded on the way in, only when a finished journey is asked for.

mod early;
mod hold;
mod open;

use std::{collections::BTreeMap, sync::Arc};

use topology::{Lab, Place};

use crate::{
    Doubt, Event, Frame, Journey, Sighting, Tap, TapId, WireNs,
    conversation::Conversations,
    correlate::{Correlator, Link, Steady, WINDOW},
    decode::headline,
    fate::{self, Missed, Scene, Unseen},
    glance::Glance,
    wiring::Wiring,
};
use early::Changed;
use hold::{Held, Hold};
use open::{Ended, Open, OpenJourneys};

/// Puts journeys together from what a source says.
#[derive(Debug)]
pub struct Journeys {
    options: Options,
    scene: Arc<Scene>,
    /// Taps that were announced before the ones numbered lower.
    early_taps: BTreeMap<TapId, Tap>,
    is_rewired: bool,
    begun: bool,
    hold: Hold,
    correlator: Correlator,
    open: OpenJourneys,
    ended: Vec<Ended>,
    changed: Changed,
    conversations: Conversations,
    lost: BTreeMap<TapId, u64>,
    missed: BTreeMap<TapId, Missed>,
    frames: u64,
    journeys: u64,
}

/// Times are nanoseconds of wire time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long a frame may stay in a medium, and a journey goes on without a sighting.
    pub window: i64,
    /// How much later than another tap's frames a tap's may come.
    pub hold_back: i64,
    /// Sightings of one journey; a loop's later copies begin new ones.
    pub most_sightings: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { window: WINDOW, hold_back: 50_000_000, most_sightings: 1 << 16 }
    }
}

/// What came in and what it made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub frames: u64,
    /// As the sources said.
    pub lost: u64,
    /// That crossed interfaces before their taps were there, as the sources said.
    pub missed: u64,
    /// Begun so far. Frames still held back are in no journey yet.
    pub journeys: u64,
}

impl Default for Journeys {
    fn default() -> Self {
        Self::new()
    }
}

impl Journeys {
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        Self {
            options,
            scene: Arc::default(),
            early_taps: BTreeMap::new(),
            is_rewired: false,
            begun: false,
            hold: Hold::new(options.hold_back),
            correlator: Correlator::new(Wiring::default(), options.window),
            open: OpenJourneys::default(),
            ended: Vec::new(),
            changed: Changed::default(),
            conversations: Conversations::default(),
            lost: BTreeMap::new(),
            missed: BTreeMap::new(),
            frames: 0,
            journeys: 0,
        }
    }

    pub fn push(&mut self, event: Event) {
        let due = match event {
            // The first lab holds for frames before it too, whenever it was written down; each later one from its
            // own time on, since frames come later than labs.
            Event::Lab { lab, .. } if !self.begun => {
                self.begun = true;
                self.set_lab(lab);
                return;
            }
            Event::Lab { t, lab } => self.hold.push(t, Held::Lab(lab)),
            Event::Tap(tap) => {
                self.add_tap(tap);
                return;
            }
            Event::Frame(frame) => {
                self.begun = true;
                self.frames += 1;
                self.hold.push(frame.t, Held::Frame(frame))
            }
            Event::Lost { tap, frames, .. } => {
                let known = self.lost.entry(tap).or_default();
                *known = frames.max(*known);
                return;
            }
            Event::Missed { t, tap, frames } => {
                let missed = self.missed.entry(tap).or_default();
                missed.until = missed.until.max(t);
                missed.frames = missed.frames.saturating_add(frames);
                return;
            }
            Event::Caption { .. } | Event::Forgot { .. } => return,
        };
        self.go_on(due);
    }

    /// No tap will say anything more from before `t`: what was held back until then goes on, and
    /// journeys end whose window has passed. For a live source in which nothing happens.
    pub fn advance(&mut self, t: WireNs) {
        let due = self.hold.advance(t);
        self.go_on(due);
        let now = self.correlator.advance(t);
        self.end_journeys(now);
    }

    /// Lets all go on that is held back.
    pub fn flush(&mut self) {
        let due = self.hold.flush();
        self.go_on(due);
    }

    /// The journeys whose window has passed, in order of their ending.
    pub fn take_finished(&mut self) -> Vec<Journey> {
        let unseen = Unseen { lost: &self.lost, missed: &self.missed };
        self.ended.drain(..).map(|ended| summarised(ended, unseen)).collect()
    }

    /// Open journeys that began or went on since the last asking, for who cannot wait until they end:
    /// at most `most`, those first that changed first. The others of them come when they end, as all do.
    /// What is not decided yet about their branches is told as in flight.
    pub fn take_changed(&mut self, most: usize) -> Vec<Journey> {
        let unseen = Unseen { lost: &self.lost, missed: &self.missed };
        self.changed.take(&mut self.open, most, unseen)
    }

    /// All journeys that remain, in order of their birth.
    pub fn finish(mut self) -> Vec<Journey> {
        self.flush();
        let latest = self.correlator.now();
        for journey in self.open.take_all() {
            let outcome = self.conversations.outcome(journey.seat);
            let at_end = latest.0.saturating_sub(journey.last.0) < fate::STILL_MOVING;
            self.ended.push(Ended { journey, outcome, at_end });
        }
        self.ended.sort_by_key(|ended| ended.journey.id);
        self.take_finished()
    }

    /// `taps()[i].id` is `TapId(i)`.
    pub fn taps(&self) -> &[Tap] {
        &self.scene.taps
    }

    pub fn totals(&self) -> Totals {
        let lost = self.lost.values().fold(0, |sum: u64, lost| sum.saturating_add(*lost));
        let missed = self.missed.values().fold(0, |sum: u64, missed| sum.saturating_add(missed.frames));
        Totals { frames: self.frames, lost, missed, journeys: self.journeys }
    }

    /// How many frames crossed an interface before its tap was there, where any did; in order of the places.
    pub fn missed(&self) -> BTreeMap<Place, u64> {
        let mut at = BTreeMap::new();
        for (tap, missed) in &self.missed {
            if let Some(tap) = self.scene.taps.get(tap.0 as usize) {
                let sum: &mut u64 = at.entry(tap.at.clone()).or_default();
                *sum = sum.saturating_add(missed.frames);
            }
        }
        at
    }

    /// How often too much was under way to tell all of it apart (a bridge loop, for instance).
    pub fn crowded(&self) -> u64 {
        self.correlator.crowded()
    }

    /// How many frames may still be seen again: bounded by the window, not by the run.
    pub fn under_way(&self) -> usize {
        self.correlator.under_way()
    }

    fn add_tap(&mut self, tap: Tap) {
        let scene = Arc::make_mut(&mut self.scene);
        match scene.taps.get_mut(tap.id.0 as usize) {
            Some(known) => *known = tap,
            None => {
                self.early_taps.insert(tap.id, tap);
            }
        }
        while let Some(tap) = self.early_taps.remove(&TapId(scene.taps.len() as u32)) {
            scene.taps.push(tap);
        }
        self.is_rewired = true;
    }

    fn set_lab(&mut self, lab: Arc<Lab>) {
        Arc::make_mut(&mut self.scene).lab = lab;
        self.is_rewired = true;
    }

    fn go_on(&mut self, due: Vec<(Steady, Held)>) {
        let mut together = Vec::new();
        let mut due = due.into_iter().peekable();
        while let Some((at, held)) = due.next() {
            match held {
                Held::Lab(lab) => self.set_lab(lab),
                Held::Frame(frame)
                    if due.peek().is_none_or(|(next, _)| *next != at) && together.is_empty() =>
                {
                    self.take_in(frame);
                }
                Held::Frame(frame) => together.push(frame),
            }
            if due.peek().is_none_or(|(next, _)| *next != at) && !together.is_empty() {
                self.take_in_together(std::mem::take(&mut together));
            }
        }
    }

    /// Frames with one and the same time stamp: parents first, as far as that can be seen.
    fn take_in_together(&mut self, mut frames: Vec<Frame>) {
        /// More than these are taken as they come: looking for an order costs the square.
        const MOST: usize = 64;
        while 1 < frames.len() && frames.len() <= MOST {
            self.rewire();
            let born_first = |frame: &Frame| self.scene.wiring.is_born_at(frame.tap, frame.direction);
            let next = frames
                .iter()
                .position(|frame| self.correlator.has_parent(frame))
                .or_else(|| frames.iter().position(born_first))
                .unwrap_or(0);
            let frame = frames.remove(next);
            self.take_in(frame);
        }
        frames.into_iter().for_each(|frame| self.take_in(frame));
    }

    fn rewire(&mut self) {
        if std::mem::take(&mut self.is_rewired) {
            let scene = Arc::make_mut(&mut self.scene);
            scene.survey();
            self.correlator.rewire(scene.wiring.clone());
        }
    }

    fn take_in(&mut self, mut frame: Frame) {
        self.rewire();
        let link = self.correlator.push(&frame);
        frame.direction = link.direction;
        let now = self.correlator.now();
        if link.parent.is_none() {
            self.begin(link, frame, now);
        } else if let Some(journey) = self.open.get_mut(link.journey) {
            if link.doubts.has(Doubt::Translated) {
                let glance = Glance::at(&frame.bytes);
                self.conversations.also(journey.seat, glance.as_ref(), &frame.bytes, now);
            }
            journey.last = now;
            if !Arc::ptr_eq(&journey.scene, &self.scene) {
                journey.scene = self.scene.clone();
            }
            journey.sightings.push(sighting(link, frame));
            self.changed.note(journey);
            if self.options.most_sightings <= journey.sightings.len() {
                self.correlator.close(link.journey);
            }
        } else {
            // A journey ends only after all its frames have been forgotten; should that ever fail,
            // the frame must still not be lost.
            debug_assert!(false, "the parent of {link:?} is in a journey that has ended");
            let journey = self.correlator.new_journey();
            self.begin(Link { parent: None, journey, ..link }, frame, now);
        }
        self.end_journeys(now);
    }

    fn begin(&mut self, link: Link, frame: Frame, now: Steady) {
        self.journeys += 1;
        let glance = Glance::at(&frame.bytes);
        let (conversation, seat) = self.conversations.join(glance.as_ref(), &frame.bytes, now);
        let mut sightings = Vec::with_capacity(4);
        sightings.push(sighting(link, frame));
        let scene = self.scene.clone();
        let mut journey = Open {
            id: link.journey,
            conversation,
            seat,
            sightings,
            last: now,
            scene,
            told_early: 0,
            is_noted: false,
        };
        self.changed.note(&mut journey);
        if self.options.most_sightings <= 1 {
            self.correlator.close(journey.id);
        }
        self.open.begin(journey, self.options.window);
    }

    fn end_journeys(&mut self, now: Steady) {
        while let Some(journey) = self.open.take_ended(now, self.options.window) {
            let outcome = self.conversations.outcome(journey.seat);
            self.ended.push(Ended { journey, outcome, at_end: false });
        }
    }
}

fn sighting(link: Link, frame: Frame) -> Sighting {
    Sighting { id: link.sighting, frame, parent: link.parent, doubts: link.doubts }
}

/// Decodes the first sighting and judges the last ones.
fn summarised(ended: Ended, unseen: Unseen) -> Journey {
    let Ended { journey, outcome, at_end } = ended;
    let branches = fate::branches(
        &journey.sightings,
        &fate::Circumstances { scene: &journey.scene, outcome, at_end, unseen },
    );
    let told = journey.sightings.first().map(|first| headline(&first.frame.bytes));
    let (protocol, summary) = told.unwrap_or_default();
    let Open { id, conversation, sightings, .. } = journey;
    Journey { id, conversation, protocol, summary, sightings, branches }
}
