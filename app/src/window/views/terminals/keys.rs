//! What keys send, as xterm does it (its "ctlseqs" lists all of this).

use egui::{Key, Modifiers};

/// Of a key that is no text, or is held together with Ctrl; `None`: it sends nothing, or its text comes by itself.
pub fn sent_by(key: Key, held: Modifiers, application_cursor: bool) -> Option<Vec<u8>> {
    if let Some(letter) = cursor_letter(key) {
        let plain = if application_cursor { format!("\x1bO{letter}") } else { format!("\x1b[{letter}") };
        return Some(with(held, plain, |held| format!("\x1b[1;{held}{letter}")));
    }
    if let Some(number) = number_of(key) {
        return Some(with(held, format!("\x1b[{number}~"), |held| format!("\x1b[{number};{held}~")));
    }
    if let Some(letter) = function_letter(key) {
        return Some(with(held, format!("\x1bO{letter}"), |held| format!("\x1b[1;{held}{letter}")));
    }
    let alone: &[u8] = match key {
        Key::Enter => b"\r",
        Key::Tab if held.shift => b"\x1b[Z",
        Key::Tab => b"\t",
        Key::Backspace if held.ctrl => b"\x08",
        Key::Backspace => b"\x7f",
        Key::Escape => b"\x1b",
        _ if held.ctrl => return control(key).map(|control| after_escape(held, &[control])),
        _ => return None,
    };
    Some(after_escape(held, alone))
}

/// Alt is told by an escape before.
pub fn after_escape(held: Modifiers, bytes: &[u8]) -> Vec<u8> {
    if held.alt { [b"\x1b", bytes].concat() } else { bytes.to_vec() }
}

fn with(held: Modifiers, plain: String, told: impl Fn(u8) -> String) -> Vec<u8> {
    let sum = u8::from(held.shift) + 2 * u8::from(held.alt) + 4 * u8::from(held.ctrl);
    let text = if sum == 0 { plain } else { told(1 + sum) };
    text.into_bytes()
}

fn cursor_letter(key: Key) -> Option<char> {
    Some(match key {
        Key::ArrowUp => 'A',
        Key::ArrowDown => 'B',
        Key::ArrowRight => 'C',
        Key::ArrowLeft => 'D',
        Key::Home => 'H',
        Key::End => 'F',
        _ => return None,
    })
}

fn function_letter(key: Key) -> Option<char> {
    Some(match key {
        Key::F1 => 'P',
        Key::F2 => 'Q',
        Key::F3 => 'R',
        Key::F4 => 'S',
        _ => return None,
    })
}

fn number_of(key: Key) -> Option<u8> {
    Some(match key {
        Key::Insert => 2,
        Key::Delete => 3,
        Key::PageUp => 5,
        Key::PageDown => 6,
        Key::F5 => 15,
        Key::F6 => 17,
        Key::F7 => 18,
        Key::F8 => 19,
        Key::F9 => 20,
        Key::F10 => 21,
        Key::F11 => 23,
        Key::F12 => 24,
        _ => return None,
    })
}

/// The control character of a key: `Ctrl+C` is 3, since C is the third letter.
fn control(key: Key) -> Option<u8> {
    let name = key.symbol_or_name().as_bytes();
    match (key, name) {
        (Key::Space | Key::Backtick | Key::Num2, _) => Some(0x00),
        (Key::OpenBracket | Key::Num3, _) => Some(0x1b),
        (Key::Backslash | Key::Pipe | Key::Num4, _) => Some(0x1c),
        (Key::CloseBracket | Key::Num5, _) => Some(0x1d),
        (Key::Num6, _) => Some(0x1e),
        (Key::Minus | Key::Slash | Key::Num7, _) => Some(0x1f),
        (Key::Questionmark | Key::Num8, _) => Some(0x7f),
        (_, [letter @ b'A'..=b'Z']) => Some(letter & 0x1f),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CTRL: Modifiers = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };

    #[test]
    fn keys_send_what_programs_expect() {
        let shift_alt = Modifiers { shift: true, alt: true, ..Modifiers::NONE };
        let cases: &[(Key, Modifiers, &[u8])] = &[
            (Key::Enter, Modifiers::NONE, b"\r"),
            (Key::Enter, Modifiers::ALT, b"\x1b\r"),
            (Key::Tab, Modifiers::NONE, b"\t"),
            (Key::Tab, Modifiers::SHIFT, b"\x1b[Z"),
            (Key::Backspace, Modifiers::NONE, b"\x7f"),
            (Key::Backspace, CTRL, b"\x08"),
            (Key::Backspace, Modifiers::ALT, b"\x1b\x7f"),
            (Key::Delete, Modifiers::NONE, b"\x1b[3~"),
            (Key::Escape, Modifiers::NONE, b"\x1b"),
            (Key::ArrowUp, Modifiers::NONE, b"\x1b[A"),
            (Key::ArrowLeft, CTRL, b"\x1b[1;5D"),
            (Key::Home, Modifiers::NONE, b"\x1b[H"),
            (Key::End, shift_alt, b"\x1b[1;4F"),
            (Key::PageDown, Modifiers::NONE, b"\x1b[6~"),
            (Key::F1, Modifiers::NONE, b"\x1bOP"),
            (Key::F1, Modifiers::SHIFT, b"\x1b[1;2P"),
            (Key::F5, Modifiers::NONE, b"\x1b[15~"),
            (Key::F12, CTRL, b"\x1b[24;5~"),
            (Key::A, CTRL, b"\x01"),
            (Key::D, CTRL, b"\x04"),
            (Key::Z, CTRL, b"\x1a"),
            (Key::R, CTRL | Modifiers::ALT, b"\x1b\x12"),
            (Key::Space, CTRL, b"\x00"),
            (Key::OpenBracket, CTRL, b"\x1b"),
            (Key::Backslash, CTRL, b"\x1c"),
            (Key::Slash, CTRL, b"\x1f"),
        ];
        for (key, held, bytes) in cases {
            assert_eq!(sent_by(*key, *held, false).as_deref(), Some(*bytes), "{held:?} {key:?}");
        }
        assert_eq!(sent_by(Key::A, Modifiers::NONE, false), None, "its text comes by itself");
        assert_eq!(sent_by(Key::A, Modifiers::ALT, false), None);
        assert_eq!(sent_by(Key::F20, Modifiers::NONE, false), None);
    }

    #[test]
    fn cursor_keys_have_two_forms() {
        assert_eq!(sent_by(Key::ArrowUp, Modifiers::NONE, true).as_deref(), Some(&b"\x1bOA"[..]));
        assert_eq!(sent_by(Key::Home, Modifiers::NONE, true).as_deref(), Some(&b"\x1bOH"[..]));
        assert_eq!(sent_by(Key::ArrowUp, CTRL, true).as_deref(), Some(&b"\x1b[1;5A"[..]));
    }
}
