//! What the command line promises: exit statuses, order, recordings, messages.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use hopscope_tests::{hopscope, json_lines, of_type, program};
use nix::{
    sys::{
        signal::{Signal, kill},
        stat::Mode,
    },
    unistd::{Pid, mkfifo},
};
use serde_json::Value;

/// A folder of the test's own.
fn folder(named: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hopscope-{named}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

/// Runs on, with standard output to be read.
fn started(arguments: &[&str]) -> Child {
    Command::new(program()).args(arguments).stdout(Stdio::piped()).spawn().expect("hopscope starts")
}

/// A pipe in `folder`, and a command that says there that it has begun, and does not end by itself.
fn long_command(folder: &Path) -> (PathBuf, String) {
    let begun = folder.join("begun");
    mkfifo(&begun, Mode::S_IRWXU).expect("a pipe can be made");
    let command = format!("echo > '{}'; sleep 100", text(&begun));
    (begun, command)
}

/// As Ctrl-C does.
fn interrupt(child: &Child) {
    let process = Pid::from_raw(child.id().try_into().expect("process numbers are small"));
    kill(process, Signal::SIGINT).expect("it is ours");
}

#[test]
fn an_unanswered_ping_says_why_and_ends_with_1() {
    let run = ["run", "two-rooms-and-a-switch", "--ping", "ns1", "10.10.0.9"];
    let output = hopscope(&run);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("10.10.0.9") && errors.contains("not answered"), "{errors}");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("who has 10.10.0.9?"), "the question is seen: {text}");
}

/// Debian gives ordinary users no `sbin` directory in their path, and keeps nft there.
#[test]
fn nft_is_found_where_ordinary_users_paths_do_not_lead() {
    let mut run = Command::new(program());
    let output = run.args(["run", "out-through-nat"]).env("PATH", "/usr/local/bin:/usr/bin:/bin").output();
    let output = output.expect("hopscope starts");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_a_command_changes_is_followed() {
    let plug = "ip netns add ns9; ip link add v9 type veth peer name e9 netns ns9; ip link set v9 master br0 up; \
                ip -n ns9 addr add 10.10.0.9/24 dev e9; ip -n ns9 link set e9 up";
    let address = "ip addr add 10.10.0.77/24 dev veth-ns1";
    let mut run = vec!["run", "two-rooms-and-a-switch", "--json", "--exec", "host", plug];
    run.extend(["--exec", "ns1", address, "--ping", "ns2", "10.10.0.9", "--ping", "ns2", "10.10.0.77"]);
    let (lines, status) = json_lines(&run);
    assert_eq!(status, 0);
    assert_eq!(of_type(&lines, "summary")[0]["taps"], 7, "both ends of the new cable are tapped");
    let asked = |to: &str| {
        let journeys = of_type(&lines, "journey").into_iter();
        let ping = format!("ping 10.10.0.2 → {to}, number 1");
        journeys.filter(|journey| journey["summary"] == ping.as_str()).collect::<Vec<_>>()
    };
    for (address, end) in [("10.10.0.9", "ns9/e9"), ("10.10.0.77", "ns1/veth-ns1")] {
        let [ping] = asked(address)[..] else { panic!("one ping to {address}: {lines:#?}") };
        let sightings = ping["sightings"].as_array().expect("a list");
        assert_eq!(sightings.last().expect("it was seen")["at"], end);
        assert_eq!(ping["branches"][0]["fate"], "delivered", "{ping:#}");
    }
}

#[test]
fn bad_usage_ends_with_2() {
    let cases: [(&[&str], &str); 10] = [
        (&["run", "/"], "this is a folder"),
        (&["check", "/"], "this is a folder"),
        (&["show", "/"], "this is a folder"),
        (&["run", "two-rooms-and-a-cable", "--record", "/nonexistent/x"], "nothing was run"),
        (&["run", "no-such-lab"], "two-rooms-and-a-switch"),
        (&["run", "two-rooms-and-a-switch", "--ping", "ns1", "nowhere"], "nowhere"),
        (&["run", "two-rooms-and-a-switch", "--ping", "ns1"], "--ping"),
        (&["show", "/nonexistent.pcapng"], "/nonexistent.pcapng"),
        (&["check", "/nonexistent.toml"], "/nonexistent.toml"),
        (&["convert", "two-rooms-and-a-switch", "lab.odt"], ".toml"),
    ];
    for (arguments, said) in cases {
        let output = hopscope(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(errors.contains(said), "{arguments:?} does not speak of {said}: {errors}");
    }
}

#[test]
fn a_recording_shows_what_the_run_showed() {
    let folder = std::env::temp_dir().join(format!("hopscope-recording-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    let file = folder.join("run.pcapng");
    let path = file.to_str().expect("the path is text");
    let lab = "four-rooms-and-the-host";
    let (live, status) = json_lines(&["run", lab, "--record", path, "--json"]);
    assert_eq!(status, 0);
    let (replayed, status) = json_lines(&["show", path, "--json"]);
    assert_eq!(status, 0);
    let sorted = |lines: &[Value]| {
        let mut journeys: Vec<String> = of_type(lines, "journey").into_iter().map(Value::to_string).collect();
        journeys.sort();
        journeys
    };
    assert_eq!(sorted(&replayed), sorted(&live), "replayed (left) is live (right)");
    let (arps, _) = json_lines(&["show", path, "--filter", "arp", "--json"]);
    assert!(of_type(&arps, "journey").iter().all(|journey| journey["protocol"] == "ARP"));
    assert!(!of_type(&arps, "journey").is_empty());
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn commands_and_pings_come_in_the_order_of_the_command_line() {
    let (lines, status) = json_lines(&[
        "run",
        "two-rooms-and-a-switch",
        "--exec",
        "ns2",
        "echo first",
        "--ping",
        "ns1",
        "ns2",
        "--exec",
        "host",
        "exit 7",
        "--json",
    ]);
    assert_eq!(status, 0, "a command's own status is told, not taken over");
    let told: Vec<&Value> =
        lines.iter().filter(|line| line["type"] == "command" || line["type"] == "probe").collect();
    let [first, ping, last] = told.as_slice() else { panic!("not three but {told:?}") };
    assert_eq!(
        (&first["text"], &first["where"], &first["status"]),
        (&"echo first".into(), &"ns2".into(), &0.into())
    );
    assert_eq!(first["output"], "first\n");
    assert_eq!((&ping["type"], &ping["answered"]), (&"probe".into(), &true.into()));
    assert_eq!((&last["where"], &last["status"]), (&"host".into(), &7.into()));
}

#[test]
fn a_recording_that_was_cut_short_is_shown_as_far_as_it_goes() {
    let folder = std::env::temp_dir().join(format!("hopscope-cut-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    let (whole, cut) = (folder.join("whole.pcapng"), folder.join("cut.pcapng"));
    let run = hopscope(&["run", "two-rooms-and-a-cable", "--record", text(&whole)]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let bytes = fs::read(&whole).expect("it was recorded");
    fs::write(&cut, &bytes[..bytes.len() - 10]).expect("it can be written");
    let shown = hopscope(&["show", text(&cut), "--json"]);
    let errors = String::from_utf8_lossy(&shown.stderr);
    assert_eq!(shown.status.code(), Some(0), "{errors}");
    assert!(errors.contains("ends in the middle"), "{errors}");
    assert!(String::from_utf8_lossy(&shown.stdout).contains("who has 10.10.0.2?"));
    fs::write(&cut, &bytes[..50]).expect("it can be written");
    let shown = hopscope(&["show", text(&cut)]);
    let errors = String::from_utf8_lossy(&shown.stderr);
    assert!(shown.status.code() == Some(2) && errors.contains("nothing in it is whole"), "{errors}");
    let out = folder.join("lab.toml");
    let converted = hopscope(&["convert", text(&whole), text(&out)]);
    assert_eq!(converted.status.code(), Some(0), "{}", String::from_utf8_lossy(&converted.stderr));
    assert!(fs::read_to_string(&out).expect("it was converted").contains("Two rooms and a cable"));
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn check_tells_errors_by_its_status() {
    let folder = std::env::temp_dir().join(format!("hopscope-check-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    let file = folder.join("twice.toml");
    let cable = "[[cables]]\nends = [\"a/x\", \"b/x\"]";
    let rooms =
        ["a", "b"].map(|room| format!("[namespaces.{room}.interfaces.x]\naddresses = [\"10.0.0.1/24\"]\n"));
    fs::write(&file, format!("hopscope = 1\n{}{cable}\n", rooms.concat())).expect("it can be written");
    let output = hopscope(&["check", file.to_str().expect("the path is text")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("10.0.0.1"));
    assert_eq!(hopscope(&["check", "two-rooms-and-a-switch"]).status.code(), Some(0));
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn ready_labs_and_ready_tutorials_are_listed_and_known_by_name() {
    let listed = hopscope(&["labs"]);
    assert_eq!(listed.status.code(), Some(0));
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let (labs, tutorials) = listed.split_once("Ready tutorials").expect("they have a section of their own");
    assert!(topology::ready::LABS.iter().all(|ready| labs.contains(ready.name)), "{labs}");
    for page in hopscope::tutorial::ready::PAGES {
        assert!(tutorials.contains(page.name) && tutorials.contains(page.about), "{tutorials}");
        let checked = hopscope(&["check", page.name]);
        let errors = String::from_utf8_lossy(&checked.stderr).into_owned();
        assert_eq!(checked.status.code(), Some(2));
        assert!(errors.contains("hopscope convert"), "{errors}");
    }
    let unknown = hopscope(&["run", "a-cable-by-foot"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("a-cable-by-hand"));
}

#[test]
fn one_definition_gives_help_completions_and_manual_pages() {
    for arguments in [&["--help"][..], &["completions", "bash"], &["man"]] {
        let output = hopscope(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        for command in ["run", "show", "check", "convert", "labs", "doctor"] {
            assert!(text.contains(command), "{arguments:?} does not name {command}");
        }
    }
    let page = String::from_utf8_lossy(&hopscope(&["man"]).stdout).into_owned();
    let (_, statuses) = page.split_once(".SH \"EXIT STATUS\"\n").expect("it has a section on them");
    assert_eq!(statuses.matches(".TP\n").count(), 4, "each stands on its own: {statuses}");
    assert!(!page.contains("EXTRA"), "{page}");
}

#[test]
fn a_full_disk_is_named_and_costs_only_what_it_has_to() {
    let output = Command::new(program()).arg("labs").stdout(full()).output().expect("hopscope starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && errors.contains("standard output: "), "{errors}");
    let output = hopscope(&["run", "two-rooms-and-a-cable", "--record", "/dev/full"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("/dev/full: ") && errors.contains("the recording is not complete"), "{errors}");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("2 of 2 probes answered"), "it is printed to its end: {text}");
}

/// A file on a disk that has no room.
fn full() -> fs::File {
    fs::File::options().write(true).open("/dev/full").expect("Linux has it")
}

#[test]
fn an_engine_that_is_killed_is_told_with_what_to_do() {
    let folder = folder("killed");
    let (begun, command) = long_command(&folder);
    let run = ["run", "two-rooms-and-a-switch", "--exec", "ns1", &command];
    let mut started = Command::new(program());
    started.args(run).stdout(Stdio::null()).stderr(Stdio::piped());
    let child = started.spawn().expect("hopscope starts");
    fs::read(&begun).expect("the command says that it has begun");
    let id = child.id();
    let threads = fs::read_dir(format!("/proc/{id}/task")).expect("it runs");
    let children = threads.map(|thread| thread.expect("it can be listed").path().join("children"));
    let below: String = children.map(|file| fs::read_to_string(file).unwrap_or_default()).collect();
    let engine = below.trim().parse().unwrap_or_else(|_| panic!("not one engine: {below}"));
    kill(Pid::from_raw(engine), Signal::SIGKILL).expect("it is ours");
    let output = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{errors}");
    for said in ["ended by itself", "signal: 9", "run it again", "hopscope doctor"] {
        assert!(errors.contains(said), "nothing of “{said}”: {errors}");
    }
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn a_reader_that_leaves_costs_neither_the_recording_nor_the_status() {
    let folder = folder("unread");
    let file = folder.join("run.pcapng");
    let pings = ["--ping", "ns1", "10.10.0.9", "--ping", "ns1", "ns2"];
    let run = ["run", "two-rooms-and-a-switch", "--record", text(&file)];
    let mut child = started(&[&run[..], &pings].concat());
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(1), "one ping was not answered");
    let (lines, status) = json_lines(&["show", text(&file), "--json"]);
    assert_eq!(status, 0);
    let journeys = of_type(&lines, "journey");
    let is_answer =
        |journey: &&Value| journey["summary"].as_str().is_some_and(|said| said.starts_with("answer "));
    assert!(journeys.iter().any(is_answer), "the second ping, long after the reader left: {journeys:#?}");
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn ctrl_c_ends_a_command_and_nothing_follows_it() {
    let folder = folder("interrupted");
    let (begun, command) = long_command(&folder);
    let run = ["run", "two-rooms-and-a-switch", "--json", "--exec", "ns1", &command, "--ping", "ns1", "ns2"];
    let mut child = started(&run);
    fs::read(&begun).expect("the command says that it has begun");
    let interrupted = Instant::now();
    interrupt(&child);
    let mut told = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut told).expect("it can be read");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    let lines: Vec<Value> =
        told.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let [ended] = of_type(&lines, "command")[..] else { panic!("not one command: {told}") };
    assert_eq!((&ended["status"], &ended["output"]), (&130.into(), &"".into()));
    assert!(interrupted.elapsed() < Duration::from_secs(60), "its time limit ended it");
    assert_eq!(of_type(&lines, "probe"), [&Value::Null; 0], "no ping after Ctrl-C");
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn ctrl_c_ends_the_wait_for_ports_that_do_not_forward_yet() {
    let folder = folder("ports");
    let file = folder.join("slow.toml");
    let ring = topology::ready::find("ring-with-stp").expect("a ready lab");
    let slow = topology::file::write(&ring.lab()).replace("forward_delay = 2", "forward_delay = 15");
    assert!(slow.contains("forward_delay = 15"), "{slow}");
    fs::write(&file, slow).expect("it can be written");
    let begun = Instant::now();
    let mut child = started(&["run", text(&file)]);
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut title = String::new();
    out.read_line(&mut title).expect("it can be read");
    interrupt(&child);
    let mut told = String::new();
    out.read_to_string(&mut told).expect("it can be read");
    child.wait().expect("it ends");
    assert!(!told.contains("pings") && !told.contains("probe"), "a ping was sent after Ctrl-C: {told}");
    // IEEE 802.1D: a port listens and then learns, for the delay each, before it forwards.
    assert!(begun.elapsed() < Duration::from_secs(30), "it waited until the ports forward");
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn an_exported_script_builds_in_our_sandbox_and_not_in_one_of_its_own() {
    let folder = folder("exported");
    let (script, empty) = (folder.join("lab.sh"), folder.join("empty.toml"));
    let converted = hopscope(&["convert", "two-rooms-and-a-cable", text(&script)]);
    assert_eq!(converted.status.code(), Some(0), "{}", String::from_utf8_lossy(&converted.stderr));
    let (lines, _) = json_lines(&["run", text(&script), "--json"]);
    let names = |lab: &Value| {
        let namespaces = lab["namespaces"].as_array().cloned().unwrap_or_default();
        namespaces.iter().map(|found| found["name"].clone()).collect::<Vec<_>>()
    };
    let observed = of_type(&lines, "lab").last().copied().cloned().unwrap_or_default();
    assert_eq!(names(&observed), ["blue", "red"], "typed into a terminal: {observed}");
    fs::write(&empty, "hopscope = 1\n").expect("it can be written");
    let command = format!("sh '{}' >&2 && ls /run/netns", text(&script));
    let (lines, _) = json_lines(&["run", text(&empty), "--json", "--exec", "host", &command]);
    let output = of_type(&lines, "command")[0]["output"].as_str().unwrap_or_default().to_owned();
    assert!(output.starts_with("blue\nred\n"), "run by --exec: {output}");
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}
