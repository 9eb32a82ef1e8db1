//! Reads a recording into journeys, and tells of them as they come.

use std::{
    io::Read,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use capture::{
    Event, WireNs,
    journeys::Journeys,
    recording::{RecordingError, read_ahead},
    tables::Forgotten,
};
use topology::Lab;

use super::post::Source;
use crate::model::{command::News, story::Batch};

/// The first batch comes after this long, so that there is something to see.
const FIRST: Duration = Duration::from_millis(40);
/// Frames of all later batches.
const EACH: usize = 30_000;
/// Events between two looks at the clock.
const LOOK: usize = 512;

/// What an event adds to a batch beside journeys.
#[derive(Debug, Default)]
pub struct Gathered {
    pub has_new_taps: bool,
    pub labs: Vec<(WireNs, Arc<Lab>)>,
    pub captions: Vec<(WireNs, String)>,
    pub forgotten: Vec<(WireNs, Forgotten)>,
    /// A tap said that frames came before it.
    pub has_missed: bool,
}

impl Gathered {
    pub fn look_at(&mut self, event: &Event) {
        match event {
            Event::Tap(_) => self.has_new_taps = true,
            Event::Lab { t, lab } => self.labs.push((*t, Arc::clone(lab))),
            Event::Caption { t, text } => self.captions.push((*t, text.clone())),
            Event::Forgot { t, what } => self.forgotten.push((*t, what.clone())),
            Event::Missed { .. } => self.has_missed = true,
            Event::Frame(_) | Event::Lost { .. } => {}
        }
    }

    #[cfg(feature = "engine")]
    pub fn is_empty(&self) -> bool {
        let Self { has_new_taps, labs, captions, forgotten, has_missed } = self;
        !has_new_taps && !has_missed && labs.is_empty() && captions.is_empty() && forgotten.is_empty()
    }

    /// A batch with all that was gathered, and the journeys that are finished.
    pub fn batch(&mut self, journeys: &mut Journeys) -> Batch {
        let Self { has_new_taps, labs, captions, forgotten, has_missed } = std::mem::take(self);
        Batch {
            taps: has_new_taps.then(|| journeys.taps().to_vec()),
            labs,
            captions,
            forgotten,
            journeys: journeys.take_finished(),
            totals: journeys.totals(),
            missed: has_missed.then(|| journeys.missed()),
            not_shown: 0,
            end: None,
        }
    }
}

/// Reads to the end, or until another source takes its place.
pub fn read(path: &Path, input: impl Read + Send + 'static, source: &Source) {
    source.post().tell(News::OpenedRecording { path: path.to_owned() });
    let mut reading = Reading {
        source,
        journeys: Journeys::new(),
        gathered: Gathered::default(),
        frames: 0,
        is_first: true,
        begun: Instant::now(),
    };
    let mut faults = Faults::default();
    for (number, event) in read_ahead(input).enumerate() {
        match event {
            Ok(event) => reading.take(event),
            Err(error) => faults.add(error),
        }
        if number % LOOK == 0 && !reading.tell_in_time() {
            return;
        }
    }
    reading.end(faults);
}

struct Reading<'a> {
    source: &'a Source,
    journeys: Journeys,
    gathered: Gathered,
    /// Since the last batch.
    frames: usize,
    is_first: bool,
    begun: Instant,
}

impl Reading<'_> {
    fn take(&mut self, event: Event) {
        self.gathered.look_at(&event);
        self.frames += usize::from(matches!(event, Event::Frame(_)));
        self.journeys.push(event);
    }

    /// False when nobody wants to know any more.
    fn tell_in_time(&mut self) -> bool {
        let is_time = EACH <= self.frames || self.is_first && FIRST <= self.begun.elapsed();
        if !is_time {
            // A file of little but rubbish is let go as well.
            return self.source.is_current();
        }
        (self.frames, self.is_first) = (0, false);
        self.source.tell_patiently(self.gathered.batch(&mut self.journeys))
    }

    fn end(mut self, faults: Faults) {
        self.journeys.flush();
        let mut batch = self.gathered.batch(&mut self.journeys);
        let is_empty = batch.totals.frames == 0;
        batch.journeys.extend(self.journeys.finish());
        let (end, remark) = faults.told(is_empty);
        batch.end = Some(end);
        if self.source.tell_patiently(batch)
            && let Some(words) = remark
        {
            self.source.post().tell(News::Notice { words, is_bad: true });
        }
    }
}

/// What could not be read.
#[derive(Default)]
struct Faults {
    first: Option<RecordingError>,
    more: u64,
    last: Option<RecordingError>,
}

impl Faults {
    fn add(&mut self, error: RecordingError) {
        if error.is_last() {
            self.last = Some(error);
        } else if self.first.is_none() {
            self.first = Some(error);
        } else {
            self.more += 1;
        }
    }

    /// How the reading ended, and what should be remarked besides. A recording that is cut off was read as
    /// well as it can be.
    fn told(self, is_empty: bool) -> (Result<(), String>, Option<String>) {
        let left_out = self.first.map(|first| match self.more {
            0 => format!("a part of the recording could not be read: {first}"),
            more => format!("{} parts of the recording could not be read; the first: {first}", more + 1),
        });
        match self.last {
            Some(last) if last.is_truncation() && !is_empty => {
                let cut = last.to_string();
                (Ok(()), Some(left_out.map_or(cut.clone(), |left_out| format!("{left_out}; {cut}"))))
            }
            Some(last) => (Err(last.to_string()), left_out),
            None => (Ok(()), left_out),
        }
    }
}

#[cfg(test)]
#[path = "reading/tests.rs"]
mod tests;
