//! Runs a page: which command is next, into which terminal it is typed, and how it went. A small machine that knows
//! no clock and no terminal; the window and the command line drive the same one.

use std::{collections::BTreeMap, sync::Arc};

use topology::{NamespaceName, Sight};

use super::document::{Document, Target};
use crate::terminal::TerminalSaid;

/// A terminal as the page knows it. Whoever drives the runner gives each a terminal of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    Host,
    Numbered(u32),
    Named(NamespaceName),
}

/// What the runner wants done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Open a terminal for this slot, in this namespace.
    Open { slot: Slot, namespace: NamespaceName },
    /// Type these bytes (a command ends with a carriage return).
    Type { slot: Slot, bytes: Vec<u8> },
}

/// What must be decided by a person (or by a default, without one).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Which terminal `command` belongs into; the answer is remembered for the rest of the page.
    Where { command: usize, choices: Vec<Slot> },
    /// What stands for a placeholder; the proposal is what the kernel shows.
    Placeholder { command: usize, name: String, proposal: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    Where(Slot),
    Placeholder(String),
    /// Leave this command out.
    Skip,
}

/// How one command stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Standing {
    #[default]
    NotRun,
    Asking,
    /// Since when, in the driver's seconds.
    Running {
        since: f64,
    },
    Ran(Vec<Outcome>),
    LeftOut,
}

/// How a command went in one terminal.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// As it was typed, placeholders filled.
    pub text: String,
    /// The namespace that the terminal was in when it was typed.
    pub at: String,
    pub slot: Slot,
    pub status: i32,
    /// What it printed, without colours and marks; at most 64 KiB.
    pub output: String,
    /// Seconds.
    pub took: f64,
    /// It was given its fair time and ended as Ctrl-C would.
    pub was_interrupted: bool,
}

#[derive(Debug)]
pub struct Runner {
    document: Arc<Document>,
    standings: Vec<Standing>,
    wishes: Vec<Wish>,
}

/// STAND-IN bodies
impl Runner {
    pub fn new(document: Arc<Document>) -> Self {
        let standings = vec![Standing::NotRun; document.commands.len()];
        Self { document, standings, wishes: Vec::new() }
    }

    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// By command.
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// Queues these commands, in order, behind what is queued; those that are held back only where `also_held_back`.
    pub fn run(&mut self, commands: impl IntoIterator<Item = usize>, also_held_back: bool) {
        let _ = (commands.into_iter().count(), also_held_back);
    }

    /// Forgets what is queued; what runs goes on.
    pub fn stop(&mut self) {}

    /// Ends what runs as Ctrl-C would.
    pub fn interrupt(&mut self) {}

    /// Nothing runs, nothing is queued, nothing is asked.
    pub fn is_idle(&self) -> bool {
        true
    }

    /// The command that runs or is asked about, else the next that was queued.
    pub fn current(&self) -> Option<usize> {
        None
    }

    pub fn question(&self) -> Option<&Question> {
        None
    }

    pub fn answer(&mut self, answered: Answered) {
        let _ = answered;
    }

    /// Where commands of a target go that the text leaves open, once chosen.
    pub fn chosen(&self) -> &BTreeMap<Target, Slot> {
        const NONE: &BTreeMap<Target, Slot> = &BTreeMap::new();
        NONE
    }

    /// Something a terminal of ours said.
    pub fn told(&mut self, slot: &Slot, said: &TerminalSaid, now: f64) {
        let _ = (slot, said, now);
    }

    /// How the kernel stands now: where placeholders get their proposals from.
    pub fn sees(&mut self, sight: &Sight) {
        let _ = sight;
    }

    /// Time passes: endless commands are ended when theirs is over. When to call again at the latest, if it matters.
    pub fn tick(&mut self, now: f64) -> Option<f64> {
        let _ = now;
        None
    }

    /// What is to be done outside now; each is given out once.
    pub fn wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }
}
