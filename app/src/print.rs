//! What the command line says: for people as text, for programs as JSON lines.

pub mod json;
mod lab;
pub mod style;
mod text;

use std::{collections::BTreeMap, io};

use capture::{Journey, Tap};
use topology::{Place, Sight};

pub use text::{counted, problem};

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Text,
    /// One object a line: the contract that the README documents.
    Json,
}

/// One echo request, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeLine {
    pub from: String,
    /// What was said on the command line: a namespace or an address.
    pub to: String,
    pub address: String,
    pub sequence: u16,
    pub answered: bool,
    pub round_trip_ns: Option<u64>,
    pub reason: String,
}

/// One command run in a namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    pub text: String,
    pub at: String,
    pub status: i32,
    pub output: String,
    /// Of a page: which line of it this is, from 1.
    pub line: Option<u32>,
    /// Of a page: from its typing to its end.
    pub took_ms: Option<u64>,
    /// It did not end by itself, and was ended as Ctrl-C would.
    pub was_interrupted: bool,
}

/// A command of a page that was not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRunLine {
    pub text: String,
    pub line: u32,
    /// Why not, for people.
    pub reason: String,
}

/// The last line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub taps: u64,
    pub frames: u64,
    pub lost: u64,
    pub journeys: u64,
    pub probes: u64,
    pub answered: u64,
    /// Frames that crossed interfaces before their taps were there.
    pub missed: u64,
    pub commands: u64,
    /// Commands whose status was not 0.
    pub failed: u64,
}

/// Writes each thing in the chosen form.
#[derive(Debug)]
pub struct Printer<W> {
    out: W,
    form: Form,
    /// Namespaces and interfaces by tap number.
    names: BTreeMap<u32, String>,
    /// Whether the last line was one of several that stand close together.
    in_list: bool,
}

impl<W: io::Write> Printer<W> {
    pub fn new(out: W, form: Form) -> Self {
        Self { out, form, names: BTreeMap::new(), in_list: false }
    }

    /// Lets what was printed be seen, when more may be long in coming.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// What it writes to.
    #[cfg(test)]
    pub fn written(&self) -> &W {
        &self.out
    }

    /// Taps must be known before the journeys that pass them.
    pub fn taps(&mut self, taps: &[Tap]) {
        for tap in taps {
            self.names.entry(tap.id.0).or_insert_with(|| tap.at.to_string());
        }
    }

    pub fn journey(&mut self, journey: &Journey) -> io::Result<()> {
        match self.form {
            Form::Text => {
                if std::mem::take(&mut self.in_list) {
                    writeln!(self.out)?;
                }
                text::journey(&mut self.out, journey, &self.names)
            }
            Form::Json => json::journey(&mut self.out, journey, &self.names),
        }
    }

    pub fn title(&mut self, title: &str, about: &str) -> io::Result<()> {
        match self.form {
            Form::Text => text::title(&mut self.out, title, about),
            Form::Json => Ok(()),
        }
    }

    pub fn caption(&mut self, t_ns: i64, caption: &str) -> io::Result<()> {
        match self.form {
            Form::Text => text::caption(&mut self.out, caption),
            Form::Json => json::caption(&mut self.out, t_ns, caption),
        }
    }

    pub fn probe(&mut self, probe: &ProbeLine) -> io::Result<()> {
        match self.form {
            Form::Text => {
                self.in_list = true;
                text::probe(&mut self.out, probe)
            }
            Form::Json => json::probe(&mut self.out, probe),
        }
    }

    pub fn command(&mut self, command: &CommandLine) -> io::Result<()> {
        match self.form {
            Form::Text => {
                self.in_list = true;
                text::command(&mut self.out, command)
            }
            Form::Json => json::command(&mut self.out, command),
        }
    }

    pub fn not_run(&mut self, not_run: &NotRunLine) -> io::Result<()> {
        match self.form {
            Form::Text => {
                self.in_list = true;
                text::not_run(&mut self.out, not_run)
            }
            Form::Json => json::not_run(&mut self.out, not_run),
        }
    }

    /// What was observed; people have the journeys and what the commands say.
    pub fn lab(&mut self, sight: &Sight) -> io::Result<()> {
        match self.form {
            Form::Text => Ok(()),
            Form::Json => lab::lab(&mut self.out, sight),
        }
    }

    /// Where frames crossed before a tap was there, and how many; programs get their sum with the summary.
    pub fn missed(&mut self, missed: &BTreeMap<Place, u64>) -> io::Result<()> {
        match self.form {
            Form::Text => text::missed(&mut self.out, missed),
            Form::Json => Ok(()),
        }
    }

    pub fn summary(&mut self, summary: Summary) -> io::Result<()> {
        match self.form {
            Form::Text => text::summary(&mut self.out, summary)?,
            Form::Json => json::summary(&mut self.out, summary)?,
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
