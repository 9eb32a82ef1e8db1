//! What is said of a page's commands.

use crate::{
    print::{CommandLine, NotRunLine},
    tutorial::{
        document::{Command, HeldBack},
        runner::Outcome,
    },
};

/// Why a command is not run without being meant.
pub fn held_back(why: HeldBack) -> &'static str {
    match why {
        HeldBack::Installs => "it installs or removes packages",
        HeldBack::Downloads => "it fetches something from the internet",
        HeldBack::EditsMachine => "it edits the machine",
        HeldBack::Elsewhere => "it speaks to something outside the sandbox",
    }
}

/// For whoever watches.
pub fn about(command: &Command) -> String {
    let first = command.text.lines().next().unwrap_or_default();
    let fair = if command.is_endless { "; it does not end by itself, and gets a few seconds" } else { "" };
    format!("line {}: {}{fair}", command.line, first.escape_debug())
}

pub fn not_run(command: &Command, reason: &str) -> NotRunLine {
    NotRunLine { text: command.text.clone(), line: command.line, reason: reason.to_owned() }
}

pub fn command_line(command: &Command, outcome: Outcome) -> CommandLine {
    let Outcome { text, at, status, output, took, was_interrupted, .. } = outcome;
    CommandLine {
        text,
        at,
        status,
        output,
        line: Some(command.line),
        took_ms: Some((took * 1e3).round() as u64),
        was_interrupted,
    }
}
