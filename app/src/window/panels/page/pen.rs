//! Lays out what a page is painted of: measures words and puts parts below each other.

use egui::{
    Color32, FontId, Pos2, Rect, Ui, Vec2,
    text::{LayoutJob, TextFormat},
    vec2,
};

use super::{
    part::{Button, Laid, Part},
    prose::Link,
};
use crate::window::theme::{self, Theme};

/// Heights of buttons, in points of usual text.
pub const BUTTON: f32 = 26.0;
pub const SMALL_BUTTON: f32 = 22.0;

pub struct Pen<'a> {
    pub ui: &'a Ui,
    pub theme: &'static Theme,
    pub laid: Laid,
}

impl<'a> Pen<'a> {
    pub fn new(ui: &'a Ui) -> Self {
        Self { ui, theme: theme::of(ui.ctx()), laid: Laid::default() }
    }

    /// Points of usual text, in this look's.
    pub fn scaled(&self, points: f32) -> f32 {
        points * self.theme.text_scale
    }

    pub fn size_of(&self, job: &LayoutJob, width: f32) -> Vec2 {
        let mut job = job.clone();
        job.wrap.max_width = width;
        self.ui.painter().layout_job(job).size()
    }

    /// Where the last row of it ends, from its left.
    pub fn end_of(&self, job: &LayoutJob, width: f32) -> f32 {
        let mut job = job.clone();
        job.wrap.max_width = width;
        self.ui.painter().layout_job(job).rows.last().map_or(0.0, |row| row.rect().right())
    }

    /// Words in one format.
    pub fn job(&self, words: impl Into<String>, font: FontId, ink: Color32) -> LayoutJob {
        let format = TextFormat { font_id: font, color: ink, ..TextFormat::default() };
        LayoutJob::single_section(words.into(), format)
    }

    /// Puts words down, wrapped at `width`; gives the room that they take.
    pub fn words(&mut self, at: Pos2, job: LayoutJob, width: f32) -> Vec2 {
        self.linked(at, job, Vec::new(), width)
    }

    pub fn linked(&mut self, at: Pos2, mut job: LayoutJob, links: Vec<Link>, width: f32) -> Vec2 {
        job.wrap.max_width = width.max(1.0);
        let size = self.ui.painter().layout_job(job.clone()).size();
        self.laid.parts.push(Part::Words { at, job, size, links });
        size
    }

    /// Words whose right edge is at `right`.
    pub fn words_before(&mut self, right: f32, top: f32, job: LayoutJob) -> Vec2 {
        let size = self.size_of(&job, f32::INFINITY);
        self.words(Pos2::new(right - size.x, top), job, f32::INFINITY)
    }

    pub fn fill(&mut self, rect: Rect, fill: Color32, edge: Color32, radius: u8) {
        self.laid.parts.push(Part::Fill { rect, fill, edge, radius });
    }

    /// The room of a fill that is not known yet; see [`Pen::settle_fill`].
    pub fn fill_later(&mut self) -> usize {
        self.fill(Rect::NOTHING, Color32::TRANSPARENT, Color32::TRANSPARENT, 0);
        self.laid.parts.len() - 1
    }

    pub fn settle_fill(&mut self, index: usize, rect: Rect, fill: Color32, edge: Color32, radius: u8) {
        if let Some(part) = self.laid.parts.get_mut(index) {
            *part = Part::Fill { rect, fill, edge, radius };
        }
    }

    pub fn button(&mut self, at: Pos2, height: f32, button: Button) -> Rect {
        let rect = Rect::from_min_size(at, button.push(height).size(self.ui));
        self.laid.parts.push(Part::Button { rect, button });
        rect
    }

    /// Whose right edge is at `right`.
    pub fn button_before(&mut self, right: f32, top: f32, height: f32, button: Button) -> Rect {
        let width = button.push(height).size(self.ui).x;
        self.button(Pos2::new(right - width, top), height, button)
    }

    /// Beside each other, in as many rows as it takes; gives their height.
    pub fn buttons(&mut self, at: Pos2, width: f32, height: f32, buttons: Vec<Button>) -> f32 {
        let (gap, row) = (8.0, self.scaled(height));
        let (mut x, mut y) = (0.0, 0.0);
        for button in buttons {
            let wide = button.push(height).size(self.ui).x;
            if 0.0 < x && width < x + wide {
                (x, y) = (0.0, y + row + gap);
            }
            self.button(at + vec2(x, y), height, button);
            x += wide + gap;
        }
        y + row
    }

    /// A small rounded label; gives its room.
    pub fn chip(&mut self, at: Pos2, words: &str, ink: Color32) -> Rect {
        let job = self.job(words, self.theme.font(theme::text::SMALL), ink);
        let size = self.size_of(&job, f32::INFINITY);
        let rect = Rect::from_min_size(at, vec2(size.x + 14.0, self.scaled(18.0)));
        self.fill(rect, Color32::TRANSPARENT, self.theme.line, (rect.height() / 2.0) as u8);
        self.words(Pos2::new(at.x + 7.0, rect.center().y - size.y / 2.0), job, f32::INFINITY);
        rect
    }
}
