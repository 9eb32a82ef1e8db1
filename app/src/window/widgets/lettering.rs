//! Texts in the window's fonts, sizes and colours.

use egui::{Color32, FontId, RichText, Ui, WidgetText};

use crate::window::theme;

pub fn plain(words: impl Into<String>, ui: &Ui) -> RichText {
    let theme = theme::of(ui.ctx());
    RichText::new(words).font(theme.font(theme::text::BODY)).color(theme.text)
}

pub fn muted(words: impl Into<String>, ui: &Ui) -> RichText {
    let theme = theme::of(ui.ctx());
    RichText::new(words).font(theme.font(theme::text::SMALL)).color(theme.mute)
}

/// Something is wrong.
pub fn bad(words: impl Into<String>, ui: &Ui) -> RichText {
    let theme = theme::of(ui.ctx());
    RichText::new(words).font(theme.font(theme::text::SMALL)).color(theme.drop)
}

pub fn title(words: impl Into<String>, ui: &Ui) -> RichText {
    let theme = theme::of(ui.ctx());
    RichText::new(words).font(theme.semibold(theme::text::TITLE)).color(theme.text)
}

pub fn code(words: impl Into<String>, ui: &Ui) -> RichText {
    let theme = theme::of(ui.ctx());
    RichText::new(words).font(theme.mono(theme::text::SMALL)).color(theme.text)
}

/// Cut with an ellipsis where it is wider than `width`.
pub fn cut(ui: &Ui, words: &str, font: FontId, colour: Color32, width: f32) -> std::sync::Arc<egui::Galley> {
    let text: WidgetText = RichText::new(words).font(font).color(colour).into();
    text.into_galley(ui, Some(egui::TextWrapMode::Truncate), width, egui::TextStyle::Body)
}
