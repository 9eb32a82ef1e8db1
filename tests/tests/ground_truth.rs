//! Correlation against the kernel's own identity of each frame: the address of its `sk_buff`,
//! as the tracepoints `net_dev_queue` and `netif_receive_skb` give it (Documentation/trace/events.rst).
//! Floods are left out: the kernel makes clones there, each with an address of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use hopscope_tests::{json_lines, of_type};
use nix::{
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
};
use serde_json::Value;

/// From one sighting to the next, each as `dev out 5` or `dev in 5`: the fifth that was seen there in that direction.
/// An interface passes frames on in order, so the same number is the same frame for us and for the kernel.
type Edges = BTreeSet<(String, String)>;

#[test]
fn every_hop_is_the_kernels_own() {
    let trace = Trace::start();
    // What came before (ARP, learning) is over when the second round begins; the trace keeps it all.
    let traffic = "for i in 1 2 3 4 5 6 7 8 9; do echo round $i > /dev/udp/10.0.2.2/9; \
                   (echo > /dev/tcp/10.0.2.2/7) 2>/dev/null; done; true";
    let traffic = format!("bash -c '{traffic}'");
    let (lines, status) = json_lines(&[
        "run", LAB, "--ping", "left", "right", "--exec", "left", &traffic, "--ping", "right", "left",
        "--count", "20", "--json",
    ]);
    assert_eq!(status, 0, "all pings are answered");
    let kernel = trace.edges(&interfaces(&lines));
    let ours = our_edges(&lines);
    assert!(200 < kernel.len(), "the kernel traced too little: {kernel:?}");
    let (more, less): (Vec<_>, Vec<_>) =
        (ours.difference(&kernel).collect(), kernel.difference(&ours).collect());
    assert!(
        more.is_empty() && less.is_empty(),
        "hops of ours alone: {more:?}\nof the kernel alone: {less:?}"
    );
}

const LAB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/labs/router-and-two-switches.toml");

/// The interfaces' names, which are unique in this lab: tracepoints do not name the namespace.
fn interfaces(lines: &[Value]) -> Vec<String> {
    let places = of_type(lines, "journey").into_iter().flat_map(|journey| {
        let sightings = journey["sightings"].as_array().expect("a journey has sightings");
        sightings.iter().map(|sighting| interface(sighting).to_owned()).collect::<Vec<_>>()
    });
    let mut names: Vec<String> = places.collect();
    names.sort();
    names.dedup();
    names
}

fn interface(sighting: &Value) -> &str {
    let at = sighting["at"].as_str().expect("a sighting is at a place");
    at.split_once('/').expect("a place is namespace/interface").1
}

fn our_edges(lines: &[Value]) -> Edges {
    let mut seen: Vec<&Value> = Vec::new();
    for journey in of_type(lines, "journey") {
        let sightings = journey["sightings"].as_array().expect("a journey has sightings");
        if journey["protocol"] != "ARP" && !is_bridge(interface(&sightings[0])) {
            seen.extend(sightings.iter().filter(|sighting| !is_bridge(interface(sighting))));
        }
    }
    let number = |sighting: &Value, field: &str| sighting[field].as_u64();
    seen.sort_by_key(|sighting| (number(sighting, "t_ns"), number(sighting, "id")));
    let mut points = Points::default();
    let point = |sighting: &&Value| {
        let direction = sighting["direction"].as_str().expect("a direction is a word");
        (number(sighting, "id"), points.next(format!("{} {direction}", interface(sighting))))
    };
    let by_id: BTreeMap<Option<u64>, String> = seen.iter().map(point).collect();
    let edge = |sighting: &&Value| {
        let parent = number(sighting, "parent")?;
        Some((by_id[&Some(parent)].clone(), by_id[&number(sighting, "id")].clone()))
    };
    seen.iter().filter_map(edge).collect()
}

/// Numbers what is seen at each point.
#[derive(Default)]
struct Points(BTreeMap<String, usize>);

impl Points {
    fn next(&mut self, point: String) -> String {
        let number = self.0.entry(point.clone()).or_default();
        *number += 1;
        format!("{point} {number}")
    }
}

/// What a bridge itself sends (IGMP, when it comes up) is flooded too.
fn is_bridge(interface: &str) -> bool {
    interface.starts_with("br")
}

/// A trace instance of our own, which ends with the test.
struct Trace {
    instance: PathBuf,
}

impl Trace {
    fn start() -> Self {
        let why = "this test reads the kernel's tracepoints and must be run as root";
        unshare(CloneFlags::CLONE_NEWNS).unwrap_or_else(|error| panic!("{why}: unshare: {error}"));
        mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>)
            .unwrap_or_else(|error| panic!("{why}: mount / private: {error}"));
        mount(Some("tracefs"), "/mnt", Some("tracefs"), MsFlags::empty(), None::<&str>)
            .unwrap_or_else(|error| panic!("{why}: mount tracefs: {error}"));
        let instance = Path::new("/mnt/instances").join(format!("hopscope-test-{}", std::process::id()));
        fs::create_dir(&instance).expect("a trace instance can be made");
        let trace = Self { instance };
        trace.set("buffer_size_kb", "16384");
        for event in ["net/net_dev_queue", "net/netif_receive_skb", "skb/kfree_skb", "skb/consume_skb"] {
            trace.set(&format!("events/{event}/enable"), "1");
        }
        trace
    }

    fn set(&self, file: &str, value: &str) {
        let path = self.instance.join(file);
        fs::write(&path, value).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Follows each buffer from its first tracepoint to its end.
    fn edges(&self, interfaces: &[String]) -> Edges {
        self.set("tracing_on", "0");
        let text = fs::read_to_string(self.instance.join("trace")).expect("the trace can be read");
        assert!(!text.contains("LOST"), "the trace lost events");
        // By buffer; `None`: one whose way is left out, to its end.
        let mut last_point: BTreeMap<&str, Option<String>> = BTreeMap::new();
        let (mut edges, mut points) = (Edges::new(), Points::default());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some(buffer) = field(line, "skbaddr=") else { continue };
            let direction = match line {
                _ if line.contains(" net_dev_queue: ") => "out",
                _ if line.contains(" netif_receive_skb: ") => "in",
                _ => {
                    last_point.remove(buffer);
                    continue;
                }
            };
            let device = field(line, "dev=").expect("the tracepoint names the device");
            let length: usize =
                field(line, "len=").and_then(|text| text.parse().ok()).expect("it has a length");
            // An ARP question is flooded; its length tells it from what this test sends.
            let is_arp = length == if direction == "out" { 42 } else { 28 };
            if is_arp || is_bridge(device) || !interfaces.iter().any(|name| name == device) {
                last_point.insert(buffer, None);
                continue;
            }
            // What is born at a port is a copy that the bridge made of what it floods.
            let is_copy = direction == "out" && device.starts_with("p-");
            match last_point.get(buffer) {
                Some(None) => {}
                None if is_copy => {
                    last_point.insert(buffer, None);
                }
                before => {
                    let before = before.cloned().flatten();
                    let point = points.next(format!("{device} {direction}"));
                    edges.extend(before.map(|before| (before, point.clone())));
                    last_point.insert(buffer, Some(point));
                }
            }
            // TCP lets go of some buffers without a tracepoint: what arrived at its end is over.
            if direction == "in" && device.ends_with("-eth") {
                last_point.remove(buffer);
            }
        }
        edges
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        // Events must be off before the kernel lets go of an instance.
        let _ = fs::write(self.instance.join("events/enable"), "0");
        let _ = fs::remove_dir(&self.instance);
    }
}

fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = &line[line.find(name)? + name.len()..];
    rest.split_whitespace().next()
}
