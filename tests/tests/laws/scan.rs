//! Just enough reading of Rust to find comments, literals, test items and functions.

use std::ops::Range;

/// A function's name, the line of its `fn` (from 1), and how many lines it takes.
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

/// Blanks comments and the contents of string and character literals; every character keeps its place.
pub fn without_comments_and_literals(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = end_of_blank(&chars, at);
        if end == at {
            kept.push(chars[at]);
            at += 1;
        } else {
            blank(&chars[at..end], &mut kept);
            at = end;
        }
    }
    kept
}

/// Where the items under `#[cfg(test)]` stand in `code`, in bytes, in order.
pub fn test_items(code: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, _) in code.match_indices("#[cfg(test)]").chain(code.match_indices("#[cfg(all(test,")) {
        if !found.iter().any(|item| item.contains(&start)) {
            found.push(start..end_of_item(code, start));
        }
    }
    found.sort_by_key(|item| item.start);
    found
}

/// Blanks the [`test_items`].
pub fn without_test_items(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut at = 0;
    for item in test_items(code) {
        kept.push_str(&code[at..item.start]);
        blank(&code[item.clone()].chars().collect::<Vec<_>>(), &mut kept);
        at = item.end;
    }
    kept.push_str(&code[at..]);
    kept
}

/// Every function with a body in `code`, which has been through [`without_comments_and_literals`].
pub fn functions(code: &str) -> Vec<Function> {
    let starts_word = |at: usize| at == 0 || !is_word(code[..at].chars().next_back());
    let mut found = Vec::new();
    for (start, _) in code.match_indices("fn ").filter(|(at, _)| starts_word(*at)) {
        let name: String = code[start + 3..].chars().take_while(|c| is_word(Some(*c))).collect();
        let end = end_of_item(code, start);
        if name.is_empty() || !code[..end].ends_with('}') {
            continue;
        }
        let line = code[..start].matches('\n').count() + 1;
        found.push(Function { name, line, lines: code[start..end].matches('\n').count() + 1 });
    }
    found
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || c == '_')
}

fn blank(chars: &[char], into: &mut String) {
    into.extend(chars.iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
}

/// Where the item that begins at `start` ends: behind its braces, or behind a semicolon outside any bracket.
fn end_of_item(code: &str, start: usize) -> usize {
    let (mut braces, mut others) = (0_usize, 0_usize);
    for (at, c) in code[start..].char_indices() {
        match c {
            '{' => braces += 1,
            '}' if braces <= 1 => return start + at + 1,
            '}' => braces -= 1,
            '(' | '[' => others += 1,
            ')' | ']' => others = others.saturating_sub(1),
            ';' if braces == 0 && others == 0 => return start + at + 1,
            _ => {}
        }
    }
    code.len()
}

/// The end of the comment or literal at `at`; `at` itself where there is none.
fn end_of_blank(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    let before = at.checked_sub(1).map(|index| chars[index]);
    match rest {
        ['/', '/', ..] => at + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => at + block_comment(rest),
        ['r', '"' | '#', ..] if !is_word(before) || before == Some('b') => at + raw_string(rest),
        ['"', ..] => at + string(rest),
        ['\'', '\\', ..] => at + 3 + rest.iter().skip(3).position(|c| *c == '\'').map_or(0, |more| more + 1),
        ['\'', _, '\'', ..] => at + 3,
        _ => at,
    }
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] if depth == 1 => return at + 2,
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    at
}

/// 0 for what only looks like a raw string, such as the raw identifier `r#type`.
fn raw_string(rest: &[char]) -> usize {
    let hashes = rest.iter().skip(1).take_while(|c| **c == '#').count();
    let open = hashes + 2;
    if rest.get(open - 1) != Some(&'"') {
        return 0;
    }
    let closes =
        |at: &usize| rest[*at] == '"' && rest[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    (open..rest.len()).find(closes).map_or(rest.len(), |at| at + 1 + hashes)
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

#[test]
fn literals_and_comments_are_blanked() {
    let code =
        without_comments_and_literals("a /* x /* y */ z */ b // c\n\"d\\\"e\" 'f' '\\'' r#\"g\"# &'h i");
    assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "b", "&'h", "i"]);
    assert_eq!(without_comments_and_literals("r#type"), "r#type");
}

#[test]
fn test_items_are_blanked() {
    let code =
        "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { c() } }\nfn d() {}\n#[cfg(test)]\nmod e;\nfn f() {}";
    let names: Vec<_> = functions(&without_test_items(code)).into_iter().map(|found| found.name).collect();
    assert_eq!(names, ["a", "d", "f"]);
}

#[test]
fn functions_are_measured() {
    let code = "trait T { fn none(&self) -> [u8; 2]; }\nfn one() {}\nfn three(f: fn(u8)) {\n    if x {}\n}\n";
    let found: Vec<_> =
        functions(code).into_iter().map(|found| (found.name, found.line, found.lines)).collect();
    assert_eq!(found, [("one".to_owned(), 2, 1), ("three".to_owned(), 3, 3)]);
}
