//! How the kernel stands, whoever changed it: what is typed becomes steps of what is drawn.

use topology::Sight;

use crate::model::{command::Effect, state::State};

/// STAND-IN
pub fn saw(_state: &mut State, _sight: Sight) -> Vec<Effect> {
    Vec::new()
}
