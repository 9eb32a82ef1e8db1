//! A block of code as a card: what it is, where it belongs, its lines, and how its commands went.

use std::{
    collections::{BTreeSet, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
};

use egui::{
    Color32, Rect, pos2,
    text::{LayoutJob, TextFormat},
    vec2,
};

use super::{
    note, outcome,
    part::{Action, Button, Laid, Look, Part, Sign},
    pen::{Pen, SMALL_BUTTON},
    prose::shown,
    question,
};
use crate::{
    model::{
        command::{Command, Page},
        walk::{self, Tutorial},
    },
    tutorial::{
        document::{self, Code, LineKind, Target},
        runner::{Question, Standing},
    },
    window::{
        theme::{self, Theme},
        widgets::icon::Icon,
    },
};

/// In points.
const PAD: f32 = 12.0;
const GUTTER: f32 = 24.0;
/// For how long a command took, and what opens its output.
const TOOK: f32 = 74.0;

/// Changes when what is shown of the block does.
pub fn fingerprint(tutorial: &Tutorial, code: &Code, open: &BTreeSet<usize>) -> u64 {
    let mut hash = DefaultHasher::new();
    let standings = tutorial.runner.standings();
    for index in code.commands.clone() {
        (tutorial.queued.contains(&index), open.contains(&index)).hash(&mut hash);
        match standings.get(index) {
            None | Some(Standing::NotRun) => 0u8.hash(&mut hash),
            Some(Standing::Asking) => 1u8.hash(&mut hash),
            Some(Standing::Running { .. }) => 2u8.hash(&mut hash),
            Some(Standing::LeftOut) => 3u8.hash(&mut hash),
            Some(Standing::Ran(outcomes)) => {
                4u8.hash(&mut hash);
                for outcome in outcomes {
                    let print = (
                        outcome.status,
                        outcome.output.len(),
                        outcome.took.to_bits(),
                        &outcome.at,
                        &outcome.text,
                    );
                    print.hash(&mut hash);
                }
            }
        }
        tutorial.changes.get(&index).map(Vec::len).hash(&mut hash);
    }
    asked(tutorial, code).map(|question| format!("{question:?}")).hash(&mut hash);
    (is_last_stretch(tutorial, code) && tutorial.waits()).hash(&mut hash);
    targets(tutorial, code).hash(&mut hash);
    hash.finish()
}

/// What is asked about one of its commands.
fn asked<'a>(tutorial: &'a Tutorial, code: &Code) -> Option<&'a Question> {
    tutorial.runner.question().filter(|question| code.commands.contains(&about(question)))
}

fn about(question: &Question) -> usize {
    match question {
        Question::Where { command, .. } | Question::Placeholder { command, .. } => *command,
    }
}

/// Whether what was asked for last ends in this block.
fn is_last_stretch(tutorial: &Tutorial, code: &Code) -> bool {
    let last = tutorial.stretch.as_ref().and_then(|stretch| stretch.commands.iter().max());
    last.is_some_and(|last| code.commands.contains(last))
}

/// Where its commands go, each once, in words.
fn targets(tutorial: &Tutorial, code: &Code) -> Vec<String> {
    let mut words = Vec::new();
    for command in tutorial.document().commands.get(code.commands.clone()).unwrap_or_default() {
        let chosen = tutorial.runner.chosen().get(&command.target).filter(|_| command.target == Target::Open);
        let said = chosen.map_or_else(|| walk::target(&command.target), walk::slot);
        if !words.contains(&said) {
            words.push(said);
        }
    }
    words
}

pub fn lay_out(pen: Pen<'_>, tutorial: &Tutorial, code: &Code, open: &BTreeSet<usize>, width: f32) -> Laid {
    let mut card = Card { pen, tutorial, code, open, width, y: 8.0 };
    let whole = card.pen.fill_later();
    if !code.commands.is_empty() || !code.language.is_empty() {
        card.head();
    }
    card.lines();
    let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(width, card.y + 8.0));
    let theme = card.pen.theme;
    card.pen.settle_fill(whole, rect, theme.raise, Color32::TRANSPARENT, 10);
    if code.commands.is_empty() && code.language.is_empty() {
        card.copy(4.0);
    }
    let below = card.changes(rect.height() + 6.0);
    Laid { height: rect.height() + below, ..card.pen.laid }
}

struct Card<'a> {
    pen: Pen<'a>,
    tutorial: &'a Tutorial,
    code: &'a Code,
    open: &'a BTreeSet<usize>,
    width: f32,
    /// Where the next thing is put.
    y: f32,
}

impl Card<'_> {
    fn head(&mut self) {
        let theme = self.pen.theme;
        let row = self.pen.scaled(SMALL_BUTTON);
        let middle = self.y + row / 2.0;
        let mut x = PAD;
        let language = if self.code.language.is_empty() { "shell" } else { &self.code.language };
        let mut job = self.pen.job(shown(language), theme.semibold(theme::text::TINY), theme.mute);
        job.sections.iter_mut().for_each(|section| {
            section.format.extra_letter_spacing = theme::text::CAPTION_SPACING;
        });
        let size = self.pen.size_of(&job, f32::INFINITY);
        x += self.pen.words(pos2(x, middle - size.y / 2.0), job, f32::INFINITY).x + 10.0;
        let right = self.run(self.width - 8.0);
        let right = self.copy_before(right, self.y);
        let chip = self.pen.scaled(18.0);
        for words in targets(self.tutorial, self.code) {
            let ink = if words == "?" { theme.accent } else { theme.mute };
            let job = self.pen.job(words.clone(), theme.font(theme::text::SMALL), ink);
            if right < x + self.pen.size_of(&job, f32::INFINITY).x + 20.0 {
                break;
            }
            x = self.pen.chip(pos2(x, middle - chip / 2.0), &words, ink).right() + 6.0;
        }
        self.y += row + 6.0;
    }

    /// Where the buttons begin.
    fn run(&mut self, right: f32) -> f32 {
        let Some(first) = self.tutorial.document().commands.get(self.code.commands.start) else {
            return right;
        };
        if self.code.commands.is_empty() {
            return right;
        }
        let commands = self.code.commands.clone().collect();
        let action = Action::Say(Command::Page(Page::Run { commands, also_held_back: false }));
        let run = Button::new("Run", Look::Raised, action)
            .icon(Icon::Play)
            .name(format!("Run block, line {}", first.line))
            .tip("Types these commands into their terminals, one after the other.");
        self.pen.button_before(right, self.y, SMALL_BUTTON, run).left() - 4.0
    }

    fn copy_before(&mut self, right: f32, top: f32) -> f32 {
        let commands = self.tutorial.document().commands.get(self.code.commands.clone()).unwrap_or_default();
        let text = if commands.is_empty() {
            self.code.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
        } else {
            commands.iter().map(|command| command.text.as_str()).collect::<Vec<_>>().join("\n")
        };
        let tip = if commands.is_empty() { "Copy" } else { "Copy the commands, without prompts and output" };
        let name = match commands.first() {
            Some(first) => format!("Copy block, line {}", first.line),
            None => "Copy block".into(),
        };
        let copy = Button::new("Copy", Look::Icon, Action::Copy(text)).icon(Icon::Copy).name(name).tip(tip);
        self.pen.button_before(right, top, SMALL_BUTTON, copy).left() - 4.0
    }

    fn copy(&mut self, top: f32) {
        self.copy_before(self.width - 4.0, top);
    }

    fn lines(&mut self) {
        let lines = &self.code.lines;
        let mut from = 0;
        while let Some(line) = lines.get(from) {
            let is_same = |kind: LineKind| match (line.kind, kind) {
                (LineKind::Command(one), LineKind::Command(other)) => one == other,
                (LineKind::Command(_), _) | (_, LineKind::Command(_)) => false,
                _ => true,
            };
            let count = lines[from..].iter().take_while(|line| is_same(line.kind)).count();
            match line.kind {
                LineKind::Command(index) => self.command(index, from..from + count),
                LineKind::Output | LineKind::Comment | LineKind::Blank => self.other(from..from + count),
            }
            from += count;
        }
    }

    fn left(&self) -> f32 {
        if self.code.commands.is_empty() { PAD } else { PAD + self.pen.scaled(GUTTER) }
    }

    /// Output, comments, empty lines.
    fn other(&mut self, lines: std::ops::Range<usize>) {
        let theme = self.pen.theme;
        let mut job = LayoutJob::default();
        for (index, line) in self.code.lines[lines].iter().enumerate() {
            let is_comment = line.kind == LineKind::Comment;
            let ink = if self.code.commands.is_empty() { theme.text } else { theme.mute };
            let ink = if is_comment { theme.faint } else { ink };
            let format = TextFormat { italics: is_comment, ..shell(theme, ink, false) };
            let text = if index == 0 { columns(&line.text) } else { format!("\n{}", columns(&line.text)) };
            job.append(&text, 0.0, format);
        }
        job.wrap.break_anywhere = true;
        let (left, y) = (self.left(), self.y);
        self.y += self.pen.words(pos2(left, y), job, self.width - left - PAD).y;
    }

    fn command(&mut self, index: usize, lines: std::ops::Range<usize>) {
        let Some(command) = self.tutorial.document().commands.get(index) else { return self.other(lines) };
        let job = written(self.pen.theme, command, &self.code.lines[lines]);
        let (left, top) = (self.left(), self.y);
        let all = self.width - left - PAD;
        // Room for how it went is kept from the beginning, so that nothing moves when it is known.
        let took = self.pen.scaled(TOOK);
        let fits = self.pen.end_of(&job, all) <= all - took;
        let size = self.pen.words(pos2(left, top), job, if fits { all } else { all - took });
        self.y += size.y;
        let row = self.pen.scaled(theme::text::SHELL_LINE);
        outcome::aside(&mut self.pen, self.tutorial, index, self.width - PAD, self.y - row, self.open);
        let shape = Rect::from_min_max(pos2(4.0, top), pos2(self.width - 4.0, self.y));
        self.gutter(index, command, shape);
        if let Some(question) = asked(self.tutorial, self.code).filter(|question| about(question) == index) {
            self.y += 6.0;
            self.y += question::show(&mut self.pen, pos2(left, self.y), all, question) + 6.0;
        }
        self.y += outcome::show(&mut self.pen, self.tutorial, index, pos2(left, self.y), all, self.open);
        let rect = Rect::from_min_max(pos2(0.0, top), pos2(self.width, self.y));
        self.pen.laid.commands.push((index, rect));
    }

    fn gutter(&mut self, index: usize, command: &document::Command, zone: Rect) {
        let row = self.pen.scaled(theme::text::SHELL_LINE);
        let side = self.pen.scaled(18.0);
        let left = PAD - 4.0;
        let rect = Rect::from_min_size(pos2(left, zone.top() + (row - side) / 2.0), vec2(side, side));
        let (sign, tip) = standing(self.tutorial, index, self.pen.theme);
        let is_held_back = command.held_back.is_some();
        let action =
            Action::Say(Command::Page(Page::Run { commands: vec![index], also_held_back: is_held_back }));
        let first = command.text.lines().next().unwrap_or_default();
        let words = if is_held_back { "Run anyway" } else { "Run" };
        let button = Button::new(words, Look::Icon, action)
            .name(format!("{words}: {}", shown(first)))
            .tip(format!("{words} this command alone"));
        self.pen.laid.parts.push(Part::Gutter { rect, zone, sign, tip, button });
    }

    /// What the block changed, and whose turn it is, below the card; gives the height with the gap above.
    fn changes(&mut self, top: f32) -> f32 {
        let said =
            self.code.commands.clone().filter_map(|index| self.tutorial.changes.get(&index)).next_back();
        let is_last = is_last_stretch(self.tutorial, self.code);
        let said = said.map(Vec::as_slice).unwrap_or_default();
        let height = note::show(&mut self.pen, top, self.width, self.tutorial, said, is_last);
        if height == 0.0 { 0.0 } else { height + 6.0 }
    }
}

/// The sign of a command, and what it means.
fn standing(tutorial: &Tutorial, index: usize, theme: &Theme) -> (Option<(Sign, Color32)>, String) {
    let (sign, words) = match tutorial.runner.standings().get(index) {
        Some(Standing::Asking) => ((Sign::Dot, theme.warn), "waits for an answer"),
        Some(Standing::Running { .. }) => ((Sign::Dot, theme.accent), "runs"),
        Some(Standing::LeftOut) => ((Sign::Icon(Icon::Minus), theme.mute), "left out"),
        Some(standing @ Standing::Ran(outcomes)) => {
            let was_interrupted = outcomes.iter().any(|outcome| outcome.was_interrupted);
            match (walk::has_failed(standing), was_interrupted) {
                (true, _) => ((Sign::Icon(Icon::Cross), theme.drop), "failed"),
                (false, true) => ((Sign::Icon(Icon::Stop), theme.mute), "ended as Ctrl-C would"),
                (false, false) => ((Sign::Icon(Icon::Check), theme.good), "done"),
            }
        }
        _ if tutorial.queued.contains(&index) => ((Sign::Ring, theme.accent), "is next in line"),
        _ => return (None, String::new()),
    };
    (Some(sign), words.into())
}

/// A command as it stands on the page: its prompt pale, itself strong, placeholders marked.
fn written(theme: &Theme, command: &document::Command, lines: &[document::CodeLine]) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut typed = command.text.lines();
    for (index, line) in lines.iter().enumerate() {
        if 0 < index {
            job.append("\n", 0.0, shell(theme, theme.text, true));
        }
        let own = typed.next().unwrap_or_default().trim();
        let at = line.text.find(own).filter(|_| !own.is_empty()).unwrap_or(0);
        let (prompt, rest) = line.text.split_at(at);
        job.append(&columns(prompt), 0.0, shell(theme, theme.faint, false));
        marked(&mut job, theme, &columns(rest), &command.placeholders);
    }
    job.wrap.break_anywhere = false;
    job
}

fn marked(job: &mut LayoutJob, theme: &Theme, text: &str, placeholders: &[String]) {
    let mut rest = text;
    while !rest.is_empty() {
        let next = placeholders
            .iter()
            .filter(|placeholder| !placeholder.is_empty())
            .filter_map(|placeholder| Some((rest.find(placeholder.as_str())?, placeholder.len())))
            .min();
        let (before, length) = next.unwrap_or((rest.len(), 0));
        job.append(&rest[..before], 0.0, shell(theme, theme.text, true));
        job.append(&rest[before..before + length], 0.0, shell(theme, theme.accent, true));
        rest = &rest[before + length..];
    }
}

fn shell(theme: &Theme, ink: Color32, strong: bool) -> TextFormat {
    let size = theme::text::SHELL;
    let font_id = if strong { theme.mono_semibold(size) } else { theme.mono(size) };
    let line_height = Some((theme::text::SHELL_LINE * theme.text_scale).round());
    TextFormat { font_id, color: ink, line_height, ..TextFormat::default() }
}

/// Tabs as the columns that they lead to, every eighth.
pub fn columns(text: &str) -> String {
    let mut spread = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        if c == '\t' {
            let to = (column / 8 + 1) * 8;
            spread.extend(std::iter::repeat_n(' ', to - column));
            column = to;
        } else {
            spread.push(c);
            column += 1;
        }
    }
    shown(&spread)
}
