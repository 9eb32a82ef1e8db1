//! The pure parts do no IO and read no clock.

use crate::{source, uphold};

/// Where IO is at home, below `topology/src/` and `capture/src/`.
const DOORS: &[&str] = &["topology/src/kernel", "capture/src/live", "capture/src/recording"];

const IO: &[&str] = &[
    "std::fs",
    "fs::File",
    "std::process",
    "std::thread",
    "thread::spawn",
    "thread::scope",
    "std::env",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "Instant::now",
    "SystemTime::now",
    "tokio::",
    "nix::",
    "libc::",
    "rtnetlink::",
    "pcap::",
    "println!",
    "print!",
    "stdin()",
    "stdout()",
    "stderr()",
];

#[test]
fn pure_parts_do_no_io_and_read_no_clock() {
    let why = "a replay must give what the live run gave, and every case must be testable without a kernel: \
               time and bytes come in as arguments";
    let pure = ["topology/src/", "capture/src/", "app/src/model"];
    let mut broken = Vec::new();
    let mut read = 0;
    for source in source::rust() {
        let is_library = pure.iter().any(|part| source.path.starts_with(part));
        if !is_library || DOORS.iter().any(|door| is_at_or_below(&source.path, door)) {
            continue;
        }
        read += 1;
        for (index, line) in source.product_code().lines().enumerate() {
            let found = IO.iter().filter(|word| holds_word(line, word));
            broken.extend(found.map(|word| format!("{}:{}: {word}", source.path, index + 1)));
        }
    }
    assert!(5 < read, "only {read} pure files were found: the law looks in the wrong place");
    uphold(why, &broken);
}

#[test]
fn only_the_window_knows_egui() {
    let why = "commands and state must be testable without a screen, and the engine must build without one";
    let broken: Vec<_> = source::rust()
        .iter()
        .filter(|source| !source.path.starts_with("app/src/window") && !source.is_test())
        .filter(|source| ["egui::", "eframe::"].iter().any(|word| holds_word(&source.code(), word)))
        .map(|source| source.path.clone())
        .collect();
    uphold(why, &broken);
}

#[test]
fn colours_stand_in_the_theme_alone() {
    let why = "a look is changed in one place, and every pair of colours is checked for contrast there";
    // These work with pixels and masks, not with colours that mean something.
    let at_home = ["app/src/window/theme", "app/src/window/raster", "app/src/window/paint/dots"];
    let made = ["Color32::from_", "Color32::RED", "Color32::GREEN", "Color32::WHITE", "Color32::BLACK"];
    let mut broken = Vec::new();
    for source in source::rust() {
        if source.is_test() || at_home.iter().any(|door| is_at_or_below(&source.path, door)) {
            continue;
        }
        let code = source.product_code();
        broken.extend(
            made.iter().filter(|word| holds_word(&code, word)).map(|word| format!("{}: {word}", source.path)),
        );
    }
    uphold(why, &broken);
}

#[test]
fn panels_and_views_do_not_know_each_other() {
    let why =
        "each panel takes the state and gives commands, so that it can be moved, closed and tested alone";
    let mut broken = Vec::new();
    for source in source::rust().iter().filter(|source| !source.is_test()) {
        let code = source.product_code();
        let is_widget = source.path.starts_with("app/src/window/widgets");
        for line in code.lines().filter(|line| line.contains("use ") || line.contains("::show(")) {
            let knows_state = is_widget && (line.contains("model::state") || line.contains("model::command"));
            let from_view = source.path.starts_with("app/src/window/views/") && line.contains("panels::");
            if knows_state || from_view {
                broken.push(format!("{}: {}", source.path, line.trim()));
            }
        }
    }
    uphold(why, &broken);
}

fn is_at_or_below(path: &str, door: &str) -> bool {
    path.strip_prefix(door).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// `pcap::` is not in `capture_pcap::`, and `print!` is not in `eprint!`.
fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn words_are_found_whole() {
    assert!(holds_word("let now = Instant::now();", "Instant::now"));
    assert!(holds_word("use std::time::Instant; time::Instant::now()", "Instant::now"));
    assert!(!holds_word("topology_pcap::read", "pcap::"));
}

#[test]
fn doors_are_found_whole() {
    assert!(is_at_or_below("capture/src/live/ring.rs", "capture/src/live"));
    assert!(is_at_or_below("capture/src/live.rs", "capture/src/live"));
    assert!(!is_at_or_below("capture/src/lively.rs", "capture/src/live"));
}
