//! From what was typed to a tutorial or a script that can be run.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use topology::ready;

use super::{bytes_of, is_page, pages};
use crate::{
    cli::Failure,
    tutorial::{document::Document, read},
};

/// A tutorial or script.
#[derive(Debug)]
pub struct Page {
    /// Of its file, whole; only a name for one that comes with the program.
    pub path: PathBuf,
    pub document: Arc<Document>,
}

/// By its file or by the name of a ready tutorial. `None`: what is named is no tutorial and no script.
pub fn page(named: &str) -> Result<Option<Page>, Failure> {
    let path = Path::new(named);
    if !path.is_file() {
        if ready::find(named).is_some() {
            return Ok(None);
        }
        if let Some(page) = pages::find(named) {
            return Ok(Some(Page { path: page.file_name().into(), document: Arc::new(page.document()) }));
        }
    }
    if !is_page(path) {
        return Ok(None);
    }
    let said = |error: std::io::Error| Failure::bad_input(format!("{named}: {error}"));
    let bytes = bytes_of(path, read::LARGEST as u64)?;
    let bytes = bytes.ok_or_else(|| {
        Failure::bad_input(format!("{named}: too big for a tutorial ({} MiB at most)", read::LARGEST >> 20))
    })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let document = Arc::new(read::read(&name, &bytes));
    Ok(Some(Page { path: path.canonicalize().map_err(said)?, document }))
}
