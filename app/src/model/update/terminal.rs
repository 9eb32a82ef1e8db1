//! Terminals: opened, typed into, and what they say.

use topology::NamespaceName;

use super::view;
use crate::{
    model::{
        command::{Effect, Pick, Terminal as Wish},
        state::{Live, Pane, State, Terminal},
    },
    terminal::{TerminalId, TerminalSaid, TerminalSize, screen::Screen},
};

/// More are more than anybody looks at, and each has a shell and a memory of its own.
pub const MOST: usize = 64;
/// A shell that was ended by a signal exits with this and the signal's number.
const SIGNALLED: i32 = 128;
/// What becomes of a terminal whose other side is gone.
const SIGHUP: i32 = 1;

pub fn terminal(state: &mut State, wish: Wish) -> Vec<Effect> {
    match wish {
        Wish::Open(namespace) => {
            let (opened, effects) = open(state, namespace);
            state.terminal_wants_focus += u64::from(opened.is_some());
            effects
        }
        Wish::Show(id) => {
            let effects = show(state, id);
            state.terminal_wants_focus += u64::from(state.terminal == Some(id));
            effects
        }
        Wish::Close(id) => close(state, id),
        Wish::Type(id, bytes) => typed(state, id, bytes),
        Wish::Resize(id, size) => resized(state, id, size),
        Wish::Scroll(id, lines) => {
            on(state, id, |terminal| terminal.screen.scroll(lines));
            Vec::new()
        }
        Wish::Pick(id, pick) => {
            on(state, id, |terminal| picked(&mut terminal.screen, pick));
            Vec::new()
        }
        Wish::Copy(id) => {
            let text = find(state, id).and_then(|terminal| terminal.screen.picked_text());
            text.map(Effect::Copy).into_iter().collect()
        }
    }
}

/// A new one, in front; what is typed goes on going wherever it goes. `None`: it was refused, and the person was told
/// why.
pub fn open(state: &mut State, namespace: NamespaceName) -> (Option<TerminalId>, Vec<Effect>) {
    if let Err(why) = may_open(state) {
        state.notify(why, true);
        return (None, Vec::new());
    }
    let (id, size) = (TerminalId(state.next_terminal), state.terminal_size);
    state.next_terminal += 1;
    state.terminals.push(Terminal {
        id,
        opened_in: namespace.clone(),
        at: namespace.to_string(),
        shell: None,
        ended: None,
        size,
        screen: Screen::new(size),
    });
    let mut effects = vec![Effect::OpenTerminal { terminal: id, namespace, size }];
    effects.extend(show(state, id));
    (Some(id), effects)
}

fn may_open(state: &State) -> Result<(), String> {
    if state.is_replay() {
        return Err(
            "This is a recording: it has no shells. To run its lab, choose Lab ▸ Draw on with this lab"
                .into(),
        );
    }
    match state.live {
        Live::On { .. } if state.terminals.len() < MOST => Ok(()),
        Live::On { .. } => Err(format!("There are {MOST} terminals already: close one first")),
        Live::Starting => Err("The lab is still being built: try again in a moment".into()),
        Live::Off | Live::Stopping | Live::Refused { .. } => {
            Err("A terminal needs a lab that runs: F5 runs it".into())
        }
    }
}

/// Brings one to the front, with the panel that shows it.
pub fn show(state: &mut State, id: TerminalId) -> Vec<Effect> {
    if find(state, id).is_none() {
        return Vec::new();
    }
    let before = state.settings.clone();
    state.terminal = Some(id);
    view::bring(state, Pane::Terminals);
    if state.settings == before { Vec::new() } else { vec![view::save(&state.settings)] }
}

fn close(state: &mut State, id: TerminalId) -> Vec<Effect> {
    let Some(place) = state.terminals.iter().position(|terminal| terminal.id == id) else {
        return Vec::new();
    };
    let closed = state.terminals.remove(place);
    if state.terminal == Some(id) {
        let beside = state.terminals.get(place).or(state.terminals.last());
        state.terminal = beside.map(|terminal| terminal.id);
    }
    if closed.ended.is_some() { Vec::new() } else { vec![Effect::CloseTerminal(id)] }
}

fn typed(state: &mut State, id: TerminalId, bytes: Vec<u8>) -> Vec<Effect> {
    let Some(terminal) = find_mut(state, id) else { return Vec::new() };
    terminal.screen.scroll_to_end();
    terminal.screen.pick_nothing();
    if terminal.ended.is_some() || bytes.is_empty() {
        return Vec::new();
    }
    vec![Effect::Type { terminal: id, bytes }]
}

fn resized(state: &mut State, id: TerminalId, size: TerminalSize) -> Vec<Effect> {
    state.terminal_size = size;
    let Some(terminal) = find_mut(state, id).filter(|terminal| terminal.size != size) else {
        return Vec::new();
    };
    terminal.size = size;
    terminal.screen.resize(size);
    if terminal.ended.is_some() { Vec::new() } else { vec![Effect::ResizeTerminal { terminal: id, size }] }
}

fn picked(screen: &mut Screen, pick: Pick) {
    match pick {
        Pick::From(kind, at) => screen.pick(kind, at),
        Pick::To(at) => screen.pick_to(at),
        Pick::All => screen.pick_all(),
        Pick::Nothing => screen.pick_nothing(),
    }
}

pub fn said(state: &mut State, id: TerminalId, said: TerminalSaid) -> Vec<Effect> {
    // One that was closed may still have something to say.
    let Some(terminal) = find_mut(state, id) else { return Vec::new() };
    match said {
        TerminalSaid::Opened { shell } => terminal.shell = Some(shell),
        TerminalSaid::Output(bytes) => {
            let answers = terminal.screen.take(&bytes);
            if !answers.is_empty() && terminal.ended.is_none() {
                return vec![Effect::Type { terminal: id, bytes: answers }];
            }
        }
        TerminalSaid::At(at) => terminal.at = at,
        TerminalSaid::Ended { status } => end(terminal, status, &how_it_ended(status)),
        TerminalSaid::Failed { why } => {
            let words = format!("No terminal in {}: {why}", terminal.opened_in);
            if terminal.shell.is_none() {
                // There is nothing to close.
                terminal.ended = Some(0);
                let _ = close(state, id);
            }
            state.notify(words, true);
        }
    }
    Vec::new()
}

/// The last line says it; what was written before stays.
fn end(terminal: &mut Terminal, status: i32, words: &str) {
    terminal.ended = Some(status);
    // Back from a program that had the whole screen.
    let _nobody_is_left_to_be_answered = terminal.screen.take(b"\x1b[?1049l\x1b[?25h\x1b[0m");
    let is_on_a_new_line = terminal.screen.cursor().is_some_and(|cursor| cursor.column == 0);
    let next = if is_on_a_new_line { "" } else { "\r\n" };
    let last = format!("{next}\x1b[2m{words}\x1b[0m\x1b[?25l");
    let _nobody_is_left_to_be_answered = terminal.screen.take(last.as_bytes());
}

fn how_it_ended(status: i32) -> String {
    match status {
        0 => "The shell has ended.".into(),
        status if SIGNALLED < status => format!("The shell was ended by signal {}.", status - SIGNALLED),
        status => format!("The shell has ended with status {status}."),
    }
}

/// Their shells are gone; what they wrote can still be read.
pub fn lab_stopped(state: &mut State) {
    for terminal in state.terminals.iter_mut().filter(|terminal| terminal.ended.is_none()) {
        end(terminal, SIGNALLED + SIGHUP, "The lab has stopped, and this shell with it.");
    }
}

/// Another lab begins.
pub fn forget(state: &mut State) {
    state.terminals.clear();
    state.terminal = None;
}

fn find(state: &State, id: TerminalId) -> Option<&Terminal> {
    state.terminals.iter().find(|terminal| terminal.id == id)
}

fn find_mut(state: &mut State, id: TerminalId) -> Option<&mut Terminal> {
    state.terminals.iter_mut().find(|terminal| terminal.id == id)
}

fn on(state: &mut State, id: TerminalId, what: impl FnOnce(&mut Terminal)) {
    if let Some(terminal) = find_mut(state, id) {
        what(terminal);
    }
}
