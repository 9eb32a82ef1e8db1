//! The times at which lines of a table went away all at once: a lab change, or somebody who made it forget.

use crate::WireNs;

/// In order of time. `S` says which lines are meant.
#[derive(Clone, Debug)]
pub struct Resets<S> {
    all: Vec<Reset<S>>,
}

#[derive(Clone, Debug)]
struct Reset<S> {
    t: WireNs,
    scope: S,
    by_lab: bool,
}

impl<S> Default for Resets<S> {
    fn default() -> Self {
        Self { all: Vec::new() }
    }
}

impl<S: PartialEq> Resets<S> {
    /// What a lab change or a person makes go away, from `t` on. False if that was known.
    pub fn add(&mut self, t: WireNs, scope: S, by_lab: bool) -> bool {
        let place = self.all.partition_point(|reset| reset.t <= t);
        let is_known = self.all[..place].iter().rev().take_while(|reset| reset.t == t);
        if { is_known }.any(|reset| reset.scope == scope && reset.by_lab == by_lab) {
            return false;
        }
        self.all.insert(place, Reset { t, scope, by_lab });
        true
    }

    pub fn forget_labs(&mut self) {
        self.all.retain(|reset| !reset.by_lab);
    }

    /// The first one after `t` that concerns a line.
    pub fn first_after(&self, t: WireNs, concerns: impl Fn(&S) -> bool) -> Option<WireNs> {
        if self.all.last().is_none_or(|latest| latest.t <= t) {
            return None;
        }
        let from = self.all.partition_point(|reset| reset.t <= t);
        self.all[from..].iter().find(|reset| concerns(&reset.scope)).map(|reset| reset.t)
    }
}
