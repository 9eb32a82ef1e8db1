//! When tables that change by themselves are asked again.
//!
//! What a person does is asked for at once. What stacks and bridges do among themselves may go on all the time, so it
//! is asked for in peace: a moment after it was announced, since it seldom comes alone, and with a rest afterwards.
//!
//! Not all is announced. An entry that nobody confirms goes from reachable to stale or to delay in silence
//! (net/core/neighbour.c, `neigh_timer_handler`), as it goes from nothing to incomplete and from stale to delay: of
//! these only the first may last, so where something is reachable the tables are asked from time to time. Nor is it
//! announced that a bridge heard a station again (net/bridge/br_fdb.c, `br_fdb_update`); nothing that is told
//! depends on it, so nobody asks.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use super::room::Identity;

/// What is learned, is learned by several at once.
const SETTLES: Duration = Duration::from_millis(40);
/// Between two times of asking.
const REST: Duration = Duration::from_millis(250);
/// Asking takes no more than one part in so many of the time.
const SHARE: u32 = 50;
/// So often it is seen whether what was reachable is so no longer.
const ROUND: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Pace {
    /// What was announced first and not asked for yet.
    heard: Option<Instant>,
    /// Nobody asks before that.
    rested: Instant,
    /// Where something may change in silence.
    restless: BTreeSet<Identity>,
    next_round: Instant,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self { heard: None, rested: now, restless: BTreeSet::new(), next_round: now + ROUND }
    }

    /// Something was announced.
    pub(super) fn hear(&mut self, now: Instant) {
        self.heard.get_or_insert(now);
    }

    /// Whether it is time to ask for what was announced.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.heard.is_some_and(|heard| heard + SETTLES <= now && self.rested <= now)
    }

    /// All that was announced up to now is being asked for.
    pub(super) fn takes(&mut self) {
        self.heard = None;
    }

    /// They were asked, which took so long.
    pub(super) fn asked(&mut self, now: Instant, took: Duration) {
        self.rested = now + REST.max(took * SHARE);
    }

    /// Where something may change in silence from now on.
    pub(super) fn minds(&mut self, restless: BTreeSet<Identity>) {
        self.restless = restless;
    }

    /// What may have changed in silence and is to be asked now.
    pub(super) fn round(&mut self, now: Instant) -> Option<&BTreeSet<Identity>> {
        if now < self.next_round {
            return None;
        }
        self.next_round = now + ROUND;
        if self.restless.is_empty() {
            return None;
        }
        self.hear(now);
        Some(&self.restless)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(start: Instant, milliseconds: u64) -> Instant {
        start + Duration::from_millis(milliseconds)
    }

    #[test]
    fn however_much_is_announced_it_is_asked_for_in_peace() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        let mut asked = Vec::new();
        for at in 0..1000 {
            let now = later(start, at);
            pace.hear(now);
            if pace.is_due(now) {
                pace.takes();
                pace.asked(now, Duration::from_millis(1));
                asked.push(at);
            }
        }
        assert_eq!(asked, [40, 290, 540, 790]);
        // A table that takes long is asked seldom.
        pace.asked(later(start, 1000), Duration::from_millis(100));
        pace.hear(later(start, 1000));
        assert!(!pace.is_due(later(start, 5999)) && pace.is_due(later(start, 6000)));
    }

    #[test]
    fn what_is_not_announced_is_asked_for_only_where_it_may_happen() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        assert_eq!(pace.round(later(start, 5000)), None);
        assert!(!pace.is_due(later(start, 6000)));
        pace.minds([(1, 2)].into());
        assert_eq!(pace.round(later(start, 9999)), None);
        assert_eq!(pace.round(later(start, 10_000)), Some(&[(1, 2)].into()));
        assert!(pace.is_due(later(start, 10_040)));
        assert_eq!(pace.round(later(start, 10_001)), None);
    }
}
