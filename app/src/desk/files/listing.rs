//! What is in a folder, for a person who looks for a file.

use std::{fs, io, path::Path};

use crate::model::command::{FolderEntry, News};

/// Nobody looks through more; the rest is said to be missing.
const MOST: usize = 20_000;

/// Folders first, then files, each sorted as people sort; what is hidden is left out.
pub fn list(path: &Path) -> News {
    let (entries, trouble) = match entries(path) {
        Ok((entries, true)) => (entries, None),
        Ok((entries, false)) => (entries, Some(format!("only {MOST} of its entries are shown"))),
        Err(error) => (Vec::new(), Some(in_words(&error))),
    };
    News::Folder { path: path.to_owned(), entries, trouble }
}

/// The entries, and whether these are all.
fn entries(path: &Path) -> io::Result<(Vec<FolderEntry>, bool)> {
    let mut found = Vec::new();
    let mut is_all = true;
    for entry in fs::read_dir(path)? {
        let Ok(entry) = entry else { continue };
        // A name that is no text could not be shown, nor come back from the window.
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if MOST <= found.len() {
            is_all = false;
            break;
        }
        // Following links: what one can go into is a folder.
        let is_folder = fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
        found.push(FolderEntry { is_folder, name });
    }
    found.sort_by_cached_key(|entry| (!entry.is_folder, entry.name.to_lowercase(), entry.name.clone()));
    Ok((found, is_all))
}

/// The system's words, without its numbers.
pub fn in_words(error: &io::Error) -> String {
    let said = error.to_string();
    said.split(" (os error").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use super::*;

    #[test]
    fn folders_come_first_and_hidden_things_not_at_all() {
        let folder = std::env::temp_dir().join(format!("hopscope-listing-{}", std::process::id()));
        fs::create_dir_all(folder.join("Zoo")).unwrap();
        for file in ["b.toml", "A.toml", ".secret", "c.pcapng"] {
            fs::write(folder.join(file), "").unwrap();
        }
        let News::Folder { entries, trouble, .. } = list(&folder) else { panic!("a folder is told") };
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!((names, trouble), (vec!["Zoo", "A.toml", "b.toml", "c.pcapng"], None));
        assert!(entries[0].is_folder && !entries[1].is_folder);
        fs::remove_dir_all(&folder).unwrap();
        let News::Folder { trouble, .. } = list(&folder) else { panic!("a folder is told") };
        assert_eq!(trouble.unwrap(), "No such file or directory");
    }
}
