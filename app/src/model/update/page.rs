//! The tutorial or script that is open: read, run, asked about, closed.

mod stretch;

use std::{path::PathBuf, sync::Arc};

use topology::{Lab, Sight};

use super::{file, live, terminal};
use crate::{
    model::{
        command::{Effect, File, Page, Terminal},
        draft::Draft,
        state::{Dialog, Live, OpenedPage, State},
        walk::{Pace, Tutorial},
    },
    terminal::{TerminalId, TerminalSaid},
    tutorial::{document::Document, ready::ReadyPage, runner::Wish},
};

/// What the runner wants may lead to more; a runner that never comes to rest is left for the next tick.
const ROUNDS: usize = 16;
/// As shells say of one that was hung up on: 128 and SIGHUP.
const HUNG_UP: i32 = 129;

pub fn page(state: &mut State, wish: Page) -> Vec<Effect> {
    if state.tutorial.is_none() {
        return Vec::new();
    }
    let mut effects = match wish {
        Page::Run { commands, also_held_back } => stretch::ask_for(state, commands, also_held_back),
        Page::RunAll { step_by_step } => stretch::run_all(state, step_by_step),
        Page::Next => stretch::next(state),
        Page::Restart => return restart(state),
        Page::Close => {
            state.tutorial = None;
            return Vec::new();
        }
        Page::Stop => {
            on_tutorial(state, |tutorial| {
                tutorial.runner.stop();
                tutorial.pace = Pace::AsAsked;
            });
            Vec::new()
        }
        Page::Interrupt => {
            on_tutorial(state, |tutorial| tutorial.runner.interrupt());
            Vec::new()
        }
        Page::Answer(answered) => {
            on_tutorial(state, |tutorial| tutorial.runner.answer(answered));
            Vec::new()
        }
    };
    effects.extend(drive(state));
    effects
}

fn on_tutorial(state: &mut State, change: impl FnOnce(&mut Tutorial)) {
    if let Some(tutorial) = &mut state.tutorial {
        change(tutorial);
    }
}

/// A page was read. Its lab takes the drawing's place, unless something would be lost: then somebody is asked.
pub fn opened(state: &mut State, path: PathBuf, document: Arc<Document>) -> Vec<Effect> {
    let opened = OpenedPage { path, document, is_ready: false };
    if state.draft.is_saved() {
        state.dialog = None;
        return show_opened(state, opened);
    }
    // What is asked about is to be seen.
    let effects = file::back_to_drawing(state);
    state.dialog = Some(Dialog::Unsaved(Box::new(File::Open(opened.path.clone()))));
    state.opened_page = Some(opened);
    effects
}

/// One that comes with the program.
pub fn open_ready(state: &mut State, ready: &ReadyPage) -> Vec<Effect> {
    let path = PathBuf::from(ready.file_name());
    state.dialog = None;
    show_opened(state, OpenedPage { path, document: Arc::new(ready.document()), is_ready: true })
}

/// The page beside a fresh, empty lab, which starts at once.
pub fn show_opened(state: &mut State, opened: OpenedPage) -> Vec<Effect> {
    let OpenedPage { path, document, is_ready } = opened;
    let mut effects = begin(state, path.clone(), document, is_ready);
    if !is_ready {
        effects.extend(file::remember(state, &path));
    }
    effects
}

fn begin(state: &mut State, path: PathBuf, document: Arc<Document>, is_ready: bool) -> Vec<Effect> {
    let lab = Lab { title: document.title.clone(), ..Lab::default() };
    let effects = file::replace(state, Draft::new(lab), true);
    state.tutorial = Some(Tutorial::new(path, document, is_ready));
    effects
}

fn restart(state: &mut State) -> Vec<Effect> {
    match state.tutorial.take() {
        Some(tutorial) => {
            let document = tutorial.document().clone();
            begin(state, tutorial.path, document, tutorial.is_ready)
        }
        None => Vec::new(),
    }
}

/// A terminal said something; it may be one of the page's.
pub fn told(state: &mut State, terminal: TerminalId, said: &TerminalSaid) -> Vec<Effect> {
    let now = state.now;
    let Some(tutorial) = &mut state.tutorial else { return Vec::new() };
    let found = tutorial.terminals.iter().find(|(_, id)| **id == terminal);
    let Some(slot) = found.map(|(slot, _)| slot.clone()) else { return Vec::new() };
    if matches!(said, TerminalSaid::Ended { .. } | TerminalSaid::Failed { .. }) {
        tutorial.terminals.remove(&slot);
    }
    tutorial.runner.told(&slot, said, now);
    drive(state)
}

/// What the last command has made is heard.
pub fn taps_came(state: &mut State) -> Vec<Effect> {
    on_tutorial(state, |tutorial| tutorial.runner.taps_came());
    drive(state)
}

/// The kernel was looked at.
pub fn saw(state: &mut State, sight: &Sight) -> Vec<Effect> {
    let Some(tutorial) = &mut state.tutorial else { return Vec::new() };
    tutorial.seen = Some(Arc::new(sight.lab.clone()));
    tutorial.runner.sees(sight);
    drive(state)
}

/// Time passes.
pub fn tick(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    let Some(tutorial) = &mut state.tutorial else { return Vec::new() };
    // Without a lab nothing runs that time could end.
    tutorial.wakes = if matches!(state.live, Live::On { .. }) { tutorial.runner.tick(now) } else { None };
    drive(state)
}

/// The lab runs: what waited for it is typed now.
pub fn lab_started(state: &mut State) -> Vec<Effect> {
    drive(state)
}

/// Somebody stops the lab, and so what runs in it: its shells end one by one, and none of that is the page's next turn.
pub fn lab_stops(state: &mut State) {
    on_tutorial(state, stop_all);
    hang_up(state);
}

/// With the lab go its terminals, and what ran in them. What was asked of a lab that is about to start stays asked.
pub fn lab_stopped(state: &mut State) {
    on_tutorial(state, |tutorial| {
        tutorial.seen = None;
        if !tutorial.terminals.is_empty() {
            stop_all(tutorial);
        }
    });
    hang_up(state);
}

fn hang_up(state: &mut State) {
    let now = state.now;
    on_tutorial(state, |tutorial| {
        for slot in std::mem::take(&mut tutorial.terminals).into_keys() {
            tutorial.runner.told(&slot, &TerminalSaid::Ended { status: HUNG_UP }, now);
        }
        // Nobody opens terminals for a lab that is gone.
        if tutorial.runner.is_idle() {
            drop(tutorial.runner.wishes());
        }
    });
}

/// There is no lab, and there will be none.
pub fn lab_refused(state: &mut State) {
    on_tutorial(state, stop_all);
}

fn stop_all(tutorial: &mut Tutorial) {
    tutorial.runner.stop();
    (tutorial.pace, tutorial.stretch) = (Pace::AsAsked, None);
    tutorial.queued.clear();
}

/// Does what the runner wants, and what follows from how it stands.
fn drive(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    for _ in 0..ROUNDS {
        if !state.is_running() {
            break;
        }
        let wishes = state.tutorial.as_mut().map(|tutorial| tutorial.runner.wishes()).unwrap_or_default();
        if wishes.is_empty() {
            break;
        }
        for wish in wishes {
            effects.extend(carry_out(state, wish));
        }
    }
    stretch::go_on(state);
    effects
}

fn carry_out(state: &mut State, wish: Wish) -> Vec<Effect> {
    let now = state.now;
    match wish {
        Wish::Open { slot, namespace } => {
            let (terminal, effects) = terminal::open(state, namespace);
            on_tutorial(state, |tutorial| match terminal {
                Some(terminal) => {
                    tutorial.terminals.insert(slot, terminal);
                }
                None => {
                    let said = TerminalSaid::Failed { why: "no terminal could be opened".into() };
                    tutorial.runner.told(&slot, &said, now);
                }
            });
            effects
        }
        Wish::LetTapsCome => {
            let seen = state.tutorial.as_ref().and_then(|tutorial| tutorial.seen.as_deref());
            vec![Effect::LetTapsCome { has_stp: seen.is_some_and(Lab::has_stp) }]
        }
        Wish::Type { slot, bytes } => {
            let found = state.tutorial.as_ref().and_then(|tutorial| tutorial.terminals.get(&slot)).copied();
            let is_alive = |id: &TerminalId| {
                state.terminals.iter().any(|terminal| terminal.id == *id && terminal.ended.is_none())
            };
            let Some(terminal) = found.filter(is_alive) else {
                // It was closed meanwhile.
                let said = TerminalSaid::Ended { status: HUNG_UP };
                on_tutorial(state, |tutorial| {
                    tutorial.terminals.remove(&slot);
                    tutorial.runner.told(&slot, &said, now);
                });
                return Vec::new();
            };
            // What is typed is to be seen.
            state.terminal = Some(terminal);
            terminal::terminal(state, Terminal::Type(terminal, bytes))
        }
    }
}

/// Whether commands can be run, now or once the lab has started; whoever cannot is told why.
fn wake_the_lab(state: &mut State) -> Result<Vec<Effect>, ()> {
    match state.live {
        Live::On { .. } | Live::Starting => Ok(Vec::new()),
        Live::Off | Live::Stopping => Ok(live::run(state)),
        Live::Refused { .. } => {
            state.dialog = Some(Dialog::Refusal);
            Err(())
        }
    }
}
