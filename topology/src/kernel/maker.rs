//! Namespaces made one after the other on a thread of their own, while others are already worked in.
//!
//! Making one holds none of the kernel's big locks for long, and plugging cables holds one all the time:
//! beside each other they take hardly longer than the longer of the two.

use std::{
    panic::resume_unwind,
    thread::{self, JoinHandle},
};

use tokio::{
    runtime::Handle,
    sync::mpsc::{Receiver, Sender, channel},
};

use crate::{NamespaceName, StepError, Sysctls};

use super::{
    making::{Made, make_here},
    refusal::Attempt,
    room::Room,
    sysctl::Fresh,
};

/// So many namespaces may wait to be worked in, each with open files of its settings.
const AHEAD: usize = 64;

/// A thread that moves into each new namespace and never comes back.
#[derive(Debug)]
pub(super) struct Maker {
    made: Receiver<Result<Made, StepError>>,
    thread: Option<JoinHandle<()>>,
}

impl Maker {
    /// Begins with the first of `wanted`; they come in that order.
    pub(super) fn start(wanted: Vec<(NamespaceName, Sysctls)>, runtime: Handle) -> Result<Self, StepError> {
        let (sender, made) = channel(AHEAD);
        let thread = thread::Builder::new()
            .name("namespace maker".into())
            .spawn(move || make_all(&wanted, &runtime, &sender))
            .map_err(|error| Attempt::new("starting a thread", "it", "it").failed(&error))?;
        Ok(Self { made, thread: Some(thread) })
    }

    /// The next one, as soon as it is made; `None` after the last and after a failure.
    pub(super) async fn next(&mut self) -> Option<Result<Room, StepError>> {
        let made = self.made.recv().await;
        if made.is_none()
            && let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
        {
            resume_unwind(panic);
        }
        made.map(|made| made.and_then(Made::settle))
    }
}

fn make_all(wanted: &[(NamespaceName, Sysctls)], runtime: &Handle, made: &Sender<Result<Made, StepError>>) {
    let mut fresh: Option<Fresh> = None;
    for (name, sysctls) in wanted {
        let room = make_here(name, sysctls, runtime, &mut fresh);
        let failed = room.is_err();
        if made.blocking_send(room).is_err() || failed {
            return;
        }
    }
}
