//! What was seen, in order, and how it is played.
//!
//! A source tells batches of journeys ([`Story::take`]). Their sightings are put in order of wire time
//! (`taking`), each is given its story time (`pacing`), and from those the stage asks what moves (`moving`)
//! and the transport where to go (`steps`). What a batch costs depends on what is new in it.

mod blocks;
mod kind;
mod moving;
mod pacing;
mod span;
mod steps;
mod taking;
mod trace;
mod trim;

pub mod pace;
pub mod playhead;

#[cfg(test)]
pub(crate) mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use capture::{
    ConversationId, Fate, Journey, JourneyId, Sighting, Tap, TapId, WireNs,
    journeys::Totals,
    tables::{Forgotten, Tables},
};
use topology::{Lab, Place};

use self::{
    blocks::{MomentBlock, ToldBlock},
    pace::Pace,
    pacing::Lead,
    trace::Trace,
};

/// Story seconds for which a branch that has ended is still shown. Idle time is squeezed to no less, so that what
/// comes next live begins where a playhead that waits at the end stands, or later.
pub const SHOWN: f64 = 1.2;

/// What a source told since the last time. Nothing here says whether it is live.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// All taps so far, where there are new ones.
    pub taps: Option<Vec<Tap>>,
    pub labs: Vec<(WireNs, Arc<Lab>)>,
    pub captions: Vec<(WireNs, String)>,
    /// What somebody made tables forget.
    pub forgotten: Vec<(WireNs, Forgotten)>,
    /// New journeys, and known ones that went on; the same number takes the place of the one before.
    pub journeys: Vec<Journey>,
    pub totals: Totals,
    /// Frames that crossed interfaces before their taps were there, where that has changed.
    pub missed: Option<BTreeMap<Place, u64>>,
    /// Frames not taken in, because too much happened at once.
    pub not_shown: u64,
    /// Nothing more will come; or why no more could be read.
    pub end: Option<Result<(), String>>,
}

/// What colour a frame has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Arp,
    EchoRequest,
    EchoReply,
    /// Neighbour discovery and what else speaks ICMP.
    Nd,
    Tcp,
    Udp,
    Other,
}

/// A journey, with what the window shows of it.
#[derive(Clone, Debug)]
pub struct Told {
    pub journey: Arc<Journey>,
    pub kind: Kind,
    /// A few words that fit on a pill.
    pub label: String,
    /// Story times of the first and the last sighting.
    pub begins: f64,
    pub ends: f64,
}

/// One sighting, in the order of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// When it was seen; never before its parent, whatever the stamps say.
    pub t: WireNs,
    /// Copies of a flood leave together, so this may be less than that of the moment before.
    pub story: f64,
    /// Index in [`Story::told`].
    pub told: u32,
    /// Index in [`Journey::sightings`].
    pub sighting: u32,
}

/// A frame on its way at one instant, or just arrived.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moving {
    /// Index in [`Story::told`].
    pub told: u32,
    /// Index of the sighting it comes from.
    pub from: u32,
    /// Where it will be seen next; `None`: its branch has ended at `from`.
    pub to: Option<u32>,
    /// Of `from` and of `to`. With thousands on their way, a look at each journey for them would take longest.
    pub taps: (TapId, Option<TapId>),
    /// Its journey begins at `from`.
    pub is_born: bool,
    /// 0 at `from`, 1 at `to`; of an ending, how far its showing has got.
    pub progress: f32,
    /// Of an ending.
    pub fate: Option<Fate>,
}

/// All that was seen, bounded.
#[derive(Debug, Default)]
pub struct Story {
    taps: Vec<Tap>,
    /// In order of time.
    labs: Vec<(WireNs, Arc<Lab>)>,
    captions: Vec<(WireNs, String)>,
    totals: Totals,
    missed: BTreeMap<Place, u64>,
    end: Option<Result<(), String>>,
    not_shown: u64,
    /// Raised with every batch.
    revision: u64,
    /// With each revision, the first place in `moments` that may be another than before.
    changes: VecDeque<(u64, usize)>,
    keep: Keep,
    /// Journeys that began before this were dropped, or would have been.
    horizon: Option<WireNs>,
    /// In order of their numbers, which is the order of birth.
    told: Vec<Told>,
    /// `traces[i]` is about `told[i]`.
    traces: Vec<Trace>,
    conversations: BTreeSet<(ConversationId, JourneyId)>,
    moments: Vec<Moment>,
    /// What pacing knew before each [`blocks::MOMENTS`]th moment.
    leads: Vec<Lead>,
    pace: Pace,
    told_blocks: Vec<ToldBlock>,
    moment_blocks: Vec<MomentBlock>,
    tables: Tables,
}

/// What is given up when there is too much; in sightings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The oldest journeys go, a quarter of all at a time: for what is seen live.
    Newest(usize),
    /// What comes after is not taken in: for a recording, which is looked at from its beginning.
    Oldest(usize),
}

impl Default for Keep {
    fn default() -> Self {
        Self::LIVE
    }
}

impl Keep {
    pub const LIVE: Self = Self::Newest(1_500_000);
    /// About a gigabyte and a half with the frames' own bytes.
    pub const RECORDING: Self = Self::Oldest(4_000_000);
}

/// What a batch did to the story.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Changed {
    /// Story times from here on may mean other moments than before, or are new; `None`: none do.
    pub from_story: Option<f64>,
    /// Journeys that were not known before.
    pub begun: usize,
}

impl Story {
    pub fn keeping(keep: Keep) -> Self {
        Self { keep, ..Self::default() }
    }

    /// Forgets everything but how much is kept.
    pub fn clear(&mut self) {
        *self = Self::keeping(self.keep);
    }

    pub fn taps(&self) -> &[Tap] {
        &self.taps
    }

    /// In the order of their births.
    pub fn told(&self) -> &[Told] {
        &self.told
    }

    pub fn find(&self, id: JourneyId) -> Option<&Told> {
        self.told.get(self.index_of(id)?)
    }

    /// Index in [`Self::told`]. It may change with every batch.
    pub fn index_of(&self, id: JourneyId) -> Option<usize> {
        self.traces.binary_search_by_key(&id, |trace| trace.id).ok()
    }

    /// All sightings in order of wire time, a parent before its children.
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// What was seen at this moment.
    pub fn sighting(&self, moment: &Moment) -> Option<(&Told, &Sighting)> {
        let told = self.told.get(moment.told as usize)?;
        Some((told, told.journey.sightings.get(moment.sighting as usize)?))
    }

    /// The story time of one sighting, by its place in [`Self::told`] and in [`Journey::sightings`].
    pub fn sighting_story(&self, told: usize, sighting: usize) -> Option<f64> {
        Some(self.traces.get(told)?.hops.get(sighting)?.story)
    }

    /// Indices in [`Self::told`] of the journeys of one conversation, in order of their births.
    pub fn conversation(&self, id: ConversationId) -> impl Iterator<Item = usize> + '_ {
        let journeys = self.conversations.range((id, JourneyId(0))..=(id, JourneyId(u64::MAX)));
        journeys.filter_map(|(_, journey)| self.index_of(*journey))
    }

    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// Story seconds at which the first thing happens; more than a little only after the oldest was dropped.
    pub fn beginning(&self) -> f64 {
        self.pace.first().unwrap_or_default()
    }

    /// Story seconds at which the last thing has ended.
    pub fn length(&self) -> f64 {
        self.pace.last().map_or(0.0, |last| last + SHOWN)
    }

    /// The lab as it stood then; before the first, the first.
    pub fn lab_at(&self, t: WireNs) -> Option<Arc<Lab>> {
        let known = self.labs.partition_point(|(since, _)| *since <= t);
        self.labs.get(known.saturating_sub(1)).map(|(_, lab)| lab.clone())
    }

    /// What the source itself says about moments, in order of time.
    pub fn captions(&self) -> &[(WireNs, String)] {
        &self.captions
    }

    /// Another number means that something changed: see [`Story::unchanged_since`].
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How many of the first [`Story::moments`] are as they were at this revision.
    pub fn unchanged_since(&self, revision: u64) -> usize {
        let later = self.changes.iter().filter(|(known, _)| revision < *known);
        let is_known = self.changes.front().is_some_and(|(oldest, _)| *oldest <= revision + 1);
        match (revision == self.revision, is_known) {
            (true, _) => self.moments.len(),
            (false, true) => later.map(|(_, first)| *first).min().unwrap_or(0),
            (false, false) => 0,
        }
    }

    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// How many frames crossed an interface before its tap was there, where any did.
    pub fn missed(&self) -> &BTreeMap<Place, u64> {
        &self.missed
    }

    /// Frames that were seen but are no longer, or never were, in the story.
    pub fn not_shown(&self) -> u64 {
        self.not_shown
    }

    /// Set when the source has ended; why no more could be read, where that is so.
    pub fn end(&self) -> Option<&Result<(), String>> {
        self.end.as_ref()
    }

    /// What tables hold as of any wire time.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }
}
