//! Taps on every veth end, every bridge and what else carries frames, and what is known of them.
//!
//! Opening a tap waits for the kernel, some tens of milliseconds, so one thread does nothing else; whoever looks
//! at the kernel only says what is wanted. What is wanted meanwhile is opened together.

mod opening;
mod spots;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Sender, channel, sync_channel},
    },
    time::Duration,
};

use capture::{
    Tap, WireNs,
    live::{self, Wanted},
};
use topology::{Lab, NamespaceName, Place, Sight, kernel::Kernel};

use self::{
    opening::{Job, Opener},
    spots::{Move, Reading, Spots},
};
use super::outbox::Outbox;
use crate::engine::protocol::EngineError;

/// So long the end of all taps is waited for; some may be opening.
const CLOSING: Duration = Duration::from_secs(2);

/// Cheap to clone: the taps that listen.
#[derive(Clone)]
pub struct Listening {
    spots: Arc<Mutex<Spots>>,
    jobs: Sender<Job>,
}

impl Listening {
    /// `bell` is rung when the lab should be looked at again: a tap is gone, or could not be opened.
    pub fn new(outbox: Outbox, bell: impl Fn() + Send + Sync + 'static) -> std::io::Result<Self> {
        let (jobs, inbox) = channel();
        let spots = Arc::<Mutex<Spots>>::default();
        let opener = Opener { spots: Arc::clone(&spots), outbox, bell: Arc::new(bell) };
        std::thread::Builder::new().name("listening".into()).spawn(move || opener.run(&inbox))?;
        Ok(Self { spots, jobs })
    }

    /// What is there shall be tapped; what carried frames before that is nobody's business.
    pub fn attend(&self, lab: &Lab, kernel: &Kernel) {
        let mut spots = self.spots();
        let Some(taps) = spots.taps_that_read() else { return };
        forget_what_is_gone(&mut spots, taps.as_deref(), lab);
        self.open(spots.take_wanted(lab), kernel, |_| None);
    }

    /// The lab stands like this since `t`: taps go on under new names, and come and go with their interfaces.
    pub fn follow(&self, t: WireNs, sight: &Sight, kernel: &Kernel) {
        let mut spots = self.spots();
        let Some(taps) = spots.taps_that_read() else { return };
        if let Some(taps) = &taps {
            for change in spots.take_moves(&sight.became) {
                go_along(&mut spots, taps, change, t);
            }
        }
        forget_what_is_gone(&mut spots, taps.as_deref(), &sight.lab);
        let wanted = spots.take_wanted(&sight.lab);
        let carried: BTreeMap<Place, u64> =
            wanted.iter().map(|at| (at.clone(), spots.take_carried(at))).collect();
        self.open(wanted, kernel, |at| carried.get(at).copied());
    }

    /// What is made anew at the same place later needs a new tap.
    pub fn forget_what_is_gone_from(&self, lab: &Lab) {
        let mut spots = self.spots();
        if let Some(taps) = spots.taps_that_read() {
            forget_what_is_gone(&mut spots, taps.as_deref(), lab);
        }
    }

    /// When all listen that are wanted so far, `then` gets all taps that ever were. `strictly`: or why one of them
    /// cannot; else that is tried again at the next look.
    pub fn when_open(
        &self,
        strictly: bool,
        then: impl FnOnce(Result<Vec<Tap>, EngineError>) + Send + 'static,
    ) {
        self.hand_in(Job::Then { strictly, then: Box::new(then) });
    }

    /// Delivers what is still in the rings, and closes all taps; no more will be opened.
    pub fn close(&self) {
        let (done, wait) = sync_channel(1);
        self.hand_in(Job::Close(done));
        // Should it take longer, it ends with the process.
        let _closed = wait.recv_timeout(CLOSING);
    }

    fn open(&self, wanted: Vec<Place>, kernel: &Kernel, counted: impl Fn(&Place) -> Option<u64>) {
        let mut namespaces = BTreeMap::<NamespaceName, _>::new();
        let wanted: Vec<Wanted> = wanted
            .into_iter()
            .filter_map(|at| {
                let known = namespaces.entry(at.namespace.clone());
                let namespace = known.or_insert_with_key(|name| kernel.namespace(name)).clone();
                // It went since the look; the next one finds it gone.
                let namespace = namespace?;
                let counted = counted(&at);
                Some(Wanted { at, namespace, counted })
            })
            .collect();
        if !wanted.is_empty() {
            self.hand_in(Job::Open(wanted));
        }
    }

    fn hand_in(&self, job: Job) {
        // The thread ends only after closing, and then nothing is to be done any more.
        let _taken = self.jobs.send(job);
    }

    fn spots(&self) -> MutexGuard<'_, Spots> {
        lock(&self.spots)
    }
}

fn lock(spots: &Mutex<Spots>) -> MutexGuard<'_, Spots> {
    // They are whole between any two lines that could panic.
    spots.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Renamed, an interface goes on being listened to; in another namespace it needs a new tap, which is told how many
/// frames are accounted for.
fn go_along(spots: &mut Spots, taps: &live::Taps, Move { tap, to, stays }: Move, t: WireNs) {
    if let Some(before) = spots.let_go_of(&to) {
        taps.remove(before);
    }
    if stays {
        let as_tap = spots.next(to.clone());
        if taps.go_on_as(tap, as_tap.clone(), t) {
            spots.goes_on(as_tap);
            return;
        }
    }
    if let Some(carried) = taps.remove(tap) {
        spots.keep_carried(to, carried);
    }
}

fn forget_what_is_gone(spots: &mut Spots, taps: Option<&live::Taps>, lab: &Lab) {
    let mut gone = spots.take_gone(lab);
    // Also what is there again under the same name is another interface.
    for found in taps.map(live::Taps::gone).unwrap_or_default() {
        spots.forget(found.tap);
        gone.push(found.tap);
    }
    if let Some(taps) = taps {
        gone.into_iter().for_each(|tap| {
            taps.remove(tap);
        });
    }
}

/// What reads the frames, if something does; `None`: all is over.
type Read = Option<Option<Arc<live::Taps>>>;

impl Spots {
    fn taps_that_read(&self) -> Read {
        match &self.reading {
            Reading::NotYet => Some(None),
            Reading::Open(taps) => Some(Some(Arc::clone(taps))),
            Reading::Closed => None,
        }
    }
}
