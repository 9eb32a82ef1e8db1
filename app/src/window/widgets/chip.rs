//! Small rounded labels: what kind something is, how it stands.

use egui::{Color32, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::window::theme;

/// Filled with a colour that means something.
pub fn filled(ui: &mut Ui, words: &str, fill: Color32) -> Response {
    let ink = theme::of(ui.ctx()).on_pill;
    show(ui, words, fill, fill, ink)
}

/// Only its line and its words have the colour.
pub fn outlined(ui: &mut Ui, words: &str, colour: Color32) -> Response {
    show(ui, words, Color32::TRANSPARENT, colour.gamma_multiply(0.6), colour)
}

fn show(ui: &mut Ui, words: &str, fill: Color32, edge: Color32, ink: Color32) -> Response {
    let theme = theme::of(ui.ctx());
    let galley = ui.painter().layout_no_wrap(words.to_owned(), theme.font(theme::text::SMALL), ink);
    let (rect, response) =
        ui.allocate_exact_size(vec2(galley.size().x + 18.0, 20.0 * theme.text_scale), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    ui.painter().rect(rect, 10.0, fill, (1.0, edge), StrokeKind::Inside);
    let at = pos2(rect.center().x - galley.size().x / 2.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, ink);
    response
}
