//! The caller's side: starts an engine, asks it, and hears what happens.
//!
//! Everything here blocks; one thread reads what the engine says and sorts it into answers and events.
//! Several threads may ask at once, each over an [`Asker`] of its own.

mod asides;
mod asker;
mod line;
mod reader;
mod spawn;

use std::{
    ops::Deref,
    os::fd::AsFd,
    process::{Child, Command},
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use capture::Event;
use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    unistd::Pid,
};

pub use self::{
    asides::Aside,
    asker::{Asked, AskedId, Asker},
};
use self::{asides::Asides, line::Line};
pub use super::protocol::{
    Captured, CommandOutcome, EngineError, Feature, Outcome, Pace, PingTrain, Probe, ProbeKind, Refusal,
    SandboxReport, Tally, TraceHop,
};
use super::protocol::{Said, VERSION};
use super::{process::open_pidfd, wire};

/// A sandbox needs milliseconds; a machine that is very busy gets this long.
const STARTING: Duration = Duration::from_secs(20);
/// How long an engine may take to end in good order before it is killed.
const ENDING: Duration = Duration::from_secs(5);
/// How long it may go on delivering what it has seen, as long as it does.
const DELIVERING: Duration = Duration::from_secs(60);

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
    line: Line,
    asker: Asker,
    report: SandboxReport,
    /// `None` once somebody has taken it.
    events: Option<Receiver<Event>>,
    asides: Asides,
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
        let line = Line::new(socket);
        let asides = Asides::default();
        let started = reader::start(reading, line.clone(), asides.clone());
        let (first, events) = started.map_err(|error| silent(error.to_string()))?;
        let report = match first.recv_timeout(STARTING) {
            Ok(Ok(Said::Ready(report))) => report,
            Ok(Ok(Said::Refused(refusal))) => return Err(refusal.into()),
            Ok(Ok(Said::Answer { .. } | Said::Progress { .. } | Said::Terminal { .. } | Said::Saw(_))) => {
                return Err(silent("it answered before it was asked".into()));
            }
            Ok(Err(why)) => return Err(silent(why)),
            Err(_) => return Err(silent(format!("it said nothing for {STARTING:?}"))),
        };
        let process = starting.process.take().expect("it was put there above and is taken only here");
        let asker = Asker::new(line.clone());
        Ok(Self { process, line, asker, report, events: Some(events), asides })
    }

    /// What kind of sandbox it became.
    pub fn sandbox(&self) -> &SandboxReport {
        &self.report
    }

    /// The outermost process of the engine: alive as long as anything of it is.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// The way to it for another thread.
    pub fn asker(&self) -> Asker {
        self.asker.clone()
    }

    /// Of an engine whose events have ended by themselves: how, in words.
    pub fn how_it_ended(&mut self) -> String {
        end_of(&mut self.process).unwrap_or_else(|| "it does not say anything any more".into())
    }

    /// What happens, in order, to be read on another thread while this one waits for answers; `None` once
    /// it was taken. Bounded: whoever does not read loses frames, and is told how many by [`Event::Lost`].
    /// The last frames come while the engine stops.
    pub fn take_events(&mut self) -> Option<Receiver<Event>> {
        self.events.take()
    }

    /// What is said unasked besides events: terminals, and how the kernel stands; `None` once it was taken.
    /// Not bounded: whoever takes them reads on. Before that only the latest look at the kernel is kept.
    pub fn take_asides(&mut self) -> Option<Receiver<Aside>> {
        self.asides.take()
    }

    /// Closes the taps, takes everything down, and returns when no process of the engine is left.
    /// The last frames are still delivered.
    pub fn stop(mut self) -> Result<(), EngineError> {
        self.end_in_order()
    }

    fn end_in_order(&mut self) -> Result<(), EngineError> {
        let asked = self.asker.stop(ENDING, DELIVERING);
        // Also where the answer did not come, since somebody else may have told it to stop before.
        let ended = wait_for_end(&mut self.process, ENDING);
        asked?;
        ended.map_err(|error| EngineError::Gone(error.to_string()))
    }
}

/// An engine is asked as an [`Asker`] is.
impl Deref for Engine {
    type Target = Asker;

    fn deref(&self) -> &Asker {
        &self.asker
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // The engine sees this as our end, and closes its taps side by side; killed, it would need
        // seconds for hundreds of them.
        self.line.hang_up();
        let _reported_by_stop = wait_for_end(&mut self.process, ENDING);
    }
}

/// An engine that is not known to work yet.
struct Starting {
    process: Option<Child>,
}

impl Starting {
    fn how_it_ended(&mut self, error: &wire::WireError) -> String {
        let ended = self.process.as_mut().and_then(end_of);
        ended.map_or_else(|| error.to_string(), |ended| format!("{ended} ({error})"))
    }
}

/// How a process ended, in words; `None` where it has not.
fn end_of(process: &mut Child) -> Option<String> {
    wait_for_end(process, Duration::from_secs(1)).ok()?;
    let status = process.try_wait().ok()??;
    Some(format!("its process ended with {status}"))
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
