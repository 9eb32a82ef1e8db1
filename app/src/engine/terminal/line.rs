//! What the server and a terminal's own thread have in common.

use std::{
    collections::VecDeque,
    io,
    os::fd::{AsFd, BorrowedFd},
    sync::{Mutex, MutexGuard, PoisonError},
};

use nix::sys::eventfd::{EfdFlags, EventFd};

use super::{MOST_OUTSTANDING, MOST_TYPED};
use crate::terminal::TerminalSize;

/// The orders to a terminal's thread, and what it may still say.
pub struct Line {
    state: Mutex<State>,
    /// Readable when the state has changed.
    wake: EventFd,
}

#[derive(Default)]
struct State {
    typed: VecDeque<u8>,
    /// Octets that were told and not taken.
    outstanding: usize,
    new_size: Option<TerminalSize>,
    is_to_close: bool,
    is_over: bool,
}

/// What the thread is to do next.
pub struct Orders {
    pub new_size: Option<TerminalSize>,
    pub is_to_close: bool,
    pub has_typed: bool,
    /// Octets that may be told.
    pub room: usize,
}

impl Line {
    pub fn new() -> io::Result<Self> {
        let wake = EventFd::from_flags(EfdFlags::EFD_NONBLOCK | EfdFlags::EFD_CLOEXEC)?;
        Ok(Self { state: Mutex::default(), wake })
    }

    /// False: there is no room for it, and nothing of it was taken.
    pub fn type_into(&self, bytes: &[u8]) -> bool {
        let mut state = self.state();
        let fits = state.typed.len() + bytes.len() <= MOST_TYPED;
        if fits {
            state.typed.extend(bytes);
            self.notify();
        }
        fits
    }

    pub fn resize(&self, size: TerminalSize) {
        self.state().new_size = Some(size);
        self.notify();
    }

    pub fn close(&self) {
        self.state().is_to_close = true;
        self.notify();
    }

    pub fn took(&self, octets: usize) {
        let mut state = self.state();
        state.outstanding = state.outstanding.saturating_sub(octets);
        self.notify();
    }

    pub fn is_over(&self) -> bool {
        self.state().is_over
    }

    pub fn is_over_now(&self) {
        let mut state = self.state();
        state.is_over = true;
        state.typed = VecDeque::new();
    }

    /// To wait for: readable when [`Line::orders`] has something new.
    pub fn news(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }

    pub fn orders(&self) -> Orders {
        let _nothing_new = self.wake.read();
        let mut state = self.state();
        Orders {
            new_size: state.new_size.take(),
            is_to_close: state.is_to_close,
            has_typed: !state.typed.is_empty(),
            room: MOST_OUTSTANDING.saturating_sub(state.outstanding),
        }
    }

    pub fn told(&self, octets: usize) {
        self.state().outstanding += octets;
    }

    /// Hands what was typed to `write`, which says how much it took.
    pub fn hand_on_typed(&self, write: impl FnOnce(&[u8]) -> io::Result<usize>) -> io::Result<()> {
        let mut state = self.state();
        let (first, _) = state.typed.as_slices();
        let taken = write(first)?.min(first.len());
        state.typed.drain(..taken);
        Ok(())
    }

    /// Nobody reads any more.
    pub fn forget_typed(&self) {
        self.state().typed.clear();
    }

    fn notify(&self) {
        // It only fails when it is readable anyway.
        let _full = self.wake.write(1);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // It is whole between any two lines that could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
