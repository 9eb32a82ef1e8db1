//! What commands do to the state, and what they want done.

mod files;
mod keyed;
mod looking;
mod ordering;
mod pages;
mod playing;
mod sights;
mod terminals;

use std::sync::Arc;

use topology::{Lab, Position, ready};

use super::*;
use crate::model::{
    act::Item,
    command::{Draw, File, News, Play},
    state::{Dialog, Live, Logged},
};

fn opened() -> (State, Vec<Effect>) {
    let mut state = State::new(Default::default());
    let effects = update(&mut state, Command::File(File::OpenReady(ready::LABS[0].name)));
    (state, effects)
}

fn running() -> State {
    let (mut state, _) = opened();
    let observed = state.draft.lab().settled().into();
    let _ = update(&mut state, Command::News(News::Started { observed, taps: 5, remarks: Vec::new() }));
    assert!(state.is_running());
    state
}

fn started(state: &State) -> Command {
    let observed = state.draft.lab().settled().into();
    Command::News(News::Started { observed, taps: 5, remarks: Vec::new() })
}

/// The newest change was carried out, and so the kernel stands.
fn done(state: &mut State, lab: &Lab) -> Vec<Effect> {
    let (number, observed) = (state.changes.newest(), Arc::new(lab.settled()));
    update(state, Command::News(News::Changed { number, observed, taps: 5 }))
}

fn failed(state: &mut State, about: Option<Item>, why: &str) -> Vec<Effect> {
    let (number, why) = (state.changes.newest(), why.into());
    update(state, Command::News(News::ChangeFailed { number, about, why }))
}

fn add_namespace(state: &mut State) -> Vec<Effect> {
    update(state, Command::Draw(Draw::AddNamespace { at: Position { x: 48, y: 400 } }))
}

/// A recording is shown, beside a drawing.
fn replaying() -> State {
    let (mut state, _) = opened();
    let _ = update(&mut state, Command::News(News::OpenedRecording { path: "/seen.pcapng".into() }));
    let _ = update(&mut state, Command::News(News::Stopped { why: None }));
    assert!(state.is_replay() && state.live == Live::Off);
    state
}

#[test]
fn a_ready_lab_opens_and_starts() {
    let (state, effects) = opened();
    assert_eq!(effects, [Effect::StartLab(state.draft.lab().clone())]);
    assert_eq!(state.live, Live::Starting);
    assert!(state.draft.is_saved(), "nothing was drawn yet");
}

#[test]
fn a_ping_pressed_while_the_lab_starts_is_sent_when_it_runs() {
    let (mut state, _) = opened();
    assert_eq!(update(&mut state, Command::Ping), []);
    let observed = state.draft.lab().settled().into();
    let started = News::Started { observed, taps: 5, remarks: Vec::new() };
    let effects = update(&mut state, Command::News(started));
    assert!(matches!(effects[..], [Effect::Act { .. }]), "{effects:?}");
}

#[test]
fn what_is_drawn_while_it_runs_goes_to_the_kernel_and_into_the_log() {
    let mut state = running();
    let logged = state.log.len();
    let draw = Draw::AddNamespace { at: Position { x: 48, y: 400 } };
    let effects = update(&mut state, Command::Draw(draw));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::ChangeLab(_))), "{effects:?}");
    assert!(
        state.log[logged..].iter().any(|entry| entry.shell.iter().any(|line| line.contains("netns add")))
    );
    assert!(!state.draft.is_saved());
    let effects = update(&mut state, Command::Undo);
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::ChangeLab(_))),
        "undo reaches the kernel too"
    );
    assert!(state.draft.is_saved(), "as it was opened");
}

#[test]
fn a_move_does_not_bother_the_kernel() {
    let mut state = running();
    let _ = update(&mut state, Command::Select(crate::model::command::Select::All));
    let nudge = crate::model::command::Select::Nudge(emath::vec2(8.0, 0.0));
    let effects = update(&mut state, Command::Select(nudge));
    assert!(matches!(effects[..], [Effect::Autosave { .. }]), "{effects:?}");
}

#[test]
fn unsaved_work_is_asked_about() {
    let mut state = running();
    let draw = Draw::AddNamespace { at: Position { x: 48, y: 400 } };
    let _ = update(&mut state, Command::Draw(draw));
    assert_eq!(update(&mut state, Command::File(File::New)), []);
    assert_eq!(state.dialog, Some(Dialog::Unsaved(Box::new(File::New))));
    let effects = update(&mut state, Command::File(File::Anyway(Box::new(File::New))));
    assert!(effects.contains(&Effect::StopLab));
    assert!(state.draft.lab().namespaces.is_empty());
}

#[test]
fn leaving_with_unsaved_work_asks_once() {
    let mut state = running();
    let draw = Draw::AddNamespace { at: Position { x: 48, y: 400 } };
    let _ = update(&mut state, Command::Draw(draw));
    assert_eq!(update(&mut state, Command::Quit), []);
    assert!(update(&mut state, Command::Quit).contains(&Effect::Quit));
}

#[test]
fn pausing_never_touches_the_capture() {
    let mut state = running();
    assert_eq!(update(&mut state, Command::Play(Play::Pause)), []);
    assert!(!state.playhead.playing);
    assert!(state.is_running());
}

#[test]
fn a_refusal_opens_the_dialog_and_leaves_drawing_alone() {
    let (mut state, _) = opened();
    let refused =
        News::Refused { what: "no sandbox".into(), why: "AppArmor".into(), mend: "load the profile".into() };
    let _ = update(&mut state, Command::News(refused));
    assert_eq!(state.dialog, Some(Dialog::Refusal));
    let draw = Draw::AddNamespace { at: Position { x: 48, y: 400 } };
    let _ = update(&mut state, Command::Draw(draw));
    assert_eq!(state.draft.lab().namespaces.len(), 4, "three and the new one");
}
