//! Buttons: raised ones, the one obvious one, quiet ones, and icons.

use egui::{Color32, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::{
    icon::{self, Icon},
    key_cap, lettering,
};
use crate::window::theme::{self, Theme};

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Raised,
    Primary,
    Quiet,
}

/// A button. Its accessible name is its words, also where only its icon is seen.
#[derive(Clone, Debug)]
pub struct Push<'a> {
    words: &'a str,
    name: &'a str,
    icon: Option<Icon>,
    icon_colour: Option<Color32>,
    words_seen: bool,
    key: &'a str,
    tip: &'a str,
    weight: Weight,
    on: bool,
    enabled: bool,
    width: f32,
    height: f32,
}

/// Its words, its icon's side, the gap between them, and all of it without and with its margin.
struct Measured {
    galley: std::sync::Arc<egui::Galley>,
    side: f32,
    gap: f32,
    content: f32,
    size: egui::Vec2,
}

impl<'a> Push<'a> {
    pub fn new(words: &'a str) -> Self {
        Self {
            words,
            name: words,
            icon: None,
            icon_colour: None,
            words_seen: true,
            key: "",
            tip: "",
            weight: Weight::Raised,
            on: false,
            enabled: true,
            width: 0.0,
            height: 28.0,
        }
    }

    /// Only the icon is seen; the words are its name and its tooltip.
    pub fn icon_only(words: &'a str, icon: Icon) -> Self {
        Self { icon: Some(icon), words_seen: false, width: 28.0, ..Self::new(words) }
    }

    pub fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    pub fn icon_colour(self, colour: Color32) -> Self {
        Self { icon_colour: Some(colour), ..self }
    }

    /// The accessible name, where the words alone would be said by several buttons.
    pub fn name(self, name: &'a str) -> Self {
        Self { name, ..self }
    }

    /// The key that does the same, for the tooltip.
    pub fn key(self, key: &'a str) -> Self {
        Self { key, ..self }
    }

    /// What it does, for the tooltip; where there is none, an icon says its words.
    pub fn tip(self, tip: &'a str) -> Self {
        Self { tip, ..self }
    }

    pub fn primary(self) -> Self {
        Self { weight: Weight::Primary, ..self }
    }

    pub fn quiet(self) -> Self {
        Self { weight: Weight::Quiet, ..self }
    }

    /// It is held down: what it stands for is on.
    pub fn on(self, on: bool) -> Self {
        Self { on, ..self }
    }

    pub fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    /// The least width, in points.
    pub fn width(self, width: f32) -> Self {
        Self { width, ..self }
    }

    pub fn height(self, height: f32) -> Self {
        Self { height, ..self }
    }

    /// The room that it takes, in points, for whoever places it.
    pub fn size(&self, ui: &Ui) -> egui::Vec2 {
        self.clone().scaled(ui).measured(ui).size
    }

    fn scaled(self, ui: &Ui) -> Self {
        let scale = theme::of(ui.ctx()).text_scale;
        Self { width: self.width * scale, height: self.height * scale, ..self }
    }

    fn measured(&self, ui: &Ui) -> Measured {
        let theme = theme::of(ui.ctx());
        let font = match self.weight {
            Weight::Primary => theme.semibold(theme::text::BODY),
            Weight::Raised | Weight::Quiet => theme.font(theme::text::BODY),
        };
        let shown = if self.words_seen { self.words } else { "" };
        let galley = ui.painter().layout_no_wrap(shown.to_owned(), font, self.ink(theme));
        let side = if self.words_seen { 14.0 } else { (self.height * 0.62).min(20.0) };
        let gap = if self.icon.is_some() && self.words_seen { 7.0 } else { 0.0 };
        let content = galley.size().x + if self.icon.is_some() { side + gap } else { 0.0 };
        let margin = if self.words_seen { 24.0 } else { 8.0 };
        let size = vec2((content + margin).max(self.width), self.height);
        Measured { galley, side, gap, content, size }
    }

    pub fn show(mut self, ui: &mut Ui) -> Response {
        let theme = theme::of(ui.ctx());
        self.enabled &= ui.is_enabled();
        self = self.scaled(ui);
        let ink = self.ink(theme);
        let Measured { galley, side, gap, content, size } = self.measured(ui);
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(size, sense);
        let enabled = self.enabled;
        let on = self.on.then_some(true);
        response.widget_info(|| match on {
            Some(on) => WidgetInfo::selected(Role::Button, enabled, on, self.name),
            None => WidgetInfo::labeled(Role::Button, enabled, self.name),
        });
        if ui.is_rect_visible(rect) {
            self.frame(ui, &response);
            let left = rect.center().x - content / 2.0;
            if let Some(icon) = self.icon {
                let square = icon::square(pos2(left + side / 2.0, rect.center().y), side);
                let colour = self.icon_colour.filter(|_| enabled).unwrap_or(ink);
                icon::paint(ui.painter(), square, icon, colour);
            }
            let x = left + if self.icon.is_some() { side + gap } else { 0.0 };
            let y = rect.center().y - galley.size().y / 2.0;
            ui.painter().galley(pos2(x, y), galley, ink);
        }
        self.tooltip(response)
    }

    fn ink(&self, theme: &Theme) -> Color32 {
        match self.weight {
            _ if !self.enabled => theme.faint,
            Weight::Primary => theme.on_accent,
            _ if self.on => theme.accent,
            Weight::Raised => theme.text,
            Weight::Quiet => theme.mute,
        }
    }

    fn frame(&self, ui: &Ui, response: &Response) {
        let theme = theme::of(ui.ctx());
        let radius = (self.height * 0.25).min(8.0);
        let touched = self.enabled && (response.hovered() || response.has_focus());
        let (fill, edge) = match self.weight {
            Weight::Primary if !self.enabled => (theme.raise, theme.line),
            Weight::Primary if touched => (theme.accent.gamma_multiply(0.88), theme.accent),
            Weight::Primary => (theme.accent, theme.accent),
            Weight::Quiet if touched => (theme.raise, theme.raise),
            Weight::Quiet => (Color32::TRANSPARENT, Color32::TRANSPARENT),
            Weight::Raised if self.on => (theme.raise, theme.accent),
            Weight::Raised if touched => (theme.raise, theme.mute),
            Weight::Raised => (theme.raise, theme.line),
        };
        let rect = response.rect;
        ui.painter().rect(rect, radius, fill, (1.0, edge), StrokeKind::Inside);
        if response.has_focus() {
            let ring = Stroke::new(1.5, theme.accent);
            ui.painter().rect_stroke(rect.expand(2.0), radius + 2.0, ring, StrokeKind::Inside);
        }
    }

    fn tooltip(self, response: Response) -> Response {
        let words = if self.tip.is_empty() && !self.words_seen { self.words } else { self.tip };
        if words.is_empty() && self.key.is_empty() {
            return response;
        }
        let (words, key) = (words.to_owned(), self.key.to_owned());
        let inside = move |ui: &mut Ui| {
            if !words.is_empty() {
                ui.label(lettering::plain(&words, ui));
            }
            if !key.is_empty() {
                key_cap::show(ui, &key);
            }
        };
        response.on_hover_ui(inside)
    }
}
