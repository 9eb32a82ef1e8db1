//! What is selected, and its text.

use std::ops::Range;

use alacritty_terminal::{
    grid::Dimensions,
    index::{Column, Line, Point, Side},
    selection::{Selection, SelectionRange, SelectionType},
    term::cell::Flags,
};

use super::Screen;

/// What a selection is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickKind {
    Characters,
    Words,
    Lines,
}

/// A place within what is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// From the top.
    pub row: usize,
    pub column: usize,
    /// Of the column.
    pub right_half: bool,
}

impl Screen {
    /// Begins a selection.
    pub fn pick(&mut self, kind: PickKind, at: Spot) {
        self.revision += 1;
        let kind = match kind {
            PickKind::Characters => SelectionType::Simple,
            PickKind::Words => SelectionType::Semantic,
            PickKind::Lines => SelectionType::Lines,
        };
        let (point, side) = self.point(at);
        self.term.selection = Some(Selection::new(kind, point, side));
    }

    /// To here, wherever it began.
    pub fn pick_to(&mut self, at: Spot) {
        let (point, side) = self.point(at);
        if let Some(selection) = &mut self.term.selection {
            self.revision += 1;
            selection.update(point, side);
        }
    }

    pub fn pick_nothing(&mut self) {
        if self.term.selection.take().is_some() {
            self.revision += 1;
        }
    }

    /// All that is kept.
    pub fn pick_all(&mut self) {
        self.revision += 1;
        let first = Point::new(self.term.topmost_line(), Column(0));
        // What is blank at the end was never written.
        let lines = (first.line.0..=self.term.bottommost_line().0).rev().map(Line);
        let last = lines.into_iter().find(|line| !self.line_text(*line).is_empty()).unwrap_or(first.line);
        let last = Point::new(last, self.term.last_column());
        let mut selection = Selection::new(SelectionType::Simple, first, Side::Left);
        selection.update(last, Side::Right);
        self.term.selection = Some(selection);
    }

    /// What is selected; lines that are one and were only wrapped are joined. `None`: nothing is.
    pub fn picked_text(&self) -> Option<String> {
        let range = self.picked()?;
        let is_lines = self.term.selection.as_ref().is_some_and(|picked| picked.ty == SelectionType::Lines);
        let mut text = String::new();
        let last = self.term.last_column();
        for line in (range.start.line.0..=range.end.line.0).map(Line) {
            let columns = self.columns_of(&range, line);
            let reaches_end = columns.end == last.0 + 1;
            self.push_text(line, columns, &mut text);
            let is_wrapped = self.term.grid()[line][last].flags.contains(Flags::WRAPLINE);
            if reaches_end && !is_wrapped {
                text.truncate(text.trim_end_matches(' ').len());
            }
            if line < range.end.line && !is_wrapped || line == range.end.line && is_lines {
                text.push('\n');
            }
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// Which columns of a row that is seen are selected.
    pub fn picked_columns(&self, row: usize) -> Option<Range<usize>> {
        let range = self.picked()?;
        let line = self.line(row);
        let is_within = range.start.line <= line && line <= range.end.line;
        is_within.then(|| self.columns_of(&range, line))
    }

    fn picked(&self) -> Option<SelectionRange> {
        let selection = self.term.selection.as_ref().filter(|selection| !selection.is_empty())?;
        selection.to_range(&self.term)
    }

    /// Whole characters of the line.
    fn columns_of(&self, range: &SelectionRange, line: Line) -> Range<usize> {
        let last = self.term.last_column().0;
        let first = if line == range.start.line { range.start.column.0.min(last) } else { 0 };
        let end = if line == range.end.line { range.end.column.0.min(last) } else { last };
        let (start, _) = self.character_at(line, first);
        let (begin, is_wide) = self.character_at(line, end);
        start..(begin + 1 + usize::from(is_wide)).max(start)
    }

    fn point(&self, at: Spot) -> (Point, Side) {
        let column = Column(at.column.min(self.term.columns() - 1));
        let is_right = at.right_half || self.term.columns() <= at.column;
        (Point::new(self.line(at.row), column), if is_right { Side::Right } else { Side::Left })
    }
}
