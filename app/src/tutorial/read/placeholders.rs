//! What a reader has to fill in: `<PID1>`, `YOUR_INTERFACE`, `$PID1` where nothing on the page sets it.

use std::collections::BTreeSet;

/// No name of a gap is longer, in characters.
const LONGEST: usize = 40;

/// As written, each once, in order.
pub fn placeholders(text: &str, assigned: &BTreeSet<String>, is_script: bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in outside_heredocs(text) {
        in_line(line, assigned, is_script, &mut found);
    }
    found
}

/// The text with plain words in place of its gaps, so that it can be read as the shell would read it.
pub fn filled(text: &str, placeholders: &[String]) -> String {
    let mut text = text.to_owned();
    for name in placeholders.iter().filter(|name| name.starts_with('<')) {
        let word: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        text = text.replace(name.as_str(), &word);
    }
    text
}

/// Names that some command of the page sets.
pub fn assigned(text: &str, into: &mut BTreeSet<String>) {
    let mut words = text
        .split(|c: char| c.is_whitespace() || ";&|()".contains(c))
        .filter(|word| !word.is_empty())
        .peekable();
    while let Some(word) = words.next() {
        let word = word.trim_start_matches(['"', '\'']);
        if let Some((name, _)) = word.split_once('=') {
            into.insert(name.trim_end_matches('+').to_owned());
        }
        if [
            "for",
            "select",
            "read",
            "export",
            "declare",
            "local",
            "readonly",
            "mapfile",
            "readarray",
            "-v",
            "getopts",
        ]
        .contains(&word)
        {
            while let Some(name) = words.peek().filter(|next| next.starts_with('-') || is_name(next)) {
                into.insert((*name).to_owned());
                words.next();
                if ["for", "select", "-v"].contains(&word) {
                    break;
                }
            }
        }
    }
}

/// The lines that are no here-document's.
fn outside_heredocs(text: &str) -> impl Iterator<Item = &str> {
    let mut lexer = super::shell::Lexer::default();
    text.lines().filter(move |line| {
        let is_inside = lexer.is_in_heredoc();
        lexer.feed(line);
        !is_inside
    })
}

fn in_line(line: &str, assigned: &BTreeSet<String>, is_script: bool, found: &mut Vec<String>) {
    let first = line.split_whitespace().find(|word| *word != "sudo").unwrap_or_default();
    let is_spoken = ["echo", "printf"].contains(&first);
    let mut quote: Option<char> = None;
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let rest = &line[at..];
        let before = line[..at].chars().next_back();
        let took = match c {
            '\\' => rest.chars().take(2).map(char::len_utf8).sum(),
            '\'' | '"' => {
                quote = match quote {
                    None => Some(c),
                    Some(open) if open == c => None,
                    open => open,
                };
                1
            }
            '#' if quote.is_none() && before.is_none_or(char::is_whitespace) => return,
            _ if is_spoken && quote.is_some() => c.len_utf8(),
            '<' => note(angled(rest, before), found),
            '$' if quote != Some('\'') && !is_script => variable(rest, assigned, found),
            '{' if quote.is_none() && before != Some('$') => note(braced(rest), found),
            _ if quote.is_none() && !is_script && is_start(c, before) => {
                capitals(line, at, is_spoken, assigned, found)
            }
            _ => c.len_utf8(),
        };
        at += took.max(1);
    }
}

fn note(name: Option<&str>, found: &mut Vec<String>) -> usize {
    let Some(name) = name else { return 1 };
    if !found.iter().any(|known| known == name) {
        found.push(name.to_owned());
    }
    name.len()
}

/// `<PID1>`, `<pid of ns1>`; no redirection such as `<in >out`, `<<EOF`, `<(…)`.
fn angled(rest: &str, before: Option<char>) -> Option<&str> {
    if before == Some('<') {
        return None;
    }
    let end = rest.char_indices().take(LONGEST).find(|(_, c)| *c == '>').map(|(at, _)| at)?;
    let name = &rest[1..end];
    let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let ends = name.ends_with(|c: char| c.is_alphanumeric() || "_)'".contains(c));
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || "_- .:/'()".contains(c));
    // `<in>out` feeds a file and writes another: a gap is followed by no name.
    let goes_on = rest[end + 1..].starts_with(|c: char| c.is_alphabetic() || c == '>' || c == '&');
    (begins && ends && is_plain && !goes_on).then(|| &rest[..=end])
}

/// `{PID}`
fn braced(rest: &str) -> Option<&str> {
    let end = rest.char_indices().take(LONGEST).find(|(_, c)| *c == '}').map(|(at, _)| at)?;
    let name = &rest[1..end];
    let is_name = 1 < name.len() && name.starts_with(|c: char| c.is_ascii_uppercase());
    (is_name && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
        .then(|| &rest[..=end])
}

/// Variables that every shell has.
const OF_SHELLS: &[&str] = &[
    "HOME",
    "USER",
    "PATH",
    "PWD",
    "SHELL",
    "HOSTNAME",
    "UID",
    "EUID",
    "RANDOM",
    "PPID",
    "SECONDS",
    "IFS",
    "LINENO",
    "OLDPWD",
    "TERM",
    "SUDO_USER",
    "FUNCNAME",
    "OSTYPE",
    "LANG",
    "EDITOR",
    "PS1",
    "DISPLAY",
    "TMPDIR",
    "LOGNAME",
    "COLUMNS",
    "LINES",
    "HOSTTYPE",
    "MACHTYPE",
    "REPLY",
    "OPTARG",
    "OPTIND",
    "GROUPS",
    "EPOCHSECONDS",
    "SHLVL",
    "SUDO_UID",
    "NAME",
    "MAIL",
];

/// `$PID1`, `${PID1}`; how many bytes were read.
fn variable(rest: &str, assigned: &BTreeSet<String>, found: &mut Vec<String>) -> usize {
    let inside = rest[1..].strip_prefix('{');
    let text = inside.unwrap_or(&rest[1..]);
    let name = &text[..text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len())];
    let is_whole = inside.is_none() || text[name.len()..].starts_with('}');
    let took = 1 + name.len() + if inside.is_some() { 2 } else { 0 };
    let is_large =
        1 < name.len() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let is_gap = (is_large && name.starts_with(|c: char| c.is_ascii_uppercase()))
        || name.to_ascii_lowercase().contains("pid");
    let is_of_shell = OF_SHELLS.contains(&name)
        || name.starts_with("BASH")
        || name.starts_with("LC_")
        || name.starts_with("XDG_");
    if is_whole && is_gap && !name.is_empty() && !is_of_shell && !assigned.contains(name) {
        return note(rest.get(..took), found);
    }
    if is_whole { took } else { 1 }
}

fn is_start(c: char, before: Option<char>) -> bool {
    (c.is_ascii_uppercase() || c == 'x')
        && !before.is_some_and(|before| before.is_alphanumeric() || "_-./$<{".contains(before))
}

/// `PID_OF_NS1`, `YOUR_INTERFACE`, `X.X.X.X`; how many bytes were read.
fn capitals(
    line: &str,
    at: usize,
    is_spoken: bool,
    assigned: &BTreeSet<String>,
    found: &mut Vec<String>,
) -> usize {
    let rest = &line[at..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_.".contains(c))).unwrap_or(rest.len());
    let name = &rest[..end];
    let is_address = name.eq_ignore_ascii_case("x.x.x.x");
    let is_set = rest[end..].starts_with('=') || assigned.contains(name);
    let before = line[..at].split_whitespace().next_back();
    let is_listed = before.is_some_and(|word| ["-o", "read", "export", "for", "-eo"].contains(&word));
    if (is_address || stands_for_something(name)) && !is_set && !is_spoken && !is_listed {
        return note(Some(name), found);
    }
    end
}

fn stands_for_something(name: &str) -> bool {
    let is_large = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let numbered = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let part =
        |word: &str| name.split('_').any(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()) == word);
    let whole = [
        "PID",
        "NSPID",
        "INTERFACE",
        "IFACE",
        "INTERFACE_NAME",
        "CONTAINER_ID",
        "CONTAINER_NAME",
        "NAMESPACE_NAME",
        "IP_ADDRESS",
        "GATEWAY_IP",
        "BRIDGE_NAME",
    ];
    is_large && (whole.contains(&numbered) || (name.contains('_') && (part("PID") || part("YOUR"))))
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_found_and_redirections_are_not() {
        let mut known = BTreeSet::new();
        assigned("PID2=$(pgrep x); read -r NS3_PID; for IFACE in a b; do", &mut known);
        for (text, gaps) in [
            ("ip link set x netns <PID1>", "<PID1>"),
            ("nsenter -t <pid-of-ns1> -n ping <ip of ns2>", "<pid-of-ns1> <ip of ns2>"),
            ("ip link set x netns $PID1", "$PID1"),
            ("ip link set x netns ${PID1} && ls /proc/$PID1", "${PID1} $PID1"),
            ("ip link set x netns \"$PID1\"", "$PID1"),
            ("ip link set x netns $PID2", ""),
            ("nsenter -t PID_OF_NS1 -n ip a", "PID_OF_NS1"),
            ("tcpdump -i YOUR_INTERFACE", "YOUR_INTERFACE"),
            ("tcpdump -i <interface>", "<interface>"),
            ("ip link set x netns PID", "PID"),
            ("ping X.X.X.X", "X.X.X.X"),
            ("nsenter -t {PID} -n ip a", "{PID}"),
            ("kill <PID1> <PID2> <PID1>", "<PID1> <PID2>"),
            ("sort <in >out", ""),
            ("sort < in > out", ""),
            ("cat <<EOF\n<PID1>\nEOF", ""),
            ("diff <(ip a) <(ip r)", ""),
            ("echo \"PID = $$\"", ""),
            ("echo \"usage: x <name>\"", ""),
            ("echo $HOME $1 $# $?", ""),
            ("iptables -A FORWARD -i x -j ACCEPT", ""),
            ("ps -o PID,NS", ""),
            ("NS3_PID=5 x", ""),
            ("awk '{print $PID}'", ""),
            ("echo {A,B}", ""),
            ("ip a # <PID1>", ""),
        ] {
            assert_eq!(placeholders(text, &known, false).join(" "), gaps, "{text}");
        }
    }
}
