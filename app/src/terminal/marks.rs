//! The marks that our shells put around commands: where a prompt stands, where output begins, and how it ended.
//!
//! They are the ones that terminals know as shell integration (FinalTerm's OSC 133), with a process number
//! added: `ESC ] 133 ; D ; <status> ; pid=<shell> BEL` and `ESC ] 133 ; A ; pid=<shell> BEL` before each prompt,
//! `ESC ] 133 ; C BEL` when a command begins. A shell's first prompt says status 0.

/// A stretch of a terminal's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text and control sequences, without the marks.
    Text(Vec<u8>),
    /// A shell waits for a command; the one before (if any) ended with this status.
    Prompt { shell: u32, status: i32 },
    /// A command was entered and begins.
    Begins,
}

/// Takes marks out of a stream that comes in arbitrary pieces.
#[derive(Debug, Default)]
pub struct Marks {
    held: Vec<u8>,
}

impl Marks {
    /// STAND-IN
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Piece> {
        self.held.clear();
        vec![Piece::Text(bytes.to_vec())]
    }
}
