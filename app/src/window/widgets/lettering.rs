//! Texts in the window's fonts, sizes and colours.

use egui::{Color32, FontId, RichText, Ui, WidgetText};

use crate::window::theme;

pub fn body(size: f32) -> FontId {
    FontId::proportional(size)
}

/// For headings and the names of things.
pub fn strong(size: f32) -> FontId {
    FontId::proportional(size)
}

/// For times, addresses, names of interfaces, and bytes.
pub fn mono(size: f32) -> FontId {
    FontId::monospace(size)
}

pub fn plain(words: impl Into<String>, ui: &Ui) -> RichText {
    RichText::new(words).font(body(theme::text::BODY)).color(theme::of(ui.ctx()).text)
}

pub fn muted(words: impl Into<String>, ui: &Ui) -> RichText {
    RichText::new(words).font(body(theme::text::SMALL)).color(theme::of(ui.ctx()).mute)
}

/// Something is wrong.
pub fn bad(words: impl Into<String>, ui: &Ui) -> RichText {
    RichText::new(words).font(body(theme::text::SMALL)).color(theme::of(ui.ctx()).drop)
}

pub fn title(words: impl Into<String>, ui: &Ui) -> RichText {
    RichText::new(words).font(strong(theme::text::TITLE)).color(theme::of(ui.ctx()).text)
}

pub fn code(words: impl Into<String>, ui: &Ui) -> RichText {
    RichText::new(words).font(mono(theme::text::SMALL)).color(theme::of(ui.ctx()).text)
}

/// Cut with an ellipsis where it is wider than `width`.
pub fn cut(ui: &Ui, words: &str, font: FontId, colour: Color32, width: f32) -> std::sync::Arc<egui::Galley> {
    let text: WidgetText = RichText::new(words).font(font).color(colour).into();
    text.into_galley(ui, Some(egui::TextWrapMode::Truncate), width, egui::TextStyle::Body)
}
