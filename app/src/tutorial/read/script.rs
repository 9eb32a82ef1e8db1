//! A script: one block of code, every statement a command.

use super::{
    mend,
    sorting::{Sorted, Statement, Typed},
};
use crate::tutorial::document::{CodeLine, LineKind};

/// Whether a file is a script by its name or its first line.
pub fn is_script(name: &str, text: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("sh" | "bash") => true,
        Some("md" | "markdown" | "txt") => false,
        _ => super::begins_as_script(text.as_bytes()),
    }
}

/// Its statements, and what its leading comment calls it.
pub fn sort(text: &str) -> (Sorted, Option<String>) {
    let lines: Vec<&str> = text.lines().collect();
    let mut sorted = Sorted { language: "bash".to_owned(), ..Sorted::default() };
    let mut open: Option<(u32, Statement)> = None;
    for (number, line) in (1..).zip(&lines) {
        let bare = mend::visible(line);
        let kind = match &mut open {
            Some((_, statement)) => {
                statement.go_on(line);
                LineKind::Command(sorted.typed.len())
            }
            None if bare.is_empty() => LineKind::Blank,
            None if bare.starts_with('#') => LineKind::Comment,
            None => {
                open = Some((number, Statement::begin(line)));
                LineKind::Command(sorted.typed.len())
            }
        };
        sorted.lines.push(CodeLine { text: (*line).to_owned(), kind });
        if let Some((first, statement)) = open.take_if(|(_, statement)| statement.is_complete) {
            sorted.typed.push(statement.into_typed(first));
        }
    }
    // What never ends is still the shell's to judge.
    sorted.typed.extend(open.map(|(first, statement)| Typed { ..statement.into_typed(first) }));
    (sorted, title(&lines))
}

/// The first line of a comment that says something.
fn title(lines: &[&str]) -> Option<String> {
    let comments = lines.iter().skip_while(|line| line.starts_with("#!") || line.trim().is_empty());
    let mut comments = comments.take_while(|line| line.trim().starts_with('#'));
    comments.find_map(|line| {
        let text = line.trim().trim_matches(['#', '-', '=', '*', ' ', '\t']);
        let says = text.contains(char::is_alphabetic)
            && !text.starts_with("shellcheck")
            && !text.contains("opyright");
        says.then(|| text.to_owned())
    })
}
