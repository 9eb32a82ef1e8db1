//! A page as it was understood.

use std::ops::Range;

use topology::NamespaceName;

/// A tutorial or a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The first heading, else the file's name.
    pub title: String,
    pub blocks: Vec<Block>,
    /// All commands of all blocks, in order; blocks hold ranges of these.
    pub commands: Vec<Command>,
    /// What was done to the text so that it can be read, in plain words; `None`: it was fine.
    pub mended: Option<String>,
    /// A script is one block of code, run by a shell of its own from its own folder.
    pub is_script: bool,
}

/// What stands on a page, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Level 1 to 6.
    Heading {
        level: u8,
        text: Vec<Inline>,
    },
    Paragraph(Vec<Inline>),
    List {
        items: Vec<Vec<Block>>,
        first: Option<u64>,
    },
    Quote(Vec<Block>),
    Table {
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Rule,
    Code(Code),
}

/// A block of code: commands, what they print, or something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// As it says of itself, mended (`bsah` is `bash`); empty where it says nothing.
    pub language: String,
    /// Each line of it, in order.
    pub lines: Vec<CodeLine>,
    /// Which of [`Document::commands`] are in it; empty for what is no shell code.
    pub commands: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLine {
    /// As it stands on the page, without the fence's indent.
    pub text: String,
    pub kind: LineKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Part of this command (its first line or a later one).
    Command(usize),
    /// Printed by a command, or otherwise not to be run.
    Output,
    Comment,
    Blank,
}

/// Text within a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text {
        text: String,
        strong: bool,
        emphasis: bool,
        struck: bool,
    },
    Code(String),
    Link {
        text: String,
        to: String,
    },
    /// What it shows, in words; pictures themselves are not loaded.
    Image {
        alt: String,
        from: String,
    },
    Break,
}

/// Something to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// As it is typed: prompt taken off, several lines where it needs them, `<PID1>` still in it.
    pub text: String,
    /// Where its first line stands in the file, from 1.
    pub line: u32,
    pub target: Target,
    /// Why `run all` leaves it alone; `None`: it is run.
    pub held_back: Option<HeldBack>,
    /// Does not end by itself (`ping` without `-c`, `tcpdump`, `top`, …): it gets a fair time.
    pub is_endless: bool,
    /// Takes down what the page built, and nothing is built after it.
    pub is_cleanup: bool,
    /// As written, such as `<PID1>`; each once, in order.
    pub placeholders: Vec<String>,
}

/// Which terminal a command belongs into, as far as the text says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// "In the host terminal", or nothing is said on a page that has only one terminal.
    Host,
    /// "Inside Namespace 1": the terminal of that number, from 1.
    Numbered(u32),
    /// "Inside the red namespace's terminal".
    Named(NamespaceName),
    /// "In two different terminals": in each of the terminals 1 to n.
    Each(u32),
    /// The page has several terminals and leaves it open.
    Open,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldBack {
    /// Installs or removes packages.
    Installs,
    /// Fetches something from the internet.
    Downloads,
    /// Edits the machine: services, files in /etc, kernel modules, users, reboot.
    EditsMachine,
    /// Speaks to a daemon outside the sandbox (docker, kubectl, systemctl, …).
    Elsewhere,
}
