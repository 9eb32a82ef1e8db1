//! Gives the runner terminals, time and answers.

use std::{
    collections::BTreeMap,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use topology::{Lab, Sight};

use super::super::{engine_failed, interrupt::Interrupt};
use crate::{
    cli::{Failure, load::Page},
    engine::client::{Aside, Asker, Engine},
    terminal::{TerminalId, TerminalSaid, TerminalSize},
    tutorial::runner::{Answered, Question, Runner, Slot, Standing, Wish},
};

/// So often it is looked whether somebody pressed Ctrl-C.
const BREATH: Duration = Duration::from_millis(50);
/// How long nothing new must be seen before the lab is said to be what was observed.
const QUIET: Duration = Duration::from_millis(150);
const QUIET_LIMIT: Duration = Duration::from_secs(2);
/// Wide enough that hardly any line is broken.
const SIZE: TerminalSize = TerminalSize { columns: 200, rows: 50 };

/// Why a page is not gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    AtEnd,
    AtFailure,
    /// A script ended itself, with this status.
    AtExit(i32),
    Interrupted,
}

pub struct Walk<'a> {
    asker: Asker,
    asides: Receiver<Aside>,
    interrupt: &'a Interrupt,
    runner: Runner,
    begun: Instant,
    /// The latest of each slot; what older ones say is not heard.
    terminals: BTreeMap<Slot, TerminalId>,
    opened: u32,
    /// How the kernel stood last, and how it stood when there was most.
    latest: Box<Sight>,
    fullest: Box<Sight>,
    is_interrupted: bool,
}

impl<'a> Walk<'a> {
    /// The engine has built the empty lab, and listens.
    pub fn start(page: &Page, engine: &mut Engine, interrupt: &'a Interrupt) -> Result<Self, Failure> {
        let asides = engine.take_asides();
        let asides = asides.ok_or_else(|| Failure::incapable("what the engine says is heard elsewhere"))?;
        engine.follow().map_err(engine_failed)?;
        let mut runner = Runner::new(page.document.clone());
        runner.set_file(&page.path.to_string_lossy());
        Ok(Self {
            asker: engine.asker(),
            asides,
            interrupt,
            runner,
            begun: Instant::now(),
            terminals: BTreeMap::new(),
            opened: 0,
            latest: Box::default(),
            fullest: Box::default(),
            is_interrupted: false,
        })
    }

    /// Runs one command to its end, and lets what it has done be seen.
    pub fn carry_out(&mut self, number: usize) -> Result<Standing, Failure> {
        self.runner.run([number], false);
        while !self.runner.is_idle() {
            self.answer();
            let due = self.runner.tick(self.now());
            self.do_wishes();
            if self.runner.is_idle() {
                break;
            }
            self.watch_for_interrupt();
            let left = due.map(|due| Duration::from_secs_f64((due - self.now()).max(0.0)));
            self.hear(left.unwrap_or(BREATH).min(BREATH))?;
        }
        self.do_wishes();
        let standing = std::mem::take(&mut self.runner.standings().to_vec()[number]);
        // What it has made is tapped before the next is typed, so that no frame of that is missed.
        self.asker.let_taps_come(self.latest.lab.has_stp()).map_err(engine_failed)?;
        while self.hear(Duration::ZERO)? {}
        Ok(standing)
    }

    /// Why the next command is not to be run.
    pub fn has_to_stop(&self) -> Option<Stop> {
        if self.is_interrupted || self.interrupt.has_come() {
            return Some(Stop::Interrupted);
        }
        self.runner.script_ended().map(Stop::AtExit)
    }

    /// How the kernel stands when nothing more changes. Where nothing is left, since a script has built and cleaned
    /// up in one go, how it stood when there was most.
    pub fn observed(&mut self) -> Result<Box<Sight>, Failure> {
        let limit = Instant::now() + QUIET_LIMIT;
        while Instant::now() < limit && self.hear(QUIET)? {}
        let is_bare = |sight: &Sight| size(&sight.lab) == 0;
        Ok(if is_bare(&self.latest) { self.fullest.clone() } else { self.latest.clone() })
    }

    fn now(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    /// Takes what is said within `limit`; whether something was.
    fn hear(&mut self, limit: Duration) -> Result<bool, Failure> {
        let aside = match self.asides.recv_timeout(limit) {
            Ok(aside) => aside,
            Err(RecvTimeoutError::Timeout) => return Ok(false),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::incapable("the engine has ended before the page"));
            }
        };
        match aside {
            Aside::Terminal { terminal, said } => self.terminal_said(terminal, &said),
            Aside::Saw(sight) => {
                self.runner.sees(&sight);
                if size(&self.fullest.lab) <= size(&sight.lab) {
                    self.fullest.clone_from(&sight);
                }
                self.latest = sight;
            }
        }
        Ok(true)
    }

    fn terminal_said(&mut self, terminal: TerminalId, said: &TerminalSaid) {
        if let TerminalSaid::Output(bytes) = said {
            let octets = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            // It may have ended meanwhile, as below; an engine that has ended is noticed by its silence.
            let _ended = self.asker.took(terminal, octets);
        }
        let slot = self.terminals.iter().find_map(|(slot, &of)| (of == terminal).then(|| slot.clone()));
        if let Some(slot) = slot {
            self.runner.told(&slot, said, self.now());
        }
    }

    /// Without anybody to ask: what the kernel shows, and the host where the page leaves the place open.
    fn answer(&mut self) {
        while let Some(question) = self.runner.question() {
            let answer = match question {
                Question::Where { .. } => Answered::Where(Slot::Host),
                Question::Placeholder { proposal: Some(proposal), .. } => {
                    Answered::Placeholder(proposal.clone())
                }
                Question::Placeholder { proposal: None, .. } => Answered::Skip,
            };
            self.runner.answer(answer);
        }
    }

    fn do_wishes(&mut self) {
        for wish in self.runner.wishes() {
            match wish {
                Wish::Open { slot, namespace } => {
                    self.opened += 1;
                    let terminal = TerminalId(self.opened);
                    if let Some(before) = self.terminals.insert(slot.clone(), terminal) {
                        // It may have ended by itself.
                        let _closed = self.asker.close_terminal(before);
                    }
                    if let Err(error) = self.asker.open_terminal(terminal, namespace, SIZE) {
                        let failed = TerminalSaid::Failed { why: error.to_string() };
                        self.runner.told(&slot, &failed, self.now());
                    }
                }
                // Commands are run one by one here, and taps waited for behind each.
                Wish::LetTapsCome => self.runner.taps_came(),
                Wish::Type { slot, bytes } => {
                    if let Some(&terminal) = self.terminals.get(&slot) {
                        let _ended = self.asker.type_into(terminal, bytes);
                    }
                }
            }
        }
    }

    fn watch_for_interrupt(&mut self) {
        if !self.is_interrupted && self.interrupt.has_come() {
            self.is_interrupted = true;
            self.runner.stop();
            self.runner.interrupt();
        }
    }
}

/// How much there is besides the bare host.
fn size(lab: &Lab) -> usize {
    let namespaces = lab.namespaces.keys().filter(|name| !name.is_host()).count();
    namespaces + lab.interfaces().filter(|(at, _)| !at.interface.is_loopback()).count()
}
