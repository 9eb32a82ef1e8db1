//! A tutorial or script, run headless from its first command to its last.

mod walk;
mod words;

use std::sync::Arc;

use clap::{ArgMatches, parser::ValueSource};
use topology::{Lab, Sight, adopt::with_names_of_their_own};

use self::walk::{Stop, Walk};
use super::{
    Running,
    interrupt::Interrupt,
    observer::{Message, To, wire_time},
    progress,
};
use crate::{
    cli::{Failure, Status, args::Run, load::Page},
    print::Form,
    tutorial::{
        document::Command,
        runner::{Outcome, Standing},
    },
};

/// `hopscope run FILE.md`.
pub fn run(page: &Page, args: &Run, matches: Option<&ArgMatches>) -> Result<Status, Failure> {
    refuse_what_is_for_labs(args, matches)?;
    let form = if args.json { Form::Json } else { Form::Text };
    let interrupt = Interrupt::watch().map_err(Failure::incapable)?;
    let mut running =
        Running::start(&empty(page), (form, To::StandardOutput), args.record.as_deref(), &interrupt)?;
    let walked = walk_through(page, &mut running, &interrupt, args.strict);
    let stop = walked.as_ref().map(|walked| walked.stop).unwrap_or(Stop::AtEnd);
    let done = walked.map(|_| {
        if let Some(time) = args.listen_for.filter(|_| stop == Stop::AtEnd) {
            progress(&format!("listening for {} s; Ctrl-C ends it", time.as_secs_f64()));
            interrupt.wait(time);
        }
    });
    let is_good = stop != Stop::AtFailure && !running.asked_in_vain;
    running.end(done)?;
    Ok(if is_good { Status::Good } else { Status::Unanswered })
}

/// Runs the page, and gives the lab that stood before the page cleaned up: to be built again, so that what was
/// called after a process has a name of its own.
pub fn observed(page: &Page) -> Result<Lab, Failure> {
    let interrupt = Interrupt::watch().map_err(Failure::incapable)?;
    let mut running = Running::start(&empty(page), (Form::Text, To::Nowhere), None, &interrupt)?;
    let walked = walk_through(page, &mut running, &interrupt, false);
    let mut observed = None;
    running.end(walked.map(|walked| observed = Some(walked)))?;
    match observed {
        Some(Walked { stop: Stop::Interrupted, .. }) | None => {
            Err(Failure::bad_input(format!("{}: it was not run to its end", page.path.display())))
        }
        Some(Walked { sight, .. }) => {
            let (lab, _became) = with_names_of_their_own(&sight.lab);
            Ok(Lab { title: page.document.title.clone(), ..lab })
        }
    }
}

fn empty(page: &Page) -> Lab {
    Lab { title: page.document.title.clone(), ..Lab::default() }
}

fn refuse_what_is_for_labs(args: &Run, matches: Option<&ArgMatches>) -> Result<(), Failure> {
    let is_given = |option: &str| {
        matches.is_some_and(|matches| matches.value_source(option) == Some(ValueSource::CommandLine))
    };
    match ["ping", "exec", "count"].into_iter().find(|option| is_given(option)) {
        None => Ok(()),
        Some(option) => Err(Failure::bad_input(format!(
            "--{option} is for labs; {} brings its own commands (`hopscope convert {} LAB.toml` makes a lab of it)",
            args.lab, args.lab
        ))),
    }
}

/// How a page went as a whole.
struct Walked {
    stop: Stop,
    /// As the kernel stood before the clean-up.
    sight: Box<Sight>,
}

fn walk_through(
    page: &Page,
    running: &mut Running,
    interrupt: &Interrupt,
    is_strict: bool,
) -> Result<Walked, Failure> {
    let document = Arc::clone(&page.document);
    if document.commands.is_empty() {
        anstream::eprintln!("hopscope: {}: there are no commands in it", page.path.display());
    }
    let mut walk = Walk::start(page, &mut running.engine, interrupt)?;
    let clean_up = document.commands.iter().position(|command| command.is_cleanup);
    let (mut stop, mut observed) = (Stop::AtEnd, None);
    for (number, command) in document.commands.iter().enumerate() {
        if clean_up == Some(number) {
            observed = Some(tell_observed(&mut walk, running)?);
        }
        if let Some(why) = command.held_back {
            running.observer.tell(Message::NotRun(words::not_run(command, words::held_back(why))));
            continue;
        }
        progress(&words::about(command));
        running.observer.tell(Message::Types(wire_time()));
        let standing = walk.carry_out(number)?;
        let has_failed = tell_standing(command, standing, running);
        stop = match walk.has_to_stop() {
            Some(stop) => stop,
            None if is_strict && has_failed => Stop::AtFailure,
            None => continue,
        };
        say_what_is_left(&document.commands[number + 1..], stop, running);
        break;
    }
    let sight = match observed {
        Some(sight) => sight,
        None => tell_observed(&mut walk, running)?,
    };
    if is_strict && matches!(stop, Stop::AtExit(status) if status != 0) {
        stop = Stop::AtFailure;
    }
    Ok(Walked { stop, sight })
}

fn tell_observed(walk: &mut Walk<'_>, running: &Running) -> Result<Box<Sight>, Failure> {
    let sight = walk.observed()?;
    running.observer.tell(Message::Observed(wire_time(), sight.clone()));
    Ok(sight)
}

/// Whether it failed: what had to be ended did not.
fn tell_standing(command: &Command, standing: Standing, running: &mut Running) -> bool {
    let outcomes = match standing {
        Standing::Ran(outcomes) => outcomes,
        _ => {
            let not_run = words::not_run(command, "nothing is known that its placeholder could stand for");
            running.observer.tell(Message::NotRun(not_run));
            return false;
        }
    };
    let has_failed =
        |outcome: &Outcome| outcome.status != 0 && !(command.is_endless && outcome.was_interrupted);
    let failed = outcomes.iter().any(has_failed);
    for outcome in outcomes {
        running.tell_command(words::command_line(command, outcome));
    }
    failed
}

fn say_what_is_left(left: &[Command], stop: Stop, running: &Running) {
    let why = match stop {
        Stop::AtEnd => return,
        Stop::AtFailure => "the command before it failed".to_owned(),
        Stop::AtExit(status) => format!("the script ended before it, with status {status}"),
        Stop::Interrupted => "the run was ended before it".to_owned(),
    };
    for command in left {
        running.observer.tell(Message::NotRun(words::not_run(command, &why)));
    }
}
