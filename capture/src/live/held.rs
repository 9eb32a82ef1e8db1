//! Frames that wait until nothing older can come any more.

use std::time::Duration;

use crate::{Frame, TapId, WireNs};

/// A clock that is this far behind a frame was set back.
const SET_BACK: i64 = 1_000_000_000;

#[derive(Debug, Default)]
pub(super) struct Held {
    /// The first `sorted` of them are in order of time.
    frames: Vec<Frame>,
    sorted: usize,
}

impl Held {
    /// Where to put frames as they come.
    pub fn incoming(&mut self) -> &mut Vec<Frame> {
        &mut self.frames
    }

    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// The tap's frames from `since` on are another's.
    pub fn rename(&mut self, tap: TapId, to: TapId, since: WireNs) {
        let later = self.frames.iter_mut().filter(|frame| frame.tap == tap && since <= frame.t);
        later.for_each(|frame| frame.tap = to);
    }

    /// Takes out, in order of time, what is not later than `until`.
    pub fn release(&mut self, until: WireNs) -> Vec<Frame> {
        self.sort();
        let due = self.frames.partition_point(|frame| frame.t <= until);
        self.sorted -= due;
        if due == self.frames.len() {
            return std::mem::take(&mut self.frames);
        }
        self.frames.drain(..due).collect()
    }

    /// How long until the oldest frame is `age` old; `None` if there is none.
    pub fn due_in(&mut self, age: Duration, now: WireNs) -> Option<Duration> {
        self.sort();
        let due = self.frames.first()?.t.0.saturating_add(nanoseconds(age));
        Some(Duration::from_nanos(u64::try_from(due.saturating_sub(now.0)).unwrap_or(0)))
    }

    /// Whether the clock was set back since the latest frame: then waiting for its time would take for ever.
    pub fn is_ahead_of(&mut self, now: WireNs) -> bool {
        self.sort();
        self.frames.last().is_some_and(|frame| now.0.saturating_add(SET_BACK) < frame.t.0)
    }

    fn sort(&mut self) {
        if self.sorted < self.frames.len() {
            // Stable, and fast on what consists of a few sorted runs, as the rings give them.
            self.frames.sort_by_key(|frame| frame.t);
            self.sorted = self.frames.len();
        }
    }
}

pub(super) fn nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Direction;

    fn frame(t: i64) -> Frame {
        Frame { tap: TapId(0), t: WireNs(t), direction: Direction::In, bytes: [].into(), original_len: 0 }
    }

    fn times(frames: &[Frame]) -> Vec<i64> {
        frames.iter().map(|frame| frame.t.0).collect()
    }

    #[test]
    fn frames_of_several_rings_leave_in_order_of_time() {
        let mut held = Held::default();
        held.incoming().extend([5, 9, 12].map(frame));
        held.incoming().extend([4, 10].map(frame));
        assert_eq!(held.due_in(Duration::from_nanos(7), WireNs(8)), Some(Duration::from_nanos(3)));
        assert_eq!(times(&held.release(WireNs(9))), [4, 5, 9]);
        held.incoming().push(frame(11));
        assert_eq!(times(&held.release(WireNs(i64::MAX))), [10, 11, 12]);
        assert_eq!(held.due_in(Duration::ZERO, WireNs(0)), None);
    }

    #[test]
    fn a_clock_that_was_set_back_is_noticed() {
        let mut held = Held::default();
        held.incoming().push(frame(5_000_000_000));
        assert!(!held.is_ahead_of(WireNs(4_500_000_000)));
        assert!(held.is_ahead_of(WireNs(3_000_000_000)));
    }
}
