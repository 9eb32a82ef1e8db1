//! Blocks with prompts: what stands behind one is typed, all else was printed.

use std::collections::BTreeSet;

use super::{
    Sorted, Typed,
    statement::{Patience, Statement, alone},
};
use crate::tutorial::{
    document::{CodeLine, LineKind},
    read::{
        language::Sort,
        markup::RawCode,
        mend, printed, programs,
        prompt::{self, Prompt},
    },
};

/// `None`: the block has no prompts.
pub fn sort(code: &RawCode, sort: Sort) -> Option<Sorted> {
    let prompts: Vec<Option<Prompt<'_>>> = code.lines.iter().map(|(_, line)| prompt::at(line)).collect();
    let accepted = Accepted::of(&prompts, sort);
    if !accepted.groups.is_empty() {
        // Root's prompt may stand beside others: in a shell that was opened in between.
        return Some(walk(code, &prompts, &accepted));
    }
    let only_hash = Accepted { groups: BTreeSet::new(), with_hash: true };
    if !prompts.iter().flatten().any(|prompt| only_hash.holds(prompt)) {
        return None;
    }
    let sorted = walk(code, &prompts, &only_hash);
    let is_typed = |line: &CodeLine| line.kind == LineKind::Output && is_command(&line.text);
    // A block that has commands without a prompt has comments, not prompts of root.
    (!sorted.typed.is_empty() && !sorted.lines.iter().any(is_typed)).then_some(sorted)
}

fn is_command(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.first().is_some_and(|word| programs::is_known(word))
        && programs::is_shaped(&words)
        && !printed::is_printed(line)
}

/// Which prompts of the block are taken for prompts.
struct Accepted<'a> {
    groups: BTreeSet<(&'a str, char)>,
    with_hash: bool,
}

impl<'a> Accepted<'a> {
    fn of(prompts: &[Option<Prompt<'a>>], sort: Sort) -> Self {
        let found = || prompts.iter().flatten().filter(|prompt| !prompt.is_hash());
        let marks_all = prompts.iter().flatten().all(|prompt| prompt.sign == '>' && prompt.who.is_empty());
        let is_prompt = |prompt: &&Prompt<'a>| {
            let is_quote = prompt.sign == '>' && prompt.who.is_empty();
            let is_sure = prompt.is_sure() && !prompt.rest.is_empty() && sort == Sort::Shell;
            (is_sure || prompt.is_before_command()) && (!is_quote || marks_all)
        };
        let groups = found().filter(is_prompt).map(|prompt| (prompt.who, prompt.sign)).collect();
        Self { groups, with_hash: true }
    }

    fn holds(&self, prompt: &Prompt<'a>) -> bool {
        if prompt.is_hash() {
            let words: Vec<&str> = prompt.rest.split_whitespace().collect();
            let is_known = words.first().is_some_and(|word| programs::is_known(word));
            return self.with_hash && is_known && programs::is_surely_shaped(&words);
        }
        self.groups.contains(&(prompt.who, prompt.sign))
            // Another folder, the same machine.
            || (prompt.is_sure() && !self.groups.is_empty())
    }
}

fn walk<'a>(code: &'a RawCode, prompts: &[Option<Prompt<'a>>], accepted: &Accepted<'a>) -> Sorted {
    let mut sorted = Sorted::default();
    let mut patience = Patience::new(&code.lines);
    let mut comment = None;
    let mut at = 0;
    while let Some((number, line)) = code.lines.get(at) {
        let mut took = 1;
        let kind = match prompts[at].filter(|prompt| accepted.holds(prompt)) {
            Some(prompt) if mend::visible(prompt.rest).starts_with('#') => LineKind::Comment,
            Some(prompt) if !mend::visible(prompt.rest).is_empty() => {
                let (statement, lines) = read(code, prompts, accepted, at, prompt.rest, &mut patience);
                took = lines;
                let who = Some(prompt.who.to_owned()).filter(|who| !who.is_empty());
                sorted.typed.push(Typed { who, comment: comment.take(), ..statement.into_typed(*number) });
                LineKind::Command(sorted.typed.len() - 1)
            }
            Some(_) => LineKind::Output,
            None if line.trim().is_empty() => LineKind::Blank,
            None if line.trim_start().starts_with('#') => {
                comment = Some(line.trim_start_matches([' ', '\t', '#']).to_owned());
                LineKind::Comment
            }
            None => LineKind::Output,
        };
        let lines = &code.lines[at..at + took];
        sorted.lines.extend(lines.iter().map(|(_, text)| CodeLine { text: text.clone(), kind }));
        at += took;
    }
    sorted
}

/// The command that begins behind the prompt of line `at`, and how many lines it takes.
fn read<'a>(
    code: &'a RawCode,
    prompts: &[Option<Prompt<'a>>],
    accepted: &Accepted<'a>,
    at: usize,
    rest: &str,
    patience: &mut Patience,
) -> (Statement, usize) {
    let first = Statement::begin(rest);
    if first.is_complete {
        return (first, 1);
    }
    let mut statement = first;
    let mut lost = 0;
    for (index, (_, line)) in code.lines.iter().enumerate().skip(at + 1) {
        let next = prompts[index];
        let is_new = next.is_some_and(|next| !next.is_hash() && next.sign != '>' && accepted.holds(&next));
        if (is_new && !statement.is_in_heredoc()) || !patience.is_left() {
            break;
        }
        // `> ` is how the shell asks for more.
        let more = line.trim_start();
        let more = more.strip_prefix("> ").or_else(|| more.strip_prefix('>').filter(|rest| rest.is_empty()));
        statement.go_on(more.unwrap_or(line));
        lost += line.len() + 1;
        if statement.is_complete {
            return (statement, index + 1 - at);
        }
    }
    patience.lose(lost);
    (alone(rest).unwrap_or_else(|| Statement::begin(rest)), 1)
}
