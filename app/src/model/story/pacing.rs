//! Gives each moment its story time, in two steps.
//!
//! First the *nominal* time: what each hop, pause and answer should take when little happens. It only depends on
//! the moments before. The parts of one journey depend on each other by parenthood alone, not by their stamps:
//! a bridge hands the copies of a flood out one after the other, and a copy may be received before the next one
//! is sent, and still they shall be seen to leave together. Between journeys the order of the wire holds.
//!
//! Then density: nominal time is squeezed where a tenth of a second of wire time holds too much of it. So a flood
//! of copies, which go side by side, is not hurried, and a flood of pings is.
//!
//! When moments are put in or change, only story times from a twentieth of a second of wire time before them on
//! can change.

use capture::{JourneyId, WireNs};

use super::{
    Moment, SHOWN, Story,
    blocks::MOMENTS,
    pace::{Gap, Knot},
    trace::{Hop, Over, Trace},
};

/// Story seconds before the first moment, to see where things stand.
const LEAD_IN: f64 = 0.3;
const CABLE: f64 = 0.9;
const INSIDE: f64 = 0.6;
/// Between the end of a question's way and the answer's beginning.
const ANSWER: f64 = 0.4;
/// Before a journey begins, at least.
const BIRTH: f64 = 0.25;
/// Between the first two copies of a flood; less and less between later ones.
const STAGGER: f64 = 0.06;
/// Idle wire time of more than this (nanoseconds) is a gap.
const GAP: i64 = 100_000_000;
/// Half of the wire time (nanoseconds) in which things are looked at together.
const AROUND: i64 = 50_000_000;
/// Nominal seconds that may lie within twice [`AROUND`] without hurry: about forty hops one after the other.
const CALM: f64 = 32.0;
/// However much happens, time goes on.
const SLOWEST: f64 = 1e-7;

/// The two latest nominal times of different journeys: how far others have come, whoever asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lead {
    first: f64,
    who: Option<JourneyId>,
    second: f64,
}

impl Default for Lead {
    fn default() -> Self {
        Self { first: LEAD_IN, who: None, second: LEAD_IN }
    }
}

impl Lead {
    pub fn note(&mut self, nominal: f64, journey: JourneyId) {
        if self.who == Some(journey) {
            self.first = self.first.max(nominal);
        } else if self.first <= nominal {
            *self = Self { first: nominal, who: Some(journey), second: self.first };
        } else {
            self.second = self.second.max(nominal);
        }
    }

    fn of_others(&self, journey: JourneyId) -> f64 {
        if self.who == Some(journey) { self.second } else { self.first }
    }
}

impl Story {
    /// Works out all story times that moments from `cut` on bear on. Gives the first moment whose story time may
    /// be another than before, and the journeys that it changed for. `t`: when the first of them is, or was.
    pub(super) fn pace_from(&mut self, cut: usize, t: WireNs) -> (usize, Vec<u32>) {
        self.place_from(cut);
        let horizon = t.0.saturating_sub(AROUND);
        let from = self.pace.knots[..cut].partition_point(|knot| knot.t < horizon);
        self.pace.forget_gaps_from(from);
        let touched = self.time_from(from);
        (from, touched)
    }

    /// What pacing knows before a moment.
    pub(super) fn lead_before(&self, moment: usize) -> Lead {
        let block = (moment / MOMENTS).min(self.leads.len().saturating_sub(1));
        let mut lead = self.leads.get(block).copied().unwrap_or_default();
        for moment in &self.moments[block * MOMENTS..moment] {
            let (trace, hop) = self.traced(moment);
            lead.note(hop.nominal, trace.id);
        }
        lead
    }

    fn traced(&self, moment: &Moment) -> (&Trace, &Hop) {
        let trace = &self.traces[moment.told as usize];
        (trace, &trace.hops[moment.sighting as usize])
    }

    /// The first step.
    fn place_from(&mut self, cut: usize) {
        let mut lead = self.lead_before(cut);
        self.leads.truncate(cut.div_ceil(MOMENTS));
        self.pace.knots.truncate(cut);
        for index in cut..self.moments.len() {
            if index % MOMENTS == 0 {
                self.leads.push(lead);
            }
            let moment = self.moments[index];
            let before = self.pace.knots.last().copied().or(self.pace.origin);
            let nominal = self.nominal(&moment, before, &lead);
            let trace = &mut self.traces[moment.told as usize];
            trace.hops[moment.sighting as usize].nominal = nominal;
            lead.note(nominal, trace.id);
            let reached = before.map_or(nominal, |knot| knot.nominal.max(nominal));
            self.pace.knots.push(Knot { t: moment.t.0, nominal: reached, story: 0.0 });
        }
    }

    fn nominal(&self, moment: &Moment, before: Option<Knot>, lead: &Lead) -> f64 {
        let Some(before) = before else { return LEAD_IN };
        let (trace, hop) = self.traced(moment);
        let idle = moment.t.0.saturating_sub(before.t);
        let mut at = match trace.hops.get(hop.parent as usize) {
            Some(parent) => lead.of_others(trace.id).max(parent.nominal + hop.over.seconds()),
            None => (before.nominal + wait(idle).max(BIRTH)).max(self.answers_from(trace, hop.t)),
        };
        // An elder that was seen later, for it came late, has no time yet.
        if let Some(elder) = trace.hops.get(hop.elder as usize).filter(|elder| elder.t <= hop.t) {
            at = at.max(elder.nominal + STAGGER / (1.0 + f64::from(hop.rank) / 4.0));
        }
        if GAP < idle {
            at = at.max(before.nominal + wait(idle));
        }
        at
    }

    /// When an answer to the journey before it in its conversation may begin.
    fn answers_from(&self, trace: &Trace, t: i64) -> f64 {
        /// Of a flood to very many, the last ones are looked at.
        const MOST: usize = 64;
        let before = trace.after.and_then(|before| self.index_of(before)).map(|before| &self.traces[before]);
        let hops = before.map_or(&[][..], |before| &before.hops);
        let arrived = hops.iter().rev().take(MOST).filter(|hop| hop.t <= t).map(|hop| hop.nominal);
        arrived.fold(f64::NEG_INFINITY, f64::max) + ANSWER
    }

    /// The second step.
    fn time_from(&mut self, from: usize) -> Vec<u32> {
        let mut touched = Vec::new();
        let origin = self.pace.origin;
        let knots = &mut self.pace.knots;
        let Some(start) = knots.get(from).copied() else { return touched };
        let mut low = knots.partition_point(|knot| knot.t < start.t.saturating_sub(AROUND));
        let mut high = from;
        for index in from..knots.len() {
            let Knot { t, nominal, .. } = knots[index];
            while knots[low].t < t.saturating_sub(AROUND) {
                low += 1;
            }
            while high + 1 < knots.len() && knots[high + 1].t <= t.saturating_add(AROUND) {
                high += 1;
            }
            let rate = rate(knots[high].nominal - knots[low].nominal);
            knots[index].story = match index.checked_sub(1).map_or(origin, |last| Some(knots[last])) {
                None => nominal,
                Some(before) if GAP < t.saturating_sub(before.t) => before.story + (nominal - before.nominal),
                Some(before) => before.story + (nominal - before.nominal) * rate,
            };
            let moment = &mut self.moments[index];
            let trace = &mut self.traces[moment.told as usize];
            let hop = &mut trace.hops[moment.sighting as usize];
            hop.story = if hop.nominal < nominal {
                story_at_nominal(knots, index, hop.nominal)
            } else {
                knots[index].story
            };
            moment.story = hop.story;
            if !std::mem::replace(&mut trace.is_touched, true) {
                touched.push(moment.told);
            }
        }
        self.pace.list_gaps_from(from);
        touched
    }
}

impl super::pace::Pace {
    fn list_gaps_from(&mut self, from: usize) {
        for end in from.max(1)..self.knots.len() {
            let (before, after) = (self.knots[end - 1], self.knots[end]);
            let wire_ns = after.t.saturating_sub(before.t);
            if GAP < wire_ns {
                self.gaps.push(Gap { from: before.story, to: after.story, wire_ns });
                self.gap_ends.push(end);
            }
        }
    }
}

impl Over {
    fn seconds(self) -> f64 {
        match self {
            Self::Cable => CABLE,
            Self::Inside => INSIDE,
            Self::Unknown => (CABLE + INSIDE) / 2.0,
        }
    }
}

/// Story seconds for so many idle nanoseconds: a fifth more for each tenfold from ten microseconds on, and no less
/// than they take on the wire, until it is enough.
fn wait(idle: i64) -> f64 {
    let seconds = idle.max(0) as f64 / 1e9;
    let by_magnitude = 0.2 * (seconds / 1e-5).max(1.0).log10();
    by_magnitude.max(seconds).min(SHOWN)
}

/// Story seconds for each nominal second.
fn rate(crowd: f64) -> f64 {
    if crowd <= CALM { 1.0 } else { (CALM / crowd).powi(2).max(SLOWEST) }
}

/// Where a moment stands that did not wait for those before it.
fn story_at_nominal(knots: &[Knot], index: usize, nominal: f64) -> f64 {
    /// Mostly it is one of a few copies.
    const NEAR: usize = 64;
    let near = index.saturating_sub(NEAR);
    let low = if knots[near].nominal < nominal { near } else { 0 };
    let after = low + knots[low..=index].partition_point(|knot| knot.nominal < nominal);
    let to = knots[after.min(index)];
    let Some(from) = after.checked_sub(1).map(|before| knots[before]) else { return to.story };
    let part = (nominal - from.nominal) / (to.nominal - from.nominal);
    (from.story + (to.story - from.story) * part).min(to.story)
}
