//! What the lexer gives: simple commands.

/// One program with its words, as bash would start it, quotes taken off; what `$` stands for is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    pub words: Vec<String>,
    /// `NAME=value` in front of it, or alone.
    pub assigns: Vec<String>,
    /// Files that `>` and `>>` write to.
    pub writes: Vec<String>,
    /// `<`, `<<` or `<<<` gives it something to read.
    pub is_fed: bool,
    /// `&` behind it.
    pub in_background: bool,
    /// Its output goes into the next one.
    pub is_piped: bool,
    /// What stands directly in front of it.
    pub keyword: Option<Keyword>,
    pub in_function: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    While,
    Until,
    If,
}

impl Simple {
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.assigns.is_empty() && self.writes.is_empty()
    }
}

/// `NAME=` or `NAME+=` at the beginning of a word: the name.
pub(super) fn assigned(word: &str) -> Option<&str> {
    let name = word.split_once('=')?.0;
    let name = name.strip_suffix('+').unwrap_or(name);
    let name = name.split_once('[').map_or(name, |(name, _)| name);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some(name)
}
