//! Names in DNS messages (RFC 1035, 4.1.4), whose pointers an attacker may bend into loops.

/// A name may hold this many characters (RFC 1035, 2.3.4).
const LONGEST: usize = 255;

/// The name at `at` of the message, and where the bytes behind it begin.
/// `None` if it runs out of the message, is too long, or has a pointer that does not go back:
/// since each pointer must lead to a place before the last one, there can be no loop.
pub(super) fn read(message: &[u8], at: usize) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut place = at;
    let mut behind = None;
    let mut before = at;
    loop {
        let length = usize::from(*message.get(place)?);
        match length {
            0 => break,
            1..=63 => {
                let label = message.get(place + 1..=place + length)?;
                push_label(&mut name, label);
                place += 1 + length;
            }
            192..=255 => {
                let target = (length & 63) << 8 | usize::from(*message.get(place + 1)?);
                behind.get_or_insert(place + 2);
                if before <= target {
                    return None;
                }
                before = target;
                place = target;
            }
            _ => return None,
        }
        // Four characters a byte is what escaping makes of it at worst.
        if 4 * LONGEST < name.len() {
            return None;
        }
    }
    if name.is_empty() {
        name.push('.');
    }
    Some((name, behind.unwrap_or(place + 1)))
}

/// What is not plainly visible is written `\ddd`, as in master files (RFC 1035, 5.1).
fn push_label(name: &mut String, label: &[u8]) {
    if !name.is_empty() {
        name.push('.');
    }
    for byte in label {
        match byte {
            b'.' | b'\\' => name.extend(['\\', char::from(*byte)]),
            b'!'..=b'~' => name.push(char::from(*byte)),
            other => name.push_str(&format!("\\{other:03}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_name_with_a_pointer_ends_behind_the_pointer() {
        let message = b"\x03org\x00\x07example\xc0\x00rest";
        assert_eq!(read(message, 5), Some(("example.org".into(), 15)));
        assert_eq!(read(message, 4), Some((".".into(), 5)));
    }

    #[test]
    fn loops_overruns_and_unknown_labels_are_refused() {
        assert_eq!(read(b"\xc0\x00", 0), None);
        assert_eq!(read(b"\x01a\xc0\x00", 2), None, "comes back to its own pointer");
        assert_eq!(read(b"\x01a\xc0\x04\xc0\x00", 0), None, "forwards");
        assert_eq!(read(b"\x05abc", 0), None);
        assert_eq!(read(b"\x40abc", 0), None);
        assert_eq!(read(b"", 0), None);
        let long = b"\x3f".iter().chain(&[b'a'; 63]).copied().collect::<Vec<_>>().repeat(30);
        assert_eq!(read(&long, 0), None);
    }

    #[test]
    fn bytes_that_are_not_visible_are_escaped() {
        assert_eq!(read(b"\x04a.\x00b\x00", 0), Some((r"a\.\000b".into(), 6)));
    }
}
