//! Pages and scripts as people write them, and what is read from them.
//!
//! Each file in `tutorial/` holds cases: a line `=== name`, a page, a line `--- read`, and what was read.
//! `BLESS=1` writes down what came out, to be read before it is committed.

#[path = "tutorial/picture.rs"]
mod picture;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use hopscope::tutorial::{
    document::{Block, Document, LineKind},
    read::{LARGEST, read},
};
use proptest::prelude::*;

fn case_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tutorial");
    let files =
        fs::read_dir(folder).expect("the cases are there").map(|file| file.expect("it can be read").path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).collect();
    files.sort();
    files
}

/// Name, page, and what should be read from it.
fn cases(text: &str) -> Vec<(String, String, String)> {
    let parts = text.split("=== ").filter(|part| !part.trim().is_empty());
    parts
        .map(|part| {
            let (name, rest) = part.split_once('\n').expect("a case has a name");
            let (page, expected) = rest.split_once("--- read\n").unwrap_or((rest, ""));
            (name.to_owned(), page.to_owned(), expected.to_owned())
        })
        .collect()
}

#[test]
fn every_case_is_read_as_written() {
    let (mut wrong, mut count) = (String::new(), 0);
    for file in case_files() {
        let text = fs::read_to_string(&file).expect("a case can be read");
        let mut blessed = String::new();
        for (name, page, expected) in cases(&text) {
            count += 1;
            let file_name =
                name.split_whitespace().next().filter(|name| name.contains('.')).unwrap_or("page.md");
            let document = read(file_name, page.as_bytes());
            is_sound(&document, &page);
            let drawn = format!("{}\n", picture::drawn(&document));
            if drawn != expected {
                let _ = write!(wrong, "{}: {name}: expected\n{expected}\nbut got\n{drawn}", file.display());
            }
            let _ = write!(blessed, "=== {name}\n{page}--- read\n{drawn}");
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, blessed.trim_end().to_owned() + "\n\n").expect("a case can be written");
            wrong.clear();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(40 <= count, "only {count} cases were found");
}

/// What holds for every page whatever stands on it.
fn is_sound(document: &Document, page: &str) {
    let last = u32::try_from(page.lines().count().max(1)).expect("a page is short");
    let mut next = 0;
    check_blocks(&document.blocks, document, &mut next);
    assert_eq!(next, document.commands.len(), "every command stands in a block");
    let mut line = 0;
    for command in &document.commands {
        assert!((1..=last).contains(&command.line), "line {} of {last}", command.line);
        assert!(line <= command.line, "commands stand in order");
        assert!(!command.text.trim().is_empty(), "a command says something");
        line = command.line;
    }
}

fn check_blocks(blocks: &[Block], document: &Document, next: &mut usize) {
    for block in blocks {
        match block {
            Block::Code(code) => {
                assert_eq!(code.commands.start, *next, "blocks hold their commands in order");
                *next = code.commands.end;
                assert!(*next <= document.commands.len(), "a block's commands are there");
                for line in &code.lines {
                    if let LineKind::Command(index) = line.kind {
                        assert!(code.commands.contains(&index), "a line belongs to a command of its block");
                    }
                }
            }
            Block::Quote(blocks) => check_blocks(blocks, document, next),
            Block::List { items, .. } => items.iter().for_each(|blocks| check_blocks(blocks, document, next)),
            _ => {}
        }
    }
}

/// Pieces that pages are made of; in any order they make a page.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "```",
        "```bash\n",
        "~~~\n",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "> ",
        "- ",
        "1. ",
        "# ",
        "$ ",
        "ip link\n",
        "ip netns exec red bash\n",
        "ping 10.0.0.1\n",
        "for i in 1 2; do\n",
        "done\n",
        "cat <<EOF\n",
        "EOF\n",
        "'",
        "\"",
        "`",
        "$(",
        "${",
        ")",
        "}",
        "\\\n",
        "|",
        "&&",
        "<PID1>",
        "<!--",
        "-->",
        "<pre>",
        "</pre>",
        "<b>",
        "[[",
        "]]",
        "![[",
        "[",
        "](",
        "| a | b |\n|---|---|\n",
        "In two terminals:\n",
        "Inside ns1:\n",
        "â€",
        "ğŸ",
        "Ã©",
        "–",
        "“",
        "\u{a0}",
        "\u{200b}",
        "é",
        "---\n",
        "#!/bin/bash\n",
        "root@red:/# ",
        "case x in\n",
        "a) ",
        ";;",
        "esac\n",
        "f() {\n",
        "((",
        "[[ ",
    ]);
    prop_oneof![9 => known.prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #[test]
    fn any_page_is_read(pieces in prop::collection::vec(piece(), 0..60)) {
        let page = pieces.concat();
        for name in ["page.md", "page.sh", "page"] {
            is_sound(&read(name, page.as_bytes()), &page.replace('\r', "\n"));
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for name in ["page.md", "page.sh"] {
            let _document = read(name, &bytes);
        }
    }
}

/// A long page of one thing over and over; each would take minutes if anything were read again and again.
#[test]
fn long_pages_are_read_in_linear_time() {
    let things = [
        "word ",
        "ip link\n",
        "```bash\nip link\n```\n\n",
        "```\n",
        "```bash\n$ ip link\n",
        "~~~\n```\n",
        "> ",
        "- ",
        "`",
        "[",
        "![[",
        "<",
        "<!-- ",
        "*a ",
        "\"",
        "$(",
        "'\n",
        "â",
        "é",
        "| a |\n|---|\n",
        "    ip link\n\n",
        "    for i in 1; do\n\n",
        "    $ echo '\n",
        "    cat <<EOF\n",
        "<PID ",
        "    $ ",
        "# In a\n",
    ];
    for thing in things {
        for name in ["page.md", "page.sh"] {
            let page = thing.repeat(LARGEST / 32 / thing.len());
            let started = Instant::now();
            let document = read(name, page.as_bytes());
            let took = started.elapsed();
            // Without optimisation on a busy machine; quadratic would be far beyond.
            assert!(took < Duration::from_secs(8), "{name} of {thing:?} took {took:?}");
            drop(document);
        }
    }
}
