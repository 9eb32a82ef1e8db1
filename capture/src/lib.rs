//! What was seen on a network, and what that means.
//!
//! `source (live | recording | made up) → decode → fingerprint → correlate → journeys → conversations`.
//! Nothing after the source may ask whether it is live.

pub mod conversation;
pub mod correlate;
pub mod decode;
pub mod fate;
pub mod filter;
pub mod fingerprint;
pub mod frame;
pub mod glance;
pub mod journey;
pub mod journeys;
#[cfg(feature = "live")]
pub mod live;
pub mod recording;
pub mod tables;
pub mod wiring;

pub use frame::{Direction, Event, Frame, Tap, TapId, WireNs};
pub use journey::{
    Branch, ConversationId, Doubt, Doubts, Evidence, Fate, Journey, JourneyId, Sighting, SightingId,
};
