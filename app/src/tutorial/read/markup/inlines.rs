//! Text within a line, as it grows.

use crate::tutorial::document::Inline;

#[derive(Debug, Default)]
pub struct Inlines {
    done: Vec<Inline>,
    pub strong: u32,
    pub emphasis: u32,
    pub struck: u32,
    /// In `<code>` or `<kbd>`.
    pub code: u32,
    /// A link or a picture whose text is being read: where it leads.
    link: Option<(Kind, String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Link,
    Image,
    /// `[[…]]`, which is shown as text.
    Wiki,
}

impl Inlines {
    pub fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some((_, _, read)) = &mut self.link {
            return read.push_str(text);
        }
        if 0 < self.code {
            if let Some(Inline::Code(code)) = self.done.last_mut() {
                return code.push_str(text);
            }
            return self.done.push(Inline::Code(text.to_owned()));
        }
        let mut rest = text;
        while let Some((before, url)) = bare_url(rest) {
            self.styled(&rest[..before]);
            let to = rest[before..before + url].to_owned();
            self.done.push(Inline::Link { text: to.clone(), to });
            rest = &rest[before + url..];
        }
        self.styled(rest);
    }

    fn styled(&mut self, more: &str) {
        if more.is_empty() {
            return;
        }
        let style = (0 < self.strong, 0 < self.emphasis, 0 < self.struck);
        if let Some(Inline::Text { text, strong, emphasis, struck }) = self.done.last_mut()
            && (*strong, *emphasis, *struck) == style
        {
            return text.push_str(more);
        }
        let (strong, emphasis, struck) = style;
        self.done.push(Inline::Text { text: more.to_owned(), strong, emphasis, struck });
    }

    pub fn code(&mut self, code: &str) {
        match &mut self.link {
            Some((_, _, read)) => read.push_str(code),
            None => self.done.push(Inline::Code(code.to_owned())),
        }
    }

    pub fn line_break(&mut self) {
        match &mut self.link {
            Some((_, _, read)) => read.push(' '),
            None => self.done.push(Inline::Break),
        }
    }

    pub fn image(&mut self, alt: &str, from: &str) {
        let name = from.rsplit('/').next().unwrap_or_default();
        // Obsidian writes a width where others write what is shown.
        let is_width = !alt.is_empty() && alt.chars().all(|c| c.is_ascii_digit() || c == 'x');
        let alt = if alt.trim().is_empty() || (is_width && alt.len() < 6) { name } else { alt };
        self.done.push(Inline::Image { alt: alt.to_owned(), from: from.to_owned() });
    }

    pub fn open(&mut self, kind: Kind, to: &str) {
        // A picture in a link: the picture stays, the link goes.
        self.link = Some((kind, to.to_owned(), String::new()));
    }

    pub fn close(&mut self) {
        match self.link.take() {
            Some((Kind::Image, from, alt)) => self.image(&alt, &from),
            Some((Kind::Link, to, text)) if !text.is_empty() => self.done.push(Inline::Link { text, to }),
            Some((Kind::Wiki, _, text)) => self.styled(&text),
            _ => {}
        }
    }

    pub fn is_blank(&self) -> bool {
        self.done.iter().all(|inline| match inline {
            Inline::Text { text, .. } => text.trim().is_empty(),
            Inline::Break => true,
            _ => false,
        })
    }

    /// What was read, without space and breaks at its ends.
    pub fn take(&mut self) -> Vec<Inline> {
        self.close();
        let mut all = std::mem::take(&mut self.done);
        while all.last().is_some_and(is_space) {
            all.pop();
        }
        let from = all.iter().position(|inline| !is_space(inline)).unwrap_or(all.len());
        all.drain(..from);
        if let Some(Inline::Text { text, .. }) = all.first_mut() {
            *text = text.trim_start().to_owned();
        }
        if let Some(Inline::Text { text, .. }) = all.last_mut() {
            *text = text.trim_end().to_owned();
        }
        all
    }
}

fn is_space(inline: &Inline) -> bool {
    match inline {
        Inline::Break => true,
        Inline::Text { text, .. } => text.trim().is_empty(),
        _ => false,
    }
}

/// Where the first web address in a text begins, and how long it is.
fn bare_url(text: &str) -> Option<(usize, usize)> {
    let start = match (text.find("https://"), text.find("http://")) {
        (Some(one), Some(other)) => one.min(other),
        (one, other) => one.or(other)?,
    };
    let rest = &text[start..];
    let end = rest.find(|c: char| c.is_whitespace() || "<>\"'`|".contains(c)).unwrap_or(rest.len());
    let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']);
    (9 < url.len()).then_some((start, url.len()))
}

/// All that is said, without its dress.
pub fn plain(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text { text: more, .. } | Inline::Code(more) | Inline::Link { text: more, .. } => {
                text.push_str(more)
            }
            Inline::Image { .. } => {}
            Inline::Break => text.push('\n'),
        }
    }
    text
}
