//! Tutorials that come with the program: short, and to be typed along.

use super::{document::Document, read};

/// A tutorial that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadyPage {
    /// For the command line, and its file's name without the ending.
    pub name: &'static str,
    /// A sentence on what one learns.
    pub about: &'static str,
    /// Markdown.
    pub text: &'static str,
}

macro_rules! ready_pages {
    ($($name:literal: $about:literal),* $(,)?) => {
        /// All of them, the easiest first.
        pub const PAGES: &[ReadyPage] = &[$(ReadyPage {
            name: $name,
            about: $about,
            text: include_str!(concat!("ready/", $name, ".md")),
        }),*];
    };
}

ready_pages![
    "a-cable-by-hand": "Two namespaces, one veth pair, and what ping needs before the first frame gets through.",
    "a-switch-by-hand": "A bridge learns who lives behind which port, and a gateway leads out of the network.",
    "processes-with-networks": "Namespaces without names: unshare gives a process a network of its own.",
];

pub fn find(name: &str) -> Option<&'static ReadyPage> {
    PAGES.iter().find(|ready| ready.name == name)
}

impl ReadyPage {
    pub fn file_name(&self) -> String {
        format!("{}.md", self.name)
    }

    pub fn document(&self) -> Document {
        read::read(&self.file_name(), self.text.as_bytes())
    }
}
