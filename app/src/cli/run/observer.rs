//! Reads what the engine says while the run goes on: follows, records and prints it.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use capture::{
    Event, Journey,
    journeys::{Journeys, Totals},
    recording::Recorder,
};

use super::super::Failure;
use crate::print::{CommandLine, Form, Printer, ProbeLine, Summary};

/// How often finished journeys are printed and the recording is flushed, when nothing new comes.
const BREATH: Duration = Duration::from_millis(100);
/// How many events go in before finished journeys are looked for.
const BATCH: usize = 1024;

/// What the run itself has to say, to be printed in its place among the journeys.
#[derive(Debug)]
pub enum Message {
    Probe(ProbeLine),
    Command(CommandLine),
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
        form: Form,
        record: Option<&Path>,
        (title, about): (&str, &str),
    ) -> Result<Self, Failure> {
        let recording = record.map(Recording::create).transpose()?;
        let mut watched = Watched {
            printer: Printer::new(Box::new(BufWriter::new(anstream::stdout())), form),
            journeys: Journeys::new(),
            recording,
        };
        watched.printer.title(title, about)?;
        let (messages, inbox) = channel();
        let thread =
            thread::Builder::new().name("observer".into()).spawn(move || watched.watch(&events, &inbox))?;
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
    printer: Printer<Box<dyn Write + Send>>,
    journeys: Journeys,
    recording: Option<Recording>,
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
            for message in inbox.try_iter() {
                match message {
                    Message::Probe(probe) => self.printer.probe(&probe)?,
                    Message::Command(command) => self.printer.command(&command)?,
                }
            }
            if ended {
                return Ok(self);
            }
            let finished = self.journeys.take_finished();
            self.print(finished)?;
            self.printer.flush()?;
            if let Some(recording) = &mut self.recording {
                recording.flush()?;
            }
        }
    }

    fn take(&mut self, event: Event) -> Result<(), Failure> {
        if let Some(recording) = &mut self.recording {
            recording.write(&event)?;
        }
        match &event {
            Event::Tap(tap) => self.printer.taps(std::slice::from_ref(tap)),
            // What the engine has to remark: a port that does not forward, for one.
            Event::Caption { t, text } => self.printer.caption(t.0, text)?,
            Event::Lab { .. }
            | Event::Frame(_)
            | Event::Lost { .. }
            | Event::Missed { .. }
            | Event::Forgot { .. } => {}
        }
        self.journeys.push(event);
        Ok(())
    }

    fn print(&mut self, journeys: Vec<Journey>) -> Result<(), Failure> {
        for journey in journeys {
            self.printer.journey(&journey)?;
        }
        Ok(())
    }

    fn finish(mut self, summary: Summary) -> Result<(), Failure> {
        // What is held back goes on now, so that the totals are whole.
        self.journeys.flush();
        let Totals { frames, lost, missed, journeys } = self.journeys.totals();
        let missed_at = self.journeys.missed();
        for journey in self.journeys.finish() {
            self.printer.journey(&journey)?;
        }
        if let Some(recording) = self.recording {
            recording.finish()?;
        }
        self.printer.missed(&missed_at)?;
        self.printer.summary(Summary { frames, lost, missed, journeys, ..summary })?;
        Ok(())
    }
}

/// The file that is being recorded, and its name for messages.
struct Recording {
    path: PathBuf,
    recorder: Recorder<BufWriter<File>>,
}

impl Recording {
    fn create(path: &Path) -> Result<Self, Failure> {
        let created = File::create(path).map(BufWriter::new).and_then(Recorder::new);
        let recorder = created.map_err(|error| not_kept(path, &error))?;
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
