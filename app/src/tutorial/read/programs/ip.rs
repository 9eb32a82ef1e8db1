//! How a command line of `ip` is made up (ip(8)): options, what it works on, what is done to that.

/// What `ip` works on, with the short forms that it takes.
pub(super) const OBJECTS: &[&str] = &[
    "a",
    "ad",
    "add",
    "addr",
    "address",
    "l",
    "li",
    "link",
    "n",
    "ne",
    "nei",
    "neigh",
    "neighbor",
    "neighbour",
    "netns",
    "r",
    "ro",
    "route",
    "ru",
    "rule",
    "t",
    "tunnel",
    "tuntap",
    "tap",
    "monitor",
    "mon",
    "maddr",
    "mroute",
    "nexthop",
    "vrf",
    "xfrm",
    "sr",
    "stats",
    "macsec",
    "fou",
    "tcp_metrics",
    "token",
    "netconf",
    "help",
];

/// Options that take the next word, by their beginnings from the shortest that is understood.
const WITH_VALUE: &[(&str, &str)] =
    &[("n", "netns"), ("f", "family"), ("b", "batch"), ("rc", "rcvbuf"), ("l", "loops")];

/// Options of one kind that are no beginnings of those.
const WITHOUT_VALUE: &[&str] = &["br", "brief"];

pub fn is_object(word: &str) -> bool {
    OBJECTS.contains(&word)
}

/// Of the words after `ip`: the first that is neither an option nor belongs to one. What follows is the command.
pub fn command<S: AsRef<str>>(args: &[S]) -> &[S] {
    let mut at = 0;
    while let Some(option) = args.get(at).and_then(|word| word.as_ref().strip_prefix('-')) {
        at += if takes_value(option.trim_start_matches('-')) { 2 } else { 1 };
    }
    args.get(at..).unwrap_or_default()
}

/// The namespace that `-n` names.
pub fn namespace<S: AsRef<str>>(args: &[S]) -> Option<&str> {
    let options = args.len() - command(args).len();
    let is_netns = |word: &S| ["-n", "-netns", "--netns"].contains(&word.as_ref());
    let at = args[..options].iter().rposition(is_netns)?;
    args.get(at + 1).map(AsRef::as_ref)
}

fn takes_value(option: &str) -> bool {
    !WITHOUT_VALUE.contains(&option)
        && WITH_VALUE.iter().any(|(least, whole)| option.starts_with(least) && whole.starts_with(option))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_and_their_values_are_no_command() {
        for (line, expected) in [
            ("netns add r", "netns add r"),
            ("-n r link del x", "link del x"),
            ("-netns l r", "r"),
            ("-br a", "a"),
            ("-brief -4 addr", "addr"),
            ("-b file", ""),
            ("-all netns del", "netns del"),
            ("-f inet6 -d -n n n", "n"),
            ("-force link", "link"),
            ("-n", ""),
            ("", ""),
        ] {
            let words: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(command(&words).join(" "), expected, "ip {line}");
        }
        assert_eq!(namespace(&["-4", "-n", "r", "l"]), Some("r"));
        assert_eq!(namespace(&["link", "-n", "r"]), None);
    }
}
