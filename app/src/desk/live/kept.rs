//! The last minutes, always there: what taps said, bounded in time and in memory.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use capture::{Event, Tap, TapId, WireNs};
use topology::Lab;

/// How much is kept. Times are nanoseconds, sizes octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub time: i64,
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: 5 * 60 * 1_000_000_000, memory: 128 << 20 }
    }
}

/// Octets of one piece; whole pieces are let go.
const PIECE: usize = 256 << 10;

/// Events in order, the oldest let go when there are too many. What stood before the oldest is remembered.
#[derive(Debug, Default)]
pub struct Kept {
    limits: Limits,
    before: Before,
    pieces: VecDeque<Arc<Piece>>,
    filling: Piece,
    /// Of `pieces`.
    octets: usize,
}

/// What still holds of the events that were let go.
#[derive(Clone, Debug, Default)]
struct Before {
    lab: Option<(WireNs, Arc<Lab>)>,
    taps: Vec<Tap>,
    lost: BTreeMap<TapId, (WireNs, u64)>,
    missed: BTreeMap<TapId, (WireNs, u64)>,
}

#[derive(Clone, Debug, Default)]
struct Piece {
    events: Vec<Event>,
    octets: usize,
    latest: WireNs,
}

impl Kept {
    pub fn with(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    pub fn take(&mut self, event: &Event) {
        let (t, octets) = match event {
            Event::Frame(frame) => (frame.t, frame.bytes.len()),
            // Labs are shared with others, and few.
            Event::Lab { t, .. } => (*t, 4096),
            Event::Lost { t, .. }
            | Event::Missed { t, .. }
            | Event::Caption { t, .. }
            | Event::Forgot { t, .. } => (*t, 0),
            Event::Tap(_) => (WireNs(i64::MIN), 64),
        };
        self.filling.events.push(event.clone());
        self.filling.octets += octets + size_of::<Event>() + 16;
        self.filling.latest = self.filling.latest.max(t);
        if PIECE <= self.filling.octets {
            let full = std::mem::take(&mut self.filling);
            self.octets += full.octets;
            self.pieces.push_back(Arc::new(full));
            self.let_go(t);
        }
    }

    /// What is kept, before it what stood then. Cheap: pieces are shared, not copied.
    pub fn events(&self) -> impl Iterator<Item = Event> + Send + use<> {
        let pieces: Vec<_> = self.pieces.iter().cloned().chain([Arc::new(self.filling.clone())]).collect();
        let kept = pieces.into_iter().flat_map(|piece| {
            let len = piece.events.len();
            (0..len).map(move |at| piece.events[at].clone())
        });
        self.before.events().into_iter().chain(kept)
    }

    /// The lab and the taps as they stand now, with which another recording can begin.
    pub fn in_force(&self) -> Vec<Event> {
        let mut now = self.before.clone();
        let pieces = self.pieces.iter().map(|piece| &piece.events).chain([&self.filling.events]);
        pieces.flatten().for_each(|event| now.pass(event));
        now.lost.clear();
        now.missed.clear();
        now.events()
    }

    fn let_go(&mut self, now: WireNs) {
        while let Some(oldest) = self.pieces.front() {
            let is_old = self.limits.time < now.0.saturating_sub(oldest.latest.0);
            if !is_old && self.octets <= self.limits.memory {
                return;
            }
            self.octets -= oldest.octets;
            oldest.events.iter().for_each(|event| self.before.pass(event));
            self.pieces.pop_front();
        }
    }
}

impl Before {
    fn pass(&mut self, event: &Event) {
        match event {
            Event::Lab { t, lab } => self.lab = Some((*t, Arc::clone(lab))),
            Event::Tap(tap) => self.taps.push(tap.clone()),
            Event::Lost { t, tap, frames } => {
                self.lost.insert(*tap, (*t, *frames));
            }
            Event::Missed { t, tap, frames } => {
                let (until, sum) = self.missed.entry(*tap).or_default();
                (*until, *sum) = (*t, sum.saturating_add(*frames));
            }
            Event::Frame(_) | Event::Caption { .. } | Event::Forgot { .. } => {}
        }
    }

    fn events(&self) -> Vec<Event> {
        let lab = self.lab.iter().map(|(t, lab)| Event::Lab { t: *t, lab: Arc::clone(lab) });
        let taps = self.taps.iter().cloned().map(Event::Tap);
        let lost = self.lost.iter().map(|(&tap, &(t, frames))| Event::Lost { t, tap, frames });
        let missed = self.missed.iter().map(|(&tap, &(t, frames))| Event::Missed { t, tap, frames });
        lab.chain(taps).chain(lost).chain(missed).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use capture::{Direction, Frame};

    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn frame(t: i64, len: usize) -> Event {
        let (tap, direction, bytes) = (TapId(0), Direction::In, vec![0; len].into());
        Event::Frame(Frame { tap, t: WireNs(t), direction, bytes, original_len: 60 })
    }

    fn begun(limits: Limits) -> Kept {
        let mut kept = Kept::with(limits);
        let lab = Arc::new(Lab { title: "first".into(), ..Lab::default() });
        kept.take(&Event::Lab { t: WireNs(1), lab });
        kept.take(&Event::Tap(Tap { id: TapId(0), at: "red/a".parse().unwrap() }));
        kept.take(&Event::Lost { t: WireNs(1), tap: TapId(0), frames: 3 });
        kept
    }

    #[test]
    fn the_oldest_go_first_and_what_they_said_of_the_lab_stays() {
        let limits = Limits { time: i64::MAX, memory: 4 * PIECE };
        let mut kept = begun(limits);
        (0..10_000).for_each(|t| kept.take(&frame(t * SECOND, 1_000)));
        let events: Vec<_> = kept.events().collect();
        assert!(matches!(&events[0], Event::Lab { lab, .. } if lab.title == "first"));
        assert!(matches!(&events[1], Event::Tap(_)) && matches!(&events[2], Event::Lost { frames: 3, .. }));
        let times: Vec<i64> = events[3..]
            .iter()
            .map(
                |event| {
                    if let Event::Frame(frame) = event { frame.t.0 / SECOND } else { panic!("{event:?}") }
                },
            )
            .collect();
        assert_eq!(times.last(), Some(&9_999));
        assert!(times.windows(2).all(|pair| pair[1] == pair[0] + 1));
        assert!((500..1_500).contains(&times.len()), "{}", times.len());
        assert_eq!(kept.in_force().len(), 2);
    }

    #[test]
    fn what_is_older_than_some_minutes_goes() {
        let mut kept = begun(Limits::default());
        // A thousand frames a minute: pieces of some quarter of a minute.
        (0..20_000).for_each(|number| kept.take(&frame(number * SECOND * 60 / 1_000, 1_000)));
        let frames = kept.events().filter(|event| matches!(event, Event::Frame(_))).count();
        assert!((5_000..5_600).contains(&frames), "{frames}");
    }
}
