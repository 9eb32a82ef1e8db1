//! What a person does in a running lab, and how it went.

use std::{collections::BTreeSet, net::IpAddr, time::Duration};

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
    /// The window's seconds when it was asked for.
    pub since: f64,
    pub sent: u32,
    pub answered: u32,
    pub is_over: bool,
    /// How it stands or went, in plain words.
    pub words: String,
    pub is_bad: bool,
}

/// What can be selected on the stage.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    Thing(Thing),
    Cable(Cable),
    /// A veth end, by its socket.
    Interface(Place),
}
