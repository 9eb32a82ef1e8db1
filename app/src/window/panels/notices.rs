//! What happened, said once: words that go by themselves, and bad news that stay until they are dismissed.

use egui::{Align, Area, Color32, Id, Layout, Order, Rect, Role, Ui, WidgetInfo, pos2, vec2};

use crate::{
    model::{
        command::{Command, File},
        state::{Notice, Side, State},
    },
    window::{
        panels::{menu, page, tools},
        theme,
        widgets::{icon::Icon, lettering, push::Push},
    },
};

/// In points.
const WIDTH: f32 = 340.0;
/// So many are seen at once; the rest wait.
const MOST: usize = 4;
/// Above the zoom buttons of the stage.
const FROM_BELOW: f32 = 56.0;
/// Seconds in which a notice fades away at its end, out of the seconds that it is there.
const FADES: f64 = 0.6;
const STAYS: f64 = 6.0;

/// Over the stage.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let stage = stage(state);
    restore(ui, state, stage, out);
    let shown: Vec<&Notice> =
        state.notices.iter().filter(|notice| opacity(notice, state.now) > 0.0).collect();
    let newest = shown.len().saturating_sub(MOST);
    let mut bottom = stage.bottom() - FROM_BELOW;
    for notice in shown.get(newest..).unwrap_or_default().iter().rev() {
        bottom = toast(ui, notice, pos2(stage.right() - 16.0, bottom), opacity(notice, state.now), out) - 8.0;
    }
}

/// Where the stage is on the screen.
fn stage(state: &State) -> Rect {
    let tools = if state.settings.hidden.contains(&Side::Tools) { 0.0 } else { tools::WIDTH };
    let left = tools + if state.tutorial.is_some() { page::width(state) } else { 0.0 };
    Rect::from_min_size(pos2(left, menu::HEIGHT), state.stage_size)
}

fn opacity(notice: &Notice, now: f64) -> f32 {
    if notice.is_bad {
        return 1.0;
    }
    let left = STAYS - (now - notice.since);
    (left / FADES).clamp(0.0, 1.0) as f32
}

/// Its upper edge.
fn toast(ui: &mut Ui, notice: &Notice, corner: egui::Pos2, opacity: f32, out: &mut Vec<Command>) -> f32 {
    let theme = theme::of(ui.ctx());
    let edge = if notice.is_bad { theme.drop } else { theme.line };
    let area = Area::new(Id::unique(("notice", notice.id)))
        .order(Order::Middle)
        .pivot(egui::Align2::RIGHT_BOTTOM)
        .fixed_pos(corner);
    let shown = area.show(ui.ctx(), |ui| {
        ui.set_opacity(opacity);
        card(ui, theme.raise, edge, |ui| {
            ui.set_width(WIDTH - 24.0);
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                let name = format!("Dismiss: {}", notice.words);
                if Push::icon_only(&name, Icon::Cross)
                    .tip("Dismiss")
                    .quiet()
                    .height(20.0)
                    .width(20.0)
                    .show(ui)
                    .clicked()
                {
                    out.push(Command::Dismiss(notice.id));
                }
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    let ink = if notice.is_bad { theme.drop } else { theme.text };
                    let text = lettering::plain(&notice.words, ui).color(ink);
                    let label = ui.add(egui::Label::new(text).wrap().selectable(true));
                    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &notice.words));
                });
            });
        });
    });
    shown.response.rect.top()
}

fn card(ui: &mut Ui, fill: Color32, edge: Color32, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new()
        .fill(fill)
        .stroke((1.0, edge))
        .corner_radius(10)
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(12)
        .show(ui, add);
}

/// What a crash left behind, offered on top of the stage.
fn restore(ui: &mut Ui, state: &State, stage: Rect, out: &mut Vec<Command>) {
    let Some((_, path)) = &state.left_behind else { return };
    let theme = theme::of(ui.ctx());
    let area = Area::new(Id::unique("what was left behind"))
        .order(Order::Middle)
        .pivot(egui::Align2::CENTER_TOP)
        .fixed_pos(pos2(stage.center().x, stage.top() + 12.0));
    area.show(ui.ctx(), |ui| {
        card(ui, theme.raise, theme.accent, |ui| {
            ui.horizontal(|ui| {
                ui.vertical(|ui| {
                    ui.label(lettering::plain("Hopscope ended unexpectedly. Restore what was drawn?", ui));
                    if let Some(path) = path {
                        ui.label(lettering::code(path.display().to_string(), ui).color(theme.mute));
                    }
                });
                ui.add_space(12.0);
                ui.allocate_ui_with_layout(vec2(0.0, 30.0), Layout::left_to_right(Align::Center), |ui| {
                    if Push::new("Restore").primary().show(ui).clicked() {
                        out.push(Command::File(File::Restore));
                    }
                    if Push::new("Drop it").quiet().show(ui).clicked() {
                        out.push(Command::File(File::DropRestored));
                    }
                });
            });
        });
    });
}
