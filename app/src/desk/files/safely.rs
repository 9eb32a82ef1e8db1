//! A file is either as it was or as it shall be, whatever happens in between.
//!
//! The new content goes into a file beside it, reaches the disk, and then takes the old one's name.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

/// As many symbolic links as Linux follows (path_resolution(7)).
const MOST_LINKS: usize = 40;

pub fn write_text(path: &Path, text: &str) -> io::Result<()> {
    write(path, |file| file.write_all(text.as_bytes()))
}

/// `fill` writes the new content. Symbolic links are followed, and permissions stay as they were.
///
/// # Errors
/// Those of the file system and of `fill`; then the old file is untouched, and nothing new is left.
pub fn write<T>(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
    let target = behind_links(path)?;
    let old = match fs::metadata(&target) {
        Ok(old) if !old.is_file() => {
            return Err(io::Error::new(ErrorKind::InvalidInput, "there is something else than a file"));
        }
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let beside = Beside::create(&target)?;
    let mut file = beside.file.try_clone()?;
    let done = fill(&mut file)?;
    if let Some(old) = old {
        keep_owner(&file, &old);
        // Second, since a change of the owner takes some permissions away.
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()?;
    beside.take_name_of(&target)?;
    Ok(done)
}

/// A new file in the same folder; gone again unless it took the name.
struct Beside {
    path: PathBuf,
    file: File,
    is_named: bool,
}

impl Beside {
    fn create(target: &Path) -> io::Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = target.file_name().ok_or_else(|| io::Error::from(ErrorKind::InvalidFilename))?;
        loop {
            let mut beside = OsString::from(".");
            beside.push(name);
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            beside.push(format!(".{}-{number}.new", std::process::id()));
            let path = target.with_file_name(beside);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { path, file, is_named: false }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn take_name_of(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.is_named = true;
        // The name reaches the disk with its folder; not every file system can do that.
        if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            let _at_some_time = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.is_named {
            let _gone_already = fs::remove_file(&self.path);
        }
    }
}

/// The file that a path stands for; its last part need not exist.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            // A relative link counts from where it stands; `join` takes an absolute one as it is.
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::NotFound) => {
                return Ok(path);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(ErrorKind::InvalidInput, "too many symbolic links"))
}

/// As root, the file of somebody else stays theirs. Others may not, and then it is theirs already.
#[cfg(unix)]
fn keep_owner(file: &File, old: &fs::Metadata) {
    use std::os::unix::fs::MetadataExt;
    let _not_allowed = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _old: &fs::Metadata) {}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("hopscope-safely-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<OsString> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_save_that_fails_leaves_the_old_file_alone() {
        let folder = folder("fails");
        let path = folder.join("lab.toml");
        write_text(&path, "old").unwrap();
        let failed: io::Result<()> = write(&path, |file| {
            file.write_all(b"half of the n")?;
            Err(io::Error::other("the disk is full"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "the disk is full");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(&folder), ["lab.toml"]);
        assert!(write_text(&folder, "a folder").is_err());
        assert!(write_text(&folder.join("nowhere/lab.toml"), "no folder").is_err());
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_permissions_kept() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder("links");
        fs::create_dir(folder.join("deep")).unwrap();
        let (real, link, dangling) =
            (folder.join("deep/real.toml"), folder.join("link.toml"), folder.join("new.toml"));
        write_text(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("deep/real.toml", &link).unwrap();
        std::os::unix::fs::symlink("deep/later.toml", &dangling).unwrap();
        write_text(&link, "new").unwrap();
        write_text(&dangling, "later").unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(fs::read_to_string(folder.join("deep/later.toml")).unwrap(), "later");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        std::os::unix::fs::symlink("loop", folder.join("loop")).unwrap();
        assert!(write_text(&folder.join("loop"), "").is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
