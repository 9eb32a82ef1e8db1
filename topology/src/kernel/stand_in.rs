//! STAND-IN: following by polling, until the kernel's own notifications are there.

use std::{io, thread, time::Duration};

use super::Kernel;
use crate::{Ground, ObserveError, Sight};

impl Kernel {
    pub fn follow(&mut self, wake: impl Fn() + Send + Sync + 'static) -> io::Result<()> {
        #[expect(clippy::disallowed_methods, reason = "STAND-IN")]
        let poll = move || {
            loop {
                thread::sleep(Duration::from_millis(15));
                wake();
            }
        };
        thread::Builder::new().name("follow".into()).spawn(poll).map(|_thread| ())
    }

    pub fn look(&mut self) -> Result<Sight, ObserveError> {
        Ok(Sight { lab: self.observe()?, ..Sight::default() })
    }
}
