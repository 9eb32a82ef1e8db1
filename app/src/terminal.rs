//! Terminals: a shell on a pseudo-terminal in the sandbox, and what its output says besides text.

pub mod marks;

use serde::{Deserialize, Serialize};

/// Chosen by whoever opens the terminal; never used again while the engine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TerminalId(pub u32);

/// In characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalSize {
    pub columns: u16,
    pub rows: u16,
}

impl TerminalSize {
    /// In columns and in rows.
    pub const LARGEST: u16 = 1000;

    /// Whether a terminal can have this size.
    pub fn is_fit(self) -> bool {
        [self.columns, self.rows].iter().all(|length| (1..=Self::LARGEST).contains(length))
    }
}

impl Default for TerminalSize {
    fn default() -> Self {
        Self { columns: 100, rows: 24 }
    }
}

/// What a terminal says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TerminalSaid {
    /// It stands; its shell has process number `shell`, as the sandbox counts.
    Opened { shell: u32 },
    /// What it wrote, marks and all, in pieces as they come.
    Output(Vec<u8>),
    /// What runs in front lives in this namespace now (`pid 4711` where it has no name of its own).
    At(String),
    /// The shell is gone, with what it exited with (a signal is 128 and its number).
    Ended { status: i32 },
    /// It could not be opened, in plain words.
    Failed { why: String },
}
