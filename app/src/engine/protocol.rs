//! What the engine and its caller say to each other. Which bytes that makes is [`super::wire`]'s business.
//!
//! After the version, the caller sends [`Request`]s; the engine sends [`Message`]s: first whether it
//! could start at all, then one answer to each request, and events between them as they happen.

mod bounds;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use capture::{Event, Tap, tables::Forgotten};
use serde::{Deserialize, Serialize};
use topology::{InterfaceName, Lab, NamespaceName, Plan, PlanFailure, Sight};

pub use self::bounds::{FASTEST_FLOOD, LARGEST_PAYLOAD, LONGEST_LIMIT, LONGEST_TYPED};
use crate::terminal::{TerminalId, TerminalSaid, TerminalSize};

/// Raised whenever a message changes: an engine and a caller of two versions part at once.
pub const VERSION: u32 = 5;

/// No train of pings tells how it stands more often than this.
pub const PROGRESS_EVERY: Duration = Duration::from_millis(50);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the caller; the answer carries it back.
    pub id: u32,
    pub wish: Wish,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Wish {
    /// Make the sandbox look exactly like this lab, whatever is there.
    Build(Box<Lab>),
    /// Do what leads from `known`, which is how the caller knows the kernel or how it will be when all is done that was
    /// asked for before, to `wanted`; what the kernel has beyond `known` stays.
    Change {
        known: Box<Lab>,
        wanted: Box<Lab>,
    },
    /// Carry out these steps, all or none.
    CarryOut(Plan),
    /// Tap every veth end and every bridge.
    Listen,
    Probe(Probe),
    /// Send echo requests one after the other; how it stands is told on the way as [`Said::Progress`].
    PingTrain(PingTrain),
    /// End the train or the command that was asked for by this number; its own answer says how far it came.
    StopTrain {
        id: u32,
    },
    /// Make a table forget what was learned.
    Forget(Forgotten),
    Run {
        namespace: NamespaceName,
        command: String,
        limit: Duration,
    },
    /// Answer when no frame has come for a short while, at the latest after `limit`.
    Settle {
        limit: Duration,
    },
    /// Keep looking: from now on each change in the kernel is told as [`Said::Saw`] and [`Event::Lab`], whoever made
    /// it, and what is new is tapped at once.
    Follow,
    /// A shell on a pseudo-terminal in this namespace; all it says comes as [`Said::Terminal`].
    OpenTerminal {
        terminal: TerminalId,
        namespace: NamespaceName,
        size: TerminalSize,
    },
    /// These bytes, as if typed.
    Type {
        terminal: TerminalId,
        bytes: Vec<u8>,
    },
    ResizeTerminal {
        terminal: TerminalId,
        size: TerminalSize,
    },
    /// As if its window were closed.
    CloseTerminal(TerminalId),
    /// So many octets of its output were dealt with: it may write as many more.
    Took {
        terminal: TerminalId,
        octets: u32,
    },
    /// Try out what this kernel can do.
    Features,
    Stop,
}

/// What the engine says.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    Said(Said),
    Events(Vec<Event>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Said {
    /// The sandbox stands.
    Ready(SandboxReport),
    /// The sandbox could not be made.
    Refused(Refusal),
    /// How something that takes its time stands, before its answer; at most every [`PROGRESS_EVERY`].
    Progress {
        id: u32,
        tally: Tally,
    },
    /// A terminal said something.
    Terminal {
        terminal: TerminalId,
        said: TerminalSaid,
    },
    /// How the kernel stands now, while it is followed; also what our own steps did. Said again only when something
    /// is otherwise, be it the state of a neighbour.
    Saw(Box<Sight>),
    Answer {
        id: u32,
        answer: Result<Answer, EngineError>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    Lab(Box<Lab>),
    Taps(Vec<Tap>),
    Outcome(Outcome),
    /// How a train of pings ended.
    Tally(Tally),
    /// How many entries were forgotten.
    Forgotten(u64),
    /// The train ends, if there was one of that number.
    TrainStops,
    Command(CommandOutcome),
    Settled,
    /// The kernel is followed, or a terminal's wish was passed on.
    Done,
    Features(Vec<Feature>),
    Stopped,
}

/// What kind of sandbox it became.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxReport {
    /// False only where root had to go on without one.
    pub user_namespace: bool,
    /// Whether a whole range of user ids exists inside, so that tools like tcpdump can change user.
    pub id_range: bool,
    /// What could not be set up, though the sandbox works without; one sentence each.
    pub shortfalls: Vec<String>,
}

/// Why there is no sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{what}: {why}\n{mend}")]
pub struct Refusal {
    /// What was tried.
    pub what: String,
    /// Why it did not work.
    pub why: String,
    /// What the person at the machine can do.
    pub mend: String,
}

/// One question sent into the lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    pub from: NamespaceName,
    pub kind: ProbeKind,
    /// How long to wait for the answer; for a trace: at each hop.
    pub timeout: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProbeKind {
    /// An ICMP or ICMPv6 echo request.
    Ping {
        to: IpAddr,
        sequence: u16,
        /// Tells the answers of several pings apart; unlike ones in unlike namespaces pass a NAT unchanged.
        identifier: u16,
        /// Octets after the ICMP header.
        payload_len: u16,
        /// `None`: the kernel's default, 64.
        ttl: Option<u8>,
    },
    /// An ARP question, sent out of one interface.
    Arp { to: Ipv4Addr, on: InterfaceName },
    /// A TCP connection, opened and closed again.
    Tcp { to: SocketAddr },
    /// A datagram to a service that answers.
    Udp { to: SocketAddr, payload: Vec<u8> },
    /// Echo requests of growing TTL.
    Trace { to: IpAddr, max_hops: u8 },
}

impl ProbeKind {
    /// A ping as one types it: 56 octets, default TTL.
    pub fn ping(to: IpAddr, identifier: u16, sequence: u16) -> Self {
        Self::Ping { to, sequence, identifier, payload_len: 56, ttl: None }
    }
}

/// Echo requests one after the other, numbered from 1 and going round after 65535.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PingTrain {
    pub from: NamespaceName,
    pub to: IpAddr,
    /// As in [`ProbeKind::Ping`].
    pub identifier: u16,
    /// Octets after the ICMP header.
    pub payload_len: u16,
    /// `None`: until it is stopped.
    pub count: Option<u32>,
    pub pace: Pace,
    /// How long an answer may take; also, how long the train waits for the last ones.
    pub timeout: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pace {
    Every(Duration),
    /// The next as soon as the one before is answered (after ten milliseconds without an answer all the
    /// same), but never more than so many a second.
    Flood {
        at_most: u32,
    },
}

/// How a train of pings stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub sent: u32,
    pub answered: u32,
    /// Of those that were answered; zero where none was.
    pub shortest: Duration,
    pub mean: Duration,
    pub longest: Duration,
    /// What was said last instead of an answer, in plain words.
    pub trouble: Option<String>,
}

/// How a probe ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether the one who was asked gave the answer that was hoped for.
    pub answered: bool,
    /// From sending to the answer, whatever it was.
    pub round_trip: Option<Duration>,
    /// Who spoke: the target, or a router that refused.
    pub answer_from: Option<IpAddr>,
    /// What happened, in plain words; never empty.
    pub reason: String,
    /// Only of a trace.
    pub hops: Vec<TraceHop>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceHop {
    /// 1 for the first router.
    pub ttl: u8,
    /// `None`: nobody spoke.
    pub from: Option<IpAddr>,
    pub round_trip: Option<Duration>,
    pub says: String,
}

/// How a command ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandOutcome {
    /// What it exited with; `None` when a signal ended it.
    pub status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether it was stopped because its time was up.
    pub timed_out: bool,
    pub stdout: Captured,
    pub stderr: Captured,
    pub took: Duration,
}

impl CommandOutcome {
    pub fn succeeded(&self) -> bool {
        self.status == Some(0) && !self.timed_out
    }
}

/// What a command wrote; at most [`Captured::LIMIT`] octets of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    pub bytes: Vec<u8>,
    /// Whether it wrote more than was kept.
    pub cut: bool,
}

impl Captured {
    pub const LIMIT: usize = 1 << 20;

    /// As text; what is not UTF-8 is replaced.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

/// Something a kernel can or cannot do, tried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    pub name: String,
    /// What the kernel said when it cannot.
    pub missing: Option<String>,
}

/// Why a request was not fulfilled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum EngineError {
    #[error("{0}")]
    Plan(PlanFailure),
    #[error("{0}")]
    Observe(String),
    #[error("listening failed: {0}")]
    Listen(String),
    #[error("there is no namespace “{0}” in the lab")]
    NoSuchNamespace(NamespaceName),
    #[error("{0}")]
    Probe(String),
    #[error("{0}")]
    Command(String),
    #[error("{0}")]
    Forget(String),
    #[error("{0}")]
    Terminal(String),
    /// The request is outside what the engine accepts.
    #[error("the request was refused: {0}")]
    Unfit(String),
    /// Whoever asked does not wait for the answer any more.
    #[error("it was given up")]
    GivenUp,
    /// The engine is no more, or no longer understood.
    #[error("the engine is gone: {0}")]
    Gone(String),
}
