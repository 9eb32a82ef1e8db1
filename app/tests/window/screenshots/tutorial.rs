//! A tutorial in the middle of its run. What its shell says was said by a real one, when the recording was made.

use std::{collections::VecDeque, fs, path::PathBuf};

use hopscope::{
    model::{
        command::{Command, Effect, File, News, Page},
        state::{Settings, State},
        update::update,
    },
    terminal::{TerminalId, TerminalSaid, marks},
};
use serde::Deserialize;
use topology::Lab;

use super::Seen;

const SHELL: u32 = 14;
const PROMPT: &str = "\x1b[1;36mhost\x1b[0m:~# ";

/// A line of what `hopscope run` printed about a command.
#[derive(Deserialize)]
struct Ran {
    text: String,
    status: i32,
    output: String,
    took_ms: f64,
}

/// A shell that says what another one said.
struct Shell {
    waiting: VecDeque<Ran>,
}

impl Shell {
    fn of(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/window/recordings").join(name);
        let text = fs::read_to_string(path).expect("it is in the repository");
        let ran = text.lines().map(|line| serde_json::from_str(line).expect("a command's line"));
        Self { waiting: ran.collect() }
    }

    /// What it writes when this command was typed, and how many seconds later.
    fn answer(&mut self) -> (Vec<u8>, f64) {
        let ran = self.waiting.pop_front().expect("the page was run to its end then");
        let lines = |text: &str, before: &str| text.trim_end().replace('\n', &format!("\r\n{before}"));
        let echo = format!("{}\r\n", lines(&ran.text, "> "));
        let output = if ran.output.is_empty() { String::new() } else { lines(&ran.output, "") + "\r\n" };
        let said = [echo.as_bytes(), marks::BEGINS, output.as_bytes(), &prompt(ran.status)].concat();
        (said, ran.took_ms / 1e3)
    }
}

fn prompt(status: i32) -> Vec<u8> {
    [&marks::prompt(SHELL, status), PROMPT.as_bytes()].concat()
}

/// Runs so many of the page's commands, one after the other; the last of them goes on.
fn run(state: &mut State, shell: &mut Shell, count: usize) {
    let commands = (0..count).collect();
    let mut effects = update(state, Command::Page(Page::Run { commands, also_held_back: false }));
    let mut now = state.now;
    let mut typed = 0;
    while typed < count {
        let say = |state: &mut State, terminal: TerminalId, said: TerminalSaid| {
            update(state, Command::News(News::Terminal { terminal, said }))
        };
        let mut next = Vec::new();
        for effect in std::mem::take(&mut effects) {
            match effect {
                Effect::OpenTerminal { terminal, .. } => {
                    next.extend(say(state, terminal, TerminalSaid::Opened { shell: SHELL }));
                    next.extend(say(state, terminal, TerminalSaid::At("host".into())));
                    next.extend(say(state, terminal, TerminalSaid::Output(prompt(0))));
                }
                Effect::Type { terminal, bytes } if bytes.ends_with(b"\r") => {
                    typed += 1;
                    let (said, took) = shell.answer();
                    let goes_on = typed == count;
                    now += took;
                    next.extend(update(state, Command::Tick { now }));
                    let said = if goes_on { bytes[..bytes.len() - 1].to_vec() } else { said };
                    next.extend(say(state, terminal, TerminalSaid::Output(said)));
                }
                Effect::LetTapsCome { .. } => {
                    next.extend(update(state, Command::News(News::TapsCame)));
                }
                _ => {}
            }
        }
        now += 0.01;
        next.extend(update(state, Command::Tick { now }));
        effects = next;
    }
}

#[test]
fn a_tutorial_in_mid_run() {
    let mut state = State::new(Settings::default());
    let _ = update(&mut state, Command::File(File::OpenReadyPage("a-switch-by-hand")));
    let observed = Lab::default().settled().into();
    let _ = update(&mut state, Command::News(News::Started { observed, taps: 0, remarks: Vec::new() }));
    run(&mut state, &mut Shell::of("tutorial.jsonl"), 5);
    Seen::beside(state, "tutorial.pcapng").at("ping", 1, 0.5).picture("tutorial");
}
