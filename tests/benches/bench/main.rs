//! What Hopscope must reach, measured beside the tools that people use today, in one run.
//!
//! `make bench` runs all of it, `make bench ARGS_BENCH="build loss"` only these parts, and
//! `make bench ARGS_BENCH="window"` all that begin with that word.
//! Each part runs in a process of its own (so that its memory is its own), in namespaces of its own:
//! it touches nothing of this machine. What is printed are medians; ratios are of the same run,
//! because milliseconds of two machines, or of two days, say little.
//! The exit status is 0 even when a target is missed: a busy machine is no fault of the code.

mod build;
mod correlate;
mod follow;
mod grid;
mod ground;
mod idle;
mod live;
mod loss;
mod open;
mod paint;
mod process;
mod read;
mod report;
mod screen;
mod start;
mod taps;
mod window;

use std::process::{Command, ExitCode};

use report::Report;

/// A part's name, what it is about, and its code.
type Part = (&'static str, &'static str, fn(&mut Report));

const PARTS: &[Part] = &[
    ("build", "Building a star of namespaces around one bridge", build::measure),
    ("taps", "Listening at every interface of that star", taps::measure),
    ("run", "One ping, the whole program from start to exit", process::measure),
    ("loss", "Capturing a stream without loss", loss::measure),
    ("correlate", "From frames to journeys", correlate::measure),
    ("follow", "Following what is typed, and a loop that makes 200 namespaces", follow::measure),
    ("read", "From a recording to journeys", read::measure),
    ("window-paint", "One picture of 200 namespaces, 400 cables and 10,000 moving frames", paint::measure),
    ("window-screen", "Playing that scene on a screen, drawn by software", screen::measure),
    ("window-live", "Watching a flood ping live", live::measure),
    ("window-start", "From the start of the program to its first picture", start::measure),
    ("window-idle", "A window on a running lab in which nothing happens", idle::measure),
    ("window-open", "Opening a recording of a million frames", open::measure),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--inside", name] => inside(name),
        ["--send", to, per_second, seconds] => loss::send_as_told(to, per_second, seconds),
        ref names => all(names),
    }
}

/// Runs the parts that are called `names`, or all, each in a process and namespaces of its own.
fn all(names: &[&str]) -> ExitCode {
    let is_meant = |part: &str, name: &str| {
        part.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    if let Some(unknown) = names.iter().find(|name| !PARTS.iter().any(|(part, ..)| is_meant(part, name))) {
        let known: Vec<_> = PARTS.iter().map(|(part, ..)| *part).collect();
        eprintln!("there is no part “{unknown}”; there are: {}", known.join(", "));
        return ExitCode::from(2);
    }
    let (mut missed, mut failed) = (0, Vec::new());
    let is_asked = |part: &str| names.is_empty() || names.iter().any(|name| is_meant(part, name));
    for (name, about, _) in PARTS.iter().filter(|(part, ..)| is_asked(part)) {
        println!("\n{about}");
        match ground::in_namespaces(name) {
            Ok(count) => missed += count,
            Err(problem) => failed.push(format!("{name}: {problem}")),
        }
    }
    println!();
    failed.iter().for_each(|problem| println!("NOT MEASURED  {problem}"));
    match missed {
        0 if failed.is_empty() => println!("Every target that was measured is reached."),
        0 => println!("Every target that could be measured is reached, but some could not."),
        count => println!("MISSED: {count} of the targets above; see the lines that say so."),
    }
    ExitCode::SUCCESS
}

/// Measures one part; the exit status is how many targets it missed, or 101 when it broke (a panic).
fn inside(name: &str) -> ExitCode {
    let Some((_, _, measure)) = PARTS.iter().find(|(part, ..)| *part == name) else {
        return ExitCode::from(2);
    };
    ground::prepare();
    let mut report = Report::default();
    measure(&mut report);
    ExitCode::from(report.missed())
}

/// Whether a tool can be started here.
fn is_here(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(tool).is_file())
}

/// Runs a tool to its end, and fails with what it said if it failed.
#[track_caller]
fn finish(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}: {said}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}
