//! How the kernel stands, whoever changed it: what is typed becomes steps of what is drawn.
//!
//! Each look is compared with the one before, [`Live::On`]'s `observed`, and what changed in between is done to the
//! drawing too. What a change of ours did comes with its own answer; looks that may be older than that wait.

mod said;
mod typed;

use std::{collections::BTreeMap, sync::Arc};

use topology::{Became, Lab, NamespaceName, Process, Sight, adopt::adopt};

use self::typed::Typed;
use super::{
    draw::{exists, is_same_network, log, look_for_problems},
    file, live,
};
use crate::model::{
    command::Effect,
    renames::{Renames, known},
    sights::Back,
    state::{InPlace, Live, Logged, State},
};

pub fn saw(state: &mut State, sight: Sight) -> Vec<Effect> {
    match state.live {
        Live::On { .. } if !state.changes.are_under_way() && !state.sights.must_wait(state.now) => {
            state.sights.hold(sight);
            settle(state)
        }
        Live::On { .. } | Live::Starting => {
            state.sights.hold(sight);
            Vec::new()
        }
        // What an engine says that is being stopped is of a lab that is over.
        Live::Off | Live::Stopping | Live::Refused { .. } => Vec::new(),
    }
}

/// Takes in what waited, if it need not any more.
pub fn settle(state: &mut State) -> Vec<Effect> {
    if state.changes.are_under_way() || !state.is_running() {
        return Vec::new();
    }
    match state.sights.settled(state.now) {
        Some(sight) => take_in(state, sight),
        None => Vec::new(),
    }
}

fn take_in(state: &mut State, sight: Sight) -> Vec<Effect> {
    let Live::On { observed, .. } = &state.live else { return Vec::new() };
    let before = observed.clone();
    let Sight { lab: after, processes, made, became, tables } = sight;
    state.draft.were_made(made);
    let became = known(&became, &before, &after);
    take_processes(state, processes);
    state.sights.tables = tables;
    if became.is_empty() && *before == after {
        return Vec::new();
    }
    let after = Arc::new(after);
    let drawn = state.draft.lab().clone();
    let adopted = adopt(&drawn, &before, &after, &became);
    let renames = Renames::of(&became);
    follow(state, &renames);
    let is_news = !is_same_network(&drawn, &adopted);
    if is_news {
        draw(state, adopted, &renames, said::said(&before, &after, &became));
    }
    let taps = taps(&after);
    live::set_observed(state, after, taps);
    if !is_news {
        return Vec::new();
    }
    forget_what_is_gone(state);
    look_for_problems(state);
    file::keep_safe(state)
}

fn draw(state: &mut State, adopted: Lab, renames: &Renames, said: crate::model::sights::Said) {
    let now = state.now;
    let burst = state.sights.take_burst(state.draft.lab(), now);
    let goes_on = burst.is_some();
    let drawn = state.draft.lab().clone();
    let burst = state.sights.begin_or_go_on(burst, said, drawn, now);
    let (words, shell) = (burst.words(), burst.shell.clone());
    state.draft.take_typed(adopted, renames, &words, goes_on);
    state.sights.is_drawn(state.draft.lab().clone());
    let logged = Logged { words, shell, trouble: None };
    match state.log.last_mut().filter(|last| goes_on && last.words.starts_with("Typed: ")) {
        Some(last) => *last = logged,
        None => log(state, logged),
    }
}

fn take_processes(state: &mut State, processes: BTreeMap<NamespaceName, Process>) {
    if state.processes != processes {
        state.processes = processes;
    }
}

/// What a person did with things they did with them under their new names as well.
pub fn follow(state: &mut State, renames: &Renames) {
    if renames.is_empty() {
        return;
    }
    state.selection = state.selection.iter().map(|item| renames.item(item)).collect();
    match &mut state.in_place {
        Some(InPlace::Name(item)) => *item = renames.item(item),
        Some(InPlace::Address { at, .. }) => *at = renames.place(at),
        None => {}
    }
}

fn forget_what_is_gone(state: &mut State) {
    let lab = state.draft.lab().clone();
    state.selection.retain(|item| exists(&lab, item));
    state.in_place.take_if(|typed| match typed {
        InPlace::Name(item) => !exists(&lab, item),
        InPlace::Address { at, .. } => lab.interface(at).is_none(),
    });
}

/// A change that wanted this was carried out: what the kernel has besides was typed meanwhile, and is drawn.
pub fn typed_meanwhile(state: &mut State, wanted: &Lab, before: &Lab, after: &Lab) -> Vec<Effect> {
    let typed = Typed::meanwhile(wanted, before, after, state.sights.renamed());
    let drawn = state.draft.lab().clone();
    let adopted = typed.done_to(&drawn);
    if is_same_network(&drawn, &adopted) {
        return Vec::new();
    }
    let renames = Renames::of(&typed.became);
    follow(state, &renames);
    draw(state, adopted, &renames, typed.said());
    state.changes.take_typed(|wanted| typed.done_to(wanted));
    let taps = taps(after);
    live::set_observed(state, Arc::new(after.clone()), taps);
    forget_what_is_gone(state);
    look_for_problems(state);
    file::keep_safe(state)
}

/// What was to be taken back stays: the drawing shows again what the kernel has.
pub fn could_not_go_back(state: &mut State, back: Back) -> Vec<Effect> {
    let Live::On { observed, taps, .. } = &state.live else { return Vec::new() };
    let (observed, taps) = (observed.clone(), *taps);
    state.draft.forget_taken_back(back == Back::Undo);
    let drawn = state.draft.lab().clone();
    let real = adopt(&drawn, &drawn.settled(), &observed, &[] as &[Became]);
    state.draft.stands_as(real);
    live::set_observed(state, observed, taps);
    forget_what_is_gone(state);
    look_for_problems(state);
    file::keep_safe(state)
}

/// So many interfaces have a tap.
fn taps(lab: &Lab) -> usize {
    lab.interfaces().filter(|(_, found)| found.is_tapped()).count()
}
