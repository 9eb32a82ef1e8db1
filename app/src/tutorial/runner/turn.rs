//! One command while it is its turn: in one terminal after the other, typed, awaited, ended.

use std::collections::VecDeque;

use super::{
    Outcome, Slot,
    ending::{self, Ending, Next},
    output::Printed,
};
use crate::terminal::marks::Piece;

/// An endless command's fair time: since it first printed something, and in all.
const FAIR_SINCE_OUTPUT: f64 = 3.0;
const FAIR: f64 = 4.0;
/// A shell that has echoed a command and then says nothing for so long waits for the rest of it.
const HALF_TYPED: f64 = 1.0;
/// A prompt follows a shell's mark within this, if it has one.
const PROMPT_FOLLOWS: f64 = 0.05;
/// A shell without marks is recognised when its prompt stands for so long.
const FOREIGN_PROMPT: f64 = 0.7;

/// What a shell's line editing writes when a line was entered.
const LINE_READ: &[u8] = b"\x1b[?2004l";

const INCOMPLETE: &str = "the command is not complete: the shell waited for more (a quote, a bracket or the end of a \
                          here-document is missing)\n";
const GIVEN_UP: &str = "\n[it could not be ended, and was left alone with its terminal]\n";

#[derive(Debug)]
pub struct Turn {
    pub command: usize,
    /// Placeholders filled.
    pub text: String,
    pub is_endless: bool,
    /// Where it is still to be typed; the first is where it is now.
    slots: VecDeque<Slot>,
    outcomes: Vec<Outcome>,
    typed: Option<Typed>,
    /// How often a terminal was opened for it in this slot.
    pub openings: u32,
    /// Since it waits for this slot's terminal.
    waiting_since: Option<f64>,
}

/// A command that was entered.
#[derive(Debug)]
struct Typed {
    at: String,
    /// `None`: since the driver last said the time.
    since: Option<f64>,
    /// What came before it began, and when the last of it came.
    echo: Printed,
    echoed: Option<f64>,
    begun: Option<f64>,
    first_output: Option<f64>,
    last_output: f64,
    printed: Printed,
    /// A prompt's mark came: with which status, and when.
    ended: Option<(i32, f64)>,
    ending: Option<Ending>,
    is_incomplete: bool,
    was_interrupted: bool,
    was_taken_over: bool,
    is_given_up: bool,
}

impl Turn {
    pub fn new(command: usize, text: String, is_endless: bool, slots: VecDeque<Slot>) -> Self {
        let (outcomes, typed) = (Vec::new(), None);
        Self { command, text, is_endless, slots, outcomes, typed, openings: 0, waiting_since: None }
    }

    /// Where it is now.
    pub fn slot(&self) -> &Slot {
        self.slots.front().expect("a turn ends with its last slot")
    }

    pub fn has_typed(&self) -> bool {
        self.typed.is_some()
    }

    pub fn outcomes(&mut self) -> Vec<Outcome> {
        std::mem::take(&mut self.outcomes)
    }

    /// Not in any further terminals.
    pub fn stay_here(&mut self) {
        self.slots.truncate(1);
    }

    pub fn types(&mut self, at: &str, now: Option<f64>) {
        self.typed = Some(Typed {
            at: at.to_owned(),
            since: now,
            echo: Printed::default(),
            echoed: None,
            begun: None,
            first_output: None,
            last_output: 0.0,
            printed: Printed::default(),
            ended: None,
            ending: None,
            is_incomplete: false,
            was_interrupted: false,
            was_taken_over: false,
            is_given_up: false,
        });
    }

    pub fn hear(&mut self, piece: Piece, now: f64) {
        if let Some(typed) = &mut self.typed {
            typed.since.get_or_insert(now);
            typed.hear(piece, now);
        }
    }

    /// Ctrl-C, if there is something to end.
    pub fn interrupt(&mut self) -> Option<Vec<u8>> {
        match &mut self.typed {
            Some(typed) if typed.ending.is_some() => None,
            Some(typed) => {
                typed.was_interrupted = true;
                Some(typed.end())
            }
            // Somebody else's command keeps the terminal busy.
            None => (self.openings == 0).then(|| Ending::begun().1),
        }
    }

    /// What is to be typed now.
    pub fn tick(&mut self, now: f64, limit: f64) -> Option<Vec<u8>> {
        let Some(typed) = &mut self.typed else {
            self.waiting_since.get_or_insert(now);
            return None;
        };
        typed.since.get_or_insert(now);
        if let Some(ending) = &mut typed.ending {
            return match ending.next(now)? {
                Next::Press(keys) => Some(keys.to_vec()),
                Next::GiveUp => {
                    typed.is_given_up = true;
                    None
                }
            };
        }
        if typed.awaits_more().is_some_and(|due| due <= now) {
            typed.is_incomplete = true;
            return Some(typed.end());
        }
        if typed.foreign_prompt(&self.text).is_some_and(|due| due <= now) {
            typed.was_taken_over = true;
            return Some(ending::TAKE_OVER.to_vec());
        }
        if typed.over(self.is_endless, limit).is_some_and(|due| due <= now) {
            typed.was_interrupted = true;
            return Some(typed.end());
        }
        None
    }

    /// When [`Self::tick`] has something to do.
    pub fn due(&self, limit: f64) -> Option<f64> {
        let Some(typed) = &self.typed else { return self.waiting_since.map(|since| since + limit) };
        if let Some((_, at)) = typed.ended {
            return Some(at + PROMPT_FOLLOWS);
        }
        if let Some(ending) = &typed.ending {
            return ending.due();
        }
        let dues =
            [typed.awaits_more(), typed.foreign_prompt(&self.text), typed.over(self.is_endless, limit)];
        dues.into_iter().flatten().reduce(f64::min)
    }

    /// It has waited for its terminal longer than anything may take.
    pub fn has_waited(&self, now: f64, limit: f64) -> bool {
        self.typed.is_none() && self.waiting_since.is_some_and(|since| since + limit <= now)
    }

    /// Its prompt is back, and nothing of it goes on.
    pub fn is_over(&self, is_ready: bool, now: Option<f64>) -> bool {
        let Some(typed) = &self.typed else { return false };
        let ended =
            typed.ended.is_some_and(|(_, at)| is_ready || now.is_some_and(|now| at + PROMPT_FOLLOWS <= now));
        ended || typed.is_given_up
    }

    /// Whether its terminal can be used no more, and whether keys may lie about in it.
    pub fn left_behind(&self) -> (bool, bool) {
        let typed = self.typed.as_ref();
        let muddied = typed.and_then(|typed| typed.ending.as_ref()).is_some_and(Ending::has_muddied);
        (typed.is_some_and(|typed| typed.is_given_up && typed.ended.is_none()), muddied)
    }

    /// Takes down how it went here; whether there are more terminals to go to.
    /// `otherwise` counts where the shell said nothing: a status and words.
    pub fn finish(&mut self, otherwise: (i32, &str), now: f64) -> bool {
        let slot = self.slots.pop_front().expect("a turn ends with its last slot");
        let typed = self.typed.take();
        let (at, since) = match &typed {
            Some(typed) => (typed.at.clone(), typed.since.unwrap_or(now)),
            None => (super::queue::opens_in(&slot).to_string(), now),
        };
        let mut output = typed.as_ref().map(Typed::output).unwrap_or_default();
        let (mut status, mut until) = (otherwise.0, now);
        output.push_str(otherwise.1);
        let mut was_interrupted = false;
        if let Some(typed) = typed {
            was_interrupted = typed.was_interrupted;
            if let Some((said, at)) = typed.ended {
                (status, until) =
                    (if typed.begun.is_none() && is_comment(&self.text) { 0 } else { said }, at);
            } else if typed.is_given_up {
                output.push_str(GIVEN_UP);
            }
            if typed.is_incomplete {
                (status, output) = (2, INCOMPLETE.to_owned());
            }
        }
        let took = (until - since).max(0.0);
        self.outcomes.push(Outcome {
            text: self.text.clone(),
            at,
            slot,
            status,
            output,
            took,
            was_interrupted,
        });
        (self.openings, self.waiting_since) = (0, None);
        !self.slots.is_empty()
    }
}

/// A shell keeps the status of the command before it.
fn is_comment(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#'))
}

impl Typed {
    fn hear(&mut self, piece: Piece, now: f64) {
        match piece {
            Piece::Text(_) if self.ended.is_some() => {}
            Piece::Text(text) if self.begun.is_some() => {
                self.first_output.get_or_insert(now);
                self.last_output = now;
                self.printed.add(&text);
            }
            Piece::Text(text) => {
                self.echoed = Some(now);
                self.echo.add(&text);
            }
            Piece::Begins => {
                // Several commands went in as one: it goes on with the next.
                self.ended = None;
                self.begun.get_or_insert(now);
            }
            // Also that of another shell: one that the command opened says 0, one that it left says how it ended.
            Piece::Prompt { status, .. } => self.ended = Some((status, now)),
        }
    }

    /// What a shell says to a command that it does not understand comes behind the line that it has read.
    fn output(&self) -> String {
        if self.begun.is_some() { self.printed.text() } else { self.echo.behind(LINE_READ).text() }
    }

    /// Begins to end it.
    fn end(&mut self) -> Vec<u8> {
        let (ending, keys) = Ending::begun();
        self.ending = Some(ending);
        keys
    }

    /// When the shell is taken to wait for the rest of it.
    fn awaits_more(&self) -> Option<f64> {
        let waits = self.begun.is_none() && self.ended.is_none();
        self.echoed.filter(|_| waits).map(|echoed| echoed + HALF_TYPED)
    }

    /// When its last line is taken for the prompt of a shell without marks.
    fn foreign_prompt(&self, command: &str) -> Option<f64> {
        let may_be = self.first_output.is_some() && self.ended.is_none() && !self.was_taken_over;
        let is_prompt = may_be && ending::is_foreign_prompt(command, &self.printed.last_line());
        is_prompt.then_some(self.last_output + FOREIGN_PROMPT)
    }

    /// When its time is over.
    fn over(&self, is_endless: bool, limit: f64) -> Option<f64> {
        if self.ended.is_some() {
            return None;
        }
        match self.begun.filter(|_| is_endless) {
            Some(begun) => {
                let fair = begun + FAIR;
                Some(self.first_output.map_or(fair, |first| fair.min(first + FAIR_SINCE_OUTPUT)))
            }
            None => self.since.map(|since| since + limit),
        }
    }
}
