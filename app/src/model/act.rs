//! What a person does in a running lab, and how it went.

use std::{collections::BTreeSet, net::IpAddr, time::Duration};

use capture::WireNs;
use topology::{Cable, InterfaceName, NamespaceName, Place, Thing};

/// Numbered from 1 in the order of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActId(pub u64);

/// Something to do in the running lab; nothing of it changes what is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Probe(Probe),
    /// Forget learned neighbours (ARP and ND), in these namespaces; in all where none is named.
    ForgetNeighbours(BTreeSet<NamespaceName>),
    /// Forget what these bridges have learned; all bridges where none is named.
    ForgetLearned(BTreeSet<Place>),
}

/// A question from one namespace to an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    pub from: NamespaceName,
    pub to: IpAddr,
    /// What was aimed at, for people: a namespace's name or an address.
    pub aim: String,
    pub kind: ProbeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeKind {
    /// Echo requests, one after the other.
    Ping {
        rounds: Rounds,
        every: Duration,
    },
    /// As fast as answers come, never more than `at_most` a second, until it is stopped.
    Flood {
        at_most: u32,
    },
    Arp {
        on: InterfaceName,
    },
    Trace {
        most_hops: u8,
    },
    Tcp {
        port: u16,
    },
    Udp {
        port: u16,
        text: String,
    },
}

impl ProbeKind {
    /// Where nobody said how fast. Each question and each answer is seen at both ends of both cables of a switch:
    /// 24,000 frames a second over all taps, as long as answers come.
    pub const FLOOD: Self = Self::Flood { at_most: 3_000 };
    /// The usual number of routers that a trace goes through at most (traceroute(8)).
    pub const MOST_HOPS: u8 = 30;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounds {
    Times(u32),
    UntilStopped,
}

/// An act as the window shows it, where it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    pub id: ActId,
    pub act: Act,
    /// The window's seconds when it was asked for, or was over, or was told: whatever came last.
    pub since: f64,
    pub sent: u32,
    pub answered: u32,
    pub is_over: bool,
    /// How it stands or went, in plain words.
    pub words: String,
    pub is_bad: bool,
    pub telling: Telling,
}

/// How far the story has got with an act that is over: nobody is told an end that the stage has not shown yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Telling {
    /// It goes on, or its last frames have not reached the story yet.
    #[default]
    Waits,
    /// The story tells it up to this wire time.
    Until(WireNs),
    Told,
}

/// What can be selected on the stage.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    Thing(Thing),
    Cable(Cable),
    /// A veth end, by its socket.
    Interface(Place),
}

impl Act {
    /// For people.
    pub fn words(&self) -> String {
        match self {
            Self::Probe(Probe { from, aim, kind, .. }) => match kind {
                ProbeKind::Ping { .. } => format!("{from} pings {aim}"),
                ProbeKind::Flood { .. } => format!("{from} floods {aim} with pings"),
                ProbeKind::Arp { .. } => format!("{from} asks by ARP who has {aim}"),
                ProbeKind::Trace { .. } => format!("{from} traces the route to {aim}"),
                ProbeKind::Tcp { port } => format!("{from} connects to {aim}, TCP port {port}"),
                ProbeKind::Udp { port, .. } => format!("{from} sends a datagram to {aim}, UDP port {port}"),
            },
            Self::ForgetNeighbours(of) if of.is_empty() => "All namespaces forget their neighbours".into(),
            Self::ForgetNeighbours(of) => format!("{} forget their neighbours", listed(of)),
            Self::ForgetLearned(of) if of.is_empty() => "All bridges forget what they have learned".into(),
            Self::ForgetLearned(of) => format!("{} forget what they have learned", listed(of)),
        }
    }

    /// Goes on until it is stopped.
    pub fn is_endless(&self) -> bool {
        let Self::Probe(probe) = self else { return false };
        matches!(probe.kind, ProbeKind::Ping { rounds: Rounds::UntilStopped, .. } | ProbeKind::Flood { .. })
    }

    /// While its answer is awaited.
    pub fn waiting(&self) -> String {
        match self {
            Self::Probe(Probe { aim, kind, .. }) => match kind {
                ProbeKind::Ping { .. } | ProbeKind::Flood { .. } => format!("pinging {aim} …"),
                ProbeKind::Arp { .. } => format!("asking who has {aim} …"),
                ProbeKind::Trace { .. } => format!("tracing the route to {aim} …"),
                ProbeKind::Tcp { .. } => format!("connecting to {aim} …"),
                ProbeKind::Udp { .. } => format!("sending to {aim} …"),
            },
            Self::ForgetNeighbours(_) | Self::ForgetLearned(_) => "forgetting …".into(),
        }
    }

    /// As one would type it as root in the host terminal. Our own probes need none of these tools.
    pub fn shell(&self) -> Vec<String> {
        match self {
            Self::Probe(probe) => vec![probe.shell()],
            Self::ForgetNeighbours(of) if of.is_empty() => {
                vec!["ip -all netns exec ip neigh flush all".into(), "ip neigh flush all".into()]
            }
            Self::ForgetNeighbours(of) => {
                of.iter().map(|name| format!("{}ip neigh flush all", inside(name))).collect()
            }
            Self::ForgetLearned(of) => of
                .iter()
                .map(|at| {
                    format!("{}ip link set dev {} type bridge fdb_flush", inside(&at.namespace), at.interface)
                })
                .collect(),
        }
    }
}

impl Probe {
    fn shell(&self) -> String {
        let Self { from, to, kind, .. } = self;
        let inside = inside(from);
        match kind {
            ProbeKind::Ping { rounds: Rounds::Times(times), .. } => format!("{inside}ping -c {times} {to}"),
            ProbeKind::Ping { rounds: Rounds::UntilStopped, .. } => format!("{inside}ping {to}"),
            ProbeKind::Flood { .. } => format!("{inside}ping -f {to}"),
            ProbeKind::Arp { on } => format!("{inside}arping -c 1 -I {on} {to}"),
            ProbeKind::Trace { most_hops } => format!("{inside}traceroute -I -m {most_hops} {to}"),
            ProbeKind::Tcp { port } => format!("{inside}nc -vz {to} {port}"),
            // The text is what somebody typed: it is not put into a shell line.
            ProbeKind::Udp { port, .. } => format!("{inside}nc -u {to} {port}"),
        }
    }
}

fn inside(namespace: &NamespaceName) -> String {
    if namespace.is_host() { String::new() } else { format!("ip netns exec {namespace} ") }
}

fn listed<T: ToString>(names: &BTreeSet<T>) -> String {
    names.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}
