//! From one command to the next: whose turn it is, what must be asked first, and into which terminal it goes.

use std::collections::VecDeque;

use topology::NamespaceName;

use super::{Answered, Question, Runner, Slot, Standing, Wish, fill, seat::Seat, turn::Turn, typing::typed};
use crate::tutorial::document::Target;

/// A page that speaks of more terminals than this means something else.
const MOST_TERMINALS: u32 = 16;
/// How often a terminal is opened for one command, where its shell ends at once.
const MOST_OPENINGS: u32 = 2;
/// Clears what stands in the line already.
const CLEAR_LINE: u8 = 0x15;

/// Where a slot's terminal is opened.
pub fn opens_in(slot: &Slot) -> NamespaceName {
    match slot {
        Slot::Host | Slot::Numbered(_) => NamespaceName::host(),
        Slot::Named(name) => name.clone(),
    }
}

impl Runner {
    pub fn answer(&mut self, answered: Answered) {
        let Some(question) = self.question.take() else { return };
        match (question, answered) {
            (Question::Where { command, .. } | Question::Placeholder { command, .. }, Answered::Skip) => {
                self.standings[command] = Standing::LeftOut;
                self.turn = None;
            }
            (Question::Where { command, .. }, Answered::Where(slot)) => {
                self.chosen.insert(Target::Open, slot);
                self.ask_or_go(command);
            }
            (Question::Placeholder { command, name, proposal }, Answered::Placeholder(text))
                if !text.trim().is_empty() =>
            {
                self.answers.remember(name, proposal, text);
                self.ask_or_go(command);
            }
            (question, _) => self.question = Some(question),
        }
        self.go_on(None);
    }

    /// Does all that can be done now. Without a time, what is typed counts from when the time is next known.
    pub(super) fn go_on(&mut self, now: Option<f64>) {
        loop {
            if self.question.is_some() {
                return;
            }
            let Some(turn) = &self.turn else {
                if self.awaits_taps {
                    return;
                }
                let Some(command) = self.queue.pop_front() else { return };
                self.ask_or_go(command);
                continue;
            };
            let goes_on = if turn.has_typed() { self.end_of_turn(now) } else { self.type_it(now) };
            if !goes_on {
                return;
            }
        }
    }

    /// Its turn: asks the first thing that must be known, or gets ready to type it.
    fn ask_or_go(&mut self, number: usize) {
        let document = self.document.clone();
        let command = &document.commands[number];
        let slots: Option<VecDeque<Slot>> = match &command.target {
            Target::Host => Some([Slot::Host].into()),
            Target::Numbered(terminal) => Some([Slot::Numbered(*terminal)].into()),
            Target::Named(name) => Some([Slot::Named(name.clone())].into()),
            Target::Each(terminals) => {
                Some((1..=(*terminals).clamp(1, MOST_TERMINALS)).map(Slot::Numbered).collect())
            }
            Target::Open => self.chosen.get(&Target::Open).map(|slot| [slot.clone()].into()),
        };
        self.standings[number] = Standing::Asking;
        self.question = None;
        let Some(slots) = slots else {
            // Nothing more is known of it than its number.
            self.turn = Some(Turn::new(number, String::new(), false, [Slot::Host].into()));
            self.question = Some(Question::Where { command: number, choices: self.choices() });
            return;
        };
        let at = slots.front().map(|slot| self.namespace_of(slot)).unwrap_or_default();
        let mut text = command.text.clone();
        for name in &command.placeholders {
            let proposal = fill::proposal(name, &self.seats, self.sight.as_ref(), &at);
            match self.answers.of(name, proposal.as_deref()) {
                Some(answer) => text = text.replace(name, answer),
                None => {
                    self.question =
                        Some(Question::Placeholder { command: number, name: name.clone(), proposal });
                    break;
                }
            }
        }
        if self.question.is_none() {
            self.standings[number] = Standing::Running { since: self.now };
        }
        self.turn = Some(Turn::new(number, text, command.is_endless, slots));
    }

    /// All terminals that the page speaks of.
    fn choices(&self) -> Vec<Slot> {
        let mut choices = vec![Slot::Host];
        let (mut numbered, mut named) = (Vec::new(), Vec::new());
        for command in &self.document.commands {
            match &command.target {
                Target::Numbered(terminal) => numbered.push(Slot::Numbered(*terminal)),
                Target::Each(terminals) => {
                    numbered.extend((1..=(*terminals).min(MOST_TERMINALS)).map(Slot::Numbered));
                }
                Target::Named(name) => named.push(Slot::Named(name.clone())),
                Target::Host | Target::Open => {}
            }
        }
        for mut further in [numbered, named] {
            further.sort();
            further.dedup();
            choices.append(&mut further);
        }
        choices
    }

    fn namespace_of(&self, slot: &Slot) -> String {
        let opened = self.seats.get(slot).map(|seat| seat.namespace().to_owned());
        opened.unwrap_or_else(|| opens_in(slot).to_string())
    }

    /// Types the command if its terminal is ready, else sees to it that there is one; whether there is more to do.
    fn type_it(&mut self, now: Option<f64>) -> bool {
        let limit = self.limit;
        let Some(turn) = &mut self.turn else { return true };
        let slot = turn.slot().clone();
        let Some(seat) = self.seats.get_mut(&slot) else {
            if turn.openings == MOST_OPENINGS {
                return self.finish(1, "the terminal's shell ended at once\n");
            }
            turn.openings += 1;
            let namespace = opens_in(&slot);
            self.seats.insert(slot.clone(), Seat::new(namespace.clone()));
            self.wishes.push(Wish::Open { slot, namespace });
            return false;
        };
        if !seat.is_ready(now.unwrap_or(self.now)) {
            if now.is_some_and(|now| turn.has_waited(now, limit)) {
                return self.finish(1, "its terminal is busy with something else\n");
            }
            return false;
        }
        let prelude = self.prelude.as_deref().filter(|_| !seat.is_prepared && slot == Slot::Host);
        seat.is_prepared = true;
        let mut bytes = typed(prelude.unwrap_or(&turn.text), seat.takes_pastes());
        if std::mem::take(&mut seat.is_muddied) {
            bytes.insert(0, CLEAR_LINE);
        }
        if prelude.is_none() {
            turn.types(seat.namespace(), now);
            self.standings[turn.command] = Standing::Running { since: self.now };
        }
        seat.typed();
        self.wishes.push(Wish::Type { slot, bytes });
        false
    }

    /// Takes down how it went, once its prompt is back; whether it is.
    fn end_of_turn(&mut self, now: Option<f64>) -> bool {
        let Some(turn) = &mut self.turn else { return true };
        let slot = turn.slot().clone();
        let is_shown = self.seats.get(&slot).is_some_and(Seat::is_shown);
        if !turn.is_over(is_shown, now) {
            return false;
        }
        let (is_lost, is_muddied) = turn.left_behind();
        if is_lost {
            self.seats.remove(&slot);
        } else if let Some(seat) = self.seats.get_mut(&slot) {
            seat.is_muddied |= is_muddied;
        }
        // As a shell would say of a command that Ctrl-C ended.
        self.finish(130, "")
    }

    /// The shell of this slot's terminal is gone, or it never came.
    pub(super) fn lost(&mut self, slot: &Slot, status: i32, why: Option<&str>) {
        self.seats.remove(slot);
        let Some(turn) = self.turn.as_ref().filter(|turn| turn.slot() == slot && self.question.is_none())
        else {
            return;
        };
        let was_typed = turn.has_typed();
        if let Some(why) = why {
            self.finish(status, &format!("{why}\n"));
        } else if was_typed {
            self.finish(status, "");
        }
        if was_typed && self.document.is_script {
            self.script_ended = Some(status);
            self.stop();
        }
    }

    /// The turn is over in this terminal.
    fn finish(&mut self, status: i32, words: &str) -> bool {
        let Some(turn) = &mut self.turn else { return true };
        if !turn.finish((status, words), self.now) {
            self.standings[turn.command] = Standing::Ran(turn.outcomes());
            self.turn = None;
            if !self.queue.is_empty() {
                self.awaits_taps = true;
                self.wishes.push(Wish::LetTapsCome);
            }
        }
        true
    }
}
