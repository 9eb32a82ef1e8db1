//! The marks that our shells put around commands: where a prompt stands, where output begins, and how it ended.
//!
//! They are the ones that terminals know as shell integration (FinalTerm's OSC 133), with a process number
//! added: `ESC ] 133 ; D ; <status> ; pid=<shell> BEL` and `ESC ] 133 ; A ; pid=<shell> BEL` before each prompt,
//! `ESC ] 133 ; C BEL` when a command begins. A shell's first prompt says status 0.
//!
//! Marks of other programs, which bring no process number, are left in the text: terminals pass over them.

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

/// What is written when a command begins.
pub const BEGINS: &[u8] = b"\x1b]133;C\x07";

/// What is written before each prompt.
pub fn prompt(shell: u32, status: i32) -> Vec<u8> {
    format!("\x1b]133;D;{status};pid={shell}\x07\x1b]133;A;pid={shell}\x07").into_bytes()
}

const START: &[u8] = b"\x1b]133;";
const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;
/// Several times the longest mark of ours: what goes on for longer is no mark.
const LONGEST: usize = 64;

/// Takes marks out of a stream that comes in arbitrary pieces.
#[derive(Debug, Default)]
pub struct Marks {
    /// The beginning of what may become a mark; at most [`LONGEST`] octets.
    held: Vec<u8>,
    /// How the last command of a shell ended whose prompt has not come yet.
    ended: Option<(u32, i32)>,
}

/// What an octet means for what is held.
enum Step {
    GoesOn,
    /// It is whole; its contents are these octets of it.
    Ends(std::ops::Range<usize>),
    IsNone,
}

impl Marks {
    /// The pieces of what has come so far, as far as it can be told; what may yet become a mark is held.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = bytes;
        while let Some(&next) = rest.first() {
            if self.held.is_empty() {
                let text = rest.iter().position(|&byte| byte == ESCAPE).unwrap_or(rest.len());
                put(&mut pieces, &rest[..text]);
                rest = &rest[text..];
                if rest.is_empty() {
                    break;
                }
                self.held.push(ESCAPE);
                rest = &rest[1..];
                continue;
            }
            match self.step(next) {
                Step::GoesOn => self.held.push(next),
                Step::Ends(contents) => {
                    self.held.push(next);
                    let whole = std::mem::take(&mut self.held);
                    match self.understand(&whole[contents]) {
                        Some(piece) => pieces.extend(piece),
                        None => put(&mut pieces, &whole),
                    }
                }
                Step::IsNone => {
                    // An escape may be the beginning of the next; all else is looked at as text.
                    put(&mut pieces, &self.let_go());
                    continue;
                }
            }
            rest = &rest[1..];
        }
        pieces
    }

    /// What is still held, when nothing more comes: text.
    pub fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    /// What is held is no mark, except that its last octet may be the beginning of one.
    fn let_go(&mut self) -> Vec<u8> {
        let mut held = std::mem::take(&mut self.held);
        // A mark may end in ESC \, so that an escape within one is only understood with its successor.
        if 1 < held.len() && held.ends_with(&[ESCAPE]) {
            held.pop();
            self.held.push(ESCAPE);
        }
        held
    }

    fn step(&self, next: u8) -> Step {
        let len = self.held.len();
        if len < START.len() {
            return if START[len] == next { Step::GoesOn } else { Step::IsNone };
        }
        match next {
            b'\\' if self.held.ends_with(&[ESCAPE]) => Step::Ends(START.len()..len - 1),
            _ if self.held.ends_with(&[ESCAPE]) => Step::IsNone,
            BELL => Step::Ends(START.len()..len),
            ESCAPE | 0x20..=0x7e if len < LONGEST => Step::GoesOn,
            _ => Step::IsNone,
        }
    }

    /// `None`: it is no mark of ours; `Some(None)`: it is one that says nothing by itself.
    fn understand(&mut self, contents: &[u8]) -> Option<Option<Piece>> {
        let contents = std::str::from_utf8(contents).ok()?;
        let fields: Vec<&str> = contents.split(';').collect();
        let number = |field: &str| field.strip_prefix("pid=")?.parse::<u32>().ok();
        match fields[..] {
            ["C"] => Some(Some(Piece::Begins)),
            ["D", status, shell] => {
                self.ended = Some((number(shell)?, status.parse().ok()?));
                Some(None)
            }
            ["A", shell] => {
                let shell = number(shell)?;
                let ended = self.ended.take().filter(|&(of, _)| of == shell);
                Some(Some(Piece::Prompt { shell, status: ended.map_or(0, |(_, status)| status) }))
            }
            _ => None,
        }
    }
}

/// Adds text to the text before it.
fn put(pieces: &mut Vec<Piece>, text: &[u8]) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(before)) => before.extend(text),
        _ => pieces.push(Piece::Text(text.to_vec())),
    }
}

#[cfg(test)]
#[path = "marks/tests.rs"]
mod tests;
