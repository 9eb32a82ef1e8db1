//! What was seen on a network, and what that means.
//!
//! `source (live | recording | made up) → decode → fingerprint → correlate → journeys → conversations`.
//! Nothing after the source may ask whether it is live.

pub mod frame;
pub mod journey;
#[cfg(feature = "live")]
pub mod live;

pub use frame::{Direction, Event, Frame, Tap, TapId, WireNs};
pub use journey::{Branch, ConversationId, Doubt, Evidence, Fate, Journey, JourneyId, Sighting, SightingId};
