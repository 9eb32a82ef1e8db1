//! Taps that change their names, and taps that are not wanted any more.

use std::time::{Duration, Instant};

use super::{MOST_TURNS, Reader, Watched, nanoseconds, now};
use crate::{Event, Tap, TapId, WireNs};

/// Frames that were stamped longer ago than this have been read.
const LONGEST_MEMORY: Duration = Duration::from_secs(10);

impl Reader {
    fn rings_of(&self, tap: TapId) -> Vec<usize> {
        let is_its =
            |watched: &Option<Watched>| watched.as_ref().is_some_and(|watched| watched.ring.tap() == tap);
        let numbered = self.rings.iter().enumerate();
        numbered.filter(|(_, watched)| is_its(watched)).map(|(number, _)| number).collect()
    }

    pub(super) fn go_on_as(&mut self, tap: TapId, as_tap: Tap, since: WireNs) -> bool {
        let rings = self.rings_of(tap);
        if rings.is_empty() || self.retiring.contains_key(&tap) {
            return false;
        }
        let to = as_tap.id;
        let long_read = WireNs(now().0.saturating_sub(nanoseconds(LONGEST_MEMORY)));
        for number in rings {
            if let Some(Some(watched)) = self.rings.get_mut(number) {
                watched.ring.forget_names_before(long_read);
                watched.ring.goes_on_as(to, since);
            }
        }
        self.held.rename(tap, to, since);
        if let Some(carried) = self.carried.remove(&tap) {
            self.carried.insert(to, carried);
        }
        (self.sink)(vec![Event::Tap(as_tap)]);
        true
    }

    /// Closes a tap when its rings have shown what they have; gives how many frames its interface has carried.
    pub(super) fn remove(&mut self, tap: TapId) -> Option<u64> {
        self.status().gone.retain(|gone| gone.tap != tap);
        let mut carried = self.carried.remove(&tap)?;
        self.retiring.insert(tap, Instant::now() + self.until_visible);
        for number in self.rings_of(tap) {
            if let Some(Some(watched)) = self.rings.get_mut(number) {
                carried += u64::from(watched.ring.received().unwrap_or(0));
            }
        }
        Some(carried)
    }

    /// Closes what is not wanted any more or has failed, and was read to its end.
    pub(super) fn retire(&mut self, now: Instant) {
        for (number, (_, message)) in
            self.failing.extract_if(.., |_, (due, _)| *due <= now).collect::<Vec<_>>()
        {
            self.read_to_the_end(number);
            self.give_up(number, message);
        }
        for (tap, _) in self.retiring.extract_if(.., |_, due| *due <= now).collect::<Vec<_>>() {
            for number in self.rings_of(tap) {
                self.read_to_the_end(number);
                self.let_go(number);
            }
        }
    }

    /// All that it has shown.
    pub(super) fn read_to_the_end(&mut self, number: usize) {
        let mut turns = 0..MOST_TURNS;
        while !self.read(number) && turns.next().is_some() {}
    }
}
