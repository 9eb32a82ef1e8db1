//! Files and functions stay small enough to be read at one go.

use crate::{scan, source, uphold};

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 60;

/// Files that are longer, with the lines they have now. This list may only shrink.
const LONG_FILES: &[(&str, usize)] = &[];

/// Functions that are longer, with the lines they have now. This list may only shrink.
const LONG_FUNCTIONS: &[(&str, &str, usize)] = &[];

#[test]
fn files_are_short() {
    let why = "past 400 lines a second concept hides in a file: find it, name it, give it its own";
    let mut broken = Vec::new();
    let mut excused = 0;
    for source in source::rust().iter().filter(|source| !source.is_test()) {
        let lines = source.text.lines().count() - test_lines(source);
        let allowed = LONG_FILES.iter().find(|(path, _)| *path == source.path).map(|(_, lines)| *lines);
        excused += usize::from(allowed.is_some());
        broken.extend(ratchet(&source.path, lines, LONGEST_FILE, allowed));
    }
    assert_eq!(excused, LONG_FILES.len(), "LONG_FILES names a file that is gone: take it out");
    uphold(why, &broken);
}

#[test]
fn functions_are_short() {
    let why = "a function over 60 lines does more than one thing: name the things";
    let mut broken = Vec::new();
    let mut excused = 0;
    for source in source::rust() {
        for function in scan::functions(&source.product_code()) {
            let is_it =
                |(path, name, _): &&(&str, &str, usize)| *path == source.path && *name == function.name;
            let allowed = LONG_FUNCTIONS.iter().find(is_it).map(|(_, _, lines)| *lines);
            excused += usize::from(allowed.is_some());
            let place = format!("{}:{}: {}", source.path, function.line, function.name);
            broken.extend(ratchet(&place, function.lines, LONGEST_FUNCTION, allowed));
        }
    }
    assert_eq!(excused, LONG_FUNCTIONS.len(), "LONG_FUNCTIONS names a function that is gone: take it out");
    uphold(why, &broken);
}

/// What is wrong with a thing of so many lines. A listed exception may only become shorter,
/// and its entry has to follow, so that the list never allows more than there is.
fn ratchet(place: &str, lines: usize, longest: usize, allowed: Option<usize>) -> Option<String> {
    match allowed {
        None if lines <= longest => None,
        None => Some(format!("{place} has {lines} lines; {longest} is the most")),
        Some(_) if lines <= longest => Some(format!("{place} is short now: take it out of the list")),
        Some(allowed) if lines < allowed => {
            Some(format!("{place} shrank to {lines} lines: write that in the list"))
        }
        Some(allowed) if allowed < lines => Some(format!("{place} grew from {allowed} lines to {lines}")),
        Some(_) => None,
    }
}

/// The lines of the items that are compiled for tests only.
fn test_lines(source: &source::Source) -> usize {
    let code = source.code();
    scan::test_items(&code).into_iter().map(|item| code[item].lines().count()).sum()
}

#[test]
fn the_ratchet_turns_one_way() {
    assert_eq!(ratchet("a", 400, 400, None), None);
    assert!(ratchet("a", 401, 400, None).is_some());
    assert_eq!(ratchet("a", 450, 400, Some(450)), None);
    for lines in [399, 449, 451] {
        assert!(ratchet("a", lines, 400, Some(450)).is_some());
    }
}
