//! `hopscope open`, and `hopscope` alone: the window.

use std::path::{Path, PathBuf};

use topology::ready;

use super::{Failure, Status};
use crate::{model::command::File, tutorial::ready as pages, window};

pub fn open(what: Option<&str>) -> Result<Status, Failure> {
    let first = first(what)?;
    if !has_display() {
        return Err(Failure::incapable(
            "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set); \
             `hopscope run LAB` and `hopscope show FILE` do the same in text",
        ));
    }
    window::open(first).map_err(Failure::incapable)?;
    Ok(Status::Good)
}

/// What the window opens on.
fn first(what: Option<&str>) -> Result<File, Failure> {
    let Some(what) = what else {
        return Ok(File::OpenReady(ready::LABS[0].name));
    };
    if Path::new(what).is_file() {
        // A script runs in its own folder, whatever the folder was that it was opened from.
        let path = std::path::absolute(what).unwrap_or_else(|_| PathBuf::from(what));
        return Ok(File::Open(path));
    }
    match (ready::find(what), pages::find(what)) {
        (Some(ready), _) => Ok(File::OpenReady(ready.name)),
        (None, Some(page)) => Ok(File::OpenReadyPage(page.name)),
        (None, None) if Path::new(what).exists() => Ok(File::Open(PathBuf::from(what))),
        (None, None) => Err(super::load::lab(what).err().unwrap_or_else(|| Failure::bad_input(what))),
    }
}

fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
