//! The settings' file, as text; what it means is the state's business.

use std::{fs::File, io::Read};

use super::{files::safely, surroundings::Surroundings};

/// Settings are some lines; what is longer is none.
const LONGEST: u64 = 1 << 20;

/// The text as of the last end; `None` where there is none, or none that can be read.
pub fn load() -> Option<String> {
    load_from(&Surroundings::of_this_user())
}

pub fn load_from(surroundings: &Surroundings) -> Option<String> {
    let mut text = String::new();
    File::open(surroundings.settings_file()).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

pub(super) fn save(surroundings: &Surroundings, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(&surroundings.config)?;
    safely::write_text(&surroundings.settings_file(), text)
}
