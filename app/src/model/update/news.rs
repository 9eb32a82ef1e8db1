//! What happened outside.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use topology::{Lab, Sight};

use super::{draw::look_for_problems, file, live, page};
use crate::model::{
    act::ActId,
    command::{Effect, News, Saved},
    stage::camera::Camera,
    state::{Dialog, Folder, Live, Opened, Page, Source, State},
    story::{Batch, Keep, Story},
};

pub fn news(state: &mut State, news: News) -> Vec<Effect> {
    match news {
        News::Started { observed, taps, remarks } => return started(state, observed, taps, remarks),
        // Whoever has said stop meanwhile does not want to know any more.
        News::Refused { .. } if state.live == Live::Stopping => {}
        News::Refused { what, why, mend } => refused(state, Live::Refused { what, why, mend }),
        News::Changed { number, observed, taps } => {
            if state.is_running() {
                return live::changed(state, number, observed, taps);
            }
        }
        News::ChangeFailed { number, about, why } => {
            if state.is_running() {
                return live::change_failed(state, number, about, why);
            }
        }
        News::Stopped { why } => return live::stopped(state, why),
        News::Seen(batch) => seen(state, batch),
        News::TapsCame => return page::taps_came(state),
        News::Terminal { terminal, said } => {
            let mut effects = page::told(state, terminal, &said);
            effects.extend(super::terminal::said(state, terminal, said));
            return effects;
        }
        News::Saw(sight) => return saw(state, *sight),
        News::OpenedPage { path, document } => return page::opened(state, path, document),
        News::ActWent { id, sent, answered, words, is_bad, is_over } => {
            act_went(state, id, (sent, answered), words, is_bad, is_over);
        }
        News::OpenedLab { path, text, lab } => return file::opened_lab(state, Opened { path, text, lab }),
        News::OpenedRecording { path } => return opened_recording(state, path),
        News::OpenFailed { path, why } => {
            state.notify(format!("{} could not be opened: {why}", path.display()), true);
        }
        News::Saved { path, what } => return saved(state, &path, what),
        News::SaveFailed { path, why } => {
            state.after_save = None;
            state.notify(format!("{} could not be saved: {why}", path.display()), true);
        }
        News::RecordingStarted { path } => {
            state.notify(format!("Recording into {}", path.display()), false);
            state.recording = Some(path).filter(|_| state.is_running());
        }
        News::RecordingStopped { path, frames } => {
            state.recording = None;
            state.notify(format!("{frames} frames are in {}", path.display()), false);
            return file::remember(state, &path).into_iter().collect();
        }
        News::Folder { path, entries, trouble } => state.folder = Some(Folder { path, entries, trouble }),
        News::FoundAutosave { text, path } => state.left_behind = Some((text, path)),
        News::MachineAddresses(addresses) => {
            state.machine = addresses;
            look_for_problems(state);
        }
        News::Notice { words, is_bad } => state.notify(words, is_bad),
    }
    Vec::new()
}

fn saw(state: &mut State, sight: Sight) -> Vec<Effect> {
    let mut effects = page::saw(state, &sight);
    effects.extend(super::sight::saw(state, sight));
    effects
}

fn refused(state: &mut State, live: Live) {
    state.pending.clear();
    state.starts_after_stop = false;
    state.live = live;
    page::lab_refused(state);
    // A page can be read all the same, and says itself why it cannot run.
    if state.tutorial.is_none() {
        state.dialog = Some(Dialog::Refusal);
    }
}

fn started(state: &mut State, observed: Arc<Lab>, taps: usize, remarks: Vec<String>) -> Vec<Effect> {
    if state.live != Live::Starting {
        // It was told to stop meanwhile.
        return Vec::new();
    }
    live::set_observed(state, observed, taps);
    state.sights.answered(state.now);
    for remark in remarks {
        state.notify(remark, false);
    }
    let mut effects = Vec::new();
    if let Live::On { observed, .. } = &state.live
        && observed.bare() != state.draft.lab().bare()
    {
        // It was drawn on while it started.
        state.failed.clear();
        effects.extend(live::ask(state));
    }
    effects.extend(live::begin_pending(state));
    effects.extend(page::lab_started(state));
    effects
}

fn seen(state: &mut State, batch: Batch) {
    // What an engine says that is being stopped belongs to a story that is over.
    if state.live == Live::Stopping && !state.is_replay() {
        return;
    }
    for caption in &batch.captions {
        if !state.captions.contains(caption) {
            let place = state.captions.partition_point(|(t, _)| *t <= caption.0);
            state.captions.insert(place, caption.clone());
        }
    }
    if let Some(Err(why)) = &batch.end {
        state.notify(why.clone(), true);
    }
    let has_lab = !batch.labs.is_empty();
    // The playhead stays at its instant, should that have another story time now.
    let anchor = state.story.pace().anchor(state.playhead.at());
    let changed = state.story.take(batch);
    if changed.from_story.is_some_and(|from| from < state.playhead.at()) {
        state.playhead.reanchor(state.story.pace().find(anchor));
    }
    if has_lab && state.is_replay() {
        look_for_problems(state);
    }
}

fn act_went(
    state: &mut State,
    id: ActId,
    (sent, answered): (u32, u32),
    words: String,
    is_bad: bool,
    is_over: bool,
) {
    let now = state.now;
    if let Some(done) = state.acts.iter_mut().find(|done| done.id == id) {
        (done.sent, done.answered, done.words, done.is_bad, done.is_over) =
            (sent, answered, words, is_bad, is_over);
        if is_over {
            // From here on its outcome fades.
            done.since = now;
        }
    }
}

fn opened_recording(state: &mut State, path: PathBuf) -> Vec<Effect> {
    let mut effects = live::stop(state);
    state.dialog = None;
    // A page belongs to the lab that was opened with it.
    state.tutorial = None;
    live::forget_what_was_seen(state);
    state.story = Story::keeping(Keep::RECORDING);
    state.playhead.following = false;
    state.source = Source::Recording { path: path.clone() };
    state.page = Page::Stage;
    state.selection.clear();
    state.in_place = None;
    state.failed.clear();
    state.camera = Camera::default();
    look_for_problems(state);
    effects.extend(file::remember(state, &path));
    effects
}

fn saved(state: &mut State, path: &Path, what: Saved) -> Vec<Effect> {
    state.notify(format!("Saved {}", path.display()), false);
    match what {
        Saved::Lab => file::saved_lab(state, path),
        Saved::Recording => file::remember(state, path).into_iter().collect(),
        Saved::Script => Vec::new(),
    }
}
