//! Reading a frame by absolute positions, so that every value knows its place.

use std::net::{Ipv4Addr, Ipv6Addr};

use topology::MacAddress;

/// A frame's bytes. What lies outside reads as zero: callers check lengths first, and if one
/// forgets, a wrong number on the screen is better than a panic.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'a>(pub &'a [u8]);

/// Some bytes of the frame, as positions from its start; `start <= end <= frame length`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn len(self) -> usize {
        self.end - self.start
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// At most the first `count` bytes.
    pub fn first(self, count: usize) -> Self {
        Self { start: self.start, end: self.start.saturating_add(count).min(self.end) }
    }

    /// What is left without the first `count` bytes.
    pub fn skip(self, count: usize) -> Self {
        Self { start: self.start.saturating_add(count).min(self.end), end: self.end }
    }
}

impl<'a> Bytes<'a> {
    pub fn array<const N: usize>(self, at: usize) -> [u8; N] {
        let read = || self.0.get(at..at.checked_add(N)?)?.try_into().ok();
        read().unwrap_or([0; N])
    }

    pub fn u8(self, at: usize) -> u8 {
        self.0.get(at).copied().unwrap_or(0)
    }

    pub fn u16(self, at: usize) -> u16 {
        u16::from_be_bytes(self.array(at))
    }

    pub fn u32(self, at: usize) -> u32 {
        u32::from_be_bytes(self.array(at))
    }

    pub fn mac(self, at: usize) -> MacAddress {
        MacAddress(self.array(at))
    }

    pub fn ipv4(self, at: usize) -> Ipv4Addr {
        Ipv4Addr::from(self.array::<4>(at))
    }

    pub fn ipv6(self, at: usize) -> Ipv6Addr {
        Ipv6Addr::from(self.array::<16>(at))
    }

    pub fn slice(self, span: Span) -> &'a [u8] {
        self.0.get(span.start..span.end).unwrap_or(&[])
    }
}

/// Much faster than the address's own `Display`; frames are full of these.
pub(super) fn mac_text(mac: MacAddress) -> String {
    hex_text(&mac.0, Some(':'))
}

/// Bytes as lower-case hexadecimal digits, two each.
pub(super) fn hex_text(bytes: &[u8], between: Option<char>) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        if let Some(between) = between.filter(|_| index != 0) {
            text.push(between);
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Text from a frame is untrusted: what is no visible character becomes a dot, and at most 255 bytes
/// are shown.
pub(super) fn safe_text(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(255)];
    let visible = |c: char| if c.is_control() || c == char::REPLACEMENT_CHARACTER { '.' } else { c };
    String::from_utf8_lossy(shown).chars().map(visible).collect()
}

/// `1 byte`, `24 bytes`.
pub(super) fn byte_count(count: usize) -> String {
    if count == 1 { "1 byte".into() } else { format!("{count} bytes") }
}
