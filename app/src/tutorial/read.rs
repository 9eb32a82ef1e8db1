//! From a file's bytes to a [`Document`].
//!
//! bytes → text ([`encoding`]) → lines ([`source`]) → blocks ([`markup`]) → commands ([`sorting`]) → what each is
//! ([`nature`]) and where it is typed ([`targets`]).

mod encoding;
mod language;
mod markup;
mod mend;
mod mojibake;
mod nature;
mod place;
mod placeholders;
mod printed;
mod programs;
mod prompt;
mod script;
mod shell;
mod sorting;
mod source;
mod targets;

use std::collections::{BTreeMap, BTreeSet};

pub use self::nature::asks_who_is_there;
use self::{
    markup::{Parsed, RawCode},
    nature::{Effect, Nature, cleanups},
    sorting::{Known, Sorted, Typed},
    targets::{Placed, Spoken, targets},
};
use super::document::{Block, Code, CodeLine, Command, Document, Inline, LineKind};

/// A page larger than this is refused by whoever opens it.
pub const LARGEST: usize = 4 << 20;

/// Reads a tutorial (`.md`, `.markdown`, `.txt`) or a script (`.sh`, `.bash`, or whatever begins with `#!` and a shell).
/// Never fails: what is not understood is shown as text. `name` is the file's name.
pub fn read(name: &str, bytes: &[u8]) -> Document {
    let decoded = encoding::decode(bytes);
    let mut notes = decoded.notes;
    let file_name = name.rsplit('/').next().unwrap_or(name);
    let mut document = if script::is_script(file_name, &decoded.text) {
        read_script(file_name, &decoded.text, &mut notes)
    } else {
        read_page(file_name, &decoded.text, &mut notes)
    };
    document.mended = sentence(&notes);
    document
}

/// Whether a file of this name is a tutorial or a script.
pub fn is_page(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("md" | "markdown" | "sh" | "bash"))
}

/// How much of a file [`begins_as_script`] needs to see.
pub const FIRST_LINE: usize = 128;

/// Whether the first line is `#!` and a shell.
pub fn begins_as_script(bytes: &[u8]) -> bool {
    let first = &bytes[..bytes.len().min(FIRST_LINE)];
    let line = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Some(program) = line.strip_prefix(b"#!") else { return false };
    let program = String::from_utf8_lossy(program);
    let mut words = program.split(|c: char| c.is_whitespace() || c == '/');
    words.any(|word| matches!(word, "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh"))
}

fn read_script(name: &str, text: &str, notes: &mut Vec<String>) -> Document {
    let (sorted, title) = script::sort(text);
    let code = RawCode::default();
    let commands = judged(&[code], std::slice::from_ref(&sorted), &[], true);
    note_mended(&sorted.typed, notes);
    let mut blocks = Vec::new();
    if let Some(title) = &title {
        let text = Inline::Text { text: title.clone(), strong: false, emphasis: false, struck: false };
        blocks.push(Block::Heading { level: 1, text: vec![text] });
    }
    let Sorted { language, lines, .. } = sorted;
    blocks.push(Block::Code(Code { language, lines, commands: 0..commands.len() }));
    let title = title.unwrap_or_else(|| name.to_owned());
    Document { title, blocks, commands, mended: None, is_script: true }
}

fn read_page(name: &str, text: &str, notes: &mut Vec<String>) -> Document {
    let source = source::Source::new(text);
    if 0 < source.closed {
        let what = if source.closed == 1 { "a block of code was" } else { "blocks of code were" };
        notes.push(format!("{what} closed where the closing mark is missing"));
    }
    let Parsed { mut blocks, codes, title, said_last } = markup::parse(&source);
    let known = known(&codes);
    let sorted: Vec<Sorted> = codes.iter().map(|code| sorting::sort(code, &known)).collect();
    let commands = judged(&codes, &sorted, &said_last, false);
    sorted.iter().for_each(|sorted| note_mended(&sorted.typed, notes));
    let mut from = 0;
    let mut ready: Vec<Option<Code>> = sorted
        .into_iter()
        .map(|sorted| {
            let until = from + sorted.typed.len();
            let code = numbered(sorted, from, until);
            from = until;
            Some(code)
        })
        .collect();
    put_in_place(&mut blocks, &mut ready);
    let title = title.or(source.title).unwrap_or_else(|| name.to_owned());
    Document { title, blocks, commands, mended: None, is_script: false }
}

/// Names that the page gives to namespaces and functions, wherever it does.
fn known(codes: &[RawCode]) -> Known {
    let mut known = Known::default();
    for (_, line) in codes.iter().flat_map(|code| &code.lines) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let named =
            words.windows(3).filter(|words| words[0] == "netns" && ["add", "exec", "a"].contains(&words[1]));
        let named = named.map(|words| words[2].trim_matches(['"', '\'', ';']));
        let is_name =
            |name: &&str| name.contains(char::is_alphanumeric) && !name.contains(['$', '<', '{', '(', '`']);
        known.namespaces.extend(named.filter(is_name).map(str::to_owned));
        if let Some((name, _)) = line.trim().trim_start_matches("function ").split_once("()") {
            known.functions.insert(name.trim().to_owned());
        }
    }
    known
}

/// All commands of all blocks, with all that is known of them.
fn judged(codes: &[RawCode], sorted: &[Sorted], said_last: &[markup::Said], is_script: bool) -> Vec<Command> {
    let typed: Vec<(usize, &Typed)> = sorted
        .iter()
        .enumerate()
        .flat_map(|(block, sorted)| sorted.typed.iter().map(move |typed| (block, typed)))
        .collect();
    let mut set = BTreeSet::new();
    typed.iter().for_each(|(_, typed)| placeholders::assigned(&typed.text, &mut set));
    let gaps: Vec<Vec<String>> =
        typed.iter().map(|(_, typed)| placeholders::placeholders(&typed.text, &set, is_script)).collect();
    let mut functions: BTreeMap<String, Effect> = BTreeMap::new();
    let mut natures: Vec<Nature> = Vec::with_capacity(typed.len());
    for ((_, typed), gaps) in typed.iter().zip(&gaps) {
        let nature = Nature::of(&placeholders::filled(&typed.text, gaps), &functions);
        functions.extend(nature.defines.clone().map(|name| (name, nature.body)));
        natures.push(nature);
    }
    let effects: Vec<Option<Effect>> =
        natures.iter().map(|nature| nature.held_back.is_none().then_some(nature.effect)).collect();
    let cleanups = cleanups(&effects);
    let placed: Vec<Placed<'_>> = typed
        .iter()
        .zip(&natures)
        .map(|((block, typed), nature)| Placed { typed, nature, block: *block })
        .collect();
    let spoken: Vec<Spoken<'_>> =
        codes.iter().map(|code| Spoken { said: &code.said, info: &code.info }).collect();
    let namespaces = if is_script { BTreeSet::new() } else { known(codes).namespaces };
    let targets = targets(&placed, &spoken, said_last, &namespaces);
    let all = typed.iter().zip(natures.iter()).zip(gaps).zip(cleanups).zip(targets);
    all.map(|(((((_, typed), nature), placeholders), is_cleanup), target)| Command {
        text: typed.text.clone(),
        line: typed.line,
        target,
        held_back: nature.held_back,
        is_endless: nature.is_endless,
        is_cleanup,
        placeholders,
    })
    .collect()
}

/// Commands that were numbered within the block get their numbers on the page.
fn numbered(sorted: Sorted, from: usize, until: usize) -> Code {
    let Sorted { language, mut lines, .. } = sorted;
    for CodeLine { kind, .. } in &mut lines {
        if let LineKind::Command(index) = kind {
            *index += from;
        }
    }
    Code { language, lines, commands: from..until }
}

/// Puts each block of code where the parser left its number.
fn put_in_place(blocks: &mut [Block], ready: &mut [Option<Code>]) {
    for block in blocks {
        match block {
            Block::Code(code) => {
                if let Some(found) = ready.get_mut(code.commands.start).and_then(Option::take) {
                    *code = found;
                }
            }
            Block::Quote(blocks) => put_in_place(blocks, ready),
            Block::List { items, .. } => items.iter_mut().for_each(|blocks| put_in_place(blocks, ready)),
            _ => {}
        }
    }
}

const MENDED: &str = "typographic signs in commands were made the ones that a shell knows";

fn note_mended(typed: &[Typed], notes: &mut Vec<String>) {
    if typed.iter().any(|typed| typed.is_mended) && !notes.iter().any(|note| note == MENDED) {
        notes.push(MENDED.to_owned());
    }
}

/// One sentence for each note.
fn sentence(notes: &[String]) -> Option<String> {
    let sentences = notes.iter().map(|note| {
        let mut chars = note.chars();
        let first: String = chars.next().map(char::to_uppercase).into_iter().flatten().collect();
        format!("{first}{}.", chars.as_str())
    });
    (!notes.is_empty()).then(|| sentences.collect::<Vec<_>>().join(" "))
}
