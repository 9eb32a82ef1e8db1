//! The grid that characters stand in, on whole pixels, so that lines join and letters are as sharp in each column.

use egui::{Pos2, Rect, Ui, Vec2, pos2, vec2};

use crate::{
    terminal::{TerminalSize, screen::Spot},
    window::theme,
};

/// Around the text.
const PAD: Vec2 = vec2(10.0, 6.0);
/// At the right, for the scroll bar.
pub const BAR: f32 = 10.0;
/// Of a line, in heights of the font: letters need air, and boxes are drawn as high as lines.
const LINE: f32 = 1.08;

/// Where columns and rows are on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paper {
    /// With what is around the text.
    pub rect: Rect,
    origin: Pos2,
    pub cell: Vec2,
    pub pixel: f32,
    pub font_size: f32,
    /// What makes letters as wide as columns.
    pub spacing: f32,
    pub columns: usize,
    pub rows: usize,
}

impl Paper {
    pub fn of(ui: &Ui, rect: Rect) -> Self {
        let theme = theme::of(ui.ctx());
        let font = theme.mono(theme::text::BODY);
        let (letter, height) = ui.fonts_mut(|fonts| (fonts.glyph_width(&font, '0'), fonts.row_height(&font)));
        let dots = ui.pixels_per_point();
        let cell = vec2((letter * dots).round().max(1.0), (height * LINE * dots).round().max(1.0)) / dots;
        let origin = rect.min + PAD;
        let origin = pos2((origin.x * dots).round(), (origin.y * dots).round()) / dots;
        let room = rect.max - origin - vec2(BAR, PAD.y);
        Self {
            rect,
            origin,
            cell,
            pixel: 1.0 / dots,
            font_size: font.size,
            spacing: cell.x - letter,
            columns: (room.x / cell.x).floor().clamp(2.0, 1_000.0) as usize,
            rows: (room.y / cell.y).floor().clamp(1.0, 500.0) as usize,
        }
    }

    pub fn size(&self) -> TerminalSize {
        TerminalSize { columns: self.columns as u16, rows: self.rows as u16 }
    }

    /// The corner of a cell.
    pub fn corner(&self, row: usize, column: usize) -> Pos2 {
        self.origin + vec2(column as f32 * self.cell.x, row as f32 * self.cell.y)
    }

    /// Of several cells of a row.
    pub fn cells(&self, row: usize, columns: std::ops::Range<usize>) -> Rect {
        let size = vec2(columns.len() as f32 * self.cell.x, self.cell.y);
        Rect::from_min_size(self.corner(row, columns.start), size)
    }

    /// What is under a point; beside the text, the nearest that there is.
    pub fn spot(&self, at: Pos2, rows: usize) -> Spot {
        let (x, y) = ((at.x - self.origin.x) / self.cell.x, (at.y - self.origin.y) / self.cell.y);
        let row = (y.floor().max(0.0) as usize).min(rows.saturating_sub(1));
        let column = x.floor().max(0.0);
        Spot { row, column: column as usize, right_half: 0.5 <= x - column }
    }
}
