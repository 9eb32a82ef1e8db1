//! A line of a menu: words at the left, the key at the right.

use egui::{Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::window::theme;

/// Of the width that the menu has; `ticked` marks what is on.
pub fn show(ui: &mut Ui, words: &str, key: &str, enabled: bool, ticked: bool) -> Response {
    ui.add_enabled_ui(enabled, |ui| line(ui, words, key, ticked)).inner
}

fn line(ui: &mut Ui, words: &str, key: &str, ticked: bool) -> Response {
    let theme = theme::of(ui.ctx());
    let enabled = ui.is_enabled();
    let ink = if enabled { theme.text } else { theme.faint };
    let text = ui.painter().layout_no_wrap(words.to_owned(), theme.font(theme::text::BODY), ink);
    let shown_key = key.split(" or ").next().unwrap_or_default().to_owned();
    let hint = ui.painter().layout_no_wrap(shown_key, theme.mono(theme::text::SMALL), theme.mute);
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0 * theme.text_scale), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, enabled, words));
    if enabled && (response.hovered() || response.has_focus()) {
        ui.painter().rect_filled(rect, 6.0, theme.raise);
    }
    let middle = rect.center().y;
    if ticked {
        ui.painter().circle_filled(pos2(rect.left() + 12.0, middle), 3.0, theme.accent);
    }
    let left = rect.left() + 24.0;
    ui.painter().galley(pos2(left, middle - text.size().y / 2.0), text, ink);
    let right = rect.right() - 10.0 - hint.size().x;
    ui.painter().galley(pos2(right, middle - hint.size().y / 2.0), hint, theme.mute);
    response
}
