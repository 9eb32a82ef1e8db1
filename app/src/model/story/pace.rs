//! Wire time to story time and back: microsecond hops stretched, idle seconds squeezed.

use capture::WireNs;

/// A stretch of wire time in which nothing was seen, squeezed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Story times of its torn edges.
    pub from: f64,
    pub to: f64,
    /// Nanoseconds of wire time that it stands for.
    pub wire_ns: i64,
}

/// Piecewise linear, growing, defined everywhere. Outside of what was seen, a second is a second.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pace {
    /// One for each moment, in their order.
    pub(super) knots: Vec<Knot>,
    /// The last one before those, once the oldest was dropped.
    pub(super) origin: Option<Knot>,
    pub(super) gaps: Vec<Gap>,
    /// `gaps[i]` ends at knot `gap_ends[i]`.
    pub(super) gap_ends: Vec<usize>,
}

/// When all moments up to one have happened. None of its numbers is less than at the knot before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Knot {
    pub t: i64,
    pub nominal: f64,
    pub story: f64,
}

/// An instant that can be found again after story times have changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// `None`: nothing had been seen.
    t: Option<WireNs>,
    /// Story seconds since that wire time was reached: many may pass between equal stamps.
    past: f64,
}

const NS: f64 = 1e9;

impl Pace {
    /// When this wire time is reached; of moments with equal stamps, the first.
    pub fn story_at(&self, t: WireNs) -> f64 {
        let next = self.knots.partition_point(|knot| knot.t < t.0);
        let before = next.checked_sub(1).map(|last| self.knots[last]);
        match (before, self.knots.get(next)) {
            (None, None) => self.origin.map_or(0.0, |last| last.story + nanoseconds(last.t, t.0) / NS),
            (None, Some(first)) => first.story - nanoseconds(t.0, first.t) / NS,
            (Some(last), None) => last.story + nanoseconds(last.t, t.0) / NS,
            (Some(_), Some(knot)) if knot.t == t.0 => knot.story,
            (Some(from), Some(to)) => {
                let part = nanoseconds(from.t, t.0) / nanoseconds(from.t, to.t);
                (from.story + (to.story - from.story) * part).min(to.story)
            }
        }
    }

    /// The latest wire time that is reached by then, so that all that is shown has happened.
    pub fn wire_at(&self, story: f64) -> WireNs {
        let next = self.knots.partition_point(|knot| knot.story <= story);
        let before = next.checked_sub(1).map(|last| self.knots[last]);
        let t = match (before, self.knots.get(next)) {
            (None, None) => self
                .origin
                .map_or(0, |last| last.t.saturating_add(((story - last.story) * NS).floor() as i64)),
            // Rounded down, as everywhere: what has not been reached has not happened.
            (None, Some(first)) => first.t.saturating_sub(((first.story - story) * NS).ceil() as i64),
            (Some(last), None) => last.t.saturating_add(((story - last.story) * NS) as i64),
            (Some(from), Some(to)) => {
                let part = (story - from.story) / (to.story - from.story);
                let passed = (nanoseconds(from.t, to.t) * part) as i64;
                from.t.saturating_add(passed).min(to.t)
            }
        };
        WireNs(t)
    }

    /// Where idle time of more than a tenth of a second is squeezed, in order.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Keeps an instant in mind while a batch is taken in.
    pub fn anchor(&self, story: f64) -> Anchor {
        let t = self.wire_at(story);
        // Who waits at the end waits since the last moment, however much wire time passes.
        let t = self.knots.last().or(self.origin.as_ref()).map(|last| t.min(WireNs(last.t)));
        Anchor { t, past: story - t.map_or(0.0, |t| self.story_at(t)) }
    }

    /// Where that instant is now; never past the beginning of what came after it.
    pub fn find(&self, anchor: Anchor) -> f64 {
        let at = anchor.t.map_or(0.0, |t| self.story_at(t)) + anchor.past;
        let next = anchor.t.map_or(0, |t| self.knots.partition_point(|knot| knot.t <= t.0));
        self.knots.get(next).map_or(at, |next| at.min(next.story))
    }

    pub(super) fn first(&self) -> Option<f64> {
        self.knots.first().or(self.origin.as_ref()).map(|knot| knot.story)
    }

    pub(super) fn last(&self) -> Option<f64> {
        self.knots.last().or(self.origin.as_ref()).map(|knot| knot.story)
    }

    pub(super) fn forget_gaps_from(&mut self, moment: usize) {
        let known = self.gap_ends.partition_point(|end| *end < moment);
        self.gap_ends.truncate(known);
        self.gaps.truncate(known);
    }
}

fn nanoseconds(from: i64, to: i64) -> f64 {
    to.saturating_sub(from) as f64
}
