//! One of a few, side by side.

use egui::{Response, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

use crate::window::theme;

/// The one that was chosen by a click, where it is another than `current`.
/// Each part is found by `name: words`.
pub fn show<T: Copy + PartialEq>(ui: &mut Ui, name: &str, current: T, options: &[(&str, T)]) -> Option<T> {
    let mut chosen = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (words, value) in options {
            let is_on = *value == current;
            if part(ui, name, words, is_on).clicked() && !is_on {
                chosen = Some(*value);
            }
        }
    });
    chosen
}

fn part(ui: &mut Ui, name: &str, words: &str, is_on: bool) -> Response {
    let theme = theme::of(ui.ctx());
    let enabled = ui.is_enabled();
    let ink = if is_on { theme.text } else { theme.mute };
    let galley = ui.painter().layout_no_wrap(words.to_owned(), theme.font(theme::text::SMALL), ink);
    let (rect, response) =
        ui.allocate_exact_size(vec2(galley.size().x + 16.0, 26.0 * theme.text_scale), Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, is_on, format!("{name}: {words}")));
    if is_on || response.hovered() || response.has_focus() {
        let edge = if response.has_focus() { theme.accent } else { theme.line };
        ui.painter().rect(rect, 6.0, theme.raise, (1.0, edge), StrokeKind::Inside);
    }
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, ink);
    response
}
