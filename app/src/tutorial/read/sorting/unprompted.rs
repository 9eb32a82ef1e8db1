//! Blocks without prompts: what has the form of a command is typed, known forms of output were printed.

use super::{
    Known, Sorted, Typed, announces_output, begins_with_command,
    statement::{Patience, Statement, alone},
};
use crate::tutorial::{
    document::{CodeLine, LineKind},
    read::{markup::RawCode, mend, printed, programs},
};

/// `is_shell`: the block says that it is shell code, so that unknown programs are believed.
pub fn sort(code: &RawCode, is_shell: bool, known: &Known) -> Sorted {
    let mut walk =
        Walk { code, is_shell, known, sorted: Sorted::default(), last: LineKind::Blank, comment: None };
    let mut patience = Patience::new(&code.lines);
    let indent = common_indent(&code.lines);
    let mut at = 0;
    while at < code.lines.len() {
        at += walk.step(at, indent, &mut patience);
    }
    walk.sorted
}

/// Whether a block that says nothing of itself is shell code after all.
pub fn looks_like_shell(sorted: &Sorted) -> bool {
    let is_sure = |typed: &Typed| {
        let words: Vec<&str> = typed.text.lines().next().unwrap_or_default().split_whitespace().collect();
        programs::is_surely_shaped(&words) || words.first().is_some_and(|word| word.starts_with("./"))
    };
    begins_with_command(sorted) && sorted.typed.iter().any(is_sure)
}

struct Walk<'a> {
    code: &'a RawCode,
    is_shell: bool,
    known: &'a Known,
    sorted: Sorted,
    /// What the last line was that was not empty.
    last: LineKind,
    comment: Option<String>,
}

impl Walk<'_> {
    /// Sorts line `at`, and those that belong to it; how many that were.
    fn step(&mut self, at: usize, indent: usize, patience: &mut Patience) -> usize {
        let (number, line) = &self.code.lines[at];
        let text = line.get(indent..).unwrap_or(line.trim_start()).trim_end_matches('\r');
        let bare = mend::visible(text);
        if bare.is_empty() {
            return self.note(at, 1, LineKind::Blank);
        }
        if bare.starts_with('#') {
            let comment = bare.trim_start_matches(['#', ' ', '\t']).to_owned();
            // Drawn lines and frames say nothing.
            if comment.contains(char::is_alphanumeric) {
                self.comment = Some(comment);
            }
            return self.note(at, 1, LineKind::Comment);
        }
        if !self.is_typed(bare) {
            return self.note(at, 1, LineKind::Output);
        }
        let Some((statement, took)) = self.read(at, indent, text, patience) else {
            return self.note(at, 1, LineKind::Output);
        };
        let comment = self.comment.take();
        self.sorted.typed.push(Typed { comment, ..statement.into_typed(*number) });
        self.note(at, took, LineKind::Command(self.sorted.typed.len() - 1))
    }

    fn note(&mut self, at: usize, count: usize, kind: LineKind) -> usize {
        let lines = &self.code.lines[at..at + count];
        self.sorted.lines.extend(lines.iter().map(|(_, text)| CodeLine { text: text.clone(), kind }));
        if kind != LineKind::Blank {
            self.last = kind;
        }
        count
    }

    fn is_typed(&self, line: &str) -> bool {
        if printed::is_printed(line) {
            return false;
        }
        let line = mend::mend(line).unwrap_or_else(|| line.to_owned());
        // `(cd /tmp; ls)`
        let line = line.trim_start_matches(['(', ' ']);
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some(first) = words.first() else { return false };
        let name = first.trim_end_matches(';');
        let announced =
            self.last == LineKind::Comment && self.comment.as_deref().is_some_and(announces_output);
        if programs::is_known(name) {
            let is_alone = words.len() == 1;
            return if self.is_shell && !announced {
                !programs::is_sentence(&words)
            } else {
                programs::is_shaped(&words) && (!is_alone || !announced)
            };
        }
        if announced {
            return false;
        }
        is_assignment(first)
            || is_definition(&words)
            || self.known.functions.contains(name)
            || self.is_believed(&words)
    }

    /// A program that is not known, in a block that says that it is shell code.
    fn is_believed(&self, words: &[&str]) -> bool {
        let name = words[0];
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '$' || c == '~')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-+$~/{}".contains(c));
        if !self.is_shell || !is_name || self.known.namespaces.contains(name) || programs::is_sentence(words)
        {
            return programs::is_misspelt(words);
        }
        let has_option = words[1..].iter().any(|word| word.starts_with('-') && 1 < word.len());
        let begins = self.sorted.typed.is_empty() && self.last != LineKind::Output;
        // After a command and without an option it is rather what that command printed.
        begins || (has_option && self.last != LineKind::Output) || programs::is_misspelt(words)
    }

    /// The command that begins in line `at`, and how many lines it takes; `None`: it never ends.
    fn read(
        &self,
        at: usize,
        indent: usize,
        first: &str,
        patience: &mut Patience,
    ) -> Option<(Statement, usize)> {
        let mut statement = Statement::begin(first);
        let mut lost = 0;
        for (index, (_, line)) in self.code.lines.iter().enumerate().skip(at + 1) {
            if statement.is_complete {
                return Some((statement, index - at));
            }
            if !patience.is_left() {
                break;
            }
            lost += line.len() + 1;
            statement.go_on(line.get(indent..).unwrap_or(line.trim_start()));
        }
        if statement.is_complete {
            return Some((statement, self.code.lines.len() - at));
        }
        patience.lose(lost);
        alone(first).map(|statement| (statement, 1))
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        let name = name.strip_suffix('+').unwrap_or(name);
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// `name() {`, `name () {`
fn is_definition(words: &[&str]) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    match words {
        [first, ..] if first.contains("()") => first.split("()").next().is_some_and(is_name),
        [first, second, ..] => is_name(first) && second.starts_with("()"),
        _ => false,
    }
}

/// The spaces that all lines begin with, in bytes.
fn common_indent(lines: &[(u32, String)]) -> usize {
    let indents = lines.iter().filter(|(_, line)| !line.trim().is_empty());
    indents.map(|(_, line)| line.len() - line.trim_start_matches([' ', '\t']).len()).min().unwrap_or(0)
}
