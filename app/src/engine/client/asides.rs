//! What the engine says unasked besides events, on its way from the reader to whoever takes it.

use std::{
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
};

use topology::Sight;

use crate::terminal::{TerminalId, TerminalSaid};

/// What the engine says unasked, besides events.
#[derive(Clone, Debug, PartialEq)]
pub enum Aside {
    Terminal { terminal: TerminalId, said: TerminalSaid },
    Saw(Box<Sight>),
}

/// Cheap to clone; every clone is the same way.
#[derive(Clone, Debug, Default)]
pub struct Asides {
    way: Arc<Mutex<Way>>,
}

#[derive(Debug)]
enum Way {
    /// Nobody takes them yet. Of how the kernel stands only the latest is kept, so that this stays short; what
    /// terminals say is bounded by the engine, which waits until it is dealt with.
    Waiting(Vec<Aside>),
    Taken(Sender<Aside>),
    /// Nothing comes any more, and it was taken or there is this rest.
    Ended(Vec<Aside>),
}

impl Default for Way {
    fn default() -> Self {
        Self::Waiting(Vec::new())
    }
}

impl Asides {
    /// From now on they come there, after those that wait. Only who asks first gets them.
    pub fn take(&self) -> Option<Receiver<Aside>> {
        let mut way = self.way();
        let (sender, asides) = mpsc::channel();
        let (rest, next) = match &mut *way {
            Way::Taken(_) => return None,
            Way::Waiting(rest) => (mem::take(rest), Way::Taken(sender.clone())),
            Way::Ended(rest) => (mem::take(rest), Way::Ended(Vec::new())),
        };
        *way = next;
        rest.into_iter().for_each(|aside| sender.send(aside).unwrap_or_default());
        Some(asides)
    }

    pub fn pass_on(&self, aside: Aside) {
        match &mut *self.way() {
            Way::Waiting(waiting) => {
                if matches!(aside, Aside::Saw(_)) {
                    waiting.retain(|before| !matches!(before, Aside::Saw(_)));
                }
                waiting.push(aside);
            }
            // Whoever has let go of the receiver does not want them.
            Way::Taken(sender) => sender.send(aside).unwrap_or_default(),
            Way::Ended(_) => {}
        }
    }

    /// Nothing comes any more.
    pub fn end(&self) {
        let mut way = self.way();
        let rest = if let Way::Waiting(rest) = &mut *way { mem::take(rest) } else { Vec::new() };
        *way = Way::Ended(rest);
    }

    fn way(&self) -> MutexGuard<'_, Way> {
        // It is whole between any two lines that could panic.
        self.way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use topology::Lab;

    fn saw(title: &str) -> Aside {
        let lab = Lab { title: title.into(), ..Lab::default() };
        Aside::Saw(Box::new(Sight { lab, ..Sight::default() }))
    }

    fn wrote(bytes: &[u8]) -> Aside {
        Aside::Terminal { terminal: TerminalId(1), said: TerminalSaid::Output(bytes.to_vec()) }
    }

    #[test]
    fn who_comes_late_gets_every_output_and_the_latest_look() {
        let asides = Asides::default();
        [saw("a"), wrote(b"1"), saw("b"), wrote(b"2")].into_iter().for_each(|aside| asides.pass_on(aside));
        let taken = asides.take().expect("nobody took them before");
        assert!(asides.take().is_none());
        [saw("c"), saw("d")].into_iter().for_each(|aside| asides.pass_on(aside));
        asides.end();
        let came: Vec<Aside> = taken.iter().collect();
        assert_eq!(came, [wrote(b"1"), saw("b"), wrote(b"2"), saw("c"), saw("d")]);
    }

    #[test]
    fn what_was_said_before_the_end_can_still_be_taken() {
        let asides = Asides::default();
        asides.pass_on(saw("a"));
        asides.end();
        assert_eq!(asides.take().expect("nobody took them before").iter().collect::<Vec<_>>(), [saw("a")]);
    }
}
