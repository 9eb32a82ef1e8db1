//! Ctrl-C ends the waiting, not the summary: what was seen is still printed and recorded whole.

use std::{
    cell::Cell,
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use nix::sys::signal::{SigSet, Signal};

/// Watches for SIGINT and SIGTERM; a second one ends the process as usual.
#[derive(Debug)]
pub struct Interrupt {
    signals: Receiver<()>,
    come: Cell<bool>,
}

impl Interrupt {
    /// To be called before any other thread starts, so that all inherit the mask.
    pub fn watch() -> io::Result<Self> {
        let mut set = SigSet::empty();
        set.add(Signal::SIGINT);
        set.add(Signal::SIGTERM);
        set.thread_block()?;
        let (sender, signals) = channel();
        thread::Builder::new().name("signals".into()).spawn(move || {
            if set.wait().is_ok() {
                // Nobody waits any more when the receiver is gone.
                let _ = sender.send(());
                let _ = set.thread_unblock();
                // The thread must live on: it is the one that takes the second signal.
                loop {
                    thread::park();
                }
            }
        })?;
        Ok(Self { signals, come: Cell::new(false) })
    }

    pub fn has_come(&self) -> bool {
        self.wait(Duration::ZERO)
    }

    /// Waits so long at most; true once a signal has come.
    pub fn wait(&self, limit: Duration) -> bool {
        if self.come.get() {
            return true;
        }
        match self.signals.recv_timeout(limit) {
            Ok(()) => {
                self.come.set(true);
                true
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                // The watcher could not wait for signals: then only time ends the waiting.
                thread::park_timeout(limit);
                false
            }
        }
    }
}
