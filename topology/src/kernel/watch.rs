//! A thread that hears of changes and says so, once, until somebody looks.
//!
//! It hears netlink's announcements in each namespace, changes of the mount table (each name in /run/netns is a mount),
//! and looks for processes that came or went. All that it does is to note which namespaces are to be asked again.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use nix::sys::{
    epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout},
    eventfd::{EfdFlags, EventFd},
};

use super::{
    ear::{Buffer, Ear},
    pace::Pace,
    processes::{LastStarted, Namers, Processes},
    room::Identity,
};

/// How often it is seen whether processes were started or ended, and whether it is time for what is asked in peace.
const GLANCE: Duration = Duration::from_millis(40);
/// So long after a process was started each glance looks at all of them: it may yet move into another namespace.
const UNSETTLED: Duration = Duration::from_millis(600);
/// All processes are looked at this often in any case.
const ROUND: Duration = Duration::from_secs(1);

const STOP: u64 = 0;
const MOUNTS: u64 = 1;
const FIRST_EAR: u64 = 2;

/// Which of what was seen may be otherwise by now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stale {
    pub(super) whole: BTreeSet<Identity>,
    /// Of these the tables, if nothing else.
    pub(super) tables: BTreeSet<Identity>,
}

impl Stale {
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.tables.is_empty()
    }

    pub(super) fn extend(&mut self, more: &Self) {
        self.whole.extend(&more.whole);
        self.tables.extend(&more.tables);
    }
}

/// Hears until it is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    epoll: Epoll,
    stop: EventFd,
    /// Kept open for the epoll alone.
    _mounts: File,
    wake: Box<dyn Fn() + Send + Sync>,
    state: Mutex<State>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("state", &self.state).finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct State {
    ears: BTreeMap<u64, (Identity, Ear)>,
    tokens: BTreeMap<Identity, u64>,
    next: u64,
    stale: Stale,
    pace: Pace,
    /// Names or processes changed, so that there may be other namespaces.
    others: bool,
    /// It was said already; it is said again only after a look.
    said: bool,
    lost: u64,
    census: Option<Census>,
    buffer: Buffer,
}

#[derive(Debug)]
struct Census {
    processes: Processes,
    last_started: LastStarted,
    /// As of the last glance.
    last: Option<u32>,
    next_glance: Instant,
    unsettled_until: Instant,
    next_round: Instant,
    /// As they were shown.
    namers: Namers,
    named: BTreeSet<Identity>,
}

impl Watch {
    /// Must be called on a thread whose mount namespace holds the names.
    pub(super) fn start(
        processes: Option<Processes>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        let stop = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?;
        let mounts = File::open("/proc/thread-self/mountinfo")?;
        epoll.add(&stop, EpollEvent::new(EpollFlags::EPOLLIN, STOP))?;
        // A change of the mount table is an exceptional condition (proc_pid_mounts(5)).
        epoll.add(&mounts, EpollEvent::new(EpollFlags::EPOLLPRI, MOUNTS))?;
        let census = processes.map(Census::new).transpose()?;
        let state = State {
            ears: BTreeMap::new(),
            tokens: BTreeMap::new(),
            next: FIRST_EAR,
            stale: Stale::default(),
            pace: Pace::new(Instant::now()),
            others: false,
            said: false,
            lost: 0,
            census,
            buffer: Buffer::new(),
        };
        let shared =
            Arc::new(Shared { epoll, stop, _mounts: mounts, wake: Box::new(wake), state: Mutex::new(state) });
        let on_thread = Arc::clone(&shared);
        let thread = thread::Builder::new().name("kernel watch".into()).spawn(move || on_thread.run())?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Listens from now on, until [`Self::leave`].
    pub(super) fn listen(&self, identity: Identity, ear: Ear) -> io::Result<()> {
        let mut state = self.shared.state();
        let token = state.next;
        self.shared.epoll.add(&ear, EpollEvent::new(EpollFlags::EPOLLIN, token))?;
        state.next += 1;
        state.ears.insert(token, (identity, ear));
        if let Some(old) = state.tokens.insert(identity, token) {
            state.ears.remove(&old);
        }
        Ok(())
    }

    pub(super) fn hears(&self, identity: Identity) -> bool {
        self.shared.state().tokens.contains_key(&identity)
    }

    /// Keeps the ears in these namespaces only.
    pub(super) fn keep_only(&self, wanted: &BTreeSet<Identity>) {
        let mut state = self.shared.state();
        let gone: Vec<(Identity, u64)> = state
            .tokens
            .iter()
            .filter(|(id, _)| !wanted.contains(id))
            .map(|(id, token)| (*id, *token))
            .collect();
        for (identity, token) in gone {
            state.tokens.remove(&identity);
            state.stale.whole.remove(&identity);
            state.stale.tables.remove(&identity);
            if let Some((_, ear)) = state.ears.remove(&token) {
                // Closing it would do too, but for copies of it that a child may hold for a moment.
                self.shared.epoll.delete(&ear).unwrap_or_default();
            }
        }
    }

    /// Where neighbours that come and go matter.
    pub(super) fn mind_neighbours(&self, of: &BTreeSet<Identity>) {
        let mut state = self.shared.state();
        state.ears.values_mut().for_each(|(identity, ear)| ear.minds_neighbours = of.contains(identity));
    }

    /// Where something may befall a table in silence.
    pub(super) fn mind_tables(&self, of: BTreeSet<Identity>) {
        self.shared.state().pace.minds(of);
    }

    /// Tables alone were asked, which took so long.
    pub(super) fn tables_asked(&self, took: Duration) {
        self.shared.state().pace.asked(Instant::now(), took);
    }

    /// What changed up to this moment; from now on the next change is said again.
    pub(super) fn take(&self) -> Stale {
        let mut state = self.shared.state();
        self.shared.hear(&mut state);
        (state.others, state.said) = (false, false);
        state.pace.takes();
        std::mem::take(&mut state.stale)
    }

    /// What changed since the look began, without an end to what was said. Not what befell tables: that is for
    /// another look, in its time.
    pub(super) fn take_more(&self) -> Stale {
        let mut state = self.shared.state();
        self.shared.hear(&mut state);
        Stale { whole: std::mem::take(&mut state.stale.whole), ..Stale::default() }
    }

    /// It was taken and then not told: the next look is to ask for it again.
    pub(super) fn put_back(&self, stale: Stale) {
        let mut state = self.shared.state();
        state.stale.extend(&stale);
        if !stale.tables.is_empty() {
            state.pace.hear(Instant::now());
        }
    }

    /// Something could not be read in one piece: it is to be asked again, and soon.
    pub(super) fn ask_again(&self, identity: Identity) {
        let mut state = self.shared.state();
        state.stale.whole.insert(identity);
        if self.shared.must_say(&mut state) {
            drop(state);
            (self.shared.wake)();
        }
    }

    /// The processes as they are shown now, and which namespaces are shown by their names.
    pub(super) fn shown(&self, namers: &Namers, named: BTreeSet<Identity>) {
        if let Some(census) = &mut self.shared.state().census {
            (census.namers, census.named) = (namers.clone(), named);
        }
    }

    /// How often more was announced than an ear could hold.
    pub(super) fn lost(&self) -> u64 {
        self.shared.state().lost
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Where it cannot be told, it is left alone, and ends with the process.
        if self.shared.stop.write(1).is_ok()
            && let Some(thread) = self.thread.take()
        {
            thread.join().unwrap_or_default();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let timeout = EpollTimeout::try_from(GLANCE).unwrap_or(EpollTimeout::NONE);
        let mut events = [EpollEvent::empty(); 64];
        loop {
            let count = match self.epoll.wait(&mut events, timeout) {
                Ok(count) => count,
                Err(nix::errno::Errno::EINTR) => continue,
                Err(_) => return,
            };
            if events[..count].iter().any(|event| event.data() == STOP) {
                return;
            }
            let mut state = self.state();
            events[..count].iter().for_each(|event| state.note(event.data()));
            state.glance();
            if self.must_say(&mut state) {
                drop(state);
                (self.wake)();
            }
        }
    }

    /// All that can be heard at this moment.
    fn hear(&self, state: &mut State) {
        let mut events = [EpollEvent::empty(); 64];
        loop {
            let count = self.epoll.wait(&mut events, EpollTimeout::ZERO).unwrap_or(0);
            let stop = |event: &EpollEvent| event.data() == STOP;
            events[..count].iter().filter(|event| !stop(event)).for_each(|event| state.note(event.data()));
            if count < events.len() || events[..count].iter().any(stop) {
                return;
            }
        }
    }

    /// Whether it is to be said now that something changed.
    fn must_say(&self, state: &mut State) -> bool {
        let are_tables_due = !state.stale.tables.is_empty() && state.pace.is_due(Instant::now());
        let must = !state.said && (state.others || !state.stale.whole.is_empty() || are_tables_due);
        state.said |= must;
        must
    }
}

impl State {
    fn note(&mut self, token: u64) {
        if token == MOUNTS {
            self.others = true;
        }
        let Some((identity, ear)) = self.ears.get(&token) else { return };
        let heard = ear.empty(&mut self.buffer);
        self.lost += u64::from(heard.lost);
        if heard.change {
            self.stale.whole.insert(*identity);
        }
        if heard.tables {
            self.stale.tables.insert(*identity);
            self.pace.hear(Instant::now());
        }
    }

    fn glance(&mut self) {
        if let Some(census) = &mut self.census {
            self.others |= census.glance();
        }
        if let Some(restless) = self.pace.round(Instant::now()) {
            self.stale.tables.extend(restless);
        }
    }
}

impl Census {
    fn new(processes: Processes) -> io::Result<Self> {
        let now = Instant::now();
        Ok(Self {
            processes,
            last_started: LastStarted::open()?,
            last: None,
            next_glance: now,
            unsettled_until: now,
            next_round: now,
            namers: Namers::new(),
            named: BTreeSet::new(),
        })
    }

    /// Whether there are other namespaces of processes than were shown.
    fn glance(&mut self) -> bool {
        let now = Instant::now();
        if now < self.next_glance {
            return false;
        }
        self.next_glance = now + GLANCE / 2;
        let last = self.last_started.read();
        if last != self.last || last.is_none() {
            (self.last, self.unsettled_until) = (last, now + UNSETTLED);
        }
        if self.unsettled_until < now && now < self.next_round {
            return !self.processes.are_there(&self.namers);
        }
        self.next_round = now + ROUND;
        let found = self.processes.namers(&self.namers, |identity| self.named.contains(&identity));
        found.is_ok_and(|found| found != self.namers)
    }
}
