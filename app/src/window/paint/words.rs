//! Text on the stage: laid out at its size on the screen, so that it is sharp at every zoom.

use std::sync::Arc;

use egui::{
    Align2, Color32, FontFamily, FontId, Galley, Pos2, Rect, Shape, Vec2,
    text::{LayoutJob, TextFormat, TextWrapping},
};

use super::{super::theme::fonts, brush::Brush};

/// Text that is smaller than this on the screen is left out.
pub(super) const LEAST: f32 = 6.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Plain,
    Semibold,
    Mono,
    MonoSemibold,
    Icon,
}

/// A line of text, or several with line breaks between them, and how they look. Sizes are in canvas points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'t> {
    text: &'t str,
    face: Face,
    size: f32,
    color: Color32,
    spacing: f32,
    width: f32,
    is_centered: bool,
}

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str, face: Face, size: f32, color: Color32) -> Self {
        Self { text, face, size, color, spacing: 0.0, width: f32::INFINITY, is_centered: false }
    }

    /// What does not fit in `width` canvas points ends in `…`.
    pub(super) fn within(self, width: f32) -> Self {
        Self { width: width.max(0.0), ..self }
    }

    pub(super) fn spaced(self, spacing: f32) -> Self {
        Self { spacing, ..self }
    }

    /// Its lines stand one below the other's middle.
    pub(super) fn centered(self) -> Self {
        Self { is_centered: true, ..self }
    }
}

impl Brush<'_> {
    /// Writes at a canvas point and says what area of the screen it took; `None` if it is too small to be read, or
    /// outside.
    pub(super) fn write(&mut self, at: Pos2, anchor: Align2, words: Words<'_>) -> Option<Rect> {
        // Generous: nothing on the stage is written wider or higher than this.
        if !self.sees_point(at, 400.0 * self.zoom.max(1.0)) {
            return None;
        }
        let galley = self.layout(words)?;
        Some(self.place(self.at(at), anchor, galley))
    }

    /// Writes at a point of the screen what was laid out.
    pub(super) fn place(&mut self, at: Pos2, anchor: Align2, galley: Arc<Galley>) -> Rect {
        let rect = anchor.anchor_size(at, galley.size());
        // Centred lines are laid out around zero.
        let corner = rect.min - galley.rect.min.to_vec2();
        let mut shape = egui::epaint::TextShape::new(corner, galley, Color32::PLACEHOLDER);
        shape.opacity_factor = self.opacity;
        self.add(Shape::Text(shape));
        rect
    }

    /// Lays out at the size that it has on the screen, in half points; `None` if that is too small.
    pub(super) fn layout(&self, words: Words<'_>) -> Option<Arc<Galley>> {
        self.layout_scaled(words, self.zoom)
    }

    /// The same at another scale than the canvas has.
    pub(super) fn layout_scaled(&self, words: Words<'_>, scale: f32) -> Option<Arc<Galley>> {
        let size = (words.size * scale * 2.0).round() / 2.0;
        if size < LEAST || words.text.is_empty() {
            return None;
        }
        let family = match words.face {
            Face::Plain => FontFamily::Proportional,
            Face::Semibold => fonts::semibold(),
            Face::Mono => FontFamily::Monospace,
            Face::MonoSemibold => fonts::mono_semibold(),
            Face::Icon => fonts::icons(),
        };
        let mut format = TextFormat::simple(FontId::new(size, family), words.color);
        format.extra_letter_spacing = words.spacing * scale;
        let mut job = LayoutJob::single_section(words.text.to_owned(), format);
        // Sizes are rounded, so that what fits at one zoom is a hair too wide at another.
        let rounding = size / (words.size * scale);
        job.wrap = TextWrapping {
            max_width: words.width * scale * rounding.max(1.0) + 1.0,
            max_rows: 1 + words.text.matches('\n').count(),
            break_anywhere: true,
            overflow_character: Some('…'),
        };
        if words.is_centered {
            job.halign = egui::Align::Center;
        }
        Some(self.painter.layout_job(job))
    }

    /// Text on a rounded fill, centred on a point of the screen; gives its area.
    pub(super) fn bubble(&mut self, center: Pos2, galley: Arc<Galley>, bubble: Bubble) -> Rect {
        let size = vec_max(galley.size() + 2.0 * bubble.padding, Vec2::splat(2.0 * bubble.padding.y));
        let rect = Rect::from_center_size(center, size);
        let corner = bubble.corner.unwrap_or(rect.height() / 2.0);
        self.card(rect, corner, bubble.fill, bubble.width, bubble.line);
        self.place(center, Align2::CENTER_CENTER, galley);
        rect
    }
}

/// How [`Brush::bubble`] looks; lengths on the screen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bubble {
    pub(super) fill: Color32,
    pub(super) line: Color32,
    pub(super) width: f32,
    pub(super) padding: Vec2,
    /// `None`: as round as can be.
    pub(super) corner: Option<f32>,
}

fn vec_max(one: Vec2, other: Vec2) -> Vec2 {
    one.max(other)
}
