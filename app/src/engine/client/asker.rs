//! Asks a running engine, from as many threads at once as one likes.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use capture::{Tap, tables::Forgotten};
use topology::{Lab, NamespaceName, Plan};

use super::line::{Line, Reply};
use crate::engine::protocol::{
    Answer, CommandOutcome, EngineError, Feature, LONGEST_LIMIT, Outcome, PingTrain, Probe, ProbeKind, Tally,
    Wish,
};
use crate::terminal::{TerminalId, TerminalSize};

/// What the longest of all requests may take beyond the time that was asked for it.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The way to an engine. Cheap to clone; questions of several clones, or of several threads, do not wait
/// for each other, and are answered as they are done. Each call blocks until its own answer.
/// It does not keep the engine alive.
#[derive(Clone, Debug)]
pub struct Asker {
    line: Line,
}

impl Asker {
    pub(super) fn new(line: Line) -> Self {
        Self { line }
    }

    /// Makes the sandbox look exactly like `wanted`; all or nothing. Gives the lab as it then stands.
    pub fn build(&self, wanted: &Lab) -> Result<Lab, EngineError> {
        self.lab(Wish::Build(Box::new(wanted.clone())))
    }

    /// Does what leads from `known` to `wanted`, all or nothing, and leaves what else was done in the sandbox. Gives the
    /// lab as it then stands.
    pub fn change(&self, known: &Lab, wanted: &Lab) -> Result<Lab, EngineError> {
        self.lab(Wish::Change { known: Box::new(known.clone()), wanted: Box::new(wanted.clone()) })
    }

    /// Carries out these steps, all or none. Gives the lab as it then stands.
    pub fn carry_out(&self, plan: &Plan) -> Result<Lab, EngineError> {
        self.lab(Wish::CarryOut(plan.clone()))
    }

    /// Taps every veth end, port and bridge that is not tapped yet, and returns once all listen and the
    /// ports forward. Gives all taps; their [`capture::Event::Tap`]s come before their frames.
    pub fn listen(&self) -> Result<Vec<Tap>, EngineError> {
        self.begin_listen()?.taps()
    }

    /// The same; its end can be waited for, or given up from another thread.
    pub fn begin_listen(&self) -> Result<Asked, EngineError> {
        self.begin(Wish::Listen, PATIENCE)
    }

    /// What somebody has just made is tapped when this returns, while the kernel is followed. `has_stp`: the ports of
    /// some bridge may take half a minute, which nobody means to wait here.
    pub fn let_taps_come(&self, has_stp: bool) -> Result<(), EngineError> {
        /// So long it may take until what is there already was said.
        const REST: Duration = Duration::from_millis(150);
        if has_stp {
            return self.follow().and_then(|()| self.settle(REST));
        }
        self.listen().map(|_taps| ())
    }

    /// Sends a probe, and waits for its end.
    pub fn probe(&self, probe: Probe) -> Result<Outcome, EngineError> {
        self.begin_probe(probe)?.outcome()
    }

    /// Sends a probe; its end can be waited for, or given up from another thread.
    pub fn begin_probe(&self, probe: Probe) -> Result<Asked, EngineError> {
        let rounds = if let ProbeKind::Trace { max_hops, .. } = probe.kind { u32::from(max_hops) } else { 1 };
        let patience = probe.timeout.saturating_mul(rounds).saturating_add(PATIENCE);
        self.begin(Wish::Probe(probe), patience)
    }

    /// Starts a train of pings.
    pub fn begin_train(&self, train: PingTrain) -> Result<Asked, EngineError> {
        self.begin(Wish::PingTrain(train), LONGEST_LIMIT)
    }

    /// Ends a train or a command at once; its own answer, which may be waited for elsewhere, says how far it came.
    /// Does not wait.
    pub fn stop_train(&self, id: AskedId) -> Result<(), EngineError> {
        self.line.send(Wish::StopTrain { id: id.0 }).map(|_answer_is_not_needed| ())
    }

    /// Whoever waits for that answer gets [`EngineError::GivenUp`] at once.
    pub fn give_up(&self, id: AskedId) {
        self.line.give_up(id.0);
    }

    /// Makes a table forget what was learned; gives the number of entries.
    /// [`capture::Event::Forgot`] tells everybody else.
    pub fn forget(&self, what: Forgotten) -> Result<u64, EngineError> {
        match self.ask(Wish::Forget(what), PATIENCE)? {
            Answer::Forgotten(entries) => Ok(entries),
            other => Err(unexpected(&other)),
        }
    }

    /// Runs `sh -c command` in a namespace, as root there. When `limit` is over, it is ended.
    pub fn run(
        &self,
        namespace: &NamespaceName,
        command: &str,
        limit: Duration,
    ) -> Result<CommandOutcome, EngineError> {
        self.begin_run(namespace, command, limit)?.command()
    }

    /// The same; [`Asker::stop_train`] ends it before its time.
    pub fn begin_run(
        &self,
        namespace: &NamespaceName,
        command: &str,
        limit: Duration,
    ) -> Result<Asked, EngineError> {
        let wish = Wish::Run { namespace: namespace.clone(), command: command.into(), limit };
        self.begin(wish, limit.saturating_add(PATIENCE))
    }

    /// Waits until no new frame was seen for a short while, at most for `limit`. What was seen until then
    /// is in [`super::Engine::take_events`].
    pub fn settle(&self, limit: Duration) -> Result<(), EngineError> {
        self.ask(Wish::Settle { limit }, limit.saturating_add(PATIENCE)).map(|_settled| ())
    }

    /// From now on each change in the kernel is told as an aside, and what is new is tapped at once.
    pub fn follow(&self) -> Result<(), EngineError> {
        self.done(Wish::Follow)
    }

    /// Opens a terminal; what it says comes as asides.
    pub fn open_terminal(
        &self,
        terminal: TerminalId,
        namespace: NamespaceName,
        size: TerminalSize,
    ) -> Result<(), EngineError> {
        self.done(Wish::OpenTerminal { terminal, namespace, size })
    }

    pub fn type_into(&self, terminal: TerminalId, bytes: Vec<u8>) -> Result<(), EngineError> {
        self.done(Wish::Type { terminal, bytes })
    }

    pub fn resize_terminal(&self, terminal: TerminalId, size: TerminalSize) -> Result<(), EngineError> {
        self.done(Wish::ResizeTerminal { terminal, size })
    }

    pub fn close_terminal(&self, terminal: TerminalId) -> Result<(), EngineError> {
        self.done(Wish::CloseTerminal(terminal))
    }

    /// So many octets of its output were dealt with; without it a terminal that writes much comes to rest.
    pub fn took(&self, terminal: TerminalId, octets: u32) -> Result<(), EngineError> {
        self.done(Wish::Took { terminal, octets })
    }

    fn done(&self, wish: Wish) -> Result<(), EngineError> {
        match self.ask(wish, PATIENCE)? {
            Answer::Done => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    /// Tries out what this kernel can do, in namespaces of their own.
    pub fn features(&self) -> Result<Vec<Feature>, EngineError> {
        match self.ask(Wish::Features, PATIENCE)? {
            Answer::Features(features) => Ok(features),
            other => Err(unexpected(&other)),
        }
    }

    /// Asks the engine to end, without waiting: whatever is under way is answered by its end.
    pub fn tell_to_stop(&self) {
        // An engine that is gone already has ended.
        let _gone = self.line.send(Wish::Stop);
    }

    pub(super) fn ask(&self, wish: Wish, patience: Duration) -> Result<Answer, EngineError> {
        self.begin(wish, patience)?.answer(|_tally| {})
    }

    /// Asks it to end, and waits for the answer, which comes after the last frames. There may be many of them:
    /// it is given up when it says nothing at all for as long as `silence`, and after `limit` in any case.
    pub(super) fn stop(&self, silence: Duration, limit: Duration) -> Result<(), EngineError> {
        let (_id, replies) = self.line.send(Wish::Stop)?;
        let deadline = Instant::now() + limit;
        loop {
            let counted = self.line.counted();
            match replies.recv_timeout(silence) {
                Ok(Reply::Answer(answer)) => return answer.map(|_stopped| ()),
                Ok(Reply::Progress(_)) => {}
                Err(RecvTimeoutError::Timeout)
                    if counted != self.line.counted() && Instant::now() < deadline => {}
                Err(RecvTimeoutError::Timeout) => {
                    return Err(EngineError::Gone(format!(
                        "it did not end, and said nothing for {silence:?}"
                    )));
                }
                Err(RecvTimeoutError::Disconnected) => return Err(EngineError::Gone("it ended".into())),
            }
        }
    }

    fn begin(&self, wish: Wish, patience: Duration) -> Result<Asked, EngineError> {
        let (id, replies) = self.line.send(wish)?;
        Ok(Asked { id: AskedId(id), replies, patience })
    }

    fn lab(&self, wish: Wish) -> Result<Lab, EngineError> {
        match self.ask(wish, PATIENCE)? {
            Answer::Lab(lab) => Ok(*lab),
            other => Err(unexpected(&other)),
        }
    }
}

/// Names a request that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedId(u32);

/// A request that is under way.
#[derive(Debug)]
pub struct Asked {
    id: AskedId,
    replies: Receiver<Reply>,
    patience: Duration,
}

impl Asked {
    pub fn id(&self) -> AskedId {
        self.id
    }

    /// Waits for a probe's end.
    pub fn outcome(self) -> Result<Outcome, EngineError> {
        match self.answer(|_tally| {})? {
            Answer::Outcome(outcome) => Ok(outcome),
            other => Err(unexpected(&other)),
        }
    }

    /// Waits for a command's end.
    pub fn command(self) -> Result<CommandOutcome, EngineError> {
        match self.answer(|_tally| {})? {
            Answer::Command(outcome) => Ok(outcome),
            other => Err(unexpected(&other)),
        }
    }

    /// Waits until all taps listen.
    pub fn taps(self) -> Result<Vec<Tap>, EngineError> {
        match self.answer(|_tally| {})? {
            Answer::Taps(taps) => Ok(taps),
            other => Err(unexpected(&other)),
        }
    }

    /// Waits for a train's end; `tell` hears how it stands on the way.
    pub fn tally(self, tell: impl FnMut(Tally)) -> Result<Tally, EngineError> {
        match self.answer(tell)? {
            Answer::Tally(tally) => Ok(tally),
            other => Err(unexpected(&other)),
        }
    }

    fn answer(self, mut tell: impl FnMut(Tally)) -> Result<Answer, EngineError> {
        let mut deadline = Instant::now() + self.patience;
        loop {
            match self.replies.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(Reply::Answer(answer)) => return answer,
                Ok(Reply::Progress(tally)) => {
                    // What goes on has not hung.
                    deadline = Instant::now() + self.patience;
                    tell(tally);
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(EngineError::Gone(format!("it did not answer within {:?}", self.patience)));
                }
                Err(RecvTimeoutError::Disconnected) => return Err(EngineError::Gone("it ended".into())),
            }
        }
    }
}

fn unexpected(answer: &Answer) -> EngineError {
    EngineError::Gone(format!("it answered something else than it was asked: {answer:?}"))
}
