//! Text within a line: strong, emphasised, struck, code, links, pictures.

use std::{collections::BTreeSet, ops::Range};

use egui::{
    Align, Color32, Stroke,
    text::{LayoutJob, TextFormat},
};

use crate::{
    tutorial::document::Inline,
    window::theme::{self, Theme},
};

/// Words that lead somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub words: String,
    /// Among the characters of the text that it stands in.
    pub chars: Range<usize>,
    pub to: String,
}

/// A text, laid out with any width.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    pub job: LayoutJob,
    pub links: Vec<Link>,
}

/// How its plain words look.
#[derive(Clone, Copy, Debug)]
pub struct Face {
    pub size: f32,
    pub strong: bool,
    pub ink: Color32,
    /// Points from row to row, of usual text.
    pub line: f32,
}

impl Face {
    pub fn reading(theme: &Theme) -> Self {
        Self { size: theme::text::READ, strong: false, ink: theme.text, line: theme::text::READ_LINE }
    }

    pub fn small(theme: &Theme) -> Self {
        Self { size: theme::text::BODY, line: 20.0, ..Self::reading(theme) }
    }

    fn format(self, theme: &Theme) -> TextFormat {
        let font_id = if self.strong { theme.semibold(self.size) } else { theme.font(self.size) };
        let line_height = Some((self.line * theme.text_scale).round());
        TextFormat { font_id, color: self.ink, line_height, ..TextFormat::default() }
    }
}

/// `lacking`: characters to leave out.
pub fn prose(inlines: &[Inline], theme: &Theme, face: Face, lacking: &BTreeSet<char>) -> Prose {
    let mut made = Prose::default();
    let without = |text: &str| text.chars().filter(|c| !lacking.contains(c)).collect::<String>();
    for inline in inlines {
        let plain = face.format(theme);
        // What is drawn behind or below letters keeps to them, and not to the row that they stand in.
        let marked = TextFormat { line_height: None, valign: Align::Center, ..plain.clone() };
        match inline {
            Inline::Text { text, strong, emphasis, struck } => {
                let strikethrough = if *struck { Stroke::new(1.0, face.ink) } else { Stroke::NONE };
                let face = Face { strong: face.strong || *strong, ..face };
                made.add(
                    &without(text),
                    TextFormat { italics: *emphasis, strikethrough, ..face.format(theme) },
                );
            }
            Inline::Code(text) => {
                let font_id = if face.strong {
                    theme.mono_semibold(face.size - 1.0)
                } else {
                    theme.mono(face.size - 1.0)
                };
                let background = theme.raise;
                made.add(text, TextFormat { font_id, background, expand_bg: 1.5, ..marked });
            }
            Inline::Link { text, to } => {
                let from = made.chars();
                let underline = Stroke::new(1.0, theme.accent.gamma_multiply(0.4));
                made.add(text, TextFormat { color: theme.accent, underline, ..marked });
                let chars = from..made.chars();
                if !to.is_empty() && !chars.is_empty() {
                    made.links.push(Link { words: text.clone(), chars, to: to.clone() });
                }
            }
            Inline::Image { alt, from } => {
                let shown = if alt.is_empty() { from } else { alt };
                let words = format!("picture: {shown}");
                let background = theme.raise;
                made.add(&words, TextFormat { color: theme.mute, italics: true, background, ..marked });
            }
            Inline::Break => made.add("\n", plain),
        }
    }
    made
}

impl Prose {
    fn add(&mut self, text: &str, format: TextFormat) {
        let shown = shown(text);
        // What was left out leaves no indent.
        let shown = if self.job.text.is_empty() { shown.trim_start() } else { &shown };
        if !shown.is_empty() {
            self.job.append(shown, 0.0, format);
        }
    }

    fn chars(&self) -> usize {
        self.job.text.chars().count()
    }
}

/// Emoji, pictographs and other symbols.
pub fn is_picture(c: char) -> bool {
    matches!(c, '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Without the marks that only say how the sign before them is to be drawn, which no font of ours has.
pub fn shown(text: &str) -> String {
    let is_mark = |c: char| {
        matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{20e3}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
            || matches!(c, '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
    };
    let is_seen = |c: &char| !is_mark(*c) && (!c.is_control() || *c == '\n');
    text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(is_seen).collect()
}
