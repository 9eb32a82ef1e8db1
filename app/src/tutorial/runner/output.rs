//! What a command printed, as text.

use anstream::adapter::strip_bytes;

/// Octets of text that are kept of what one command prints.
pub const MOST: usize = 64 << 10;
/// Colours and the like come on top while it is collected.
const MOST_RAW: usize = 4 * MOST;
const OTHER_SCREEN: &[u8] = b"\x1b[?1049h";
const OWN_SCREEN: &[u8] = b"\x1b[?1049l";
const BACKSPACE: u8 = 8;
const CUT: &str = "\n[the rest of the output was not kept]\n";

/// Collects it.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    raw: Vec<u8>,
    is_cut: bool,
}

impl Printed {
    pub fn add(&mut self, bytes: &[u8]) {
        let room = MOST_RAW.saturating_sub(self.raw.len());
        self.raw.extend(&bytes[..bytes.len().min(room)]);
        self.is_cut |= room < bytes.len();
    }

    /// Without colours and cursor movements, and with what stood in a line last where it was written several times.
    pub fn text(&self) -> String {
        let plain = strip_bytes(&overwritten(&without_other_screen(&self.raw))).into_vec();
        let plain = String::from_utf8_lossy(&plain);
        let mut text = String::with_capacity(plain.len());
        for line in plain.split_inclusive('\n') {
            add_line(line, &mut text);
        }
        let is_long = MOST < text.len();
        if is_long {
            text.truncate(text.floor_char_boundary(MOST - CUT.len()));
        }
        if is_long || self.is_cut {
            text.push_str(CUT);
        }
        text
    }

    /// What came behind the last `mark`; nothing where there is none.
    pub fn behind(&self, mark: &[u8]) -> Self {
        let at = self.raw.windows(mark.len()).rposition(|found| found == mark);
        let raw = at.map_or(Vec::new(), |at| self.raw[at + mark.len()..].to_vec());
        Self { raw, is_cut: self.is_cut }
    }

    /// Its last line, as far as it was written.
    pub fn last_line(&self) -> String {
        let from = self.raw.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let line = strip_bytes(&self.raw[from..]).into_vec();
        String::from_utf8_lossy(&line).into_owned()
    }
}

/// Editors and pagers draw on a screen of their own, of which nothing stays (xterm's alternate screen).
fn without_other_screen(raw: &[u8]) -> Vec<u8> {
    let find = |from: &[u8], sought: &[u8]| from.windows(sought.len()).position(|found| found == sought);
    let (mut kept, mut rest) = (Vec::with_capacity(raw.len()), raw);
    while let Some(at) = find(rest, OTHER_SCREEN) {
        kept.extend(&rest[..at]);
        rest = find(&rest[at..], OWN_SCREEN).map_or(&[], |back| &rest[at + back..]);
    }
    kept.extend(rest);
    kept
}

/// A backspace takes the character before it back: what underlines and makes bold on paper does not stay.
fn overwritten(raw: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(raw.len());
    for &byte in raw {
        if byte != BACKSPACE {
            kept.push(byte);
        } else if kept.last().is_some_and(|&last| last != b'\n') {
            let is_inside = |last: Option<u8>| last.is_some_and(|last| last & 0xc0 == 0x80);
            while is_inside(kept.pop()) {}
        }
    }
    kept
}

fn add_line(line: &str, text: &mut String) {
    let (line, end) = match line.strip_suffix('\n') {
        Some(line) => (line.trim_end_matches('\r'), "\n"),
        None => (line, ""),
    };
    // A carriage return begins the line anew; at its end it changes nothing.
    let shown = line.rsplit('\r').find(|part| !part.is_empty()).unwrap_or("");
    text.extend(shown.chars().filter(|&c| !c.is_control() || c == '\t'));
    text.push_str(end);
}

#[cfg(test)]
mod tests {
    use super::{CUT, MOST, Printed};

    fn text(pieces: &[&str]) -> String {
        let mut printed = Printed::default();
        pieces.iter().for_each(|piece| printed.add(piece.as_bytes()));
        printed.text()
    }

    #[test]
    fn what_steers_a_terminal_is_not_text() {
        let cases: [(&[&str], &str); 10] = [
            (&["a\r\n\x1b[?10", "49hscreen\x1b[?1049l\rb\r\n"], "a\nb\n"),
            (&["a\r\n\x1b[?1049hscreen"], "a\n"),
            (&["one\r\ntwo\r\n"], "one\ntwo\n"),
            (&["\x1b[1;32mgreen\x1b[0m\r\n"], "green\n"),
            (&["\x1b[1;3", "2mgreen\r\n"], "green\n"),
            (&["10 %\r20 %\r\n"], "20 %\n"),
            (&["no end"], "no end"),
            (&["typo\u{8}e a\u{308}ü\u{8}u\r\n\u{8}"], "type a\u{308}u\n"),
            (&["\x1b]0;title\x07word\r\n"], "word\n"),
            (&["a\tb\x07\r\n"], "a\tb\n"),
        ];
        for (pieces, expected) in cases {
            assert_eq!(text(pieces), expected, "{pieces:?}");
        }
    }

    #[test]
    fn much_of_it_is_cut_and_said_to_be() {
        let long = text(&[&"a line\r\n".repeat(MOST)]);
        assert!(long.len() <= MOST && long.ends_with(CUT), "{} octets", long.len());
        let coloured = text(&[&"\x1b[1mü\x1b[0m".repeat(MOST)]);
        assert!(coloured.len() <= MOST && coloured.ends_with(CUT), "{} octets", coloured.len());
    }
}
