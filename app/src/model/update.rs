//! The one writer.

use super::{
    command::{Command, Effect},
    state::State,
};

/// Carries a command out on the state; what must be done outside comes back.
#[must_use]
pub fn update(_state: &mut State, _command: Command) -> Vec<Effect> {
    Vec::new()
}
