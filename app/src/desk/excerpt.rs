//! A part of what was seen, as a recording of its own.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use capture::{
    Event, TapId, WireNs,
    recording::{Recorder, RecordingError},
};

/// What goes into an excerpt.
#[derive(Clone, Debug, Default)]
pub struct Excerpt {
    /// First and last wire time; `None`: everything.
    pub span: Option<(WireNs, WireNs)>,
    /// In place of those that the events bring.
    pub captions: Vec<(WireNs, String)>,
}

/// Writes the excerpt; gives the number of frames in it.
///
/// The lab and the taps in force at its beginning come first. Losses count from its beginning. What cannot
/// be read is left out, as it is when the recording is shown.
///
/// # Errors
/// Those of reading and of writing.
pub fn write<W: Write>(
    excerpt: Excerpt,
    events: impl Iterator<Item = Result<Event, RecordingError>>,
    out: W,
) -> io::Result<(W, u64)> {
    let (from, to) = excerpt.span.unwrap_or((WireNs(i64::MIN), WireNs(i64::MAX)));
    let mut captions = excerpt.captions;
    captions.retain(|(t, _)| (from..=to).contains(t));
    captions.sort();
    captions.reverse();
    let recorder = Recorder::new(out)?;
    let mut writing =
        Writing { recorder, from, to, lab: None, lost_before: BTreeMap::new(), captions, frames: 0 };
    for event in events {
        match event {
            Ok(event) => writing.take(event)?,
            Err(RecordingError { fault: capture::recording::Fault::Io(error), .. }) => return Err(error),
            Err(_) => {}
        }
    }
    writing.finish()
}

struct Writing<W: Write> {
    recorder: Recorder<W>,
    from: WireNs,
    to: WireNs,
    /// In force at the beginning, as far as is known, and not written yet.
    lab: Option<Event>,
    lost_before: BTreeMap<TapId, u64>,
    /// Latest first.
    captions: Vec<(WireNs, String)>,
    frames: u64,
}

impl<W: Write> Writing<W> {
    fn take(&mut self, event: Event) -> io::Result<()> {
        let t = match &event {
            Event::Tap(_) => return self.recorder.write(&event),
            Event::Caption { .. } => return Ok(()),
            Event::Lab { t, .. }
            | Event::Lost { t, .. }
            | Event::Missed { t, .. }
            | Event::Forgot { t, .. } => *t,
            Event::Frame(frame) => frame.t,
        };
        if t < self.from {
            match event {
                Event::Lab { .. } => self.lab = Some(event),
                Event::Lost { tap, frames, .. } => {
                    self.lost_before.insert(tap, frames);
                }
                _ => {}
            }
            return Ok(());
        }
        if self.to < t {
            return Ok(());
        }
        self.write_lab()?;
        self.write_captions(t)?;
        match event {
            Event::Lost { t, tap, frames } => {
                let before = self.lost_before.get(&tap).copied().unwrap_or(0);
                let frames = frames.saturating_sub(before);
                self.recorder.write(&Event::Lost { t, tap, frames })
            }
            event => {
                self.frames += u64::from(matches!(event, Event::Frame(_)));
                self.recorder.write(&event)
            }
        }
    }

    fn write_lab(&mut self) -> io::Result<()> {
        self.lab.take().map_or(Ok(()), |lab| self.recorder.write(&lab))
    }

    /// Those from before `until`.
    fn write_captions(&mut self, until: WireNs) -> io::Result<()> {
        while let Some((t, text)) = self.captions.pop_if(|(t, _)| *t <= until) {
            self.recorder.write(&Event::Caption { t, text })?;
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<(W, u64)> {
        self.write_lab()?;
        self.write_captions(WireNs(i64::MAX))?;
        Ok((self.recorder.finish()?, self.frames))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use std::sync::Arc;

    use capture::{Direction, Frame, Tap, recording};
    use topology::Lab;

    use super::*;

    fn events() -> Vec<Event> {
        let lab = |title: &str| Arc::new(Lab { title: title.into(), ..Lab::default() });
        let tap = |id, at: &str| Event::Tap(Tap { id: TapId(id), at: at.parse().unwrap() });
        let frame = |tap, t, direction| {
            let bytes = vec![7; 60].into();
            Event::Frame(Frame { tap: TapId(tap), t: WireNs(t), direction, bytes, original_len: 60 })
        };
        let caption = |t, text: &str| Event::Caption { t: WireNs(t), text: text.into() };
        vec![
            Event::Lab { t: WireNs(1), lab: lab("first") },
            tap(0, "red/a"),
            frame(0, 10, Direction::In),
            caption(11, "the file's own"),
            Event::Lost { t: WireNs(12), tap: TapId(0), frames: 5 },
            Event::Lab { t: WireNs(13), lab: lab("second") },
            tap(1, "blue/b"),
            frame(0, 20, Direction::Out),
            frame(1, 30, Direction::Unknown),
            Event::Lost { t: WireNs(31), tap: TapId(0), frames: 7 },
            Event::Lab { t: WireNs(32), lab: lab("third") },
            frame(0, 40, Direction::In),
        ]
    }

    fn written(span: Option<(i64, i64)>, captions: &[(i64, &str)]) -> (Vec<String>, u64) {
        let span = span.map(|(from, to)| (WireNs(from), WireNs(to)));
        let captions = captions.iter().map(|(t, text)| (WireNs(*t), (*text).to_owned())).collect();
        let (bytes, frames) =
            write(Excerpt { span, captions }, events().into_iter().map(Ok), Vec::new()).unwrap();
        let told = recording::read(&bytes[..]).map(|event| match event.unwrap() {
            Event::Lab { t, lab } => format!("lab {} {}", t.0, lab.title),
            Event::Tap(tap) => format!("tap {} {}", tap.id.0, tap.at),
            Event::Frame(frame) => format!("frame {} {} {}", frame.tap.0, frame.t.0, frame.direction),
            Event::Lost { t, tap, frames } => format!("lost {} {} {frames}", t.0, tap.0),
            Event::Caption { t, text } => format!("caption {} {text}", t.0),
            Event::Missed { t, frames, .. } => format!("missed {} {frames}", t.0),
            Event::Forgot { t, .. } => format!("forgot {}", t.0),
        });
        (told.collect(), frames)
    }

    #[test]
    fn a_span_begins_with_what_was_in_force() {
        let (told, frames) = written(Some((15, 32)), &[(5, "too early"), (25, "mine"), (40, "too late")]);
        let expected = [
            "tap 0 red/a",
            "tap 1 blue/b",
            "lab 13 second",
            "frame 0 20 out",
            "caption 25 mine",
            "frame 1 30 ?",
            "lost 31 0 2",
            "lab 32 third",
        ];
        assert_eq!((told, frames), (expected.map(str::to_owned).to_vec(), 2));
    }

    #[test]
    fn all_of_it_is_all_of_it_but_for_the_captions() {
        let (told, frames) = written(None, &[(50, "last"), (11, "mine")]);
        assert_eq!((told.len(), frames), (events().len() + 1, 4));
        assert!(told.contains(&"caption 11 mine".to_owned()) && told.contains(&"caption 50 last".to_owned()));
        assert!(told.contains(&"lost 12 0 5".to_owned()) && told.contains(&"lost 31 0 7".to_owned()));
    }

    #[test]
    fn an_empty_span_still_has_its_lab() {
        let (told, frames) = written(Some((14, 15)), &[]);
        assert_eq!((told.last().unwrap().as_str(), frames), ("lab 13 second", 0));
    }
}
