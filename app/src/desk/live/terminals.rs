//! Terminals of the lab that runs: what is wished of them goes to the engine in order, what they say to the window.

use std::{
    collections::BTreeSet,
    sync::mpsc::{Receiver, Sender, channel},
};

use topology::NamespaceName;

use super::lab::Now;
use crate::{
    desk::{post::Post, threads::Threads},
    engine::{
        client::{Aside, Asker, EngineError},
        protocol::LONGEST_TYPED,
    },
    model::command::News,
    terminal::{TerminalId, TerminalSaid, TerminalSize},
};

/// A shell whose window was closed ends with this, and so does one whose engine is gone.
const HUNG_UP: i32 = 128 + 1;

/// What is wished of a terminal.
pub enum Wish {
    Open {
        terminal: TerminalId,
        namespace: NamespaceName,
        size: TerminalSize,
    },
    Type {
        terminal: TerminalId,
        bytes: Vec<u8>,
    },
    Resize {
        terminal: TerminalId,
        size: TerminalSize,
    },
    Close(TerminalId),
    /// The window has taken so many octets of its output.
    Took {
        terminal: TerminalId,
        octets: usize,
    },
    Quit,
}

/// The way to a thread that hands wishes on; nothing here waits.
pub struct Terminals {
    wishes: Sender<Wish>,
}

impl Terminals {
    pub fn open(now: Now, post: &Post, threads: &Threads) -> Self {
        // Bounded by what a person types, and by the output that the engine sends ahead.
        let (wishes, inbox) = channel();
        let taken = wishes.clone();
        post.tell_what_was_taken(move |terminal, octets| {
            // Nobody is interested any more when the thread has ended.
            let _nobody = taken.send(Wish::Took { terminal, octets });
        });
        let post = post.clone();
        threads.start("terminals", move || hand_on(&inbox, &now, &post));
        Self { wishes }
    }

    pub fn wish(&self, wish: Wish) {
        // The thread only ends with the desk.
        let _ending = self.wishes.send(wish);
    }
}

fn hand_on(wishes: &Receiver<Wish>, now: &Now, post: &Post) {
    for wish in wishes {
        let running = now.get();
        let asker = running.as_ref().map(|running| &running.asker);
        match (wish, asker) {
            (Wish::Quit, _) => break,
            (Wish::Open { terminal, namespace, size }, asker) => {
                let opened = asker.map(|asker| asker.open_terminal(terminal, namespace, size));
                let why = match opened {
                    None => "no lab runs".into(),
                    Some(Err(error)) => error.to_string(),
                    Some(Ok(())) => continue,
                };
                post.tell(News::Terminal { terminal, said: TerminalSaid::Failed { why } });
            }
            // What is typed into a terminal that has just ended is typed into nothing.
            (_, None) => {}
            (Wish::Type { terminal, bytes }, Some(asker)) => type_into(asker, terminal, &bytes, post),
            (Wish::Resize { terminal, size }, Some(asker)) => ended(asker.resize_terminal(terminal, size)),
            (Wish::Close(terminal), Some(asker)) => ended(asker.close_terminal(terminal)),
            (Wish::Took { terminal, octets }, Some(asker)) => {
                ended(asker.took(terminal, u32::try_from(octets).unwrap_or(u32::MAX)));
            }
        }
    }
}

/// In pieces that the engine takes.
fn type_into(asker: &Asker, terminal: TerminalId, bytes: &[u8], post: &Post) {
    for piece in bytes.chunks(LONGEST_TYPED) {
        match asker.type_into(terminal, piece.to_vec()) {
            Ok(()) => {}
            Err(EngineError::Unfit(words)) => {
                return post.tell(News::Notice { words, is_bad: true });
            }
            Err(_has_ended) => return,
        }
    }
}

/// The only thing that can go wrong is that it has ended, which it says itself.
fn ended(_wished: Result<(), EngineError>) {}

/// Carries what an engine says unasked to the window, until the engine is gone.
pub fn pass_on(asides: &Receiver<Aside>, post: &Post) {
    let mut open = BTreeSet::new();
    for aside in asides {
        match aside {
            Aside::Saw(sight) => post.tell(News::Saw(sight)),
            Aside::Terminal { terminal, said } => {
                match said {
                    TerminalSaid::Opened { .. } => {
                        open.insert(terminal);
                    }
                    TerminalSaid::Ended { .. } | TerminalSaid::Failed { .. } => {
                        open.remove(&terminal);
                    }
                    TerminalSaid::Output(_) | TerminalSaid::At(_) => {}
                }
                post.tell(News::Terminal { terminal, said });
            }
        }
    }
    for terminal in open {
        post.tell(News::Terminal { terminal, said: TerminalSaid::Ended { status: HUNG_UP } });
    }
}
