//! Whether words look like a command, or like a sentence that begins with the name of a program.

use super::names::{OPENERS, PLAIN_SENTENCE, SENTENCE, WITH_SUBCOMMANDS, is_known};

/// Whether these words, of which the first is known, look like a command and not like a sentence that begins
/// with the name of a program ("ping the other side", "bridge with two ports").
pub fn is_shaped(words: &[&str]) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    if OPENERS.contains(first) {
        return !words.last().is_some_and(|word| word.ends_with(':'));
    }
    if is_sentence(words) {
        return false;
    }
    if ["sudo", "doas", "time", "nohup", "exec", "env"].contains(first) && !rest.is_empty() {
        let inner = rest.iter().position(|word| !word.starts_with('-') && !word.contains('='));
        return inner.is_none_or(|at| !is_known(rest[at]) || is_shaped(&rest[at..]));
    }
    if let Some((_, subcommands)) = WITH_SUBCOMMANDS.iter().find(|(name, _)| name == first) {
        return rest
            .first()
            .is_some_and(|word| subcommands.contains(word) || word.starts_with(['-', '$', '<']));
    }
    if ["exit", "logout", "return"].contains(first) {
        return rest.len() < 2
            && rest.iter().all(|word| word.chars().all(|c| c.is_ascii_digit() || c == '$' || c == '?'));
    }
    let is_argument = rest.len() == 1 && !SENTENCE.contains(&rest[0]);
    rest.is_empty()
        || ["echo", "printf"].contains(first)
        || rest.iter().any(|word| has_mark(word))
        || is_argument
}

/// [`is_shaped`], and nothing that a heading of two words could be as well ("test connectivity", "host").
pub fn is_surely_shaped(words: &[&str]) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    if ["sudo", "doas"].contains(first) {
        return is_shaped(words);
    }
    let has_subcommands = WITH_SUBCOMMANDS.iter().any(|(name, _)| name == first);
    let stands_alone = [
        "exit", "ls", "ifconfig", "arp", "route", "bash", "sh", "logout", "pwd", "id", "whoami", "lsns",
        "htop",
    ];
    let opens = OPENERS.contains(first) && 2 < rest.len();
    let is_lone = rest.is_empty() && stands_alone.contains(first);
    is_shaped(words) && (has_subcommands || opens || is_lone || rest.iter().any(|word| has_mark(word)))
}

/// Words that read as a sentence, of which the first happens to be the name of a program.
pub fn is_sentence(words: &[&str]) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    // What stands in quotes or in a comment may well be a sentence.
    let until = rest.iter().position(|word| word.starts_with(['"', '\'', '#'])).unwrap_or(rest.len());
    let rest = &rest[..until];
    let plain = rest.iter().filter(|word| PLAIN_SENTENCE.contains(word)).count();
    let stops = rest.iter().filter(|word| SENTENCE.contains(word)).count();
    let ends_as_sentence = rest.len() > 1
        && rest.last().is_some_and(|word| {
            word.ends_with(':')
                || (word.ends_with('.') && word[..word.len() - 1].chars().all(char::is_alphabetic))
        });
    let may_be = ["echo", "printf", "for", "while", "until", "if", "case", "select"].contains(first);
    !may_be && (0 < plain || 3 <= stops || ends_as_sentence)
}

/// A tool of the network with one letter wrong, and what only such a tool is given: it is run, and fails, and the
/// reader sees why.
pub fn is_misspelt(words: &[&str]) -> bool {
    let [first, second, ..] = words else { return false };
    let takes =
        |name: &str| WITH_SUBCOMMANDS.iter().any(|(tool, more)| *tool == name && more.contains(second));
    let near = |name: &str| {
        let mut letters: Vec<char> = first.chars().collect();
        let mut meant: Vec<char> = name.chars().collect();
        letters.sort_unstable();
        meant.sort_unstable();
        letters == meant
            || (first.len() == name.len() + 1 && (first.starts_with(name) || first.ends_with(name)))
    };
    (["ip", "bridge", "brctl"].into_iter().any(|name| near(name) && takes(name)))
        || (near("sudo") && is_known(second))
}

/// Something that words of a sentence do not have inside.
fn has_mark(word: &str) -> bool {
    word.starts_with(['-', '$', '"', '\'', '<', '>', '|', '&'])
        || word.contains(['/', '=', '*', '|', ';', '_'])
        || word.chars().any(|c| c.is_ascii_digit())
        || word.trim_end_matches(['.', ',', ':']).contains(['.', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_from_sentences() {
        let shaped = |text: &str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            is_known(words[0]) && is_shaped(&words)
        };
        for text in [
            "ip link",
            "ip -n red a",
            "ping 10.0.0.1",
            "ping -c 1 red",
            "exit",
            "cat /proc/net/arp",
            "sudo ip netns add red",
            "echo hello",
            "ls",
            "brctl show",
            "route -n",
            "sysctl net.ipv4.ip_forward",
            "echo \"this is the host\"",
            "tcpdump -i any icmp and host 10.0.0.1",
            "./setup.sh",
            "nsenter -t 1 -n",
            "kill %1",
            "sudo -i",
        ] {
            assert!(shaped(text), "a command: {text}");
        }
        for text in [
            "ping the other side",
            "bridge with two ports",
            "ip forwarding must be on",
            "route traffic through the host",
            "watch the counters (they grow)",
            "ip addr shows that the link is up",
            "host and room share nothing",
            "for x in names:",
            "bridge name bridge id STP enabled interfaces",
        ] {
            assert!(!shaped(text), "a sentence: {text}");
        }
    }
}
