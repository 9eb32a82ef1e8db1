//! What the reading thread is told, and what it tells.

use std::{
    collections::BTreeMap,
    io,
    os::fd::{AsFd, BorrowedFd},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, SyncSender, channel},
    },
};

use nix::sys::eventfd::{EfdFlags, EventFd};

use super::{Gone, ring::Ring};
use crate::{Tap, TapId};

/// Says that an order was carried out.
pub(super) type Done = SyncSender<()>;

pub(super) enum Order {
    Add { taps: Vec<Tap>, rings: Vec<Ring>, done: Done },
    Flush(Done),
    Close,
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
