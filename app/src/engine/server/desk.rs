//! The one thread that owns the kernel's side of the lab.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc::{self, Sender},
};

use topology::{StepError, kernel::Kernel};

use super::{listening::Listening, outbox::Outbox, site::Site};

type Errand = Box<dyn FnOnce(&mut Site) + Send>;

/// Errands are run one after the other, in the order in which they were handed in. Cheap to clone.
#[derive(Clone)]
pub struct KernelDesk {
    errands: Sender<Errand>,
    /// Somebody will look anyway.
    is_look_due: Arc<AtomicBool>,
}

impl KernelDesk {
    /// Starts the thread, and waits until the kernel answered once. Beside it come the taps, which follow it.
    pub fn open(outbox: &Outbox) -> Result<(Self, Listening), StepError> {
        let (errands, inbox) = mpsc::channel::<Errand>();
        let desk = Self { errands, is_look_due: Arc::default() };
        let (opened, opening) = mpsc::sync_channel(1);
        let unfit = |why: String| StepError::Unfit(why);
        let bell = desk.clone();
        let listening = Listening::new(outbox.clone(), move || bell.wake());
        let listening = listening.map_err(|error| unfit(error.to_string()))?;
        let (own, outbox, taps) = (desk.clone(), outbox.clone(), listening.clone());
        let run = move || {
            let unfit = |error: std::io::Error| StepError::Unfit(error.to_string());
            let kernel = Kernel::new().and_then(|kernel| kernel.seeing_processes().map_err(unfit));
            let mut site = match kernel {
                Ok(kernel) => Site::new(kernel, own, outbox, taps),
                Err(error) => return opened.send(Err(error)).unwrap_or_default(),
            };
            opened.send(Ok(())).unwrap_or_default();
            inbox.into_iter().for_each(|errand| errand(&mut site));
        };
        std::thread::Builder::new()
            .name("kernel".into())
            .spawn(run)
            .map_err(|error| unfit(error.to_string()))?;
        opening.recv().map_err(|_| unfit("the kernel's thread ended at once".into()))??;
        Ok((desk, listening))
    }

    pub fn hand_in(&self, errand: impl FnOnce(&mut Site) + Send + 'static) {
        // The thread only ends by a panic, which ends the whole engine.
        let _taken = self.errands.send(Box::new(errand));
    }

    /// Nothing is looked at any more: the end has other work for the kernel.
    pub fn look_no_more(&self) {
        // As if a look were due that never comes.
        self.is_look_due.store(true, Ordering::Release);
        self.hand_in(Site::look_no_more);
    }

    /// Something changed in the kernel: it is looked at when all errands before are done. However often this is
    /// called until then, that is one look.
    pub fn wake(&self) {
        if !self.is_look_due.swap(true, Ordering::AcqRel) {
            let is_look_due = Arc::clone(&self.is_look_due);
            self.hand_in(move |site| {
                // First: what changes while it looks may be seen or not, and is worth another look.
                is_look_due.store(false, Ordering::Release);
                site.look_if_following();
            });
        }
    }
}
