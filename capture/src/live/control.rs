//! What the reading thread is told, and what it tells.

use std::{
    collections::BTreeMap,
    fmt, io,
    os::fd::{AsFd, BorrowedFd},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, SyncSender, channel},
    },
};

use nix::sys::eventfd::{EfdFlags, EventFd};

use super::{Gone, ring::Ring};
use crate::{Tap, TapId, WireNs};

/// Says that an order was carried out.
pub(super) type Done = SyncSender<()>;

pub(super) enum Order {
    Add { taps: Vec<Announced>, rings: Vec<Ring>, done: Done },
    GoOn { tap: TapId, as_tap: Tap, since: WireNs, done: SyncSender<bool> },
    Remove { tap: TapId, done: SyncSender<Option<u64>> },
    Flush(Done),
    Close,
}

/// A tap that listens, before it is read.
#[derive(Debug)]
pub(super) struct Announced {
    pub tap: Tap,
    /// How many frames its interface had carried that its rings did not get.
    pub before: u64,
    /// How many of them are to be told as missing.
    pub missed: u64,
    /// Since when it listens.
    pub since: WireNs,
}

/// Gives orders to the reader.
#[derive(Debug)]
pub(super) struct Control {
    orders: Sender<Order>,
    bell: Arc<EventFd>,
}

/// The reader's end of it.
pub(super) struct Orders {
    orders: Receiver<Order>,
    bell: Arc<EventFd>,
}

impl Control {
    pub fn new() -> io::Result<(Self, Orders)> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        let bell = Arc::new(EventFd::from_value_and_flags(0, flags)?);
        let (sender, receiver) = channel();
        Ok((Self { orders: sender, bell: Arc::clone(&bell) }, Orders { orders: receiver, bell }))
    }

    /// False if the reader is gone.
    pub fn give(&self, order: Order) -> bool {
        // The bell can only fail by being rung already as often as it can count.
        self.orders.send(order).is_ok() && self.bell.write(1).is_ok()
    }
}

/// What the reader tells to whoever asks.
#[derive(Debug, Default)]
pub(super) struct Status {
    pub lost: BTreeMap<TapId, u64>,
    pub gone: Vec<Gone>,
    pub bell: Bell,
    /// Octets of all rings.
    pub octets: usize,
}

/// Whom to call when a tap is gone.
#[derive(Clone, Default)]
pub(super) struct Bell(Option<Arc<dyn Fn() + Send + Sync>>);

impl Bell {
    pub fn new(ring: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(ring)))
    }

    pub fn ring(&self) {
        if let Some(ring) = &self.0 {
            ring();
        }
    }
}

impl fmt::Debug for Bell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bell")
    }
}

impl Orders {
    /// What was ordered since the last time.
    pub fn take(&self) -> impl Iterator<Item = Order> {
        // Non-blocking, and an error only says that it was not rung.
        let _rung = self.bell.read();
        self.orders.try_iter()
    }
}

/// Readable when there are orders.
impl AsFd for Orders {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }
}
