//! The terminals, a tab each.
//!
//! What a terminal shows is painted from its [`Screen`](crate::terminal::screen::Screen); whatever is typed while it
//! has the focus goes to it as bytes. Nothing here blinks: a window in which nothing happens is not drawn.

mod boxes;
mod glyphs;
mod grid;
mod hand;
mod keys;
mod paper;
mod tabs;
mod typing;

use egui::{Context, Id, Ui};

use super::say_instead;
use crate::model::{
    command::Command,
    state::{State, Terminal},
};

pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    tabs::show(ui, state, out);
    let front = state.terminals.iter().find(|terminal| Some(terminal.id) == state.terminal);
    match front {
        Some(terminal) => grid::show(ui, state, terminal, out),
        None if state.is_replay() => say_instead(ui, "A recording has no shells"),
        None if state.is_running() => {
            say_instead(ui, "Double-click a room to open a terminal there; T opens one for what is selected");
        }
        None => say_instead(ui, "Terminals stand in a lab that runs: F5 runs it"),
    }
}

/// Whether what is typed goes to a terminal, and nothing else may make anything of it.
pub fn has_focus(context: &Context) -> bool {
    context.memory(|memory| memory.has_focus(id()))
}

/// There is one in front, and its place keeps the focus whichever that is.
fn id() -> Id {
    Id::unique("terminal in front")
}

/// Where it is, with a number where several are.
fn name_of(state: &State, terminal: &Terminal) -> String {
    let mut there = state.terminals.iter().filter(|other| other.at == terminal.at);
    if there.clone().count() < 2 {
        return terminal.at.clone();
    }
    let number = there.position(|other| other.id == terminal.id).map_or(0, |place| place + 1);
    format!("{} {number}", terminal.at)
}
