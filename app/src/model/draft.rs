//! The lab that is drawn: its changes, undo, its file.

pub mod arrange;

use std::{path::PathBuf, sync::Arc};

use topology::Lab;

use super::command::Draw;

/// The drawing. Undo keeps labs: what a change means for the kernel is the plan between two of them.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    lab: Arc<Lab>,
    pub path: Option<PathBuf>,
    /// The text it was opened from, so that a save keeps comments.
    pub text: Option<String>,
}

/// What an edit did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edited {
    /// For people, as undo shows it: "Add namespace red".
    pub words: String,
    /// What should be selected now; `None`: as it was.
    pub select: Option<std::collections::BTreeSet<super::act::Item>>,
}

// STAND-IN bodies, until the draft is written.
impl Draft {
    pub fn new(lab: Lab) -> Self {
        Self { lab: Arc::new(lab), path: None, text: None }
    }
    pub fn lab(&self) -> &Arc<Lab> {
        &self.lab
    }
    /// Carries out an edit whole or not at all; the error is a sentence for people.
    pub fn draw(
        &mut self,
        _draw: &Draw,
        _selection: &std::collections::BTreeSet<super::act::Item>,
    ) -> Result<Edited, String> {
        Ok(Edited::default())
    }
    pub fn undo(&mut self) -> Option<String> {
        None
    }
    pub fn redo(&mut self) -> Option<String> {
        None
    }
    /// What undo would take back, and redo bring again.
    pub fn undo_words(&self) -> Option<&str> {
        None
    }
    pub fn redo_words(&self) -> Option<&str> {
        None
    }
    pub fn is_saved(&self) -> bool {
        true
    }
    pub fn mark_saved(&mut self, _path: PathBuf, _text: String) {}
}
