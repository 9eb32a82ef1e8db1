//! One of many, from a list that opens below.

use egui::{Popup, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{
    icon::{self, Icon},
    lettering, menu_item,
};
use crate::window::theme;

/// The place in `options` of what was chosen. `name` is what it is found by.
pub fn show(ui: &mut Ui, name: &str, current: &str, options: &[String], width: f32) -> Option<usize> {
    let response = closed(ui, name, current, width);
    let mut chosen = None;
    Popup::menu(&response).gap(4.0).show(|ui| {
        ui.set_width(width.max(140.0));
        egui::ScrollArea::vertical().max_height(280.0).show(ui, |ui| {
            for (i, words) in options.iter().enumerate() {
                if menu_item::show(ui, words, "", true, words == current).clicked() {
                    chosen = Some(i);
                }
            }
        });
    });
    chosen
}

fn closed(ui: &mut Ui, name: &str, current: &str, width: f32) -> Response {
    let theme = theme::of(ui.ctx());
    let enabled = ui.is_enabled();
    let width = (width * theme.text_scale).min(ui.available_width());
    let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0 * theme.text_scale), Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, enabled, name);
        info.current_text_value = Some(current.to_owned());
        info
    });
    let edge = if response.has_focus() {
        theme.accent
    } else if response.hovered() {
        theme.mute
    } else {
        theme.line
    };
    ui.painter().rect(rect, 6.0, theme.raise, (1.0, edge), StrokeKind::Inside);
    let ink = if enabled { theme.text } else { theme.mute };
    let galley = lettering::cut(ui, current, theme.mono(theme::text::SMALL), ink, width - 30.0);
    ui.painter().galley(pos2(rect.left() + 8.0, rect.center().y - galley.size().y / 2.0), galley, ink);
    icon::paint(
        ui.painter(),
        icon::square(pos2(rect.right() - 13.0, rect.center().y), 13.0),
        Icon::Down,
        theme.mute,
    );
    response
}
