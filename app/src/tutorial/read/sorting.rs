//! A block of code, line by line: what is typed, what was printed, what is a comment.

mod prompted;
mod statement;
mod unprompted;

pub use statement::Statement;

use std::collections::BTreeSet;

use super::{
    language::{self, Sort},
    markup::{RawCode, Said},
};
use crate::tutorial::document::{CodeLine, LineKind};

/// A block of code that has been looked into.
#[derive(Debug, Default)]
pub struct Sorted {
    pub language: String,
    /// Their commands are numbered within the block.
    pub lines: Vec<CodeLine>,
    pub typed: Vec<Typed>,
}

/// A command as it stands in its block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub text: String,
    /// Its line in the file.
    pub line: u32,
    /// What its prompt says of where it is, without the sign.
    pub who: Option<String>,
    /// The comment above it in its block, if one was made since the command before.
    pub comment: Option<String>,
    /// Characters in it were mended that no shell can mean.
    pub is_mended: bool,
}

/// What the page as a whole tells about words in a block.
#[derive(Debug, Default)]
pub struct Known {
    pub namespaces: BTreeSet<String>,
    pub functions: BTreeSet<String>,
}

pub fn sort(code: &RawCode, known: &Known) -> Sorted {
    let (sort, language) = language::sort(&language::label(&code.info));
    let mut sorted = commands_of(code, sort, known).unwrap_or_else(|| nothing_typed(code));
    sorted.language = language;
    sorted
}

/// `None`: it is no shell code.
fn commands_of(code: &RawCode, sort: Sort, known: &Known) -> Option<Sorted> {
    if sort == Sort::Other {
        return None;
    }
    let prompted = prompted::sort(code, sort);
    if prompted.as_ref().is_some_and(begins_with_command) || sort == Sort::Text {
        return prompted;
    }
    let strictly = unprompted::sort(code, false, known);
    // A prompt further down stands in a here-document, unless the block begins with what was printed.
    if prompted.is_some() && !begins_with_command(&strictly) {
        return prompted;
    }
    let is_all_typed =
        !strictly.typed.is_empty() && strictly.lines.iter().all(|line| line.kind != LineKind::Output);
    if is_introduced_as_output(&code.said) && !is_all_typed {
        return None;
    }
    if sort == Sort::Shell {
        return Some(unprompted::sort(code, true, known));
    }
    unprompted::looks_like_shell(&strictly).then_some(strictly)
}

/// Whether the first line that is neither empty nor a comment is typed.
fn begins_with_command(sorted: &Sorted) -> bool {
    let first = sorted.lines.iter().find(|line| !matches!(line.kind, LineKind::Blank | LineKind::Comment));
    first.is_some_and(|line| matches!(line.kind, LineKind::Command(_)))
}

fn nothing_typed(code: &RawCode) -> Sorted {
    let lines = code.lines.iter().map(|(_, text)| CodeLine {
        text: text.clone(),
        kind: if text.trim().is_empty() { LineKind::Blank } else { LineKind::Output },
    });
    Sorted { lines: lines.collect(), ..Sorted::default() }
}

const OUTPUT: &[&str] = &[
    "output",
    "you'll see",
    "you will see",
    "you should see",
    "you see",
    "you'll get",
    "you will get",
    "you should get",
    "should print",
    "should show",
    "should look",
    "should display",
    "should return",
    "will print",
    "will show",
    "will look",
    "will display",
    "will return",
    "prints:",
    "shows:",
    "displays:",
    "returns:",
    "gives:",
    "reports:",
    "answers:",
    "says:",
    "looks like",
    "look like",
    "something like",
    "similar to",
    "result:",
    "results:",
    "we see",
    "we get",
    "we'll see",
    "response:",
    "it prints",
    "it shows",
    "is printed",
    "should say",
    "will say",
];

/// "You'll see:", "Sample output": what follows was printed.
fn is_introduced_as_output(said: &[Said]) -> bool {
    said.last().is_some_and(|said| announces_output(&said.text))
}

fn announces_output(text: &str) -> bool {
    let text = text.trim().to_lowercase().replace('’', "'");
    let last = text.rfind(['\n', '.', '!', '?', ';']).map_or("", |at| text[at + 1..].trim());
    // The last sentence may be all of it, or end with its own full stop.
    let last = if last.is_empty() {
        let body = text.trim_end_matches(['.', '!', '?', ';']);
        body.rfind(['\n', '.', '!', '?']).map_or(body, |at| body[at + 1..].trim())
    } else {
        last
    };
    OUTPUT.iter().any(|phrase| last.contains(phrase))
}
