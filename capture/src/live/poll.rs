//! The one thread that reads all rings.

mod changes;

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout},
};

use super::{
    Gone,
    control::{Announced, Done, Order, Orders, Status},
    held::{Held, nanoseconds},
    ring::{Ring, Settings, now},
};
use crate::{Event, TapId, WireNs};

/// How often the kernel is asked for losses, under traffic.
const LOOK_FOR_LOSSES: Duration = Duration::from_millis(100);

/// How many frames are taken from a ring before the others get their turn.
const TURN: usize = 16_384;

/// At the end, how often each ring gets its turn: more than a ring holds.
const MOST_TURNS: usize = 8;

/// More frames are not held back for the sake of order.
const MOST_HELD: usize = 1 << 20;

/// How often a ring that reported an error is looked at again: an interface first goes down, then away.
const LOOKS: u8 = 10;

/// Epoll's number for the bell; rings have smaller ones.
const BELL: u64 = u64::MAX;

pub(super) type Sink = Box<dyn FnMut(Vec<Event>) + Send>;

pub(super) struct Reader {
    epoll: Epoll,
    orders: Orders,
    sink: Sink,
    status: Arc<Mutex<Status>>,
    until_visible: Duration,
    /// By epoll's number; `None` once it is closed.
    rings: Vec<Option<Watched>>,
    held: Held,
    /// When to ask for losses next; `None` while nothing happens.
    next_look: Option<Instant>,
    /// How many frames each tap's interface has carried, without those in rings that are open.
    carried: BTreeMap<TapId, u64>,
    /// Taps that are not wanted any more, each with the time when its rings must have shown what they have.
    retiring: BTreeMap<TapId, Instant>,
    /// Rings that have failed, by their numbers: when they must have shown what they still have, and why they failed.
    failing: BTreeMap<usize, (Instant, String)>,
    /// Who waits for everything up to a time.
    flushes: Vec<(Instant, Done)>,
    /// When to end.
    closing: Option<Instant>,
}

struct Watched {
    ring: Ring,
    /// As the kernel counted at the last look.
    lost: u32,
    /// Frames came since the last look, so some may have been lost.
    is_busy: bool,
    looks_left: u8,
}

impl Reader {
    pub fn new(
        orders: Orders,
        settings: Settings,
        sink: Sink,
        status: Arc<Mutex<Status>>,
    ) -> io::Result<Self> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        epoll.add(&orders, EpollEvent::new(EpollFlags::EPOLLIN, BELL))?;
        Ok(Self {
            epoll,
            orders,
            sink,
            status,
            until_visible: settings.until_visible(),
            rings: Vec::new(),
            held: Held::default(),
            next_look: None,
            carried: BTreeMap::new(),
            retiring: BTreeMap::new(),
            failing: BTreeMap::new(),
            flushes: Vec::new(),
            closing: None,
        })
    }

    /// Reads until it is told to close; gives the rings back, since closing them takes time.
    pub fn run(mut self) -> Vec<Ring> {
        let mut ready = Vec::new();
        loop {
            // One wait to sleep, then a moment is taken, and only then it is asked who is ready: so that all rings
            // have had the time since that moment's `until_visible` to show what they have.
            let timeout = self.timeout();
            self.wait(&mut ready, timeout);
            let (began, began_at) = (now(), Instant::now());
            let found = self.wait(&mut ready, EpollTimeout::ZERO);
            let is_all_read = self.read_ready(&ready[..found]);
            if is_all_read {
                self.deliver_until(began);
                self.answer_flushes(began_at);
            } else if MOST_HELD < self.held.len() {
                // More comes in than can be read. Order suffers rather than memory.
                self.deliver(WireNs(i64::MAX));
            }
            self.retire(began_at);
            self.look();
            if self.closing.is_some_and(|due| due <= began_at) {
                return self.close();
            }
        }
    }

    /// Waits until something is ready or the time is over; returns how much is ready.
    fn wait(&self, ready: &mut Vec<EpollEvent>, timeout: EpollTimeout) -> usize {
        ready.resize(self.rings.len() + 1, EpollEvent::empty());
        match self.epoll.wait(ready, timeout) {
            Ok(found) => found,
            Err(Errno::EINTR) => 0,
            // All other errors are about wrong arguments (epoll_wait(2)).
            Err(error) => unreachable!("waiting for frames: {error}"),
        }
    }

    /// Reads the rings that have something; false if one has still more.
    fn read_ready(&mut self, ready: &[EpollEvent]) -> bool {
        let mut is_all_read = true;
        for event in ready {
            if event.data() == BELL {
                self.take_orders();
                continue;
            }
            let number = usize::try_from(event.data()).expect("the number of a ring");
            if event.events().intersects(EpollFlags::EPOLLERR | EpollFlags::EPOLLHUP)
                && let Some(Some(watched)) = self.rings.get_mut(number)
            {
                watched.looks_left = LOOKS;
            }
            is_all_read &= self.read(number);
        }
        is_all_read
    }

    /// Reads one ring; false if it has still more.
    fn read(&mut self, number: usize) -> bool {
        let Some(Some(watched)) = self.rings.get_mut(number) else { return true };
        match watched.ring.read(TURN, self.held.incoming()) {
            Ok(read) => {
                watched.is_busy |= 0 < read;
                if watched.is_busy || 0 < watched.looks_left {
                    self.next_look.get_or_insert_with(|| Instant::now() + LOOK_FOR_LOSSES);
                }
                read < TURN
            }
            Err(error) => {
                self.watch_the_rest(number, error.to_string());
                true
            }
        }
    }

    /// A ring whose interface is gone may have frames that it has not shown yet: it is read once more when it must have.
    fn watch_the_rest(&mut self, number: usize, message: String) {
        if let Some(Some(watched)) = self.rings.get(number)
            && !self.failing.contains_key(&number)
        {
            // It would be ready for ever.
            let _was_added = self.epoll.delete(&watched.ring);
            self.failing.insert(number, (Instant::now() + self.until_visible, message));
        }
    }

    /// Closes a ring that fails: its interface is gone.
    fn give_up(&mut self, number: usize, message: String) {
        let Some(tap) = self.let_go(number) else { return };
        if self.retiring.contains_key(&tap) {
            return;
        }
        let mut status = self.status();
        if status.gone.iter().all(|gone| gone.tap != tap) {
            status.gone.push(Gone { tap, message });
        }
        let bell = status.bell.clone();
        drop(status);
        bell.ring();
    }

    /// Closes a ring; gives its tap, if there was one.
    fn let_go(&mut self, number: usize) -> Option<TapId> {
        let mut watched = self.rings.get_mut(number).and_then(Option::take)?;
        let tap = watched.ring.tap();
        self.failing.remove(&number);
        // It fails for a ring that could not be added.
        let _was_added = self.epoll.delete(&watched.ring);
        let received = watched.ring.received().unwrap_or(0);
        if let Some(carried) = self.carried.get_mut(&tap) {
            *carried += u64::from(received);
        }
        let octets = watched.ring.settings().octets();
        let mut status = self.status();
        status.octets = status.octets.saturating_sub(octets);
        drop(status);
        // On a thread of its own, since closing waits and nothing would be read meanwhile.
        // It is not waited for: there is nothing to tell at its end.
        let _started = std::thread::Builder::new().name("tap".into()).spawn(move || drop(watched));
        Some(tap)
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_orders(&mut self) {
        let orders: Vec<Order> = self.orders.take().collect();
        for order in orders {
            match order {
                // When `done` cannot be sent, nobody waits any more.
                Order::Add { taps, rings, done } => {
                    self.announce(taps);
                    rings.into_iter().for_each(|ring| self.watch(ring));
                    let _waiting = done.send(());
                }
                Order::GoOn { tap, as_tap, since, done } => {
                    let _waiting = done.send(self.go_on_as(tap, as_tap, since));
                }
                Order::Remove { tap, done } => {
                    let _waiting = done.send(self.remove(tap));
                }
                Order::Flush(done) => self.flushes.push((Instant::now() + self.until_visible, done)),
                Order::Close => self.closing = Some(Instant::now() + self.until_visible),
            }
        }
    }

    fn announce(&mut self, taps: Vec<Announced>) {
        let mut events = Vec::new();
        for Announced { tap, before, missed, since } in taps {
            let id = tap.id;
            self.carried.insert(id, before);
            events.push(Event::Tap(tap));
            if 0 < missed {
                events.push(Event::Missed { t: since, tap: id, frames: missed });
            }
        }
        if !events.is_empty() {
            (self.sink)(events);
        }
    }

    fn watch(&mut self, ring: Ring) {
        self.until_visible = self.until_visible.max(ring.settings().until_visible());
        let octets = ring.settings().octets();
        self.status().octets += octets;
        // Numbers of rings that are closed are used again, so that what is gone does not add up.
        let free = self.rings.iter().position(Option::is_none);
        let number = free.unwrap_or_else(|| {
            self.rings.push(None);
            self.rings.len() - 1
        });
        let event = EpollEvent::new(EpollFlags::EPOLLIN, number as u64);
        let added = self.epoll.add(&ring, event);
        self.rings[number] = Some(Watched { ring, lost: 0, is_busy: false, looks_left: 0 });
        if let Err(error) = added {
            self.give_up(number, format!("it cannot be waited for: {error}"));
        }
    }

    /// Delivers what was stamped so long before `began` that every ring has shown what is older.
    fn deliver_until(&mut self, began: WireNs) {
        let is_set_back = self.held.is_ahead_of(began);
        let until = began.0.saturating_sub(nanoseconds(self.until_visible));
        self.deliver(WireNs(if is_set_back { i64::MAX } else { until }));
    }

    fn deliver(&mut self, until: WireNs) {
        let frames = self.held.release(until);
        if !frames.is_empty() {
            (self.sink)(frames.into_iter().map(Event::Frame).collect());
        }
    }

    /// Asks for losses where frames came, and whether interfaces are still there where there was an error.
    fn look(&mut self) {
        if self.next_look.is_none_or(|due| Instant::now() < due) {
            return;
        }
        self.next_look = None;
        for number in 0..self.rings.len() {
            if let Some(Some(watched)) = self.rings.get_mut(number)
                && 0 < watched.looks_left
            {
                watched.looks_left -= 1;
                self.read(number);
            }
        }
        self.count_losses(|watched| std::mem::take(&mut watched.is_busy));
    }

    fn count_losses(&mut self, mut is_due: impl FnMut(&mut Watched) -> bool) {
        let mut news = BTreeMap::new();
        let mut status = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        for watched in
            self.rings.iter_mut().flatten().filter_map(|watched| is_due(watched).then_some(watched))
        {
            let Ok(lost) = watched.ring.lost() else { continue };
            let more = lost.wrapping_sub(watched.lost);
            watched.lost = lost;
            if 0 < more {
                let tap = watched.ring.tap();
                let total = status.lost.entry(tap).or_default();
                *total += u64::from(more);
                news.insert(tap, *total);
            }
        }
        drop(status);
        if !news.is_empty() {
            let t = now();
            (self.sink)(news.into_iter().map(|(tap, frames)| Event::Lost { t, tap, frames }).collect());
        }
    }

    /// Answers those for whom all was visible at `began`, when the reading of it began.
    fn answer_flushes(&mut self, began: Instant) {
        if self.flushes.iter().any(|(due, _)| *due <= began) {
            self.count_losses(|watched| std::mem::take(&mut watched.is_busy));
        }
        for (_, done) in self.flushes.extract_if(.., |(due, _)| *due <= began) {
            // Nobody waits any more if this fails.
            let _waiting = done.send(());
        }
    }

    fn close(mut self) -> Vec<Ring> {
        for number in 0..self.rings.len() {
            self.read_to_the_end(number);
        }
        self.deliver(WireNs(i64::MAX));
        self.count_losses(|_| true);
        self.rings.into_iter().flatten().map(|watched| watched.ring).collect()
    }

    /// Until when to wait for frames: for ever, unless something else is due.
    fn timeout(&mut self) -> EpollTimeout {
        let begin = Instant::now();
        let left = |due: Instant| due.saturating_duration_since(begin);
        let held = self.held.due_in(self.until_visible, now());
        let flush = self.flushes.iter().map(|(due, _)| left(*due)).min();
        let retiring = self.retiring.values().map(|due| left(*due)).min();
        let failing = self.failing.values().map(|(due, _)| left(*due)).min();
        let nearest = [held, flush, retiring, failing, self.next_look.map(left), self.closing.map(left)];
        match nearest.into_iter().flatten().min() {
            None => EpollTimeout::NONE,
            // Rounded up, so that it is really due then; never more than the looks' 100 ms, or nearly so.
            Some(left) => {
                EpollTimeout::from(u16::try_from(left.as_micros().div_ceil(1000)).unwrap_or(u16::MAX))
            }
        }
    }
}
