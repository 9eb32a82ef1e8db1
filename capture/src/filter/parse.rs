//! From a filter's text to an expression, by recursive descent of limited depth.

use topology::MacAddress;

use super::{
    Expression, FilterError, Match, Side, Term,
    token::{Operator, Token, TokenKind, tokens},
    value,
    words::{FIELDS, FieldWord, PROTOCOLS},
};

/// Parentheses in parentheses: no person goes this far, and no stack is in danger.
const DEEPEST: usize = 100;

pub(super) fn parse(text: &str) -> Result<Expression, FilterError> {
    let (tokens, broken) = tokens(text);
    if tokens.is_empty() && broken.is_none() {
        return Ok(Expression::All(Vec::new()));
    }
    let mut parser = Parser { tokens: &tokens, at: 0, end: text.len(), broken };
    let expression = parser.any(0)?;
    match parser.next() {
        None => match parser.broken {
            Some(error) => Err(error),
            None => Ok(expression),
        },
        Some(Token { kind: TokenKind::Close, range }) => Err(FilterError {
            range: range.clone(),
            message: "this parenthesis was never opened".into(),
            expected: joints(),
        }),
        Some(token) => Err(FilterError {
            range: token.range.clone(),
            message: "“and” or “or” is missing before this".into(),
            expected: joints(),
        }),
    }
}

/// What may follow a finished term.
pub(super) fn joints() -> Vec<String> {
    vec!["and".into(), "or".into()]
}

/// What may begin a term.
pub(super) fn beginnings() -> Vec<String> {
    let words = PROTOCOLS.iter().map(|p| p.word).chain(FIELDS.iter().map(|f| f.word));
    words.chain(["not", "(", "\"words\""]).map(Into::into).collect()
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    /// The text's length.
    end: usize,
    /// What was no token, behind the last one.
    broken: Option<FilterError>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some(token)
    }

    fn any(&mut self, depth: usize) -> Result<Expression, FilterError> {
        let mut parts = vec![self.all(depth)?];
        while self.peek() == Some(&TokenKind::Or) {
            self.at += 1;
            parts.push(self.all(depth)?);
        }
        Ok(one_or(parts, Expression::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Expression, FilterError> {
        let mut parts = vec![self.negated(depth)?];
        while self.peek() == Some(&TokenKind::And) {
            self.at += 1;
            parts.push(self.negated(depth)?);
        }
        Ok(one_or(parts, Expression::All))
    }

    fn negated(&mut self, depth: usize) -> Result<Expression, FilterError> {
        let mut is_negated = false;
        while self.peek() == Some(&TokenKind::Not) {
            self.at += 1;
            is_negated = !is_negated;
        }
        let inner = self.primary(depth)?;
        Ok(if is_negated { Expression::Not(Box::new(inner)) } else { inner })
    }

    fn primary(&mut self, depth: usize) -> Result<Expression, FilterError> {
        let Some(token) = self.next() else {
            return Err(self.missing("a term is missing here", beginnings()));
        };
        match &token.kind {
            TokenKind::Open if depth == DEEPEST => {
                Err(refused(token, format!("more than {DEEPEST} parentheses in each other"), Vec::new()))
            }
            TokenKind::Open => {
                let inner = self.any(depth + 1)?;
                match self.next() {
                    Some(Token { kind: TokenKind::Close, .. }) => Ok(inner),
                    Some(other) => {
                        Err(refused(other, "“and”, “or” or “)” is missing before this".into(), with_close()))
                    }
                    None => Err(self.missing("a parenthesis is never closed", with_close())),
                }
            }
            TokenKind::Quoted(text) => Ok(Expression::Term(Term::Text(Match::Part, text.to_lowercase()))),
            TokenKind::Word(word) => self.word(token, word),
            TokenKind::And | TokenKind::Or | TokenKind::Not | TokenKind::Operator(_) | TokenKind::Close => {
                Err(refused(token, "a term is missing before this".into(), beginnings()))
            }
        }
    }

    fn word(&mut self, token: &Token, word: &str) -> Result<Expression, FilterError> {
        let lower = word.to_ascii_lowercase();
        if let Some(protocol) = PROTOCOLS.iter().find(|protocol| protocol.word == lower) {
            return Ok(Expression::Term(Term::Protocol(protocol.layer)));
        }
        if let Some(field) = FIELDS.iter().find(|field| field.word == lower) {
            return self.comparison(field);
        }
        if let Some(net) = value::network(word) {
            return Ok(Expression::Term(Term::Address(Side::Either, net)));
        }
        if let Ok(mac) = lower.parse::<MacAddress>() {
            return Ok(Expression::Term(Term::Mac(Side::Either, mac)));
        }
        let message =
            format!("“{word}” is no word of the filter; to search for it as text, write \"{word}\"");
        Err(refused(token, message, near(&lower)))
    }

    fn comparison(&mut self, field: &'static FieldWord) -> Result<Expression, FilterError> {
        let expected = || field.kind.operators().iter().map(|sign| (*sign).to_string()).collect();
        let operator = match self.next() {
            Some(Token { kind: TokenKind::Operator(operator), range }) => (*operator, range.clone()),
            Some(other) => {
                return Err(refused(
                    other,
                    format!("“{}” is to be compared with something", field.word),
                    expected(),
                ));
            }
            None => {
                return Err(
                    self.missing(&format!("“{}” is to be compared with something", field.word), expected())
                );
            }
        };
        let Some(value) = self.next() else {
            return Err(
                self.missing(&format!("a value for “{}” is missing", field.word), field.kind.values())
            );
        };
        let (TokenKind::Word(text) | TokenKind::Quoted(text)) = &value.kind else {
            let message = format!("a value for “{}” is missing before this", field.word);
            return Err(refused(value, message, field.kind.values()));
        };
        let (operator, place) = operator;
        let fits = field.kind.operators().contains(&operator.sign());
        if !fits {
            let message = format!("“{}” cannot be compared with “{}”", field.word, operator.sign());
            return Err(FilterError { range: place, message, expected: expected() });
        }
        let term = value::term(field, operator, text)
            .map_err(|message| refused(value, message, field.kind.values()))?;
        Ok(match operator {
            Operator::NotEqual => Expression::Not(Box::new(Expression::Term(term))),
            _ => Expression::Term(term),
        })
    }

    /// Something is missing at the end, unless the end is where the text is broken.
    fn missing(&mut self, message: &str, expected: Vec<String>) -> FilterError {
        self.broken.take().unwrap_or_else(|| FilterError {
            range: self.end..self.end,
            message: message.into(),
            expected,
        })
    }
}

fn refused(token: &Token, message: String, expected: Vec<String>) -> FilterError {
    FilterError { range: token.range.clone(), message, expected }
}

fn with_close() -> Vec<String> {
    let mut expected = joints();
    expected.push(")".into());
    expected
}

fn one_or(mut parts: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            many(parts)
        }
    }
}

/// The words that begin like this one or that it begins like; all, if there are none.
fn near(word: &str) -> Vec<String> {
    let all = beginnings();
    let start: String = word.chars().take(2).collect();
    let close: Vec<_> = all.iter().filter(|known| known.starts_with(&start)).cloned().collect();
    if close.is_empty() { all } else { close }
}
