//! Names of programs that pages about networks type.

/// Programs whose first argument is one of a few words, or an option.
const WITH_SUBCOMMANDS: &[(&str, &[&str])] = &[
    ("apt", &["install", "update", "upgrade", "remove", "search", "list", "show", "purge", "autoremove"]),
    (
        "brctl",
        &[
            "show",
            "addbr",
            "addif",
            "delbr",
            "delif",
            "stp",
            "showmacs",
            "showstp",
            "setageing",
            "setfd",
            "hairpin",
        ],
    ),
    ("bridge", &["link", "fdb", "vlan", "mdb", "monitor", "vni", "l", "f", "v"]),
    (
        "docker",
        &[
            "run",
            "exec",
            "ps",
            "network",
            "inspect",
            "pull",
            "rm",
            "stop",
            "start",
            "build",
            "compose",
            "images",
            "container",
        ],
    ),
    ("git", &["clone", "pull", "fetch", "checkout", "status", "add", "commit"]),
    (
        "ip",
        &[
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
        ],
    ),
    (
        "ovs-vsctl",
        &["show", "add-br", "del-br", "add-port", "del-port", "set", "list", "list-br", "list-ports"],
    ),
    ("nft", &["add", "list", "delete", "flush", "insert", "create", "rename", "reset", "monitor"]),
    ("systemctl", &["start", "stop", "restart", "status", "enable", "disable", "reload", "daemon-reload"]),
    ("tc", &["qdisc", "class", "filter", "q", "c", "f", "chain", "action", "monitor"]),
];

/// Programs that are named like English words or that often open a sentence need an argument that no sentence has.
const KNOWN: &[&str] = &[
    ".",
    ":",
    "[",
    "adduser",
    "alias",
    "apk",
    "apt",
    "apt-get",
    "arp",
    "arping",
    "awk",
    "bash",
    "bg",
    "bird",
    "brctl",
    "break",
    "bridge",
    "bmon",
    "capsh",
    "cat",
    "cd",
    "chmod",
    "chown",
    "chroot",
    "clear",
    "conntrack",
    "cp",
    "curl",
    "cut",
    "date",
    "dd",
    "declare",
    "dhclient",
    "dhcpcd",
    "dig",
    "disown",
    "dmesg",
    "dnf",
    "dnsmasq",
    "docker",
    "doas",
    "dpkg",
    "echo",
    "egrep",
    "env",
    "ethtool",
    "eval",
    "exec",
    "exit",
    "export",
    "expr",
    "false",
    "fg",
    "find",
    "firewall-cmd",
    "fping",
    "getent",
    "git",
    "grep",
    "head",
    "history",
    "host",
    "hostname",
    "hostnamectl",
    "hping3",
    "htop",
    "id",
    "ifconfig",
    "ifdown",
    "iftop",
    "ifup",
    "insmod",
    "ip",
    "ip6tables",
    "ip6tables-save",
    "iperf",
    "iperf3",
    "ipset",
    "iptables",
    "iptables-legacy",
    "iptables-nft",
    "iptables-restore",
    "iptables-save",
    "iw",
    "jobs",
    "journalctl",
    "jq",
    "kill",
    "killall",
    "kubectl",
    "less",
    "let",
    "ln",
    "local",
    "logout",
    "ls",
    "lsmod",
    "lsns",
    "lsof",
    "make",
    "man",
    "mapfile",
    "mii-tool",
    "mkdir",
    "mknod",
    "mktemp",
    "modinfo",
    "modprobe",
    "more",
    "mount",
    "mtr",
    "mv",
    "nano",
    "nc",
    "ncat",
    "nerdctl",
    "netcat",
    "netplan",
    "netstat",
    "nft",
    "ngrep",
    "nload",
    "nmap",
    "nmcli",
    "nohup",
    "nsenter",
    "nslookup",
    "openssl",
    "ovs-ofctl",
    "ovs-vsctl",
    "pacman",
    "pgrep",
    "pidof",
    "ping",
    "ping6",
    "pip",
    "pip3",
    "pkill",
    "podman",
    "printf",
    "ps",
    "pushd",
    "popd",
    "pwd",
    "python",
    "python2",
    "python3",
    "radvd",
    "read",
    "readlink",
    "readonly",
    "reboot",
    "resolvectl",
    "return",
    "rm",
    "rmdir",
    "rmmod",
    "route",
    "rsync",
    "scp",
    "script",
    "sed",
    "seq",
    "service",
    "set",
    "setcap",
    "setsid",
    "sh",
    "shift",
    "shutdown",
    "sleep",
    "snap",
    "socat",
    "sort",
    "source",
    "ss",
    "ssh",
    "stat",
    "strace",
    "su",
    "sudo",
    "sysctl",
    "systemctl",
    "systemd-run",
    "tail",
    "tc",
    "tcpdump",
    "tcptraceroute",
    "tee",
    "telnet",
    "termshark",
    "test",
    "time",
    "timeout",
    "top",
    "touch",
    "tr",
    "traceroute",
    "traceroute6",
    "tracepath",
    "trap",
    "true",
    "tshark",
    "tunctl",
    "type",
    "udhcpc",
    "ufw",
    "ulimit",
    "umount",
    "unalias",
    "uname",
    "unset",
    "unshare",
    "useradd",
    "userdel",
    "usermod",
    "vconfig",
    "vi",
    "vim",
    "virsh",
    "visudo",
    "wait",
    "watch",
    "wc",
    "wget",
    "which",
    "whoami",
    "wg",
    "wg-quick",
    "wireshark",
    "xargs",
    "yes",
    "yum",
    "zcat",
    "zypper",
];

/// Reserved words that open something.
const OPENERS: &[&str] =
    &["for", "while", "until", "if", "case", "select", "function", "{", "(", "!", "[[", "(("];

/// Words that stand in sentences and hardly ever outside quotes in a command.
const SENTENCE: &[&str] = &[
    "a", "an", "and", "are", "be", "but", "can", "for", "from", "have", "here", "if", "in", "into", "is",
    "it", "its", "must", "now", "of", "on", "only", "or", "should", "so", "that", "the", "then", "there",
    "these", "they", "this", "to", "via", "we", "when", "which", "will", "with", "would", "you", "your",
];

/// Of these one is enough to make a sentence of a line.
const PLAIN_SENTENCE: &[&str] =
    &["the", "is", "are", "you", "your", "we", "this", "these", "should", "will", "would", "which", "they"];

/// Whether a command line can begin with this word.
pub fn is_known(word: &str) -> bool {
    let is_path =
        (word.starts_with("./") || word.starts_with("../") || (word.starts_with('/') && word.len() > 1))
            && word[1..].contains(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "./_-+".contains(c));
    is_path || KNOWN.contains(&word) || OPENERS.contains(&word) || word.starts_with("mkfs.")
}

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
