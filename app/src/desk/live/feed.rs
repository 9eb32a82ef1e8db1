//! From what the engine says to journeys for the window.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use capture::{Event, WireNs, journeys::Journeys};

use super::{store::Store, taping::BETWEEN_FLUSHES};
use crate::{
    desk::{post::Source, reading::Gathered},
    engine::now::wire_now,
};

/// The window hears about this often of what is new.
const BREATH: Duration = Duration::from_millis(30);
/// So long without a frame is silence: several times what a capture may hold a frame back.
const SILENCE: Duration = Duration::from_millis(60);
/// After so much silence no journey is open any more: the correlation's window, and time to hold frames back.
const QUIET: Duration = Duration::from_millis(1500);
/// Events that are taken before the window is thought of again.
const AT_ONCE: usize = 8192;
/// Open journeys told at once; the others follow when they are finished.
const MOST_OPEN: usize = 2_000;
/// With nothing under way there is nothing to wake up for; but a file may be flushed.
const LONG: Duration = Duration::from_secs(3600);

/// Runs until the engine says nothing any more.
pub fn run(events: &Receiver<Event>, source: Source, store: &Store) {
    let now = Instant::now();
    let mut feed = Feed {
        source,
        store,
        journeys: Journeys::new(),
        gathered: Gathered::default(),
        last_frame: None,
        told: now,
        has_news: false,
    };
    let mut taken = Vec::new();
    loop {
        match events.recv_timeout(feed.wait()) {
            Ok(event) => {
                taken.push(event);
                taken.extend(events.try_iter().take(AT_ONCE));
                feed.take(&mut taken);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        feed.breathe();
    }
    feed.end();
}

struct Feed<'a> {
    source: Source,
    store: &'a Store,
    journeys: Journeys,
    gathered: Gathered,
    /// `None`: no journey can be open.
    last_frame: Option<Instant>,
    told: Instant,
    has_news: bool,
}

impl Feed<'_> {
    fn wait(&self) -> Duration {
        if self.has_news || self.last_frame.is_some() {
            return BREATH.saturating_sub(self.told.elapsed());
        }
        if self.store.is_taping() { BETWEEN_FLUSHES } else { LONG }
    }

    fn take(&mut self, events: &mut Vec<Event>) {
        self.store.take(events);
        self.has_news = true;
        for event in events.drain(..) {
            if matches!(event, Event::Frame(_)) {
                self.last_frame = Some(Instant::now());
            }
            self.gathered.look_at(&event);
            self.journeys.push(event);
        }
    }

    fn breathe(&mut self) {
        let now = Instant::now();
        if now.duration_since(self.told) < BREATH {
            return;
        }
        self.told = now;
        self.store.flush_now_and_then();
        if let Some(last_frame) = self.last_frame
            && SILENCE <= now.duration_since(last_frame)
        {
            let silence = i64::try_from(SILENCE.as_nanos()).unwrap_or(i64::MAX);
            self.journeys.advance(WireNs(wire_now().0.saturating_sub(silence)));
            self.has_news = true;
            if QUIET <= now.duration_since(last_frame) {
                self.last_frame = None;
            }
        }
        if std::mem::take(&mut self.has_news) {
            self.tell();
        }
    }

    fn tell(&mut self) {
        let is_empty = self.gathered.is_empty();
        let batch = self.gathered.batch(&mut self.journeys);
        let open = self.journeys.take_changed(MOST_OPEN);
        if !is_empty || !batch.journeys.is_empty() || !open.is_empty() || self.last_frame.is_some() {
            self.source.tell(batch, open);
        }
    }

    fn end(mut self) {
        self.journeys.flush();
        let mut batch = self.gathered.batch(&mut self.journeys);
        batch.journeys.extend(self.journeys.finish());
        self.source.tell(batch, Vec::new());
        self.store.end();
    }
}
