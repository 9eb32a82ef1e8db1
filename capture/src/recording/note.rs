//! Notes: what our recordings say beside frames, as comments that any tool passes on and shows.
//!
//! The first line of the comment is `hopscope-recording VERSION`; then comes a JSON list of notes.
//! An option holds at most 65535 octets, so a longer comment goes on in the block's further comment options.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use topology::Lab;

use super::{Fault, migrate};
use crate::{Event, TapId, WireNs, tables::Forgotten};

const MARK: &str = "hopscope-recording ";

/// Octets; the limit of an option, less a little, since the limit is easy to get wrong by other tools.
const LONGEST_COMMENT: usize = 65_000;

/// As it stands in the file; times are nanoseconds since 1970.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Note {
    /// The lab as it stands from `t` on, as a lab file.
    Lab {
        t: i64,
        file: String,
    },
    Caption {
        t: i64,
        text: String,
    },
    /// What somebody made a table forget: `{"neighbours": "ns1"}` or `{"learned": "host/br0"}`.
    Forgot {
        t: i64,
        what: Forgotten,
    },
    /// So many frames crossed the block's interface before its tap began to listen at `t`. Since version 2.
    Missed {
        t: i64,
        frames: u64,
    },
}

/// The comments that hold these events, which are labs, captions, what was forgotten and what was missed; the first of them
/// at least is there.
pub(super) fn comments(events: &[Event]) -> Vec<String> {
    let notes: Vec<Note> = events.iter().filter_map(note).collect();
    let json = serde_json::to_string(&notes).expect("strings and numbers can always be written as JSON");
    let text = format!("{MARK}{}\n{json}", migrate::CURRENT);
    let mut rest = text.as_str();
    let mut comments = Vec::new();
    while !rest.is_empty() {
        let (comment, later) = rest.split_at(rest.floor_char_boundary(LONGEST_COMMENT));
        comments.push(comment.to_owned());
        rest = later;
    }
    comments
}

/// The events in a block's comments; none where the comments are not ours. `tap`: that of the block, if it has one.
pub(super) fn events<'a>(
    comments: impl Iterator<Item = &'a [u8]>,
    tap: Option<TapId>,
) -> Result<Vec<Event>, Fault> {
    let ours: Vec<&[u8]> = comments.skip_while(|comment| !comment.starts_with(MARK.as_bytes())).collect();
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let wrong = |reason: String| Fault::Note(reason);
    let text = String::from_utf8(ours.concat()).map_err(|_| wrong("it is not UTF-8".into()))?;
    let (first_line, json) = text.split_once('\n').unwrap_or((&text, "[]"));
    let version = first_line.strip_prefix(MARK).unwrap_or_default().trim();
    let found: u32 = version.parse().map_err(|_| wrong(format!("its version is “{version}”")))?;
    if migrate::CURRENT < found {
        return Err(Fault::Newer { found, newest: migrate::CURRENT });
    }
    let notes: Vec<serde_json::Value> =
        serde_json::from_str(json).map_err(|error| wrong(error.to_string()))?;
    notes.into_iter().map(|note| event(found, note, tap).map_err(wrong)).collect()
}

fn note(event: &Event) -> Option<Note> {
    match event {
        Event::Lab { t, lab } => Some(Note::Lab { t: t.0, file: lab_text(lab) }),
        Event::Caption { t, text } => Some(Note::Caption { t: t.0, text: text.clone() }),
        Event::Forgot { t, what } => Some(Note::Forgot { t: t.0, what: what.clone() }),
        Event::Missed { t, frames, .. } => Some(Note::Missed { t: t.0, frames: *frames }),
        Event::Tap(_) | Event::Frame(_) | Event::Lost { .. } => None,
    }
}

fn event(version: u32, note: serde_json::Value, tap: Option<TapId>) -> Result<Event, String> {
    let note = migrate::to_current(version, note)?;
    match serde_json::from_value(note).map_err(|error| error.to_string())? {
        Note::Lab { t, file } => Ok(Event::Lab { t: WireNs(t), lab: Arc::new(lab_of(&file)?) }),
        Note::Caption { t, text } => Ok(Event::Caption { t: WireNs(t), text }),
        Note::Forgot { t, what } => Ok(Event::Forgot { t: WireNs(t), what }),
        Note::Missed { t, frames } => {
            let tap = tap.ok_or("frames were missed, but it does not say where")?;
            Ok(Event::Missed { t: WireNs(t), tap, frames })
        }
    }
}

/// The lab as a lab file, which has versions and migrations of its own.
fn lab_text(lab: &Lab) -> String {
    topology::file::write(lab)
}

fn lab_of(text: &str) -> Result<Lab, String> {
    topology::file::parse(text).map_err(|error| format!("the lab in it: {error}"))
}
