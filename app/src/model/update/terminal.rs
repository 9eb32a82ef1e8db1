//! Terminals: opened, typed into, and what they say.

use crate::{
    model::{
        command::{Effect, Terminal},
        state::State,
    },
    terminal::{TerminalId, TerminalSaid},
};

/// STAND-IN
pub fn terminal(_state: &mut State, _wish: Terminal) -> Vec<Effect> {
    Vec::new()
}

/// STAND-IN
pub fn said(_state: &mut State, _terminal: TerminalId, _said: TerminalSaid) -> Vec<Effect> {
    Vec::new()
}
