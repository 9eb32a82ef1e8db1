//! `hopscope show`: a recording's journeys, with no engine and no privileges.

mod progress;

use std::{
    io::{IsTerminal, stderr, stdout},
    path::Path,
    time::Instant,
};

use capture::{
    Event, Journey, Tap,
    filter::Filter,
    journeys::{Journeys, Totals},
    recording::RecordingError,
};

use self::progress::Progress;
use super::{Failure, Status, args::Show, load};
use crate::print::{Form, Printer, Summary};

/// How many events go in before the finished journeys come out.
const BATCH: usize = 4096;

pub fn show(args: &Show) -> Result<Status, Failure> {
    let filter = args.filter.as_deref().map(parsed).transpose()?;
    let mut events = load::events(&args.file)?;
    let form = if args.json { Form::Json } else { Form::Text };
    let mut printer = Printer::new(std::io::BufWriter::new(anstream::stdout().lock()), form);
    let mut journeys = Journeys::new();
    let mut shown = Shown { filter, lost: 0, journeys: 0, taps: Vec::new() };
    let mut broken = None;
    let mut pushed = 0_usize;
    let mut progress = stderr().is_terminal().then(|| Progress::new(Instant::now()));
    loop {
        match events.next() {
            None => break,
            Some(Ok(event)) => shown.take(event, &mut journeys, &mut printer)?,
            Some(Err(error)) if error.is_last() => {
                broken = Some(error);
                break;
            }
            // One block or interface that cannot be read; the others can.
            Some(Err(error)) => anstream::eprintln!("hopscope: {}: {error}", args.file.display()),
        }
        pushed += 1;
        if pushed.is_multiple_of(BATCH) {
            shown.print(journeys.take_finished(), &mut printer)?;
            if let Some(progress) = &mut progress {
                // What goes into a file or a pipe is not seen here.
                let seen = if stdout().is_terminal() { shown.journeys } else { 0 };
                if let Some(line) = progress.due(Instant::now(), journeys.totals().frames, seen) {
                    anstream::eprintln!("hopscope: {line}");
                }
            }
        }
    }
    if let (Some(error), 0) = (&broken, pushed) {
        return Err(nothing_in_it(&args.file, error));
    }
    let Totals { frames, missed, .. } = journeys.totals();
    let missed_at = journeys.missed();
    shown.print(journeys.finish(), &mut printer)?;
    let (taps, lost, journeys) = (shown.taps.len() as u64, shown.lost, shown.journeys);
    printer.missed(&missed_at)?;
    printer.summary(Summary { taps, frames, lost, journeys, missed, ..Summary::default() })?;
    match broken {
        None => Ok(Status::Good),
        // What a killed recorder leaves is a recording too, only shorter.
        Some(error) if error.is_truncation() => {
            anstream::eprintln!("hopscope: {}: {error}", args.file.display());
            Ok(Status::Good)
        }
        Some(error) => {
            Err(Failure::bad_input(format!("{}: {error}; what came before it is shown", args.file.display())))
        }
    }
}

/// Not even one event came before the error.
fn nothing_in_it(file: &Path, error: &RecordingError) -> Failure {
    let file = file.display();
    Failure::bad_input(match error.is_truncation() {
        true => format!("{file}: it ends in the middle of its first block: nothing in it is whole"),
        false => format!("{file}: {error}"),
    })
}

fn parsed(text: &str) -> Result<Filter, Failure> {
    Filter::parse(text).map_err(|error| {
        let before: usize = text.get(..error.range.start).map_or(0, |before| before.chars().count());
        let marked = text.get(error.range.clone()).map_or(1, |marked| marked.chars().count().max(1));
        let marks = format!("{}{}", " ".repeat(before), "^".repeat(marked));
        let expected = match error.expected.as_slice() {
            [] => String::new(),
            expected => format!("\n  expected: {}", expected.join(", ")),
        };
        Failure::bad_input(format!(
            "the filter is not understood: {}\n  {text}\n  {marks}{expected}",
            error.message
        ))
    })
}

/// What has been printed so far.
struct Shown {
    filter: Option<Filter>,
    lost: u64,
    journeys: u64,
    taps: Vec<Tap>,
}

impl Shown {
    fn take<W: std::io::Write>(
        &mut self,
        event: Event,
        journeys: &mut Journeys,
        printer: &mut Printer<W>,
    ) -> Result<(), Failure> {
        match &event {
            Event::Tap(tap) => {
                self.taps.push(tap.clone());
                printer.taps(std::slice::from_ref(tap));
            }
            Event::Caption { t, text } => printer.caption(t.0, text)?,
            Event::Lab { lab, .. } if self.taps.is_empty() && self.journeys == 0 => {
                printer.title(&lab.title, &lab.about)?;
            }
            Event::Lab { .. }
            | Event::Frame(_)
            | Event::Lost { .. }
            | Event::Missed { .. }
            | Event::Forgot { .. } => {}
        }
        journeys.push(event);
        self.lost = journeys.totals().lost;
        Ok(())
    }

    fn print<W: std::io::Write>(
        &mut self,
        finished: Vec<Journey>,
        printer: &mut Printer<W>,
    ) -> Result<(), Failure> {
        for journey in finished {
            let fits = self.filter.as_ref().is_none_or(|filter| filter.matches(&journey, &self.taps));
            if fits {
                printer.journey(&journey)?;
                self.journeys += 1;
            }
        }
        Ok(())
    }
}
