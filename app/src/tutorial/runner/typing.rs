//! A command as bytes that a person's keyboard could have sent.

const PASTE: (&str, &str) = ("\x1b[200~", "\x1b[201~");
/// In a terminal's line editing and in readline alike: the next key is taken as it is.
const LITERALLY: char = '\x16';

/// `text` and the key that enters it. Where the shell takes pastes (`takes_pastes`), several lines go in as one, so
/// that nothing in them is taken for a key (a tab would complete a name).
pub fn typed(text: &str, takes_pastes: bool) -> Vec<u8> {
    // A page must not press keys: what is no character is left out.
    let text: String =
        text.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let text = text.trim_end_matches('\n');
    let keys = match (text.contains(['\n', '\t']), takes_pastes) {
        (false, _) => text.to_owned(),
        (true, true) => format!("{}{text}{}", PASTE.0, PASTE.1),
        (true, false) => text.replace('\n', "\r").replace('\t', &format!("{LITERALLY}\t")),
    };
    format!("{keys}\r").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn a_command_is_typed_as_it_stands() {
        let cases = [
            ("ip link", true, "ip link\r"),
            ("ip link\n", false, "ip link\r"),
            (
                "for i in 1 2; do\n  echo $i\ndone",
                true,
                "\x1b[200~for i in 1 2; do\n  echo $i\ndone\x1b[201~\r",
            ),
            ("for i in 1 2; do\r\n  echo $i\r\ndone", false, "for i in 1 2; do\r  echo $i\rdone\r"),
            ("echo a\tb", false, "echo a\x16\tb\r"),
            ("echo a\tb", true, "\x1b[200~echo a\tb\x1b[201~\r"),
            ("echo \x1b[201~\x03rm", true, "echo [201~rm\r"),
            ("echo ü", true, "echo ü\r"),
        ];
        for (text, takes_pastes, keys) in cases {
            assert_eq!(String::from_utf8_lossy(&typed(text, takes_pastes)), keys, "{text:?}");
        }
    }
}
