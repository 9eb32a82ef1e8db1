//! A tutorial that is open: its lab, its terminals, its steps. The shells are played.

use std::collections::VecDeque;

use topology::{Namespace, Sight};

use super::*;
use crate::{
    model::{
        command::{Page, View},
        state::Pane,
        walk::{Pace, Phase},
    },
    terminal::{TerminalSaid, marks},
    tutorial::{
        document::{Block, Code, CodeLine, Document, HeldBack, LineKind, Target},
        ready as pages,
        runner::{Answered, Standing},
    },
};

/// A page with a block for each group of lines; `!` before a line holds it back, `~` makes it clean up, `?` leaves its
/// terminal open.
fn page(groups: &[&[&str]]) -> Arc<Document> {
    let mut document = Document { title: "A walk".into(), ..Document::default() };
    for group in groups {
        let from = document.commands.len();
        let mut lines = Vec::new();
        for line in *group {
            let text = line.trim_start_matches(['!', '~', '?']).to_owned();
            let number = document.commands.len();
            lines.push(CodeLine { text: text.clone(), kind: LineKind::Command(number) });
            document.commands.push(crate::tutorial::document::Command {
                text,
                line: number as u32 + 1,
                target: if line.starts_with('?') { Target::Open } else { Target::Host },
                held_back: line.starts_with('!').then_some(HeldBack::Installs),
                is_endless: false,
                is_cleanup: line.starts_with('~'),
                placeholders: Vec::new(),
            });
        }
        let commands = from..document.commands.len();
        document.blocks.push(Block::Code(Code { language: "sh".into(), lines, commands }));
    }
    Arc::new(document)
}

fn told(terminal: TerminalId, said: TerminalSaid) -> Command {
    Command::News(News::Terminal { terminal, said })
}

use crate::terminal::TerminalId;

/// The state, and shells that answer what is typed; commands with `false` in them fail.
struct Played {
    state: State,
    typed: Vec<String>,
    now: f64,
}

impl Played {
    fn of(document: Arc<Document>) -> Self {
        let mut state = State::new(Default::default());
        let news = News::OpenedPage { path: "/srv/ada/walk.md".into(), document };
        let effects = update(&mut state, Command::News(news));
        assert!(
            effects.iter().any(|effect| matches!(effect, Effect::StartLab(lab) if lab.namespaces.is_empty()))
        );
        let mut played = Self { state, typed: Vec::new(), now: 0.0 };
        let starts = started(&played.state);
        played.say(starts);
        played
    }

    fn say(&mut self, command: Command) {
        let mut waiting: VecDeque<Effect> = update(&mut self.state, command).into();
        while let Some(effect) = waiting.pop_front() {
            let said = match effect {
                Effect::OpenTerminal { terminal, .. } => {
                    vec![
                        (terminal, TerminalSaid::Opened { shell: 7 }),
                        (terminal, output(marks::prompt(7, 0))),
                    ]
                }
                Effect::Type { terminal, bytes } if bytes.ends_with(b"\r") => {
                    let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
                    let status = i32::from(text.contains("false"));
                    // Those that sleep do not come to an end.
                    let end = if text.contains("sleep") { Vec::new() } else { marks::prompt(7, status) };
                    let printed = [b"\r\n", marks::BEGINS, b"a line\r\n", &end].concat();
                    self.typed.push(text);
                    vec![(terminal, output([&bytes[..], &printed].concat()))]
                }
                Effect::LetTapsCome { .. } => {
                    waiting.extend(update(&mut self.state, Command::News(News::TapsCame)));
                    continue;
                }
                _ => Vec::new(),
            };
            for (terminal, said) in said {
                waiting.extend(update(&mut self.state, told(terminal, said)));
            }
        }
    }

    fn page(&mut self, page: Page) {
        self.say(Command::Page(page));
        self.pass(0.2);
    }

    fn pass(&mut self, seconds: f64) {
        for _ in 0..10 {
            self.now += seconds / 10.0;
            self.say(Command::Tick { now: self.now });
        }
    }

    /// The kernel has these namespaces now.
    fn saw(&mut self, names: &[&str]) {
        let mut lab = Lab { title: self.state.draft.lab().title.clone(), ..Lab::default() };
        for name in names {
            lab.namespaces.insert(name.parse().expect("a name"), Namespace::default());
        }
        self.say(Command::News(News::Saw(Box::new(Sight { lab: lab.settled(), ..Sight::default() }))));
    }

    fn tutorial(&self) -> &crate::model::walk::Tutorial {
        self.state.tutorial.as_ref().expect("it is open")
    }

    fn ran(&self) -> Vec<bool> {
        let standings = self.tutorial().runner.standings();
        standings.iter().map(|standing| matches!(standing, Standing::Ran(_))).collect()
    }
}

fn output(bytes: Vec<u8>) -> TerminalSaid {
    TerminalSaid::Output(bytes)
}

#[test]
fn a_block_is_typed_into_a_terminal_that_is_seen() {
    let mut played = Played::of(page(&[&["ip link"], &["false"]]));
    assert_eq!(played.state.draft.lab().title, "A walk");
    assert!(played.state.draft.is_saved(), "an empty lab is worth nothing");
    assert_eq!(played.state.settings.recent.first(), Some(&"/srv/ada/walk.md".into()));
    played.page(Page::Run { commands: vec![0], also_held_back: false });
    assert_eq!(played.typed, ["ip link"]);
    assert_eq!(played.ran(), [true, false]);
    assert_eq!((played.state.pane, played.state.terminals.len()), (Pane::Terminals, 1));
    assert!(played.tutorial().queued.is_empty() && played.tutorial().runner.is_idle());
    played.page(Page::Run { commands: vec![1], also_held_back: false });
    let progress = played.tutorial().progress();
    assert_eq!((progress.done, progress.of, progress.failed), (2, 2, 1));
    assert_eq!(played.state.terminals.len(), 1, "the same terminal");
}

#[test]
fn what_is_asked_before_the_lab_runs_is_typed_when_it_does() {
    let mut state = State::new(Default::default());
    let news = News::OpenedPage { path: "/srv/walk.md".into(), document: page(&[&["ip link"]]) };
    let _ = update(&mut state, Command::News(news));
    let effects = update(&mut state, Command::Page(Page::Run { commands: vec![0], also_held_back: false }));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::OpenTerminal { .. })), "{effects:?}");
    let starts = started(&state);
    let effects = update(&mut state, starts);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::OpenTerminal { .. })), "{effects:?}");
}

#[test]
fn run_all_leaves_out_what_is_held_back_and_stops_before_the_clean_up() {
    let mut played =
        Played::of(page(&[&["ip link", "!apt install brctl"], &["ip route"], &["~ip link del x"]]));
    played.page(Page::RunAll { step_by_step: false });
    assert_eq!(played.typed, ["ip link", "ip route"]);
    assert!(played.tutorial().only_cleanup_is_left());
    played.page(Page::RunAll { step_by_step: false });
    assert_eq!(played.typed.last().map(String::as_str), Some("ip link del x"));
    assert_eq!(played.tutorial().left().count(), 0);
    assert_eq!(played.tutorial().progress().of, 3, "what was left alone does not count");
    played.page(Page::Run { commands: vec![1], also_held_back: true });
    assert_eq!(played.typed.last().map(String::as_str), Some("apt install brctl"));
}

#[test]
fn step_by_step_says_what_changed_and_waits() {
    let mut played = Played::of(page(&[&["ip netns add red"], &["ip netns add blue"]]));
    played.saw(&["host"]);
    played.page(Page::RunAll { step_by_step: true });
    assert_eq!(played.typed, ["ip netns add red"], "one block");
    played.saw(&["host", "red"]);
    assert!(!played.tutorial().waits(), "what it did may still be on its way");
    played.pass(0.5);
    played.pass(0.1);
    let tutorial = played.tutorial();
    assert_eq!(tutorial.stretch.as_ref().map(|stretch| stretch.phase), Some(Phase::Over));
    assert!(tutorial.waits() && tutorial.pace == Pace::StepByStep);
    assert!(tutorial.wakes.is_none(), "nothing happens by itself now");
    let said: Vec<&str> = tutorial.changes[&0].iter().map(|change| change.words.as_str()).collect();
    assert_eq!(said[0], "namespace red");
    let next = crate::model::keys::find("Enter").expect("a key").command;
    assert_eq!(next(&played.state), Some(Command::Page(Page::Next)));
    played.page(Page::Next);
    assert_eq!(played.typed.len(), 2);
    played.saw(&["host", "red", "blue"]);
    played.pass(0.5);
    played.pass(0.1);
    assert_eq!(next(&played.state), None, "there is no further step");
    assert_eq!(played.tutorial().changes[&1][0].words, "namespace blue");
}

#[test]
fn an_open_terminal_is_asked_for() {
    let mut played = Played::of(page(&[&["?ip link"], &["ip link"]]));
    played.page(Page::Run { commands: vec![0, 1], also_held_back: false });
    let choices = match played.tutorial().runner.question() {
        Some(crate::tutorial::runner::Question::Where { command: 0, choices }) => choices.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(played.typed, [""; 0]);
    played.page(Page::Answer(Answered::Where(choices[0].clone())));
    assert_eq!(played.typed, ["ip link", "ip link"]);
}

#[test]
fn a_page_that_is_refused_a_sandbox_is_still_read() {
    let mut state = State::new(Default::default());
    let news = News::OpenedPage { path: "/srv/walk.md".into(), document: page(&[&["ip link"]]) };
    let _ = update(&mut state, Command::News(news));
    let refused = News::Refused { what: "a".into(), why: "b".into(), mend: "c".into() };
    let _ = update(&mut state, Command::News(refused));
    assert_eq!(state.dialog, None, "the page itself says it");
    assert!(state.tutorial.is_some());
    assert_eq!(update(&mut state, Command::Page(Page::RunAll { step_by_step: false })), []);
    assert_eq!(state.dialog, Some(Dialog::Refusal));
}

#[test]
fn a_stop_of_the_lab_ends_what_runs() {
    let mut played = Played::of(page(&[&["ip link"], &["ip route"]]));
    played.page(Page::RunAll { step_by_step: true });
    played.say(Command::StopLab);
    played.say(Command::News(News::Stopped { why: None }));
    let tutorial = played.tutorial();
    assert!(tutorial.terminals.is_empty() && tutorial.runner.is_idle() && tutorial.pace == Pace::AsAsked);
    // Asked again, it starts the lab again.
    let effects =
        update(&mut played.state, Command::Page(Page::Run { commands: vec![1], also_held_back: false }));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::StartLab(_))), "{effects:?}");
    let starts = started(&played.state);
    played.say(starts);
    played.pass(0.2);
    assert_eq!(played.typed.last().map(String::as_str), Some("ip route"));
}

/// Shells end one by one before the lab has stopped, and that is nobody's turn.
#[test]
fn shells_that_end_with_the_lab_are_not_taken_for_the_end_of_a_command() {
    let mut played = Played::of(page(&[&["sleep 45", "ip netns add never"]]));
    played.page(Page::RunAll { step_by_step: false });
    assert!(matches!(played.tutorial().runner.standings()[0], Standing::Running { .. }));
    let terminal = *played.tutorial().terminals.values().next().expect("it types somewhere");
    played.say(Command::StopLab);
    played.say(told(terminal, TerminalSaid::Ended { status: 129 }));
    played.say(Command::News(News::Stopped { why: None }));
    assert!(!played.tutorial().is_busy(), "{:?}", played.tutorial().runner);
    assert_eq!(played.tutorial().runner.standings()[1], Standing::NotRun);
}

#[test]
fn unsaved_work_is_asked_about_before_a_page_takes_its_place() {
    let mut state = running();
    let _ = add_namespace(&mut state);
    let drawn = state.draft.lab().clone();
    let document = page(&[&["ip link"]]);
    let news = News::OpenedPage { path: "/srv/walk.md".into(), document };
    let _ = update(&mut state, Command::News(news.clone()));
    assert!(matches!(state.dialog, Some(Dialog::Unsaved(_))));
    assert!(Arc::ptr_eq(state.draft.lab(), &drawn) && state.tutorial.is_none());
    let _ = update(&mut state, Command::View(View::Dialog(None)));
    assert_eq!(state.opened_page, None, "it stays as it is");
    let _ = update(&mut state, Command::News(news));
    let Some(Dialog::Unsaved(wish)) = state.dialog.clone() else { panic!("{:?}", state.dialog) };
    let effects = update(&mut state, Command::File(File::Anyway(wish)));
    assert!(state.tutorial.is_some() && effects.contains(&Effect::StopLab), "{effects:?}");
    // Another lab takes it away again.
    let _ = update(&mut state, Command::File(File::OpenReady(ready::LABS[0].name)));
    assert!(state.tutorial.is_none());
}

#[test]
fn a_page_begins_again_in_a_fresh_lab() {
    let mut played = Played::of(page(&[&["ip link"]]));
    played.page(Page::RunAll { step_by_step: false });
    let effects = update(&mut played.state, Command::Page(Page::Restart));
    assert!(effects.contains(&Effect::StopLab));
    played.say(Command::News(News::Stopped { why: None }));
    assert_eq!(played.state.live, Live::Starting);
    assert_eq!(played.ran(), [false]);
    assert_eq!(played.tutorial().path, std::path::PathBuf::from("/srv/ada/walk.md"));
}

#[test]
fn ready_pages_open_and_are_no_recent_files() {
    for ready in pages::PAGES {
        let mut state = State::new(Default::default());
        let effects = update(&mut state, Command::File(File::OpenReadyPage(ready.name)));
        assert!(effects.iter().any(|effect| matches!(effect, Effect::StartLab(_))), "{effects:?}");
        assert!(state.settings.recent.is_empty());
        assert_eq!(state.tutorial.map(|tutorial| tutorial.file_name()), Some(ready.file_name()));
    }
}
