//! What was seen, in order, and how it is played.

pub mod pace;
pub mod playhead;

use std::sync::Arc;

use capture::{Direction, Fate, Journey, JourneyId, Tap, WireNs, journeys::Totals, tables::Forgotten};
use topology::Lab;

use self::pace::Pace;

/// What a source told since the last time. Nothing here says whether it is live.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// All taps so far, where there are new ones.
    pub taps: Option<Vec<Tap>>,
    pub labs: Vec<(WireNs, Arc<Lab>)>,
    pub captions: Vec<(WireNs, String)>,
    /// What tables were made to forget, and when.
    pub forgotten: Vec<(WireNs, Forgotten)>,
    /// New journeys, and known ones that went on; the same number takes the place of the one before.
    pub journeys: Vec<Journey>,
    pub totals: Totals,
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
    pub t: WireNs,
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
    /// 0 at `from`, 1 at `to`; of an ending, how far its showing has got.
    pub progress: f32,
    /// Of an ending.
    pub fate: Option<Fate>,
}

/// All that was seen, bounded.
#[derive(Debug, Default)]
pub struct Story {
    pace: Pace,
}

// STAND-IN bodies, until the story is written.
impl Story {
    /// Takes in what a source told.
    pub fn take(&mut self, _batch: Batch) {}
    pub fn clear(&mut self) {}
    pub fn taps(&self) -> &[Tap] {
        &[]
    }
    /// In the order of their births.
    pub fn told(&self) -> &[Told] {
        &[]
    }
    pub fn find(&self, _id: JourneyId) -> Option<&Told> {
        None
    }
    /// All sightings in order of time.
    pub fn moments(&self) -> &[Moment] {
        &[]
    }
    pub fn pace(&self) -> &Pace {
        &self.pace
    }
    /// Story seconds at which the last thing has ended.
    pub fn length(&self) -> f64 {
        0.0
    }
    pub fn lab_at(&self, _t: WireNs) -> Option<Arc<Lab>> {
        None
    }
    pub fn totals(&self) -> Totals {
        Totals::default()
    }
    /// Frames that were seen but are no longer, or never were, in the story.
    pub fn not_shown(&self) -> u64 {
        0
    }
    /// The frames on their way at this story time, and branches that have just ended, at most `limit`;
    /// how many there are in all.
    pub fn moving_at(&self, _story: f64, _limit: usize) -> (Vec<Moving>, usize) {
        (Vec::new(), 0)
    }
    /// What tables hold as of this wire time.
    pub fn tables(&self) -> &capture::tables::Tables {
        unimplemented!()
    }
}

impl Kind {
    pub fn of(_protocol: &str, _bytes: &[u8]) -> Self {
        Self::Other
    }
}

/// `ns1/veth-ns1 out`.
pub fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
        Direction::Unknown => "seen",
    }
}
