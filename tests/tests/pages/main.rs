//! Tutorials and scripts through the real program: what is typed, what is told, what comes of it.

mod copied;
mod ending;
mod keeping;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use hopscope_tests::{hopscope, json_lines, of_type, route};
use serde_json::Value;

/// What a run may take besides its commands.
const MOST_BESIDES: f64 = 3.0;

/// A folder for one test, gone when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hopscope-pages-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    fn with(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a file can be written");
        text_of(&path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

fn text_of(path: &Path) -> String {
    path.to_str().expect("the path is text").to_owned()
}

/// The lines of a page that is run, and its exit status.
fn run(test: &str, name: &str, text: &str, options: &[&str]) -> (Vec<Value>, i32) {
    let folder = Folder::new(test);
    let file = folder.with(name, text);
    let begun = Instant::now();
    let (lines, status) = json_lines(&[&["run", file.as_str(), "--json"], options].concat());
    let whole = begun.elapsed().as_secs_f64();
    let took = |line: &&Value| line["took_ms"].as_f64().expect("a page's command says how long it took");
    let commands = of_type(&lines, "command").iter().map(took).sum::<f64>() / 1e3;
    assert!(whole - commands < MOST_BESIDES, "{whole:.1} s for commands of {commands:.1} s");
    (lines, status)
}

/// `WHERE: TEXT STATUS` of each command, in order.
fn commands(lines: &[Value]) -> Vec<String> {
    let line = |line: &&Value| {
        let word = |field: &str| line[field].as_str().expect("a text").to_owned();
        format!("{}: {} {}", word("where"), word("text"), line["status"])
    };
    of_type(lines, "command").iter().map(line).collect()
}

/// The one line of what was observed.
fn lab(lines: &[Value]) -> &Value {
    let labs = of_type(lines, "lab");
    assert_eq!(labs.len(), 1, "one lab is told: {labs:?}");
    labs[0]
}

/// The routes of the journeys between the line of this command and the next.
fn caused_by(lines: &[Value], text: &str, protocol: &str) -> Vec<String> {
    let from = lines.iter().position(|line| line["type"] == "command" && line["text"] == text);
    let behind = &lines[from.unwrap_or_else(|| panic!("“{text}” was not run")) + 1..];
    let own = behind.iter().take_while(|line| line["type"] != "command" && line["type"] != "lab");
    own.filter(|line| line["type"] == "journey" && line["protocol"] == protocol).map(route).collect()
}

const TWO_ROOMS: &str = r#"# Two rooms, one cord

First the rooms:

```bash
sudo ip netns add left
sudo ip netns add right
```

A cord with an end in each:

```bash
sudo ip link add cord-l type veth peer name cord-r
sudo ip link set cord-l netns left
sudo ip link set cord-r netns right
sudo ip -n left addr add 10.31.0.1/24 dev cord-l
sudo ip -n right addr add 10.31.0.2/24 dev cord-r
sudo ip -n left link set cord-l up
sudo ip -n right link set cord-r up
```

Try it, there and back:

```bash
sudo ip netns exec left ping -c 1 10.31.0.2
sudo ip netns exec right ping -c 1 10.31.0.1
```

## Clean up

```bash
sudo ip netns del left
sudo ip netns del right
```
"#;

#[test]
fn a_page_is_run_in_order_and_its_lab_is_told_before_it_cleans_up() {
    let (lines, status) = run("two-rooms", "rooms.md", TWO_ROOMS, &[]);
    assert_eq!(status, 0);
    assert!(commands(&lines).iter().all(|line| line.ends_with(" 0")), "{:#?}", commands(&lines));
    assert_eq!(commands(&lines).len(), 13);
    let lab = lab(&lines);
    assert_eq!(lab["namespaces"], serde_json::json!([{ "name": "left" }, { "name": "right" }]));
    assert_eq!(lab["cables"], serde_json::json!([{ "ends": ["left/cord-l", "right/cord-r"] }]));
    let left = &lab["interfaces"][0];
    assert_eq!((&left["at"], &left["up"]), (&"left/cord-l".into(), &true.into()));
    assert_eq!(left["addresses"], serde_json::json!(["10.31.0.1/24"]));
    let place = |kind: &str, text: &str| {
        let is_it = |line: &Value| line["type"] == kind && (text.is_empty() || line["text"] == text);
        lines.iter().position(is_it).unwrap_or_else(|| panic!("there is no {kind} {text}"))
    };
    assert!(place("lab", "") < place("command", "sudo ip netns del left"));
    let there = "sudo ip netns exec left ping -c 1 10.31.0.2";
    let (out, back) = ("left/cord-l> >right/cord-r delivered", "right/cord-r> >left/cord-l delivered");
    assert_eq!(caused_by(&lines, there, "ARP"), [out, back]);
    assert_eq!(caused_by(&lines, there, "ICMP"), [out, back]);
    assert_eq!(caused_by(&lines, "sudo ip netns exec right ping -c 1 10.31.0.1", "ICMP"), [back, out]);
    let summary = of_type(&lines, "summary")[0];
    assert_eq!(
        (&summary["commands"], &summary["failed"], &summary["taps"]),
        (&13.into(), &0.into(), &2.into())
    );
}

const TWO_PROCESSES: &str = "# Processes with networks of their own

In two terminals:

```bash
sudo unshare --net --fork bash
echo \"I am $$\"
```

Note the numbers: `<PID1>` and `<PID2>`.

In the **host terminal**:

```bash
sudo ip link add knot type bridge
sudo ip link set knot up
sudo ip link add eth-a type veth peer name port-a
sudo ip link add eth-b type veth peer name port-b
sudo ip link set eth-a netns <PID1>
sudo ip link set eth-b netns <PID2>
sudo ip link set port-a master knot up
sudo ip link set port-b master knot up
```

Inside **namespace 1**:

```bash
ip addr add 10.32.0.1/24 dev eth-a
ip link set eth-a up
```

Inside **namespace 2**:

```bash
ip addr add 10.32.0.2/24 dev eth-b
ip link set eth-b up
```

From **namespace 1**:

```bash
ping 10.32.0.2
```
";

#[test]
fn terminals_become_those_of_their_namespaces_and_placeholders_are_filled() {
    let (lines, status) = run("processes", "processes.md", TWO_PROCESSES, &[]);
    assert_eq!(status, 0);
    let commands = of_type(&lines, "command");
    assert!(commands.iter().all(|command| command["status"] == 0), "{commands:#?}");
    let said: Vec<&Value> =
        commands.iter().copied().filter(|line| line["text"] == "echo \"I am $$\"").collect();
    let pids: Vec<&str> =
        said.iter().filter_map(|line| line["where"].as_str()?.strip_prefix("pid ")).collect();
    let [first, second] = pids.as_slice() else { panic!("it was said in {said:#?}") };
    assert_eq!(said[0]["output"], format!("I am {first}\n"));
    let named = |pid: &str| {
        let number: u32 = pid.parse().expect("a number");
        serde_json::json!({ "name": format!("pid {pid}"), "pid": number })
    };
    let lab = lab(&lines);
    let mut namespaces = lab["namespaces"].as_array().expect("an array").clone();
    namespaces.sort_by_key(|namespace| namespace["pid"].as_u64());
    assert_eq!(namespaces, [named(first), named(second)]);
    let bridge = serde_json::json!([{ "name": "knot", "namespace": "host", "ports": ["port-a", "port-b"] }]);
    assert_eq!(lab["bridges"], bridge);
    let ping = commands.last().expect("there are commands");
    assert_eq!((&ping["text"], &ping["where"]), (&"ping 10.32.0.2".into(), &format!("pid {first}").into()));
    assert_eq!(ping["interrupted"], true, "it was given its time and ended");
    let there = format!("pid {first}/eth-a> >host/port-a host/port-b> >pid {second}/eth-b delivered");
    let echoes = caused_by(&lines, "ping 10.32.0.2", "ICMP");
    assert!(echoes.contains(&there), "{echoes:#?}");
}

#[test]
fn a_failing_command_goes_on_unless_it_is_to_be_strict() {
    let page = "Look:\n\n```\n$ cat /nonexistent/thing\ncat: /nonexistent/thing: No such file\n$ echo on\non\n$ sudo apt \
                install -y something\n```\n";
    let (lines, status) = run("failing", "page.md", page, &[]);
    assert_eq!(status, 0, "a command's own status is told, not taken over");
    assert_eq!(commands(&lines), ["host: cat /nonexistent/thing 1", "host: echo on 0"]);
    let first = of_type(&lines, "command")[0];
    assert_eq!(first["line"], 4);
    assert_eq!(first["output"], "cat: /nonexistent/thing: No such file or directory\n");
    let not_run = of_type(&lines, "not-run");
    assert_eq!((not_run.len(), &not_run[0]["line"]), (1, &8.into()), "{not_run:?}");
    let (lines, status) = run("strict", "page.md", page, &["--strict"]);
    assert_eq!(status, 1);
    assert_eq!(commands(&lines), ["host: cat /nonexistent/thing 1"]);
    assert_eq!(of_type(&lines, "not-run").len(), 2);
    assert_eq!(lab(&lines)["namespaces"], serde_json::json!([]));
}

const SCRIPT: &str = r#"#!/bin/bash
cd "$(dirname "$0")"
rooms="north south"

add_room() {
    ip netns add "$1"
    ip link add "to-$1" type veth peer name eth0 netns "$1"
    ip link set "to-$1" master hub up
    ip -n "$1" addr add "10.33.0.$2/24" dev eth0
    ip -n "$1" link set eth0 up
}

ip link add hub type bridge
ip link set hub up
n=1
for room in $rooms; do
    add_room "$room" $n
    n=$((n + 1))
done
cat <<END
$0 has made $((n - 1)) rooms: $rooms!
	END is not here yet
END
exit 6
echo never
"#;

#[test]
fn a_script_keeps_its_variables_functions_and_documents() {
    let (lines, status) = run("script", "build.sh", SCRIPT, &[]);
    assert_eq!(status, 0);
    let told: Vec<&str> =
        of_type(&lines, "command").iter().filter_map(|line| line["output"].as_str()).collect();
    let document = told.iter().find(|output| output.contains("rooms:")).expect("the here-document is told");
    assert!(
        document.ends_with("/build.sh has made 2 rooms: north south!\n\tEND is not here yet\n"),
        "{document}"
    );
    assert!(document.starts_with('/'), "{document}");
    let exit = of_type(&lines, "command").pop().expect("there are commands");
    assert_eq!((&exit["text"], &exit["status"]), (&"exit 6".into(), &6.into()));
    let not_run = of_type(&lines, "not-run");
    assert_eq!((not_run.len(), &not_run[0]["text"]), (1, &"echo never".into()));
    let lab = lab(&lines);
    assert_eq!(lab["namespaces"], serde_json::json!([{ "name": "north" }, { "name": "south" }]));
    assert_eq!(lab["bridges"][0]["ports"], serde_json::json!(["to-north", "to-south"]));
}

#[test]
fn what_is_for_labs_is_refused_for_pages() {
    let folder = Folder::new("usage");
    let page = folder.with("rooms.md", TWO_ROOMS);
    let missing = text_of(&folder.0.join("missing.md"));
    let cases: [(&[&str], &str); 4] = [
        (&["run", &page, "--ping", "left", "right"], "--ping is for labs"),
        (&["run", &page, "--count", "2"], "--count is for labs"),
        (&["run", &missing], "missing.md"),
        (&["check", &page], "hopscope convert"),
    ];
    for (arguments, said) in cases {
        let output = hopscope(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(errors.contains(said), "{arguments:?} does not speak of {said}: {errors}");
    }
}
