//! The caller's side: starts an engine, asks it, and hears what happens.
//!
//! Everything here blocks; one thread reads what the engine says and sorts it into answers and events.

mod reader;
mod spawn;

use std::{
    io::Write,
    net::Shutdown,
    os::{fd::AsFd, unix::net::UnixStream},
    process::{Child, Command},
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use capture::{Event, Tap};
use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    unistd::Pid,
};
use topology::{Lab, NamespaceName, Plan};

use self::reader::Spoken;
use super::protocol::{Answer, Request, Said, VERSION, Wish};
pub use super::protocol::{
    Captured, CommandOutcome, EngineError, Feature, Outcome, Probe, ProbeKind, Refusal, SandboxReport,
    TraceHop,
};
use super::{process::open_pidfd, wire};

/// A sandbox needs milliseconds; a machine that is very busy gets this long.
const STARTING: Duration = Duration::from_secs(20);
/// How long an engine may take to end in good order before it is killed.
const ENDING: Duration = Duration::from_secs(5);
/// What the longest of all requests may take beyond the time that was asked for it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why no engine came up.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the engine's program {program} could not be started: {source}")]
    Spawn { program: String, source: std::io::Error },
    #[error(
        "the engine speaks version {theirs} and this program version {ours}: they come from different builds of \
         hopscope; install both anew, or unset HOPSCOPE_ENGINE"
    )]
    Version { ours: u32, theirs: u32 },
    /// It started, and said nothing that makes sense.
    #[error("the engine did not come up: {0}")]
    Silent(String),
    /// This machine gives no sandbox; the refusal says why, and how to mend it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// A running engine with its sandbox. Dropped, it ends, and the sandbox with it.
#[derive(Debug)]
pub struct Engine {
    process: Child,
    socket: UnixStream,
    report: SandboxReport,
    answers: Receiver<Spoken>,
    /// `None` once somebody has taken it.
    events: Option<Receiver<Event>>,
    next_id: u32,
}

impl Engine {
    /// Starts this program's own binary (or the one that the environment's `HOPSCOPE_ENGINE` names) as
    /// an engine, and returns when its sandbox stands.
    pub fn start() -> Result<Self, StartError> {
        Self::start_by(spawn::own_program())
    }

    /// Starts an engine by a command to which `engine --fd N` is added: another build of hopscope, or one
    /// that first changes the user.
    pub fn start_by(command: Command) -> Result<Self, StartError> {
        let (process, socket) = spawn::engine_process(command)?;
        // From here on, whoever leaves early leaves no process behind.
        let mut starting = Starting { process: Some(process) };
        let shake = || -> Result<u32, wire::WireError> {
            let told = wire::write_preamble(&socket, VERSION);
            socket.set_read_timeout(Some(STARTING))?;
            // What it said tells more than that it has left, so that comes first.
            let theirs = wire::read_preamble(&socket)?;
            socket.set_read_timeout(None)?;
            told?;
            Ok(theirs)
        };
        match shake() {
            Ok(VERSION) => {}
            Ok(theirs) => return Err(StartError::Version { ours: VERSION, theirs }),
            Err(error) => return Err(StartError::Silent(starting.how_it_ended(&error))),
        }
        let silent = |why: String| StartError::Silent(why);
        let reading = socket.try_clone().map_err(|error| silent(error.to_string()))?;
        let (answers, events) = reader::start(reading).map_err(|error| silent(error.to_string()))?;
        let report = match answers.recv_timeout(STARTING) {
            Ok(Ok(Said::Ready(report))) => report,
            Ok(Ok(Said::Refused(refusal))) => return Err(refusal.into()),
            Ok(Ok(Said::Answer { .. })) => return Err(silent("it answered before it was asked".into())),
            Ok(Err(why)) => return Err(silent(why)),
            Err(_) => return Err(silent(format!("it said nothing for {STARTING:?}"))),
        };
        let process = starting.process.take().expect("it was put there above and is taken only here");
        Ok(Self { process, socket, report, answers, events: Some(events), next_id: 0 })
    }

    /// What kind of sandbox it became.
    pub fn sandbox(&self) -> &SandboxReport {
        &self.report
    }

    /// The outermost process of the engine: alive as long as anything of it is.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Makes the sandbox look like `wanted`; all or nothing. Gives the lab as it then stands.
    pub fn build(&mut self, wanted: &Lab) -> Result<Lab, EngineError> {
        self.lab(Wish::Build(Box::new(wanted.clone())))
    }

    /// Carries out these steps, all or none. Gives the lab as it then stands.
    pub fn carry_out(&mut self, plan: &Plan) -> Result<Lab, EngineError> {
        self.lab(Wish::CarryOut(plan.clone()))
    }

    /// Taps every veth end, port and bridge that is not tapped yet, and returns once all listen and the
    /// ports forward. Gives all taps; their [`Event::Tap`]s come before their frames.
    pub fn listen(&mut self) -> Result<Vec<Tap>, EngineError> {
        match self.ask(Wish::Listen, PATIENCE)? {
            Answer::Taps(taps) => Ok(taps),
            other => Err(unexpected(&other)),
        }
    }

    /// Sends a probe, and waits for its end.
    pub fn probe(&mut self, probe: Probe) -> Result<Outcome, EngineError> {
        let rounds = if let ProbeKind::Trace { max_hops, .. } = probe.kind { u32::from(max_hops) } else { 1 };
        let patience = probe.timeout.saturating_mul(rounds).saturating_add(PATIENCE);
        match self.ask(Wish::Probe(probe), patience)? {
            Answer::Outcome(outcome) => Ok(outcome),
            other => Err(unexpected(&other)),
        }
    }

    /// Runs `sh -c command` in a namespace, as root there. When `limit` is over, it is ended.
    pub fn run(
        &mut self,
        namespace: &NamespaceName,
        command: &str,
        limit: Duration,
    ) -> Result<CommandOutcome, EngineError> {
        let wish = Wish::Run { namespace: namespace.clone(), command: command.into(), limit };
        match self.ask(wish, limit.saturating_add(PATIENCE))? {
            Answer::Command(outcome) => Ok(outcome),
            other => Err(unexpected(&other)),
        }
    }

    /// Waits until no new frame was seen for a short while, at most for `limit`. What was seen until then
    /// is in [`Engine::events`].
    pub fn settle(&mut self, limit: Duration) -> Result<(), EngineError> {
        self.ask(Wish::Settle { limit }, limit.saturating_add(PATIENCE)).map(|_settled| ())
    }

    /// Tries out what this kernel can do, in namespaces of their own.
    pub fn features(&mut self) -> Result<Vec<Feature>, EngineError> {
        match self.ask(Wish::Features, PATIENCE)? {
            Answer::Features(features) => Ok(features),
            other => Err(unexpected(&other)),
        }
    }

    /// What happens, in order, to be read on another thread while this one waits for answers; `None` once
    /// it was taken. Bounded: whoever does not read loses frames, and is told how many by [`Event::Lost`].
    /// The last frames come while the engine stops.
    pub fn take_events(&mut self) -> Option<Receiver<Event>> {
        self.events.take()
    }

    /// Closes the taps, takes everything down, and returns when no process of the engine is left.
    /// The last frames are still delivered.
    pub fn stop(mut self) -> Result<(), EngineError> {
        self.end_in_order()
    }

    fn end_in_order(&mut self) -> Result<(), EngineError> {
        self.ask(Wish::Stop, ENDING)?;
        wait_for_end(&mut self.process, ENDING).map_err(|error| EngineError::Gone(error.to_string()))
    }

    fn lab(&mut self, wish: Wish) -> Result<Lab, EngineError> {
        match self.ask(wish, PATIENCE)? {
            Answer::Lab(lab) => Ok(*lab),
            other => Err(unexpected(&other)),
        }
    }

    fn ask(&mut self, wish: Wish, patience: Duration) -> Result<Answer, EngineError> {
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        let bytes = wire::encode_request(&Request { id, wish })
            .map_err(|error| EngineError::Unfit(error.to_string()))?;
        // When this fails, the reader knows better why.
        let sent = self.socket.write_all(&bytes);
        let deadline = Instant::now() + patience;
        loop {
            match self.answers.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(Ok(Said::Answer { id: answered, answer })) if answered == id => return answer,
                // An answer to a question that nobody waited for any more.
                Ok(Ok(Said::Answer { .. })) => {}
                Ok(Ok(said)) => return Err(EngineError::Gone(format!("it is out of step: {said:?}"))),
                Ok(Err(why)) => return Err(EngineError::Gone(why)),
                Err(RecvTimeoutError::Timeout) => {
                    return Err(EngineError::Gone(format!("it did not answer within {patience:?}")));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let why = sent.err().map_or_else(|| "it ended".into(), |error| error.to_string());
                    return Err(EngineError::Gone(why));
                }
            }
        }
    }
}

fn unexpected(answer: &Answer) -> EngineError {
    EngineError::Gone(format!("it answered something else than it was asked: {answer:?}"))
}

impl Drop for Engine {
    fn drop(&mut self) {
        // The engine sees this as our end, and closes its taps side by side; killed, it would need
        // seconds for hundreds of them.
        let _closed_already = self.socket.shutdown(Shutdown::Both);
        let _reported_by_stop = wait_for_end(&mut self.process, ENDING);
    }
}

/// An engine that is not known to work yet.
struct Starting {
    process: Option<Child>,
}

impl Starting {
    fn how_it_ended(&mut self, error: &wire::WireError) -> String {
        let process = self.process.as_mut();
        let ended = process.and_then(|process| {
            wait_for_end(process, Duration::from_secs(1)).ok()?;
            process.try_wait().ok()?
        });
        ended.map_or_else(|| error.to_string(), |status| format!("its process ended with {status} ({error})"))
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ended = wait_for_end(process, Duration::ZERO);
        }
    }
}

/// Waits for the process' end, and brings it about when the time is over. Leaves no zombie.
fn wait_for_end(process: &mut Child, limit: Duration) -> std::io::Result<()> {
    if process.try_wait()?.is_some() {
        return Ok(());
    }
    let end = open_pidfd(Pid::from_raw(process.id().cast_signed()))?;
    let deadline = Instant::now() + limit;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let millis = PollTimeout::try_from(left.as_millis()).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(end.as_fd(), PollFlags::POLLIN)], millis) {
            Err(nix::errno::Errno::EINTR) => {}
            Ok(ended) if 0 < ended => break,
            _ => {
                process.kill()?;
                break;
            }
        }
    }
    process.wait().map(|_status| ())
}
