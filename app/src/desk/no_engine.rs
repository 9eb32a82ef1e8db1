//! In place of running labs, in a build without the engine: says so, in plain words.

use std::sync::Arc;

use capture::{Event, WireNs};
use topology::{Lab, NamespaceName};

use super::{Surroundings, post::Post, threads::Threads};
use crate::{
    model::{
        act::{Act, ActId},
        changes::Change,
        command::News,
    },
    terminal::{TerminalId, TerminalSaid, TerminalSize},
};

/// As its namesake of a build with the engine.
pub struct Live {
    post: Post,
}

impl Live {
    pub fn open(_surroundings: &Surroundings, post: &Post, _threads: &Threads) -> Self {
        Self { post: post.clone() }
    }

    pub fn start(&self, _lab: Arc<Lab>) {
        self.post.tell(News::Refused {
            what: "labs cannot be run here".into(),
            why: "this Hopscope was built without its engine; it draws labs and shows recordings".into(),
            mend: "get a Hopscope with the engine, on Linux, to run them".into(),
        });
    }

    pub fn change(&self, _change: Change) {}

    pub fn stop(&self) {
        self.post.tell(News::Stopped { why: None });
    }

    pub fn act(&self, id: ActId, _act: Act) {
        let words = "no lab runs".to_owned();
        self.post.tell(News::ActWent { id, sent: 0, answered: 0, words, is_bad: true, is_over: true });
    }

    pub fn stop_act(&self, _id: ActId) {}

    pub fn let_taps_come(&self, _has_stp: bool) {}

    pub fn open_terminal(&self, terminal: TerminalId, _namespace: NamespaceName, _size: TerminalSize) {
        let said = TerminalSaid::Failed { why: "no lab runs".into() };
        self.post.tell(News::Terminal { terminal, said });
    }

    pub fn type_into(&self, _terminal: TerminalId, _bytes: Vec<u8>) {}

    pub fn resize_terminal(&self, _terminal: TerminalId, _size: TerminalSize) {}

    pub fn close_terminal(&self, _terminal: TerminalId) {}

    pub fn start_recording(&self) {
        let words = "there is nothing to record: no lab runs".to_owned();
        self.post.tell(News::Notice { words, is_bad: true });
    }

    pub fn stop_recording(&self) {
        let words = "no recording runs".to_owned();
        self.post.tell(News::Notice { words, is_bad: true });
    }

    pub fn caption(&self, _at: WireNs, _text: String) {}

    pub fn events(&self) -> Option<Box<dyn Iterator<Item = Event> + Send>> {
        None
    }

    pub fn source(&self) -> Option<u64> {
        None
    }

    pub fn end(&self) {}
}
