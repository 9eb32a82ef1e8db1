//! Whether a command builds, looks or takes down.

use std::collections::BTreeMap;

use crate::tutorial::read::{
    programs::{Started, ip},
    shell::Simple,
};

/// What a command does to what the page built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Shows something, or nothing at all.
    Looks,
    /// Takes something down.
    TakesDown,
    /// Sets something back, which is clean-up beside something that takes down.
    SetsBack,
    /// Builds, changes, or sends frames.
    Builds,
}

/// Which commands are the page's clean-up: of the last run of commands that build nothing, those that take down.
/// `None` for commands that are not run by themselves and so count for nothing.
pub fn cleanups(effects: &[Option<Effect>]) -> Vec<bool> {
    let builds = |effect: &Option<Effect>| *effect == Some(Effect::Builds);
    let from = effects.iter().rposition(builds).map_or(0, |at| at + 1);
    let takes_down = effects[from..].contains(&Some(Effect::TakesDown));
    let was_built = 0 < from;
    let is_cleanup = |effect: &Option<Effect>| matches!(effect, Some(Effect::TakesDown | Effect::SetsBack));
    let marked = |(index, effect): (usize, &Option<Effect>)| {
        was_built && takes_down && from <= index && is_cleanup(effect)
    };
    effects.iter().enumerate().map(marked).collect()
}

/// `functions`: what the page's own functions do.
pub fn effect(starts: &[(&Simple, Vec<Started>)], functions: &BTreeMap<String, Effect>) -> Effect {
    let mut whole = Effect::Looks;
    for (simple, all) in starts {
        let writes = simple.writes.iter().any(|file| file.as_str() != "/dev/null");
        let of_files = if !writes {
            Effect::Looks
        } else if simple.words.first().is_some_and(|word| word == "echo")
            && simple.words.get(1).is_some_and(|word| word == "0")
        {
            Effect::SetsBack
        } else {
            Effect::Builds
        };
        let of_programs = all.iter().map(|start| {
            let own = start.words.first().and_then(|name| functions.get(name));
            own.copied().unwrap_or_else(|| of_program(start))
        });
        for effect in of_programs.chain([of_files]) {
            whole = match (whole, effect) {
                (Effect::Builds, _) | (_, Effect::Builds) => Effect::Builds,
                (Effect::TakesDown, _) | (_, Effect::TakesDown) => Effect::TakesDown,
                (Effect::SetsBack, _) | (_, Effect::SetsBack) => Effect::SetsBack,
                _ => Effect::Looks,
            };
        }
    }
    whole
}

const LOOKS: &[&str] = &[
    "ls", "cat", "echo", "printf", "ps", "ss", "netstat", "lsns", "readlink", "date", "history", "true",
    "false", ":", "sleep", "wait", "jobs", "which", "type", "grep", "egrep", "awk", "sort", "head", "tail",
    "wc", "cut", "tr", "set", "clear", "pwd", "test", "[", "id", "whoami", "hostname", "pgrep", "pidof",
    "cd", "return", "break", "continue", "read", "stat", "file", "seq", "uname", "dmesg", "trap", "unset",
    "shift", "local", "export", "column", "jq", "lsmod", "xargs",
];

fn of_program(start: &Started) -> Effect {
    let Some((name, args)) = start.words.split_first() else { return Effect::Looks };
    let words: Vec<&str> = args.iter().map(String::as_str).filter(|arg| !arg.starts_with('-')).collect();
    let has = |option: &str| args.iter().any(|arg| arg == option);
    match name.as_str() {
        "exit" | "logout" | "kill" | "killall" | "pkill" | "umount" | "rmdir" | "rm" | "userdel"
        | "rmmod" => Effect::TakesDown,
        "modprobe" if has("-r") => Effect::TakesDown,
        "ip" => {
            let command: Vec<&str> = ip::command(args).iter().map(String::as_str).collect();
            of_ip(&command, has("-all") || has("--all"))
        }
        "bridge" => match words.get(1) {
            Some(verb) if ["del", "delete", "flush"].contains(verb) => Effect::TakesDown,
            Some(verb) if ["add", "append", "set", "replace"].contains(verb) => Effect::Builds,
            _ => Effect::Looks,
        },
        "brctl" => match words.first().copied() {
            Some("delbr" | "delif") => Effect::TakesDown,
            Some("show" | "showmacs" | "showstp") | None => Effect::Looks,
            _ => Effect::Builds,
        },
        "iptables" | "ip6tables" | "iptables-legacy" | "iptables-nft" => {
            if ["-D", "-F", "-X", "-Z", "--delete", "--flush", "--delete-chain"].into_iter().any(has) {
                Effect::TakesDown
            } else if args.iter().any(|arg| {
                arg.starts_with('-') && !arg.starts_with("--") && arg.contains(['L', 'S']) && arg.len() < 6
            }) || has("--list")
            {
                Effect::Looks
            } else {
                Effect::Builds
            }
        }
        "nft" => verb(&words, &["delete", "flush", "destroy"], &["list", "monitor"]),
        "tc" => verb(&words[1.min(words.len())..], &["del", "delete"], &["show", "ls", "list"]),
        "ovs-vsctl" => verb(&words, &["del-br", "del-port"], &["show", "list", "list-br", "list-ports"]),
        "tunctl" if has("-d") => Effect::TakesDown,
        "sysctl" => match words.iter().find_map(|word| word.split_once('=')) {
            Some((_, "0")) => Effect::SetsBack,
            Some(_) => Effect::Builds,
            None => Effect::Looks,
        },
        "tee" if words.iter().any(|file| file.starts_with("/proc/sys")) => Effect::SetsBack,
        "ifconfig" if words.last() == Some(&"down") => Effect::SetsBack,
        "ifconfig" if words.len() < 2 => Effect::Looks,
        "route" if words.first() == Some(&"del") => Effect::TakesDown,
        "route" | "arp" if words.is_empty() => Effect::Looks,
        "arp" if has("-d") => Effect::TakesDown,
        _ if LOOKS.contains(&name.as_str()) => Effect::Looks,
        _ => Effect::Builds,
    }
}

fn verb(words: &[&str], down: &[&str], looks: &[&str]) -> Effect {
    match words.first() {
        Some(word) if down.contains(word) => Effect::TakesDown,
        Some(word) if looks.contains(word) => Effect::Looks,
        None => Effect::Looks,
        _ => Effect::Builds,
    }
}

/// `words`: from what it works on.
fn of_ip(words: &[&str], is_all: bool) -> Effect {
    let Some((object, _)) = words.split_first() else { return Effect::Looks };
    if !ip::is_object(object) || ["help", "monitor", "mon"].contains(object) {
        return Effect::Looks;
    }
    match (*object, words.get(1).copied().unwrap_or("show")) {
        (_, verb) if verb.len() > 1 && "delete".starts_with(verb) => Effect::TakesDown,
        (object, verb) if verb.len() > 1 && "flush".starts_with(verb) => {
            if object.starts_with('a') {
                Effect::TakesDown
            } else {
                Effect::SetsBack
            }
        }
        (object, verb)
            if object.starts_with('l')
                && verb.starts_with('s')
                && verb != "show"
                && !"show".starts_with(verb) =>
        {
            if words.last() == Some(&"down") || words.contains(&"nomaster") {
                Effect::SetsBack
            } else {
                Effect::Builds
            }
        }
        (_, verb)
            if verb.starts_with("sh")
                || ["s", "list", "ls", "lst", "l", "get", "identify", "pids", "list-id", "monitor"]
                    .contains(&verb) =>
        {
            Effect::Looks
        }
        (object, _) if object.starts_with('r') && words.len() < 3 => Effect::Looks,
        _ if is_all => Effect::TakesDown,
        (object, verb)
            if ["a", "ad", "addr", "address", "l", "link"].contains(&object) && !is_building(verb) =>
        {
            Effect::Looks
        }
        _ => Effect::Builds,
    }
}

fn is_building(verb: &str) -> bool {
    ["add", "a", "ad", "set", "replace", "change", "append", "attach", "exec", "property"].contains(&verb)
}

#[cfg(test)]
mod tests {
    use super::{
        Effect::{Builds, Looks, SetsBack, TakesDown},
        cleanups,
    };
    use crate::tutorial::read::nature::Nature;

    #[test]
    fn commands_build_look_or_take_down() {
        for (text, effect) in [
            ("ip netns add red", Builds),
            ("ip netns del red", TakesDown),
            ("sudo ip netns delete red", TakesDown),
            ("ip netns", Looks),
            ("ip -all netns del", TakesDown),
            ("ip -n red link del x", TakesDown),
            ("ip link delete br0", TakesDown),
            ("ip a", Looks),
            ("ip -n red a", Looks),
            ("ip a add 10.0.0.1/24 dev x", Builds),
            ("ip addr flush dev x", TakesDown),
            ("ip link set x down", SetsBack),
            ("ip link set x up", Builds),
            ("ip link show br0", Looks),
            ("ip -br link", Looks),
            ("ip r", Looks),
            ("ip route add default via 10.0.0.1", Builds),
            ("ip route del default", TakesDown),
            ("brctl delbr b", TakesDown),
            ("brctl show", Looks),
            ("ip netns exec red ip link del x", TakesDown),
            ("ip netns exec red ping x", Builds),
            ("iptables -t nat -F", TakesDown),
            ("iptables -D FORWARD 1", TakesDown),
            ("iptables -nvL", Looks),
            ("iptables -A FORWARD -j ACCEPT", Builds),
            ("kill %1", TakesDown),
            ("exit", TakesDown),
            ("rm -f x", TakesDown),
            ("umount x", TakesDown),
            ("modprobe -r x", TakesDown),
            ("ping -c1 x", Builds),
            ("for n in red blue; do ip netns del $n; done", TakesDown),
            ("ip netns del red 2>/dev/null || true", TakesDown),
            ("echo bye", Looks),
            ("ip netns list | xargs -n1 ip netns del", TakesDown),
            ("sysctl -w net.ipv4.ip_forward=0", SetsBack),
            ("ip neigh", Looks),
            ("ip netns del r", TakesDown),
            ("ip -n r link del x", TakesDown),
            ("ip -n l link set x up", Builds),
            ("ip -n n r", Looks),
            ("ip -n r addr add 10.0.0.1/24 dev l", Builds),
            ("ip -netns n neigh flush all", SetsBack),
            ("ip netns exec l ip r add default via 10.0.0.1", Builds),
            ("ip link add l type veth peer name r", Builds),
            ("ip tuntap del x mode tun", TakesDown),
            ("ip monitor", Looks),
        ] {
            assert_eq!(Nature::of(text, &Default::default()).effect, effect, "{text}");
        }
    }

    #[test]
    fn only_the_last_of_them_are_clean_up() {
        let marked = |effects: &[super::Effect]| {
            let effects: Vec<_> = effects.iter().copied().map(Some).collect();
            cleanups(&effects).iter().map(|is| if *is { 'x' } else { '-' }).collect::<String>()
        };
        assert_eq!(marked(&[TakesDown, Builds, SetsBack, TakesDown, Looks]), "--xx-");
        assert_eq!(marked(&[Builds, TakesDown, Builds]), "---");
        assert_eq!(marked(&[Builds, SetsBack]), "--");
        assert_eq!(marked(&[TakesDown, TakesDown]), "--");
        assert_eq!(cleanups(&[Some(Builds), Some(TakesDown), None]), [false, true, false]);
    }
}
