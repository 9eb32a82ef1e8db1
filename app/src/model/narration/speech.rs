//! What a frame says, as far as a sentence about it needs.

use std::net::IpAddr;

use capture::{
    Journey,
    decode::brief,
    glance::{Carries, Datagram, Glance, ICMP, ICMPV6, ipv6_at, u16_at},
};
use topology::MacAddress;

use super::transport::Transport;

/// What a frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Speech {
    Question {
        target: IpAddr,
        asker: IpAddr,
    },
    Answer {
        of: IpAddr,
        at: MacAddress,
    },
    Announcement {
        of: IpAddr,
        at: MacAddress,
    },
    /// Is this address still free?
    Probe {
        target: IpAddr,
    },
    Ping {
        number: u16,
        to: IpAddr,
    },
    Pong {
        number: u16,
    },
    /// TCP, UDP, and bad news about either.
    Transport(Transport),
    /// Bridges among themselves.
    SpanningTree,
    Other {
        protocol: &'static str,
        to: Option<IpAddr>,
    },
}

/// A frame, its addresses, and what it says.
#[derive(Clone, Debug)]
pub struct Heard {
    pub glance: Glance,
    pub speech: Speech,
}

impl Heard {
    /// What was said at one sighting of a journey; `None` where too little of it was captured.
    pub fn at(journey: &Journey, sighting: usize) -> Option<Self> {
        let bytes = &journey.sightings.get(sighting)?.frame.bytes;
        let glance = Glance::at(bytes)?;
        Some(Self { glance, speech: speech(&glance, bytes) })
    }
}

fn speech(glance: &Glance, bytes: &[u8]) -> Speech {
    let other = |to| Speech::Other { protocol: brief(bytes).protocol, to };
    match &glance.carries {
        Carries::Arp(arp) => {
            let (sender, target) = (arp.sender.into(), arp.target.into());
            match arp.operation {
                1 | 2 if sender == target => Speech::Announcement { of: sender, at: arp.sender_mac },
                1 if arp.sender.is_unspecified() => Speech::Probe { target },
                1 => Speech::Question { target, asker: sender },
                2 => Speech::Answer { of: sender, at: arp.sender_mac },
                _ => other(None),
            }
        }
        Carries::Ip(datagram) => {
            let transport = || Transport::of(datagram, bytes).map(Speech::Transport);
            let known = icmp(glance, datagram, bytes).or_else(transport);
            known.unwrap_or_else(|| other(Some(datagram.destination)))
        }
        Carries::Other if brief(bytes).protocol == "STP" => Speech::SpanningTree,
        Carries::Other => other(None),
    }
}

fn icmp(glance: &Glance, datagram: &Datagram, bytes: &[u8]) -> Option<Speech> {
    if datagram.fragment.offset != 0 {
        return None;
    }
    let payload = datagram.payload(bytes);
    let kind = *payload.first()?;
    match (datagram.protocol, kind) {
        (ICMP, 8) | (ICMPV6, 128) => {
            Some(Speech::Ping { number: u16_at(payload, 6)?, to: datagram.destination })
        }
        (ICMP, 0) | (ICMPV6, 129) => Some(Speech::Pong { number: u16_at(payload, 6)? }),
        (ICMPV6, 135) => {
            let target = IpAddr::V6(ipv6_at(payload, 8)?);
            let is_probe = datagram.source.is_unspecified();
            let asker = datagram.source;
            Some(if is_probe { Speech::Probe { target } } else { Speech::Question { target, asker } })
        }
        (ICMPV6, 136) => {
            let of = IpAddr::V6(ipv6_at(payload, 8)?);
            let at = glance.source;
            let is_asked_for = payload.get(4)? & 0x40 != 0;
            Some(if is_asked_for { Speech::Answer { of, at } } else { Speech::Announcement { of, at } })
        }
        _ => None,
    }
}

impl Speech {
    /// What the frame is called in the middle of a sentence.
    pub fn noun(&self) -> String {
        match self {
            Self::Question { .. } | Self::Probe { .. } => "the question".into(),
            Self::Answer { .. } => "the answer".into(),
            Self::Announcement { .. } => "the announcement".into(),
            Self::Ping { number, .. } => format!("ping {number}"),
            Self::Pong { number } => format!("the answer to ping {number}"),
            Self::Transport(said) => said.noun().into(),
            Self::SpanningTree => "what the bridges tell each other".into(),
            Self::Other { protocol, .. } => format!("the {protocol} frame"),
        }
    }
}
