//! Puts what a run says into an order that can be read: each command, then the journeys that began after it was
//! typed, then the next command.
//!
//! A journey is told when it is over, up to a second after it began; commands go on meanwhile. So what belongs to a
//! later command waits here for the journeys before it, and nobody else has to wait.

use std::{collections::VecDeque, io};

use capture::{Journey, WireNs};
use topology::Sight;

use crate::print::{CommandLine, NotRunLine, Printer, ProbeLine};

/// What the run itself has to say, to be printed in its place among the journeys.
#[derive(Debug)]
pub enum Message {
    Probe(ProbeLine),
    /// A page's command is typed now: what begins from here on is its doing.
    Types(WireNs),
    Command(CommandLine),
    NotRun(NotRunLine),
    /// How the kernel stood then.
    Observed(WireNs, Box<Sight>),
}

/// A journey may still be told for so long after it began, in nanoseconds; one that goes on for longer comes late.
const PATIENCE: i64 = 1_500_000_000;
/// More journeys than these do not wait for the command that they belong to.
const MOST_WAITING: usize = 20_000;

#[derive(Debug)]
pub struct Telling<W> {
    pub printer: Printer<W>,
    /// What was said and could not be printed yet.
    messages: VecDeque<Message>,
    journeys: Vec<Journey>,
    /// A command runs: its journeys come behind it.
    is_typed: bool,
    /// A page is run, whose commands wait for each other's journeys.
    is_of_page: bool,
}

impl<W: io::Write> Telling<W> {
    pub fn new(printer: Printer<W>) -> Self {
        Self { printer, messages: VecDeque::new(), journeys: Vec::new(), is_typed: false, is_of_page: false }
    }

    pub fn say(&mut self, message: Message) {
        self.is_of_page |= matches!(message, Message::Types(_));
        self.messages.push_back(message);
    }

    /// Whether it needs to know how late it is.
    pub fn waits(&self) -> bool {
        self.is_of_page
    }

    /// Prints what can be printed at `now`, when the journeys in `finished` are over.
    pub fn go_on(&mut self, finished: Vec<Journey>, now: WireNs) -> io::Result<()> {
        self.journeys.extend(finished);
        self.journeys.sort_by_key(|journey| journey.id);
        self.tell(|from| from.0.saturating_add(PATIENCE) <= now.0)?;
        let next = self.messages.iter().find_map(|message| match message {
            Message::Types(from) | Message::Observed(from, _) => Some(*from),
            _ => None,
        });
        match next {
            _ if self.is_typed && self.journeys.len() < MOST_WAITING => Ok(()),
            Some(next) => self.journeys_before(next),
            None => self.all_journeys(),
        }
    }

    /// Prints all that is left.
    pub fn finish(&mut self, finished: Vec<Journey>) -> io::Result<()> {
        self.journeys.extend(finished);
        self.journeys.sort_by_key(|journey| journey.id);
        self.tell(|_| true)?;
        self.all_journeys()
    }

    fn tell(&mut self, is_past: impl Fn(WireNs) -> bool) -> io::Result<()> {
        while let Some(message) = self.messages.pop_front() {
            match message {
                Message::Types(from) | Message::Observed(from, _) if !is_past(from) => {
                    self.messages.push_front(message);
                    break;
                }
                Message::Types(from) => {
                    self.journeys_before(from)?;
                    self.is_typed = true;
                }
                Message::Command(command) => {
                    self.printer.command(&command)?;
                    self.is_typed = false;
                }
                Message::Probe(probe) => self.printer.probe(&probe)?,
                Message::NotRun(not_run) => {
                    self.printer.not_run(&not_run)?;
                    self.is_typed = false;
                }
                Message::Observed(at, sight) => {
                    self.journeys_before(at)?;
                    self.printer.lab(&sight)?;
                }
            }
        }
        Ok(())
    }

    fn journeys_before(&mut self, end: WireNs) -> io::Result<()> {
        let (before, after) =
            std::mem::take(&mut self.journeys).into_iter().partition(|journey| born(journey) < end);
        self.journeys = after;
        self.print(before)
    }

    fn all_journeys(&mut self) -> io::Result<()> {
        let all = std::mem::take(&mut self.journeys);
        self.print(all)
    }

    fn print(&mut self, journeys: Vec<Journey>) -> io::Result<()> {
        journeys.iter().try_for_each(|journey| self.printer.journey(journey))
    }
}

fn born(journey: &Journey) -> WireNs {
    journey.sightings.first().map_or(WireNs(0), |sighting| sighting.frame.t)
}

#[cfg(test)]
mod tests;
