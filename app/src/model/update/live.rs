//! The running lab: start, stop, act.

use std::{sync::Arc, time::Duration};

use topology::Lab;

use super::{
    beyond,
    draw::{log, log_change},
    sight, terminal,
};
use crate::model::{
    act::{Act, ActId, Done, Item, Probe, ProbeKind, Rounds, Telling},
    command::Effect,
    differences::differences,
    draft::proposal,
    sights::Back,
    state::{Dialog, Live, Logged, State},
    story::{Keep, Story},
};

/// So many outcomes are kept.
const MOST_ACTS: usize = 64;

pub fn run(state: &mut State) -> Vec<Effect> {
    if state.is_replay() {
        state.notify("This is a recording. To run its lab, choose Lab ▸ Draw on with this lab", false);
        return Vec::new();
    }
    match state.live {
        Live::On { .. } | Live::Starting => Vec::new(),
        Live::Stopping => {
            state.starts_after_stop = true;
            Vec::new()
        }
        Live::Off | Live::Refused { .. } => start(state),
    }
}

/// Builds the lab that is drawn, with a story that begins anew.
pub fn start(state: &mut State) -> Vec<Effect> {
    let mut effects = beyond::name_rooms_of_processes(state);
    let lab = state.draft.lab().clone();
    state.sights.forget();
    state.processes.clear();
    state.live = Live::Starting;
    state.changes.forget();
    state.starts_after_stop = false;
    state.failed.clear();
    forget_what_was_seen(state);
    terminal::forget(state);
    log_change(state, "Build the lab".into(), &Lab::default(), &lab);
    effects.push(Effect::StartLab(lab));
    effects
}

pub fn forget_what_was_seen(state: &mut State) {
    state.story = Story::keeping(Keep::LIVE);
    state.playhead = Default::default();
    state.captions.clear();
    state.chosen = None;
    state.span = None;
    state.acts.clear();
}

pub fn stop(state: &mut State) -> Vec<Effect> {
    state.pending.clear();
    state.starts_after_stop = false;
    match state.live {
        Live::On { .. } | Live::Starting => {
            state.live = Live::Stopping;
            super::page::lab_stops(state);
            log(state, Logged { words: "Stop the lab".into(), shell: Vec::new(), trouble: None });
            vec![Effect::StopLab]
        }
        Live::Off | Live::Stopping | Live::Refused { .. } => Vec::new(),
    }
}

pub fn ping(state: &mut State) -> Vec<Effect> {
    let running: Vec<ActId> =
        state.acts.iter().filter(|done| !done.is_over && done.act.is_endless()).map(|done| done.id).collect();
    if !running.is_empty() {
        return running.into_iter().map(Effect::StopAct).collect();
    }
    let lab = state.draft.lab().clone();
    match proposal::suggested_ping(&lab, &state.selection) {
        Some((from, aim, to)) => {
            let kind = ProbeKind::Ping { rounds: Rounds::Times(1), every: Duration::from_secs(1) };
            act(state, Act::Probe(Probe { from, to, aim, kind }))
        }
        None => {
            let words =
                "There is nobody to ping: a lab needs two namespaces with addresses, joined by a cable";
            state.notify(words, true);
            Vec::new()
        }
    }
}

pub fn act(state: &mut State, act: Act) -> Vec<Effect> {
    if state.is_replay() {
        state.notify("This is a recording: nothing can be sent in it", false);
        return Vec::new();
    }
    match state.live {
        Live::On { .. } => {
            state.playhead.follow(true);
            begin(state, act)
        }
        Live::Starting => {
            state.pending.push(act);
            Vec::new()
        }
        Live::Refused { .. } => {
            state.dialog = Some(Dialog::Refusal);
            Vec::new()
        }
        Live::Off | Live::Stopping => {
            state.pending.push(act);
            run(state)
        }
    }
}

/// What waited for the lab to run.
pub fn begin_pending(state: &mut State) -> Vec<Effect> {
    let pending = std::mem::take(&mut state.pending);
    pending.into_iter().flat_map(|act| begin(state, act)).collect()
}

fn begin(state: &mut State, act: Act) -> Vec<Effect> {
    let id = ActId(state.next_act);
    state.next_act += 1;
    log(state, Logged { words: act.words(), shell: act.shell(), trouble: None });
    let (sent, answered, since) = (0, 0, state.now);
    let excess = (state.acts.len() + 1).saturating_sub(MOST_ACTS);
    state.acts.drain(..excess);
    let words = String::new();
    state.acts.push(Done {
        id,
        act: act.clone(),
        since,
        sent,
        answered,
        is_over: false,
        words,
        is_bad: false,
        telling: Telling::Waits,
    });
    vec![Effect::Act { id, act }]
}

/// Seconds after which the frames of an act that is over have reached the story.
const SETTLES: f64 = 0.4;

/// Outcomes are told once the playhead has shown what led to them; who looks elsewhere is told at once.
pub fn tell_outcomes(state: &mut State) {
    let State { acts, story, playhead, now, .. } = state;
    let looks_on = playhead.following && playhead.playing;
    for done in acts.iter_mut().filter(|done| done.is_over) {
        if done.telling == Telling::Waits && SETTLES <= *now - done.since {
            let last = story.newest_sighting();
            done.telling = last.filter(|_| looks_on).map_or(Telling::Told, Telling::Until);
            done.since = *now;
        }
        if let Telling::Until(last) = done.telling
            && (!looks_on || story.pace().story_at(last) <= playhead.at())
        {
            (done.telling, done.since) = (Telling::Told, *now);
        }
    }
}

pub fn stop_all(state: &mut State) -> Vec<Effect> {
    state.pending.clear();
    state.acts.iter().filter(|done| !done.is_over).map(|done| Effect::StopAct(done.id)).collect()
}

/// The lab that is to run from now on is another one.
pub fn replace(state: &mut State, run_it: bool) -> Vec<Effect> {
    state.pending.clear();
    match state.live {
        Live::On { .. } | Live::Starting => {
            state.live = Live::Stopping;
            state.starts_after_stop = run_it;
            vec![Effect::StopLab]
        }
        Live::Stopping => {
            state.starts_after_stop = run_it;
            Vec::new()
        }
        Live::Off if run_it => start(state),
        Live::Off | Live::Refused { .. } => Vec::new(),
    }
}

pub fn stopped(state: &mut State, why: Option<String>) -> Vec<Effect> {
    for done in &mut state.acts {
        done.is_over = true;
    }
    terminal::lab_stopped(state);
    state.failed.clear();
    state.changes.forget();
    let ended_by_itself = why.is_some();
    if let Some(why) = why {
        state.notify(format!("The lab has stopped: {why}"), true);
    }
    if ended_by_itself && state.live == Live::Stopping {
        // It was told to stop as well, and answers that too.
        return Vec::new();
    }
    if matches!(state.live, Live::Refused { .. }) {
        return Vec::new();
    }
    state.live = Live::Off;
    super::page::lab_stopped(state);
    state.sights.forget();
    state.processes.clear();
    let mut effects = beyond::name_rooms_of_processes(state);
    if std::mem::take(&mut state.starts_after_stop) {
        effects.extend(start(state));
    }
    effects
}

/// What is drawn is wanted of the lab that runs.
pub fn ask(state: &mut State) -> Option<Effect> {
    let Live::On { observed, changing, .. } = &mut state.live else { return None };
    *changing = true;
    let change = state.changes.ask(observed, state.draft.lab().clone());
    Some(Effect::ChangeLab(change))
}

/// The kernel has it so now: what it has otherwise than it is drawn is said on the things themselves, unless that is
/// on its way.
pub fn set_observed(state: &mut State, observed: Arc<Lab>, taps: usize) {
    let changing = state.changes.are_under_way();
    if !changing {
        state.failed = differences(state.draft.lab(), &observed);
    }
    state.live = Live::On { observed, taps, changing };
}

/// A change was carried out; it may be an older one than the newest that was asked for.
pub fn changed(state: &mut State, number: u64, observed: Arc<Lab>, taps: usize) -> Vec<Effect> {
    let Some(wanted) = state.changes.answered(number) else { return Vec::new() };
    let before = if let Live::On { observed, .. } = &state.live { observed.clone() } else { Arc::default() };
    set_observed(state, Arc::clone(&observed), taps);
    state.sights.answered(state.now);
    if !state.changes.are_under_way() {
        state.sights.taking_back = None;
    }
    sight::typed_meanwhile(state, &wanted, &before, &observed)
}

pub fn change_failed(state: &mut State, number: u64, about: Option<Item>, why: String) -> Vec<Effect> {
    let was_asked = state.changes.answered(number).is_some();
    if !was_asked || state.changes.are_under_way() {
        // The next one asks for it again, and is heard of.
        return Vec::new();
    }
    state.sights.answered(state.now);
    if let Some(back) = state.sights.taking_back.take() {
        if let Some(logged) = state.log.last_mut() {
            logged.trouble = Some(why.clone());
        }
        let what = if back == Back::Undo { "taken back" } else { "done again" };
        state.notify(format!("That cannot be {what}: {why}. What the kernel has is drawn"), true);
        return sight::could_not_go_back(state, back);
    }
    if let Live::On { observed, changing, .. } = &mut state.live {
        *changing = false;
        state.failed = differences(state.draft.lab(), observed);
    }
    if let Some(logged) = state.log.last_mut() {
        logged.trouble = Some(why.clone());
    }
    state.notify(format!("The kernel refused: {why}. Undo takes the change back"), true);
    if let Some(item) = about {
        state.failed.insert(item, why);
    }
    Vec::new()
}
