//! What stacks and switches have learned, as far as the frames show it: ARP and ND caches, and the FDBs of bridges.
//!
//! Worked out from journeys alone, so that a replay shows the same as the live run.

use std::net::IpAddr;

use topology::{Lab, MacAddress, NamespaceName, Place};

use crate::{Journey, Tap, WireNs};

/// The history of all tables, to be asked as of any time.
#[derive(Clone, Debug, Default)]
pub struct Tables {}

/// A line of a namespace's neighbour table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeighbourRow {
    pub address: IpAddr,
    pub state: NeighbourState,
    /// When it came to be as it is.
    pub since: WireNs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeighbourState {
    /// Asked for, no answer yet.
    Asking,
    Known(MacAddress),
    /// Configured by hand.
    Static(MacAddress),
    /// Asked for in vain.
    Failed,
}

/// A line of a bridge's forwarding database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnedRow {
    pub mac: MacAddress,
    pub port: Place,
    pub since: WireNs,
}

/// What somebody made a table forget.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Forgotten {
    Neighbours(NamespaceName),
    Learned(Place),
}

// STAND-IN bodies, until the tables are written.
impl Tables {
    /// Takes in a finished journey; `taps[i].id == TapId(i)`.
    pub fn take(&mut self, _journey: &Journey, _lab: &Lab, _taps: &[Tap]) {}
    pub fn forget(&mut self, _t: WireNs, _what: &Forgotten) {}
    /// In the order of addresses.
    pub fn neighbours(&self, _of: &NamespaceName, _at: WireNs) -> Vec<NeighbourRow> {
        Vec::new()
    }
    /// In the order of ports, then addresses.
    pub fn learned(&self, _by: &Place, _at: WireNs) -> Vec<LearnedRow> {
        Vec::new()
    }
    /// The most rows that this table ever had.
    pub fn most_neighbours(&self, _of: &NamespaceName) -> usize {
        0
    }
    pub fn most_learned(&self, _by: &Place) -> usize {
        0
    }
}
