//! What the whole-system tests share: the built program, and reading what it prints.

use std::{
    path::PathBuf,
    process::{Command, Output},
    thread,
};

use nix::{
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
};
use serde_json::Value;

/// The `hopscope` program that was built together with the running test.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a file");
    let profile = test.ancestors().nth(2).expect("a test lies in target/PROFILE/deps");
    let program = profile.join("hopscope");
    assert!(program.is_file(), "{} is not built: run `cargo build -p hopscope` first", program.display());
    program
}

/// Runs `hopscope` to its end.
pub fn hopscope(arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).output().expect("hopscope starts")
}

/// What `hopscope … --json` printed, line by line, and its exit status.
pub fn json_lines(arguments: &[&str]) -> (Vec<Value>, i32) {
    let output = hopscope(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    let text = String::from_utf8(output.stdout).expect("hopscope prints UTF-8");
    let line = |line: &str| {
        serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("{error} in {line}\nstandard error: {errors}"))
    };
    let lines: Vec<Value> = text.lines().map(line).collect();
    assert!(!lines.is_empty(), "hopscope {arguments:?} printed nothing; standard error: {errors}");
    (lines, output.status.code().unwrap_or(-1))
}

/// The lines of one type, such as `journey`.
pub fn of_type<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

/// A journey as one line of text: each sighting as `at>` (out) or `>at` (in), in the order of the tree,
/// a fork in brackets, each leaf with its fate.
pub fn route(journey: &Value) -> String {
    let sightings = journey["sightings"].as_array().expect("a journey has sightings");
    let root = sightings.iter().find(|sighting| sighting["parent"].is_null()).expect("a journey has a root");
    route_from(journey, sightings, root)
}

fn route_from(journey: &Value, sightings: &[Value], from: &Value) -> String {
    let at = from["at"].as_str().expect("a sighting is at a place");
    let own = match from["direction"].as_str() {
        Some("out") => format!("{at}>"),
        Some("in") => format!(">{at}"),
        other => panic!("{other:?} is no direction that a live tap gives"),
    };
    let children = sightings.iter().filter(|sighting| sighting["parent"] == from["id"]);
    let mut below: Vec<String> = children.map(|child| route_from(journey, sightings, child)).collect();
    below.sort();
    match below.as_slice() {
        [] => format!("{own} {}", fate(journey, from)),
        [only] => format!("{own} {only}"),
        _ => format!("{own} [{}]", below.join(" | ")),
    }
}

fn fate(journey: &Value, leaf: &Value) -> String {
    let branches = journey["branches"].as_array().expect("a journey has branches");
    let ending = branches.iter().find(|branch| branch["sighting"] == leaf["id"]);
    let ending = ending.unwrap_or_else(|| panic!("the leaf {leaf} has no branch in {journey}"));
    assert!(ending["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "no reason in {ending}");
    ending["fate"].as_str().expect("a fate is a word").to_owned()
}

/// Runs in network and mount namespaces of its own, with an empty `/run/netns`.
pub fn in_empty_sandbox<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    let body = || {
        unshare(CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS)
            .expect("this test makes namespaces and must be run as root");
        let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
        mount(None::<&str>, "/", None::<&str>, private, None::<&str>).expect("mounts can be made private");
        std::fs::create_dir_all("/run/netns").expect("/run/netns can be made");
        mount(Some("tmpfs"), "/run/netns", Some("tmpfs"), MsFlags::empty(), None::<&str>)
            .expect("a tmpfs can be mounted");
        mount(Some("sysfs"), "/sys", Some("sysfs"), MsFlags::empty(), None::<&str>)
            .expect("sysfs can be mounted");
        run()
    };
    thread::scope(|scope| scope.spawn(body).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
}
