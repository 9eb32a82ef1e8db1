//! Lines that belong to one command.

use super::Typed;
use crate::tutorial::read::{mend::mend, shell::Lexer};

/// What was read of a command.
#[derive(Debug)]
pub struct Statement {
    parts: Vec<String>,
    lexer: Lexer,
    pub is_complete: bool,
    is_mended: bool,
}

impl Statement {
    pub fn begin(line: &str) -> Self {
        let mut statement =
            Self { parts: Vec::new(), lexer: Lexer::default(), is_complete: false, is_mended: false };
        statement.go_on(line);
        statement
    }

    pub fn go_on(&mut self, line: &str) {
        let line = if self.is_in_heredoc() {
            line.to_owned()
        } else {
            let mended = mend(line);
            self.is_mended |= mended.is_some();
            mended.unwrap_or_else(|| line.to_owned())
        };
        self.is_complete = self.lexer.feed(&line);
        let keep = if self.is_complete
            && let Some(comment) = self.lexer.comment_at()
        {
            line[..comment].trim_end().len()
        } else {
            line.len()
        };
        self.parts.push(line[..keep].to_owned());
    }

    pub fn is_in_heredoc(&self) -> bool {
        self.lexer.is_in_heredoc()
    }

    pub fn into_typed(self, line: u32) -> Typed {
        Typed {
            text: self.parts.join("\n").trim().to_owned(),
            line,
            is_mended: self.is_mended,
            ..Typed::default()
        }
    }
}

/// A line that promises another one which never comes: what it says without the promise, if it says anything.
pub fn alone(line: &str) -> Option<Statement> {
    let cut = line.trim_end();
    let cut = cut
        .strip_suffix('\\')
        .or_else(|| cut.strip_suffix("&&"))
        .or_else(|| cut.strip_suffix('|'))
        .unwrap_or(cut);
    let statement = Statement::begin(cut.trim_end());
    (statement.is_complete && !cut.trim().is_empty()).then_some(statement)
}

/// How many bytes may be read in vain while commands of a block are looked for whose end never comes.
#[derive(Debug)]
pub struct Patience(usize);

impl Patience {
    pub fn new(lines: &[(u32, String)]) -> Self {
        Self(4 * lines.iter().map(|(_, line)| line.len() + 1).sum::<usize>() + (1 << 14))
    }

    /// Takes off what was read in vain.
    pub fn lose(&mut self, bytes: usize) {
        self.0 = self.0.saturating_sub(bytes);
    }

    pub fn is_left(&self) -> bool {
        0 < self.0
    }
}
