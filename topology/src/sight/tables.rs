//! What the kernel keeps in its tables without being asked: who has which MAC, and which MAC is behind which port.
//!
//! State, not a wish: none of it is of a [`crate::Lab`], where neighbours stand that a person set for good.

use std::{collections::BTreeMap, net::IpAddr};

use serde::{Deserialize, Serialize};

use crate::{InterfaceName, MacAddress};

/// So many entries of one table are told at most; the rest is counted.
pub const MOST_TOLD: usize = 200;

/// The tables of one namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tables {
    /// ARP and ND as `ip neigh` shows them: without what needs no asking (`noarp`: multicast, loopback).
    pub neighbours: Listed<NeighbourEntry>,
    /// Of each bridge that has entries, its own as `bridge fdb show` tells them: without the filters of the devices
    /// below it (`self`).
    pub forwarding: BTreeMap<InterfaceName, Listed<ForwardingEntry>>,
}

impl Tables {
    pub fn is_empty(&self) -> bool {
        self.neighbours.is_empty() && self.forwarding.is_empty()
    }
}

/// The first entries of a table, in order, each once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<T> {
    pub entries: Vec<T>,
    /// So many there are besides.
    pub more: usize,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), more: 0 }
    }
}

impl<T: Ord> Listed<T> {
    /// Sorts; keeps [`MOST_TOLD`].
    pub fn of(found: impl IntoIterator<Item = T>) -> Self {
        let mut entries: Vec<T> = found.into_iter().collect();
        entries.sort();
        entries.dedup();
        let more = entries.len().saturating_sub(MOST_TOLD);
        entries.truncate(MOST_TOLD);
        entries.shrink_to_fit();
        Self { entries, more }
    }
}

impl<T> Listed<T> {
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// A line of `ip neigh`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NeighbourEntry {
    pub interface: InterfaceName,
    pub address: IpAddr,
    /// `None` where nobody has answered, or where there are no MACs (a tunnel).
    pub mac: Option<MacAddress>,
    pub state: NeighbourState,
}

/// As the kernel calls them (linux/neighbour.h, `NUD_…`; arp(7) and RFC 4861, 7.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NeighbourState {
    Permanent,
    Reachable,
    Stale,
    Delay,
    Probe,
    Incomplete,
    Failed,
}

impl NeighbourState {
    pub const ALL: [Self; 7] = [
        Self::Permanent,
        Self::Reachable,
        Self::Stale,
        Self::Delay,
        Self::Probe,
        Self::Incomplete,
        Self::Failed,
    ];

    /// As `ip neigh` writes it, but in small letters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Reachable => "reachable",
            Self::Stale => "stale",
            Self::Delay => "delay",
            Self::Probe => "probe",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
        }
    }
}

/// A line of `bridge fdb show`. What was learned comes first, so that it is told before what is there by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ForwardingEntry {
    pub kind: ForwardingKind,
    pub mac: MacAddress,
    /// Where a bridge filters by VLAN; an entry without one is for frames without.
    pub vlan: Option<u16>,
    /// The bridge itself where the address is its own.
    pub port: InterfaceName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ForwardingKind {
    /// From a frame; forgotten when it is old.
    Learned,
    /// Set by hand.
    Static,
    /// An address of the machine's own, of a port or of the bridge: such frames go no further. The kernel calls it
    /// permanent, or local.
    Permanent,
}

impl ForwardingKind {
    /// As `bridge fdb show` writes it, which leaves `learned` out.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Learned => "learned",
            Self::Static => "static",
            Self::Permanent => "permanent",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_table_is_cut_and_the_rest_counted() {
        let short = Listed::of([3, 1, 2, 1]);
        assert_eq!((short.entries, short.more), (vec![1, 2, 3], 0));
        let long = Listed::of((0..MOST_TOLD + 7).rev());
        assert_eq!((long.entries.len(), long.entries[0], long.more), (MOST_TOLD, 0, 7));
    }

    #[test]
    fn what_was_learned_is_told_before_what_is_there_by_itself() {
        let entry = |kind, last| ForwardingEntry {
            kind,
            mac: MacAddress([2, 0, 0, 0, 0, last]),
            vlan: None,
            port: "p1".parse().expect("a name"),
        };
        let own = (0..u8::MAX).map(|last| entry(ForwardingKind::Permanent, last));
        let listed = Listed::of(own.chain([entry(ForwardingKind::Learned, u8::MAX)]));
        assert_eq!(listed.entries[0].kind, ForwardingKind::Learned);
        assert_eq!(listed.more, 256 - MOST_TOLD);
    }
}
