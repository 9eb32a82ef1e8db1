//! The tutorial or script that is open: run, asked about, closed.

use std::{path::PathBuf, sync::Arc};

use crate::{
    model::{
        command::{Effect, Page},
        state::State,
    },
    tutorial::document::Document,
};

/// STAND-IN
pub fn page(_state: &mut State, _wish: Page) -> Vec<Effect> {
    Vec::new()
}

/// STAND-IN
pub fn opened(_state: &mut State, _path: PathBuf, _document: Arc<Document>) -> Vec<Effect> {
    Vec::new()
}
