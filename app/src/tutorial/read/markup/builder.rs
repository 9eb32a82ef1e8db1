//! The parser's events become blocks.

mod foreign;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::{
    Parsed, RawCode, Said, Source,
    inlines::{Inlines, Kind, plain},
};
use crate::tutorial::document::{Block, Code, Inline};

/// Quotes and lists deeper than this are put flat into what they are in: nobody reads that, and whoever walks
/// the blocks may call itself for each level.
const DEEPEST: usize = 12;

#[derive(Debug)]
pub struct Builder<'a> {
    source: &'a Source,
    parsed: Parsed,
    inlines: Inlines,
    open: Vec<Open>,
    /// For each quote, list and item that is open: whether it stands in `open`.
    is_kept: Vec<bool>,
    table: Option<Table>,
    code: Option<RawCode>,
    /// A line of code that is not complete yet.
    partial: Option<(u32, String)>,
    html: Option<(usize, String)>,
    said: Vec<Said>,
}

#[derive(Debug)]
enum Open {
    Quote(Vec<Block>),
    List { items: Vec<Vec<Block>>, first: Option<u64> },
    Item(Vec<Block>),
}

#[derive(Debug, Default)]
struct Table {
    head: Vec<Vec<Inline>>,
    rows: Vec<Vec<Vec<Inline>>>,
    row: Vec<Vec<Inline>>,
}

impl<'a> Builder<'a> {
    pub fn new(source: &'a Source) -> Self {
        Self {
            source,
            parsed: Parsed::default(),
            inlines: Inlines::default(),
            open: Vec::new(),
            is_kept: Vec::new(),
            table: None,
            code: None,
            partial: None,
            html: None,
            said: Vec::new(),
        }
    }

    pub fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range.start),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code.is_some() => self.code_text(&text, range.start),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.inlines.text(&text)
            }
            Event::Code(code) => self.inlines.code(&code),
            Event::Html(html) => match &mut self.html {
                Some((_, read)) => read.push_str(&html),
                None => self.inline_html(&html),
            },
            Event::InlineHtml(html) => self.inline_html(&html),
            Event::SoftBreak => self.soft_break(range.end),
            Event::HardBreak => self.inlines.line_break(),
            Event::Rule => {
                self.flush();
                self.add(Block::Rule);
            }
            Event::TaskListMarker(is_done) => self.inlines.text(if is_done { "☑ " } else { "☐ " }),
            Event::FootnoteReference(name) => self.inlines.text(&name),
        }
    }

    pub fn finish(mut self) -> Parsed {
        self.flush();
        self.parsed.said_last = self.said;
        self.parsed
    }

    fn start(&mut self, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } => self.flush(),
            Tag::BlockQuote(_) => self.enter(Open::Quote(Vec::new())),
            Tag::List(first) => self.enter(Open::List { items: Vec::new(), first }),
            Tag::Item => self.enter(Open::Item(Vec::new())),
            Tag::CodeBlock(kind) => {
                self.flush();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some(RawCode { info, ..RawCode::default() });
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some((at, String::new()));
            }
            Tag::Table(_) => {
                self.flush();
                self.table = Some(Table::default());
            }
            Tag::Emphasis => self.inlines.emphasis += 1,
            Tag::Strong => self.inlines.strong += 1,
            Tag::Strikethrough => self.inlines.struck += 1,
            Tag::Link { link_type, dest_url, .. } => {
                let is_wiki = matches!(link_type, LinkType::WikiLink { .. });
                self.inlines.open(if is_wiki { Kind::Wiki } else { Kind::Link }, &dest_url);
            }
            Tag::Image { dest_url, .. } => self.inlines.open(Kind::Image, &dest_url),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::Heading(level) => self.heading(level as u8),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.leave(),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => {
                if let Some((at, html)) = self.html.take() {
                    self.html_block(&html, at);
                }
            }
            TagEnd::TableCell => {
                let cell = self.inlines.take();
                self.table.get_or_insert_default().row.push(cell);
            }
            TagEnd::TableHead => {
                let table = self.table.get_or_insert_default();
                table.head = std::mem::take(&mut table.row);
            }
            TagEnd::TableRow => {
                let table = self.table.get_or_insert_default();
                let row = std::mem::take(&mut table.row);
                table.rows.push(row);
            }
            TagEnd::Table => {
                let table = self.table.take().unwrap_or_default();
                self.add(Block::Table { head: table.head, rows: table.rows });
            }
            TagEnd::Emphasis => self.inlines.emphasis = self.inlines.emphasis.saturating_sub(1),
            TagEnd::Strong => self.inlines.strong = self.inlines.strong.saturating_sub(1),
            TagEnd::Strikethrough => self.inlines.struck = self.inlines.struck.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => self.inlines.close(),
            _ => {}
        }
    }

    fn heading(&mut self, level: u8) {
        let text = self.inlines.take();
        self.add_heading(level, text);
    }

    fn add_heading(&mut self, level: u8, text: Vec<Inline>) {
        let words = plain(&text).trim().to_owned();
        if words.is_empty() {
            return;
        }
        self.parsed.title.get_or_insert_with(|| words.clone());
        self.said.push(Said { text: words, heading: Some(level) });
        self.add(Block::Heading { level, text });
    }

    /// What was read within a line becomes a paragraph.
    fn flush(&mut self) {
        if self.table.is_some() {
            return;
        }
        let is_blank = self.inlines.is_blank();
        let text = self.inlines.take();
        if is_blank {
            return;
        }
        self.said.push(Said { text: plain(&text), heading: None });
        self.add(Block::Paragraph(text));
    }

    fn add(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(Open::Quote(blocks) | Open::Item(blocks)) => blocks.push(block),
            Some(Open::List { items, .. }) => items.push(vec![block]),
            None => self.parsed.blocks.push(block),
        }
    }

    fn enter(&mut self, open: Open) {
        self.flush();
        let is_kept = self.open.len() < DEEPEST;
        self.is_kept.push(is_kept);
        if is_kept {
            self.open.push(open);
        }
    }

    fn leave(&mut self) {
        self.flush();
        if !self.is_kept.pop().unwrap_or_default() {
            return;
        }
        match self.open.pop() {
            Some(Open::Quote(mut blocks)) => {
                foreign::name_note(&mut blocks);
                self.add(Block::Quote(blocks));
            }
            Some(Open::List { items, first }) => self.add(Block::List { items, first }),
            Some(Open::Item(blocks)) => match self.open.last_mut() {
                Some(Open::List { items, .. }) => items.push(blocks),
                _ => blocks.into_iter().for_each(|block| self.add(block)),
            },
            None => {}
        }
    }

    /// A line that begins with a sign (👉, ✅, 1️⃣) was meant to begin a line.
    fn soft_break(&mut self, next: usize) {
        let rest = self.source.text.get(next..).unwrap_or_default().trim_start_matches([' ', '>']);
        let mut chars = rest.chars();
        let (first, second) = (chars.next(), chars.next());
        let is_sign = first
            .is_some_and(|c| 0x2190 <= u32::from(c) && !c.is_alphanumeric() && !"“”‘’「『（".contains(c));
        let is_keycap = first.is_some_and(|c| c.is_ascii_digit())
            && second.is_some_and(|c| matches!(c, '\u{fe0f}' | '\u{20e3}' | '\u{fe0e}'));
        if is_sign || is_keycap { self.inlines.line_break() } else { self.inlines.text(" ") }
    }

    fn code_text(&mut self, text: &str, at: usize) {
        let first = self.source.line_at(at);
        for (line, part) in (first..).zip(text.split_inclusive('\n')) {
            let (part, is_whole) = part.strip_suffix('\n').map_or((part, false), |part| (part, true));
            let (_, read) = self.partial.get_or_insert_with(|| (line, String::new()));
            read.push_str(part);
            if is_whole && let (Some(code), Some(line)) = (&mut self.code, self.partial.take()) {
                code.lines.push(line);
            }
        }
    }

    fn end_code(&mut self) {
        let Some(mut code) = self.code.take() else { return };
        code.lines.extend(self.partial.take());
        self.add_code(code);
    }

    fn add_code(&mut self, mut code: RawCode) {
        code.said = std::mem::take(&mut self.said);
        let index = self.parsed.codes.len();
        self.parsed.codes.push(code);
        self.add(Block::Code(Code { language: String::new(), lines: Vec::new(), commands: index..index }));
    }
}

/// Levels are numbered as people do.
const _: () = assert!(HeadingLevel::H1 as u8 == 1 && HeadingLevel::H6 as u8 == 6);
