//! A shell that is played from a script: what the runner is told, and what it must wish for and note.
//!
//! Each line is one thing that happens or is expected:
//! `run 0 1`, `run held 0`, `stop`, `interrupt`, `answer …`, `sees …`, `taps came`;
//! `TIME tick`, `TIME SLOT opened PID`, `TIME SLOT at NAMESPACE`, `TIME SLOT ended STATUS`, `TIME SLOT failed WHY`,
//! `TIME SLOT TEXT` where `<P7>` is the mark of shell 7's prompt, `<P7:2>` the same with status 2, `<C>` a beginning;
//! `> …` is the next wish, `> nothing` none; `? …` the question; `= …` how a command stands.

mod cases;
mod endless;
mod placeholders;
mod places;

use std::{fmt::Write, sync::Arc};

use topology::{NamespaceName, Process, Sight};

use super::{Answered, Question, Runner, Slot, Standing, Wish};
use crate::{
    terminal::{TerminalSaid, marks},
    tutorial::document::{Command, Document, HeldBack, Target},
};

/// Plays `story` on a page of `commands`, each `[held|endless] TARGET: TEXT`.
fn play(commands: &[&str], story: &str) {
    drop(played(
        Document { commands: commands.iter().map(|line| command(line)).collect(), ..Document::default() },
        story,
    ));
}

fn play_script(commands: &[&str], story: &str) -> Runner {
    let commands = commands.iter().map(|line| command(line)).collect();
    played(Document { commands, is_script: true, ..Document::default() }, story)
}

fn played(document: Document, story: &str) -> Runner {
    let mut runner = Runner::new(Arc::new(document));
    let mut wishes = Vec::new();
    let is_about_taps = story.contains("taps came");
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.split_once(' ').expect("a line has two words") {
            (">", expected) => {
                wishes.extend(runner.wishes());
                let next = if wishes.is_empty() { "nothing".into() } else { wish(&wishes.remove(0)) };
                assert_eq!(next, expected, "left: the wish; right: expected\n{story}");
            }
            ("?", expected) => assert_eq!(question(runner.question()), expected, "{story}"),
            ("=", expected) => {
                let (number, expected) = expected.split_once(' ').expect("a command and how it stands");
                let number: usize = number.parse().expect("a command's number");
                assert_eq!(standing(&runner.standings()[number]), expected, "command {number}\n{story}");
            }
            _ => {
                happen(&mut runner, line);
                wishes.extend(runner.wishes());
                // They come at once, but where a story is about them.
                while !is_about_taps && wishes.last() == Some(&Wish::LetTapsCome) {
                    wishes.pop();
                    runner.taps_came();
                    wishes.extend(runner.wishes());
                }
            }
        }
    }
    assert!(wishes.is_empty(), "there are more wishes: {wishes:?}\n{story}");
    runner
}

fn happen(runner: &mut Runner, line: &str) {
    let (first, rest) = line.split_once(' ').expect("a line has two words");
    let numbers =
        |text: &str| text.split(' ').map(|word| word.parse().expect("a number")).collect::<Vec<usize>>();
    match (first, rest.split_once(' ')) {
        ("run", Some(("held", rest))) => runner.run(numbers(rest), true),
        ("run", _) => runner.run(numbers(rest), false),
        ("please", _) if rest == "stop" => runner.stop(),
        ("please", _) => runner.interrupt(),
        ("taps", _) => runner.taps_came(),
        ("answer", _) if rest == "skip" => runner.answer(Answered::Skip),
        ("answer", Some(("where", place))) => runner.answer(Answered::Where(slot(place))),
        ("answer", _) => runner.answer(Answered::Placeholder(rest.to_owned())),
        ("sees", _) => runner.sees(&sight(rest)),
        (time, _) => {
            let now = time.parse().unwrap_or_else(|_| panic!("“{line}” begins with no time"));
            happens_at(runner, now, rest);
        }
    }
}

fn happens_at(runner: &mut Runner, now: f64, what: &str) {
    let Some((place, said)) = what.split_once(' ') else {
        assert_eq!(what, "tick");
        runner.tick(now);
        return;
    };
    let number = |text: &str| text.parse::<u32>().expect("a number");
    let said = match said.split_once(' ') {
        Some(("opened", shell)) => TerminalSaid::Opened { shell: number(shell) },
        Some(("at", namespace)) => TerminalSaid::At(namespace.to_owned()),
        Some(("ended", status)) => TerminalSaid::Ended { status: status.parse().expect("a status") },
        Some(("failed", why)) => TerminalSaid::Failed { why: why.to_owned() },
        _ => TerminalSaid::Output(written(said)),
    };
    runner.told(&slot(place), &said, now);
}

/// Text with marks, `\r`, `\n`, `\e` and, where a line must not end in one, `\s` in it.
fn written(text: &str) -> Vec<u8> {
    let text = text.replace("\\r", "\r").replace("\\n", "\n").replace("\\e", "\x1b").replace("\\s", " ");
    let mut bytes = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        bytes.extend(before.bytes());
        let (mark, after) = after.split_once('>').expect("a mark is closed");
        match mark.strip_prefix('P') {
            Some(prompt) => {
                let (shell, status) = prompt.split_once(':').unwrap_or((prompt, "0"));
                bytes.extend(marks::prompt(
                    shell.parse().expect("a shell"),
                    status.parse().expect("a status"),
                ));
            }
            None => bytes.extend(marks::BEGINS),
        }
        rest = after;
    }
    bytes.extend(rest.bytes());
    bytes
}

fn command(line: &str) -> Command {
    let (head, text) = line.split_once(": ").expect("TARGET: TEXT");
    let mut words: Vec<&str> = head.split(' ').collect();
    let target = match words.pop().expect("a target") {
        "host" => Target::Host,
        "open" => Target::Open,
        "both" => Target::Each(2),
        word => match slot(word) {
            Slot::Numbered(number) => Target::Numbered(number),
            Slot::Named(name) => Target::Named(name),
            Slot::Host => Target::Host,
        },
    };
    let placeholders = text.split(' ').filter(|word| word.starts_with('<') && word.ends_with('>'));
    Command {
        text: text.replace("\\n", "\n"),
        line: 1,
        target,
        held_back: words.contains(&"held").then_some(HeldBack::Installs),
        is_endless: words.contains(&"endless"),
        is_cleanup: false,
        placeholders: placeholders.map(ToOwned::to_owned).collect(),
    }
}

fn slot(word: &str) -> Slot {
    match (word, word.parse()) {
        ("host", _) => Slot::Host,
        (_, Ok(number)) => Slot::Numbered(number),
        _ => Slot::Named(NamespaceName::new(word).expect("a name")),
    }
}

fn sight(pids: &str) -> Sight {
    let mut sight = Sight::default();
    for pid in pids.split(' ') {
        let name = NamespaceName::new(format!("pid-{pid}")).expect("a name");
        let process = Process { pid: pid.parse().expect("a number"), command: "bash".into() };
        sight.processes.insert(name, process);
    }
    sight
}

fn slot_word(slot: &Slot) -> String {
    match slot {
        Slot::Host => "host".into(),
        Slot::Numbered(number) => number.to_string(),
        Slot::Named(name) => name.to_string(),
    }
}

fn wish(wish: &Wish) -> String {
    match wish {
        Wish::LetTapsCome => "let taps come".into(),
        Wish::Open { slot, namespace } => format!("open {} in {namespace}", slot_word(slot)),
        Wish::Type { slot, bytes } => {
            let text = String::from_utf8_lossy(bytes).escape_default().to_string();
            format!("type {} {}", slot_word(slot), text.replace("\\u{1b}", "\\e").replace("\\\'", "\'"))
        }
    }
}

fn question(question: Option<&Question>) -> String {
    match question {
        None => "none".into(),
        Some(Question::Where { command, choices }) => {
            let choices: Vec<String> = choices.iter().map(slot_word).collect();
            format!("where {command}: {}", choices.join(" "))
        }
        Some(Question::Placeholder { command, name, proposal }) => {
            format!("what {command}: {name} {}", proposal.as_deref().unwrap_or("?"))
        }
    }
}

/// `ran SLOT@NAMESPACE STATUS OUTPUT [interrupted]`, one for each terminal.
fn standing(standing: &Standing) -> String {
    match standing {
        Standing::NotRun => "not run".into(),
        Standing::Asking => "asking".into(),
        Standing::Running { .. } => "running".into(),
        Standing::LeftOut => "left out".into(),
        Standing::Ran(outcomes) => {
            let mut text = "ran".to_owned();
            for outcome in outcomes {
                let (slot, at, status) = (slot_word(&outcome.slot), &outcome.at, outcome.status);
                write!(text, " {slot}@{at} {status} {:?}", outcome.output).expect("memory takes it");
                if outcome.was_interrupted {
                    text.push_str(" interrupted");
                }
            }
            text
        }
    }
}
