//! Terminals: opened, typed into, and what they say.

use crate::{
    model::{
        command::{Effect, Terminal},
        state::State,
    },
    terminal::{TerminalId, TerminalSaid, TerminalSize},
};

/// STAND-IN
pub fn terminal(_state: &mut State, _wish: Terminal) -> Vec<Effect> {
    Vec::new()
}

/// STAND-IN
pub fn said(_state: &mut State, _terminal: TerminalId, _said: TerminalSaid) -> Vec<Effect> {
    Vec::new()
}

/// STAND-IN
pub fn open(state: &mut State, namespace: topology::NamespaceName) -> (Option<TerminalId>, Vec<Effect>) {
    if !state.is_running() {
        return (None, Vec::new());
    }
    let next = state.terminals.iter().map(|known| known.id.0 + 1).max().unwrap_or_default();
    let terminal = TerminalId(next);
    let at = namespace.to_string();
    state.terminals.push(crate::model::state::Terminal { id: terminal, at, ended: None });
    state.terminal = Some(terminal);
    (Some(terminal), vec![Effect::OpenTerminal { terminal, namespace, size: TerminalSize::default() }])
}
