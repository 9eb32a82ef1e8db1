//! What the tests of all checks share: labs from text, and a look at what is said about them.

use super::{Problem, Severity, check};
use crate::{Lab, file, ready};

/// A healthy lab: two rooms, each with a cable to a bridge on the host.
pub(super) const ROOMS: &str = r#"
[namespaces.a.interfaces.va]
addresses = ["10.0.0.1/24"]
[namespaces.b.interfaces.vb]
addresses = ["10.0.0.2/24"]
[namespaces.host.bridges.br0]
ports = ["p1", "p2"]
[[cables]]
ends = ["a/va", "host/p1"]
[[cables]]
ends = ["b/vb", "host/p2"]
"#;

pub(super) fn lab(text: &str) -> Lab {
    file::parse(&format!("hopscope = 1\n{text}")).expect("the test's lab file is sound")
}

/// [`ROOMS`] with one text in it changed, which must be there.
pub(super) fn rooms_with(old: &str, new: &str) -> Lab {
    assert!(ROOMS.contains(old), "{old:?} is in the lab");
    lab(&ROOMS.replacen(old, new, 1))
}

/// Each problem as `severity, about: message`, the machine having no addresses.
pub(super) fn said(lab: &Lab) -> Vec<String> {
    let line = |problem: &Problem| format!("{:?}, {}: {}", problem.severity, problem.about, problem.message);
    check(lab, &[]).iter().map(line).collect()
}

/// Asserts that exactly one problem of this severity is there, about this, with these words.
#[track_caller]
pub(super) fn assert_only(lab: &Lab, severity: Severity, about: &str, words: &str) {
    let all = said(lab);
    let begin = format!("{severity:?}, {about}: ");
    let fits = |line: &&String| line.starts_with(&begin) && line.contains(words);
    assert_eq!(all.iter().filter(fits).count(), 1, "{begin}…{words}… in {all:#?}");
    let others = all.iter().filter(|line| !fits(line)).collect::<Vec<_>>();
    assert!(others.is_empty(), "nothing else is wrong: {others:#?}");
}

#[test]
fn the_healthy_lab_has_no_problem() {
    assert_eq!(said(&lab(ROOMS)), Vec::<String>::new());
}

#[test]
fn the_ready_labs_have_neither_errors_nor_warnings() {
    for ready in ready::LABS {
        let mut problems = check(&ready.lab(), &[]);
        problems.retain(|problem| problem.severity != Severity::Note);
        assert_eq!(problems, [], "{}", ready.name);
    }
}

#[test]
fn worst_comes_first_then_the_order_of_what_it_is_about() {
    let text = ROOMS.replace("10.0.0.2/24", "10.0.0.1/24\"]\nup = false\nmtu = 60\n#[\"");
    let problems = check(&lab(&text), &[]);
    assert!(problems.is_sorted_by_key(|problem| (problem.severity, problem.about.clone())));
    assert!(problems.first().is_some_and(|first| first.severity == Severity::Error));
    assert!(problems.last().is_some_and(|last| last.severity == Severity::Note));
}
