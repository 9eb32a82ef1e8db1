//! What happens right now, in plain words.

use super::state::State;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narration {
    /// One sentence; empty where nothing was seen yet.
    pub headline: String,
    /// What follows from it; may be empty.
    pub detail: String,
}

/// As of the playhead.
pub fn narrate(_state: &State) -> Narration {
    Narration::default()
}
