//! Counts the frames that a full queue had no room for, and says so in the stream itself.

use std::collections::BTreeMap;

use capture::{Event, TapId, WireNs};

/// What was lost of each tap, before this queue and at it.
#[derive(Debug, Default)]
pub struct Losses {
    taps: BTreeMap<TapId, Count>,
}

#[derive(Debug, Default)]
struct Count {
    /// In all, as said by who is before us.
    before: u64,
    here: u64,
    unsaid: bool,
}

impl Losses {
    /// There was no room for this event. Only frames may be left out; the answer is whether it was one.
    pub fn leave_out(&mut self, event: &Event) -> bool {
        let Event::Frame(frame) = event else { return false };
        let count = self.taps.entry(frame.tap).or_default();
        count.here += 1;
        count.unsaid = true;
        true
    }

    /// A total from before us becomes one that holds our own losses too; answers how many those are.
    pub fn add_up(&mut self, event: &mut Event) -> u64 {
        let Event::Lost { tap, frames, .. } = event else { return 0 };
        let count = self.taps.entry(*tap).or_default();
        count.before = *frames;
        count.unsaid = false;
        // What came over the wire may be any number.
        count.here = count.here.min(u64::MAX - count.before);
        *frames = count.before + count.here;
        count.here
    }

    /// A total from before us that there was no room for is said later with ours; answers whether it was one.
    pub fn take_in(&mut self, event: &Event) -> bool {
        let Event::Lost { tap, frames, .. } = event else { return false };
        let count = self.taps.entry(*tap).or_default();
        count.before = *frames;
        count.unsaid = true;
        true
    }

    pub fn has_news(&self) -> bool {
        self.taps.values().any(|count| count.unsaid)
    }

    /// The totals that have not been said yet.
    pub fn news(&mut self, t: WireNs) -> Vec<Event> {
        let unsaid = self.taps.iter_mut().filter(|(_, count)| count.unsaid);
        unsaid
            .map(|(&tap, count)| {
                count.unsaid = false;
                Event::Lost { t, tap, frames: count.before.saturating_add(count.here) }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use capture::{Direction, Frame};

    fn frame(tap: u32) -> Event {
        let bytes = [0; 14].into();
        Event::Frame(Frame {
            tap: TapId(tap),
            t: WireNs(1),
            direction: Direction::In,
            bytes,
            original_len: 14,
        })
    }

    #[test]
    fn losses_before_and_here_add_up() {
        let mut losses = Losses::default();
        assert!(losses.leave_out(&frame(7)) && losses.leave_out(&frame(7)));
        assert!(!losses.leave_out(&Event::Caption { t: WireNs(0), text: "stays".into() }));
        assert_eq!(losses.news(WireNs(9)), [Event::Lost { t: WireNs(9), tap: TapId(7), frames: 2 }]);
        assert!(!losses.has_news());

        let mut said = Event::Lost { t: WireNs(10), tap: TapId(7), frames: 5 };
        losses.add_up(&mut said);
        assert_eq!(said, Event::Lost { t: WireNs(10), tap: TapId(7), frames: 7 });
        assert!(losses.leave_out(&frame(7)));
        assert_eq!(losses.news(WireNs(11)), [Event::Lost { t: WireNs(11), tap: TapId(7), frames: 8 }]);
    }
}
