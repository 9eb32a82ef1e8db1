//! Terminals: opened, typed into, scrolled, ended.

use topology::NamespaceName;

use super::*;
use crate::{
    model::{
        command::{Pick, Terminal as Wish, View},
        state::{Pane, Side},
        update::terminal::MOST,
    },
    terminal::{
        TerminalId, TerminalSaid, TerminalSize,
        screen::{PickKind, Spot},
    },
};

const FIRST: TerminalId = TerminalId(1);
const SECOND: TerminalId = TerminalId(2);

fn wish(state: &mut State, wish: Wish) -> Vec<Effect> {
    update(state, Command::Terminal(wish))
}

fn name(name: &str) -> NamespaceName {
    name.parse().expect("a name")
}

fn open(state: &mut State, at: &str) -> Vec<Effect> {
    wish(state, Wish::Open(name(at)))
}

fn said(state: &mut State, terminal: TerminalId, said: TerminalSaid) -> Vec<Effect> {
    update(state, Command::News(News::Terminal { terminal, said }))
}

fn output(state: &mut State, terminal: TerminalId, text: &str) -> Vec<Effect> {
    said(state, terminal, TerminalSaid::Output(text.as_bytes().to_vec()))
}

#[test]
fn one_opens_in_front_and_says_what_it_says() {
    let mut state = running();
    state.settings.hidden.insert(Side::Below);
    let size = TerminalSize::default();
    let effects = open(&mut state, "red");
    assert_eq!(effects[0], Effect::OpenTerminal { terminal: FIRST, namespace: name("red"), size });
    assert!(matches!(effects[1..], [Effect::SaveSettings(_)]), "{effects:?}");
    assert_eq!((state.terminal, state.pane, state.terminal_wants_focus), (Some(FIRST), Pane::Terminals, 1));
    assert!(!state.settings.hidden.contains(&Side::Below));
    assert_eq!(said(&mut state, FIRST, TerminalSaid::Opened { shell: 42 }), []);
    assert_eq!(output(&mut state, FIRST, "red:~# "), []);
    assert_eq!(said(&mut state, FIRST, TerminalSaid::At("pid 43".into())), []);
    let terminal = &state.terminals[0];
    assert_eq!(
        (terminal.shell, terminal.at.as_str(), &*terminal.screen.text()),
        (Some(42), "pid 43", "red:~#")
    );
}

#[test]
fn without_a_lab_that_runs_it_is_said_what_to_do() {
    for (mut state, words) in
        [(State::new(Default::default()), "F5"), (opened().0, "being built"), (replaying(), "recording")]
    {
        assert_eq!(open(&mut state, "red"), []);
        let notice = state.notices.last().expect("it is said");
        assert!(notice.is_bad && notice.words.contains(words), "{}", notice.words);
        assert!(state.terminals.is_empty());
    }
}

#[test]
fn there_is_an_end_to_them_and_no_number_comes_twice() {
    let mut state = running();
    for _ in 0..MOST + 3 {
        let _ = open(&mut state, "red");
    }
    assert_eq!(state.terminals.len(), MOST);
    assert_eq!(wish(&mut state, Wish::Close(FIRST)), [Effect::CloseTerminal(FIRST)]);
    let _ = open(&mut state, "blue");
    assert_eq!(state.terminals.last().map(|last| last.id), Some(TerminalId(MOST as u32 + 1)));
}

#[test]
fn the_next_one_comes_to_the_front_when_one_is_closed() {
    let mut state = running();
    for at in ["red", "blue", "host"] {
        let _ = open(&mut state, at);
    }
    assert_eq!(wish(&mut state, Wish::Show(SECOND)), []);
    assert_eq!(wish(&mut state, Wish::Close(SECOND)), [Effect::CloseTerminal(SECOND)]);
    assert_eq!(state.terminal, Some(TerminalId(3)));
    let _ = wish(&mut state, Wish::Close(TerminalId(3)));
    let _ = wish(&mut state, Wish::Close(FIRST));
    assert_eq!(state.terminal, None);
    assert_eq!(wish(&mut state, Wish::Close(FIRST)), [], "it is gone");
    assert_eq!(wish(&mut state, Wish::Show(FIRST)), []);
    assert_eq!(output(&mut state, FIRST, "late"), []);
}

#[test]
fn what_is_typed_goes_out_and_the_end_is_seen_again() {
    let mut state = running();
    let _ = open(&mut state, "red");
    let _ = output(&mut state, FIRST, &"line\r\n".repeat(100));
    assert_eq!(wish(&mut state, Wish::Scroll(FIRST, 10)), []);
    assert_eq!(state.terminals[0].screen.scrolled().below, 10);
    let typed = Effect::Type { terminal: FIRST, bytes: b"ls\r".to_vec() };
    assert_eq!(wish(&mut state, Wish::Type(FIRST, b"ls\r".to_vec())), [typed]);
    assert_eq!(state.terminals[0].screen.scrolled().below, 0);
    assert_eq!(wish(&mut state, Wish::Type(FIRST, Vec::new())), []);
}

#[test]
fn a_program_that_asks_is_answered() {
    let mut state = running();
    let _ = open(&mut state, "red");
    let answer = Effect::Type { terminal: FIRST, bytes: b"\x1b[1;3R".to_vec() };
    assert_eq!(output(&mut state, FIRST, "# \x1b[6n"), [answer]);
}

#[test]
fn a_size_is_told_once_and_kept_for_the_next() {
    let mut state = running();
    let _ = open(&mut state, "red");
    let size = TerminalSize { columns: 132, rows: 43 };
    let told = Effect::ResizeTerminal { terminal: FIRST, size };
    assert_eq!(wish(&mut state, Wish::Resize(FIRST, size)), [told]);
    assert_eq!(wish(&mut state, Wish::Resize(FIRST, size)), []);
    assert_eq!(state.terminals[0].screen.columns(), 132);
    let second = Effect::OpenTerminal { terminal: SECOND, namespace: name("blue"), size };
    assert_eq!(open(&mut state, "blue"), [second]);
}

#[test]
fn what_is_selected_is_copied() {
    let mut state = running();
    let _ = open(&mut state, "red");
    let _ = output(&mut state, FIRST, "inet 10.0.0.1/24 brd");
    assert_eq!(wish(&mut state, Wish::Copy(FIRST)), []);
    let spot = Spot { row: 0, column: 7, right_half: false };
    let _ = wish(&mut state, Wish::Pick(FIRST, Pick::From(PickKind::Words, spot)));
    assert_eq!(wish(&mut state, Wish::Copy(FIRST)), [Effect::Copy("10.0.0.1/24".into())]);
    let _ = wish(&mut state, Wish::Pick(FIRST, Pick::All));
    assert_eq!(wish(&mut state, Wish::Copy(FIRST)), [Effect::Copy("inet 10.0.0.1/24 brd".into())]);
    let _ = wish(&mut state, Wish::Pick(FIRST, Pick::Nothing));
    assert_eq!(wish(&mut state, Wish::Copy(FIRST)), []);
}

#[test]
fn one_that_ended_is_still_to_be_read() {
    let mut state = running();
    for (number, status, words) in [
        (1, 0, "The shell has ended."),
        (2, 3, "The shell has ended with status 3."),
        (3, 137, "The shell was ended by signal 9."),
    ] {
        let id = TerminalId(number);
        let _ = open(&mut state, "red");
        let _ = output(&mut state, id, "# exit\x1b[?1049hvim");
        assert_eq!(said(&mut state, id, TerminalSaid::Ended { status }), []);
        let terminal = &state.terminals[number as usize - 1];
        assert_eq!((terminal.ended, terminal.screen.text()), (Some(status), format!("# exit\n{words}")));
        assert_eq!(terminal.screen.cursor(), None);
        assert_eq!(wish(&mut state, Wish::Type(id, b"x".to_vec())), []);
        let size = TerminalSize { columns: 50, rows: 10 + number as u16 };
        assert_eq!(wish(&mut state, Wish::Resize(id, size)), []);
    }
    assert_eq!(wish(&mut state, Wish::Close(FIRST)), [], "nobody is left to be told");
}

#[test]
fn one_that_could_not_be_opened_says_why() {
    let mut state = running();
    let _ = open(&mut state, "red");
    let why = TerminalSaid::Failed { why: "there is no such namespace".into() };
    assert_eq!(said(&mut state, FIRST, why), []);
    assert!(state.terminals.is_empty() && state.terminal.is_none());
    assert_eq!(
        state.notices.last().map(|notice| &*notice.words),
        Some("No terminal in red: there is no such namespace")
    );
}

#[test]
fn when_the_lab_stops_they_end_and_with_the_next_one_they_go() {
    let mut state = running();
    let _ = open(&mut state, "red");
    let _ = output(&mut state, FIRST, "red:~# ");
    let _ = update(&mut state, Command::StopLab);
    let _ = update(&mut state, Command::News(News::Stopped { why: None }));
    assert!(state.terminals[0].ended.is_some());
    assert_eq!(state.terminals[0].screen.text(), "red:~#\nThe lab has stopped, and this shell with it.");
    let _ = update(&mut state, Command::RunLab);
    assert!(state.terminals.is_empty() && state.terminal.is_none());
    let _ = update(&mut state, started(&running()));
    let effects = open(&mut state, "red");
    assert!(matches!(effects[0], Effect::OpenTerminal { terminal: SECOND, .. }), "{effects:?}");
}

#[test]
fn the_key_opens_one_where_something_is_selected() {
    let key = crate::model::keys::find("T").expect("it is bound");
    let mut state = running();
    assert_eq!((key.command)(&state), Some(Command::Terminal(Wish::Open(NamespaceName::host()))));
    let red = crate::model::act::Item::Thing(topology::Thing::Namespace(name("red")));
    let _ = update(&mut state, Command::Select(crate::model::command::Select::Only(red)));
    assert_eq!((key.command)(&state), Some(Command::Terminal(Wish::Open(name("red")))));
}

#[test]
fn who_asks_for_the_panel_wants_to_type() {
    let mut state = running();
    let _ = update(&mut state, Command::View(View::Show(Pane::Terminals)));
    let _ = update(&mut state, Command::View(View::Show(Pane::Frames)));
    assert_eq!(state.terminal_wants_focus, 1);
}
