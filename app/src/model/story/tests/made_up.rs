//! Journeys without a correlator.

use std::sync::Arc;

use capture::{
    Branch, ConversationId, Direction, Doubts, Evidence, Fate, Frame, Journey, JourneyId, Sighting,
    SightingId, TapId, WireNs,
};

use crate::model::story::{Batch, Story};

pub const ORIGIN: i64 = 1_700_000_000_000_000_000;
pub const US: i64 = 1_000;
pub const MS: i64 = 1_000_000;

pub use Direction::{In, Out};

/// Tap, direction, nanoseconds since [`ORIGIN`], and the parent's place in the journey.
pub type Seen = (u32, Direction, i64, Option<usize>);

/// All branches are delivered.
pub fn journey(id: u64, conversation: u64, seen: &[Seen]) -> Journey {
    let number = |index: usize| SightingId(id * 100_000 + index as u64);
    let sightings: Vec<Sighting> = seen
        .iter()
        .enumerate()
        .map(|(index, &(tap, direction, t, parent))| Sighting {
            id: number(index),
            frame: Frame {
                tap: TapId(tap),
                t: WireNs(ORIGIN + t),
                direction,
                bytes: bytes(),
                original_len: 42,
            },
            parent: parent.map(number),
            doubts: Doubts::default(),
        })
        .collect();
    let is_leaf = |sighting: &&Sighting| sightings.iter().all(|other| other.parent != Some(sighting.id));
    let branch = |leaf: &Sighting| Branch {
        sighting: leaf.id,
        fate: Fate::Delivered,
        reason: "it arrived".into(),
        evidence: Evidence::Inferred,
    };
    let branches = sightings.iter().filter(is_leaf).map(branch).collect();
    let (id, conversation) = (JourneyId(id), ConversationId(conversation));
    let (protocol, summary) = ("ARP", "who has 10.0.0.2? tell 10.0.0.1".to_owned());
    Journey { id, conversation, protocol, summary, sightings, branches }
}

/// The journey as it was known when it had so many sightings.
pub fn begun(journey: &Journey, sightings: usize) -> Journey {
    let sightings = sightings.clamp(1, journey.sightings.len());
    Journey { sightings: journey.sightings[..sightings].to_vec(), branches: Vec::new(), ..journey.clone() }
}

/// Out of one room, in at a switch, out of it, into the other room: a microsecond each from `t` on.
pub fn crossing(id: u64, conversation: u64, t: i64, back: bool) -> Journey {
    let [a, b, c, d] = if back { [3, 2, 1, 0] } else { [0, 1, 2, 3] };
    journey(
        id,
        conversation,
        &[
            (a, Out, t, None),
            (b, In, t + US, Some(0)),
            (c, Out, t + 2 * US, Some(1)),
            (d, In, t + 3 * US, Some(2)),
        ],
    )
}

/// A question that a switch hands out by so many ports one after the other, each received before the next is sent.
pub fn flood(id: u64, t: i64, ports: u32) -> Journey {
    let mut seen = vec![(0, Out, t, None), (1, In, t + US, Some(0))];
    for port in 0..ports {
        let sent = seen.len();
        let t = t + 2 * US + i64::from(port) * US;
        seen.push((2 + 2 * port, Out, t, Some(1)));
        seen.push((3 + 2 * port, In, t + US / 2, Some(sent)));
    }
    journey(id, id, &seen)
}

pub fn batch(journeys: impl IntoIterator<Item = Journey>) -> Batch {
    Batch { journeys: journeys.into_iter().collect(), ..Batch::default() }
}

pub fn story(journeys: impl IntoIterator<Item = Journey>) -> Story {
    let mut story = Story::default();
    story.take(batch(journeys));
    story
}

/// An ARP question (RFC 826).
fn bytes() -> Arc<[u8]> {
    let mut frame = vec![0xff; 6];
    frame.extend([2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1]);
    frame.extend([0, 0, 0, 0, 0, 0, 10, 0, 0, 2]);
    frame.into()
}
