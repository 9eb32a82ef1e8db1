//! Stretches of a page: run, settled, played, and what they changed.

use std::{collections::BTreeSet, sync::Arc};

use topology::Lab;

use super::wake_the_lab;
use crate::{
    model::{
        act::Item,
        command::Effect,
        state::{Live, State},
        update::draw::exists,
        walk::{Pace, Phase, Stretch, changes},
    },
    tutorial::runner::Standing,
};

/// Seconds after which what a command did to the kernel, and its frames, have reached us.
const SETTLES: f64 = 0.4;

/// These commands, beside whatever else is under way.
pub fn ask_for(state: &mut State, commands: Vec<usize>, also_held_back: bool) -> Vec<Effect> {
    let Ok(effects) = wake_the_lab(state) else { return Vec::new() };
    if let Some(tutorial) = &mut state.tutorial
        && tutorial.pace == Pace::All
        && tutorial.runner.is_idle()
    {
        tutorial.pace = Pace::AsAsked;
    }
    begin(state, commands, also_held_back);
    effects
}

/// All that is left: a block at a time, or in one go up to the clean-up, which is asked for by itself, since with it
/// goes what was built.
pub fn run_all(state: &mut State, step_by_step: bool) -> Vec<Effect> {
    let Ok(effects) = wake_the_lab(state) else { return Vec::new() };
    let Some(tutorial) = &mut state.tutorial else { return effects };
    tutorial.pace = if step_by_step { Pace::StepByStep } else { Pace::All };
    if step_by_step {
        if tutorial.runner.is_idle() {
            next(state);
        }
        return effects;
    }
    let commands = &tutorial.document().commands;
    let wants_cleanup = tutorial.only_cleanup_is_left();
    let left = tutorial.left().filter(|index| wants_cleanup || !commands[*index].is_cleanup);
    let left: Vec<usize> = left.collect();
    begin(state, left, false);
    effects
}

/// The next block that has something left.
pub fn next(state: &mut State) -> Vec<Effect> {
    let Ok(effects) = wake_the_lab(state) else { return Vec::new() };
    let Some(tutorial) = &mut state.tutorial else { return effects };
    // Who presses twice means once.
    if tutorial.pace != Pace::StepByStep || !tutorial.runner.is_idle() {
        return effects;
    }
    match tutorial.next_block() {
        Some(commands) => begin(state, commands, false),
        None => tutorial.pace = Pace::AsAsked,
    }
    effects
}

fn begin(state: &mut State, commands: Vec<usize>, also_held_back: bool) {
    let before = lab_now(state);
    let Some(tutorial) = &mut state.tutorial else { return };
    let known = &tutorial.runner.document().commands;
    let is_run = |index: &usize| {
        known.get(*index).is_some_and(|command| also_held_back || command.held_back.is_none())
    };
    let commands: Vec<usize> = commands.into_iter().filter(is_run).collect();
    if commands.is_empty() {
        return;
    }
    tutorial.queued.extend(&commands);
    tutorial.looks += 1;
    match &mut tutorial.stretch {
        Some(stretch) if stretch.phase == Phase::Running => stretch.commands.extend(&commands),
        stretch => {
            *stretch = Some(Stretch { commands: commands.clone(), before, phase: Phase::Running });
        }
    }
    tutorial.runner.run(commands, also_held_back);
    state.playhead.follow(true);
}

/// The kernel as it was seen last.
fn lab_now(state: &State) -> Arc<Lab> {
    let seen = state.tutorial.as_ref().and_then(|tutorial| tutorial.seen.clone());
    match (&state.live, seen) {
        (_, Some(seen)) => seen,
        (Live::On { observed, .. }, None) => observed.clone(),
        _ => state.draft.lab().clone(),
    }
}

/// What follows from how the runner and the playhead stand now: one thing after the other, since nobody may look
/// again before something else happens.
pub fn go_on(state: &mut State) {
    while passes_on(state) {}
}

/// One phase follows another.
fn passes_on(state: &mut State) -> bool {
    let (now, length, playhead) = (state.now, state.story.length(), state.playhead.at());
    let looks_elsewhere = !state.playhead.playing;
    let after = lab_now(state);
    let Some(tutorial) = &mut state.tutorial else { return false };
    let standings = tutorial.runner.standings();
    tutorial.queued.retain(|index| standings.get(*index) == Some(&Standing::NotRun));
    let is_idle = tutorial.runner.is_idle();
    if is_idle {
        tutorial.queued.clear();
    }
    let Some(stretch) = &mut tutorial.stretch else { return false };
    let before = stretch.phase;
    match stretch.phase {
        Phase::Running if is_idle => stretch.phase = Phase::Settling { since: now },
        Phase::Settling { since } if SETTLES <= now - since => {
            let last = stretch.commands.iter().max().copied().unwrap_or_default();
            let said = changes(&stretch.before, &after);
            // What all of a page changed is the stage itself.
            if tutorial.pace != Pace::All {
                tutorial.changes.insert(last, said);
            }
            stretch.phase = Phase::Playing { until: length };
        }
        Phase::Playing { until } if until <= playhead || looks_elsewhere => {
            stretch.phase = Phase::Over;
            point_out(state);
        }
        Phase::Running | Phase::Settling { .. } | Phase::Playing { .. } | Phase::Over => {}
    }
    if let Some(tutorial) = &mut state.tutorial
        && let Some(Stretch { phase: Phase::Settling { since }, .. }) = &tutorial.stretch
    {
        let settled = since + SETTLES;
        tutorial.wakes = Some(tutorial.wakes.map_or(settled, |wakes| wakes.min(settled)));
    }
    let phase =
        state.tutorial.as_ref().and_then(|tutorial| tutorial.stretch.as_ref()).map(|stretch| stretch.phase);
    phase != Some(before)
}

/// Step by step, what is new on the stage is selected.
fn point_out(state: &mut State) {
    let lab = state.lab();
    let Some(tutorial) = &state.tutorial else { return };
    let Some(stretch) = tutorial.stretch.as_ref().filter(|_| tutorial.pace == Pace::StepByStep) else {
        return;
    };
    let last = stretch.commands.iter().max().copied().unwrap_or_default();
    let said = tutorial.changes.get(&last).map(Vec::as_slice).unwrap_or_default();
    let new: BTreeSet<Item> =
        said.iter().filter_map(|change| change.item.clone()).filter(|item| exists(&lab, item)).collect();
    if !new.is_empty() {
        state.chosen = None;
        state.selection = new;
    }
}
