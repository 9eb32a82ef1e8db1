//! What one stack knows of its neighbours: the ARP and ND caches (net/core/neighbour.c).

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use topology::{InterfaceName, MacAddress};

use super::{
    NeighbourRow, NeighbourState,
    line::{Did, Line, Rule, most_at_once},
    resets::Resets,
};
use crate::WireNs;

/// From one unanswered question to the next, and from the last one to giving up (`retrans_time`).
const RETRY: i64 = 1_000_000_000;

/// Questions until a stack gives up (`mcast_solicit`, `ucast_solicit`).
const QUESTIONS: u8 = 3;

/// How long a fresh ARP entry holds against another MAC that was not asked for (`locktime`).
const LOCK: i64 = 1_000_000_000;

#[derive(Clone, Debug, Default)]
pub struct Stack {
    lines: BTreeMap<(IpAddr, InterfaceName), Entry>,
    /// The time of the newest word about any neighbour.
    latest: Option<WireNs>,
    /// Neighbours of whom late words were heard.
    untidy: BTreeSet<(IpAddr, InterfaceName)>,
    must_count: bool,
    most: usize,
    resets: Resets<Scope>,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    line: Line<Heard, Stint>,
    /// From when until when the lab has it configured, and how; in order of time.
    configured: Vec<Configured>,
}

#[derive(Clone, Copy, Debug)]
struct Configured {
    since: WireNs,
    until: WireNs,
    mac: MacAddress,
}

/// Which entries went away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    Interface(InterfaceName),
    /// Of one interface, only those of IPv4, or only those of IPv6.
    Family(InterfaceName, Family),
    One(IpAddr, InterfaceName),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    V4,
    V6,
}

/// Something on the wire that concerns one neighbour at one interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heard {
    /// The stack asked everybody.
    Asked,
    /// The stack asked this MAC whether it is still there.
    Checked(MacAddress),
    Told(Told),
}

/// The stack was told where a neighbour is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    /// `None`: it is still where it was.
    pub mac: Option<MacAddress>,
    /// Makes an entry where there is none.
    pub creates: bool,
    /// Another MAC than the known one is believed.
    pub overrides: Belief,
    /// Also an entry that has failed comes to life.
    pub revives: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Belief {
    Never,
    /// Once the known one has held for [`LOCK`].
    AfterLock,
    AtOnce,
}

/// A time in which an entry stayed as it is, apart from failing at its end.
#[derive(Clone, Debug)]
struct Stint {
    since: WireNs,
    last: WireNs,
    is: Is,
    /// Questions since the last answer, and when the first and the last were put.
    questions: u8,
    first_question: WireNs,
    last_question: WireNs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    Asking,
    Known(MacAddress),
}

impl Stack {
    /// True if it must be followed by [`Stack::tidy`].
    pub fn hear(&mut self, t: WireNs, address: IpAddr, on: &InterfaceName, heard: Heard) -> bool {
        let key = (address, on.clone());
        let rule = Keeping { resets: &self.resets, of: &key };
        let entry = self.lines.entry(key.clone()).or_default();
        // What a person configured is not touched by what is heard.
        if entry.configured_at(t).is_some() {
            return false;
        }
        let is_latest = self.latest.is_none_or(|latest| latest <= t);
        self.latest = self.latest.max(Some(t));
        match entry.line.hear(&rule, t, heard) {
            Did::Nothing => {}
            Did::Began if is_latest => self.most = self.most.max(self.rows(t).len()),
            Did::Began => self.must_count = true,
            Did::CameLate => {
                self.untidy.insert(key);
            }
        }
        self.must_count || !self.untidy.is_empty()
    }

    /// Works out again what late words have changed.
    pub fn tidy(&mut self) {
        for key in std::mem::take(&mut self.untidy) {
            if let Some(entry) = self.lines.get_mut(&key) {
                entry.line.tidy(&Keeping { resets: &self.resets, of: &key });
            }
        }
        self.must_count = false;
        self.count();
    }

    pub fn forget(&mut self, t: WireNs) {
        self.reset(t, Scope::All, false);
    }

    /// From `t` on, these are gone, as a lab change has it.
    pub fn lose(&mut self, t: WireNs, scope: Scope) {
        self.reset(t, scope, true);
    }

    /// A person configured this neighbour, from `t` on.
    pub fn configure(&mut self, t: WireNs, address: IpAddr, on: &InterfaceName, mac: MacAddress) {
        let entry = self.lines.entry((address, on.clone())).or_default();
        entry.configured.push(Configured { since: t, until: WireNs(i64::MAX), mac });
        self.reset(t, Scope::One(address, on.clone()), true);
        self.count();
    }

    /// What was configured is taken away.
    pub fn release(&mut self, t: WireNs, address: IpAddr, on: &InterfaceName) {
        if let Some(last) =
            self.lines.get_mut(&(address, on.clone())).and_then(|entry| entry.configured.last_mut())
        {
            last.until = last.until.min(t);
        }
        self.reset(t, Scope::One(address, on.clone()), true);
        self.count();
    }

    pub fn forget_labs(&mut self) {
        self.resets.forget_labs();
        self.lines.values_mut().for_each(|entry| entry.configured.clear());
        self.rewrite_from(WireNs(i64::MIN));
    }

    pub fn rows(&self, at: WireNs) -> Vec<NeighbourRow> {
        let mut rows: Vec<NeighbourRow> = Vec::new();
        for (key, entry) in &self.lines {
            let Some(row) = entry.row(&Keeping { resets: &self.resets, of: key }, at) else { continue };
            match rows.last_mut().filter(|before| before.address == row.address) {
                Some(before) if weight(before.state) < weight(row.state) => *before = row,
                Some(_) => {}
                None => rows.push(row),
            }
        }
        rows
    }

    pub fn most(&self) -> usize {
        self.most
    }

    fn reset(&mut self, t: WireNs, scope: Scope, by_lab: bool) {
        if self.resets.add(t, scope, by_lab) {
            self.rewrite_from(t);
        }
    }

    fn rewrite_from(&mut self, t: WireNs) {
        let mut rewritten = false;
        for (key, entry) in self.lines.iter_mut().filter(|(_, entry)| t <= entry.line.latest()) {
            entry.line.rewrite(&Keeping { resets: &self.resets, of: key });
            rewritten = true;
        }
        if rewritten {
            self.count();
        }
    }

    /// The most lines at one time, over the whole history.
    fn count(&mut self) {
        let mut changes: Vec<(WireNs, i64)> = Vec::new();
        for (key, entry) in &self.lines {
            let rule = Keeping { resets: &self.resets, of: key };
            for (number, stint) in entry.line.stints().iter().enumerate() {
                let next = entry.line.stints().get(number + 1).map_or(WireNs(i64::MAX), |next| next.since);
                changes.extend([(stint.since, 1), (rule.gone_at(stint).min(next), -1)]);
            }
            changes.extend(entry.configured.iter().flat_map(|span| [(span.since, 1), (span.until, -1)]));
        }
        self.most = most_at_once(changes);
    }
}

/// Of one address at several interfaces, what says most is told.
fn weight(state: NeighbourState) -> u8 {
    match state {
        NeighbourState::Failed => 0,
        NeighbourState::Asking => 1,
        NeighbourState::Known(_) => 2,
        NeighbourState::Static(_) => 3,
    }
}

impl Entry {
    fn configured_at(&self, t: WireNs) -> Option<&Configured> {
        self.configured.iter().rfind(|span| span.since <= t && t < span.until)
    }

    fn row(&self, rule: &Keeping, at: WireNs) -> Option<NeighbourRow> {
        let address = rule.of.0;
        if let Some(span) = self.configured_at(at) {
            return Some(NeighbourRow {
                address,
                state: NeighbourState::Static(span.mac),
                since: span.since,
            });
        }
        let next = self.line.stints().partition_point(|stint| stint.since <= at);
        let stint = &self.line.stints()[next.checked_sub(1)?];
        if rule.gone_at(stint) <= at {
            return None;
        }
        Some(match stint.fails_at().filter(|failing| *failing <= at) {
            Some(since) => NeighbourRow { address, state: NeighbourState::Failed, since },
            None => NeighbourRow { address, state: stint.state(), since: stint.since },
        })
    }
}

impl Stint {
    fn new(t: WireNs, is: Is) -> Self {
        let questions = u8::from(is == Is::Asking);
        Self { since: t, last: t, is, questions, first_question: t, last_question: t }
    }

    fn state(&self) -> NeighbourState {
        match self.is {
            Is::Asking => NeighbourState::Asking,
            Is::Known(mac) => NeighbourState::Known(mac),
        }
    }

    /// When the stack gives up, if nothing more is heard. Somebody unknown is asked for three times, whether or not
    /// all questions were seen; somebody known may be confirmed by other means (TCP), so there all three must be.
    fn fails_at(&self) -> Option<WireNs> {
        let after_last = self.last_question.0.saturating_add(RETRY);
        match self.is {
            Is::Asking => {
                let all = self.first_question.0.saturating_add(i64::from(QUESTIONS) * RETRY);
                Some(WireNs(if QUESTIONS <= self.questions { after_last.max(all) } else { all }))
            }
            Is::Known(_) => (QUESTIONS <= self.questions).then_some(WireNs(after_last)),
        }
    }

    fn question(&mut self, t: WireNs) {
        // A question long after the one before begins a new series.
        if self.questions == 0 || self.last_question.0.saturating_add(2 * RETRY) < t.0 {
            self.first_question = t;
            self.questions = 0;
        }
        self.questions = self.questions.saturating_add(1);
        self.last_question = t;
        self.last = t;
    }
}

/// What ends a stint beside what is heard about this neighbour.
struct Keeping<'a> {
    resets: &'a Resets<Scope>,
    of: &'a (IpAddr, InterfaceName),
}

impl Keeping<'_> {
    fn concerns(&self, scope: &Scope) -> bool {
        let (address, on) = self.of;
        match scope {
            Scope::All => true,
            Scope::Interface(interface) => interface == on,
            Scope::Family(interface, family) => {
                interface == on && (*family == Family::V4) == address.is_ipv4()
            }
            Scope::One(one, interface) => one == address && interface == on,
        }
    }

    fn gone_at(&self, stint: &Stint) -> WireNs {
        self.resets.first_after(stint.last, |scope| self.concerns(scope)).unwrap_or(WireNs(i64::MAX))
    }

    fn hear_told(stints: &mut Vec<Stint>, t: WireNs, told: &Told, now: Now) {
        let stint = stints.last_mut();
        match (now, told.mac) {
            (Now::Known, mac) => {
                let Some(stint) = stint else { return };
                let Is::Known(known) = stint.is else { return };
                let is_believed = match told.overrides {
                    Belief::Never => false,
                    Belief::AfterLock => LOCK < t.0.saturating_sub(stint.since.0),
                    Belief::AtOnce => true,
                };
                match mac.filter(|mac| *mac != known) {
                    None => {
                        stint.questions = 0;
                        stint.last = t;
                    }
                    Some(other) if is_believed => stints.push(Stint::new(t, Is::Known(other))),
                    Some(_) => {}
                }
            }
            (Now::Nothing, Some(mac)) if told.creates => stints.push(Stint::new(t, Is::Known(mac))),
            (Now::Asking, Some(mac)) => stints.push(Stint::new(t, Is::Known(mac))),
            (Now::Failed, Some(mac)) if told.revives => stints.push(Stint::new(t, Is::Known(mac))),
            (Now::Nothing | Now::Asking | Now::Failed, _) => {}
        }
    }
}

/// What an entry is when something is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Now {
    Nothing,
    Asking,
    Known,
    Failed,
}

impl Rule<Heard, Stint> for Keeping<'_> {
    fn hear(&self, stints: &mut Vec<Stint>, t: WireNs, heard: &Heard) {
        let now = match stints.last().filter(|last| t < self.gone_at(last)) {
            None => Now::Nothing,
            Some(last) if last.fails_at().is_some_and(|failing| failing <= t) => Now::Failed,
            Some(Stint { is: Is::Asking, .. }) => Now::Asking,
            Some(Stint { is: Is::Known(_), .. }) => Now::Known,
        };
        match (heard, now) {
            (Heard::Asked, Now::Asking) | (Heard::Checked(_), Now::Asking | Now::Known) => {
                stints.last_mut().expect("it is something now, so there is a stint").question(t);
            }
            // Whoever asks everybody knows nothing, or no more.
            (Heard::Asked, _) => stints.push(Stint::new(t, Is::Asking)),
            // Whoever asks somebody in particular knew already: capture began later.
            (Heard::Checked(mac), Now::Nothing | Now::Failed) => {
                let mut stint = Stint::new(t, Is::Known(*mac));
                stint.question(t);
                stints.push(stint);
            }
            (Heard::Told(told), _) => Self::hear_told(stints, t, told, now),
        }
    }

    fn changes_nothing(&self, _: &[Stint], _: WireNs, _: &Heard) -> bool {
        // Questions and answers are rare: it is not worth finding out.
        false
    }
}
