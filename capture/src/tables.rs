//! What stacks and switches have learned, as far as the frames show it: ARP and ND caches, and the FDBs of bridges.
//!
//! Worked out from journeys and the lab alone, so that a replay shows the same as the live run. The rules are
//! those of Linux: net/ipv4/arp.c, net/ipv6/ndisc.c, net/core/neighbour.c and net/bridge/br_fdb.c. What is not on
//! the wire is not known here: a line that somebody flushes by hand is gone only once it is told (see
//! [`Tables::forget`]) or shown by the stack asking anew; nor whether a port is blocked by STP, so that there only
//! what the bridge was seen to pass on has taught it something.

mod bridge;
mod line;
mod neighbours;
mod resets;
mod roles;
mod teaching;
mod upkeep;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use topology::{Lab, MacAddress, NamespaceName, Place};

use self::{bridge::Bridge, neighbours::Stack, roles::Roles, teaching::Lesson};
use crate::{Journey, Sighting, Tap, WireNs};

/// The history of all tables, to be asked as of any time.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    stacks: BTreeMap<NamespaceName, Stack>,
    bridges: BTreeMap<Place, Bridge>,
    /// In order of time.
    labs: Vec<(WireNs, Arc<Lab>)>,
    /// True where the labs were told by [`Tables::take_lab`], false where they came along with journeys.
    labs_were_told: bool,
    roles: Roles,
    /// Tables to which something came late.
    late: BTreeSet<Whose>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Stack(NamespaceName),
    Bridge(Place),
}

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forgotten {
    /// All that this namespace's stack has learned by itself; what is configured stays.
    Neighbours(NamespaceName),
    /// All that this bridge has learned.
    Learned(Place),
}

impl Tables {
    /// The lab as it stands from `t` on; the first one also stands for all time before. Labs are told before the
    /// journeys of their time are taken.
    pub fn take_lab(&mut self, t: WireNs, lab: &Arc<Lab>) {
        if !self.labs_were_told && !self.labs.is_empty() {
            self.labs.clear();
            self.start_anew();
        }
        self.labs_were_told = true;
        self.add_lab(t, lab);
    }

    /// Takes in a journey, finished or not; `taps[i].id == TapId(i)`. Taking a journey again, as it was or grown,
    /// adds only what is new. The lab is looked at only where none was told by [`Tables::take_lab`].
    pub fn take(&mut self, journey: &Journey, lab: &Lab, taps: &[Tap]) {
        if !self.labs_were_told && self.labs.last().is_none_or(|(_, known)| **known != *lab) {
            let first = journey.sightings.first().map_or(WireNs(0), |first| first.frame.t);
            self.add_lab(first, &Arc::new(lab.clone()));
        }
        for sighting in &journey.sightings {
            self.take_sighting(journey, sighting, taps);
        }
        for late in std::mem::take(&mut self.late) {
            match late {
                Whose::Stack(of) => self.stacks.get_mut(&of).map(Stack::tidy),
                Whose::Bridge(by) => self.bridges.get_mut(&by).map(Bridge::tidy),
            };
        }
    }

    pub fn forget(&mut self, t: WireNs, what: &Forgotten) {
        match what {
            Forgotten::Neighbours(of) => self.stacks.entry(of.clone()).or_default().forget(t),
            Forgotten::Learned(by) => self.bridges.entry(by.clone()).or_default().forget(t),
        }
    }

    /// In the order of addresses. An address that is known at several interfaces is told once.
    pub fn neighbours(&self, of: &NamespaceName, at: WireNs) -> Vec<NeighbourRow> {
        self.stacks.get(of).map(|stack| stack.rows(at)).unwrap_or_default()
    }

    /// In the order of ports, then addresses.
    pub fn learned(&self, by: &Place, at: WireNs) -> Vec<LearnedRow> {
        self.bridges.get(by).map(|bridge| bridge.rows(by, at)).unwrap_or_default()
    }

    /// The most rows that this table ever had.
    pub fn most_neighbours(&self, of: &NamespaceName) -> usize {
        self.stacks.get(of).map_or(0, Stack::most)
    }

    pub fn most_learned(&self, by: &Place) -> usize {
        self.bridges.get(by).map_or(0, Bridge::most)
    }

    fn take_sighting(&mut self, journey: &Journey, sighting: &Sighting, taps: &[Tap]) {
        let Some(number) = self.lab_number(sighting.frame.t) else { return };
        let role = self.roles.of(number, &self.labs[number].1, taps, sighting.frame.tap);
        let goes_on = || journey.sightings.iter().any(|other| other.parent == Some(sighting.id));
        let Some(lesson) =
            role.and_then(|role| teaching::lesson(role, &self.labs[number].1, sighting, goes_on))
        else {
            return;
        };
        let t = sighting.frame.t;
        match lesson {
            Lesson::Station { bridge, mac, vlan, port } => {
                let found = match self.bridges.get_mut(bridge) {
                    Some(found) => found,
                    None => self.bridges.entry(bridge.clone()).or_default(),
                };
                if found.hear(t, (mac, vlan), port) {
                    self.late.insert(Whose::Bridge(bridge.clone()));
                }
            }
            Lesson::Neighbour { namespace, address, on, heard } => {
                if self.stacks.entry(namespace.clone()).or_default().hear(t, address, on, heard) {
                    self.late.insert(Whose::Stack(namespace.clone()));
                }
            }
        }
    }

    /// Which lab stands at this time.
    fn lab_number(&self, t: WireNs) -> Option<usize> {
        let later = self.labs.partition_point(|(since, _)| *since <= t);
        (!self.labs.is_empty()).then(|| later.saturating_sub(1))
    }

    fn add_lab(&mut self, t: WireNs, lab: &Arc<Lab>) {
        let place = self.labs.partition_point(|(since, _)| *since <= t);
        let is_news = place.checked_sub(1).is_none_or(|before| *self.labs[before].1 != **lab);
        if !is_news {
            return;
        }
        self.labs.insert(place, (t, lab.clone()));
        if place + 1 == self.labs.len() {
            let before = place.checked_sub(1).map(|before| self.labs[before].1.clone());
            upkeep::change(&mut self.stacks, &mut self.bridges, t, before.as_deref(), lab);
        } else {
            self.start_anew();
        }
    }

    /// Works out again what the labs mean, after one came late.
    fn start_anew(&mut self) {
        self.roles = Roles::default();
        self.stacks.values_mut().for_each(Stack::forget_labs);
        self.bridges.values_mut().for_each(Bridge::forget_labs);
        let mut before: Option<&Lab> = None;
        for (t, lab) in &self.labs {
            upkeep::change(&mut self.stacks, &mut self.bridges, *t, before, lab);
            before = Some(lab);
        }
    }
}
