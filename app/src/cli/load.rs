//! From what was typed to a lab, or to a page.

#[cfg(feature = "engine")]
mod page;

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use capture::{
    Event,
    recording::{self, ReadAhead},
};
use topology::{Lab, file, ready};

#[cfg(feature = "engine")]
pub use self::page::{Page, page};
use super::Failure;
use crate::tutorial::{read, ready as pages};

/// No lab file of people's making comes near this; what is bigger is something else.
const LARGEST_LAB_FILE: u64 = 16 * 1024 * 1024;

/// A lab by its file or by the name of a ready lab.
pub fn lab(named: &str) -> Result<Lab, Failure> {
    let path = Path::new(named);
    let is_path = path.exists() || named.contains('/') || path.extension().is_some();
    match ready::find(named) {
        Some(ready) if !path.is_file() => return Ok(ready.lab()),
        None if !is_path && pages::find(named).is_some() => return Err(no_lab_yet(named)),
        None if !is_path => return Err(unknown_lab(named)),
        _ => {}
    }
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("pcapng" | "pcap") => lab_of_recording(path),
        Some(_) if is_page(path) => Err(no_lab_yet(named)),
        _ => lab_file(path),
    }
}

/// By its name; a file without an ending, by the line that says which shell it is for.
fn is_page(path: &Path) -> bool {
    let Some(name) = path.file_name() else { return false };
    let name = name.to_string_lossy();
    let is_text = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt"));
    let is_nameless = path.extension().is_none() && path.is_file();
    let begins = || {
        let mut first = Vec::new();
        let opened = fs::File::open(path);
        let read = opened.and_then(|file| file.take(read::FIRST_LINE as u64).read_to_end(&mut first));
        read.is_ok() && read::begins_as_script(&first)
    };
    read::is_page(&name) || is_text || (is_nameless && begins())
}

/// Opens a file, and says what else may be meant, or what is waited for.
fn open(path: &Path) -> Result<fs::File, Failure> {
    let said = |error: io::Error| Failure::bad_input(format!("{}: {error}", path.display()));
    let kind = fs::metadata(path).map_err(said)?.file_type();
    if kind.is_dir() {
        return Err(Failure::bad_input(format!("{0}: this is a folder; name a file in it", path.display())));
    }
    #[cfg(unix)]
    if std::os::unix::fs::FileTypeExt::is_fifo(&kind) && io::IsTerminal::is_terminal(&io::stderr()) {
        anstream::eprintln!("hopscope: {}: waiting for who writes into this pipe", path.display());
    }
    fs::File::open(path).map_err(said)
}

/// The whole file; `None` where it is longer than `most` octets.
fn bytes_of(path: &Path, most: u64) -> Result<Option<Vec<u8>>, Failure> {
    let mut bytes = Vec::new();
    let read = open(path)?.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::bad_input(format!("{}: {error}", path.display())))?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

fn lab_file(path: &Path) -> Result<Lab, Failure> {
    let text = text_of(path)?;
    file::parse(&text).map_err(|error| {
        let hint = if error.hint.is_empty() { String::new() } else { format!("\n    {}", error.hint) };
        Failure::bad_input(format!("{}: {error}{hint}", path.display()))
    })
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let bytes = bytes_of(path, LARGEST_LAB_FILE)?.ok_or_else(|| {
        Failure::bad_input(format!("{}: too big for a lab file (16 MiB at most)", path.display()))
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::bad_input(format!("{}: byte {at} is not UTF-8 text; is this a lab file?", path.display()))
    })
}

/// The last lab that a recording carries.
fn lab_of_recording(path: &Path) -> Result<Lab, Failure> {
    let mut last = None;
    for event in events(path)? {
        match event {
            Ok(Event::Lab { lab, .. }) => last = Some(lab),
            Ok(_) => {}
            // Reading goes on after what is not the end; the reader itself ends at what is.
            Err(error) => anstream::eprintln!("hopscope: {}: {error}", path.display()),
        }
    }
    last.map(|lab| Lab::clone(&lab)).ok_or_else(|| {
        Failure::bad_input(format!("{}: carries no lab; it was not recorded by Hopscope", path.display()))
    })
}

/// What a recording says, in order.
pub fn events(path: &Path) -> Result<ReadAhead, Failure> {
    Ok(recording::read_ahead(open(path)?))
}

fn no_lab_yet(named: &str) -> Failure {
    Failure::bad_input(format!(
        "{named}: a tutorial or script is no lab until it was run: `hopscope run` does that, and `hopscope convert \
         {named} OUT.toml` keeps the lab that comes of it"
    ))
}

fn unknown_lab(named: &str) -> Failure {
    let labs: Vec<&str> = ready::LABS.iter().map(|ready| ready.name).collect();
    let tutorials: Vec<&str> = pages::PAGES.iter().map(|ready| ready.name).collect();
    Failure::bad_input(format!(
        "there is no file and no ready lab called “{named}”; the ready labs are:\n  {}\nand the ready tutorials:\n  {}",
        labs.join("\n  "),
        tutorials.join("\n  ")
    ))
}
