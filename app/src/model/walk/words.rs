//! Terminals and reasons, in words for people.

use crate::tutorial::{
    document::{HeldBack, Target},
    runner::Slot,
};

/// A terminal of the page.
pub fn slot(slot: &Slot) -> String {
    match slot {
        Slot::Host => "host".into(),
        Slot::Numbered(number) => format!("Namespace {number}"),
        Slot::Named(name) => name.to_string(),
    }
}

/// Where commands belong, as far as the text says; `?` where one will be asked.
pub fn target(target: &Target) -> String {
    match target {
        Target::Host => slot(&Slot::Host),
        Target::Numbered(number) => slot(&Slot::Numbered(*number)),
        Target::Named(name) => name.to_string(),
        Target::Each(count) => format!("in {count} terminals"),
        Target::Open => "?".into(),
    }
}

/// Why a command is left alone, after "not run: ".
pub fn held_back(why: HeldBack) -> &'static str {
    match why {
        HeldBack::Installs => "installs packages",
        HeldBack::Downloads => "fetches something from the internet",
        HeldBack::EditsMachine => "edits the machine",
        HeldBack::Elsewhere => "speaks to a service outside the lab",
    }
}
