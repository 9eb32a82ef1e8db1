//! Bounds the strings that a program may send (titles, links): the parser behind keeps one until it ends, however
//! long that takes.

/// Octets of the longest one; the longest links that browsers take are of 2,000.
const LONGEST: usize = 8 << 10;
/// Ends a string without anything coming of it (CAN).
const CANCEL: u8 = 0x18;

/// Follows where in a control sequence the output is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Strings {
    at: At,
}

#[derive(Clone, Copy, Debug, Default)]
enum At {
    #[default]
    Text,
    Escape,
    /// In a string, with so many octets left for it.
    Inside(usize),
    /// It was too long: what is left of it goes nowhere.
    TooLong,
}

impl Strings {
    /// Hands on what the parser may see.
    pub fn pass(&mut self, bytes: &[u8], mut on: impl FnMut(&[u8])) {
        let mut from = if matches!(self.at, At::TooLong) { bytes.len() } else { 0 };
        for (index, &byte) in bytes.iter().enumerate() {
            let was_too_long = matches!(self.at, At::TooLong);
            self.at = self.after(byte);
            match (was_too_long, self.at) {
                (false, At::TooLong) => {
                    on(&bytes[from..index]);
                    on(&[CANCEL]);
                    from = bytes.len();
                }
                // It has an end at last; an escape may begin something else.
                (true, At::Escape) => from = index,
                (true, At::Text) => from = index + 1,
                _ => {}
            }
        }
        if from < bytes.len() {
            on(&bytes[from..]);
        }
    }

    fn after(self, byte: u8) -> At {
        match (self.at, byte) {
            (_, 0x1b) => At::Escape,
            // Controls within an escape are carried out, and it goes on.
            (At::Escape, 0x00..=0x17 | 0x19 | 0x1c..=0x1f | 0x7f) => At::Escape,
            (At::Escape, b']') => At::Inside(LONGEST),
            (At::Text | At::Escape, _) | (At::Inside(_) | At::TooLong, 0x07 | 0x18 | 0x1a) => At::Text,
            (At::Inside(0) | At::TooLong, _) => At::TooLong,
            (At::Inside(left), _) => At::Inside(left - 1),
        }
    }
}
