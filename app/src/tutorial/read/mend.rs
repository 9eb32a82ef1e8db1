//! Characters in commands that a word processor or a web page put there and no shell can mean.

/// A line of a command as its author typed it; `None`: it is fine.
pub fn mend(line: &str) -> Option<String> {
    let is_escaped =
        line.contains("&amp;") || line.contains("&lt;") || line.contains("&gt;") || line.contains("&quot;");
    if line.is_ascii() && !is_escaped && !ends_in_spoilt_continuation(line) {
        return None;
    }
    let unescaped = if is_escaped {
        line.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    } else {
        line.to_owned()
    };
    let mut mended = String::with_capacity(line.len());
    // The ASCII quote that is open; within it signs mean themselves.
    let mut open: Option<char> = None;
    let mut chars = unescaped.chars().peekable();
    while let Some(c) = chars.next() {
        let begins_word = mended.is_empty() || mended.ends_with([' ', '\t']);
        match c {
            '\u{a0}'
            | '\u{2000}'..='\u{200a}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | '\u{2028}'
            | '\u{2029}' => mended.push(' '),
            c if is_invisible(c) => {}
            '\'' | '"' if open.is_none() && !mended.ends_with('\\') => {
                open = Some(c);
                mended.push(c);
            }
            '\'' | '"' if open == Some(c) => {
                open = None;
                mended.push(c);
            }
            '“' | '”' | '„' | '″' if open.is_none() => mended.push('"'),
            '‘' | '’' | '‚' | '′' if open.is_none() => mended.push('\''),
            '‐' | '‑' | '−' if open.is_none() => mended.push('-'),
            '–' | '—' if open.is_none() && (begins_word || mended.ends_with('-')) => {
                let mut more = 0;
                while let Some('–' | '—' | '-') = chars.peek() {
                    chars.next();
                    more += 1;
                }
                let letters = chars.clone().take_while(|c| c.is_alphanumeric()).count();
                dash(&mut mended, c, more, letters);
            }
            c => mended.push(c),
        }
    }
    if ends_in_spoilt_continuation(&mended) {
        mended.truncate(mended.trim_end().len());
    }
    (mended != line).then_some(mended)
}

/// A dash at the beginning of an option with so many letters, `more` dashes behind it: one `-` or two.
fn dash(mended: &mut String, sign: char, more: usize, letters: usize) {
    let is_after_dash = mended.ends_with('-');
    let is_long = 0 < more || is_after_dash || (1 < letters && (sign == '—' || has_long_options(mended)));
    if letters == 1 && (is_after_dash || 0 < more) {
        // `–-c` was `-c`: one letter has one dash.
        mended.truncate(mended.trim_end_matches('-').len());
        mended.push('-');
    } else {
        mended.push_str(if is_long && !is_after_dash { "--" } else { "-" });
    }
}

/// What can be seen of a text: without space and invisible characters at its ends.
pub fn visible(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Programs whose options of more than one letter take two dashes; `ip -br` and `tcpdump -nn` take one.
fn has_long_options(typed: &str) -> bool {
    let long = [
        "iptables",
        "ip6tables",
        "unshare",
        "nsenter",
        "curl",
        "wget",
        "docker",
        "sysctl",
        "systemctl",
        "apt",
        "kubectl",
        "iperf3",
    ];
    let words: Vec<&str> = typed.split_whitespace().collect();
    words
        .iter()
        .rev()
        .find(|word| super::programs::is_known(word) && **word != "sudo")
        .is_some_and(|word| long.contains(word))
}

/// A `\` that should continue the line, with spaces behind it.
fn ends_in_spoilt_continuation(line: &str) -> bool {
    let trimmed = line.trim_end();
    trimmed.len() < line.len() && trimmed.ends_with(" \\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_put_right() {
        for (line, meant) in [
            ("ip\u{a0}link\u{200b} show", "ip link show"),
            ("ping –c 3 10.0.0.1", "ping -c 3 10.0.0.1"),
            ("ping –-c 3 10.0.0.1", "ping -c 3 10.0.0.1"),
            ("unshare —net —fork bash", "unshare --net --fork bash"),
            ("unshare -–net bash", "unshare --net bash"),
            ("ip –br link", "ip -br link"),
            (
                "iptables –t nat –A POSTROUTING —source 10.0.0.0/8",
                "iptables -t nat -A POSTROUTING --source 10.0.0.0/8",
            ),
            ("sudo iptables –dport 80", "sudo iptables --dport 80"),
            ("echo “two rooms”", "echo \"two rooms\""),
            ("echo ‘it’", "echo 'it'"),
            ("a &amp;&amp; b &gt; c", "a && b > c"),
            ("ip link add x \\  ", "ip link add x \\"),
        ] {
            assert_eq!(mend(line).as_deref(), Some(meant), "{line}");
        }
        for line in ["echo \"it’s – fine\"", "echo 'a → b'", "ip link", "echo a–b", "echo übung"] {
            assert_eq!(mend(line), None, "{line}");
        }
    }
}
