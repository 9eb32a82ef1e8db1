//! How much may be asked for: what an engine checks before it does anything.

use std::time::Duration;

use super::{EngineError, Pace, PingTrain, Probe, ProbeKind, Wish};

/// The most echo requests a second that a train may be asked for.
pub const FASTEST_FLOOD: u32 = 100_000;

/// The longest that a probe or a command may be asked to take.
pub const LONGEST_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// The most octets that fit into an IPv4 datagram besides its header and that of UDP or ICMP.
pub const LARGEST_PAYLOAD: usize = 65_507;

/// The most octets that may be typed at once.
pub const LONGEST_TYPED: usize = 64 << 10;

impl Wish {
    /// Whether the numbers and texts are within bounds. Names and addresses were checked on arrival,
    /// and steps are checked by the ground that they are carried out on.
    pub fn check(&self) -> Result<(), EngineError> {
        let unfit = |why: &str| Err(EngineError::Unfit(why.into()));
        match self {
            Self::Run { limit, .. } | Self::Settle { limit } if LONGEST_LIMIT < *limit => {
                unfit("the limit is longer than a day")
            }
            Self::Run { command, .. } if command.contains('\0') => unfit("a command cannot hold a zero byte"),
            Self::Probe(probe) => probe.check(),
            Self::PingTrain(train) => train.check(),
            Self::StopTrain { .. } | Self::Forget(_) => Ok(()),
            Self::Build(_) | Self::Change { .. } | Self::CarryOut(_) | Self::Listen => Ok(()),
            Self::Run { .. } | Self::Settle { .. } => Ok(()),
            Self::Features | Self::Stop | Self::Follow => Ok(()),
            Self::OpenTerminal { size, .. } | Self::ResizeTerminal { size, .. } if !size.is_fit() => {
                unfit("a terminal has between 1 and 1000 columns and rows")
            }
            Self::Type { bytes, .. } if LONGEST_TYPED < bytes.len() => {
                unfit("no more than 65536 octets are typed at once")
            }
            Self::OpenTerminal { .. } | Self::Type { .. } | Self::ResizeTerminal { .. } => Ok(()),
            Self::CloseTerminal(_) | Self::Took { .. } => Ok(()),
        }
    }
}

impl PingTrain {
    fn check(&self) -> Result<(), EngineError> {
        let unfit = |why: &str| Err(EngineError::Unfit(why.into()));
        match self.pace {
            _ if LONGEST_LIMIT < self.timeout => unfit("the timeout is longer than a day"),
            _ if LARGEST_PAYLOAD < usize::from(self.payload_len) => {
                unfit("a ping holds at most 65507 octets")
            }
            Pace::Every(rest) if LONGEST_LIMIT < rest => unfit("there is more than a day between two pings"),
            Pace::Flood { at_most } if !(1..=FASTEST_FLOOD).contains(&at_most) => {
                unfit("a flood has between 1 and 100000 pings a second")
            }
            Pace::Every(_) | Pace::Flood { .. } => Ok(()),
        }
    }
}

impl Probe {
    fn check(&self) -> Result<(), EngineError> {
        let unfit = |why: &str| Err(EngineError::Unfit(why.into()));
        if LONGEST_LIMIT < self.timeout {
            return unfit("the timeout is longer than a day");
        }
        match &self.kind {
            ProbeKind::Ping { payload_len, .. } if LARGEST_PAYLOAD < usize::from(*payload_len) => {
                unfit("a ping holds at most 65507 octets")
            }
            ProbeKind::Ping { ttl: Some(0), .. } => unfit("a TTL of 0 cannot leave"),
            ProbeKind::Udp { payload, .. } if LARGEST_PAYLOAD < payload.len() => {
                unfit("a datagram holds at most 65507 octets")
            }
            ProbeKind::Trace { max_hops: 0, .. } => unfit("a trace needs at least one hop"),
            ProbeKind::Ping { .. } | ProbeKind::Arp { .. } | ProbeKind::Tcp { .. } => Ok(()),
            ProbeKind::Udp { .. } | ProbeKind::Trace { .. } => Ok(()),
        }
    }
}
