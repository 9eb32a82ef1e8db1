//! The page beside the stage: read, run, asked about.

use std::{sync::Arc, time::Instant};

use egui::vec2;
use egui_kittest::{Harness, kittest::Queryable};
use hopscope::{
    model::{
        command::{Command, File, News, Page, View},
        state::{Dialog, Live, Settings, State},
        update::update,
        walk::Tutorial,
    },
    terminal::{TerminalId, TerminalSaid, marks},
    tutorial::{read, runner::Answered},
    window::panels::page,
};
use topology::Lab;

use super::bench::{Bench, bench, picture};

const WALK: &str = "# Two rooms\n\nSome *prose* with `code`, **strong words** and a [link](https://example.org/a).\n\n\
                    - one\n- two\n\n  1. deeper\n\n> **Note** this is quoted.\n\n\
                    | what | where |\n|---|---|\n| a room | here |\n\n\
                    ```sh\n$ ip netns add red\n$ false\n```\n\n```console\n$ ip -n red addr\n1: lo: <LOOPBACK>\n```\n\n\
                    ```\nsudo apt install bridge-utils\n```\n\n![a drawing of it](x.png)\n";

/// The page is open beside a lab that runs.
fn opened(text: &str) -> State {
    let mut state = State::new(Settings::default());
    let document = Arc::new(read::read("walk.md", text.as_bytes()));
    state.tutorial = Some(Tutorial::new("/srv/ada/walk.md".into(), document, false));
    state.live = Live::On { observed: Arc::new(Lab::default()), taps: 1, changing: false };
    state
}

/// Runs commands in played shells; those with `false` in them fail with many lines.
fn run(state: &mut State, page: Page) {
    let mut effects = update(state, Command::Page(page));
    let mut now = state.now;
    for _ in 0..400 {
        let mut said = Vec::new();
        let mut came = Vec::new();
        for effect in effects.drain(..) {
            use hopscope::model::command::Effect;
            match effect {
                Effect::OpenTerminal { terminal, .. } => {
                    said.push((terminal, TerminalSaid::Opened { shell: 7 }));
                    said.push((terminal, TerminalSaid::Output(marks::prompt(7, 0))));
                }
                Effect::Type { terminal, bytes } if bytes.ends_with(b"\r") => {
                    said.push((terminal, answer(&bytes)))
                }
                Effect::LetTapsCome { .. } => came.extend(update(state, Command::News(News::TapsCame))),
                _ => {}
            }
        }
        effects = came;
        for (terminal, said) in said {
            effects.extend(update(state, told(terminal, said)));
        }
        now += 0.1;
        effects.extend(update(state, Command::Tick { now }));
        if state.tutorial.as_ref().is_none_or(|tutorial| !tutorial.is_busy()) {
            return;
        }
    }
}

fn answer(bytes: &[u8]) -> TerminalSaid {
    let has_failed = String::from_utf8_lossy(bytes).contains("false");
    let printed: String = if has_failed {
        (1..=9).map(|line| format!("trouble of line {line}\r\n")).collect()
    } else {
        "fine\r\n".into()
    };
    let prompt = marks::prompt(7, if has_failed { 2 } else { 0 });
    TerminalSaid::Output([bytes, b"\n", marks::BEGINS, printed.as_bytes(), &prompt].concat())
}

fn told(terminal: TerminalId, said: TerminalSaid) -> Command {
    Command::News(News::Terminal { terminal, said })
}

fn shown(state: State) -> Harness<'static, Bench> {
    bench(vec2(440.0, 900.0), state, page::show)
}

#[test]
fn blocks_and_commands_are_run_by_their_names() {
    let mut harness = shown(opened(WALK));
    picture(&mut harness, "page-fresh");
    let lines: Vec<u32> = {
        let tutorial = harness.state().state.tutorial.as_ref().expect("it is open");
        tutorial.document().commands.iter().map(|command| command.line).collect()
    };
    let press = |harness: &mut Harness<'_, Bench>, name: &str| {
        harness.get_by_label(name).click();
        harness.run();
    };
    press(&mut harness, &format!("Run block, line {}", lines[0]));
    press(&mut harness, "Run: ip netns add red");
    press(&mut harness, "Run anyway: sudo apt install bridge-utils");
    press(&mut harness, "Run all");
    press(&mut harness, "Step by step");
    press(&mut harness, "Close the page");
    let run = |commands: &[usize], also_held_back| {
        Command::Page(Page::Run { commands: commands.to_vec(), also_held_back })
    };
    let out = &harness.state().out;
    assert_eq!(
        out[..],
        [
            run(&[0, 1], false),
            run(&[0], false),
            run(&[3], true),
            Command::Page(Page::RunAll { step_by_step: false }),
            Command::Page(Page::RunAll { step_by_step: true }),
            Command::Page(Page::Close),
        ]
    );
}

#[test]
fn a_failure_is_said_at_its_block_and_the_whole_output_opens() {
    let mut state = opened(WALK);
    run(&mut state, Page::Run { commands: vec![0, 1], also_held_back: false });
    let mut harness = shown(state);
    picture(&mut harness, "page-failed");
    assert!(harness.query_by_label_contains("exit 2").is_some());
    let whole =
        |harness: &Harness<'_, Bench>| harness.query_by_label_contains("trouble of line 1\n").is_some();
    assert!(harness.query_by_label_contains("trouble of line 9").is_some() && !whole(&harness));
    harness.get_by_label("Output of: false").click();
    harness.run();
    assert!(whole(&harness));
    assert!(harness.query_by_label_contains("1 failed").is_some());
    assert!(harness.query_by_label("2 of 3").is_some());
}

#[test]
fn the_end_of_the_page_offers_to_keep_it() {
    let mut state = opened("# Short\n\n```sh\nip netns add red\n```\n\n```sh\nip netns del red\n```\n");
    run(&mut state, Page::RunAll { step_by_step: false });
    let mut harness = shown(state);
    picture(&mut harness, "page-end");
    assert!(harness.query_by_label("Clean up, at the page's end").is_some(), "it is not run by itself");
    harness.get_by_label("Save as lab…").click();
    harness.run();
    harness.get_by_label("Save as recording…").click();
    harness.run();
    let out = &harness.state().out;
    let save = Command::View(View::Dialog(Some(Dialog::SaveLab)));
    assert_eq!(out[..], [save, Command::File(File::KeepWhatHappened)]);
}

#[test]
fn a_question_is_asked_at_its_block() {
    let text = "# Processes\n\nIn **two different terminals**:\n\n```sh\nunshare --net bash\n```\n\nIn the **host terminal**:\n\n\
                ```sh\nip link set a netns <PID1>\n```\n";
    let mut state = opened(text);
    run(&mut state, Page::Run { commands: vec![1], also_held_back: false });
    let tutorial = state.tutorial.as_ref().expect("it is open");
    assert!(tutorial.runner.question().is_some(), "{:?}", tutorial.runner);
    let mut harness = shown(state);
    picture(&mut harness, "page-question");
    let field = harness.get_by_label("What stands for <PID1>");
    field.focus();
    harness.run();
    harness.get_by_label("What stands for <PID1>").type_text("4711");
    harness.run();
    harness.get_by_label("Use it").click();
    harness.run();
    harness.get_by_label("Leave this command out").click();
    harness.run();
    assert_eq!(
        harness.state().out[..],
        [
            Command::Page(Page::Answer(Answered::Placeholder("4711".into()))),
            Command::Page(Page::Answer(Answered::Skip)),
        ]
    );
}

#[test]
fn a_long_page_costs_what_is_in_sight() {
    let text = WALK.repeat(400);
    let mut state = opened(&text);
    state.settings.dark = true;
    let mut harness = shown(state);
    harness.run();
    let begin = Instant::now();
    harness.run_steps(10);
    let long = begin.elapsed();
    let mut harness = shown(opened(WALK));
    let begin = Instant::now();
    harness.run_steps(10);
    let short = begin.elapsed();
    // Slow machines are slow at both.
    assert!(
        long < short * 12,
        "ten frames of a page of {} bytes: {long:?}; of a short one: {short:?}",
        text.len()
    );
}

#[test]
fn who_cannot_run_it_is_told_why() {
    let mut state = opened(WALK);
    let (what, why, mend) = ("No sandbox".into(), "user namespaces are off".into(), "Turn them on".into());
    state.live = Live::Refused { what, why, mend };
    let mut harness = shown(state);
    picture(&mut harness, "page-refused");
    assert!(harness.query_by_label_contains("user namespaces are off").is_some());
    assert!(harness.query_by_label_contains("Some prose").is_some());
    harness.get_by_label("Try again").click();
    harness.run();
    assert_eq!(harness.state().out, [Command::RunLab]);
}
