//! What is wrong with a lab file, where, and what to do.

use std::ops::Range;

/// Lines and columns count from 1; a column is a character.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct FileError {
    pub line: usize,
    pub column: usize,
    pub message: String,
    /// What to do; empty where the message says it all.
    pub hint: String,
}

/// The same before the text is at hand: a range of bytes instead of a line and a column.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub span: Range<usize>,
    pub message: String,
    pub hint: String,
}

impl Problem {
    pub fn new(span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { span, message: message.into(), hint: hint.into() }
    }

    pub fn in_text(self, text: &str) -> FileError {
        let start = text.floor_char_boundary(self.span.start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        FileError {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: self.message,
            hint: self.hint,
        }
    }
}

impl From<toml_edit::TomlError> for Problem {
    fn from(error: toml_edit::TomlError) -> Self {
        let hint = "the file is TOML: `key = value` lines below [headers]; texts stand in quotes";
        Self::new(error.span().unwrap_or_default(), error.message(), hint)
    }
}

impl From<toml_edit::de::Error> for Problem {
    fn from(error: toml_edit::de::Error) -> Self {
        let hint = misspelled(error.message()).unwrap_or_default();
        Self::new(error.span().unwrap_or_default(), quoted(error.message()), hint)
    }
}

/// Serde puts each name between backticks; ours stand in quotes.
fn quoted(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let dressed =
        parts.map(|(index, part)| if index % 2 == 1 { format!("“{part}”") } else { part.to_owned() });
    dressed.collect()
}

/// For “unknown field `adress`, expected one of `addresses`, …”: did you mean that one?
fn misspelled(message: &str) -> Option<String> {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (wrong, known) = names.split_first()?;
    message.starts_with("unknown ").then(|| did_you_mean(wrong, known.iter().copied()))?
}

/// “did you mean …?” with the known name nearest to a wrong one, if any is near.
pub(super) fn did_you_mean<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    /// No name is longer; what is longer was never meant to be one.
    const LONGEST_COMPARED: usize = 80;
    if LONGEST_COMPARED < wrong.len() {
        return None;
    }
    let near = known.filter(|name| name.len() <= LONGEST_COMPARED);
    let (distance, name) = near.map(|name| (edits(wrong, name), name)).min()?;
    let is_near = distance <= 1 + wrong.chars().count() / 3;
    is_near.then(|| format!("did you mean “{name}”?"))
}

/// How many characters one has to change, add or leave out (Levenshtein's distance).
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (done, c) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], done + 1);
        for (column, d) in other.iter().enumerate() {
            let change = diagonal + usize::from(c != *d);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}
