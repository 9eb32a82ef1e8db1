//! What can be undone and redone.

use std::{collections::VecDeque, sync::Arc};

use topology::Lab;

/// So many edits can be taken back.
const MOST: usize = 300;

#[derive(Clone, Debug, Default)]
pub struct History {
    /// Labs as they were before an edit, the newest last.
    before: VecDeque<Entry>,
    after: Vec<Entry>,
    /// The gesture of the newest edit.
    gesture: Option<u64>,
}

#[derive(Clone, Debug)]
struct Entry {
    lab: Arc<Lab>,
    words: String,
}

impl History {
    /// An edit made something else out of `lab`. Edits of one gesture are taken back together.
    pub fn remember(&mut self, lab: Arc<Lab>, words: &str, gesture: Option<u64>) {
        self.after.clear();
        if gesture.is_some() && self.gesture == gesture && !self.before.is_empty() {
            return;
        }
        self.gesture = gesture;
        if self.before.len() == MOST {
            self.before.pop_front();
        }
        self.before.push_back(Entry { lab, words: words.into() });
    }

    /// The newest edit went on, and is called so now.
    pub fn go_on(&mut self, words: &str) {
        self.after.clear();
        if let Some(entry) = self.before.back_mut() {
            entry.words = words.into();
        }
    }

    pub fn forget_newest_before(&mut self) {
        self.before.pop_back();
    }

    pub fn forget_newest_after(&mut self) {
        self.after.pop();
    }

    pub fn undo(&mut self, now: Arc<Lab>) -> Option<(Arc<Lab>, String)> {
        let Entry { lab, words } = self.before.pop_back()?;
        self.gesture = None;
        self.after.push(Entry { lab: now, words: words.clone() });
        Some((lab, words))
    }

    pub fn redo(&mut self, now: Arc<Lab>) -> Option<(Arc<Lab>, String)> {
        let Entry { lab, words } = self.after.pop()?;
        self.gesture = None;
        self.before.push_back(Entry { lab: now, words: words.clone() });
        Some((lab, words))
    }

    pub fn undo_words(&self) -> Option<&str> {
        self.before.back().map(|entry| entry.words.as_str())
    }

    pub fn redo_words(&self) -> Option<&str> {
        self.after.last().map(|entry| entry.words.as_str())
    }
}
