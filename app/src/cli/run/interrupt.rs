//! Ctrl-C ends the waiting, not the summary: what was seen is still printed and recorded whole.

use std::{
    fmt, io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
    time::Duration,
};

use nix::sys::signal::{SigSet, Signal};

/// Watches for SIGINT and SIGTERM; a second one ends the process as usual.
#[derive(Debug)]
pub struct Interrupt {
    /// Something comes out of it when a signal has come; only to be waited for.
    signals: Receiver<()>,
    watch: Arc<Watch>,
}

/// What is to be done at once when a signal comes.
#[derive(Default)]
struct Watch(Mutex<Next>);

#[derive(Default)]
enum Next {
    #[default]
    Nothing,
    Do(Box<dyn FnOnce() + Send>),
    HasCome,
}

impl Watch {
    fn next(&self) -> MutexGuard<'_, Next> {
        // It is whole at any time.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

impl Interrupt {
    /// To be called before any other thread starts, so that all inherit the mask.
    pub fn watch() -> io::Result<Self> {
        let mut set = SigSet::empty();
        set.add(Signal::SIGINT);
        set.add(Signal::SIGTERM);
        set.thread_block()?;
        let (sender, signals) = channel();
        let watch = Arc::<Watch>::default();
        let seen = Arc::clone(&watch);
        thread::Builder::new().name("signals".into()).spawn(move || {
            if set.wait().is_ok() {
                let _ = set.thread_unblock();
                if let Next::Do(act) = std::mem::replace(&mut *seen.next(), Next::HasCome) {
                    act();
                }
                // Nobody waits any more when the receiver is gone.
                let _ = sender.send(());
                // The thread must live on: it is the one that takes the second signal.
                loop {
                    thread::park();
                }
            }
        })?;
        Ok(Self { signals, watch })
    }

    /// Waits for something that a signal should cut short: `cut` is done when one comes meanwhile, or came before.
    pub fn during<T>(&self, cut: impl FnOnce() + Send + 'static, wait: impl FnOnce() -> T) -> T {
        match &mut *self.watch.next() {
            Next::HasCome => cut(),
            next => *next = Next::Do(Box::new(cut)),
        }
        let waited = wait();
        if let next @ Next::Do(_) = &mut *self.watch.next() {
            *next = Next::Nothing;
        }
        waited
    }

    pub fn has_come(&self) -> bool {
        matches!(*self.watch.next(), Next::HasCome)
    }

    /// Waits so long at most; true once a signal has come.
    pub fn wait(&self, limit: Duration) -> bool {
        if self.has_come() {
            return true;
        }
        match self.signals.recv_timeout(limit) {
            Ok(()) => true,
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                // The watcher could not wait for signals: then only time ends the waiting.
                thread::park_timeout(limit);
                false
            }
        }
    }
}
