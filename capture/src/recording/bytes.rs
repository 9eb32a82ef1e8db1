//! A window on the input that moves forward and grows only with octets that really arrived.

use std::io::{self, ErrorKind, Read};

#[derive(Debug)]
pub(super) struct Bytes<R> {
    input: R,
    window: Vec<u8>,
    start: usize,
    end: usize,
    /// Where `start` is in the input.
    offset: u64,
}

/// How much is asked of the input at a time.
const CHUNK: usize = 256 << 10;

impl<R: Read> Bytes<R> {
    pub fn new(input: R) -> Self {
        Self { input, window: Vec::new(), start: 0, end: 0, offset: 0 }
    }

    /// Octets from the start of the input to the start of the window.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The next `wanted` octets, or fewer where the input ends before.
    pub fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        while self.end - self.start < wanted && self.fill()? {}
        let have = wanted.min(self.end - self.start);
        Ok(&self.window[self.start..self.start + have])
    }

    /// Moves behind octets that were peeked at before.
    pub fn skip(&mut self, octets: usize) {
        let octets = octets.min(self.end - self.start);
        self.start += octets;
        self.offset += octets as u64;
    }

    /// Reads some more; false at the end of the input.
    fn fill(&mut self) -> io::Result<bool> {
        if 0 < self.start {
            self.window.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.window.len() < self.end + CHUNK {
            // Doubling keeps the copying linear, and is bounded by what has arrived so far.
            self.window.resize(self.end + CHUNK.max(self.end), 0);
        }
        loop {
            match self.input.read(&mut self.window[self.end..]) {
                Ok(read) => {
                    self.end += read;
                    return Ok(0 < read);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}
