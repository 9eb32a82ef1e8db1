//! What one bridge has learned: behind which port each station is (net/bridge/br_fdb.c).

use std::collections::{BTreeMap, BTreeSet};

use topology::{InterfaceName, MacAddress, Place};

use super::{
    LearnedRow,
    line::{Did, Line, Rule},
    resets::Resets,
};
use crate::WireNs;

/// A station, apart in each VLAN of a filtering bridge; 0 where there are none.
pub type Station = (MacAddress, u16);

/// A number in [`Bridge::ports`].
type Port = u32;

#[derive(Clone, Debug, Default)]
pub struct Bridge {
    ports: Vec<InterfaceName>,
    numbers: BTreeMap<InterfaceName, Port>,
    lines: BTreeMap<Station, Line<Port, Stint>>,
    keeping: Keeping,
    /// The time of the newest word about any station.
    latest: Option<WireNs>,
    /// Stations of whom late words were heard.
    untidy: BTreeSet<Station>,
    must_count: bool,
    most: usize,
}

/// A station stayed behind one port.
#[derive(Clone, Debug)]
struct Stint {
    port: Port,
    since: WireNs,
    /// When it was last heard.
    last: WireNs,
}

/// What ends a stint beside the station's moving.
#[derive(Clone, Debug, Default)]
struct Keeping {
    /// `None`: all ports.
    resets: Resets<Option<Port>>,
    /// How long what was learned is kept (nanoseconds), each from its time on.
    ageings: Vec<(WireNs, i64)>,
}

impl Bridge {
    /// A frame of this station came in at this port. True if it must be followed by [`Bridge::tidy`].
    pub fn hear(&mut self, t: WireNs, station: Station, port: &InterfaceName) -> bool {
        let port = self.number(port);
        let line = self.lines.entry(station).or_default();
        let latest = self.latest.replace(self.latest.map_or(t, |latest| latest.max(t)));
        // A late word counts for the others if without it this station were forgotten by now.
        let is_late = latest.is_some_and(|latest| t < latest);
        let counts = is_late
            && line.stints().last().is_some_and(|last| self.keeping.end_of(last) <= latest.unwrap_or(t));
        match line.hear(&self.keeping, t, port) {
            Did::Nothing => self.must_count |= counts,
            Did::Began if is_late => self.must_count = true,
            Did::Began => self.most = self.most.max(self.lines_at(t).count()),
            Did::CameLate => {
                self.untidy.insert(station);
            }
        }
        self.must_count || !self.untidy.is_empty()
    }

    /// Works out again what late words have changed.
    pub fn tidy(&mut self) {
        for station in std::mem::take(&mut self.untidy) {
            if let Some(line) = self.lines.get_mut(&station) {
                line.tidy(&self.keeping);
            }
        }
        self.must_count = false;
        self.count();
    }

    pub fn forget(&mut self, t: WireNs) {
        self.reset(t, None, false);
    }

    /// From `t` on, what was learned behind this port is gone; behind all ports where none is named.
    pub fn lose(&mut self, t: WireNs, port: Option<&InterfaceName>) {
        let port = port.map(|port| self.number(port));
        self.reset(t, port, true);
    }

    /// From `t` on, what was learned is kept for so many seconds.
    pub fn keep_for(&mut self, t: WireNs, seconds: u32) {
        let ageing = i64::from(seconds) * 1_000_000_000;
        if self.keeping.ageings.last().is_none_or(|(_, known)| *known != ageing) {
            self.keeping.ageings.push((t, ageing));
            self.rewrite_from(t);
        }
    }

    pub fn forget_labs(&mut self) {
        self.keeping.resets.forget_labs();
        self.keeping.ageings.clear();
        self.rewrite_from(WireNs(i64::MIN));
    }

    pub fn rows(&self, own: &Place, at: WireNs) -> Vec<LearnedRow> {
        let row = |(mac, stint): (MacAddress, &Stint)| LearnedRow {
            mac,
            port: Place::new(own.namespace.clone(), self.ports[stint.port as usize].clone()),
            since: stint.since,
        };
        let mut rows: Vec<LearnedRow> = self.lines_at(at).map(row).collect();
        rows.sort_by(|a, b| (&a.port, a.mac, a.since).cmp(&(&b.port, b.mac, b.since)));
        // One station in several VLANs is one line for people.
        rows.dedup_by(|a, b| a.port == b.port && a.mac == b.mac);
        rows
    }

    pub fn most(&self) -> usize {
        self.most
    }

    fn number(&mut self, port: &InterfaceName) -> Port {
        if let Some(number) = self.numbers.get(port) {
            return *number;
        }
        let number = self.ports.len() as Port;
        self.ports.push(port.clone());
        self.numbers.insert(port.clone(), number);
        number
    }

    fn reset(&mut self, t: WireNs, port: Option<Port>, by_lab: bool) {
        if self.keeping.resets.add(t, port, by_lab) {
            self.rewrite_from(t);
        }
    }

    fn rewrite_from(&mut self, t: WireNs) {
        let late = self.lines.values_mut().filter(|line| t <= line.latest());
        let rewritten = late.map(|line| line.rewrite(&self.keeping)).count();
        if 0 < rewritten {
            self.count();
        }
    }

    fn lines_at(&self, at: WireNs) -> impl Iterator<Item = (MacAddress, &Stint)> {
        self.lines.iter().filter_map(move |((mac, _), line)| {
            let next = line.stints().partition_point(|stint| stint.since <= at);
            let stint = &line.stints()[next.checked_sub(1)?];
            (at < self.keeping.end_of(stint)).then_some((*mac, stint))
        })
    }

    /// The most lines at one time, over the whole history.
    fn count(&mut self) {
        let mut changes: Vec<(WireNs, i64)> = Vec::new();
        for line in self.lines.values() {
            for (number, stint) in line.stints().iter().enumerate() {
                let next = line.stints().get(number + 1).map_or(WireNs(i64::MAX), |next| next.since);
                changes.push((stint.since, 1));
                changes.push((self.keeping.end_of(stint).min(next), -1));
            }
        }
        self.most = super::line::most_at_once(changes);
    }
}

impl Keeping {
    /// When this stint is over, if the station does not show up elsewhere before.
    fn end_of(&self, stint: &Stint) -> WireNs {
        let concerns = |port: &Option<Port>| port.is_none_or(|port| port == stint.port);
        let reset = self.resets.first_after(stint.last, concerns).unwrap_or(WireNs(i64::MAX));
        reset.min(self.aged(stint.last))
    }

    /// When a station last heard at `last` is forgotten. Where the ageing is changed, the new one holds at once.
    fn aged(&self, last: WireNs) -> WireNs {
        let first = self.ageings.partition_point(|(since, _)| *since <= last).saturating_sub(1);
        let later = self.ageings.get(first..).unwrap_or_default();
        for (number, (since, ageing)) in later.iter().enumerate() {
            let aged = WireNs(last.0.saturating_add(*ageing));
            // The first lab also stands for all time before it.
            let end = if first + number == 0 { aged } else { aged.max(*since) };
            if later.get(number + 1).is_none_or(|(next, _)| end < *next) {
                return end;
            }
        }
        WireNs(i64::MAX)
    }
}

impl Rule<Port, Stint> for Keeping {
    fn hear(&self, stints: &mut Vec<Stint>, t: WireNs, heard: &Port) {
        match stints.last_mut() {
            Some(last) if last.port == *heard && t < self.end_of(last) => last.last = t,
            // A bridge whose ageing is 0 learns nothing (br_fdb_update).
            _ if self.aged(t) <= t => {}
            _ => stints.push(Stint { port: *heard, since: t, last: t }),
        }
    }

    fn changes_nothing(&self, stints: &[Stint], t: WireNs, heard: &Port) -> bool {
        let next = stints.partition_point(|stint| stint.since <= t);
        let around = next.checked_sub(1).map(|around| &stints[around]);
        around.is_some_and(|stint| stint.port == *heard && t <= stint.last)
    }
}
