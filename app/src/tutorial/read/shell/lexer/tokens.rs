//! What ends a word or a simple command: separators, redirections, reserved words.

use super::{Frame, Heredoc, Lexer, Redirect};
use crate::tutorial::read::shell::words::{Keyword, assigned};

impl Lexer {
    pub(super) fn semicolon(&mut self, rest: &[(usize, char)]) -> usize {
        self.end_word();
        self.end_simple();
        let marks = rest.iter().take(3).take_while(|(_, c)| matches!(c, ';' | '&')).count();
        if 2 <= marks
            && let Some(Frame::Case { at_pattern, .. }) = self.frames.last_mut()
        {
            *at_pattern = true;
            return marks;
        }
        1
    }

    pub(super) fn operator(&mut self, rest: &[(usize, char)]) -> usize {
        let (this, next) = (rest[0].1, rest.get(1).map(|next| next.1));
        if let Some(Frame::Test | Frame::Array | Frame::Case { at_pattern: true, .. }) = self.frames.last() {
            self.end_word();
            return 1;
        }
        if this == '&' && next == Some('>') {
            return 1;
        }
        self.end_word();
        let is_double = next == Some(this);
        if this == '&' && !is_double {
            self.now.simple.in_background = true;
            if self.now.simple.is_empty()
                && let Some(last) = self.done.last_mut()
            {
                last.in_background = true;
            }
            self.end_simple();
            return 1;
        }
        self.now.simple.is_piped = this == '|' && !is_double;
        self.end_simple();
        self.hangs = true;
        if is_double || (this == '|' && next == Some('&')) { 2 } else { 1 }
    }

    pub(super) fn redirect(&mut self, rest: &[(usize, char)]) -> usize {
        let next = |index: usize| rest.get(index).map(|next| next.1);
        if matches!(self.frames.last(), Some(Frame::Test)) {
            self.end_word();
            return 1;
        }
        if self.now.in_word && self.now.word.chars().all(|c| c.is_ascii_digit()) {
            self.now.word.clear();
            self.now.in_word = false;
        }
        self.end_word();
        if next(1) == Some('(') {
            return self.substitute(2);
        }
        let (redirect, took) = match (rest[0].1, next(1), next(2)) {
            ('<', Some('<'), Some('<')) => (Redirect::In, 3),
            ('<', Some('<'), Some('-')) => (Redirect::Heredoc { strips_tabs: true }, 3),
            ('<', Some('<'), _) => (Redirect::Heredoc { strips_tabs: false }, 2),
            ('<', Some('>' | '&'), _) => (Redirect::In, 2),
            ('<', ..) => (Redirect::In, 1),
            (_, Some('&'), Some(c)) if c.is_ascii_digit() || c == '-' => return 3,
            (_, Some('>' | '|' | '&'), _) => (Redirect::Out, 2),
            _ => (Redirect::Out, 1),
        };
        self.now.simple.is_fed |= redirect != Redirect::Out;
        self.now.redirect = Some(redirect);
        took
    }

    pub(super) fn end_word(&mut self) {
        if !self.now.in_word {
            return;
        }
        let word = std::mem::take(&mut self.now.word);
        let is_quoted = std::mem::take(&mut self.now.is_quoted);
        self.now.in_word = false;
        match self.now.redirect.take() {
            Some(Redirect::Heredoc { strips_tabs }) => {
                self.heredocs.push_back(Heredoc { end: word, strips_tabs });
                return;
            }
            Some(Redirect::Out) => return self.now.simple.writes.push(word),
            Some(Redirect::In) => return,
            Some(Redirect::FunctionName) => {
                self.awaits_body = true;
                self.now.at_command = true;
                return;
            }
            None => {}
        }
        match self.frames.last_mut() {
            Some(Frame::Test) if word == "]]" => {
                self.frames.pop();
                return;
            }
            Some(Frame::Test | Frame::Array) => return,
            Some(Frame::Case { in_seen: in_seen @ false, at_pattern }) => {
                *in_seen = word == "in";
                *at_pattern = *in_seen;
                return;
            }
            Some(Frame::Case { at_pattern: true, .. }) => {
                if word == "esac" {
                    self.close_top();
                    self.now.at_command = false;
                }
                return;
            }
            _ => {}
        }
        if self.now.at_command && !is_quoted && self.reserved(&word) {
            return;
        }
        self.add_word(word);
    }

    fn add_word(&mut self, word: String) {
        if self.now.at_command && assigned(&word).is_some() {
            return self.now.simple.assigns.push(word);
        }
        self.now.at_command = false;
        self.now.simple.words.push(word);
    }

    /// Takes a reserved word (POSIX.1-2024, 2.4). `false`: it is none.
    fn reserved(&mut self, word: &str) -> bool {
        match word {
            "then" | "else" | "elif" | "do" | "!" | "time" => {}
            "if" => {
                self.open(Frame::If);
                self.now.simple.keyword = Some(Keyword::If);
            }
            "while" | "until" => {
                self.open(Frame::Loop);
                let keyword = if word == "while" { Keyword::While } else { Keyword::Until };
                self.now.simple.keyword = Some(keyword);
            }
            "for" | "select" => {
                self.open(Frame::Loop);
                self.now.redirect = Some(Redirect::In);
                self.now.at_command = false;
                self.now.simple.words.push(word.to_owned());
            }
            "case" => self.open(Frame::Case { in_seen: false, at_pattern: false }),
            "{" => self.open(Frame::Group),
            "[[" => self.open(Frame::Test),
            "function" => self.now.redirect = Some(Redirect::FunctionName),
            "fi" => return self.close(|frame| matches!(frame, Frame::If)),
            "done" => return self.close(|frame| matches!(frame, Frame::Loop)),
            "esac" => return self.close(|frame| matches!(frame, Frame::Case { .. })),
            "}" => return self.close(|frame| matches!(frame, Frame::Group)),
            _ => return false,
        }
        true
    }

    fn open(&mut self, frame: Frame) {
        self.enter_body();
        self.push(frame, 0);
    }

    /// What opens now is the body of the function that was named, if one was.
    pub(super) fn enter_body(&mut self) {
        if std::mem::take(&mut self.awaits_body) && self.function.is_none() {
            self.function = Some(self.frames.len());
        }
    }

    fn close(&mut self, is_it: impl Fn(&Frame) -> bool) -> bool {
        if !self.frames.last().is_some_and(is_it) {
            return false;
        }
        self.close_top();
        self.now.at_command = false;
        true
    }

    pub(super) fn end_simple(&mut self) {
        let mut simple = std::mem::take(&mut self.now.simple);
        self.now.at_command = true;
        self.now.redirect = None;
        if matches!(simple.words.first().map(String::as_str), Some("for" | "select")) {
            // The head of a loop starts nothing.
            return;
        }
        if !simple.is_empty() {
            simple.in_function = self.function.is_some();
            self.done.push(simple);
        }
    }
}
