//! The keys, in one table that also prints the help and feeds the command palette.

use super::{command::Command, state::State};

/// One thing that can be done by name, and mostly by key.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// As people write it: `Ctrl+Z`, `Space`, `,`; empty: only in menus and the palette.
    pub keys: &'static str,
    pub group: &'static str,
    pub words: &'static str,
    /// `None` where it cannot be done now.
    pub command: fn(&State) -> Option<Command>,
}

/// All of them, in the order of the help.
pub const BINDINGS: &[Binding] = &[];

/// The binding of a chord, written as in [`Binding::keys`].
pub fn find(chord: &str) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| binding.keys.split(" or ").any(|keys| keys == chord))
}
