//! A filter's text, cut into words and signs.

use std::ops::Range;

use super::FilterError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    /// Which bytes of the text.
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Operator(Operator),
    /// As written; `and`, `or` and `not` have kinds of their own.
    Word(String),
    /// Without its quotes.
    Quoted(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Contains,
    Less,
    AtMost,
    More,
    AtLeast,
}

const SIGNS: &[(&str, TokenKind)] = &[
    ("&&", TokenKind::And),
    ("||", TokenKind::Or),
    ("==", TokenKind::Operator(Operator::Equal)),
    ("!=", TokenKind::Operator(Operator::NotEqual)),
    ("<=", TokenKind::Operator(Operator::AtMost)),
    (">=", TokenKind::Operator(Operator::AtLeast)),
    ("(", TokenKind::Open),
    (")", TokenKind::Close),
    ("!", TokenKind::Not),
    ("=", TokenKind::Operator(Operator::Equal)),
    ("~", TokenKind::Operator(Operator::Contains)),
    ("<", TokenKind::Operator(Operator::Less)),
    (">", TokenKind::Operator(Operator::More)),
];

/// The tokens up to the first thing that is none, and that thing.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Option<FilterError>) {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, len) = if first == '"' {
            match quoted(rest) {
                Some((inner, len)) => (TokenKind::Quoted(inner), len),
                None => return (tokens, Some(open_quote(at, text.len()))),
            }
        } else if let Some((sign, kind)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            (kind.clone(), sign.len())
        } else {
            let len = rest.find(ends_word).unwrap_or(rest.len());
            // A lone `&` or `|` ends a word but is no sign: it is a word that nobody knows.
            let len = len.max(first.len_utf8());
            (word(&rest[..len]), len)
        };
        tokens.push(Token { kind, range: at..at + len });
        at += len;
    }
    (tokens, None)
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || "()!=<>~&|\"".contains(c)
}

fn word(text: &str) -> TokenKind {
    match text.to_ascii_lowercase().as_str() {
        "and" => TokenKind::And,
        "or" => TokenKind::Or,
        "not" => TokenKind::Not,
        _ => TokenKind::Word(text.into()),
    }
}

/// What stands between the quotes, and the length with them; `\"` and `\\` stand for themselves.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut inner = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((inner, at + 1)),
            '\\' => inner.push(characters.next()?.1),
            other => inner.push(other),
        }
    }
    None
}

fn open_quote(at: usize, end: usize) -> FilterError {
    FilterError { range: at..end, message: "this quote is never closed".into(), expected: vec!["\"".into()] }
}
