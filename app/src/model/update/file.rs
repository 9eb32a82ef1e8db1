//! New, open, save, record.

use std::path::{Path, PathBuf};

use topology::{Lab, file, ready, script::script};

use super::{draw::look_for_problems, live, view};
use crate::model::{
    command::{Effect, File, Saved},
    draft::{Draft, arrange},
    stage::camera::Camera,
    state::{Dialog, Page, Source, State},
};

/// So many recent files are offered.
const MOST_RECENT: usize = 12;

pub fn file(state: &mut State, wish: File) -> Vec<Effect> {
    if replaces_the_draft(&wish) && !state.draft.is_saved() {
        state.dialog = Some(Dialog::Unsaved(Box::new(wish)));
        return Vec::new();
    }
    do_it(state, wish)
}

/// A recording is opened beside the draft; whether a path is one shows only when it is read.
fn replaces_the_draft(wish: &File) -> bool {
    matches!(wish, File::New | File::OpenReady(_) | File::Open(_) | File::EditRecordedLab)
}

fn do_it(state: &mut State, wish: File) -> Vec<Effect> {
    match wish {
        File::Anyway(wish) => {
            state.dialog = None;
            let mut effects = do_it(state, *wish);
            effects.push(Effect::DropAutosave);
            effects
        }
        File::New => replace(state, Draft::new(Lab::default()), false),
        File::OpenReady(name) => match ready::find(name) {
            Some(ready) => replace(state, Draft::new(arrange::place_missing(&ready.lab())), true),
            None => Vec::new(),
        },
        File::Open(path) => vec![Effect::Open(path)],
        File::Save => match &state.draft.path {
            Some(path) => save_lab(state, path.clone()),
            None => view::view(state, crate::model::command::View::Dialog(Some(Dialog::SaveLab))),
        },
        File::SaveLabAs(path) => save_lab(state, path),
        File::SaveScriptAs(path) => {
            let text = script(&state.lab());
            vec![Effect::SaveText { path, text, what: Saved::Script }]
        }
        File::SaveRecordingAs { path, span } => {
            vec![Effect::SaveRecording { path, span, captions: state.captions.clone() }]
        }
        File::ToggleRecord if state.recording.is_some() => vec![Effect::StopRecording],
        File::ToggleRecord if state.is_running() => vec![Effect::StartRecording],
        File::ToggleRecord => {
            state.notify("There is nothing to record: run the lab first", false);
            Vec::new()
        }
        File::KeepWhatHappened => {
            view::view(state, crate::model::command::View::Dialog(Some(Dialog::SaveRecording)))
        }
        File::EditRecordedLab => {
            let lab = Lab::clone(&state.lab());
            replace(state, Draft::new(arrange::place_missing(&lab)), false)
        }
        File::List(path) => vec![Effect::List(path)],
        File::Restore => restore(state),
        File::DropRestored => {
            state.left_behind = None;
            vec![Effect::DropAutosave]
        }
    }
}

/// Another lab is drawn from now on.
pub fn replace(state: &mut State, draft: Draft, run_it: bool) -> Vec<Effect> {
    state.draft = draft;
    state.source = Source::Draft;
    state.page = Page::Stage;
    state.selection.clear();
    state.failed.clear();
    state.camera = Camera::default();
    live::forget_what_was_seen(state);
    look_for_problems(state);
    live::replace(state, run_it)
}

fn save_lab(state: &mut State, path: PathBuf) -> Vec<Effect> {
    state.dialog = None;
    let text = state.draft.save_text();
    vec![Effect::SaveText { path, text, what: Saved::Lab }]
}

fn restore(state: &mut State) -> Vec<Effect> {
    let Some((text, path)) = state.left_behind.take() else { return Vec::new() };
    match file::parse(&text) {
        Ok(lab) => {
            let mut draft = Draft::new(arrange::place_missing(&lab));
            draft.path = path;
            draft.mark_unsaved();
            replace(state, draft, false)
        }
        Err(error) => {
            state.notify(format!("What was left behind cannot be read: {error}"), true);
            vec![Effect::DropAutosave]
        }
    }
}

/// Puts a file on top of the recent ones.
pub fn remember(state: &mut State, path: &Path) -> Effect {
    let recent = &mut state.settings.recent;
    recent.retain(|known| known != path);
    recent.insert(0, path.to_owned());
    recent.truncate(MOST_RECENT);
    view::save(&state.settings)
}

pub fn quit(state: &mut State) -> Vec<Effect> {
    if state.draft.is_saved() || state.dialog == Some(Dialog::Quit) {
        return vec![Effect::DropAutosave, Effect::Quit];
    }
    state.dialog = Some(Dialog::Quit);
    Vec::new()
}
