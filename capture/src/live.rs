//! Captures on real interfaces, through libpcap.
//!
//! **Direction.** libpcap does not say which way an Ethernet frame went, it only filters by it. Each tap therefore
//! has two rings, one that the kernel fills with received frames only and one with sent frames only. The tests
//! compare with the kernel's own packet type.
//!
//! **Order.** A frame becomes visible when its ring's block is full or its timeout has passed, so the rings tell
//! of the same moment at different times. One thread reads them all and holds frames back until every ring must
//! have shown what is older; the sink gets them in the order of time over all taps.
//!
//! **Memory and loss.** libpcap's rings (TPACKET_V3, kernel document networking/packet_mmap) consist of blocks of
//! 256 KiB. A block is closed after its timeout even when it is nearly empty, so a ring outlasts a pause of its
//! reader of about blocks × timeout. [`Options`] spreads a budget over all rings, and the timeout grows as the
//! rings shrink. What the kernel could not keep is counted by it, and said.

mod carried;
mod control;
mod growing;
mod held;
mod one_way;
mod open;
mod poll;
mod ring;

use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, sync_channel},
    },
    thread::JoinHandle,
};

use topology::{Place, kernel::NamespaceFd};

use crate::{Event, Tap, TapId};
use control::{Announced, Control, Order, Status};
pub use growing::{Refused, Wanted};
use open::Opened;
use ring::Ring;

/// What the rings may take, and what they keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The most octets kept of a frame. The default keeps all of any frame that Ethernet or veth can carry.
    pub snap_length: u32,
    /// Octets for all rings together. Each ring has at least 512 KiB of it (two blocks), and at most 4 MiB;
    /// a tap has two rings.
    pub memory: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { snap_length: 65_535, memory: 240 << 20 }
    }
}

/// Why a tap cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum TapError {
    #[error("the namespace of {at} cannot be entered: {source}")]
    Namespace { at: Place, source: io::Error },
    #[error("{at} cannot be captured on: {message}")]
    Interface { at: Place, message: String },
    #[error("{doing}: {source}")]
    System { doing: &'static str, source: io::Error },
}

/// Taps that listen, and the thread that reads them.
/// Dropping it closes everything just as [`Taps::close`] does.
#[derive(Debug)]
pub struct Taps {
    control: Control,
    status: Arc<Mutex<Status>>,
    /// Those whose interface was down.
    asleep: Mutex<Vec<(Tap, NamespaceFd)>>,
    options: Options,
    /// Of the rings that were opened first.
    settings: ring::Settings,
    reader: Option<JoinHandle<Vec<Ring>>>,
}

impl Taps {
    /// Opens all taps and returns when all of them listen.
    ///
    /// `sink` gets an [`Event::Tap`] for each tap, then frames in the order of time over all taps, and
    /// [`Event::Lost`] whenever the kernel's count of lost frames has grown. It is called on the reading thread
    /// and must be quick: while it runs nothing is read, and the rings outlast about 100 ms (fewer milliseconds
    /// when there are hundreds of taps). A sink that has to wait should pass the events to a queue.
    ///
    /// An interface that is down cannot be listened on; its tap [sleeps](Taps::asleep) until [`Taps::wake`].
    ///
    /// # Errors
    /// The first tap that cannot be opened; all others are closed again then. Capturing needs `CAP_NET_RAW` in
    /// the namespace, entering it `CAP_SYS_ADMIN`.
    pub fn open(
        wanted: Vec<(Tap, NamespaceFd)>,
        options: Options,
        sink: impl FnMut(Vec<Event>) + Send + 'static,
    ) -> Result<Self, TapError> {
        let settings = options.settings(wanted.len());
        let opened = open::open(wanted, settings)?;
        let system = |doing| move |source| TapError::System { doing, source };
        let status = Arc::new(Mutex::new(Status::default()));
        let (control, orders) = Control::new().map_err(system("the taps' reader cannot be woken"))?;
        let reader = poll::Reader::new(orders, settings, Box::new(sink), Arc::clone(&status))
            .map_err(system("the taps' reader cannot wait"))?;
        let thread = std::thread::Builder::new().name("taps".into());
        let reader = thread.spawn(|| reader.run()).map_err(system("the taps' reader cannot be started"))?;
        let taps = Self {
            control,
            status,
            asleep: Mutex::new(opened.asleep.clone()),
            options,
            settings,
            reader: Some(reader),
        };
        taps.take_over(opened);
        Ok(taps)
    }

    /// Adds taps while the others go on; returns when they listen.
    /// Their rings are as large as those of the taps that were opened first.
    pub fn add(&self, wanted: Vec<(Tap, NamespaceFd)>) -> Result<(), TapError> {
        let opened = open::open(wanted, self.settings)?;
        self.asleep.lock().unwrap_or_else(PoisonError::into_inner).extend(opened.asleep.iter().cloned());
        self.take_over(opened);
        Ok(())
    }

    /// Opens the taps whose interface was down and is up by now; returns them when they listen.
    pub fn wake(&self) -> Result<Vec<TapId>, TapError> {
        let mut asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = open::open(asleep.clone(), self.settings)?;
        asleep.clone_from(&opened.asleep);
        let woken = opened.awake.iter().map(|open| open.tap.id).collect();
        self.take_over(opened);
        Ok(woken)
    }

    /// The taps that do not listen, since their interface was down when they were to be opened.
    /// One that goes down later goes on listening when it is up again.
    pub fn asleep(&self) -> Vec<TapId> {
        self.asleep.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(tap, _)| tap.id).collect()
    }

    /// The taps whose interface was deleted, or failed; in the order of that. They are closed.
    pub fn gone(&self) -> Vec<Gone> {
        self.status().gone.clone()
    }

    /// How many frames the kernel could not keep, over all taps, as of the last look (every 100 ms under traffic).
    pub fn lost(&self) -> u64 {
        self.status().lost.values().sum()
    }

    /// Returns when the sink has got every frame that was seen before this call.
    /// Takes one timeout of the rings and 10 ms.
    pub fn flush(&self) {
        let (done, wait) = sync_channel(1);
        self.order(Order::Flush(done), &wait);
    }

    /// Delivers what is still in the rings, then closes all of them in parallel: the kernel lets each wait
    /// for a grace period.
    pub fn close(mut self) {
        self.end();
    }

    fn take_over(&self, opened: Opened) {
        let (mut taps, mut rings) = (Vec::new(), Vec::new());
        for open in opened.awake {
            taps.push(Announced { tap: open.tap, before: open.before, missed: 0, since: open.since });
            rings.extend(open.rings);
        }
        self.hand_over(taps, rings);
    }

    fn hand_over(&self, taps: Vec<Announced>, rings: Vec<Ring>) {
        let (done, wait) = sync_channel(1);
        self.order(Order::Add { taps, rings, done }, &wait);
    }

    /// Gives an order and waits until it is carried out; `None` if the reader is gone because the sink panicked.
    fn order<T>(&self, order: Order, wait: &Receiver<T>) -> Option<T> {
        if self.control.give(order) { wait.recv().ok() } else { None }
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&mut self) {
        let Some(reader) = self.reader.take() else { return };
        self.control.give(Order::Close);
        // If the sink panicked, its message is out already, and the rings were dropped one by one.
        if let Ok(rings) = reader.join() {
            open::close(rings);
        }
    }
}

impl Drop for Taps {
    fn drop(&mut self) {
        self.end();
    }
}

/// A tap that does not listen any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    pub tap: TapId,
    /// Why, in libpcap's words.
    pub message: String,
}
