//! Commands that do not end by themselves.

use crate::tutorial::read::{
    programs::{Started, ip},
    shell::{Keyword, Simple},
};

/// A `sleep` of more seconds than this is meant to last until somebody ends it.
const LONG_SLEEP: f64 = 300.0;

pub fn is_endless(text: &str, starts: &[(&Simple, Vec<Started>)]) -> bool {
    let in_background = in_background(starts);
    let is_last_in_background = starts.last().is_some_and(|(simple, _)| simple.in_background);
    loops_for_ever(text, starts) && !is_last_in_background && !text.trim_end().ends_with('&')
        || starts.iter().enumerate().any(|(index, (simple, all))| {
            // `tcpdump | head`: the reader ends it.
            let is_ended = simple.is_piped
                && starts.get(index + 1).is_some_and(|(_, next)| names(next).any(|name| name == "head"));
            !in_background[index]
                && !is_ended
                && all
                    .iter()
                    .any(|start| !start.is_timed && runs_on(start, simple, is_reading(starts, index)))
        })
}

fn names(starts: &[Started]) -> impl Iterator<Item = &str> {
    starts.iter().filter_map(|start| start.words.first()).map(String::as_str)
}

/// By simple command: `&` stands behind it, or behind the pipe that it is in.
fn in_background(starts: &[(&Simple, Vec<Started>)]) -> Vec<bool> {
    let mut all = vec![false; starts.len()];
    for (index, (simple, _)) in starts.iter().enumerate().rev() {
        let next = simple.is_piped && all.get(index + 1).copied().unwrap_or_default();
        all[index] = simple.in_background || next;
    }
    all
}

/// Something is piped into it.
fn is_reading(starts: &[(&Simple, Vec<Started>)], index: usize) -> bool {
    0 < index && starts[index - 1].0.is_piped
}

fn loops_for_ever(text: &str, starts: &[(&Simple, Vec<Started>)]) -> bool {
    let leaves =
        starts.iter().any(|(_, all)| names(all).any(|name| ["break", "exit", "return"].contains(&name)));
    let holds = |simple: &Simple| match simple.keyword {
        Some(Keyword::While) => ["true", ":", "1"].contains(&simple.words.first().map_or("", String::as_str)),
        Some(Keyword::Until) => simple.words.first().is_some_and(|word| word == "false"),
        _ => false,
    };
    !leaves
        && (starts.iter().any(|(simple, _)| holds(simple))
            || text.contains("for ((;;))")
            || text.contains("while ((1))"))
}

fn runs_on(start: &Started, simple: &Simple, is_reading: bool) -> bool {
    let Some((name, args)) = start.words.split_first() else { return false };
    let has = |letters: &str, words: &[&str]| args.iter().any(|arg| is_option(arg, letters, words));
    let first = args.iter().find(|arg| !arg.starts_with('-')).map_or("", String::as_str);
    if has("", &["--help", "--version"]) {
        return false;
    }
    match name.as_str() {
        "ping" | "ping6" => !args.is_empty() && !has("cwVh", &["--count"]),
        "arping" => !args.is_empty() && !has("cwC", &["--count"]),
        "fping" => has("l", &["--loop"]) && !has("c", &[]),
        "hping3" => !has("c", &["--count"]),
        "mtr" => !has("rc", &["--report", "--report-cycles"]),
        "tcpdump" => !has("crD", &["--count", "--list-interfaces"]),
        "tshark" | "dumpcap" => !has("carD", &[]),
        "ngrep" => !has("nI", &[]),
        "watch" | "htop" | "iftop" | "nload" | "bmon" | "nethogs" | "termshark" | "yes" | "wireshark"
        | "atop" | "btop" => true,
        "top" => !has("n", &[]),
        "vim" | "vi" | "nano" | "emacs" | "less" | "more" | "man" => true,
        "tail" => has("fF", &["--follow"]),
        "journalctl" => has("f", &["--follow"]),
        "dmesg" => has("wW", &["--follow"]),
        "nc" | "ncat" | "netcat" => has("l", &["--listen"]),
        "socat" => args.iter().any(|arg| arg.to_ascii_uppercase().contains("LISTEN")),
        "iperf" | "iperf3" => has("s", &["--server"]) && !has("1D", &["--one-off", "--daemon"]),
        "python" | "python2" | "python3" => {
            args.iter().any(|arg| arg == "http.server" || arg == "SimpleHTTPServer")
        }
        "ip" | "bridge" | "tc" | "nft" => {
            ["monitor", "mon", "monito"].contains(&first) || (name == "ip" && follows_netns(args))
        }
        "conntrack" => has("E", &["--event"]),
        "inotifywait" => has("m", &["--monitor"]),
        "dhclient" => has("d", &[]),
        "dhcpd" | "udhcpc" => has("f", &[]),
        "dnsmasq" => has("dk", &["--no-daemon", "--keep-in-foreground"]),
        "sshd" => has("D", &[]),
        "cat" => args.is_empty() && !is_reading && !simple.is_fed && simple.writes.is_empty(),
        "sleep" => first == "infinity" || seconds(first).is_some_and(|seconds| LONG_SLEEP < seconds),
        _ => false,
    }
}

/// `ip netns monitor`
fn follows_netns(args: &[String]) -> bool {
    matches!(ip::command(args), [object, verb, ..] if object == "netns" && verb == "monitor")
}

/// One of these long options, or a bundle of short ones with one of these letters: `-nc3` holds `c`.
fn is_option(arg: &str, letters: &str, words: &[&str]) -> bool {
    if arg.starts_with("--") {
        return words.contains(&arg.split('=').next().unwrap_or(arg));
    }
    arg.strip_prefix('-').is_some_and(|bundle| {
        let bundle = &bundle[..bundle.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(bundle.len())];
        bundle.chars().any(|c| letters.contains(c))
    })
}

fn seconds(text: &str) -> Option<f64> {
    let unit = text.chars().last().filter(char::is_ascii_alphabetic);
    let number: f64 = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()?;
    let each = match unit {
        None | Some('s') => 1.0,
        Some('m') => 60.0,
        Some('h') => 3600.0,
        Some('d') => 86400.0,
        _ => return None,
    };
    Some(number * each)
}

#[cfg(test)]
mod tests {
    use crate::tutorial::read::nature::Nature;

    #[test]
    fn what_does_not_end_is_known() {
        for text in [
            "ping 10.0.0.1",
            "sudo ip netns exec red ping -i 0.2 10.0.0.1",
            "tcpdump -ni br0",
            "tcpdump -i any icmp | tee log",
            "watch -n1 ip link",
            "top",
            "htop",
            "tail -f /var/log/syslog",
            "nc -l 80",
            "nc -lk -p 80",
            "iperf3 -s",
            "python3 -m http.server 80",
            "ip monitor",
            "ip -ts monitor link",
            "bridge monitor fdb",
            "sleep infinity",
            "while true; do ping -c 1 10.0.0.1; done",
            "while :\ndo\n date\ndone",
            "vim /tmp/x",
            "nano x",
            "less x",
            "cat",
            "sudo sh -c 'tcpdump -i x'",
            "a=b ping x",
            "ip link && ping 10.0.0.1",
        ] {
            assert!(Nature::of(text, &Default::default()).is_endless, "endless: {text}");
        }
        for text in [
            "ping -c 3 10.0.0.1",
            "ping 10.0.0.1 -c 3",
            "ping -nc3 10.0.0.1",
            "ping -w 5 10.0.0.1",
            "ping 10.0.0.1 &",
            "tcpdump -c 5 -i x",
            "tcpdump -nn -c5",
            "tcpdump -r file.pcap",
            "tcpdump -i x | head -3",
            "timeout 5 ping 10.0.0.1",
            "top -bn1",
            "tail -5 x",
            "nc 10.0.0.1 80",
            "iperf3 -c 10.0.0.1",
            "iperf3 -s -1",
            "sleep 5",
            "while true; do date; break; done",
            "while read x; do echo $x; done < f",
            "unshare --net bash",
            "ip netns exec red bash",
            "bash",
            "sudo -i",
            "nsenter -t 1 -n bash",
            "cat <<EOF\nx\nEOF",
            "echo x | cat",
            "for i in 1 2; do ping -c1 10.0.0.$i; done",
            "watch_it() {\n  watch date\n}",
            "while true; do date; done &",
            "tcpdump -i x -w f &",
            "mtr --report x",
            "echo ping",
        ] {
            assert!(!Nature::of(text, &Default::default()).is_endless, "ends: {text}");
        }
    }
}
