//! `hopscope run`: build, listen, probe, print, record, take down.

mod aim;
mod interrupt;
mod observer;
pub mod page;
mod telling;

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use clap::ArgMatches;
use topology::{Lab, NamespaceName};

use self::{
    aim::{Aim, Task},
    interrupt::Interrupt,
    observer::{Message, Observer, To},
};
use super::{Failure, Status, args::Run, check::machine_addresses, load};
use crate::{
    engine::{
        client::Engine,
        protocol::{CommandOutcome, EngineError, Outcome, Probe, ProbeKind},
    },
    print::{CommandLine, Form, ProbeLine, Summary},
    tutorial::read::asks_who_is_there,
};

/// The kernel gives an ARP question up after three seconds; this is a little more,
/// so that its own verdict arrives in time.
const PROBE_TIMEOUT: Duration = Duration::from_secs(4);
/// Between two echo requests of one `--ping`: quick, but each is a story of its own.
const BETWEEN_PINGS: Duration = Duration::from_millis(200);
/// A command that does not end by itself is ended after this.
const COMMAND_LIMIT: Duration = Duration::from_secs(60);
/// How long to wait, at most, until the last frames have come in.
const SETTLE_LIMIT: Duration = Duration::from_secs(2);
/// The payload of an echo request, in octets, as `ping` sends it.
const PAYLOAD: u16 = 56;

pub fn run(args: &Run, matches: Option<&ArgMatches>) -> Result<Status, Failure> {
    if let Some(page) = load::page(&args.lab)? {
        return page::run(&page, args, matches);
    }
    let lab = load::lab(&args.lab)?;
    let tasks = aim::tasks(args, matches, &lab)?;
    warn(&lab);
    let interrupt = Interrupt::watch().map_err(Failure::incapable)?;
    let form = if args.json { Form::Json } else { Form::Text };
    let mut run = Running::start(&lab, (form, To::StandardOutput), args.record.as_deref(), &interrupt)?;
    if tasks.iter().any(|task| matches!(task, Task::Exec { .. })) {
        // A command may change the lab.
        run.engine.follow().map_err(engine_failed)?;
    }
    let done = run.carry_out(&tasks, args, &interrupt).map(|()| {
        if let Some(time) = args.listen_for {
            progress(&format!("listening for {} s; Ctrl-C ends it", time.as_secs_f64()));
            interrupt.wait(time);
        }
    });
    let (all, answered) = (run.summary.probes, run.summary.answered);
    let is_good = all == answered && !run.asked_in_vain && !(args.strict && 0 < run.summary.failed);
    run.end(done)?;
    Ok(if is_good { Status::Good } else { Status::Unanswered })
}

/// What `check` finds goes to standard error; a lab with faults is still worth watching.
fn warn(lab: &Lab) {
    let mut err = anstream::stderr().lock();
    for problem in topology::check::check(lab, &machine_addresses()) {
        if problem.severity != topology::check::Severity::Note {
            // Standard error may be closed; the run goes on.
            let _ = crate::print::problem(&mut err, &problem);
        }
    }
}

/// Long work is announced, where somebody is watching.
fn progress(text: &str) {
    let mut err = std::io::stderr().lock();
    if err.is_terminal() {
        let _ = writeln!(err, "hopscope: {text}");
    }
}

/// A lab that runs, with somebody who reads what it says.
struct Running {
    engine: Engine,
    observer: Observer,
    summary: Summary,
    /// A command that asks whether somebody is there, such as `ping`, got no answer.
    asked_in_vain: bool,
    /// Ports then need time before they forward.
    has_stp: bool,
}

impl Running {
    fn start(
        lab: &Lab,
        form: (Form, To),
        record: Option<&std::path::Path>,
        interrupt: &Interrupt,
    ) -> Result<Self, Failure> {
        progress("building the lab");
        let mut engine = Engine::start().map_err(Failure::incapable)?;
        let events =
            engine.take_events().ok_or_else(|| Failure::incapable("the engine's events are taken"))?;
        let observer = Observer::start(events, form, record, (&lab.title, &lab.about))?;
        engine.build(lab).map_err(|error| of_engine(&mut engine, error))?;
        if lab.has_stp() {
            progress("waiting until every port has made up its mind (STP)");
        }
        let listening = engine.begin_listen().map_err(|error| of_engine(&mut engine, error))?;
        let (asker, id) = (engine.asker(), listening.id());
        let taps = match interrupt.during(move || asker.give_up(id), || listening.taps()) {
            // Ports may take half a minute: Ctrl-C ends that too.
            Err(EngineError::GivenUp) => Vec::new(),
            taps => taps.map_err(|error| of_engine(&mut engine, error))?,
        };
        let summary = Summary { taps: taps.len() as u64, ..Summary::default() };
        Ok(Self { engine, observer, summary, asked_in_vain: false, has_stp: lab.has_stp() })
    }

    fn carry_out(&mut self, tasks: &[Task], args: &Run, interrupt: &Interrupt) -> Result<(), Failure> {
        for task in tasks {
            if interrupt.has_come() || (args.strict && 0 < self.summary.failed) {
                break;
            }
            match task {
                Task::Ping(aim) => self.ping(aim, args.count, interrupt)?,
                Task::Exec { namespace, command } => self.exec(namespace, command, interrupt)?,
            }
        }
        Ok(())
    }

    fn ping(&mut self, aim: &Aim, count: u16, interrupt: &Interrupt) -> Result<(), Failure> {
        if 1 < count {
            progress(&format!("{} pings {}, {count} times", aim.from, aim.said));
        }
        for sequence in 1..=count {
            let begun = Instant::now();
            let kind = ProbeKind::Ping {
                to: aim.address,
                sequence,
                identifier: aim.identifier,
                payload_len: PAYLOAD,
                ttl: None,
            };
            let probe = Probe { from: aim.from.clone(), kind, timeout: PROBE_TIMEOUT };
            let outcome = self.engine.probe(probe).map_err(engine_failed)?;
            self.summary.probes += 1;
            self.summary.answered += u64::from(outcome.answered);
            self.observer.tell(Message::Probe(probe_line(aim, sequence, outcome)));
            let rest = BETWEEN_PINGS.saturating_sub(begun.elapsed());
            if sequence < count && interrupt.wait(rest) {
                break;
            }
        }
        Ok(())
    }

    fn exec(
        &mut self,
        namespace: &NamespaceName,
        command: &str,
        interrupt: &Interrupt,
    ) -> Result<(), Failure> {
        let first = command.lines().next().unwrap_or_default();
        progress(&format!("{namespace} $ {}", first.escape_debug()));
        let running = self.engine.begin_run(namespace, command, COMMAND_LIMIT).map_err(engine_failed)?;
        let (asker, id) = (self.engine.asker(), running.id());
        let stop = move || {
            // An engine that is gone has ended the command as well.
            let _gone = asker.stop_train(id);
        };
        let outcome = interrupt.during(stop, || running.command()).map_err(engine_failed)?;
        self.tell_command(command_line(namespace, command, &outcome, interrupt.has_come()));
        if interrupt.has_come() {
            return Ok(());
        }
        // What it has made or raised is tapped before the next probe goes.
        self.engine.let_taps_come(self.has_stp).map_err(engine_failed)
    }

    fn tell_command(&mut self, command: CommandLine) {
        self.summary.commands += 1;
        self.summary.failed += u64::from(command.status != 0);
        if command.status != 0 && asks_who_is_there(&command.text) {
            self.asked_in_vain = true;
            say_unanswered(&command);
        }
        self.observer.tell(Message::Command(command));
    }

    /// Lets the last frames come in, takes all down, prints what remains.
    fn end(mut self, done: Result<(), Failure>) -> Result<(), Failure> {
        // Before it is stopped, since that hides whether it had ended by itself.
        let settled = self.engine.settle(SETTLE_LIMIT).map_err(|error| {
            let is_gone = matches!(error, EngineError::Gone(_));
            (is_gone, of_engine(&mut self.engine, error))
        });
        // The observer has the events; it ends when the engine has.
        let stopped = self.engine.stop();
        self.observer.end(self.summary)?;
        match (done, settled) {
            // It says more than who noticed it first.
            (_, Err((true, gone))) => return Err(gone),
            (Err(failure), _) | (_, Err((_, failure))) => return Err(failure),
            (Ok(()), Ok(_)) => {}
        }
        stopped.map_err(engine_failed)
    }
}

fn engine_failed(error: EngineError) -> Failure {
    Failure::incapable(error)
}

/// The same; of an engine that is gone, how it went and what to do.
fn of_engine(engine: &mut Engine, error: EngineError) -> Failure {
    match error {
        EngineError::Gone(why) => Failure::incapable(format!(
            "the engine ended by itself, and the lab with it: {why}, {}; run it again; if it happens again, run \
             `hopscope doctor`",
            engine.how_it_ended()
        )),
        error => Failure::incapable(error),
    }
}

fn command_line(
    namespace: &NamespaceName,
    command: &str,
    outcome: &CommandOutcome,
    is_interrupted: bool,
) -> CommandLine {
    let mut output = format!("{}{}", outcome.stdout.text(), outcome.stderr.text());
    if outcome.stdout.cut || outcome.stderr.cut {
        output.push_str("\n[the rest of the output was not kept]\n");
    }
    if outcome.timed_out && !is_interrupted {
        let limit = COMMAND_LIMIT.as_secs();
        output.push_str(&format!("\n[ended by Hopscope, since it had not ended after {limit} s]\n"));
    }
    // As shells count it: a signal is 128 and its number.
    let by_signal = || 128 + outcome.signal.unwrap_or(0);
    let status = outcome.status.unwrap_or_else(by_signal);
    let (text, at) = (command.to_owned(), namespace.to_string());
    CommandLine { text, at, status, output, was_interrupted: outcome.timed_out, ..CommandLine::default() }
}

fn say_unanswered(command: &CommandLine) {
    let line = command.line.map_or_else(String::new, |line| format!("line {line}: "));
    let first = command.text.lines().next().unwrap_or_default();
    anstream::eprintln!(
        "hopscope: {line}{}: no answer (status {}); its output and the journeys say why",
        first.escape_debug(),
        command.status
    );
}

fn probe_line(aim: &Aim, sequence: u16, outcome: Outcome) -> ProbeLine {
    // On a terminal the line among the journeys says it already.
    if !outcome.answered && !std::io::stdout().is_terminal() {
        anstream::eprintln!(
            "hopscope: {} pings {}, number {sequence}: not answered: {}",
            aim.from,
            aim.said,
            outcome.reason
        );
    }
    ProbeLine {
        from: aim.from.to_string(),
        to: aim.said.clone(),
        address: aim.address.to_string(),
        sequence,
        answered: outcome.answered,
        round_trip_ns: outcome.round_trip.map(|time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)),
        reason: outcome.reason,
    }
}
