//! Where this user keeps what (XDG Base Directory Specification), and which program is the engine.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The folders and the program that a desk works with. They need not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// Settings.
    pub config: PathBuf,
    /// What a crash leaves behind.
    pub state: PathBuf,
    /// Where recordings go that nobody gave a name.
    pub recordings: PathBuf,
    /// `None`: this program itself.
    pub engine: Option<PathBuf>,
}

impl Surroundings {
    pub fn of_this_user() -> Self {
        let home = env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
        let home = home.unwrap_or_else(env::temp_dir);
        let config = folder("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
        let state = folder("XDG_STATE_HOME").unwrap_or_else(|| home.join(".local/state"));
        let user_dirs = fs::read_to_string(config.join("user-dirs.dirs")).unwrap_or_default();
        let documents = documents(&user_dirs, &home).filter(|documents| documents.is_dir());
        Self {
            config: config.join("hopscope"),
            state: state.join("hopscope"),
            recordings: documents.unwrap_or(home),
            engine: None,
        }
    }

    pub fn settings_file(&self) -> PathBuf {
        self.config.join("settings.toml")
    }
}

/// The specification has relative paths ignored.
fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// `XDG_DOCUMENTS_DIR="$HOME/Documents"`, as xdg-user-dirs writes it.
fn documents(user_dirs: &str, home: &Path) -> Option<PathBuf> {
    let value = user_dirs.lines().find_map(|line| line.trim().strip_prefix("XDG_DOCUMENTS_DIR="))?;
    let value = value.trim().trim_matches('"');
    match value.strip_prefix("$HOME") {
        Some(below) => Some(home.join(below.trim_start_matches('/'))),
        None => Some(PathBuf::from(value)).filter(|path| path.is_absolute()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_for_documents_is_read_as_xdg_user_dirs_writes_it() {
        let home = Path::new("/nest");
        let found = |text: &str| documents(text, home);
        assert_eq!(
            found("# a\nXDG_DOCUMENTS_DIR=\"$HOME/Dokumente\"\n"),
            Some(PathBuf::from("/nest/Dokumente"))
        );
        assert_eq!(found("XDG_DOCUMENTS_DIR=\"/data/papers\""), Some(PathBuf::from("/data/papers")));
        assert_eq!(found("XDG_DOCUMENTS_DIR=\"papers\""), None);
        assert_eq!(found("XDG_MUSIC_DIR=\"$HOME/Music\""), None);
    }
}
