//! The words of the result: sightings, journeys, branches, fates.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use crate::Frame;

/// Sightings are numbered from 0 in the order in which they entered the correlator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SightingId(pub u64);

/// Journeys are numbered from 1 in the order of their birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JourneyId(pub u64);

/// Conversations are numbered from 1 in the order of their first journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConversationId(pub u64);

/// A frame and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    pub id: SightingId,
    pub frame: Frame,
    /// The sighting before this one on the same journey; `None` where the journey begins.
    pub parent: Option<SightingId>,
    pub doubts: Doubts,
}

/// The same frame through several taps: a tree, since bridges flood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journey {
    pub id: JourneyId,
    pub conversation: ConversationId,
    /// The highest protocol that was decoded: `ARP`, `ICMP`, `ICMPv6`, `UDP`, `TCP`, `DNS`, `STP`, …
    pub protocol: &'static str,
    /// One line, for people.
    pub summary: String,
    /// In order of time, a parent always before its children; the first is the root.
    pub sightings: Vec<Sighting>,
    /// How each branch ended, one for each leaf, in the leaves' order.
    pub branches: Vec<Branch>,
}

/// How one branch of a journey ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The leaf.
    pub sighting: SightingId,
    pub fate: Fate,
    /// A sentence, for people; not empty.
    pub reason: String,
    pub evidence: Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    Delivered,
    /// Arrived at somebody whom it did not concern.
    Ignored,
    Dropped,
    /// Not seen to end.
    InFlight,
}

/// Where a reason comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// From the lab and what was seen.
    Inferred,
    /// The kernel said so.
    Kernel,
}

/// What is not certain about the link between a sighting and its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// The frame must have been seen earlier elsewhere, but was not: capture began later, or lost it.
    NoOrigin,
    /// Other frames with the very same bytes were under way; the oldest was taken.
    Ambiguous,
    /// Recognised by its payload only, since addresses or ports were changed (NAT).
    Translated,
    /// One of several fragments, or made from them.
    Fragment,
    /// The file did not say the direction; it was guessed from the order of time.
    DirectionGuessed,
}

impl Doubt {
    /// In the order of their declaration.
    const ALL: [Self; 5] =
        [Self::NoOrigin, Self::Ambiguous, Self::Translated, Self::Fragment, Self::DirectionGuessed];
}

/// A set of doubts. Recordings have millions of sightings, and nearly all of these have none.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Doubts(u8);

impl Doubts {
    pub fn of(doubt: Doubt) -> Self {
        let mut doubts = Self::default();
        doubts.add(doubt);
        doubts
    }

    pub fn add(&mut self, doubt: Doubt) {
        self.0 |= 1 << doubt as u8;
    }

    pub fn add_all(&mut self, others: Self) {
        self.0 |= others.0;
    }

    pub fn has(self, doubt: Doubt) -> bool {
        self.0 & (1 << doubt as u8) != 0
    }

    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// In the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Doubt> {
        Doubt::ALL.into_iter().filter(move |doubt| self.has(*doubt))
    }
}

impl fmt::Debug for Doubts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// As a list.
impl Serialize for Doubts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
