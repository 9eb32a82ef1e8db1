//! New, open, save, record.

use std::path::{Path, PathBuf};

use topology::{Lab, adopt, file, ready, script::script};

use super::{draw::look_for_problems, live, page, view};
use crate::model::{
    command::{Effect, File, Saved},
    draft::{Draft, arrange},
    stage::camera::Camera,
    state::{AfterSave, Dialog, Opened, Page, Source, State},
};
use crate::tutorial::ready as ready_pages;

/// So many recent files are offered.
const MOST_RECENT: usize = 12;

pub fn file(state: &mut State, wish: File) -> Vec<Effect> {
    if replaces_the_draft(&wish) && !state.draft.is_saved() {
        state.dialog = Some(Dialog::Unsaved(Box::new(wish)));
        return Vec::new();
    }
    do_it(state, wish)
}

/// A recording is opened beside the draft; whether a path is one shows only when it is read, see [`opened_lab`].
fn replaces_the_draft(wish: &File) -> bool {
    matches!(
        wish,
        File::New | File::OpenReady(_) | File::OpenReadyPage(_) | File::EditRecordedLab | File::Restore
    )
}

fn do_it(state: &mut State, wish: File) -> Vec<Effect> {
    match wish {
        File::Anyway(wish) => {
            state.dialog = None;
            let page = state.opened_page.take();
            match (*wish, state.opened.take()) {
                // It was read already.
                (File::Open(path), _) if page.as_ref().is_some_and(|page| page.path == path) => {
                    page.map(|page| page::show_opened(state, page)).unwrap_or_default()
                }
                (File::Open(path), Some(opened)) if opened.path == path => draw_opened(state, opened),
                (wish, _) => do_it(state, wish),
            }
        }
        File::New => replace(state, Draft::new(Lab::default()), false),
        File::OpenReady(name) => match ready::find(name) {
            Some(ready) => replace(state, Draft::new(arrange::place_missing(&ready.lab())), true),
            None => Vec::new(),
        },
        File::OpenReadyPage(name) => match ready_pages::find(name) {
            Some(ready) => page::open_ready(state, ready),
            None => Vec::new(),
        },
        File::Open(path) => vec![Effect::Open(path)],
        File::Save => save(state),
        File::SaveLabAs(path) => save_lab(state, path),
        File::SaveScriptAs(path) => {
            say_new_names(state);
            let text = script(&adopt::with_names_of_their_own(&state.lab()).0);
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
        File::BackToDrawing => back_to_drawing(state),
        File::DropRestored => {
            state.left_behind = None;
            // With what was left behind goes what was kept of this drawing.
            let mut effects = vec![Effect::DropAutosave];
            effects.extend(keep_safe(state).into_iter().filter(|effect| *effect != Effect::DropAutosave));
            effects
        }
    }
}

/// Another lab is drawn from now on.
pub fn replace(state: &mut State, draft: Draft, run_it: bool) -> Vec<Effect> {
    let was_saved = state.draft.is_saved();
    let mut effects = close_recording(state);
    state.draft = draft.with_clipboard_of(&state.draft);
    state.page = Page::Stage;
    state.in_place = None;
    state.opened = None;
    state.opened_page = None;
    // A page belongs to the lab that was opened with it.
    state.tutorial = None;
    state.failed.clear();
    forget_what_was_shown(state);
    if !was_saved || !state.draft.is_saved() {
        effects.extend(keep_safe(state));
    }
    effects.extend(live::replace(state, run_it));
    effects
}

fn forget_what_was_shown(state: &mut State) {
    state.selection.clear();
    state.camera = Camera::default();
    live::forget_what_was_seen(state);
    look_for_problems(state);
}

/// Shows the drawing again, as it was before the recording was opened.
pub fn back_to_drawing(state: &mut State) -> Vec<Effect> {
    let effects = close_recording(state);
    if !effects.is_empty() {
        state.page = Page::Stage;
        forget_what_was_shown(state);
    }
    effects
}

fn close_recording(state: &mut State) -> Vec<Effect> {
    if !state.is_replay() {
        return Vec::new();
    }
    state.source = Source::Draft;
    vec![Effect::CloseRecording]
}

/// A lab was read. It takes the drawing's place, unless something would be lost: then somebody is asked.
pub fn opened_lab(state: &mut State, opened: Opened) -> Vec<Effect> {
    if state.draft.is_saved() {
        state.dialog = None;
        return draw_opened(state, opened);
    }
    // What is asked about is to be seen.
    let effects = back_to_drawing(state);
    state.dialog = Some(Dialog::Unsaved(Box::new(File::Open(opened.path.clone()))));
    state.opened = Some(opened);
    effects
}

fn draw_opened(state: &mut State, Opened { path, text, lab }: Opened) -> Vec<Effect> {
    let mut draft = Draft::new(arrange::place_missing(&lab));
    draft.mark_saved(path.clone(), text);
    let mut effects = replace(state, draft, false);
    effects.extend(remember(state, &path));
    effects
}

/// What is drawn survives a crash. What stands in its file needs no other place.
pub fn keep_safe(state: &State) -> Vec<Effect> {
    match (state.draft.is_saved(), &state.left_behind) {
        (false, _) => {
            vec![Effect::Autosave { text: state.draft.save_text(), path: state.draft.path.clone() }]
        }
        (true, None) => vec![Effect::DropAutosave],
        // It would take along what a crash left behind, and nobody has decided about that.
        (true, Some(_)) => Vec::new(),
    }
}

fn save(state: &mut State) -> Vec<Effect> {
    // Who was asked about unsaved work goes on with what was meant, once it is saved.
    state.after_save = match state.dialog.take() {
        Some(Dialog::Unsaved(wish)) => Some(AfterSave::File(*wish)),
        Some(Dialog::Quit) => Some(AfterSave::Quit),
        _ => None,
    };
    match &state.draft.path {
        Some(path) => save_lab(state, path.clone()),
        None => view::open_dialog(state, Some(Dialog::SaveLab)),
    }
}

fn save_lab(state: &mut State, path: PathBuf) -> Vec<Effect> {
    state.dialog = None;
    say_new_names(state);
    let text = state.draft.save_into(path.clone());
    vec![Effect::SaveText { path, text, what: Saved::Lab }]
}

/// Namespaces of processes are saved under names that can be made again.
fn say_new_names(state: &mut State) {
    let (_, became) = adopt::with_names_of_their_own(&state.lab());
    if !became.is_empty() {
        let names: Vec<String> = became.iter().map(|(from, to)| format!("{from} as {to}")).collect();
        state.notify(
            format!("Namespaces of processes are saved under names of their own: {}", names.join(", ")),
            false,
        );
    }
}

/// It stands in its file. What was asked for before comes next.
pub fn saved_lab(state: &mut State, path: &Path) -> Vec<Effect> {
    if !state.draft.saved_into(path) {
        return remember(state, path).into_iter().collect();
    }
    let mut effects = if state.draft.is_saved() { keep_safe(state) } else { Vec::new() };
    effects.extend(remember(state, path));
    // Whoever has drawn on meanwhile is asked once more.
    effects.extend(match state.after_save.take() {
        Some(AfterSave::File(File::Open(path))) => match state.opened.take() {
            Some(opened) if opened.path == path => opened_lab(state, opened),
            _ => file(state, File::Open(path)),
        },
        Some(AfterSave::File(wish)) => file(state, wish),
        Some(AfterSave::Quit) => quit(state),
        None => Vec::new(),
    });
    effects
}

fn restore(state: &mut State) -> Vec<Effect> {
    let Some((text, path)) = state.left_behind.take() else { return Vec::new() };
    let mut effects = vec![Effect::DropAutosave];
    match file::parse(&text) {
        Ok(lab) => {
            let mut draft = Draft::new(arrange::place_missing(&lab));
            draft.path = path;
            draft.mark_unsaved();
            effects.extend(replace(state, draft, false));
        }
        Err(error) => {
            state.notify(format!("What was left behind cannot be read: {error}"), true);
            effects.extend(keep_safe(state).into_iter().filter(|effect| *effect != Effect::DropAutosave));
        }
    }
    effects
}

/// Puts a file on top of the recent ones. Settings have no words for names that are no text.
pub fn remember(state: &mut State, path: &Path) -> Option<Effect> {
    path.to_str()?;
    let recent = &mut state.settings.recent;
    recent.retain(|known| known != path);
    recent.insert(0, path.to_owned());
    recent.truncate(MOST_RECENT);
    Some(view::save(&state.settings))
}

/// An orderly end leaves nothing behind but what a crash left earlier, and nobody has decided about.
pub fn quit(state: &mut State) -> Vec<Effect> {
    if state.may_leave() {
        return vec![Effect::Quit];
    }
    state.dialog = Some(Dialog::Quit);
    Vec::new()
}
