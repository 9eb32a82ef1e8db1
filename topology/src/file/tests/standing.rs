//! Labs as they stand come back whole; a change leaves the rest alone; what is wrong says where.

use proptest::prelude::*;

use super::super::{parse, rewrite, write};
use crate::{Lab, MacAddress, ready, sample};

#[test]
fn every_ready_lab_comes_back_as_it_was_wanted_and_as_it_stands() {
    for ready in ready::LABS {
        let lab = ready.lab();
        assert_eq!(parse(&write(&lab)), Ok(lab.clone()), "{}", ready.name);
        assert_eq!(parse(&write(&lab.settled())), Ok(lab.settled()), "{}, settled", ready.name);
        assert_eq!(rewrite(ready.text, &lab), ready.text, "{}: nothing to change", ready.name);
    }
}

/// As it is for an instant while a cable's other end is being taken away.
#[test]
fn a_loose_end_comes_back_with_all_that_was_set_on_it() {
    let mut lab = ready::LABS[0].lab().settled();
    lab.cables.pop_first().expect("it has cables");
    let text = write(&lab);
    assert!(text.contains("kind = \"veth\""), "{text}");
    assert_eq!(parse(&text), Ok(lab), "{text}");
}

proptest! {
    #[test]
    fn any_lab_that_stands_comes_back(lab in sample::lab()) {
        let lab = lab.settled();
        prop_assert_eq!(parse(&write(&lab)), Ok(lab));
    }

    #[test]
    fn any_lab_can_take_the_place_of_another(old in sample::lab(), new in sample::lab()) {
        let new = new.settled();
        prop_assert_eq!(parse(&rewrite(&write(&old.settled()), &new)), Ok(new));
    }

    #[test]
    fn any_text_gives_a_lab_or_a_place_in_the_text(text in "\\PC{0,400}") {
        if let Err(error) = parse(&text) {
            prop_assert!(1 <= error.line && 1 <= error.column && !error.message.is_empty());
        }
    }

    #[test]
    fn a_damaged_file_gives_a_lab_or_a_place_in_the_text(
        which in 0..ready::LABS.len(), at in any::<prop::sample::Index>(), with in "\\PC{0,3}", cut in 0_usize..8
    ) {
        let text: Vec<char> = ready::LABS[which].text.chars().collect();
        let at = at.index(text.len());
        let rest = text.iter().skip(at + cut);
        let damaged: String = text[..at].iter().copied().chain(with.chars()).chain(rest.copied()).collect();
        if let Err(error) = parse(&damaged) {
            prop_assert!(error.line <= damaged.lines().count() + 1, "line {} of {damaged}", error.line);
        }
    }
}

const COMMENTED: &str = r#"# My first lab
hopscope = 1 # the format

# the one who asks
[namespaces.b]
[namespaces.b.interfaces.veth-b] # its only one
addresses = ["10.0.0.1/24"] # mine

[namespaces.a.interfaces.veth-a]
addresses = ["10.0.0.2/24"]

[[cables]]
ends = ["b/veth-b", "a/veth-a"] # this way round
"#;

#[test]
fn comments_and_order_survive_a_change() {
    let mut lab = parse(COMMENTED).expect("a sound file");
    let at = "b/veth-b".parse().expect("a place");
    lab.interface_mut(&at).expect("it is there").mac = Some(MacAddress([2, 0, 0, 0, 0, 1]));
    let changed = rewrite(COMMENTED, &lab);
    for line in COMMENTED.lines() {
        assert!(changed.contains(line), "“{line}” is lost in\n{changed}");
    }
    assert_eq!(parse(&changed), Ok(lab));
    let place = |text: &str| changed.find(text).expect("it is there");
    assert!(place("namespaces.b") < place("namespaces.a"), "the author's order stays:\n{changed}");
}

#[test]
fn what_is_wrong_says_where() {
    let cases = [
        ("title = \"no version\"", 1, 1, "version"),
        ("hopscope = 2", 1, 12, "version 2"),
        ("hopscope = 1\ntitel = \"x\"", 2, 1, "titel"),
        ("hopscope = 1\ntitle = ", 2, 9, ""),
        ("hopscope = 1\n[namespaces.\"a b\"]", 2, 13, "a b"),
        ("hopscope = 1\n[namespaces.a.interfaces.waytoolongforlinux]", 2, 26, "15"),
        ("hopscope = 1\n[namespaces.a.interfaces.e]\naddresses = [\"10.0.0.1\"]\n", 3, 14, "10.0.0.1"),
        ("hopscope = 1\n[[cables]]\nends = [\"a/x\", \"b/x\"]", 3, 9, "no namespace"),
        ("hopscope = 1\n[namespaces.a]\n[[cables]]\nends = [\"a/x\", \"nowhere\"]", 4, 16, "nowhere"),
        ("hopscope = 1\n[namespaces.a]\n[[cables]]\nends = [\"a/x\", \"a/x\"]", 4, 16, "a/x"),
        ("hopscope = 1\n[namespaces.a.bridges.br0]\nports = [\"p\"]", 3, 10, "p"),
        ("hopscope = 1\n[namespaces.a.interfaces.e]", 2, 26, "neither"),
    ];
    for (text, line, column, says) in cases {
        let error = parse(text).expect_err(text);
        assert_eq!((error.line, error.column), (line, column), "{text}\n{error}");
        assert!(error.to_string().contains(says), "“{error}” does not speak of {says}");
        assert!(!error.hint.is_empty(), "“{error}” has no hint");
    }
}

#[test]
fn a_lab_with_nothing_in_it_is_a_lab() {
    assert_eq!(parse("hopscope = 1"), Ok(Lab::default()));
}
