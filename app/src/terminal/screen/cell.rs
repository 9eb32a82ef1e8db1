//! Rows as they are painted and read.

use alacritty_terminal::{
    grid::Dimensions,
    index::{Column, Line},
    term::cell::{self, Flags, LineLength},
    vte::ansi::{Color, NamedColor},
};

use super::Screen;

/// One place of the grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub character: char,
    /// What stands on the same place as well: accents and other signs without a width.
    pub marks: Vec<char>,
    pub ink: Colour,
    pub fill: Colour,
    pub bold: bool,
    pub dim: bool,
    pub italic: bool,
    pub underlined: bool,
    pub struck: bool,
    /// Ink and fill change places; only whoever knows the colours can do it.
    pub inverse: bool,
    pub hidden: bool,
    pub width: Width,
}

/// Which shade that is, the look decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Of ink or of paper.
    #[default]
    Default,
    /// Of the usual 256; the first 16 are the look's.
    Indexed(u8),
    Rgb(u8, u8, u8),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    #[default]
    Single,
    Double,
    /// Covered by the character before.
    Covered,
}

impl Screen {
    /// What is seen in a row, from the top; one cell a column.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Cell> + '_ {
        let cells = &self.term.grid()[self.line(row)];
        (0..self.term.columns()).map(move |column| self.cell(&cells[Column(column)]))
    }

    /// The same as text, without what is blank at its end.
    pub fn row_text(&self, row: usize) -> String {
        self.line_text(self.line(row))
    }

    pub(super) fn line_text(&self, line: Line) -> String {
        let mut text = String::new();
        self.push_text(line, 0..self.term.columns(), &mut text);
        text.truncate(text.trim_end().len());
        text
    }

    /// The characters that stand in these columns, up to the last one that was written.
    pub(super) fn push_text(&self, line: Line, columns: std::ops::Range<usize>, text: &mut String) {
        let row = &self.term.grid()[line];
        let end = columns.end.min(row.line_length().0).min(self.term.columns());
        for column in columns.start..end {
            let cell = &row[Column(column)];
            if cell.flags.intersects(Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER) {
                continue;
            }
            text.push(if cell.c == '\t' { ' ' } else { cell.c });
            text.extend(cell.zerowidth().into_iter().flatten());
        }
    }

    /// Where the character begins that covers a column, and whether it is wide.
    pub(super) fn character_at(&self, line: Line, column: usize) -> (usize, bool) {
        let row = &self.term.grid()[line];
        let is = |column: usize, flag| row[Column(column)].flags.contains(flag);
        if 0 < column && is(column, Flags::WIDE_CHAR_SPACER) && is(column - 1, Flags::WIDE_CHAR) {
            return (column - 1, true);
        }
        (column, is(column, Flags::WIDE_CHAR) && column + 1 < self.term.columns())
    }

    fn cell(&self, cell: &cell::Cell) -> Cell {
        let has = |flag| cell.flags.intersects(flag);
        let (ink, ink_is_dim) = self.colour(cell.fg);
        let width = if has(Flags::WIDE_CHAR) {
            Width::Double
        } else if has(Flags::WIDE_CHAR_SPACER) {
            Width::Covered
        } else {
            Width::Single
        };
        Cell {
            character: if cell.c == '\t' { ' ' } else { cell.c },
            marks: cell.zerowidth().map(<[char]>::to_vec).unwrap_or_default(),
            ink,
            fill: self.colour(cell.bg).0,
            bold: has(Flags::BOLD),
            dim: ink_is_dim || has(Flags::DIM),
            italic: has(Flags::ITALIC),
            underlined: has(Flags::ALL_UNDERLINES) || cell.hyperlink().is_some(),
            struck: has(Flags::STRIKEOUT),
            inverse: has(Flags::INVERSE),
            hidden: has(Flags::HIDDEN),
            width,
        }
    }

    /// And whether it is one of the dim ones. A program may have mixed the colours anew.
    fn colour(&self, colour: Color) -> (Colour, bool) {
        let mixed = |index: usize| self.term.colors()[index].map(|rgb| Colour::Rgb(rgb.r, rgb.g, rgb.b));
        match colour {
            Color::Spec(rgb) => (Colour::Rgb(rgb.r, rgb.g, rgb.b), false),
            Color::Indexed(index) => (mixed(index.into()).unwrap_or(Colour::Indexed(index)), false),
            Color::Named(NamedColor::DimForeground) => (Colour::Default, true),
            Color::Named(name) => {
                let dim = (NamedColor::DimBlack as usize..=NamedColor::DimWhite as usize)
                    .contains(&(name as usize));
                let index = if dim { name as usize - NamedColor::DimBlack as usize } else { name as usize };
                let usual = u8::try_from(index).map_or(Colour::Default, Colour::Indexed);
                (mixed(index).unwrap_or(usual), dim)
            }
        }
    }
}
