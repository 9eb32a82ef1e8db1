//! What is typed is seen: the engine follows the kernel, whoever changes it, and taps what is new.

mod meanwhile;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use capture::{Event, TapId, glance::Glance};
use hopscope::{
    engine::client::{Aside, Engine},
    terminal::{TerminalId, TerminalSaid, TerminalSize},
};
use topology::{Became, InterfaceKind, Lab, NamespaceName, Place, Position, Sight};

use super::{
    labs::{self, name},
    users::{Who, everybody, start},
};

pub const LIMIT: Duration = Duration::from_secs(60);

/// An engine that follows, and all that it said so far.
pub struct Followed {
    pub engine: Engine,
    asides: Receiver<Aside>,
    events: Receiver<Event>,
    pub sight: Sight,
    /// So many looks were told.
    pub told: usize,
    became: Vec<Became>,
    labs: Vec<Lab>,
    taps: BTreeMap<TapId, Place>,
    frames: Vec<(TapId, Vec<u8>)>,
    missed: BTreeMap<TapId, u64>,
}

impl Followed {
    pub fn start(who: Who) -> Self {
        let mut engine = start(who);
        engine.build(&Lab::default()).expect("an empty lab");
        engine.follow().expect("it follows");
        let asides = engine.take_asides().expect("nobody took them");
        let events = engine.take_events().expect("nobody took them");
        let mut followed = Self {
            engine,
            asides,
            events,
            sight: Sight::default(),
            told: 0,
            became: Vec::new(),
            labs: Vec::new(),
            taps: BTreeMap::new(),
            frames: Vec::new(),
            missed: BTreeMap::new(),
        };
        followed.until("the first look", |followed| followed.sight != Sight::default());
        followed
    }

    /// As typed in this namespace.
    pub fn types(&self, namespace: &str, commands: &str) -> String {
        let outcome =
            self.engine.run(&name(namespace), &format!("set -e; {commands}"), LIMIT).expect("it runs");
        assert!(outcome.succeeded(), "{commands}: {}", outcome.stderr.text());
        outcome.stdout.text().into_owned()
    }

    #[track_caller]
    pub fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + LIMIT;
        loop {
            self.take_in();
            if is_so(self) {
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{what} did not come: {:#?} taps {:?}", self.sight, self.taps);
            // Whichever says something first; the other is asked after a moment.
            if let Ok(event) = self.events.recv_timeout(left.min(Duration::from_millis(5))) {
                self.hear(event);
            }
        }
    }

    pub fn take_in(&mut self) {
        while let Ok(aside) = self.asides.try_recv() {
            if let Aside::Saw(sight) = aside {
                self.became.extend(sight.became.iter().cloned());
                self.sight = *sight;
                self.told += 1;
            }
        }
        while let Ok(event) = self.events.try_recv() {
            self.hear(event);
        }
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Lab { lab, .. } => self.labs.push(Lab::clone(&lab)),
            Event::Tap(tap) => {
                assert_eq!(self.taps.insert(tap.id, tap.at), None, "a number twice");
            }
            Event::Frame(frame) => self.frames.push((frame.tap, frame.bytes.to_vec())),
            Event::Missed { tap, frames, .. } => *self.missed.entry(tap).or_default() += frames,
            Event::Lost { .. } | Event::Caption { .. } | Event::Forgot { .. } => {}
        }
    }

    fn has(&self, at: &str) -> bool {
        self.sight.lab.interface(&place(at)).is_some()
    }

    /// The tap that came last at this place.
    fn tap(&self, at: &str) -> Option<TapId> {
        self.taps.iter().rev().find(|(_, place)| place.to_string() == at).map(|(id, _)| *id)
    }

    /// ICMP frames that the last tap at this place saw.
    fn pings_at(&self, at: &str) -> usize {
        let is_icmp = |bytes: &[u8]| bytes.get(12..14) == Some(&[8, 0]) && bytes.get(23) == Some(&1);
        let tap = self.tap(at);
        self.frames.iter().filter(|(of, bytes)| Some(*of) == tap && is_icmp(bytes)).count()
    }
}

fn place(text: &str) -> Place {
    text.parse().expect("a place")
}

/// Red and the host on one cable, step by step as a tutorial has it.
const CABLE: &str = "ip netns add red
ip link add veth-red type veth peer name veth-host
ip link set veth-red netns red
ip addr add 10.0.0.2/24 dev veth-host
ip -n red addr add 10.0.0.1/24 dev veth-red
ip link set veth-host up
ip -n red link set veth-red up";

#[test]
fn what_is_typed_is_seen_tapped_and_gone_again() {
    for who in everybody() {
        let mut followed = Followed::start(who);
        followed.types("host", CABLE);
        followed.until("the cable", |followed| {
            let end = followed.sight.lab.interface(&place("red/veth-red"));
            end.is_some_and(|end| end.up && !end.addresses.is_empty()) && followed.sight.lab.cables.len() == 1
        });
        followed.until("taps at both ends", |followed| {
            followed.tap("red/veth-red").is_some() && followed.tap("host/veth-host").is_some()
        });
        assert!(followed.labs.last().is_some_and(|lab| lab.cables.len() == 1), "{who:?}");
        let outcome = followed.engine.probe(labs::ping("red", "10.0.0.2")).expect("a ping");
        assert!(outcome.answered, "{who:?}: {outcome:?}");
        followed.until("the ping at both taps", |followed| {
            followed.pings_at("red/veth-red") == 2 && followed.pings_at("host/veth-host") == 2
        });
        followed.types("host", "ip netns del red");
        followed.until("nothing", |followed| {
            !followed.has("host/veth-host") && !followed.sight.lab.namespaces.contains_key(&name("red"))
        });
        assert_eq!(followed.types("host", "ip -o link show | wc -l").trim(), "1", "{who:?}");
        followed.engine.stop().expect("it stops");
    }
}

/// In one breath, so that the taps come when frames have crossed already: what was not seen is counted.
#[test]
fn what_crosses_before_a_tap_is_there_is_said_to_be_missing() {
    let mut followed = Followed::start(Who::Me);
    let quiet = "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1";
    let ping = "ip netns exec red ping -c 3 -i 0.002 -W 2 10.0.0.2 >&2";
    let more = "ip netns exec red ping -c 2 -i 0.1 -W 2 10.0.0.2 >&2";
    let count = "for at in \"\" \"-n red\"; do ip $at -s -j link show type veth; done";
    followed.types(
        "host",
        &format!(
            "{quiet}; {}; {ping}",
            CABLE.replace("netns add red", &format!("netns add red; ip netns exec red {quiet}"))
        ),
    );
    followed.until("taps at both ends", |followed| {
        followed.tap("red/veth-red").is_some() && followed.tap("host/veth-host").is_some()
    });
    followed.types("host", more);
    followed.until("what is seen", |followed| 4 <= followed.pings_at("red/veth-red"));
    followed.engine.settle(LIMIT).expect("silence");
    followed.take_in();
    let counted: Vec<u64> = followed.types("host", count).split("packets\":").skip(1).map(number).collect();
    let carried = [counted[0] + counted[1], counted[2] + counted[3]];
    for (at, carried) in [("host/veth-host", carried[0]), ("red/veth-red", carried[1])] {
        let tap = followed.tap(at).expect("it has a tap");
        let seen = followed.frames.iter().filter(|(of, _)| *of == tap).count() as u64;
        let missed = followed.missed.get(&tap).copied().unwrap_or(0);
        assert_eq!(seen + missed, carried, "{at}: {seen} seen and {missed} missed");
    }
}

fn number(text: &str) -> u64 {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}

#[test]
fn renamed_and_moved_interfaces_are_known_again_and_go_on_being_heard() {
    let mut followed = Followed::start(Who::Me);
    followed.types("host", CABLE);
    followed.until("taps at both ends", |followed| {
        followed.tap("red/veth-red").is_some() && followed.tap("host/veth-host").is_some()
    });
    // What crossed before the taps were there is told after each of them.
    followed.engine.settle(LIMIT).expect("silence");
    followed.take_in();
    let missed_before = followed.missed.clone();
    followed.types("red", "ip link set veth-red down; ip link set veth-red name eth0; ip link set eth0 up");
    followed.until("the new name", |followed| followed.has("red/eth0") && followed.tap("red/eth0").is_some());
    let renamed = Became::Interface { from: place("red/veth-red"), to: place("red/eth0") };
    assert!(followed.became.contains(&renamed), "{:?}", followed.became);
    assert!(followed.engine.probe(labs::ping("red", "10.0.0.2")).expect("a ping").answered);
    followed.until("the ping under the new name", |followed| followed.pings_at("red/eth0") == 2);
    assert_eq!(followed.missed, missed_before, "a tap that goes on misses nothing");
    followed.types("host", "ip netns add blue; ip -n red link set eth0 netns blue");
    followed.until("the move", |followed| followed.has("blue/eth0") && !followed.has("red/eth0"));
    let moved = Became::Interface { from: place("red/eth0"), to: place("blue/eth0") };
    assert!(followed.became.contains(&moved), "{:?}", followed.became);
    followed.types("blue", "ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up");
    followed.until("a tap there", |followed| followed.tap("blue/eth0").is_some());
    assert!(followed.engine.probe(labs::ping("blue", "10.0.0.2")).expect("a ping").answered);
    followed.until("the ping where it is now", |followed| followed.pings_at("blue/eth0") == 2);
}

/// The same names again and again, faster than anybody looks.
#[test]
fn what_is_made_anew_under_the_same_name_is_tapped_anew() {
    let mut followed = Followed::start(Who::Me);
    for _ in 0..5 {
        followed.types(
            "host",
            &format!(
                "ip link del veth-host 2>/dev/null || true; ip netns del red 2>/dev/null || true; {CABLE}"
            ),
        );
    }
    followed.until("the cable", |followed| followed.sight.lab.cables.len() == 1);
    let deadline = Instant::now() + LIMIT;
    while followed.pings_at("red/veth-red") == 0 {
        assert!(Instant::now() < deadline, "its tap hears nothing: {:?}", followed.taps);
        assert!(followed.engine.probe(labs::ping("red", "10.0.0.2")).expect("a ping").answered);
        followed.engine.settle(LIMIT).expect("silence");
        followed.take_in();
    }
}

#[test]
fn what_was_drawn_keeps_its_place_when_somebody_types() {
    let mut followed = Followed::start(Who::Me);
    let mut drawn = labs::red_and_blue();
    drawn.title = "drawn".into();
    let position = Some(Position { x: 7, y: 9 });
    drawn.namespaces.get_mut(&name("red")).expect("it is there").position = position;
    let built = followed.engine.build(&drawn).expect("it builds");
    assert_eq!(built.namespaces[&name("red")].position, position);
    followed.until("what was built", |followed| followed.has("red/eth0"));
    followed.types("host", "ip netns add green");
    followed.until("what was typed", |followed| followed.sight.lab.namespaces.contains_key(&name("green")));
    followed.until("a lab with both", |followed| {
        followed.labs.last().is_some_and(|lab| lab.namespaces.contains_key(&name("green")))
    });
    let lab = followed.labs.last().expect("just found");
    assert_eq!((lab.title.as_str(), lab.namespaces[&name("red")].position), ("drawn", position));
    // A change that is drawn by somebody who knows of it, and does not want it, takes it away.
    let wanted = followed.engine.change(lab, &drawn).expect("it is changed");
    assert!(!wanted.namespaces.contains_key(&name("green")));
    followed.types("host", "ip netns add green");
    let built = followed.engine.build(&drawn).expect("it builds");
    assert!(!built.namespaces.contains_key(&name("green")), "a whole building is exact");
}

/// Two hundred namespaces with a cable each to one bridge, by a shell loop.
#[test]
fn a_loop_that_makes_two_hundred_namespaces_is_followed_without_a_missing_or_a_ghost_element() {
    const COUNT: usize = 200;
    let mut followed = Followed::start(Who::Me);
    // Without link-local addresses: two hundred stacks that greet each other are seen half a million times, and what
    // is to be measured at the end is how taps are closed, not how long such a flood is handed over.
    followed.types(
        "host",
        &format!(
            "quietly() {{ at=$1; of=$2; shift 2
                 printf '%s\\n' \"link set $of addrgenmode none\" \"link set $of $*\" | ip $at -batch -; }}
             ip link add br0 type bridge; quietly '' br0 up
             for n in $(seq {COUNT}); do
                 ip netns add ns$n
                 ip link add v$n numtxqueues 1 numrxqueues 1 type veth peer name eth0 netns ns$n numtxqueues 1 numrxqueues 1
                 quietly '' v$n master br0 up
                 quietly \"-n ns$n\" eth0 up
             done"
        ),
    );
    let expected: BTreeSet<Place> = (1..=COUNT)
        .flat_map(|n| [place(&format!("ns{n}/eth0")), place(&format!("host/v{n}"))])
        .chain([place("host/br0")])
        .collect();
    followed.until("all of it", |followed| followed.sight.lab.cables.len() == COUNT);
    followed.until("a tap everywhere", |followed| {
        let tapped: BTreeSet<&Place> = followed.taps.values().collect();
        expected.iter().all(|at| tapped.contains(at))
    });
    let shown: BTreeSet<Place> = followed
        .sight
        .lab
        .interfaces()
        .filter(|(_, found)| found.kind != InterfaceKind::Loopback)
        .map(|(at, _)| at)
        .collect();
    assert_eq!(shown, expected);
    let names: BTreeSet<NamespaceName> =
        (1..=COUNT).map(|n| name(&format!("ns{n}"))).chain([NamespaceName::host()]).collect();
    assert_eq!(followed.sight.lab.namespaces.keys().cloned().collect::<BTreeSet<_>>(), names);
    let ports = followed.sight.lab.ports(&place("host/br0")).count();
    assert_eq!((ports, followed.taps.len()), (COUNT, expected.len()), "no tap twice");
    let began = Instant::now();
    followed.engine.stop().expect("it stops");
    let took = began.elapsed();
    println!("stopped with {} taps after {took:?}", expected.len());
    assert!(took < Duration::from_secs(1), "{took:?}");
}

/// It unshares long after it was started, and nothing is started then: no announcement tells of it.
#[test]
fn a_program_in_a_terminal_that_unshares_late_is_seen_at_once() {
    let mut followed = Followed::start(Who::Me);
    let terminal = TerminalId(1);
    let size = TerminalSize { columns: 80, rows: 24 };
    followed.engine.open_terminal(terminal, NamespaceName::host(), size).expect("a terminal");
    let mut took = Vec::new();
    for _ in 0..3 {
        let typed = b"sh -c 'sleep 1.2; exec unshare --net sleep 60'\n".to_vec();
        followed.engine.type_into(terminal, typed).expect("it is typed");
        let (mut left, mut seen) = (None, None);
        let deadline = Instant::now() + LIMIT;
        while left.is_none() || seen.is_none() {
            let wait = deadline.saturating_duration_since(Instant::now());
            match followed.asides.recv_timeout(wait).expect("it is seen in time") {
                Aside::Terminal { said: TerminalSaid::At(at), .. } if at.starts_with("pid ") => {
                    left = Some(Instant::now());
                }
                Aside::Terminal { .. } => {}
                Aside::Saw(sight) => {
                    let is_there = sight.lab.namespaces.keys().any(|name| name.process().is_some());
                    seen = seen.or(is_there.then(Instant::now));
                }
            }
        }
        took.push(seen.expect("just found").saturating_duration_since(left.expect("just found")));
        followed.engine.type_into(terminal, vec![3]).expect("it is typed");
        followed.until("its end", |followed| followed.sight.lab.namespaces.len() == 1);
    }
    println!("seen after {took:?}");
    took.sort();
    // The slowest may have met a busy machine.
    assert!(took[1] < Duration::from_millis(100), "{took:?}");
}

#[test]
fn following_begins_before_or_after_listening_and_taps_nothing_twice() {
    let mut engine = start(Who::Me);
    let events = engine.take_events().expect("nobody took them");
    engine.build(&labs::red_and_blue()).expect("it builds");
    let before = engine.listen().expect("it listens");
    engine.follow().expect("it follows");
    let after = engine.listen().expect("it listens");
    assert_eq!((before.len(), &after), (2, &before));
    engine.stop().expect("it stops");
    let said: Vec<Event> = events.iter().collect();
    assert_eq!(said.iter().filter(|event| matches!(event, Event::Tap(_))).count(), 2);
    assert!(!said.iter().any(|event| matches!(event, Event::Missed { .. })), "nobody watched before");
    let frames =
        said.iter().filter_map(|event| if let Event::Frame(frame) = event { Some(frame) } else { None });
    assert!(frames.into_iter().all(|frame| Glance::at(&frame.bytes).is_some()));
}
