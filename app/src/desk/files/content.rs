//! What a file is, by what it holds.

use std::{
    fs::File,
    io::{Cursor, Read},
    path::Path,
    sync::Arc,
};

use topology::{Lab, file};

use crate::tutorial::{document::Document, read};

use super::listing::in_words;

/// What was found in a file.
pub enum Content {
    Lab {
        text: String,
        lab: Arc<Lab>,
    },
    /// From its beginning on.
    Recording(Box<dyn Read + Send>),
    /// A tutorial or a script.
    Page(Document),
}

/// Opens a lab file or a recording; the error is a sentence for people.
pub fn open(path: &Path) -> Result<Content, String> {
    let said = |error: std::io::Error| in_words(&error);
    let metadata = std::fs::metadata(path).map_err(said)?;
    if metadata.is_dir() {
        return Err("this is a folder".into());
    }
    // Opening a pipe would wait for somebody to write into it.
    if !metadata.is_file() {
        return Err("this is not a file that can be read from its beginning to its end".into());
    }
    let mut file = File::open(path).map_err(said)?;
    let mut first = [0; 4];
    let mut filled = 0;
    while filled < first.len() {
        match file.read(&mut first[filled..]).map_err(said)? {
            0 => break,
            count => filled += count,
        }
    }
    let whole = Cursor::new(first[..filled].to_vec()).chain(file);
    if is_recording(first) {
        return Ok(Content::Recording(Box::new(whole)));
    }
    if let Some(packed) = packed(&first) {
        return Err(format!("it is packed with {packed}: unpack it first"));
    }
    text(path, whole)
}

/// A lab file, unless its name or its first line says that it is a tutorial or a script.
fn text(path: &Path, input: impl Read) -> Result<Content, String> {
    let longest = file::LONGEST.max(read::LARGEST);
    let mut bytes = Vec::new();
    input.take(longest as u64 + 1).read_to_end(&mut bytes).map_err(|error| in_words(&error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if read::is_page(&name) || read::begins_as_script(&bytes) {
        return page(&name, &bytes);
    }
    match lab(bytes.clone()) {
        Ok(lab) => Ok(lab),
        // Notes that are no lab file are read as what they are.
        Err(_) if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt")) => {
            page(&name, &bytes)
        }
        Err(error) => Err(with_a_guess(path, error)),
    }
}

fn page(name: &str, bytes: &[u8]) -> Result<Content, String> {
    if read::LARGEST < bytes.len() {
        return Err(format!("a tutorial or a script has {} MiB at most", read::LARGEST >> 20));
    }
    Ok(Content::Page(read::read(name, bytes)))
}

/// pcapng (draft-ietf-opsawg-pcapng), pcap with micro- and nanoseconds (draft-ietf-opsawg-pcap), and the
/// variant of Kuznetzov's patched libpcap; in both byte orders.
fn is_recording(first: [u8; 4]) -> bool {
    const PCAPNG: u32 = 0x0a0d_0d0a;
    const PCAP: [u32; 3] = [0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34];
    [u32::from_be_bytes(first), u32::from_le_bytes(first)]
        .iter()
        .any(|number| *number == PCAPNG || PCAP.contains(number))
}

fn packed(first: &[u8]) -> Option<&'static str> {
    match first {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd] => Some("zstd"),
        [0xfd, b'7', b'z', b'X'] => Some("xz"),
        [b'P', b'K', 3, 4] => Some("zip"),
        _ => None,
    }
}

fn lab(bytes: Vec<u8>) -> Result<Content, String> {
    if file::LONGEST < bytes.len() {
        return Err("it is neither a recording nor a lab file: those have 16 MiB at most".into());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("it is neither a recording nor a lab file: byte {at} is no UTF-8 text")
    })?;
    let lab = file::parse(&text).map_err(|error| {
        let hint = if error.hint.is_empty() { String::new() } else { format!("; {}", error.hint) };
        format!("{error}{hint}")
    })?;
    Ok(Content::Lab { text, lab: Arc::new(lab) })
}

/// What the name says beside what is wrong with the content.
fn with_a_guess(path: &Path, error: String) -> String {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("pcap" | "pcapng" | "cap") => {
            "it is named like a recording, but it does not begin as one".into()
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use super::*;

    fn opened(name: &str, bytes: &[u8]) -> Result<Content, String> {
        let path = std::env::temp_dir().join(format!("hopscope-content-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let opened = open(&path);
        std::fs::remove_file(path).unwrap();
        opened
    }

    #[test]
    fn files_are_known_by_what_they_hold() {
        let lab = topology::ready::LABS[0].text;
        // Whatever the name says.
        assert!(matches!(opened("a.pcapng", lab.as_bytes()), Ok(Content::Lab { .. })));
        for first in [[0x0a, 0x0d, 0x0d, 0x0a], [0xd4, 0xc3, 0xb2, 0xa1], [0xa1, 0xb2, 0x3c, 0x4d]] {
            let Ok(Content::Recording(mut input)) = opened("a.toml", &first) else { panic!("{first:?}") };
            let mut bytes = Vec::new();
            input.read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, first, "it is read from its beginning");
        }
    }

    #[test]
    fn tutorials_and_scripts_are_known_by_their_names_and_first_lines() {
        for (name, bytes) in [
            ("a.md", &b"# Title\n"[..]),
            ("a.sh", b"ip link\n"),
            ("a.MARKDOWN", b"\xff\xfe broken \x80\n"),
            ("a.txt", b"Type this:\n\n    ip link\n"),
            ("walk", b"#!/usr/bin/env bash\nip link\n"),
            ("walk", b"#! /bin/sh -e\nip link\n"),
        ] {
            assert!(matches!(opened(name, bytes), Ok(Content::Page(_))), "{name}");
        }
        for shell in ["sh", "bash", "dash", "ash", "zsh", "ksh"] {
            let script = format!("#!/bin/{shell}\nip link\n");
            let Ok(Content::Page(page)) = opened("walk", script.as_bytes()) else { panic!("{shell}") };
            assert!(
                page.is_script && page.commands.len() == 1,
                "{shell}: who opens it and who reads it agree"
            );
        }
        let lab = topology::ready::LABS[0].text;
        assert!(matches!(opened("a.txt", lab.as_bytes()), Ok(Content::Lab { .. })));
        assert!(opened("a", b"#!/usr/bin/python3\n").is_err());
    }

    #[test]
    fn what_cannot_be_opened_says_why_and_where() {
        let why = |name: &str, bytes: &[u8]| opened(name, bytes).err().unwrap();
        let wrong = why("a.toml", b"hopscope = 1\n[namespaces.a.interfaces.b]\nadresses = []\n");
        assert!(wrong.contains("line 3") && wrong.contains("did you mean"), "{wrong}");
        assert!(why("a.pcap.gz", &[0x1f, 0x8b, 8, 0, 0]).contains("gzip"));
        assert!(why("a.pcap", b"").contains("named like a recording"));
        assert!(why("a.bin", &[0xff; 9]).contains("byte 0"));
        let large = vec![b'#'; read::LARGEST + 1];
        assert_eq!(why("a.md", &large), "a tutorial or a script has 4 MiB at most");
        assert_eq!(open(&std::env::temp_dir()).err().unwrap(), "this is a folder");
        assert_eq!(open(Path::new("/nowhere/at/all")).err().unwrap(), "No such file or directory");
        #[cfg(target_os = "linux")]
        assert!(open(Path::new("/dev/zero")).is_err());
    }
}
