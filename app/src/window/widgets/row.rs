//! A name at the left, a value or a control beside it.

use egui::{Align, Layout, Ui, vec2};

use super::lettering;
use crate::window::theme;

/// Where values begin, in points from the left.
pub const LABEL_WIDTH: f32 = 92.0;

/// A row for a control; the name stands in a column of its own.
pub fn control<R>(ui: &mut Ui, label: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let size = vec2(LABEL_WIDTH, 26.0) * theme::of(ui.ctx()).text_scale;
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(size);
            let words = lettering::muted(label, ui);
            ui.add(egui::Label::new(words).truncate());
        });
        ui.vertical(add).inner
    })
    .inner
}

/// A row for words of one line, level with their name.
pub fn line<R>(ui: &mut Ui, label: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    control(ui, label, |ui| {
        let size = vec2(ui.available_width(), 26.0 * theme::of(ui.ctx()).text_scale);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), add).inner
    })
}

/// A row for a value that is only read: monospaced, at the right edge.
pub fn value(ui: &mut Ui, label: &str, value: &str) {
    let size = vec2(ui.available_width(), 20.0);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.label(lettering::muted(label, ui));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(egui::Label::new(lettering::code(value, ui)).truncate());
        });
    });
}

/// Something in a list, with controls at its right end.
pub fn listed<R>(ui: &mut Ui, words: &str, controls: impl FnOnce(&mut Ui) -> R) -> R {
    let size = vec2(ui.available_width(), 24.0);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let result = controls(ui);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let theme = theme::of(ui.ctx());
            let text = lettering::code(words, ui).color(theme.text);
            ui.add(egui::Label::new(text).truncate()).on_hover_text(words);
        });
        result
    })
    .inner
}
