//! Namespaces made ahead: one thread makes them one after the other while the plan goes on with what
//! those that are ready already allow. For much of what the kernel does to make one, nobody else
//! has to wait.

use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        mpsc::{Receiver, TryRecvError, channel},
    },
    thread,
};

use tokio::runtime::Handle;

use crate::{NamespaceName, StepError, Sysctls};

use super::{Kernel, carry::Failure, making, refusal::Attempt, room::Room};

/// Namespaces on their way.
#[derive(Debug)]
pub(super) struct Making {
    /// Those that did not come yet, in the order in which they will, with the places of their steps.
    missing: VecDeque<(NamespaceName, usize)>,
    /// Never locked: it is here so that a [`Kernel`] may be shared between threads.
    arrivals: Mutex<Receiver<Result<Room, StepError>>>,
    failed: Option<Failure>,
    made: Vec<usize>,
    /// How much of the plan was done before.
    after: usize,
}

impl Making {
    fn start(runtime: Handle, wanted: Vec<(usize, NamespaceName, Sysctls)>, after: usize) -> Self {
        let missing = wanted.iter().map(|(step, name, _)| (name.clone(), *step)).collect();
        let (sender, arrivals) = channel();
        let mut making = Self { missing, arrivals: Mutex::new(arrivals), failed: None, made: vec![], after };
        let make = move || {
            let wanted = wanted.iter().map(|(_, name, sysctls)| (name, sysctls));
            // Whoever no longer listens has given up the whole plan.
            making::make(&runtime, wanted, |room| sender.send(room).is_ok());
        };
        if let Err(error) = thread::Builder::new().name("namespace making".into()).spawn(make) {
            making.fail(Attempt::new("starting a thread", "it", "it").failed(&error));
        }
        making
    }

    fn fail(&mut self, error: StepError) {
        let step = self.missing.front().map_or(0, |(_, step)| *step);
        self.failed = self.failed.take().or(Some((step, error)));
        self.missing.clear();
    }

    /// The next one, if it is there, or when it is there (`wait`).
    fn next(&mut self, wait: bool) -> Option<(NamespaceName, Room)> {
        let arrivals = self.arrivals.get_mut().expect("nobody locks it, so nobody can have broken it");
        let arrival = if wait { arrivals.recv().map_err(TryRecvError::from) } else { arrivals.try_recv() };
        match arrival {
            Ok(Ok(room)) => {
                let (name, step) = self.missing.pop_front()?;
                self.made.push(step);
                return Some((name, room));
            }
            Ok(Err(error)) => self.fail(error),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => {
                let broken = std::io::ErrorKind::BrokenPipe.into();
                self.fail(Attempt::new("making namespaces", "it", "it").failed(&broken));
            }
        }
        None
    }
}

impl Kernel {
    /// Returns at once; [`Kernel::room`] waits for those that are not there yet.
    /// `done` is what [`Kernel::all_made`] will add to.
    pub(super) fn make_ahead(
        &mut self,
        wanted: Vec<(usize, NamespaceName, Sysctls)>,
        done: &mut Vec<usize>,
    ) -> Result<(), Failure> {
        self.all_made(done)?;
        self.making = Some(Making::start(self.runtime().handle().clone(), wanted, done.len()));
        Ok(())
    }

    /// Waits for all that are on their way. They count as done before whatever was done meanwhile.
    pub(super) fn all_made(&mut self, done: &mut Vec<usize>) -> Result<(), Failure> {
        let Some(mut making) = self.making.take() else { return Ok(()) };
        while !making.missing.is_empty() {
            self.rooms.extend(making.next(true));
        }
        done.splice(making.after..making.after, making.made);
        making.failed.map_or(Ok(()), Err)
    }

    /// Whether the namespace would not have to be waited for.
    pub(super) fn is_made(&mut self, name: &NamespaceName) -> bool {
        let Some(making) = &mut self.making else { return true };
        while making.missing.iter().any(|(missing, _)| missing == name) {
            match making.next(false) {
                Some(made) => self.rooms.extend([made]),
                None => return making.missing.is_empty(),
            }
        }
        true
    }

    /// Waits for a namespace that is on its way.
    pub(super) fn await_making(&mut self, name: &NamespaceName) {
        let Some(making) = &mut self.making else { return };
        while making.missing.iter().any(|(missing, _)| missing == name) {
            self.rooms.extend(making.next(true));
        }
    }
}
