//! A clock that only goes forward, read off wire time, which may jump.

use crate::WireNs;

/// Nanoseconds of a clock that never goes back, from an origin that means nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Steady(pub i64);

/// Wire time is the machine's wall clock: someone may set it back in mid-capture. From then on the
/// difference is added, so that waiting times stay waiting times.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    now: i64,
    added: i64,
}

impl Clock {
    /// How far apart in time frames may come without the clock having been set back, in nanoseconds.
    pub const SLACK: i64 = 1_000_000_000;

    /// `t` in steady time; the clock's own [`Clock::now`] moves on if `t` is later.
    pub fn read(&mut self, t: WireNs) -> Steady {
        let mut read = t.0.saturating_add(self.added);
        if read < self.now.saturating_sub(Self::SLACK) {
            self.added = self.now.saturating_sub(t.0);
            read = t.0.saturating_add(self.added);
        }
        self.now = self.now.max(read);
        Steady(read)
    }

    /// The latest steady time read so far.
    pub fn now(&self) -> Steady {
        Steady(self.now)
    }
}
