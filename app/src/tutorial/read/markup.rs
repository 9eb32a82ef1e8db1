//! Markdown as blocks. CommonMark with tables, struck text and task lists; also what Obsidian and GitHub add.

mod builder;
mod html;
mod inlines;

use pulldown_cmark::{Options, Parser};

use super::source::Source;
use crate::tutorial::document::Block;

/// A page's blocks, and its blocks of code before anybody has looked into them.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Every [`Block::Code`] has its place in `codes` as the start of its range of commands.
    pub blocks: Vec<Block>,
    pub codes: Vec<RawCode>,
    /// The first heading.
    pub title: Option<String>,
    /// Texts behind the last block of code.
    pub said_last: Vec<Said>,
}

/// A block of code as it stands on the page.
#[derive(Debug, Default)]
pub struct RawCode {
    /// What stands behind the fence.
    pub info: String,
    /// Each line, and where it stands in the file.
    pub lines: Vec<(u32, String)>,
    /// What was said since the block of code before, in order.
    pub said: Vec<Said>,
}

/// A text on the page: a paragraph, a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    /// Its level, where it is a heading.
    pub heading: Option<u8>,
}

pub fn parse(source: &Source) -> Parsed {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_WIKILINKS;
    let mut builder = builder::Builder::new(source);
    for (event, range) in Parser::new_ext(&source.text, options).into_offset_iter() {
        builder.take(event, range);
    }
    builder.finish()
}
