//! From the blocks of a page to pieces below each other, indented as they are nested.

use std::collections::BTreeSet;

use egui::{Color32, Pos2, Rect, pos2, vec2};

use super::{
    chart,
    part::Laid,
    pen::Pen,
    prose::{Face, Prose, prose},
};
use crate::{
    tutorial::document::{Block, Code, Document, Inline},
    window::theme::{self, Theme},
};

/// Points that what is in a list or a quote is indented by.
const LIST: f32 = 22.0;
const QUOTE: f32 = 16.0;

/// One below the other.
#[derive(Clone, Debug)]
pub struct Piece {
    pub body: Body,
    /// From the page's left edge, in points of usual text.
    pub indent: f32,
    /// Where the bars of the quotes around it stand.
    pub rails: Vec<f32>,
    /// Of the list item that begins here.
    pub marker: Option<String>,
    /// Room above and below it; of two that meet the larger counts.
    pub above: f32,
    pub below: f32,
}

#[derive(Clone, Debug)]
pub enum Body {
    Text(Prose),
    Heading {
        level: u8,
        text: Prose,
    },
    Table {
        head: Vec<Prose>,
        rows: Vec<Vec<Prose>>,
    },
    Rule,
    Code(Code),
    /// What was done to the text so that it can be read.
    Mended(String),
    /// What can be done once all was run.
    Ending,
}

/// `lacking`: characters to leave out.
pub fn pieces(document: &Document, theme: &'static Theme, lacking: &BTreeSet<char>) -> Vec<Piece> {
    let mut flow = Flow {
        theme,
        lacking,
        pieces: Vec::new(),
        indent: 0.0,
        rails: Vec::new(),
        marker: None,
        is_tight: false,
    };
    if let Some(words) = &document.mended {
        flow.put(Body::Mended(words.clone()), 0.0, 12.0);
    }
    flow.blocks(&document.blocks);
    if !document.commands.is_empty() {
        flow.put(Body::Ending, 28.0, 0.0);
    }
    flow.pieces
}

struct Flow<'a> {
    theme: &'static Theme,
    lacking: &'a BTreeSet<char>,
    pieces: Vec<Piece>,
    indent: f32,
    rails: Vec<f32>,
    marker: Option<String>,
    /// In a list: its items stand closer.
    is_tight: bool,
}

impl Flow<'_> {
    fn put(&mut self, body: Body, above: f32, below: f32) {
        let (indent, rails, marker) = (self.indent, self.rails.clone(), self.marker.take());
        self.pieces.push(Piece { body, indent, rails, marker, above, below });
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.heading((*level).clamp(1, 6), text),
            Block::Paragraph(text) => {
                let face = Face::reading(self.theme);
                let face = if self.rails.is_empty() { face } else { Face { ink: self.theme.mute, ..face } };
                let gap = if self.is_tight { 4.0 } else { 10.0 };
                self.put(Body::Text(prose(text, self.theme, face, self.lacking)), gap, gap);
            }
            Block::List { items, first } => self.list(items, *first),
            Block::Quote(blocks) => {
                self.rails.push(self.indent);
                self.indent += QUOTE;
                self.blocks(blocks);
                self.indent -= QUOTE;
                self.rails.pop();
            }
            Block::Table { head, rows } => {
                let strong = Face { strong: true, ..Face::small(self.theme) };
                let row = |cells: &[Vec<Inline>], face: Face| {
                    cells.iter().map(|cell| prose(cell, self.theme, face, self.lacking)).collect::<Vec<_>>()
                };
                let head = row(head, strong);
                let rows = rows.iter().map(|cells| row(cells, Face::small(self.theme))).collect();
                self.put(Body::Table { head, rows }, 12.0, 14.0);
            }
            Block::Rule => self.put(Body::Rule, 20.0, 20.0),
            Block::Code(code) => self.put(Body::Code(code.clone()), 10.0, 12.0),
        }
    }

    fn heading(&mut self, level: u8, text: &[Inline]) {
        let size = theme::text::HEADINGS[usize::from(level) - 1];
        let ink = if level < 6 { self.theme.text } else { self.theme.mute };
        let face = Face { size, strong: true, ink, line: (size * 1.35).round() };
        let above = match level {
            1 => 28.0,
            2 => 26.0,
            3 => 20.0,
            _ => 16.0,
        };
        let text = prose(text, self.theme, face, self.lacking);
        self.put(Body::Heading { level, text }, above, 8.0);
    }

    fn list(&mut self, items: &[Vec<Block>], first: Option<u64>) {
        let was_tight = self.is_tight;
        self.indent += LIST;
        for (index, item) in items.iter().enumerate() {
            let number = first.map(|first| first.saturating_add(index as u64));
            self.marker = Some(number.map_or_else(|| "•".to_owned(), |number| format!("{number}.")));
            self.is_tight = true;
            self.blocks(item);
            if self.marker.is_some() {
                // An item without anything in it is seen all the same.
                self.put(Body::Text(Prose::default()), 4.0, 4.0);
            }
        }
        self.indent -= LIST;
        self.is_tight = was_tight;
        if !was_tight && let Some(last) = self.pieces.last_mut() {
            last.below = last.below.max(10.0);
        }
    }
}

/// Every character of the text, also of what is nested.
pub fn each_char(blocks: &[Block], visit: &mut impl FnMut(char)) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => chars_of(text, visit),
            Block::Quote(inner) => each_char(inner, visit),
            Block::List { items, .. } => items.iter().for_each(|item| each_char(item, visit)),
            Block::Table { head, rows } => {
                head.iter().chain(rows.iter().flatten()).for_each(|cell| chars_of(cell, visit));
            }
            Block::Rule | Block::Code(_) => {}
        }
    }
}

fn chars_of(inlines: &[Inline], visit: &mut impl FnMut(char)) {
    for inline in inlines {
        if let Inline::Text { text, .. } | Inline::Code(text) | Inline::Link { text, .. } = inline {
            text.chars().for_each(&mut *visit);
        }
    }
}

impl Piece {
    /// Lays out what does not change while the page is open; `None` for the rest.
    pub fn lay_out(&self, pen: Pen<'_>, width: f32) -> Option<Laid> {
        let mut pen = pen;
        let height = match &self.body {
            Body::Text(text) => pen.prose(text, width).max(pen.scaled(theme::text::READ_LINE)),
            Body::Heading { level, text } => {
                let height = pen.prose(text, width);
                if *level <= 2 {
                    let line = Rect::from_min_size(pos2(0.0, height + 6.0), vec2(width, 1.0));
                    pen.fill(line, pen.theme.line, Color32::TRANSPARENT, 0);
                    height + 7.0
                } else {
                    height
                }
            }
            Body::Table { head, rows } => chart::lay_out(&mut pen, width, head, rows),
            Body::Rule => {
                let line = Rect::from_min_size(Pos2::ZERO, vec2(width, 1.0));
                pen.fill(line, pen.theme.line, Color32::TRANSPARENT, 0);
                1.0
            }
            Body::Mended(words) => {
                let job = pen.job(words, pen.theme.font(theme::text::SMALL), pen.theme.mute);
                let size = pen.size_of(&job, width - 24.0);
                let card = Rect::from_min_size(Pos2::ZERO, vec2(width, size.y + 16.0));
                pen.fill(card, pen.theme.raise, Color32::TRANSPARENT, 8);
                pen.words(pos2(12.0, 8.0), job, width - 24.0);
                card.height()
            }
            Body::Code(_) | Body::Ending => return None,
        };
        Some(Laid { height, ..pen.laid })
    }

    /// So much text that laying it out anew costs something.
    pub fn weight(&self) -> usize {
        let of = |prose: &Prose| prose.job.text.len();
        match &self.body {
            Body::Text(text) | Body::Heading { text, .. } => of(text),
            Body::Table { head, rows } => head.iter().chain(rows.iter().flatten()).map(of).sum(),
            Body::Code(code) => code.lines.iter().map(|line| line.text.len()).sum(),
            Body::Rule | Body::Mended(_) | Body::Ending => 0,
        }
    }

    /// How high it is about, before it was laid out.
    pub fn guess(&self, width: f32) -> f32 {
        match &self.body {
            Body::Code(code) => 60.0 + code.lines.len() as f32 * theme::text::SHELL_LINE,
            Body::Table { rows, .. } => 32.0 * (rows.len() + 1) as f32,
            Body::Text(_) | Body::Heading { .. } => {
                let rows = (self.weight() as f32 * 7.0 / width.max(1.0)).ceil().max(1.0);
                rows * theme::text::READ_LINE
            }
            Body::Rule | Body::Mended(_) | Body::Ending => 1.0,
        }
    }
}

impl Pen<'_> {
    fn prose(&mut self, text: &Prose, width: f32) -> f32 {
        if text.job.text.is_empty() {
            return 0.0;
        }
        self.linked(Pos2::ZERO, text.job.clone(), text.links.clone(), width).y
    }
}
