//! Stories made up from journeys: the rules of pacing in small cases, and laws for any journeys whatever.

mod laws;
mod live;
pub(crate) mod made_up;
mod pacing;
mod playing;
