//! From what was typed to a lab.

use std::{fs, io::Read, path::Path};

use capture::Event;
use topology::{Lab, file, ready};

use super::Failure;

/// No lab file of people's making comes near this; what is bigger is something else.
const LARGEST_LAB_FILE: u64 = 16 * 1024 * 1024;

/// A lab by its file or by the name of a ready lab.
pub fn lab(named: &str) -> Result<Lab, Failure> {
    let path = Path::new(named);
    let is_path = path.exists() || named.contains('/') || path.extension().is_some();
    match ready::find(named) {
        Some(ready) if !path.is_file() => return Ok(ready.lab()),
        None if !is_path => return Err(unknown_lab(named)),
        _ => {}
    }
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("pcapng" | "pcap") => lab_of_recording(path),
        Some("md" | "sh") => Err(Failure::bad_input(format!(
            "{named}: tutorials and scripts cannot be run yet; a lab file (.toml) or a ready lab can (see hopscope labs)"
        ))),
        _ => lab_file(path),
    }
}

fn lab_file(path: &Path) -> Result<Lab, Failure> {
    let text = text_of(path)?;
    file::parse(&text).map_err(|error| Failure::bad_input(format!("{}: {error}", path.display())))
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let said = |error: std::io::Error| Failure::bad_input(format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    let opened = fs::File::open(path).map_err(said)?;
    opened.take(LARGEST_LAB_FILE + 1).read_to_end(&mut bytes).map_err(said)?;
    if LARGEST_LAB_FILE < bytes.len() as u64 {
        return Err(Failure::bad_input(format!(
            "{}: too big for a lab file (16 MiB at most)",
            path.display()
        )));
    }
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
pub fn events(path: &Path) -> Result<capture::recording::Reader<impl Read + use<>>, Failure> {
    let opened =
        fs::File::open(path).map_err(|error| Failure::bad_input(format!("{}: {error}", path.display())))?;
    Ok(capture::recording::read(std::io::BufReader::with_capacity(1 << 18, opened)))
}

fn unknown_lab(named: &str) -> Failure {
    let names: Vec<&str> = ready::LABS.iter().map(|ready| ready.name).collect();
    Failure::bad_input(format!(
        "there is no file and no ready lab called “{named}”; the ready labs are:\n  {}",
        names.join("\n  ")
    ))
}
