//! What a simple command really starts.

use super::ip;
use crate::tutorial::read::shell::{Simple, simples};

/// A program as it is started in the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Started {
    /// Its name (without a path) and its arguments.
    pub words: Vec<String>,
    /// The command itself says which namespace it means: `ip netns exec red …`, `ip -n red …`, `nsenter …`.
    pub brings_namespace: bool,
    /// The last namespace that it names that way.
    pub namespace: Option<String>,
    /// `timeout` ends it.
    pub is_timed: bool,
    /// It opens a shell that waits for more.
    pub opens: Option<Opened>,
}

/// Where a shell is that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// In this named namespace.
    Named(String),
    /// In a new one without a name.
    New,
    /// Where it was opened, or nobody can tell.
    Same,
}

const SHELLS: &[&str] = &["bash", "sh", "zsh", "dash", "ash", "ksh", "fish"];

/// What `simple` starts; more than one where a shell is given a text with `-c`.
pub fn started(simple: &Simple) -> Vec<Started> {
    let mut all = Vec::new();
    unwrap(simple.words.clone(), Started::default(), simple.is_fed, 0, &mut all);
    all
}

fn unwrap(words: Vec<String>, mut so_far: Started, is_fed: bool, depth: usize, all: &mut Vec<Started>) {
    let mut words = words;
    if let Some(first) = words.first_mut() {
        *first = first.rsplit('/').next().unwrap_or_default().to_owned();
    }
    let rest_from = match words.first().map(String::as_str) {
        Some("sudo" | "doas") => after_options(&words, &["-u", "-g", "-h", "-p", "-C", "-r", "-t"]),
        Some("env" | "nohup" | "exec" | "command" | "setsid" | "time" | "stdbuf" | "builtin") => {
            after_options(&words, &["-u", "-a"])
        }
        Some("nice" | "ionice") => after_options(&words, &["-n", "-c"]),
        Some("xargs") => after_options(&words, &["-n", "-I", "-P", "-L", "-d"]),
        Some("strace" | "ltrace") => after_options(&words, &["-e", "-o", "-p", "-s"]),
        Some("timeout") => {
            so_far.is_timed = true;
            after_options(&words, &["-s", "-k", "--signal", "--kill-after"]).map(|at| at + 1)
        }
        Some("ip") => netns_exec(&words, &mut so_far),
        Some("nsenter") => {
            so_far.brings_namespace = true;
            so_far.namespace = words.iter().find_map(|word| named_file(word));
            after_options(&words, &["-t", "--target", "-S", "-G"])
        }
        Some("unshare") => {
            if words.iter().any(|word| word.starts_with("--net") || (is_short(word) && word.contains('n'))) {
                so_far.namespace = None;
                so_far.opens = Some(Opened::New);
            }
            after_options(&words, &["-S", "-G", "-R", "-w", "--setuid", "--setgid"])
        }
        _ => None,
    };
    let opens_bare = ["nsenter", "unshare", "sudo"].contains(&words.first().map_or("", String::as_str));
    match rest_from {
        Some(at) if at < words.len() && depth < 8 => {
            unwrap(words.split_off(at), so_far, is_fed, depth + 1, all)
        }
        Some(_) if opens_bare => all.push(shell(words, so_far)),
        _ => finish(words, so_far, is_fed, depth, all),
    }
}

fn finish(words: Vec<String>, mut so_far: Started, is_fed: bool, depth: usize, all: &mut Vec<Started>) {
    let name = words.first().map_or("", String::as_str);
    if SHELLS.contains(&name) {
        if let Some(at) = words.iter().position(|word| is_short(word) && word.ends_with('c')) {
            so_far.opens = None;
            for inner in simples(words.get(at + 1).map_or("", String::as_str)) {
                if depth < 4 {
                    unwrap(inner.words, so_far.clone(), inner.is_fed, depth + 1, all);
                }
            }
            return;
        }
        if !is_fed && words[1..].iter().all(|word| word.starts_with('-')) {
            return all.push(shell(words, so_far));
        }
    }
    if name == "su" && !is_fed && !words.iter().any(|word| word == "-c") {
        return all.push(shell(words, so_far));
    }
    so_far.opens = None;
    all.push(Started { words, ..so_far });
}

fn shell(words: Vec<String>, so_far: Started) -> Started {
    let opens = match (&so_far.opens, &so_far.namespace) {
        (Some(Opened::New), None) => Opened::New,
        (_, Some(name)) => Opened::Named(name.clone()),
        _ => Opened::Same,
    };
    Started { words, opens: Some(opens), ..so_far }
}

/// Where the command begins that `ip netns exec NAME` starts; notes `-n NAME`.
fn netns_exec(words: &[String], so_far: &mut Started) -> Option<usize> {
    let args = words.get(1..).unwrap_or_default();
    if let Some(name) = ip::namespace(args) {
        so_far.brings_namespace = true;
        so_far.namespace = Some(name.to_owned());
    }
    let at = words.len() - ip::command(args).len();
    let is_netns = words.get(at).is_some_and(|word| word.len() > 2 && "netns".starts_with(word.as_str()));
    let is_exec = words.get(at + 1).is_some_and(|word| word.len() > 1 && "exec".starts_with(word.as_str()));
    if !is_netns || !is_exec {
        return None;
    }
    so_far.brings_namespace = true;
    so_far.namespace = words.get(at + 2).cloned();
    Some(at + 3)
}

/// `--net=/run/netns/red`: the name of the file.
fn named_file(word: &str) -> Option<String> {
    let file = word.strip_prefix("--net=").or_else(|| word.strip_prefix("-n/").map(|_| &word[2..]))?;
    let (folder, name) = file.rsplit_once('/')?;
    folder.ends_with("netns").then(|| name.to_owned())
}

fn is_short(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--")
}

/// The place of the first word behind a wrapper's own options and assignments.
fn after_options(words: &[String], with_value: &[&str]) -> Option<usize> {
    let mut at = 1;
    while let Some(word) = words.get(at) {
        if word == "--" {
            return Some(at + 1);
        }
        let is_assignment = word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        });
        if with_value.contains(&word.as_str()) {
            at += 1;
        } else if !word.starts_with('-') && !is_assignment {
            break;
        }
        at += 1;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Started {
        let all: Vec<Started> = simples(text).iter().flat_map(started).collect();
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        all.into_iter().next().expect("there is one")
    }

    #[test]
    fn wrappers_are_taken_off() {
        for (text, program) in [
            ("sudo -E ip link", "ip link"),
            ("sudo ip netns exec red ping 10.0.0.1", "ping 10.0.0.1"),
            ("A=b sudo B=c env D=e timeout -s INT 5 /usr/bin/tcpdump -i x", "tcpdump -i x"),
            ("nsenter -t 4711 -n ip a", "ip a"),
            ("sudo nsenter --net=/run/netns/red -- ip a", "ip a"),
            ("unshare --net --fork sh -c 'top'", "top"),
            ("ip netns exec red sh -c \"ip netns exec blue vim\"", "vim"),
        ] {
            assert_eq!(one(text).words.join(" "), program, "{text}");
        }
        assert_eq!(one("ip -4 -n red route").namespace.as_deref(), Some("red"));
        assert!(one("nsenter -t 4711 -n ip a").brings_namespace);
        assert!(one("timeout 3 ping x").is_timed);
    }

    #[test]
    fn shells_that_wait_are_seen() {
        for (text, opens) in [
            ("sudo unshare --net --fork bash", Some(Opened::New)),
            ("unshare -n", Some(Opened::New)),
            ("sudo ip netns exec red bash", Some(Opened::Named("red".into()))),
            ("nsenter --net=/var/run/netns/red", Some(Opened::Named("red".into()))),
            ("sudo -i", Some(Opened::Same)),
            ("su -", Some(Opened::Same)),
            ("bash --norc", Some(Opened::Same)),
            ("bash setup.sh", None),
            ("bash <<EOF", None),
            ("ip netns exec red ip a", None),
        ] {
            assert_eq!(one(text).opens, opens, "{text}");
        }
    }
}
