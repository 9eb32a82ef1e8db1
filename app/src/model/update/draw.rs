//! The drawing changes: undo, the check, the log, and the kernel all hear of it.

use std::{collections::BTreeSet, sync::Arc};

use topology::{Lab, Position, Thing, check::check, plan::plan};

use super::{beyond, file, live};
use crate::model::{
    act::Item,
    command::{Draw, Effect, Select},
    sights::Back,
    state::{InPlace, Live, Logged, State},
};

/// So many actions are kept in the commands panel.
const MOST_LOGGED: usize = 500;

pub fn draw(state: &mut State, edit: Draw) -> Vec<Effect> {
    if state.is_replay() && edit == Draw::Copy {
        let lab = state.lab();
        state.draft.copy_out_of(&lab, &state.selection);
        return Vec::new();
    }
    if state.is_replay() {
        state.notify("This is a recording. To change its lab, choose Lab ▸ Draw on with this lab", false);
        return Vec::new();
    }
    if let Draw::RenameNamespace { from, .. } = &edit
        && let Some(process) = state.processes.get(from)
    {
        let words = format!(
            "{from} is called after its process. In a terminal, ip netns attach NAME {}",
            process.pid
        );
        state.notify(format!("{words} gives it a name"), true);
        return Vec::new();
    }
    let before = state.draft.lab().clone();
    match state.draft.draw(&edit, &state.selection) {
        Err(why) => {
            state.notify(why, true);
            Vec::new()
        }
        Ok(edited) => {
            if let Some(select) = edited.select {
                state.selection = select;
            }
            changed(state, &before, edited.words)
        }
    }
}

pub fn undo(state: &mut State) -> Vec<Effect> {
    if state.is_replay() {
        return Vec::new();
    }
    let before = state.draft.lab().clone();
    match state.draft.undo() {
        Some(words) => {
            let effects = changed(state, &before, format!("Undo: {words}"));
            went_back(state, &effects, Back::Undo);
            effects
        }
        None => Vec::new(),
    }
}

pub fn redo(state: &mut State) -> Vec<Effect> {
    if state.is_replay() {
        return Vec::new();
    }
    let before = state.draft.lab().clone();
    match state.draft.redo() {
        Some(words) => {
            let effects = changed(state, &before, format!("Redo: {words}"));
            went_back(state, &effects, Back::Redo);
            effects
        }
        None => Vec::new(),
    }
}

fn went_back(state: &mut State, effects: &[Effect], back: Back) {
    if effects.iter().any(|effect| matches!(effect, Effect::ChangeLab(_))) {
        state.sights.taking_back = Some(back);
    }
}

/// The lab is another than `before`.
fn changed(state: &mut State, before: &Arc<Lab>, words: String) -> Vec<Effect> {
    beyond::keep_what_only_processes_can_end(state, before);
    if matches!(state.live, Live::Off | Live::Refused { .. }) {
        beyond::name_rooms_of_processes(state);
    }
    let lab = state.draft.lab().clone();
    if lab == *before {
        return Vec::new();
    }
    state.selection.retain(|item| exists(&lab, item));
    state.in_place.take_if(|typed| match typed {
        InPlace::Name(item) => !exists(&lab, item),
        InPlace::Address { at, .. } => lab.interface(at).is_none(),
    });
    let mut effects = file::keep_safe(state);
    if is_same_network(before, &lab) {
        return effects;
    }
    state.failed.clear();
    look_for_problems(state);
    log_change(state, words, before, &lab);
    if state.is_running() {
        state.sights.taking_back = None;
        effects.extend(live::ask(state));
    }
    effects
}

/// Whether nothing but positions differ, without settling the labs, which would be slow while dragging.
pub fn is_same_network(one: &Lab, other: &Lab) -> bool {
    fn unplaced(lab: &Lab) -> Lab {
        let mut lab = lab.clone();
        for namespace in lab.namespaces.values_mut() {
            namespace.position = None;
            namespace.interfaces.values_mut().for_each(|interface| interface.position = None);
        }
        lab
    }
    unplaced(one) == unplaced(other)
}

pub fn look_for_problems(state: &mut State) {
    state.problems = check(&state.lab(), &state.machine);
}

/// What leads from one lab to the other, as one would type it.
pub fn log_change(state: &mut State, words: String, from: &Lab, to: &Lab) {
    let steps = plan(&from.settled(), to).steps;
    let shell = steps.iter().flat_map(|step| step.shell().lines().map(str::to_owned).collect::<Vec<_>>());
    log(state, Logged { words, shell: shell.collect(), trouble: None });
}

pub fn log(state: &mut State, logged: Logged) {
    let excess = (state.log.len() + 1).saturating_sub(MOST_LOGGED);
    state.log.drain(..excess);
    state.log.push(logged);
}

pub fn exists(lab: &Lab, item: &Item) -> bool {
    match item {
        Item::Thing(Thing::Namespace(name)) => name.is_host() || lab.namespaces.contains_key(name),
        Item::Thing(Thing::Bridge(at)) => {
            lab.interface(at).is_some_and(|found| found.bridge_settings().is_some())
        }
        Item::Interface(at) => lab.interface(at).is_some(),
        Item::Cable(cable) => lab.cables.contains(cable),
    }
}

pub fn select(state: &mut State, select: Select) -> Vec<Effect> {
    // What a person selects is what the inspector is to show.
    state.chosen = None;
    match select {
        Select::Only(item) => state.selection = BTreeSet::from([item]),
        Select::Toggle(item) => {
            if !state.selection.remove(&item) {
                state.selection.insert(item);
            }
        }
        Select::These(items) => state.selection = items,
        Select::All => state.selection = things(&state.lab()).map(Item::Thing).collect(),
        Select::Nothing => state.selection.clear(),
        Select::Nudge(by) => return nudge(state, by),
    }
    Vec::new()
}

fn things(lab: &Lab) -> impl Iterator<Item = Thing> {
    let namespaces: Vec<Thing> = lab.namespaces.keys().cloned().map(Thing::Namespace).collect();
    let bridges: Vec<Thing> = lab
        .interfaces()
        .filter(|(_, found)| found.bridge_settings().is_some())
        .map(|(at, _)| Thing::Bridge(at))
        .collect();
    namespaces.into_iter().chain(bridges)
}

fn nudge(state: &mut State, by: emath::Vec2) -> Vec<Effect> {
    let lab = state.lab();
    let moved = |thing: &Thing| {
        let at = position(&lab, thing)?;
        let (x, y) = (by.x.round() as i32, by.y.round() as i32);
        Some((thing.clone(), Position { x: at.x.saturating_add(x), y: at.y.saturating_add(y) }))
    };
    let things: Vec<(Thing, Position)> = state
        .selection
        .iter()
        .filter_map(|item| if let Item::Thing(thing) = item { moved(thing) } else { None })
        .collect();
    if things.is_empty() {
        return Vec::new();
    }
    // All presses of one burst are one entry in undo.
    let gesture = u64::MAX - state.now as u64;
    draw(state, Draw::Move { things, gesture })
}

/// Where a thing stands in the lab.
pub fn position(lab: &Lab, thing: &Thing) -> Option<Position> {
    match thing {
        Thing::Namespace(name) => lab.namespaces.get(name)?.position,
        Thing::Bridge(at) => lab.interface(at)?.position,
    }
}
