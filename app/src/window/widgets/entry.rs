//! A line of text that is checked while it is typed, and becomes a value when it is done.

use egui::{FontSelection, Id, Key, Response, Role, TextEdit, Ui, WidgetInfo};

use super::lettering;
use crate::window::theme;

/// A field for something that has a value already, or is to be added.
/// What is being typed is kept by egui under `id` until it is taken over or Escape gives it up.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    id: Id,
    name: &'a str,
    hint: &'a str,
    width: f32,
    mono: bool,
    lines: usize,
}

impl<'a> Entry<'a> {
    /// `name` is what it is found by; `id` says what is edited.
    pub fn new(id: Id, name: &'a str) -> Self {
        Self { id, name, hint: "", width: f32::INFINITY, mono: true, lines: 1 }
    }

    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    pub fn width(self, width: f32) -> Self {
        Self { width, ..self }
    }

    /// For sentences rather than addresses.
    pub fn prose(self) -> Self {
        Self { mono: false, ..self }
    }

    /// For texts of several lines; Enter is done with them all the same.
    pub fn lines(self, lines: usize) -> Self {
        Self { lines, ..self }
    }

    /// The new value, once it is typed, sound, and done with (Enter, or the focus goes elsewhere).
    /// What is wrong with an unsound one stands below it.
    pub fn edit<T>(self, ui: &mut Ui, value: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let typed: Option<String> = ui.data(|data| data.get_temp(self.id));
        let mut text = typed.clone().unwrap_or_else(|| value.to_owned());
        let trouble = typed.as_ref().filter(|text| text.as_str() != value).and_then(|text| read(text).err());
        let is_empty_addition = value.is_empty() && text.is_empty();
        let trouble = trouble.filter(|_| !is_empty_addition);
        let id = self.id;
        let response = self.line(ui, &mut text, trouble.as_deref());
        if response.changed() {
            ui.data_mut(|data| data.insert_temp(id, text.clone()));
        }
        if !response.lost_focus() {
            return None;
        }
        let forget = |ui: &Ui| ui.data_mut(|data| data.remove::<String>(id));
        if ui.input(|input| input.key_pressed(Key::Escape)) || text == value {
            forget(ui);
            return None;
        }
        let read = read(&text).ok()?;
        forget(ui);
        Some(read)
    }

    /// The field alone, for forms that keep their own text; `trouble` stands below it.
    pub fn line(self, ui: &mut Ui, text: &mut String, trouble: Option<&str>) -> Response {
        let theme = theme::of(ui.ctx());
        let font = if self.mono { theme.mono(theme::text::SMALL) } else { theme.font(theme::text::BODY) };
        let edge = if trouble.is_some() { theme.drop } else { theme.line };
        let focused = ui.memory(|memory| memory.has_focus(self.id));
        let edge = if focused && trouble.is_none() { theme.accent } else { edge };
        let frame = egui::Frame::new()
            .fill(theme.app)
            .stroke((1.0, edge))
            .corner_radius(6)
            .inner_margin(egui::Margin::symmetric(8, 5));
        let width = (self.width * theme.text_scale).min(ui.available_width());
        let field = if self.lines > 1 {
            // Enter ends the editing below, so it must not break the line here.
            TextEdit::multiline(text).desired_rows(self.lines).return_key(None)
        } else {
            TextEdit::singleline(text)
        };
        let field = field
            .id(self.id)
            .font(FontSelection::FontId(font.clone()))
            .text_color(theme.text)
            .hint_text(egui::RichText::new(self.hint).font(font).color(theme.faint))
            .frame(frame)
            .desired_width(width);
        let response = ui.add(field);
        if self.lines > 1 && response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            response.surrender_focus();
        }
        let name = self.name;
        let value = text.clone();
        let enabled = ui.is_enabled();
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::TextInput, enabled, name);
            info.current_text_value = Some(value.clone());
            info
        });
        if let Some(trouble) = trouble {
            ui.label(lettering::bad(trouble, ui));
        }
        response
    }
}
