//! Links: those that a program marks as such (OSC 8), and addresses of pages in plain text.

use std::ops::Range;

use alacritty_terminal::{
    grid::Dimensions,
    index::Column,
    term::cell::{Flags, LineLength},
};

use super::Screen;

/// What is opened and no more: whoever prints a link must not make one start programs.
const MARKED: [&str; 3] = ["https://", "http://", "mailto:"];
const PLAIN: [&str; 2] = ["https://", "http://"];
/// Of an address in plain text.
const LONGEST: usize = 2_048;

/// A link and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub address: String,
    /// Rows that are seen, with columns.
    pub places: Vec<(usize, Range<usize>)>,
}

impl Screen {
    /// The link that covers a place which is seen.
    pub fn link_at(&self, row: usize, column: usize) -> Option<Link> {
        if self.rows() <= row || self.columns() <= column {
            return None;
        }
        self.marked(row, column).or_else(|| self.plain(row, column))
    }

    fn marked(&self, row: usize, column: usize) -> Option<Link> {
        let grid = self.term.grid();
        let here = grid[self.line(row)][Column(column)].hyperlink()?;
        if !MARKED.iter().any(|scheme| begins(here.uri(), scheme)) {
            return None;
        }
        let is_here = |row: usize, column: usize| {
            grid[self.line(row)][Column(column)].hyperlink().is_some_and(|other| other == here)
        };
        let mut places = Vec::new();
        for row in 0..self.rows() {
            let columns = 0..self.columns();
            let first = columns.clone().find(|&column| is_here(row, column));
            let last = columns.rev().find(|&column| is_here(row, column));
            places.extend(first.zip(last).map(|(first, last)| (row, first..last + 1)));
        }
        Some(Link { address: here.uri().to_owned(), places })
    }

    fn plain(&self, row: usize, column: usize) -> Option<Link> {
        let wraps = |row: usize| {
            let last = self.term.last_column();
            self.term.grid()[self.line(row)][last].flags.contains(Flags::WRAPLINE)
        };
        let first = (0..row).rev().take_while(|&above| wraps(above)).last().unwrap_or(row);
        let mut text: Vec<(char, usize, usize)> = Vec::new();
        for row in first..self.rows() {
            let cells = &self.term.grid()[self.line(row)];
            let written = (0..cells.line_length().0.min(self.columns()))
                .filter(|&column| !cells[Column(column)].flags.contains(Flags::WIDE_CHAR_SPACER))
                .map(|column| (cells[Column(column)].c, row, column));
            text.extend(written);
            if !wraps(row) {
                break;
            }
        }
        let at = text.iter().position(|&(_, r, c)| (r, c) == (row, column))?;
        let range = address_around(&text.iter().map(|&(c, ..)| c).collect::<Vec<_>>(), at)?;
        let mut places: Vec<(usize, Range<usize>)> = Vec::new();
        for &(_, row, column) in &text[range.clone()] {
            match places.last_mut() {
                Some((last, columns)) if *last == row => columns.end = column + 1,
                _ => places.push((row, column..column + 1)),
            }
        }
        Some(Link { address: text[range].iter().map(|&(c, ..)| c).collect(), places })
    }
}

fn begins(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// The address of a page that covers a place in a line.
fn address_around(text: &[char], at: usize) -> Option<Range<usize>> {
    let may_be_in = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"'`│|\\^{}“”‘’«»".contains(c);
    let from = text[..=at].iter().rposition(|&c| !may_be_in(c)).map_or(0, |before| before + 1);
    let from = from.max(at.saturating_sub(LONGEST));
    let begins_at = |start: &usize| {
        PLAIN.iter().any(|scheme| {
            let end = start + scheme.len();
            text.get(*start..end).is_some_and(|found| found.iter().copied().eq(scheme.chars()))
        })
    };
    let start = (from..=at).rev().find(begins_at)?;
    let length = text[start..].iter().take(LONGEST).take_while(|&&c| may_be_in(c)).count();
    let mut end = start + length;
    // Signs at the end belong to the sentence, and so does a bracket that was opened before.
    while let Some(&last) = text[start..end].last() {
        let count = |wanted: char| text[start..end].iter().filter(|&&c| c == wanted).count();
        let is_of_sentence = ".,;:!?".contains(last)
            || last == ')' && count('(') < count(')')
            || last == ']' && count('[') < count(']');
        if !is_of_sentence {
            break;
        }
        end -= 1;
    }
    let scheme = if text.get(start + 4) == Some(&'s') { 8 } else { 7 };
    (start + scheme < end && at < end).then_some(start..end)
}
