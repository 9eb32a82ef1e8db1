//! How it is shown.

use emath::{Rect, Vec2};

use crate::model::{
    command::{Effect, View},
    state::{Dialog, Page, Pane, Settings, Side, State},
};

/// A lab that leaves space is drawn so large for the back row.
const PROJECTOR_ZOOM: f32 = 1.5;
/// Zoom of the whole window; 1 is normal.
const SCALES: std::ops::RangeInclusive<f32> = 0.5..=3.0;

pub fn view(state: &mut State, view: View) -> Vec<Effect> {
    let before = state.settings.clone();
    match view {
        View::Pan(by) => state.camera.pan(by),
        View::Zoom { factor, around } if !(factor.is_finite() && around.is_finite()) => {}
        View::Zoom { factor, around } => state.camera.zoom(factor, around),
        View::ZoomTo(zoom) if !zoom.is_finite() => {}
        View::ZoomTo(zoom) => {
            let middle = (state.stage_size / 2.0).to_pos2();
            state.camera.zoom(zoom / state.camera.zoom, middle);
        }
        View::Fit => fit(state),
        View::StageShown { size, drawn } => stage_shown(state, size, drawn),
        View::Show(pane) => {
            bring(state, pane);
            if pane == Pane::Terminals {
                state.terminal_wants_focus += 1;
            }
        }
        View::TogglePane(pane) => {
            let side = side_of(pane);
            if state.pane == pane && state.is_shown(side) {
                state.show_side(side, false);
            } else {
                state.pane = pane;
                state.settings.pane = pane;
                state.page = Page::Stage;
                state.show_side(side, true);
            }
        }
        View::ToggleSide(side) => state.show_side(side, !state.is_shown(side)),
        View::Dark(dark) => state.settings.dark = dark,
        View::Projector(on) => project(state, on),
        View::Scale(scale) if !scale.is_finite() => {}
        View::Scale(scale) => state.settings.scale = scale.clamp(*SCALES.start(), *SCALES.end()),
        View::Dock(dock) => state.settings.dock = Some(dock),
        View::PageWidth(width) if !width.is_finite() => {}
        View::PageWidth(width) => state.settings.page_width = Some(width),
        View::WindowSize(width, height) => state.settings.window = Some((width, height)),
        View::Dialog(dialog) => {
            if dialog.is_none() {
                // Whoever closes it has decided that nothing of it is to happen.
                state.opened = None;
                state.opened_page = None;
                state.after_save = None;
            }
            return open_dialog(state, dialog);
        }
        View::FocusFilter => state.filter.wants_focus += 1,
        View::InPlace(what) => state.in_place = what.filter(|_| !state.is_replay()),
        View::Home => state.page = Page::Home,
        View::Stage => state.page = Page::Stage,
    }
    if state.settings == before { Vec::new() } else { vec![save(&state.settings)] }
}

/// The settings, to be written down.
pub fn save(settings: &Settings) -> Effect {
    let text = toml_edit::ser::to_string_pretty(settings)
        .expect("settings are numbers, flags, words and lists of these, all of which TOML has");
    Effect::SaveSettings(text)
}

/// To the front; whoever calls saves the settings.
pub fn bring(state: &mut State, pane: Pane) {
    state.pane = pane;
    state.settings.pane = pane;
    state.page = Page::Stage;
    state.show_side(side_of(pane), true);
}

fn side_of(pane: Pane) -> Side {
    match pane {
        Pane::Inspector | Pane::Frame => Side::Inspector,
        Pane::Timeline | Pane::Ladder | Pane::Frames | Pane::Commands | Pane::Problems | Pane::Terminals => {
            Side::Below
        }
    }
}

/// What was not placed by hand fits itself to the new look.
fn project(state: &mut State, on: bool) {
    state.settings.projector = on;
    if !state.camera.is_placed {
        fit(state);
    }
}

fn fit(state: &mut State) {
    if let Some(drawn) = state.drawn {
        let most = if state.settings.projector { PROJECTOR_ZOOM } else { 1.0 };
        state.camera.fit_up_to(drawn, state.stage_size, most);
    }
    state.camera.is_placed = false;
}

fn stage_shown(state: &mut State, size: Vec2, drawn: Option<Rect>) {
    state.stage_size = size;
    state.drawn = drawn;
    if !state.camera.is_placed {
        fit(state);
    }
}

pub fn open_dialog(state: &mut State, dialog: Option<Dialog>) -> Vec<Effect> {
    state.dialog = dialog;
    match state.dialog {
        Some(Dialog::Open | Dialog::SaveLab | Dialog::SaveScript | Dialog::SaveRecording) => {
            let beside = state.draft.path.as_deref().and_then(std::path::Path::parent);
            let beside = beside.filter(|folder| !folder.as_os_str().is_empty());
            let folder = state.folder.as_ref().map(|folder| folder.path.clone());
            // An empty path stands for wherever people's files are.
            vec![Effect::List(beside.map(Into::into).or(folder).unwrap_or_default())]
        }
        _ => Vec::new(),
    }
}
