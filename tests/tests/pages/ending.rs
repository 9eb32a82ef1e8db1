//! How pages end that do not end at their last command, and commands that do not end by themselves.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
    time::Instant,
};

use hopscope_tests::{of_type, program};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

use super::{Folder, commands, lab, run};

const CAREFUL_SCRIPT: &str = "#!/bin/sh
set -e
ip netns add one
ip link set no-such-thing up
ip netns add two
echo done
";

#[test]
fn a_script_that_ends_at_its_first_failure_does_so_here() {
    for (options, expected) in [(&[][..], 0), (&["--strict"][..], 1)] {
        let (lines, status) = run(&format!("careful-{expected}"), "careful.sh", CAREFUL_SCRIPT, options);
        assert_eq!(status, expected, "{options:?}: {lines:#?}");
        let told = commands(&lines);
        assert_eq!(
            told.last().map(String::as_str),
            Some("host: ip link set no-such-thing up 1"),
            "{told:#?}"
        );
        let not_run: Vec<&str> =
            of_type(&lines, "not-run").iter().filter_map(|line| line["text"].as_str()).collect();
        assert_eq!(not_run, ["ip netns add two", "echo done"], "{options:?}");
        assert_eq!(lab(&lines)["namespaces"], serde_json::json!([{ "name": "one" }]));
        assert_eq!(of_type(&lines, "summary")[0]["failed"], 1);
    }
}

#[test]
fn a_ping_without_an_answer_is_told_by_the_status() {
    let page = |pings: &str| {
        format!("```\n$ ip netns add one\n$ ip -n one link set lo up\n$ ip link set nothing up\n{pings}```\n")
    };
    let answered = page("$ ip netns exec one ping -c 1 127.0.0.1\n");
    let (lines, status) = run("answered", "answered.md", &answered, &[]);
    assert_eq!((status, &of_type(&lines, "summary")[0]["failed"]), (0, &1.into()), "{lines:#?}");
    let unanswered = page("$ ip netns exec one ping -c 1 10.0.0.1\n$ ip netns add two\n");
    let (lines, status) = run("unanswered", "unanswered.md", &unanswered, &[]);
    assert_eq!((status, lab(&lines)["namespaces"].as_array().map(Vec::len)), (1, Some(2)), "it goes on");
}

#[test]
fn an_editor_is_left_and_the_page_goes_on() {
    let folder = Folder::new("editor-file");
    let note = folder.with("note.txt", "hello\n");
    let (open, read) = (format!("vim {note}"), format!("cat {note}"));
    let page = format!("# Look into a file\n\n```\n$ {open}\n$ {read}\n$ ip netns add after\n```\n");
    let (lines, status) = run("editor", "editor.md", &page, &[]);
    assert_eq!(status, 0);
    let told = of_type(&lines, "command");
    let of = |text: &str| {
        let found = told.iter().find(|line| line["text"] == text);
        *found.unwrap_or_else(|| panic!("“{text}” was not run: {told:#?}"))
    };
    assert_eq!(of(&open)["interrupted"], true);
    assert_eq!((&of(&read)["status"], &of(&read)["output"]), (&0.into(), &"hello\n".into()));
    assert_eq!(lab(&lines)["namespaces"], serde_json::json!([{ "name": "after" }]));
}

#[test]
fn ctrl_c_ends_a_page_in_order() {
    let folder = Folder::new("interrupted");
    let text = "```\n$ ip netns add waiting\n$ sleep 20\n$ ip netns add never\n```\n";
    let page = folder.with("long.md", text);
    let command = ["run", &page, "--json"];
    let started = Command::new(program()).args(command).stdout(Stdio::piped()).spawn();
    let mut child = started.expect("hopscope starts");
    let process = Pid::from_raw(child.id().try_into().expect("process numbers are small"));
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let parsed = |line: std::io::Result<String>| -> Value {
        serde_json::from_str(&line.expect("it can be read")).expect("it is JSON")
    };
    let first = lines.by_ref().map(parsed).find(|line| line["type"] == "command");
    assert_eq!(first.expect("a command is told")["text"], "ip netns add waiting");
    let below = descendants(process.as_raw());
    assert!(below.iter().any(|process| command_line(*process).starts_with("sleep")), "it sleeps");
    let begun = Instant::now();
    kill(process, Signal::SIGINT).expect("it is ours");
    let rest: Vec<Value> = lines.map(parsed).collect();
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(begun.elapsed().as_secs() < 10, "it took {:?}", begun.elapsed());
    assert_eq!(commands(&rest), ["host: sleep 20 130"]);
    let left = of_type(&rest, "not-run");
    assert_eq!((left.len(), &left[0]["text"]), (1, &"ip netns add never".into()));
    assert_eq!(lab(&rest)["namespaces"], serde_json::json!([{ "name": "waiting" }]));
    assert_eq!(rest.last().map(|line| &line["type"]), Some(&"summary".into()), "all is told to its end");
    let alive: Vec<String> = below.iter().map(|process| command_line(*process)).collect();
    assert!(alive.iter().all(String::is_empty), "nobody is left: {alive:?}");
}

/// Empty where there is no such process.
fn command_line(process: i32) -> String {
    let words = fs::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default();
    words.replace('\0', " ")
}

/// Children, their children, and so on.
fn descendants(process: i32) -> Vec<i32> {
    let listed = |task: PathBuf| fs::read_to_string(task.join("children")).unwrap_or_default();
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let children: String = tasks.map(|task| listed(task.path())).collect();
    let children = children.split_whitespace().filter_map(|number| number.parse().ok());
    children.flat_map(|child: i32| [vec![child], descendants(child)].concat()).collect()
}
