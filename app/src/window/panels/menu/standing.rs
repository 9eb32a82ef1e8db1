//! The lab's name, and how it stands: running, with what was lost.

use egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use crate::{
    model::{
        command::{Command, View},
        state::{Dialog, Live, Source, State},
    },
    window::{
        theme::{self, Theme},
        widgets::lettering,
    },
};

/// Room that is kept for the words, so that the title stays where it is while numbers grow.
const WORDS_WIDTH: f32 = 190.0;
const GAP: f32 = 10.0;
const DOT: f32 = 4.0;

/// Centred on `middle` where `room` allows it.
pub fn show(ui: &mut Ui, middle: f32, room: Rect, state: &State, out: &mut Vec<Command>) {
    if room.width() < 80.0 {
        return;
    }
    let theme = theme::of(ui.ctx());
    let (dot, runs) = words(state, theme);
    let name = title(state);
    let is_unsaved = !state.is_replay() && !state.draft.is_saved();
    let mark = if is_unsaved { 14.0 } else { 0.0 };
    let beside = GAP + 2.0 * DOT + 6.0;
    let title_room = (room.width() - WORDS_WIDTH - beside - mark).max(60.0);
    let title = lettering::cut(ui, &name, theme.semibold(theme::text::TITLE), theme.text, title_room);
    let whole = title.size().x + mark + beside + WORDS_WIDTH;
    let left = (middle - whole / 2.0).clamp(room.left(), (room.right() - whole).max(room.left()));
    let y = room.center().y;

    let spot = Rect::from_center_size(pos2(left + title.size().x / 2.0, y), title.size());
    let found = ui.interact(spot, ui.scope_id().with("title"), Sense::hover());
    found.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    let mut x = left + title.size().x;
    ui.painter().galley(spot.min, title, theme.text);
    if is_unsaved {
        let spot = Rect::from_center_size(pos2(x + 9.0, y), egui::vec2(12.0, 20.0));
        let found = ui.interact(spot, ui.scope_id().with("unsaved"), Sense::hover());
        found.widget_info(|| WidgetInfo::labeled(Role::Label, true, "not saved"));
        ui.painter().circle_filled(spot.center(), 3.0, theme.mute);
        found.on_hover_text("Changed since it was last saved");
        x += mark;
    }
    ui.painter().circle_filled(pos2(x + GAP + DOT, y), DOT, dot);
    let rest = Rect::from_min_max(pos2(x + beside, room.top()), pos2(room.right(), room.bottom()));
    said(ui, rest, state, &runs, out);
}

fn title(state: &State) -> String {
    let lab = state.lab();
    if lab.title.is_empty() { "Lab without a title".into() } else { lab.title.clone() }
}

/// Words, each in its colour.
type Runs = Vec<(String, Color32)>;

fn words(state: &State, theme: &Theme) -> (Color32, Runs) {
    let mut runs = Runs::new();
    let dot = match (&state.source, &state.live) {
        (Source::Recording { path }, _) => {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            runs.push((format!("replay of {name}"), theme.mute));
            theme.accent
        }
        (_, Live::Off) => {
            runs.push(("stopped".into(), theme.mute));
            theme.faint
        }
        (_, Live::Starting) => {
            runs.push(("starting…".into(), theme.mute));
            theme.arp
        }
        (_, Live::Stopping) => {
            runs.push(("stopping…".into(), theme.mute));
            theme.arp
        }
        (_, Live::Refused { .. }) => {
            runs.push(("cannot run here – why?".into(), theme.drop));
            theme.drop
        }
        (_, Live::On { taps, changing, .. }) => {
            let word = if *changing { "changing" } else { "running" };
            let tap = if *taps == 1 { "tap" } else { "taps" };
            runs.push((format!("{word} · {taps} {tap}"), theme.mute));
            if *changing { theme.arp } else { theme.good }
        }
    };
    if state.is_running() || state.is_replay() {
        let lost = state.story.totals().lost;
        runs.push((format!(" · {lost} lost"), if lost == 0 { theme.mute } else { theme.drop }));
        let not_shown = state.story.not_shown();
        if 0 < not_shown {
            runs.push((format!(" · {not_shown} not shown"), theme.drop));
        }
    }
    (dot, runs)
}

fn said(ui: &mut Ui, rest: Rect, state: &State, runs: &Runs, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let wrap = egui::text::TextWrapping::truncate_at_width(rest.width());
    let mut job = egui::text::LayoutJob { wrap, ..Default::default() };
    for (words, colour) in runs {
        let format = egui::TextFormat::simple(theme.font(theme::text::SMALL), *colour);
        job.append(words, 0.0, format);
    }
    let whole: String = runs.iter().map(|(words, _)| words.as_str()).collect();
    let galley = ui.painter().layout_job(job);
    let at = pos2(rest.left(), rest.center().y - galley.size().y / 2.0);
    let spot = Rect::from_min_size(at, galley.size());
    ui.painter().galley(at, galley, theme.mute);

    let is_refused = matches!(state.live, Live::Refused { .. }) && !state.is_replay();
    let sense = if is_refused { Sense::click() } else { Sense::hover() };
    let role = if is_refused { Role::Button } else { Role::Label };
    let found = ui.interact(spot, ui.scope_id().with("standing"), sense);
    found.widget_info(|| WidgetInfo::labeled(role, true, &whole));
    if found.clicked() {
        out.push(Command::View(View::Dialog(Some(Dialog::Refusal))));
    }
    if is_refused {
        found.on_hover_cursor(egui::CursorIcon::PointingHand);
    } else {
        found.on_hover_text(
            "Taps listen on every interface. Lost: what the kernel could not hand over in time.",
        );
    }
}
