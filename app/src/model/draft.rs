//! The lab that is drawn: its changes, undo, its file.
//!
//! Undo keeps whole labs. What a change means for the kernel is the plan between two of them, so that drawing,
//! undoing and redoing are one code path for whoever listens.

pub mod arrange;
mod clipboard;
mod connect;
mod edit;
mod growth;
mod history;
pub mod hues;
pub mod naming;
pub mod plugging;
pub mod proposal;
mod remove;
mod rename;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use topology::{Lab, adopt, file};

use self::{clipboard::Clipboard, growth::Growth, history::History, hues::Hues};
use super::{act::Item, command::Draw};

/// The drawing.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    lab: Arc<Lab>,
    history: History,
    clipboard: Clipboard,
    growth: Growth,
    hues: Hues,
    pub path: Option<PathBuf>,
    /// The text it was opened from or saved as, so that a save keeps comments.
    text: Option<String>,
    /// As it stands in the file.
    saved: Option<Arc<Lab>>,
    /// On its way into a file.
    saving: Option<Saving>,
}

#[derive(Clone, Debug)]
struct Saving {
    path: PathBuf,
    text: String,
    lab: Arc<Lab>,
}

/// What an edit did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edited {
    /// For people, as undo shows it: "Add namespace red".
    pub words: String,
    /// What should be selected now; `None`: as it was.
    pub select: Option<BTreeSet<Item>>,
}

impl Edited {
    fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), select: None }
    }

    fn selecting(self, items: impl IntoIterator<Item = Item>) -> Self {
        Self { select: Some(items.into_iter().collect()), ..self }
    }
}

impl Draft {
    /// A lab that needs no saving until it is changed.
    pub fn new(lab: Lab) -> Self {
        let lab = Arc::new(lab);
        Self { saved: Some(lab.clone()), lab, ..Self::default() }
    }

    pub fn lab(&self) -> &Arc<Lab> {
        &self.lab
    }

    /// Carries out an edit whole or not at all; the error is a sentence for people.
    pub fn draw(&mut self, draw: &Draw, selection: &BTreeSet<Item>) -> Result<Edited, String> {
        let mut lab = Lab::clone(&self.lab);
        let edited = match draw {
            Draw::Copy => {
                self.copy_out_of(&lab, selection);
                return Ok(Edited::new("Copy"));
            }
            Draw::Cut => {
                let taken = Clipboard::of(&lab, selection);
                let edited = remove::items(&mut lab, selection)?;
                self.clipboard = taken;
                Edited { words: "Cut".into(), ..edited }
            }
            Draw::Paste { at } => self.clipboard.paste(&mut lab, *at)?,
            Draw::Duplicate => Clipboard::of(&lab, selection).duplicate(&mut lab)?,
            other => edit::edit(&mut lab, other)?,
        };
        if lab != *self.lab {
            let gesture = if let Draw::Move { gesture, .. } = draw { Some(*gesture) } else { None };
            self.history.remember(self.lab.clone(), &edited.words, gesture);
            self.lab = Arc::new(lab);
            if puts_something(draw) {
                self.growth.is_by_hand();
            }
        }
        Ok(edited)
    }

    /// Copies from another lab than the one that is drawn, as from a recording's.
    pub fn copy_out_of(&mut self, lab: &Lab, selection: &BTreeSet<Item>) {
        self.clipboard = Clipboard::of(lab, selection);
    }

    /// What was copied in one drawing can be pasted into the next.
    #[must_use]
    pub fn with_clipboard_of(self, other: &Self) -> Self {
        Self { clipboard: other.clipboard.clone(), ..self }
    }

    /// Takes the last edit back; gives its words.
    pub fn undo(&mut self) -> Option<String> {
        let (lab, words) = self.history.undo(self.lab.clone())?;
        self.lab = lab;
        Some(words)
    }

    pub fn redo(&mut self) -> Option<String> {
        let (lab, words) = self.history.redo(self.lab.clone())?;
        self.lab = lab;
        Some(words)
    }

    /// What undo would take back, and redo bring again.
    pub fn undo_words(&self) -> Option<&str> {
        self.history.undo_words()
    }

    pub fn redo_words(&self) -> Option<&str> {
        self.history.redo_words()
    }

    pub fn is_saved(&self) -> bool {
        self.saved.as_ref().is_some_and(|saved| Arc::ptr_eq(saved, &self.lab) || **saved == *self.lab)
    }

    /// It stands in this file, with this text.
    pub fn mark_saved(&mut self, path: PathBuf, text: String) {
        self.path = Some(path);
        self.text = Some(text);
        self.saved = Some(self.lab.clone());
    }

    /// The text to be written into this file, in which namespaces of processes have names of their own; [`Draft::saved_into`] when that is done. Meanwhile one may draw on.
    pub fn save_into(&mut self, path: PathBuf) -> String {
        let text = self.text_of(&adopt::with_names_of_their_own(&self.lab).0);
        self.saving = Some(Saving { path, text: text.clone(), lab: self.lab.clone() });
        text
    }

    /// What was on its way into this file stands there now; false if that was not this drawing.
    pub fn saved_into(&mut self, path: &Path) -> bool {
        match self.saving.take() {
            Some(Saving { path: to, text, lab }) if to == path => {
                self.path = Some(to);
                self.text = Some(text);
                self.saved = Some(lab);
                true
            }
            other => {
                self.saving = other;
                false
            }
        }
    }

    /// It stands nowhere: it would be lost.
    pub fn mark_unsaved(&mut self) {
        self.saved = None;
    }

    fn text_of(&self, lab: &Lab) -> String {
        self.text.as_ref().map_or_else(|| file::write(lab), |old| file::rewrite(old, lab))
    }

    /// The lab file: over the text that it came from, so that its comments stay.
    pub fn save_text(&self) -> String {
        self.text_of(&self.lab)
    }
}

/// Whether the person chose a place by it.
fn puts_something(draw: &Draw) -> bool {
    match draw {
        Draw::Move { .. } | Draw::Paste { .. } | Draw::Duplicate => true,
        Draw::AddNamespace { .. } | Draw::AddRouter { .. } | Draw::AddBridge { .. } => true,
        Draw::Connect { .. } | Draw::Remove(_) | Draw::Cut | Draw::Copy | Draw::Arrange | Draw::Lab(_) => {
            false
        }
        Draw::RenameNamespace { .. } | Draw::RenameInterface { .. } | Draw::Up { .. } => false,
        Draw::Interface { .. } | Draw::Namespace { .. } | Draw::Bridge { .. } => false,
    }
}
