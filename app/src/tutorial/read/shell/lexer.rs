//! Reads shell text line by line and says after each whether the command is complete.

mod tokens;

use std::collections::VecDeque;

use super::words::Simple;

/// Deeper nesting than this is nobody's command; what would open another level is read as plain characters.
const DEEPEST: usize = 100;

#[derive(Debug, Default)]
pub struct Lexer {
    frames: Vec<Frame>,
    /// Here-documents whose bodies are still to come.
    heredocs: VecDeque<Heredoc>,
    in_body: bool,
    now: Now,
    done: Vec<Simple>,
    /// `|`, `&&` or `||` was the last thing.
    hangs: bool,
    /// `name()` was read, its body not yet.
    awaits_body: bool,
    /// How many frames there were where the function began that is being defined.
    function: Option<usize>,
    comment_at: Option<usize>,
}

/// What is being read within one level of commands.
#[derive(Debug)]
struct Now {
    word: String,
    in_word: bool,
    is_quoted: bool,
    simple: Simple,
    at_command: bool,
    redirect: Option<Redirect>,
}

impl Default for Now {
    fn default() -> Self {
        Self {
            word: String::new(),
            in_word: false,
            is_quoted: false,
            simple: Simple::default(),
            at_command: true,
            redirect: None,
        }
    }
}

#[derive(Debug)]
struct Heredoc {
    end: String,
    strips_tabs: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Redirect {
    In,
    Out,
    Heredoc { strips_tabs: bool },
    FunctionName,
}

/// What is open.
#[derive(Debug)]
enum Frame {
    Single,
    /// `$'…'`
    Ansi,
    Double,
    /// `${…}`
    Brace,
    /// `$((…))` and `((…))`, with so many `(` inside.
    Arithmetic(u32),
    /// `[[ … ]]`
    Test,
    /// `name=(…)`
    Array,
    /// `$(…)`, `<(…)`: what was being read around it.
    Substitution(Box<Now>),
    Backtick(Box<Now>),
    Subshell,
    Group,
    If,
    Loop,
    Case {
        in_seen: bool,
        at_pattern: bool,
    },
}

impl Lexer {
    /// Reads one more line, without its line break. `true`: the command is complete behind it.
    pub fn feed(&mut self, line: &str) -> bool {
        self.comment_at = None;
        if self.in_body {
            return self.feed_body(line);
        }
        let chars: Vec<(usize, char)> = line.char_indices().collect();
        let mut at = 0;
        while at < chars.len() {
            let rest = &chars[at..];
            if rest[0].1 == '\\' && rest.len() == 1 && !matches!(self.frames.last(), Some(Frame::Single)) {
                return false;
            }
            at += match self.frames.last() {
                Some(Frame::Single | Frame::Ansi) => self.in_quotes(rest),
                Some(Frame::Double) => self.in_double(rest),
                Some(Frame::Brace) => self.in_brace(rest),
                Some(Frame::Arithmetic(_)) => self.in_arithmetic(rest),
                _ => self.plain(rest),
            };
        }
        self.end_line()
    }

    /// Where in the last line a comment begins that belongs to no loop or function, in bytes.
    pub fn comment_at(&self) -> Option<usize> {
        self.comment_at
    }

    /// The next line belongs to a here-document.
    pub fn is_in_heredoc(&self) -> bool {
        self.in_body
    }

    pub fn into_simples(mut self) -> Vec<Simple> {
        while !self.frames.is_empty() {
            self.close_top();
        }
        self.end_word();
        self.end_simple();
        self.done
    }

    fn feed_body(&mut self, line: &str) -> bool {
        if let Some(heredoc) = self.heredocs.front() {
            let line = if heredoc.strips_tabs { line.trim_start_matches('\t') } else { line };
            if line.trim_end() == heredoc.end {
                self.heredocs.pop_front();
            }
        }
        self.in_body = !self.heredocs.is_empty();
        self.is_complete()
    }

    fn is_complete(&self) -> bool {
        self.frames.is_empty() && !self.hangs && !self.awaits_body && !self.in_body
    }

    fn end_line(&mut self) -> bool {
        match self.frames.last() {
            Some(Frame::Single | Frame::Ansi | Frame::Double | Frame::Brace | Frame::Arithmetic(_)) => {
                self.now.word.push('\n');
                return false;
            }
            Some(Frame::Test | Frame::Array) => self.end_word(),
            _ => {
                self.end_word();
                self.end_simple();
            }
        }
        self.in_body = !self.heredocs.is_empty();
        self.is_complete()
    }

    fn in_quotes(&mut self, rest: &[(usize, char)]) -> usize {
        let is_ansi = matches!(self.frames.last(), Some(Frame::Ansi));
        match rest[0].1 {
            '\\' if is_ansi => {
                self.keep(rest[1].1);
                2
            }
            '\'' => {
                self.frames.pop();
                1
            }
            c => {
                self.keep(c);
                1
            }
        }
    }

    fn in_double(&mut self, rest: &[(usize, char)]) -> usize {
        match rest[0].1 {
            '\\' => {
                self.keep(rest[1].1);
                2
            }
            '"' => {
                self.frames.pop();
                1
            }
            '`' => self.backtick(),
            '$' => self.dollar(rest),
            c => {
                self.keep(c);
                1
            }
        }
    }

    fn in_brace(&mut self, rest: &[(usize, char)]) -> usize {
        let below = self.frames.len().checked_sub(2).and_then(|index| self.frames.get(index));
        let in_double = matches!(below, Some(Frame::Double));
        match rest[0].1 {
            '\\' => 2,
            '\'' if !in_double => self.push(Frame::Single, 1),
            '"' if !in_double => self.push(Frame::Double, 1),
            '$' => self.dollar(rest),
            '`' => self.backtick(),
            '}' => {
                self.frames.pop();
                1
            }
            _ => 1,
        }
    }

    fn in_arithmetic(&mut self, rest: &[(usize, char)]) -> usize {
        let Some(Frame::Arithmetic(depth)) = self.frames.last_mut() else { return 1 };
        match rest[0].1 {
            '(' => *depth += 1,
            ')' if 0 < *depth => *depth -= 1,
            ')' => {
                self.frames.pop();
                return if rest.get(1).is_some_and(|next| next.1 == ')') { 2 } else { 1 };
            }
            '$' => return self.dollar(rest),
            _ => {}
        }
        1
    }

    /// Outside quotes.
    fn plain(&mut self, rest: &[(usize, char)]) -> usize {
        let next = rest.get(1).map(|next| next.1);
        match rest[0].1 {
            c if c.is_whitespace() => {
                self.end_word();
                1
            }
            '\\' => {
                self.now.is_quoted = true;
                self.keep(next.unwrap_or('\\'));
                2
            }
            '\'' => self.open_quote(Frame::Single),
            '"' => self.open_quote(Frame::Double),
            '`' => self.backtick(),
            '$' => self.dollar(rest),
            '#' if !self.now.in_word => {
                if self.frames.is_empty() {
                    self.comment_at = Some(rest[0].0);
                }
                rest.len()
            }
            '(' => self.open_paren(rest),
            ')' => self.close_paren(),
            ';' => self.semicolon(rest),
            '&' | '|' => self.operator(rest),
            '<' | '>' => self.redirect(rest),
            c => {
                self.keep(c);
                1
            }
        }
    }

    fn keep(&mut self, c: char) {
        self.now.word.push(c);
        self.now.in_word = true;
        self.hangs = false;
    }

    fn push(&mut self, frame: Frame, took: usize) -> usize {
        self.hangs = false;
        if self.frames.len() < DEEPEST {
            self.frames.push(frame);
        }
        took
    }

    fn open_quote(&mut self, frame: Frame) -> usize {
        self.now.in_word = true;
        self.now.is_quoted = true;
        self.push(frame, 1)
    }

    fn dollar(&mut self, rest: &[(usize, char)]) -> usize {
        self.keep('$');
        let is_quoted = matches!(self.frames.last(), Some(Frame::Double));
        let next = |index: usize| rest.get(index).map(|next| next.1);
        match (next(1), next(2)) {
            (Some('('), Some('(')) => self.push(Frame::Arithmetic(0), 3),
            (Some('('), _) => self.substitute(2),
            (Some('{'), _) => self.push(Frame::Brace, 2),
            (Some('\''), _) if !is_quoted => self.push(Frame::Ansi, 2),
            _ => 1,
        }
    }

    fn substitute(&mut self, took: usize) -> usize {
        self.now.in_word = true;
        if self.frames.len() < DEEPEST {
            let around = std::mem::take(&mut self.now);
            self.push(Frame::Substitution(Box::new(around)), took);
        }
        took
    }

    fn backtick(&mut self) -> usize {
        if self.frames.iter().any(|frame| matches!(frame, Frame::Backtick(_))) {
            while !matches!(self.close_top(), None | Some(Frame::Backtick(_))) {}
        } else if self.frames.len() < DEEPEST {
            self.keep('$');
            let around = std::mem::take(&mut self.now);
            self.push(Frame::Backtick(Box::new(around)), 1);
        }
        1
    }

    /// Closes what was opened last, and goes on with what was being read around it.
    fn close_top(&mut self) -> Option<Frame> {
        let mut frame = self.frames.pop()?;
        if let Frame::Substitution(around) | Frame::Backtick(around) = &mut frame {
            self.end_word();
            self.end_simple();
            self.now = std::mem::take(&mut **around);
        }
        if self.function == Some(self.frames.len()) {
            self.end_simple();
            self.now.at_command = false;
            self.function = None;
        }
        Some(frame)
    }

    fn open_paren(&mut self, rest: &[(usize, char)]) -> usize {
        if matches!(self.frames.last(), Some(Frame::Test | Frame::Case { at_pattern: true, .. })) {
            return 1;
        }
        if self.now.in_word && self.now.word.ends_with('=') {
            return self.push(Frame::Array, 1);
        }
        let closes = rest.iter().skip(1).position(|(_, c)| *c != ' ').filter(|at| rest[at + 1].1 == ')');
        if let Some(spaces) = closes.filter(|_| self.now.at_command && self.now.in_word) {
            self.now.word.clear();
            self.now.in_word = false;
            self.awaits_body = true;
            return spaces + 2;
        }
        self.end_word();
        self.enter_body();
        if rest.get(1).is_some_and(|next| next.1 == '(') && self.now.at_command {
            return self.push(Frame::Arithmetic(0), 2);
        }
        self.push(Frame::Subshell, 1)
    }

    fn close_paren(&mut self) -> usize {
        if matches!(self.frames.last(), Some(Frame::Test)) {
            return 1;
        }
        self.end_word();
        match self.frames.last_mut() {
            Some(Frame::Case { at_pattern, .. }) if *at_pattern => {
                *at_pattern = false;
                self.now.at_command = true;
            }
            Some(Frame::Array) => {
                self.frames.pop();
                self.now.in_word = true;
                self.now.word.push('=');
            }
            Some(Frame::Subshell) => {
                self.end_simple();
                self.close_top();
                self.now.at_command = false;
            }
            Some(Frame::Substitution(_)) => {
                self.close_top();
            }
            _ => {}
        }
        1
    }
}
