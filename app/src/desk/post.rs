//! What is on its way to the window: in order, bounded, and never waiting for it.
//!
//! Batches that the window has not taken yet are merged. When too much waits, a live source leaves
//! journeys out and counts their frames; a file waits until there is room.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use capture::{Journey, JourneyId};

use crate::{
    model::{command::News, story::Batch},
    terminal::{TerminalId, TerminalSaid},
};

/// Sightings that may wait to be taken; with their bytes some hundred megabytes at worst.
const MOST_WAITING: usize = 400_000;
/// Sightings in one batch: the window can look at its clock between two.
const PIECE: usize = 20_000;
/// What the window needs for a sighting, about; counted into the budget in which news are taken.
const COST: Duration = Duration::from_nanos(400);

/// Cheap to clone: the one way to the window.
#[derive(Clone)]
pub struct Post {
    shared: Arc<Shared>,
}

struct Shared {
    tray: Mutex<Tray>,
    /// Something was taken, or sources changed.
    room: Condvar,
    wake: Box<dyn Fn() + Send + Sync>,
    /// Hears of terminals' output that the window has taken, in octets.
    took: OnceLock<Box<dyn Fn(TerminalId, usize) + Send + Sync>>,
}

#[derive(Default)]
struct Tray {
    queue: VecDeque<Item>,
    /// In all of the queue.
    sightings: usize,
    last_source: u64,
    /// Whose batches go on to the window.
    current: u64,
}

enum Item {
    News(News),
    Seen(Piece),
}

struct Piece {
    source: u64,
    batch: Batch,
    /// Where in the batch a journey is.
    places: BTreeMap<JourneyId, usize>,
    sightings: usize,
}

/// Somebody who tells of journeys. Only those of one source at a time go on to the window.
pub struct Source {
    post: Post,
    number: u64,
    /// Journeys that the window knows and whose end it has not heard of yet.
    #[cfg(feature = "engine")]
    open: std::collections::BTreeSet<JourneyId>,
}

impl Post {
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        let wake = Box::new(wake);
        let (tray, room, took) = (Mutex::default(), Condvar::new(), OnceLock::new());
        Self { shared: Arc::new(Shared { tray, room, wake, took }) }
    }

    /// From now on `took` hears how much of terminals' output was taken: the engine sends no more than a certain
    /// amount before, so that it is bounded here too. The first to ask is the one who hears.
    #[cfg(feature = "engine")]
    pub fn tell_what_was_taken(&self, took: impl Fn(TerminalId, usize) + Send + Sync + 'static) {
        let _somebody_hears = self.shared.took.set(Box::new(took));
    }

    /// How an act stands takes the place of how it stood, if that was not taken yet.
    pub fn tell(&self, news: News) {
        let mut tray = self.tray();
        let same_act = |item: &&mut Item| match (&**item, &news) {
            (Item::News(News::ActWent { id, .. }), News::ActWent { id: new, .. }) => id == new,
            _ => false,
        };
        match tray.queue.iter_mut().rev().find(same_act) {
            Some(old) => *old = Item::News(news),
            None => tray.queue.push_back(Item::News(news)),
        }
        drop(tray);
        (self.shared.wake)();
    }

    /// What waits, in order, until `budget` is used up by taking it; at least one, if there is one.
    pub fn take(&self, budget: Duration) -> Vec<News> {
        let begun = Instant::now();
        let mut cost = Duration::ZERO;
        let mut taken = Vec::new();
        let mut tray = self.tray();
        while let Some(item) = tray.queue.pop_front() {
            match item {
                Item::News(news) => taken.push(news),
                Item::Seen(piece) => {
                    tray.sightings -= piece.sightings;
                    cost += COST * u32::try_from(piece.sightings).unwrap_or(u32::MAX);
                    taken.push(News::Seen(piece.batch));
                }
            }
            if budget <= begun.elapsed() + cost {
                break;
            }
        }
        let is_more = !tray.queue.is_empty();
        drop(tray);
        self.shared.room.notify_all();
        if is_more {
            (self.shared.wake)();
        }
        self.acknowledge(&taken);
        taken
    }

    fn acknowledge(&self, taken: &[News]) {
        let Some(took) = self.shared.took.get() else { return };
        for news in taken {
            if let News::Terminal { terminal, said: TerminalSaid::Output(bytes) } = news {
                took(*terminal, bytes.len());
            }
        }
    }

    /// A new source, and the current one.
    pub fn source(&self) -> Source {
        let mut tray = self.tray();
        tray.last_source += 1;
        let number = tray.last_source;
        tray.current = number;
        drop(tray);
        self.shared.room.notify_all();
        Source {
            post: self.clone(),
            number,
            #[cfg(feature = "engine")]
            open: std::collections::BTreeSet::new(),
        }
    }

    /// From now on this source's batches go on to the window; of none, with `None`.
    pub fn switch_to(&self, source: Option<u64>) {
        self.tray().current = source.unwrap_or(0);
        self.shared.room.notify_all();
    }

    fn tray(&self) -> MutexGuard<'_, Tray> {
        // It is whole between any two lines that could panic.
        self.shared.tray.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source {
    #[cfg(feature = "engine")]
    pub fn number(&self) -> u64 {
        self.number
    }

    pub fn is_current(&self) -> bool {
        self.post.tray().current == self.number
    }

    pub fn post(&self) -> &Post {
        &self.post
    }

    /// Never waits, as befits what is live. `batch.journeys` are finished; `open` are not, and come again.
    #[cfg(feature = "engine")]
    pub fn tell(&mut self, mut batch: Batch, open: Vec<Journey>) {
        let mut tray = self.post.tray();
        if tray.current != self.number {
            return;
        }
        let mut room = MOST_WAITING.saturating_sub(tray.sightings);
        let mut left_out = 0;
        batch.journeys.retain(|journey| {
            // The end of what the window shows as under way must not be lost.
            let is_known = self.open.remove(&journey.id);
            let fits = is_known || journey.sightings.len() <= room;
            if fits {
                room = room.saturating_sub(journey.sightings.len());
            } else {
                left_out += journey.sightings.len() as u64;
            }
            fits
        });
        batch.not_shown += left_out;
        let is_open_shown = tray.sightings < MOST_WAITING / 4;
        if is_open_shown {
            self.open.extend(open.iter().map(|journey| journey.id));
            batch.journeys.extend(open);
        }
        tray.put(self.number, batch);
        drop(tray);
        (self.post.shared.wake)();
    }

    /// Waits until there is room; false when another source took its place meanwhile.
    pub fn tell_patiently(&self, batch: Batch) -> bool {
        let mut tray = self.post.tray();
        while tray.current == self.number && MOST_WAITING <= tray.sightings {
            tray = self.post.shared.room.wait(tray).unwrap_or_else(PoisonError::into_inner);
        }
        if tray.current != self.number {
            return false;
        }
        tray.put(self.number, batch);
        drop(tray);
        (self.post.shared.wake)();
        true
    }
}

impl Tray {
    fn put(&mut self, source: u64, batch: Batch) {
        let before = self.sightings_of_last();
        match self.queue.back_mut() {
            Some(Item::Seen(piece)) if piece.source == source && piece.sightings < PIECE => {
                piece.merge(batch);
                let now = piece.sightings;
                self.sightings = self.sightings - before + now;
            }
            _ => {
                let piece = Piece::new(source, batch);
                self.sightings += piece.sightings;
                self.queue.push_back(Item::Seen(piece));
            }
        }
    }

    fn sightings_of_last(&self) -> usize {
        match self.queue.back() {
            Some(Item::Seen(piece)) => piece.sightings,
            Some(Item::News(_)) | None => 0,
        }
    }
}

impl Piece {
    fn new(source: u64, mut batch: Batch) -> Self {
        let journeys = std::mem::take(&mut batch.journeys);
        let mut piece = Self { source, batch, places: BTreeMap::new(), sightings: 0 };
        piece.add(journeys);
        piece
    }

    fn merge(&mut self, later: Batch) {
        let Batch { taps, labs, captions, forgotten, journeys, totals, not_shown, end } = later;
        self.batch.taps = taps.or(self.batch.taps.take());
        self.batch.labs.extend(labs);
        self.batch.captions.extend(captions);
        self.batch.forgotten.extend(forgotten);
        self.batch.totals = totals;
        self.batch.not_shown += not_shown;
        self.batch.end = end.or(self.batch.end.take());
        self.add(journeys);
    }

    fn add(&mut self, journeys: Vec<Journey>) {
        for journey in journeys {
            self.sightings += journey.sightings.len();
            match self.places.get(&journey.id) {
                Some(&place) => {
                    self.sightings -= self.batch.journeys[place].sightings.len();
                    self.batch.journeys[place] = journey;
                }
                None => {
                    self.places.insert(journey.id, self.batch.journeys.len());
                    self.batch.journeys.push(journey);
                }
            }
        }
    }
}

#[cfg(all(test, feature = "engine"))]
#[path = "post/tests.rs"]
mod tests;
