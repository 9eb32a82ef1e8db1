//! What a terminal shows: its output, understood. No egui, no IO, no clock.
//!
//! The emulation is `alacritty_terminal`'s; here it is told about output and sizes, and asked what is to be seen.
//! What it gives for drawing and copying is not used: those parts take for granted that no half of a wide character
//! ever stands alone, and panic where one does.

mod cell;
mod links;
mod pick;
mod strings;
#[cfg(test)]
mod tests;

use std::{cell::RefCell, fmt, rc::Rc, time::Duration};

use alacritty_terminal::{
    event::{Event, EventListener},
    grid::{Dimensions, Scroll},
    index::{Column, Line},
    term::{Config, Osc52, Term, TermMode},
    vte::ansi::{self, Processor, Timeout},
};

use self::strings::Strings;
pub use self::{
    cell::{Cell, Colour, Width},
    links::Link,
    pick::{PickKind, Spot},
};
use super::TerminalSize;

/// Lines that are kept above what is seen.
pub const SCROLL_BACK: usize = 5_000;
/// Smaller and larger ones are taken for these: nobody reads more, and memory must have a bound.
const COLUMNS: std::ops::RangeInclusive<u16> = 2..=1_000;
const ROWS: std::ops::RangeInclusive<u16> = 1..=500;
/// Output is looked at in such pieces.
const PIECE: usize = 1 << 10;
/// More signs than this on one character are no text any more.
const MOST_MARKS: usize = 16;

/// The screen of one terminal, and what was on it before.
pub struct Screen {
    term: Term<Listener>,
    parser: Processor<AtOnce>,
    strings: Strings,
    heard: Rc<RefCell<Vec<Event>>>,
    title: Option<String>,
    bells: u64,
    revision: u64,
}

/// Where the cursor stands, as of what is seen now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub row: usize,
    pub column: usize,
    pub shape: CursorShape,
    /// It stands on a character two columns wide.
    pub is_wide: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorShape {
    Block,
    Underline,
    Bar,
}

/// What the program in the terminal has asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modes {
    /// Arrow keys, Home and End are sent in their other form (DECCKM).
    pub application_cursor: bool,
    /// What is pasted is put between marks.
    pub bracketed_paste: bool,
    /// A program has the whole screen; there is nothing to scroll back to.
    pub alternate_screen: bool,
    /// There, the wheel stands for arrow keys.
    pub wheel_is_arrows: bool,
}

/// Lines above what is seen and below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scrolled {
    pub above: usize,
    pub below: usize,
}

impl Screen {
    pub fn new(size: TerminalSize) -> Self {
        let heard = Rc::default();
        let config = Config {
            scrolling_history: SCROLL_BACK,
            semantic_escape_chars: ",│`|\"' ()[]{}<>\t".to_owned(),
            kitty_keyboard: false,
            // What is printed must not change what somebody has copied elsewhere.
            osc52: Osc52::Disabled,
            ..Config::default()
        };
        let listener = Listener(Rc::clone(&heard));
        Self {
            term: Term::new(config, &Fit::of(size), listener),
            parser: Processor::new(),
            strings: Strings::default(),
            heard,
            title: None,
            bells: 0,
            revision: 0,
        }
    }

    /// Takes what the terminal wrote; what comes back is to be typed, since a program has asked for it.
    #[must_use]
    pub fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.revision += 1;
        for piece in bytes.chunks(PIECE) {
            let Self { strings, parser, term, .. } = &mut *self;
            strings.pass(piece, |passed| parser.advance(term, passed));
            self.bound_marks();
        }
        let mut answers = Vec::new();
        for event in self.heard.take() {
            match event {
                Event::PtyWrite(text) => answers.extend(text.into_bytes()),
                Event::Title(title) => self.title = Some(title).filter(|title| !title.trim().is_empty()),
                Event::ResetTitle => self.title = None,
                Event::Bell => self.bells += 1,
                // Colours, pixels and the clipboard are nobody's business; the rest does not happen without a
                // pseudo-terminal of its own.
                _ => {}
            }
        }
        answers
    }

    /// A character could be given signs without end.
    fn bound_marks(&mut self) {
        let at = self.term.grid().cursor.point;
        let row = &mut self.term.grid_mut()[at.line];
        for column in at.column.0.saturating_sub(2)..=at.column.0 {
            let cell = &mut row[Column(column)];
            if cell.zerowidth().is_some_and(|marks| MOST_MARKS < marks.len()) {
                cell.extra = None;
            }
        }
    }

    pub fn resize(&mut self, size: TerminalSize) {
        self.revision += 1;
        self.term.resize(Fit::of(size));
    }

    pub fn columns(&self) -> usize {
        self.term.columns()
    }

    pub fn rows(&self) -> usize {
        self.term.screen_lines()
    }

    /// Grows whenever anything here may look otherwise than before.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// As the program calls itself.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// How often it has rung.
    pub fn bells(&self) -> u64 {
        self.bells
    }

    pub fn modes(&self) -> Modes {
        let mode = self.term.mode();
        let alternate_screen = mode.contains(TermMode::ALT_SCREEN);
        Modes {
            application_cursor: mode.contains(TermMode::APP_CURSOR),
            bracketed_paste: mode.contains(TermMode::BRACKETED_PASTE),
            alternate_screen,
            wheel_is_arrows: alternate_screen && mode.contains(TermMode::ALTERNATE_SCROLL),
        }
    }

    /// `None`: hidden, or scrolled out of sight.
    pub fn cursor(&self) -> Option<Cursor> {
        let shape = match self.term.cursor_style().shape {
            ansi::CursorShape::Underline => CursorShape::Underline,
            ansi::CursorShape::Beam => CursorShape::Bar,
            ansi::CursorShape::Block | ansi::CursorShape::HollowBlock => CursorShape::Block,
            ansi::CursorShape::Hidden => return None,
        };
        if !self.term.mode().contains(TermMode::SHOW_CURSOR) {
            return None;
        }
        let grid = self.term.grid();
        let at = grid.cursor.point;
        let row = usize::try_from(at.line.0).ok()? + grid.display_offset();
        if self.rows() <= row {
            return None;
        }
        let (column, is_wide) = self.character_at(at.line, at.column.0);
        Some(Cursor { row, column, shape, is_wide })
    }

    /// By lines; positive looks further back.
    pub fn scroll(&mut self, lines: i32) {
        self.revision += 1;
        // More than there can be would overflow below.
        let most = SCROLL_BACK as i32 + i32::from(*ROWS.end());
        self.term.scroll_display(Scroll::Delta(lines.clamp(-most, most)));
    }

    pub fn scroll_to_end(&mut self) {
        if self.scrolled().below != 0 {
            self.revision += 1;
            self.term.scroll_display(Scroll::Bottom);
        }
    }

    pub fn scrolled(&self) -> Scrolled {
        let grid = self.term.grid();
        let below = grid.display_offset();
        Scrolled { above: grid.history_size() - below, below }
    }

    /// What is seen, as text: lines without what is blank at their ends, and none of the blank ones at the end.
    pub fn text(&self) -> String {
        let lines = (0..self.rows()).map(|row| self.row_text(row)).collect::<Vec<_>>();
        lines.join("\n").trim_end().to_owned()
    }

    /// Everything that is kept, as text.
    pub fn whole_text(&self) -> String {
        let lines = (self.term.topmost_line().0..=self.term.bottommost_line().0).map(Line);
        lines.map(|line| self.line_text(line)).collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }

    /// The line of the grid that is seen in a row.
    fn line(&self, row: usize) -> Line {
        let row = row.min(self.rows() - 1);
        Line(row as i32 - self.term.grid().display_offset() as i32)
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").field("revision", &self.revision).field("text", &self.text()).finish()
    }
}

/// Keeps what the emulation has to say until somebody asks.
struct Listener(Rc<RefCell<Vec<Event>>>);

impl EventListener for Listener {
    fn send_event(&self, event: Event) {
        self.0.borrow_mut().push(event);
    }
}

/// A size that the emulation can have.
struct Fit {
    columns: usize,
    rows: usize,
}

impl Fit {
    fn of(size: TerminalSize) -> Self {
        let columns = size.columns.clamp(*COLUMNS.start(), *COLUMNS.end());
        let rows = size.rows.clamp(*ROWS.start(), *ROWS.end());
        Self { columns: columns.into(), rows: rows.into() }
    }
}

impl Dimensions for Fit {
    fn total_lines(&self) -> usize {
        self.rows
    }

    fn screen_lines(&self) -> usize {
        self.rows
    }

    fn columns(&self) -> usize {
        self.columns
    }
}

/// Programs may ask that several changes are shown as one, within a time. Nobody sees anything between two pieces of
/// output anyway, so there is nothing to wait for, and no clock is needed.
#[derive(Default)]
struct AtOnce;

impl Timeout for AtOnce {
    fn set_timeout(&mut self, _: Duration) {}

    fn clear_timeout(&mut self) {}

    fn pending_timeout(&self) -> bool {
        false
    }
}
