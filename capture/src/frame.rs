//! Frames as they were seen, and what a source says besides.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use topology::{Lab, Place};

use crate::tables::Forgotten;

/// Wire time: nanoseconds since the Unix epoch, as captured. Subtract an origin before going to `f64`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WireNs(pub i64);

/// One capture on one interface, numbered from 0 in the order of their opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TapId(pub u32);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tap {
    pub id: TapId,
    /// `namespace/interface`. What stands there (a port, a bridge, which cable) is read off the lab.
    pub at: Place,
}

/// Which way a frame went, as the interface's own stack sees it: `Out` is sent, `In` is received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    In,
    Out,
    /// A file of another tool did not say.
    Unknown,
}

/// The bytes seen at one tap at one time, from the Ethernet header on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub tap: TapId,
    pub t: WireNs,
    pub direction: Direction,
    /// What was captured.
    pub bytes: Arc<[u8]>,
    /// Octets on the wire; at least `bytes.len()`.
    pub original_len: u32,
}

/// What a source says, live or from a file, in order.
/// Frames of one tap come in order of time; a source merges its taps before it says them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The lab as it stands from `t` on.
    Lab {
        t: WireNs,
        lab: Arc<Lab>,
    },
    /// This tap listens from now on.
    Tap(Tap),
    Frame(Frame),
    /// So many frames of this tap were lost in all up to now.
    Lost {
        t: WireNs,
        tap: TapId,
        frames: u64,
    },
    /// When this tap began to listen, at `t`, so many frames had crossed its interface that no tap saw: all since
    /// the lab is followed. Said anew, it is so many more.
    Missed {
        t: WireNs,
        tap: TapId,
        frames: u64,
    },
    Caption {
        t: WireNs,
        text: String,
    },
    /// Somebody made a table forget what it had learned.
    Forgot {
        t: WireNs,
        what: Forgotten,
    },
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Unknown => "?",
        })
    }
}
