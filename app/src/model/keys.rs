//! The keys, in one table that also prints the help, fills the menus and feeds the command palette.

mod table;

use super::{command::Command, state::State};

pub use table::BINDINGS;

/// One thing that can be done by name, and mostly by key.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// As people write it: `Ctrl+Z`, `Space`, `,`; several are parted by ` or `; empty: only in menus and the palette.
    pub keys: &'static str,
    pub group: Group,
    pub words: &'static str,
    /// `None` where it cannot be done now.
    pub command: fn(&State) -> Option<Command>,
}

/// Where a binding stands in menus and in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    File,
    Edit,
    View,
    Lab,
    Play,
    Help,
    /// Palette tools; in the help under "Draw".
    Draw,
}

impl Group {
    pub const ALL: [Self; 7] =
        [Self::File, Self::Edit, Self::View, Self::Lab, Self::Play, Self::Draw, Self::Help];

    pub fn words(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Lab => "Lab",
            Self::Play => "Play",
            Self::Help => "Help",
            Self::Draw => "Draw",
        }
    }
}

impl Binding {
    /// Each way to type it.
    pub fn chords(&self) -> impl Iterator<Item = &'static str> {
        self.keys.split(" or ").filter(|keys| !keys.is_empty())
    }
}

/// The binding of a chord, written as in [`Binding::keys`].
pub fn find(chord: &str) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| binding.chords().any(|keys| keys == chord))
}

pub fn of_group(group: Group) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.group == group)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_chord_means_two_things() {
        let mut seen = BTreeSet::new();
        for chord in BINDINGS.iter().flat_map(Binding::chords) {
            assert!(seen.insert(chord), "{chord} is bound twice");
        }
    }

    #[test]
    fn names_are_told_once_and_read_well() {
        let mut seen = BTreeSet::new();
        for binding in BINDINGS {
            assert!(seen.insert(binding.words), "“{}” is there twice", binding.words);
            let first = binding.words.chars().next().unwrap_or(' ');
            assert!(first.is_uppercase(), "“{}” begins small", binding.words);
        }
    }

    #[test]
    fn every_binding_can_be_asked_in_an_empty_state() {
        let state = State::new(Default::default());
        let possible = BINDINGS.iter().filter(|binding| (binding.command)(&state).is_some()).count();
        assert!(20 < possible, "only {possible} can be done at the start");
    }
}
