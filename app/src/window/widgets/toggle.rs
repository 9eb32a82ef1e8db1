//! A switch that is on or off.

use egui::{Role, Sense, StrokeKind, Ui, WidgetInfo, lerp, pos2, vec2};

use super::lettering;
use crate::window::theme;

/// What it was switched to. The whole row can be clicked.
pub fn show(ui: &mut Ui, words: &str, on: bool, tip: &str) -> Option<bool> {
    let theme = theme::of(ui.ctx());
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), 26.0 * theme.text_scale), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, on, words));
    let ink = if enabled { theme.text } else { theme.mute };
    let galley = lettering::cut(ui, words, theme.font(theme::text::SMALL + 0.5), ink, rect.width() - 44.0);
    ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, ink);

    let track = egui::Rect::from_center_size(pos2(rect.right() - 16.0, rect.center().y), vec2(30.0, 16.0));
    let share = ui.ctx().animate_bool(response.id, on);
    let fill = if on && enabled { theme.accent } else { theme.raise };
    let edge = if response.has_focus() || response.hovered() { theme.accent } else { theme.line };
    ui.painter().rect(track, 8.0, fill, (1.0, edge), StrokeKind::Inside);
    let x = lerp(track.left() + 8.0..=track.right() - 8.0, share);
    let knob = if on && enabled { theme.on_accent } else { theme.mute };
    ui.painter().circle_filled(pos2(x, track.center().y), 5.0, knob);
    let response = if tip.is_empty() { response } else { response.on_hover_text(tip) };
    response.clicked().then_some(!on)
}
