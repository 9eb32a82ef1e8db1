//! What could be typed next, for a window that helps while one types.

use std::ops::Range;

use super::{
    FilterError, parse,
    token::{TokenKind, tokens},
    words::{FIELDS, PROTOCOLS},
};

/// One thing that could stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Which bytes of the text it takes the place of: the word at the cursor, as far as it is typed.
    pub replaces: Range<usize>,
    pub text: String,
    /// A few words for people; may be empty.
    pub about: &'static str,
}

/// What could stand at `cursor`, a byte position in `text`, in the order in which it is worth showing.
/// A cursor behind the end, or inside a character, counts as the nearest place before it.
/// Empty inside quotes and where nothing that is known could go on.
pub fn complete(text: &str, cursor: usize) -> Vec<Completion> {
    let cursor = text.floor_char_boundary(cursor);
    let typed = &text[..cursor];
    let (tokens, broken) = tokens(typed);
    if broken.is_some() {
        return Vec::new();
    }
    let is_touching = |kind: &TokenKind| match kind {
        TokenKind::Word(_) | TokenKind::Operator(_) => true,
        TokenKind::And | TokenKind::Or | TokenKind::Not => typed.ends_with(char::is_alphabetic),
        TokenKind::Open | TokenKind::Close | TokenKind::Quoted(_) => false,
    };
    let start = match tokens.last() {
        Some(last) if last.range.end == cursor && is_touching(&last.kind) => last.range.start,
        _ => cursor,
    };
    let word = typed[start..].to_lowercase();
    expected_after(&typed[..start])
        .into_iter()
        .filter(|candidate| can_be_typed(candidate) && candidate.starts_with(&word))
        .map(|text| Completion { replaces: start..cursor, about: about(&text), text })
        .collect()
}

fn expected_after(text: &str) -> Vec<String> {
    if text.trim().is_empty() {
        return parse::beginnings();
    }
    match parse::parse(text) {
        Ok(_) => parse::joints(),
        // Only what is missing at the end can be completed; an error before stays an error.
        Err(FilterError { range, expected, .. }) if range == (text.len()..text.len()) => expected,
        Err(_) => Vec::new(),
    }
}

/// Examples and descriptions of values are no text to insert.
fn can_be_typed(candidate: &str) -> bool {
    !candidate.contains([' ', '"']) && !candidate.starts_with(|c: char| c.is_ascii_digit())
}

fn about(text: &str) -> &'static str {
    let protocol = PROTOCOLS.iter().find(|protocol| protocol.word == text).map(|p| p.about);
    let field = || FIELDS.iter().find(|field| field.word == text).map(|f| f.about);
    protocol.or_else(field).unwrap_or(match text {
        "and" => "both",
        "or" => "one of both",
        "not" => "the opposite",
        "~" => "contains",
        "delivered" => "arrived where it was meant to",
        "ignored" => "arrived at somebody whom it did not concern",
        "dropped" => "thrown away on the way",
        "in-flight" => "not seen to end",
        _ => "",
    })
}
