//! What is no Markdown but stands in it: HTML, and notes as GitHub and Obsidian write them.

use super::{Builder, RawCode};
use crate::tutorial::{
    document::{Block, Inline},
    read::markup::html::{Piece, attribute, pieces, unescaped},
};

/// `> [!NOTE]` becomes a word in strong letters.
pub fn name_note(blocks: &mut [Block]) {
    let Some(Block::Paragraph(inlines)) = blocks.first_mut() else { return };
    let Some(Inline::Text { text, .. }) = inlines.first_mut() else { return };
    let Some((kind, rest)) = text.strip_prefix("[!").and_then(|text| text.split_once(']')) else { return };
    if kind.is_empty() || !kind.chars().all(|c| c.is_ascii_alphabetic()) {
        return;
    }
    let name = format!("{}{}", kind[..1].to_uppercase(), kind[1..].to_lowercase());
    *text = rest.trim_start_matches(['-', '+', ' ']).to_owned();
    let says_nothing_more = text.is_empty();
    inlines.insert(0, Inline::Text { text: name, strong: true, emphasis: false, struck: false });
    if says_nothing_more {
        inlines.remove(1);
    }
    if 1 < inlines.len() && inlines[1] != Inline::Break {
        inlines.insert(1, Inline::Break);
    }
}

impl Builder<'_> {
    /// A tag within a line.
    pub(super) fn inline_html(&mut self, html: &str) {
        for piece in pieces(html) {
            match piece {
                Piece::Text(text) => self.inlines.text(text),
                Piece::Tag { name, closes, attributes } => self.tag(&name, closes, attributes),
            }
        }
    }

    pub(super) fn html_block(&mut self, html: &str, at: usize) {
        let mut hidden: Option<String> = None;
        let mut heading = None;
        let mut pre: Option<(usize, String)> = None;
        for piece in pieces(html) {
            match piece {
                Piece::Text(_) if hidden.is_some() => {}
                Piece::Text(text) => match &mut pre {
                    Some((_, code)) => code.push_str(text),
                    None => self.html_text(text),
                },
                Piece::Tag { name, closes, .. } if hidden.is_some() => {
                    if closes && hidden.as_ref() == Some(&name) {
                        hidden = None;
                    }
                }
                Piece::Tag { name, closes, attributes } => match name.as_str() {
                    "script" | "style" | "head" | "svg" if !closes => hidden = Some(name),
                    "pre" if !closes => {
                        self.flush();
                        let end = attributes.as_ptr() as usize - html.as_ptr() as usize + attributes.len();
                        let lines = html.get(..end).map_or(0, |before| before.matches('\n').count());
                        pre = Some((lines, String::new()));
                    }
                    "pre" => self.preformatted(pre.take(), at),
                    _ if pre.is_some() => {}
                    "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                        if let Some(level) = heading.take() {
                            self.heading(level);
                        } else {
                            self.flush();
                        }
                        heading = (!closes).then(|| name.as_bytes()[1] - b'0');
                    }
                    _ => self.tag(&name, closes, attributes),
                },
            }
        }
        self.preformatted(pre.take(), at);
        match heading {
            Some(level) => self.heading(level),
            None => self.flush(),
        }
    }

    fn html_text(&mut self, text: &str) {
        let lines: Vec<&str> = text.split_whitespace().collect();
        let words = unescaped(&lines.join(" "));
        let begins = text.starts_with(char::is_whitespace) && !self.inlines.is_blank();
        let ends = text.ends_with(char::is_whitespace);
        self.inlines.text(&format!(
            "{}{words}{}",
            if begins { " " } else { "" },
            if ends { " " } else { "" }
        ));
    }

    fn preformatted(&mut self, pre: Option<(usize, String)>, at: usize) {
        let Some((lines, code)) = pre else { return };
        let code = unescaped(&code);
        let begun = code.trim_start_matches('\n');
        let lines = lines + code.len() - begun.len();
        let first = self.source.line_at(at).saturating_add(u32::try_from(lines).unwrap_or(0));
        let code = begun.trim_end();
        let lines = code.split('\n').map(str::to_owned);
        self.add_code(RawCode { lines: (first..).zip(lines).collect(), ..RawCode::default() });
    }

    fn tag(&mut self, name: &str, closes: bool, attributes: &str) {
        let count = |count: &mut u32| {
            *count = if closes { count.saturating_sub(1) } else { count.saturating_add(1) };
        };
        match name {
            "br" => self.inlines.line_break(),
            "b" | "strong" | "th" => count(&mut self.inlines.strong),
            "i" | "em" | "cite" | "var" => count(&mut self.inlines.emphasis),
            "s" | "del" | "strike" => count(&mut self.inlines.struck),
            "code" | "kbd" | "samp" | "tt" => count(&mut self.inlines.code),
            "summary" => {
                self.flush();
                count(&mut self.inlines.strong);
            }
            "img" => {
                let from = attribute(attributes, "src").unwrap_or_default();
                self.inlines.image(&attribute(attributes, "alt").unwrap_or_default(), &from);
            }
            "p" | "div" | "details" | "ul" | "ol" | "table" | "blockquote" | "center" | "section" | "hr" => {
                self.flush()
            }
            "tr" if self.table.is_none() => self.flush(),
            "li" if !closes => {
                self.flush();
                self.inlines.text("• ");
            }
            "td" if self.table.is_none() => self.inlines.text(" "),
            _ => {}
        }
    }
}
