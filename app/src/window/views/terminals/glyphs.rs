//! Rows of a screen, made ready for painting: whatever has not changed is not looked at again.

use std::ops::Range;

use egui::{
    Color32, FontFamily, FontId, Id, Ui,
    text::{ByteIndex, LayoutJob, LayoutSection, TextFormat},
};

use super::{boxes, paper::Paper};
use crate::{
    terminal::{
        TerminalId,
        screen::{Cell, Colour, Screen, Width},
    },
    window::theme::{self, Theme, fonts},
};

/// A row, ready.
#[derive(Clone, Debug, Default)]
pub struct Row {
    cells: Vec<Cell>,
    /// All letters that fit the grid.
    pub letters: LayoutJob,
    pub fills: Vec<(Range<usize>, Color32)>,
    pub strokes: Vec<(Range<usize>, Stroke, Color32)>,
    /// Lines and blocks, which must join across cells.
    pub boxes: Vec<(usize, char, Color32)>,
    /// What needs a place of its own: wide characters, and what other fonts have.
    pub odd: Vec<Odd>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    Under,
    Through,
}

#[derive(Clone, Debug)]
pub struct Odd {
    pub columns: Range<usize>,
    pub text: String,
    pub font: FontId,
    pub ink: Color32,
    pub italic: bool,
}

/// What was made ready last, and for what.
#[derive(Clone, Debug, Default)]
pub struct Ready {
    made_for: Option<(TerminalId, u64)>,
    look: Option<(&'static Theme, f32, f32)>,
    rows: Vec<Row>,
}

/// All rows that are seen; hands them to `paint`.
pub fn ready(ui: &Ui, id: TerminalId, screen: &Screen, paper: &Paper, paint: impl FnOnce(&[Row])) {
    let theme = theme::of(ui.ctx());
    let kept = Id::unique("rows of the terminal in front");
    let mut known: Ready = ui.data_mut(|data| data.remove_temp(kept)).unwrap_or_default();
    let look = (theme, paper.cell.x, paper.font_size);
    if known.look != Some(look) {
        known = Ready { look: Some(look), ..Ready::default() };
    }
    let now = (id, screen.revision());
    if known.made_for != Some(now) {
        known.rows.resize_with(screen.rows(), Row::default);
        for (number, row) in known.rows.iter_mut().enumerate() {
            let cells: Vec<Cell> = screen.row(number).collect();
            if row.cells != cells {
                *row = Maker { ui, theme, paper, row: Row::default(), before: ' ' }.make(cells);
            }
        }
        known.made_for = Some(now);
    }
    paint(&known.rows);
    ui.data_mut(|data| data.insert_temp(kept, known));
}

/// Ink and fill of a cell, as they are painted.
fn colours(theme: &Theme, cell: &Cell) -> (Color32, Color32) {
    let shade = |colour, usual| match colour {
        Colour::Default => usual,
        Colour::Indexed(index) => theme.indexed(index),
        Colour::Rgb(red, green, blue) => theme.mixed(red, green, blue),
    };
    let (mut ink, mut fill) = (shade(cell.ink, theme.text), shade(cell.fill, theme.paper()));
    if cell.inverse {
        std::mem::swap(&mut ink, &mut fill);
    }
    if cell.hidden {
        return (fill, fill);
    }
    // What is drawn with blocks is a picture, not text.
    if !boxes::is_block(cell.character) {
        ink = theme.legible(ink, fill);
    }
    if cell.dim {
        ink = ink.lerp_to_gamma(fill, 0.4);
    }
    (ink, fill)
}

struct Maker<'a> {
    ui: &'a Ui,
    theme: &'static Theme,
    paper: &'a Paper,
    row: Row,
    before: char,
}

impl Maker<'_> {
    fn make(mut self, cells: Vec<Cell>) -> Row {
        self.row.letters.wrap.max_width = f32::INFINITY;
        let last = cells.iter().rposition(|cell| !is_blank(cell)).map_or(0, |last| last + 1);
        for (column, cell) in cells.iter().enumerate() {
            let (ink, fill) = colours(self.theme, cell);
            let columns = column..column + 1;
            if fill != self.theme.paper() {
                extend(&mut self.row.fills, columns.clone(), fill);
            }
            for (has, stroke) in [(cell.underlined, Stroke::Under), (cell.struck, Stroke::Through)] {
                if has {
                    self.stroke(columns.clone(), stroke, ink);
                }
            }
            if column < last {
                self.character(column, cell, ink);
            }
        }
        self.row.cells = cells;
        self.row
    }

    fn stroke(&mut self, columns: Range<usize>, stroke: Stroke, ink: Color32) {
        let same =
            self.row.strokes.iter_mut().rev().take(2).find(|(before, kind, shade)| {
                before.end == columns.start && *kind == stroke && *shade == ink
            });
        match same {
            Some((before, ..)) => before.end = columns.end,
            None => self.row.strokes.push((columns, stroke, ink)),
        }
    }

    fn character(&mut self, column: usize, cell: &Cell, ink: Color32) {
        let family = if cell.bold { fonts::mono_semibold() } else { FontFamily::Monospace };
        let font = FontId::new(self.paper.font_size, family);
        let c = cell.character;
        if is_blank(cell) || cell.hidden {
            return self.letter(' ', font, ink, cell.italic);
        }
        if boxes::is_drawn(c) {
            self.row.boxes.push((column, c, ink));
            return self.letter(' ', font, ink, cell.italic);
        }
        if cell.width == Width::Single && cell.marks.is_empty() && self.fits(&font, c) {
            return self.letter(c, font, ink, cell.italic);
        }
        let wide = if cell.width == Width::Double { 2 } else { 1 };
        let text = std::iter::once(c).chain(cell.marks.iter().copied()).collect();
        let columns = column..column + wide;
        self.row.odd.push(Odd { columns, text, font: font.clone(), ink, italic: cell.italic });
        self.letter(' ', font, ink, cell.italic);
    }

    /// Whether the character is as wide as a column.
    fn fits(&self, font: &FontId, c: char) -> bool {
        c.is_ascii()
            || self.ui.fonts_mut(|fonts| {
                let (own, usual) = (fonts.glyph_width(font, c), fonts.glyph_width(font, '0'));
                fonts.has_glyph(font, c) && (own - usual).abs() < 0.01
            })
    }

    /// One more at the end of the line.
    fn letter(&mut self, c: char, font_id: FontId, color: Color32, italics: bool) {
        let job = &mut self.row.letters;
        // Signs side by side would be drawn as one (`->`, `!=`), which nobody has typed.
        let joins = is_sign(c) && is_sign(self.before) || c == 'w' && self.before == 'w';
        self.before = c;
        let start = job.text.len();
        job.text.push(c);
        if let Some(section) = job.sections.last_mut()
            && !joins
            && (c == ' '
                || section.format.color == color
                    && section.format.font_id == font_id
                    && section.format.italics == italics)
        {
            section.byte_range.end = ByteIndex(job.text.len());
            return;
        }
        let format = TextFormat {
            font_id,
            color,
            italics,
            extra_letter_spacing: self.paper.spacing,
            line_height: Some(self.paper.cell.y),
            ..TextFormat::default()
        };
        job.sections.push(LayoutSection {
            leading_space: 0.0,
            byte_range: ByteIndex(start)..ByteIndex(job.text.len()),
            format,
        });
    }
}

fn is_blank(cell: &Cell) -> bool {
    cell.width == Width::Covered || cell.character == ' ' && cell.marks.is_empty()
}

fn is_sign(c: char) -> bool {
    c.is_ascii_punctuation()
}

/// One more of these, or the last one goes on.
fn extend(list: &mut Vec<(Range<usize>, Color32)>, columns: Range<usize>, colour: Color32) {
    match list.last_mut() {
        Some((before, last)) if before.end == columns.start && *last == colour => before.end = columns.end,
        _ => list.push((columns, colour)),
    }
}
