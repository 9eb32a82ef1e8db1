//! The command line: the same product without a window.
//!
//! `args` is the one definition; help, completions and the man page come from it.

pub mod args;
mod check;
#[cfg(feature = "window")]
pub(crate) use check::machine_addresses;
mod convert;
mod doctor;
mod labs;
mod load;
#[cfg(feature = "window")]
mod open;
mod pages;
#[cfg(feature = "engine")]
mod run;
mod show;

use std::{fmt, process::ExitCode};

use clap::{CommandFactory, FromArgMatches};

use args::{Args, Command};

/// How a command ended, as its exit status says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Done; all probes were answered.
    Good = 0,
    /// Done, but not all is well: a probe was not answered, a check found errors.
    Unanswered = 1,
    /// Bad usage, or a file that cannot be read.
    BadInput = 2,
    /// This machine cannot do it.
    Incapable = 3,
}

/// Why a command could not go on, for standard error.
#[derive(Debug)]
pub struct Failure {
    status: Status,
    message: String,
}

impl Failure {
    pub fn bad_input(message: impl fmt::Display) -> Self {
        Self { status: Status::BadInput, message: message.to_string() }
    }

    pub fn incapable(message: impl fmt::Display) -> Self {
        Self { status: Status::Incapable, message: message.to_string() }
    }
}

/// Of standard output, which is all that is written without saying where.
/// A reader that closed the pipe has seen enough: not a failure, but the end.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        let status = match error.kind() {
            std::io::ErrorKind::BrokenPipe => Status::Good,
            _ => Status::BadInput,
        };
        let message = format!("standard output: {error}; what was to be printed is not all there");
        Self { status, message }
    }
}

pub fn main() -> ExitCode {
    let matches = match Args::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version are not errors; clap says which exit status fits.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Status::BadInput as u8 } else { 0 });
        }
    };
    let args = match Args::from_arg_matches(&matches) {
        Ok(args) => args,
        Err(error) => error.exit(),
    };
    #[cfg(feature = "engine")]
    if let Some(Command::Engine { fd }) = args.command {
        return crate::engine::main(fd);
    }
    match dispatch(args, &matches) {
        Ok(status) => ExitCode::from(status as u8),
        Err(failure) => {
            if failure.status != Status::Good {
                anstream::eprintln!("hopscope: {}", failure.message);
            }
            ExitCode::from(failure.status as u8)
        }
    }
}

#[cfg_attr(
    not(feature = "engine"),
    expect(unused_variables, reason = "only `run` asks for the order of options")
)]
fn dispatch(args: Args, matches: &clap::ArgMatches) -> Result<Status, Failure> {
    match args.command {
        #[cfg(feature = "window")]
        None => open::open(None),
        #[cfg(not(feature = "window"))]
        None => {
            Args::command().print_help()?;
            Ok(Status::BadInput)
        }
        #[cfg(feature = "window")]
        Some(Command::Open { what }) => open::open(what.as_deref()),
        #[cfg(feature = "engine")]
        Some(Command::Run(run)) => run::run(&run, matches.subcommand_matches("run")),
        #[cfg(feature = "engine")]
        Some(Command::Engine { .. }) => Err(Failure::bad_input("the engine was to be started before this")),
        Some(Command::Show(show)) => show::show(&show),
        Some(Command::Check { lab }) => check::check(&lab),
        Some(Command::Convert { input, output }) => convert::convert(&input, &output),
        Some(Command::Labs) => labs::labs(),
        Some(Command::Doctor { apparmor_profile: true }) => doctor::apparmor_profile(),
        Some(Command::Doctor { apparmor_profile: false }) => doctor::doctor(),
        Some(Command::Completions { shell }) => pages::completions(shell),
        Some(Command::Man { folder }) => pages::man(folder.as_deref()),
    }
}
