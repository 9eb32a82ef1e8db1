//! What was seen on a network, and what that means.
//!
//! `source (live | recording | made up) → decode → fingerprint → correlate → journeys → conversations`.
//! Nothing after the source may ask whether it is live.

pub mod frame;
pub mod decode;
pub mod fingerprint;
pub mod wiring;
pub mod correlate;
pub mod glance;
pub mod journey;
pub mod journeys;
pub mod conversation;
pub mod fate;
pub mod filter;
pub mod recording;
#[cfg(feature = "live")]
pub mod live;

pub use frame::{Direction, Event, Frame, Tap, TapId, WireNs};
pub use journey::{Branch, ConversationId, Doubt, Evidence, Fate, Journey, JourneyId, Sighting, SightingId};
