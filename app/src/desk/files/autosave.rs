//! The drawing as it was a moment ago, for the case that this process dies.
//!
//! Each process has a file of its own beside a lock that it holds as long as it lives. A file whose lock
//! is free was left behind by a crash. Two windows never write to the same one.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use super::safely;
use crate::model::command::News;

const PREFIX: &str = "autosave-";
/// A lab file of the largest size, and what JSON adds to it.
const LONGEST: u64 = 3 * topology::file::LONGEST as u64;

#[derive(Debug, Serialize, Deserialize)]
struct Content {
    text: String,
    path: Option<String>,
}

/// A file and the lock that says whose it is.
#[derive(Debug)]
struct Claim {
    file: PathBuf,
    lock: PathBuf,
    /// Locked as long as it is open.
    _held: File,
}

#[derive(Debug)]
pub struct Autosave {
    folder: PathBuf,
    /// `None` until something is kept.
    own: Option<Claim>,
    /// What somebody left behind, until it is dropped.
    found: Option<Claim>,
}

impl Autosave {
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), own: None, found: None }
    }

    /// The newest of what processes left behind that are gone. It is ours from now on.
    pub fn look(&mut self) -> Option<News> {
        let mut left: Vec<(SystemTime, PathBuf)> = fs::read_dir(&self.folder)
            .ok()?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX)))
            .filter_map(|path| Some((fs::metadata(&path).ok()?.modified().ok()?, path)))
            .collect();
        left.sort();
        for (_, file) in left.into_iter().rev() {
            let Ok(claim) = Claim::take(file) else { continue };
            // What cannot be read helps nobody, also not at the next start.
            let Some(content) = read(&claim.file) else {
                claim.remove();
                continue;
            };
            self.found = Some(claim);
            let path = content.path.map(PathBuf::from);
            return Some(News::FoundAutosave { text: content.text, path });
        }
        None
    }

    pub fn keep(&mut self, text: String, path: Option<&Path>) -> io::Result<()> {
        if self.own.is_none() {
            fs::create_dir_all(&self.folder)?;
            self.own = Some(self.own_claim()?);
        }
        let path = path.and_then(Path::to_str).map(str::to_owned);
        let content = serde_json::to_string(&Content { text, path })?;
        match &self.own {
            Some(own) => safely::write_text(&own.file, &content),
            None => Ok(()),
        }
    }

    /// A number of a process comes again at some time, and may have left something behind before.
    fn own_claim(&self) -> io::Result<Claim> {
        let process = std::process::id();
        let names = (0..).map(|number| format!("{PREFIX}{process}-{number}.json"));
        let mut free = names.map(|name| self.folder.join(name)).filter(|file| !file.exists());
        loop {
            let file = free.next().ok_or(io::ErrorKind::AlreadyExists)?;
            match Claim::take(file) {
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {}
                taken => return taken,
            }
        }
    }

    /// Nothing needs to be restored any more.
    pub fn drop_all(&mut self) {
        [self.own.take(), self.found.take()].into_iter().flatten().for_each(Claim::remove);
    }

    /// An orderly end leaves nothing of its own; what was found and not looked at stays for the next time.
    pub fn end(mut self) {
        if let Some(own) = self.own.take() {
            own.remove();
        }
    }
}

impl Claim {
    /// Fails where a living process has it.
    fn take(file: PathBuf) -> io::Result<Self> {
        let lock = file.with_extension("lock");
        let held = OpenOptions::new().write(true).create(true).truncate(false).open(&lock)?;
        match held.try_lock() {
            Ok(()) => Ok(Self { file, lock, _held: held }),
            Err(TryLockError::Error(error)) => Err(error),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::ResourceBusy.into()),
        }
    }

    fn remove(self) {
        // The content first: a lock without content is nothing, content without a lock is a crash.
        let _none = fs::remove_file(&self.file);
        let _none = fs::remove_file(&self.lock);
    }
}

fn read(file: &Path) -> Option<Content> {
    let mut text = String::new();
    File::open(file).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use super::*;

    #[test]
    fn what_the_dead_left_is_found_once_and_what_the_living_have_is_not() {
        let folder = std::env::temp_dir().join(format!("hopscope-autosave-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let left = Content { text: "hopscope = 1".into(), path: Some("/labs/a.toml".into()) };
        fs::write(folder.join("autosave-1.json"), serde_json::to_string(&left).unwrap()).unwrap();
        fs::write(folder.join("autosave-2.json"), "half of a").unwrap();

        let (mut one, mut other) = (Autosave::in_folder(&folder), Autosave::in_folder(&folder));
        one.keep("mine".into(), None).unwrap();
        let found = News::FoundAutosave { text: left.text, path: Some("/labs/a.toml".into()) };
        assert_eq!(one.look(), Some(found.clone()));
        assert_eq!(other.look(), None, "it is the first one's now, and so is its own");
        one.end();
        // The first one did not look at it.
        assert_eq!(other.look(), Some(found));
        other.drop_all();
        assert_eq!(Autosave::in_folder(&folder).look(), None);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "nothing is left behind");
        fs::remove_dir_all(folder).unwrap();
    }
}
