//! How far the reading of a long recording has come, for who waits at a terminal.

use std::time::{Duration, Instant};

/// Between two lines about it.
const EVERY: Duration = Duration::from_secs(1);

/// Knows when a line is due.
#[derive(Debug)]
pub struct Progress {
    last: Instant,
    /// How many journeys were printed by then.
    printed: u64,
}

impl Progress {
    pub fn new(now: Instant) -> Self {
        Self { last: now, printed: 0 }
    }

    /// What to say at `now`, if anything: where journeys go by, they are progress enough.
    pub fn due(&mut self, now: Instant, frames: u64, printed: u64) -> Option<String> {
        if now.duration_since(self.last) < EVERY {
            return None;
        }
        let is_silent = std::mem::replace(&mut self.printed, printed) == printed;
        self.last = now;
        is_silent.then(|| format!("{frames} frames read so far"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_speaks_each_second_in_which_nothing_was_printed() {
        let start = Instant::now();
        let mut progress = Progress::new(start);
        let mut due =
            |ms: u64, frames, printed| progress.due(start + Duration::from_millis(ms), frames, printed);
        assert_eq!(due(900, 10, 0), None, "too early");
        assert_eq!(due(1_000, 20, 0).as_deref(), Some("20 frames read so far"));
        assert_eq!(due(1_999, 30, 0), None);
        assert_eq!(due(2_000, 40, 7), None, "seven journeys were printed");
        assert_eq!(due(2_500, 50, 7), None);
        assert_eq!(due(3_000, 60, 7).as_deref(), Some("60 frames read so far"));
    }
}
