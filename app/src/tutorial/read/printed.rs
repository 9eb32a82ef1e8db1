//! Lines that programs print, known by their form: nobody types them.

/// How sure it is that a line was printed.
pub fn is_printed(line: &str) -> bool {
    let text = line.trim();
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(first) = words.first() else { return false };
    is_table_or_message(text, &words)
        || is_of_ip(text, &words)
        || is_of_ping(text)
        || is_of_tcpdump(first, &words)
        || is_listing(first, &words)
        || is_drawing(text)
}

/// Beginnings that only output has.
const BEGINNINGS: &[&str] = &[
    "link/",
    "inet ",
    "inet6 ",
    "valid_lft ",
    "altname ",
    "RX:",
    "TX:",
    "RX packets",
    "TX packets",
    "RX errors",
    "TX errors",
    "ether ",
    "loop  ",
    "PING ",
    "--- ",
    "rtt min/avg",
    "round-trip min/avg",
    "pipe ",
    "Device \"",
    "Cannot ",
    "RTNETLINK ",
    "Error: ",
    "error: ",
    "ERROR",
    "Command \"",
    "Object \"",
    "SIOC",
    "ping: ",
    "bash: ",
    "-bash: ",
    "sh: ",
    "sudo: ",
    "ip: ",
    "mkdir: ",
    "connect: ",
    "setting the network namespace",
    "bridge name\t",
    "bridge name ",
    "port no\t",
    "port no ",
    "Kernel IP routing table",
    "Destination ",
    "Address  ",
    "Iface ",
    "Chain ",
    "target  ",
    "num  ",
    "pkts ",
    "Active Internet",
    "Proto ",
    "Netid ",
    "tcpdump: ",
    "listening on ",
    "Link encap",
    "UP BROADCAST",
    "collisions:",
    "From ",
    "traceroute to ",
    "Warning: ",
    "Dump was interrupted",
    "^C",
    "nsid ",
    "total ",
    "PID ",
    "NS TYPE",
    "COMMAND ",
    "Connected to ",
    "Escape character",
    "Connection to ",
    "Connection from ",
    "Listening on ",
    "iperf Done",
    "[ ID]",
    "[  ",
    "Filesystem ",
    "UID ",
    "USER ",
    "Setting up ",
    "Reading package",
    "Building dependency",
    "net.ipv4.",
    "net.ipv6.",
    "net.bridge.",
    "net.core.",
    "PORT ",
    "designated ",
    "bridge id",
    "root id",
    "max age",
    "peer_ifindex",
];

/// What stands in no command.
const INSIDE: &[&str] = &[
    " bytes of data",
    " packets transmitted",
    " packets received",
    " packets captured",
    "Link encap:",
    " does not exist",
    ": command not found",
    ": No such file or directory",
    "Operation not permitted",
    "Permission denied",
    "Network is unreachable",
    "Invalid argument",
    "File exists",
    "Destination Host Unreachable",
    "STP enabled",
    " hwaddr ",
    " lladdr ",
    " proto kernel ",
    " mtu 1500",
    " mtu 65536",
    "link-netns",
    "HWaddr ",
    " state UP ",
    " state DOWN ",
    " state forwarding",
    "Connection refused",
    "Name or service not known",
    " packets dropped by",
];

fn is_table_or_message(text: &str, words: &[&str]) -> bool {
    let is_said = || {
        BEGINNINGS.iter().any(|start| text.starts_with(start))
            || INSIDE.iter().any(|part| text.contains(part))
    };
    (!is_typed_after_all(text, words) && is_said())
        || is_bridge_row(words)
        || words.len() >= 5 && ["ether", "(incomplete)"].contains(&words[1])
        || (words.len() >= 6 && is_address(words[0]) && is_address(words[1]))
}

/// A command may hold such words too: an address that is set, a message that is echoed, a setting.
fn is_typed_after_all(text: &str, words: &[&str]) -> bool {
    ["echo", "printf", "grep", "sudo", "ip", "if", "for", "while", "bridge", "sysctl", "cat"]
        .contains(&words[0])
        && !text.starts_with("bridge name")
        && !text.starts_with("bridge id")
}

/// `bridge1  8000.76e30babf6eb  no  veth-r`
fn is_bridge_row(words: &[&str]) -> bool {
    words.len() >= 3
        && words[1].len() == 17
        && words[1].as_bytes()[4] == b'.'
        && words[1].chars().all(|c| c.is_ascii_hexdigit() || c == '.')
}

/// `1: lo: <LOOPBACK…`, `10.0.0.0/24 dev x`, `default via …`, `10.0.0.1 dev x lladdr … REACHABLE`, `red (id: 0)`.
fn is_of_ip(text: &str, words: &[&str]) -> bool {
    let number =
        words[0].strip_suffix(':').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
    let is_state = |word: &&str| ["UP", "DOWN", "UNKNOWN", "LOWERLAYERDOWN", "UP/UNKNOWN"].contains(word);
    let is_interface = 1 < words.len() && words.get(1).is_some_and(is_state);
    let is_route = is_address(words[0])
        && words.get(1).is_none_or(|word| ["dev", "via", "proto", "scope", "lladdr"].contains(word));
    let kinds =
        ["default", "unreachable", "blackhole", "prohibit", "local", "broadcast", "multicast", "ff00::/8"];
    let is_other_route = kinds.contains(&words[0])
        && words.get(1).is_some_and(|word| ["via", "dev", "proto"].contains(word) || is_address(word));
    let is_namespace = words.len() == 3 && words[1] == "(id:";
    let is_entry = words[0].len() == 17 && words[0].bytes().filter(|b| *b == b':').count() == 5;
    (number && 1 < words.len())
        || is_interface
        || is_route
        || is_other_route
        || is_namespace
        || is_entry
        || text.starts_with("<BROADCAST")
}

fn is_of_ping(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len()
        && (rest.starts_with(" bytes from ")
            || rest.starts_with(" packets ")
            || rest.starts_with(" received"))
}

/// `12:34:56.789012 IP 10.0.0.1 > …`, with or without a date.
fn is_of_tcpdump(first: &str, words: &[&str]) -> bool {
    let is_time = |word: &str| {
        word.len() >= 8
            && word.bytes().filter(|b| *b == b':').count() == 2
            && word.chars().all(|c| c.is_ascii_digit() || ":.".contains(c))
    };
    is_time(first) || words.get(1).is_some_and(|word| is_time(word) && word.contains('.'))
}

/// `-rw-r--r-- 1 root root 0 …` of `ls -l`, `drwxr-xr-x …`; `lrwxrwxrwx`.
fn is_listing(first: &str, words: &[&str]) -> bool {
    let is_mode = first.len() >= 10
        && first.starts_with(['-', 'd', 'l', 'c', 'b', 'p', 's'])
        && first[1..].chars().all(|c| "rwxst-+.ST".contains(c));
    is_mode && 3 < words.len()
}

/// Boxes and arrows, outside quotes.
fn is_drawing(text: &str) -> bool {
    let is_line = |c: char| matches!(u32::from(c), 0x2190..=0x21ff | 0x2500..=0x25ff | 0x27f0..=0x27ff | 0x2900..=0x297f | 0x2b00..=0x2bff);
    let before_comment = text.split(" #").next().unwrap_or(text);
    if before_comment.starts_with('#')
        || before_comment.starts_with("echo")
        || before_comment.starts_with("printf")
    {
        return false;
    }
    before_comment.contains(is_line) && !before_comment.starts_with(['➜', '❯'])
        || text.starts_with("+--")
        || text.starts_with("|  ")
        || text.contains("<-->")
        || text.contains("<--->")
        || text.contains("-----") && !text.starts_with("echo") && !text.contains(['"', '\''])
}

/// An address of IPv4 or IPv6, perhaps with a prefix length.
pub fn is_address(word: &str) -> bool {
    let (address, prefix) =
        word.split_once('/').map_or((word, None), |(address, prefix)| (address, Some(prefix)));
    prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok()) && address.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_lines_are_known() {
        for line in [
            "1: lo: <LOOPBACK,UP> mtu 65536 qdisc noqueue state UNKNOWN",
            "    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0",
            "    inet 10.1.0.1/24 scope global east",
            "       valid_lft forever preferred_lft forever",
            "PING 10.1.0.2 (10.1.0.2) 56(84) bytes of data.",
            "64 bytes from 10.1.0.2: icmp_seq=1 ttl=64 time=0.05 ms",
            "--- 10.1.0.2 ping statistics ---",
            "2 packets transmitted, 2 received, 0% packet loss, time 1001ms",
            "rtt min/avg/max/mdev = 0.1/0.1/0.1/0.0 ms",
            "bridge name\tbridge id\t\tSTP enabled\tinterfaces",
            "yard\t\t8000.020000000001\tno\t\teast",
            "Device \"east\" does not exist.",
            "10.1.0.0/24 dev east proto kernel scope link src 10.1.0.1",
            "default via 10.1.0.254 dev east",
            "10.1.0.2 dev east lladdr 02:00:00:00:00:02 REACHABLE",
            "12:01:02.345678 IP 10.1.0.1 > 10.1.0.2: ICMP echo request",
            "total 0",
            "-r--r--r-- 1 root root 0 Jan  1 00:00 east",
            "RTNETLINK answers: File exists",
            "Cannot open network namespace \"est\": No such file or directory",
            "east (id: 0)",
            "lo               UNKNOWN        127.0.0.1/8",
            "10.1.0.2   ether   02:00:00:00:00:02   C   east",
            "+------+      +------+",
            "[east] <--> [west]",
            "east ↔ yard",
            "bash: brctl: command not found",
            "net.ipv4.ip_forward = 1",
            "tcpdump: verbose output suppressed",
            "33:33:00:00:00:01 dev east self permanent",
            "From 10.1.0.1 icmp_seq=1 Destination Host Unreachable",
        ] {
            assert!(is_printed(line), "printed: {line}");
        }
        for line in [
            "ip link",
            "ip addr add 10.0.0.1/24 dev x",
            "bridge link",
            "bridge fdb show",
            "echo \"-----\"",
            "echo '→ next'",
            "# → next",
            "ip link add x mtu 1500 type veth peer name y",
            "sysctl -w net.ipv4.ip_forward=1",
            "ip neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev x",
            "route -n",
            "arp -a",
            "ip netns exec red ping x | grep ' 0% packet loss'",
            "veth=east",
        ] {
            assert!(!is_printed(line), "typed: {line}");
        }
    }
}
