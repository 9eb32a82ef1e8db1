//! Brings frames of different taps into one order of time.
//!
//! Live frames come in batches, a tap at a time: what one tap saw early may come after what another
//! saw late. So each is held back for a while of wire time, and goes on in order.

use std::sync::Arc;

use topology::Lab;

use crate::{
    Frame, WireNs,
    correlate::{Clock, Steady},
};

/// What passes through in order.
#[derive(Clone, Debug)]
pub enum Held {
    /// The lab as it stands from then on.
    Lab(Arc<Lab>),
    Frame(Frame),
}

#[derive(Debug)]
pub struct Hold {
    /// Nanoseconds.
    span: i64,
    clock: Clock,
    held: Vec<(Steady, Held)>,
    oldest: Steady,
}

impl Hold {
    pub fn new(span: i64) -> Self {
        Self { span: span.max(0), clock: Clock::default(), held: Vec::new(), oldest: Steady(i64::MAX) }
    }

    /// Takes one in; gives those whose time has come, in order.
    pub fn push(&mut self, t: WireNs, item: Held) -> Vec<(Steady, Held)> {
        let at = self.clock.read(t);
        self.oldest = self.oldest.min(at);
        self.held.push((at, item));
        // Only every second span: sorting then costs each frame twice at most.
        let is_due = self.span.saturating_mul(2) <= self.clock.now().0.saturating_sub(self.oldest.0);
        if is_due { self.release(self.clock.now().0.saturating_sub(self.span)) } else { Vec::new() }
    }

    /// No frame from before `t` will come any more.
    pub fn advance(&mut self, t: WireNs) -> Vec<(Steady, Held)> {
        let until = self.clock.read(t).0.saturating_sub(1);
        self.release(until)
    }

    /// All that is held.
    pub fn flush(&mut self) -> Vec<(Steady, Held)> {
        self.release(i64::MAX)
    }

    fn release(&mut self, until: i64) -> Vec<(Steady, Held)> {
        // Stable: frames of one tap stay in the order in which the tap gave them.
        self.held.sort_by_key(|(at, item)| (*at, rank(item)));
        let due = self.held.partition_point(|(at, _)| at.0 <= until);
        let rest = self.held.split_off(due);
        self.oldest = rest.first().map_or(Steady(i64::MAX), |(at, _)| *at);
        std::mem::replace(&mut self.held, rest)
    }
}

/// Among equals in time: the lab first, then by tap.
fn rank(item: &Held) -> u64 {
    match item {
        Held::Lab(_) => 0,
        Held::Frame(frame) => 1 + u64::from(frame.tap.0),
    }
}
