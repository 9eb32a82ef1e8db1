//! Reads what the engine says while the run goes on: follows, records and prints it.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::{Duration, SystemTime},
};

use capture::{
    Event, WireNs,
    journeys::{Journeys, Totals},
    recording::Recorder,
};

use super::{super::Failure, telling::Telling};
use crate::print::{Form, Printer, Summary};

pub use super::telling::Message;

/// How often finished journeys are printed and the recording is flushed, when nothing new comes.
const BREATH: Duration = Duration::from_millis(100);
/// How many events go in before finished journeys are looked for.
const BATCH: usize = 1024;

/// How late the frames of a tap may come, in nanoseconds.
const LAG: i64 = 250_000_000;

/// Where the lines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    StandardOutput,
    Nowhere,
}

#[derive(Debug)]
pub struct Observer {
    messages: Sender<Message>,
    thread: JoinHandle<Result<Watched, Failure>>,
}

impl Observer {
    /// Opens the recording first: a run that cannot be kept should not begin.
    pub fn start(
        events: Receiver<Event>,
        (form, to): (Form, To),
        record: Option<&Path>,
        (title, about): (&str, &str),
    ) -> Result<Self, Failure> {
        let recording = record.map(Recording::create).transpose()?;
        let out: Box<dyn Write + Send> = match to {
            To::StandardOutput => Box::new(BufWriter::new(WhileRead(Some(anstream::stdout())))),
            To::Nowhere => Box::new(io::sink()),
        };
        let telling = Telling::new(Printer::new(out, form));
        let mut watched = Watched { telling, journeys: Journeys::new(), recording, not_kept: None };
        if !title.is_empty() {
            watched.telling.printer.title(title, about)?;
        }
        let (messages, inbox) = channel();
        let thread = thread::Builder::new().name("observer".into());
        let thread = thread.spawn(move || watched.watch(&events, &inbox)).map_err(Failure::incapable)?;
        Ok(Self { messages, thread })
    }

    pub fn tell(&self, message: Message) {
        // If the observer has ended with an error, `end` says so.
        let _ = self.messages.send(message);
    }

    /// Waits for the last event, prints what remains; the counts of frames and journeys are added here.
    pub fn end(self, summary: Summary) -> Result<(), Failure> {
        drop(self.messages);
        match self.thread.join() {
            Ok(watched) => watched?.finish(summary),
            Err(_) => Err(Failure::incapable("the observer thread ended by a fault of its own")),
        }
    }
}

struct Watched {
    telling: Telling<Box<dyn Write + Send>>,
    journeys: Journeys,
    recording: Option<Recording>,
    /// Why there is no recording any more; what is printed goes on.
    not_kept: Option<Failure>,
}

impl Watched {
    fn watch(mut self, events: &Receiver<Event>, inbox: &Receiver<Message>) -> Result<Self, Failure> {
        loop {
            let mut ended = false;
            match events.recv_timeout(BREATH) {
                Ok(event) => {
                    self.take(event)?;
                    for event in events.try_iter().take(BATCH) {
                        self.take(event)?;
                    }
                }
                // Nothing new: what is held back for order's sake can be told.
                Err(RecvTimeoutError::Timeout) => self.journeys.flush(),
                Err(RecvTimeoutError::Disconnected) => ended = true,
            }
            inbox.try_iter().for_each(|message| self.telling.say(message));
            if ended {
                return Ok(self);
            }
            let now = wire_time();
            if self.telling.waits() {
                // A command waits for what was before it: time passes also where nothing is seen.
                self.journeys.advance(WireNs(now.0.saturating_sub(LAG)));
            }
            let finished = self.journeys.take_finished();
            self.telling.go_on(finished, now)?;
            self.telling.printer.flush()?;
            self.keep(Recording::flush);
        }
    }

    fn take(&mut self, event: Event) -> Result<(), Failure> {
        self.keep(|recording| recording.write(&event));
        match &event {
            Event::Tap(tap) => self.telling.printer.taps(std::slice::from_ref(tap)),
            // What the engine has to remark: a port that does not forward, for one.
            Event::Caption { t, text } => self.telling.printer.caption(t.0, text)?,
            Event::Lab { .. }
            | Event::Frame(_)
            | Event::Lost { .. }
            | Event::Missed { .. }
            | Event::Forgot { .. } => {}
        }
        self.journeys.push(event);
        Ok(())
    }

    fn finish(mut self, summary: Summary) -> Result<(), Failure> {
        // What is held back goes on now, so that the totals are whole.
        self.journeys.flush();
        let Totals { frames, lost, missed, journeys } = self.journeys.totals();
        let missed_at = self.journeys.missed();
        let taps = summary.taps.max(self.journeys.taps().len() as u64);
        self.telling.finish(self.journeys.finish())?;
        if let Some(recording) = self.recording {
            self.not_kept = recording.finish().err();
        }
        let printer = &mut self.telling.printer;
        printer.missed(&missed_at)?;
        printer.summary(Summary { taps, frames, lost, missed, journeys, ..summary })?;
        self.not_kept.map_or(Ok(()), Err)
    }

    fn keep(&mut self, act: impl FnOnce(&mut Recording) -> Result<(), Failure>) {
        if let Some(Err(why)) = self.recording.as_mut().map(act) {
            self.recording = None;
            self.not_kept = Some(why);
        }
    }
}

/// Goes on without writing when its reader has seen enough: the run has to be recorded to its end all the same, and
/// its exit status has to be true.
struct WhileRead<W>(Option<W>);

impl<W: Write> WhileRead<W> {
    fn unless_closed<T>(&mut self, fallback: T, act: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        match self.0.as_mut().map(act) {
            None => Ok(fallback),
            Some(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.0 = None;
                Ok(fallback)
            }
            Some(done) => done,
        }
    }
}

impl<W: Write> Write for WhileRead<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), Write::flush)
    }
}

/// Frames are stamped by this clock: nanoseconds since 1970.
pub fn wire_time() -> WireNs {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    WireNs(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// The file that is being recorded, and its name for messages.
struct Recording {
    path: PathBuf,
    recorder: Recorder<BufWriter<File>>,
}

impl Recording {
    fn create(path: &Path) -> Result<Self, Failure> {
        let created = File::create(path).map(BufWriter::new).and_then(Recorder::new);
        let recorder = created.map_err(|error| {
            let path = path.display();
            Failure::bad_input(format!("{path}: {error}; nothing can be recorded there, so nothing was run"))
        })?;
        Ok(Self { path: path.to_owned(), recorder })
    }

    fn write(&mut self, event: &Event) -> Result<(), Failure> {
        self.recorder.write(event).map_err(|error| not_kept(&self.path, &error))
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.recorder.flush().map_err(|error| not_kept(&self.path, &error))
    }

    fn finish(self) -> Result<(), Failure> {
        let written = self.recorder.finish().and_then(|mut out| {
            out.flush()?;
            out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
        });
        written.map_err(|error| not_kept(&self.path, &error))
    }
}

fn not_kept(path: &Path, error: &io::Error) -> Failure {
    Failure::bad_input(format!("{}: {error}; the recording is not complete", path.display()))
}
