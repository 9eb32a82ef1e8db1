//! What a group of rows is about, in small capitals over a thin line.

use egui::{Align, Layout, Sense, Ui, vec2};

use super::{icon::Icon, push::Push};
use crate::window::theme;

/// The heading alone.
pub fn heading(ui: &mut Ui, words: &str) {
    line(ui, words, None);
}

/// With a button at its right end that adds something: true when it was pressed.
pub fn heading_with_plus(ui: &mut Ui, words: &str, add: &str) -> bool {
    line(ui, words, Some(add))
}

fn line(ui: &mut Ui, words: &str, add: Option<&str>) -> bool {
    let theme = theme::of(ui.ctx());
    ui.add_space(14.0);
    let mut pressed = false;
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), 18.0),
        Layout::left_to_right(Align::Center),
        |ui| {
            let font = theme.semibold(theme::text::TINY);
            let text = egui::RichText::new(words.to_uppercase()).font(font).color(theme.mute);
            ui.label(text.extra_letter_spacing(0.8));
            if let Some(add) = add {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    pressed =
                        Push::icon_only(add, Icon::Plus).quiet().height(18.0).width(22.0).show(ui).clicked();
                });
            }
        },
    );
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme.line);
    ui.add_space(4.0);
    pressed
}
