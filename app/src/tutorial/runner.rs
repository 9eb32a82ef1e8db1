//! Runs a page: which command is next, into which terminal it is typed, and how it went. A small machine that knows
//! no clock and no terminal; the window and the command line drive the same one.

mod ending;
mod fill;
mod output;
mod prelude;
mod queue;
mod seat;
mod turn;
mod typing;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use topology::{NamespaceName, Sight};

use self::{fill::Answers, seat::Seat, turn::Turn};
use super::document::{Document, Target};
use crate::terminal::TerminalSaid;

/// A command that has not ended by itself after so many seconds is ended.
pub const LIMIT: f64 = 60.0;

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
    /// Open a terminal for this slot, in this namespace. If the slot had one before, that is left to itself: what it
    /// says is not to be told any more.
    Open { slot: Slot, namespace: NamespaceName },
    /// Type these bytes (a command ends with a carriage return).
    Type { slot: Slot, bytes: Vec<u8> },
    /// Let what the last command has made be tapped, so that no frame of the next one is missed; then say
    /// [`Runner::taps_came`].
    LetTapsCome,
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
    /// Commands to come.
    queue: VecDeque<usize>,
    /// The command that runs or is asked about.
    turn: Option<Turn>,
    question: Option<Question>,
    /// The next command waits for the taps of what the last one has made.
    awaits_taps: bool,
    chosen: BTreeMap<Target, Slot>,
    answers: Answers,
    seats: BTreeMap<Slot, Seat>,
    /// The last look; kept only for pages with placeholders.
    sight: Option<Sight>,
    /// What a script's shell is told before its first command.
    prelude: Option<String>,
    script_ended: Option<i32>,
    limit: f64,
    /// The driver's seconds, as last said.
    now: f64,
}

impl Runner {
    pub fn new(document: Arc<Document>) -> Self {
        let standings = vec![Standing::NotRun; document.commands.len()];
        Self {
            document,
            standings,
            wishes: Vec::new(),
            queue: VecDeque::new(),
            turn: None,
            question: None,
            awaits_taps: false,
            chosen: BTreeMap::new(),
            answers: Answers::default(),
            seats: BTreeMap::new(),
            sight: None,
            prelude: None,
            script_ended: None,
            limit: LIMIT,
            now: 0.0,
        }
    }

    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// By command.
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// After how many seconds a command is ended that does not end by itself; [`LIMIT`] if never said.
    pub fn set_limit(&mut self, seconds: f64) {
        self.limit = seconds;
    }

    /// Of a script: where its file is, whole path. Its shell starts in that folder and calls itself by that name.
    pub fn set_file(&mut self, path: &str) {
        self.prelude = self.document.is_script.then(|| prelude::of_script(path));
    }

    /// What a script ended with that ended before its last command (`exit`, `set -e`): nothing after that is run.
    pub fn script_ended(&self) -> Option<i32> {
        self.script_ended
    }

    /// Queues these commands, in order, behind what is queued; those that are held back only where `also_held_back`.
    pub fn run(&mut self, commands: impl IntoIterator<Item = usize>, also_held_back: bool) {
        for number in commands {
            let Some(command) = self.document.commands.get(number) else { continue };
            if command.held_back.is_none() || also_held_back {
                self.queue.push_back(number);
            } else if self.standings[number] == Standing::NotRun {
                self.standings[number] = Standing::LeftOut;
            }
        }
        if self.turn.is_none() && !self.queue.is_empty() {
            self.script_ended = None;
        }
        self.go_on(None);
    }

    /// Forgets what is queued; what runs goes on.
    pub fn stop(&mut self) {
        self.queue.clear();
        self.awaits_taps = false;
        match &mut self.turn {
            Some(turn) if turn.has_typed() => turn.stay_here(),
            // Nothing was typed yet: it is as if it had not been asked for.
            Some(turn) => {
                let (command, outcomes) = (turn.command, turn.outcomes());
                self.standings[command] =
                    if outcomes.is_empty() { Standing::NotRun } else { Standing::Ran(outcomes) };
                (self.turn, self.question) = (None, None);
            }
            None => {}
        }
    }

    /// Ends what runs as Ctrl-C would.
    pub fn interrupt(&mut self) {
        let Some(turn) = self.turn.as_mut().filter(|_| self.question.is_none()) else { return };
        if let Some(bytes) = turn.interrupt() {
            self.wishes.push(Wish::Type { slot: turn.slot().clone(), bytes });
        }
    }

    /// Nothing runs, nothing is queued, nothing is asked.
    pub fn is_idle(&self) -> bool {
        self.turn.is_none() && self.queue.is_empty()
    }

    /// The command that runs or is asked about, else the next that was queued.
    pub fn current(&self) -> Option<usize> {
        self.turn.as_ref().map(|turn| turn.command).or_else(|| self.queue.front().copied())
    }

    pub fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// Where commands of a target go that the text leaves open, once chosen.
    pub fn chosen(&self) -> &BTreeMap<Target, Slot> {
        &self.chosen
    }

    /// How the kernel stands now: where placeholders get their proposals from.
    pub fn sees(&mut self, sight: &Sight) {
        for seat in self.seats.values_mut() {
            seat.sees(sight);
        }
        if self.document.commands.iter().any(|command| !command.placeholders.is_empty()) {
            self.sight = Some(sight.clone());
        }
    }

    /// As was wished by [`Wish::LetTapsCome`].
    pub fn taps_came(&mut self) {
        self.awaits_taps = false;
        self.go_on(None);
    }

    /// What is to be done outside now; each is given out once.
    pub fn wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }
}

/// What terminals say, and time.
impl Runner {
    /// Something a terminal of ours said.
    pub fn told(&mut self, slot: &Slot, said: &TerminalSaid, now: f64) {
        self.now = now;
        let Some(seat) = self.seats.get_mut(slot) else { return };
        match said {
            TerminalSaid::Opened { shell } => seat.opened(*shell),
            TerminalSaid::At(namespace) => seat.at(namespace),
            TerminalSaid::Output(bytes) => {
                for piece in seat.take(bytes, now) {
                    if let Some(turn) = self.turn.as_mut().filter(|turn| turn.slot() == slot) {
                        turn.hear(piece, now);
                    }
                }
            }
            TerminalSaid::Ended { status } => self.lost(slot, *status, None),
            TerminalSaid::Failed { why } => self.lost(slot, 1, Some(why)),
        }
        self.go_on(Some(now));
    }

    /// Time passes: endless commands are ended when theirs is over. When to call again at the latest, if it matters.
    pub fn tick(&mut self, now: f64) -> Option<f64> {
        self.now = now;
        self.go_on(Some(now));
        let turn = self.turn.as_mut()?;
        let seat = self.seats.get(turn.slot());
        if let Some(bytes) = turn.tick(now, self.limit) {
            self.wishes.push(Wish::Type { slot: turn.slot().clone(), bytes });
        }
        let due = [turn.due(self.limit), seat.and_then(Seat::due)];
        self.go_on(Some(now));
        due.into_iter().flatten().reduce(f64::min)
    }
}

#[cfg(test)]
mod tests;
