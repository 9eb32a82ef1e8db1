//! A document as text that people can read and compare.

use std::fmt::Write as _;

use hopscope::tutorial::document::{Block, Code, Command, Document, Inline, LineKind, Target};

pub fn drawn(document: &Document) -> String {
    let mut text = format!("title {}\n", document.title);
    if let Some(mended) = &document.mended {
        let _ = writeln!(text, "mended {mended}");
    }
    blocks(&document.blocks, 0, document, &mut text);
    text
}

fn blocks(all: &[Block], depth: usize, document: &Document, text: &mut String) {
    let indent = "  ".repeat(depth);
    for block in all {
        match block {
            Block::Heading { level, text: words } => {
                let _ = writeln!(text, "{indent}{} {}", "#".repeat(usize::from(*level)), inlines(words));
            }
            Block::Paragraph(words) => {
                let _ = writeln!(text, "{indent}p {}", inlines(words));
            }
            Block::List { items, first } => {
                for (index, item) in (0..).zip(items) {
                    let mark = first.map_or("-".to_owned(), |first| format!("{}.", first + index));
                    let _ = writeln!(text, "{indent}{mark}");
                    blocks(item, depth + 1, document, text);
                }
            }
            Block::Quote(inside) => {
                let _ = writeln!(text, "{indent}quote");
                blocks(inside, depth + 1, document, text);
            }
            Block::Table { head, rows } => {
                for row in std::iter::once(head).chain(rows) {
                    let cells: Vec<String> = row.iter().map(|cell| inlines(cell)).collect();
                    let _ = writeln!(text, "{indent}row {}", cells.join(" ¦ "));
                }
            }
            Block::Rule => {
                let _ = writeln!(text, "{indent}rule");
            }
            Block::Code(code) => lines(code, &indent, document, text),
        }
    }
}

fn lines(code: &Code, indent: &str, document: &Document, text: &mut String) {
    let _ = writeln!(text, "{indent}code {}", code.language);
    let mut last = None;
    for line in &code.lines {
        match line.kind {
            LineKind::Blank => {}
            LineKind::Comment => {
                let _ = writeln!(text, "{indent}  # {}", line.text.trim());
            }
            LineKind::Output => {
                let _ = writeln!(text, "{indent}  | {}", line.text.trim());
            }
            LineKind::Command(index) if last != Some(index) => {
                last = Some(index);
                let _ = writeln!(text, "{indent}  {}", command(&document.commands[index]));
            }
            LineKind::Command(_) => {}
        }
    }
}

/// `12 host! ip link`: line, target, marks, text.
fn command(command: &Command) -> String {
    let target = match &command.target {
        Target::Host => "host".to_owned(),
        Target::Numbered(number) => format!("#{number}"),
        Target::Named(name) => name.to_string(),
        Target::Each(count) => format!("each-{count}"),
        Target::Open => "open".to_owned(),
    };
    let mut marks = String::new();
    if command.is_endless {
        marks += " endless";
    }
    if command.is_cleanup {
        marks += " cleanup";
    }
    if let Some(why) = command.held_back {
        let _ = write!(marks, " {why:?}");
    }
    if !command.placeholders.is_empty() {
        let _ = write!(marks, " gaps={}", command.placeholders.join(","));
    }
    format!("{} {target}{marks} $ {}", command.line, command.text.replace('\n', "⏎"))
}

fn inlines(all: &[Inline]) -> String {
    all.iter()
        .map(|inline| match inline {
            Inline::Text { text, strong, emphasis, struck } => {
                let marks = [(*strong, "*"), (*emphasis, "_"), (*struck, "~")];
                let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
                format!("{marks}{text}{}", marks.chars().rev().collect::<String>())
            }
            Inline::Code(code) => format!("`{code}`"),
            Inline::Link { text, to } => format!("[{text}→{to}]"),
            Inline::Image { alt, from } => format!("(picture {alt}: {from})"),
            Inline::Break => "⏎".to_owned(),
        })
        .collect()
}
