//! From a file's bytes to a [`Document`].

use super::document::Document;

/// A page larger than this is refused by whoever opens it.
pub const LARGEST: usize = 4 << 20;

/// Reads a tutorial (`.md`, `.markdown`, `.txt`) or a script (`.sh`, `.bash`, or whatever begins with `#!` and a shell).
/// Never fails: what is not understood is shown as text. `name` is the file's name.
///
/// STAND-IN
pub fn read(name: &str, bytes: &[u8]) -> Document {
    let _ = bytes;
    Document { title: name.to_owned(), ..Document::default() }
}

/// Whether a file of this name is a tutorial or a script.
pub fn is_page(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("md" | "markdown" | "sh" | "bash"))
}
