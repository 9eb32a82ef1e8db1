//! The project's own files, as the laws read them.

use std::{fs, path::Path};

use crate::scan;

/// A file of the repository.
pub struct Source {
    /// From the repository's root, with `/` between the parts.
    pub path: String,
    pub text: String,
}

impl Source {
    /// The Rust text with comments and the contents of literals blanked; lines stay where they were.
    pub fn code(&self) -> String {
        scan::without_comments_and_literals(&self.text)
    }

    /// [`Source::code`] with what is compiled for tests only blanked too; nothing of a test file is left.
    pub fn product_code(&self) -> String {
        if self.is_test() { String::new() } else { scan::without_test_items(&self.code()) }
    }

    /// [`Source::code`] less [`Source::product_code`]: what only tests run.
    pub fn test_code(&self) -> String {
        let (code, product) = (self.code(), self.product_code());
        if product.is_empty() {
            return code;
        }
        let only_tests = |(all, kept): (char, char)| if all == kept && all != '\n' { ' ' } else { all };
        code.chars().zip(product.chars()).map(only_tests).collect()
    }

    /// Whole-system tests, benchmarks, and `tests.rs` modules beside the code.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.starts_with("tests/") || self.path.contains("/tests/") || name == "tests.rs"
    }

    pub fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == "rs")
    }
}

/// Every text file of the repository, in order of path, without what is built and without the lock file.
pub fn all() -> Vec<Source> {
    let mut found = Vec::new();
    collect(root(), "", &mut found);
    assert!(found.iter().any(|source| source.path == "topology/src/lab.rs"), "the laws read the wrong place");
    found
}

/// Every Rust file of the repository, in order of path.
pub fn rust() -> Vec<Source> {
    all().into_iter().filter(Source::is_rust).collect()
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a member of the workspace")
}

fn collect(directory: &Path, prefix: &str, found: &mut Vec<Source>) {
    let entries = fs::read_dir(directory).expect("the repository can be read");
    let mut entries: Vec<_> = entries.map(|entry| entry.expect("an entry can be read")).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if [".git", "target", "Cargo.lock", "__fuzz__"].contains(&name.as_str()) {
            continue;
        }
        if entry.file_type().expect("an entry has a type").is_dir() {
            collect(&entry.path(), &path, found);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            // What is not UTF-8 is a picture or a recording, about which the laws have nothing to say.
            found.push(Source { path, text });
        }
    }
}
