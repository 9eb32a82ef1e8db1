//! What may not stand in the files.

use crate::{source, uphold};

#[test]
fn modules_are_named_after_a_concept() {
    let why = "what has no name of its own ends in a drawer, and nobody finds it there again";
    let drawers = ["utils", "util", "types", "common", "helpers", "misc", "shared"];
    let is_drawer = |path: &str| path.split(['/', '.']).any(|part| drawers.contains(&part));
    let broken: Vec<_> =
        source::rust().iter().map(|source| source.path.clone()).filter(|path| is_drawer(path)).collect();
    uphold(why, &broken);
}

#[test]
fn no_test_is_switched_off() {
    let why = "a test that does not run looks like one that passes";
    uphold(why, &places(|source| source.code(), &["#[ignore", ".ignore("]));
}

#[test]
fn no_test_sleeps() {
    let why = "a sleep is too short on a slow machine and too long on all others: wait for an event, with a deadline";
    uphold(why, &places(source::Source::test_code, &["thread::sleep(", "time::sleep("]));
}

#[test]
fn nothing_is_left_for_later() {
    let why = "what is unfinished is told in the README or in an issue, not in the code";
    uphold(why, &places(|source| source.code(), &["todo!(", "unimplemented!("]));
    // Put together here, so that this file does not break its own law.
    let marks = ["TO", "FIX", "XX"].iter().zip(["DO", "ME", "X"]).map(|(one, other)| format!("{one}{other}"));
    let marks: Vec<String> = marks.collect();
    let broken = source::all().into_iter().flat_map(|source| found(&source.path, &source.text, &marks));
    uphold(why, &broken.collect::<Vec<_>>());
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let why = "a path of one machine is wrong on every other";
    let roots = ["work", "root", "home", "Users"].map(|name| format!("/{name}/"));
    let is_path = |line: &str, root: &String| {
        // Not in the middle of a path: /proc/self/root/ is the same on all machines.
        line.match_indices(root.as_str()).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric()))
    };
    let mut broken = Vec::new();
    for source in source::all() {
        let lines = source.text.lines().enumerate();
        let found = lines.filter(|(_, line)| roots.iter().any(|root| is_path(line, root)));
        broken.extend(found.map(|(index, line)| format!("{}:{}: {}", source.path, index + 1, line.trim())));
    }
    uphold(why, &broken);
}

#[test]
fn lints_are_expected_and_not_allowed() {
    let why =
        "#[expect(…, reason = …)] tells why, and fails when it is no longer needed; #[allow] does neither";
    uphold(why, &places(|source| source.code(), &["#[allow(", "#![allow("]));
}

/// `path:line: what` for each of `unwanted` in what `read` gives of each Rust file.
fn places(read: impl Fn(&source::Source) -> String, unwanted: &[&str]) -> Vec<String> {
    let unwanted: Vec<String> = unwanted.iter().map(|text| (*text).to_owned()).collect();
    source::rust().iter().flat_map(|source| found(&source.path, &read(source), &unwanted)).collect()
}

fn found(path: &str, text: &str, unwanted: &[String]) -> Vec<String> {
    let lines = text.lines().enumerate();
    let hits = lines.flat_map(|(index, line)| {
        unwanted.iter().filter(move |mark| line.contains(mark.as_str())).map(move |mark| (index + 1, mark))
    });
    hits.map(|(line, mark)| format!("{path}:{line}: {mark}")).collect()
}
