//! What the tables say beside what the kernel says: `ip neigh` and `bridge fdb`, while ready labs live.
//! As root, since namespaces are made.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
    sync::{Arc, mpsc::channel},
    time::{Duration, Instant, SystemTime},
};

use capture::{
    Event, Tap, TapId, WireNs,
    journeys::Journeys,
    live::{Options, Taps},
    tables::{Forgotten, NeighbourState, Tables},
};
use hopscope_tests::in_empty_sandbox;
use serde_json::Value;
use topology::{
    Ground, InterfaceKind, Lab, MacAddress, NamespaceName, Place, Target,
    kernel::{Kernel, in_namespace},
    plan::plan,
    ready,
};

/// Lines as text, the same for the kernel and for us.
type Lines = BTreeSet<String>;

#[test]
fn after_pings_the_tables_are_those_of_the_kernel() {
    for name in ["two-rooms-and-a-switch", "four-rooms-and-the-host", "two-networks-and-a-router"] {
        in_empty_sandbox(|| {
            let mut watch = Watch::begin(name);
            watch.compare("nothing was sent yet");
            for (from, target) in watch.lab().pings.clone() {
                watch.ping(&from, &target, &["-W", "2"]);
                watch.compare(&format!("{from} has pinged"));
            }
            watch.end();
        });
    }
}

#[test]
fn over_ipv6_too() {
    in_empty_sandbox(|| {
        let mut watch = Watch::begin("rooms-with-ipv6");
        for (from, target) in watch.lab().pings.clone() {
            watch.ping(&from, &target, &["-W", "2"]);
            watch.compare(&format!("{from} has pinged"));
        }
        watch.end();
    });
}

#[test]
fn asking_in_vain_forgetting_and_going_down_are_as_in_the_kernel() {
    in_empty_sandbox(|| {
        let mut watch = Watch::begin("two-rooms-and-a-switch");
        let (ns1, ns2) = (name("ns1"), name("ns2"));
        let nobody = Target::Address("10.10.0.99".parse().expect("an address"));
        // Comes back when the kernel has given up asking.
        watch.ping(&ns1, &nobody, &["-W", "6"]);
        watch.compare("nobody has answered");
        watch.ping(&ns1, &Target::Namespace(ns2.clone()), &["-W", "2"]);
        watch.compare("ns2 has answered");
        watch.forget_neighbours(&ns1);
        watch.compare("ns1 has forgotten");
        watch.forget_learned(&"host/br0".parse().expect("a place"));
        watch.compare("br0 has forgotten");
        watch.ping(&ns1, &Target::Namespace(ns2.clone()), &["-W", "2"]);
        watch.compare("ns2 has answered again");
        watch.ip(&ns2, "neigh replace 10.10.0.77 lladdr 02:00:00:00:00:77 dev veth-ns2");
        watch.compare("ns2 has a neighbour by hand");
        // Carriers go down a little after the kernel was told to.
        watch.ip(&ns2, "link set veth-ns2 down");
        let br0 = "host/br0".parse().expect("a place");
        watch.wait_until("br0 forgets ns2", |watch| watch.learned(&br0).len() == 1);
        watch.compare("ns2's interface is down");
        watch.ip(&NamespaceName::host(), "link set veth-br1 down");
        watch.wait_until("ns1 forgets all", |watch| watch.neighbours(&ns1).is_empty());
        watch.compare("ns1's cable is dead");
        watch.end();
    });
}

fn name(text: &str) -> NamespaceName {
    text.parse().expect("a name")
}

fn now() -> WireNs {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    WireNs(i64::try_from(since.as_nanos()).expect("before 2262"))
}

/// A lab that lives, with taps everywhere, and what the kernel's tables held at some times.
struct Watch {
    kernel: Kernel,
    taps: Vec<Tap>,
    open: Taps,
    events: std::sync::mpsc::Receiver<Vec<Event>>,
    labs: Vec<(WireNs, Arc<Lab>)>,
    forgotten: Vec<(WireNs, Forgotten)>,
    seen: Vec<(WireNs, String, Lines)>,
}

impl Watch {
    fn begin(ready: &str) -> Self {
        let mut kernel = Kernel::new().expect("the kernel can be asked");
        let empty = kernel.observe().expect("an empty sandbox can be observed");
        let wanted = ready::find(ready).expect("a ready lab").lab();
        kernel.carry_out(&plan(&empty, &wanted)).unwrap_or_else(|failure| panic!("{ready}: {failure}"));
        let mut lab = kernel.observe().expect("a lab can be observed");
        lab.pings = wanted.pings;
        let is_tapped = |kind| !matches!(kind, InterfaceKind::Loopback);
        let places = lab.interfaces().filter(|(_, found)| is_tapped(found.kind)).map(|(at, _)| at);
        let tap = |(number, at)| Tap { id: TapId(u32::try_from(number).expect("few taps")), at };
        let taps: Vec<Tap> = places.enumerate().map(tap).collect();
        let (sender, events) = channel();
        let wanted = taps.iter().map(|tap| {
            (tap.clone(), kernel.namespace(&tap.at.namespace).expect("each namespace can be entered"))
        });
        let open = Taps::open(wanted.collect(), Options::default(), move |events| {
            // The test may have seen enough.
            let _enough = sender.send(events);
        });
        let deadline = Instant::now() + Duration::from_secs(20);
        let blocked = kernel.wait_until_forwarding(deadline).expect("ports can be observed");
        assert!(blocked.is_empty(), "{ready}: {blocked:?} do not forward");
        let labs = vec![(now(), Arc::new(lab))];
        let open = open.expect("taps that listen");
        let mut watch = Self { kernel, taps, open, events, labs, forgotten: Vec::new(), seen: Vec::new() };
        // What was learned before the taps listened cannot be known.
        let lab = watch.lab().clone();
        lab.namespaces.keys().chain([&NamespaceName::host()]).for_each(|name| watch.forget_neighbours(name));
        for (at, _) in lab.interfaces().filter(|(_, found)| found.bridge_settings().is_some()) {
            watch.forget_learned(&at);
        }
        watch
    }

    fn lab(&self) -> &Lab {
        &self.labs.last().expect("it began with a lab").1
    }

    fn run(&self, inside: &NamespaceName, program: &str, arguments: &str) -> String {
        let namespace = self.kernel.namespace(inside).expect("a namespace of this lab");
        let mut command = Command::new(program);
        command.args(arguments.split_whitespace());
        let output = in_namespace(&namespace, || command.output()).expect("it can be entered");
        let output = output.unwrap_or_else(|error| panic!("{program} is needed for this test: {error}"));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn ping(&self, from: &NamespaceName, target: &Target, how: &[&str]) {
        let address = match target {
            Target::Address(address) => address.to_string(),
            Target::Namespace(to) => {
                let interfaces = self.lab().namespaces[to].interfaces.values();
                interfaces.flat_map(|found| &found.addresses).next().expect("an address").addr().to_string()
            }
        };
        self.run(from, "ping", &format!("-n -c 1 {} {address}", how.join(" ")));
    }

    /// Changes something, and looks what the lab is now.
    fn ip(&mut self, inside: &NamespaceName, arguments: &str) {
        self.run(inside, "ip", arguments);
        let lab = self.kernel.observe().expect("a lab can be observed");
        self.labs.push((now(), Arc::new(lab)));
    }

    fn forget_neighbours(&mut self, of: &NamespaceName) {
        self.run(of, "ip", "neigh flush all");
        self.forgotten.push((now(), Forgotten::Neighbours(of.clone())));
    }

    fn forget_learned(&mut self, by: &Place) {
        self.run(&by.namespace, "ip", &format!("link set dev {} type bridge fdb_flush", by.interface));
        self.forgotten.push((now(), Forgotten::Learned(by.clone())));
    }

    fn wait_until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !holds(self) {
            assert!(Instant::now() < deadline, "never: {what}");
        }
    }

    /// Remembers what the kernel's tables hold right now.
    fn compare(&mut self, why: &str) {
        let lab = self.lab().clone();
        let mut lines = Lines::new();
        for name in lab.namespaces.keys() {
            lines.extend(self.neighbours(name));
        }
        for (at, _) in lab.interfaces().filter(|(_, found)| found.bridge_settings().is_some()) {
            lines.extend(self.learned(&at));
        }
        self.seen.push((now(), why.to_owned(), lines));
    }

    fn neighbours(&self, of: &NamespaceName) -> Lines {
        let text = self.run(of, "ip", "-json neigh show");
        let rows: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
        let line = |row: &Value| {
            let mac = row["lladdr"].as_str().unwrap_or("?");
            let state = match row["state"][0].as_str()? {
                "INCOMPLETE" => "asking".to_owned(),
                "FAILED" => "failed".to_owned(),
                "PERMANENT" => format!("always {mac}"),
                "NOARP" | "NONE" => return None,
                _ => mac.to_owned(),
            };
            Some(format!("{of}: {} {state}", row["dst"].as_str()?))
        };
        rows.as_array().expect("a list").iter().filter_map(line).collect()
    }

    fn learned(&self, by: &Place) -> Lines {
        let text = self.run(&by.namespace, "bridge", &format!("-json fdb show br {}", by.interface));
        let rows: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
        let line = |row: &Value| {
            let is_learned = row["state"].as_str().is_none_or(str::is_empty);
            let is_for_the_bridge =
                row["flags"].as_array().is_none_or(|flags| !flags.contains(&"self".into()));
            (is_learned && is_for_the_bridge)
                .then(|| Some(format!("{by}: {} behind {}", row["mac"].as_str()?, row["ifname"].as_str()?)))?
        };
        rows.as_array().expect("a list").iter().filter_map(line).collect()
    }

    /// Works out the tables from what was captured, and looks back at each time.
    fn end(self) {
        self.open.close();
        let mut journeys = Journeys::new();
        let first = &self.labs[0];
        journeys.push(Event::Lab { t: first.0, lab: first.1.clone() });
        self.events.into_iter().flatten().for_each(|event| journeys.push(event));
        let mut tables = Tables::default();
        self.labs.iter().for_each(|(t, lab)| tables.take_lab(*t, lab));
        self.forgotten.iter().for_each(|(t, what)| tables.forget(*t, what));
        let mut all = journeys.take_finished();
        all.extend(journeys.finish());
        all.iter().for_each(|journey| tables.take(journey, &first.1, &self.taps));
        for (t, why, kernels) in self.seen.iter().rev() {
            let ours = ours(&tables, &first.1, *t);
            assert_eq!(&ours, kernels, "{}, {why}: ours (left) and the kernel's (right)", first.1.title);
        }
        let most: BTreeMap<&NamespaceName, usize> =
            first.1.namespaces.keys().map(|name| (name, tables.most_neighbours(name))).collect();
        assert!(most.values().any(|most| 0 < *most), "nothing was learned at all: {most:?}");
    }
}

fn ours(tables: &Tables, lab: &Lab, at: WireNs) -> Lines {
    let mut lines = Lines::new();
    for name in lab.namespaces.keys() {
        for row in tables.neighbours(name, at) {
            let state = match row.state {
                NeighbourState::Asking => "asking".to_owned(),
                NeighbourState::Failed => "failed".to_owned(),
                NeighbourState::Known(mac) => mac.to_string(),
                NeighbourState::Static(mac) => format!("always {mac}"),
            };
            lines.insert(format!("{name}: {} {state}", row.address));
        }
    }
    for (bridge, _) in lab.interfaces().filter(|(_, found)| found.bridge_settings().is_some()) {
        for row in tables.learned(&bridge, at) {
            let mac: MacAddress = row.mac;
            lines.insert(format!("{bridge}: {mac} behind {}", row.port.interface));
        }
    }
    lines
}
