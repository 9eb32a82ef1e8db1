//! Who may know whom.

use std::{collections::BTreeSet, process::Command};

use crate::{source, uphold};

struct Law {
    /// What `cargo tree` is asked about.
    tree: &'static [&'static str],
    never: &'static [&'static str],
    why: &'static str,
}

const WINDOW: &[&str] = &["egui", "eframe", "winit"];
const KERNEL: &[&str] = &["rtnetlink", "netlink-packet-route", "pcap", "nix"];

const LAWS: &[Law] = &[
    Law {
        tree: &["-p", "topology"],
        never: &["capture", "hopscope", "clap", "pcap"],
        why: "app → capture → topology, never back: what a network is does not depend on who looks at it",
    },
    Law {
        tree: &["-p", "topology"],
        never: WINDOW,
        why: "what a network is does not depend on how it is drawn",
    },
    Law {
        tree: &["-p", "topology", "--no-default-features"],
        never: &["rtnetlink", "netlink-packet-route", "pcap", "nix", "tokio"],
        why: "the pure half of topology must build where there is no Linux",
    },
    Law {
        tree: &["-p", "capture"],
        never: &["hopscope", "clap", "egui", "eframe", "winit"],
        why: "what a frame means does not depend on the window or the command line",
    },
    Law {
        tree: &["-p", "capture", "--no-default-features"],
        never: &["rtnetlink", "netlink-packet-route", "pcap", "nix", "tokio"],
        why: "recordings must open where there is no libpcap and no netlink",
    },
    Law {
        tree: &["-p", "hopscope", "--no-default-features", "--features", "window"],
        never: KERNEL,
        why: "a viewer must not be able to touch the kernel, and must build without libpcap",
    },
    Law {
        tree: &["-p", "hopscope", "--no-default-features", "--features", "engine"],
        never: WINDOW,
        why: "a server build must not carry a window",
    },
];

#[test]
fn nobody_depends_on_what_it_must_not_know() {
    for law in LAWS {
        let tree = packages(law.tree);
        let asked = || format!("cargo tree {}", law.tree.join(" "));
        let found = law.never.iter().filter(|name| tree.contains(**name));
        uphold(law.why, &found.map(|name| format!("{} holds {name}", asked())).collect::<Vec<_>>());
    }
}

/// Without this, a tree that came back empty would fulfil every law.
#[test]
fn the_trees_that_are_read_are_real() {
    let tree = packages(&["-p", "hopscope"]);
    for name in KERNEL.iter().chain(&["hopscope", "capture", "topology"]) {
        assert!(tree.contains(*name), "the full build holds {name}, but its tree does not show it");
    }
}

/// The names of all packages that a build on this machine would link.
fn packages(asked: &[&str]) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command
        .current_dir(source::root())
        .args(["tree", "--locked", "-e", "normal", "--prefix", "none"])
        .args(asked);
    let output = command.output().expect("cargo can be started");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("package names are text");
    text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}
