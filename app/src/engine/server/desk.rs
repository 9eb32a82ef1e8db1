//! The one thread that owns the kernel's side of the lab.

use std::sync::mpsc::{self, Sender};

use topology::{StepError, kernel::Kernel};

type Errand = Box<dyn FnOnce(&mut Kernel) + Send>;

/// Errands are run one after the other, in the order in which they were handed in.
pub struct KernelDesk {
    errands: Sender<Errand>,
}

impl KernelDesk {
    /// Starts the thread, and waits until the kernel answered once.
    pub fn open() -> Result<Self, StepError> {
        let (errands, inbox) = mpsc::channel::<Errand>();
        let (opened, opening) = mpsc::sync_channel(1);
        let run = move || {
            let mut kernel = match Kernel::new() {
                Ok(kernel) => kernel,
                Err(error) => return opened.send(Err(error)).unwrap_or_default(),
            };
            opened.send(Ok(())).unwrap_or_default();
            inbox.into_iter().for_each(|errand| errand(&mut kernel));
        };
        let unfit = |why: String| StepError::Unfit(why);
        std::thread::Builder::new()
            .name("kernel".into())
            .spawn(run)
            .map_err(|error| unfit(error.to_string()))?;
        opening.recv().map_err(|_| unfit("the kernel's thread ended at once".into()))??;
        Ok(Self { errands })
    }

    pub fn hand_in(&self, errand: impl FnOnce(&mut Kernel) + Send + 'static) {
        // It only ends with this desk, or by a panic, which ends the whole engine.
        let _taken = self.errands.send(Box::new(errand));
    }
}
