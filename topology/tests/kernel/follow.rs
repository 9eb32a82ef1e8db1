//! The kernel followed: whatever happens, a look after it is quiet shows just what is there.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

use topology::{Became, Ground, Sight, kernel::Kernel};

use crate::{
    chance::Chance,
    labs::*,
    processes::used,
    sandbox::{in_sandbox, output},
    told, told_tables,
};

/// So long nothing is heard, and it counts as quiet.
const QUIET: Duration = Duration::from_millis(60);
const PATIENCE: Duration = Duration::from_secs(20);
/// Nothing is said so late.
const SAID_AT_LAST: Duration = Duration::from_secs(3);

/// A kernel that is followed, and looked at whenever it wakes.
pub struct Followed {
    pub kernel: Kernel,
    pub wakes: Receiver<Instant>,
    pub became: Vec<Became>,
    pub looks: usize,
    pub spent: Duration,
}

impl Followed {
    pub fn new(mut kernel: Kernel, octets: Option<usize>) -> Self {
        let (sender, wakes) = channel();
        let wake = move || sender.send(Instant::now()).unwrap_or_default();
        kernel.follow_with_room_for(octets, wake).expect("it can be followed");
        let mut followed = Self { kernel, wakes, became: vec![], looks: 0, spent: Duration::ZERO };
        followed.look();
        followed
    }

    pub fn look(&mut self) -> Sight {
        let start = Instant::now();
        let sight = self.kernel.look().expect("a look");
        self.looks += 1;
        self.spent += start.elapsed();
        self.became.extend(sight.became.clone());
        sight
    }

    /// Looks at each wake until it is quiet; what the last look showed.
    pub fn until_quiet(&mut self) -> Sight {
        let mut sight = self.look();
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.wakes.recv_timeout(QUIET) {
                Ok(_) => sight = self.look(),
                Err(RecvTimeoutError::Timeout) => return sight,
                Err(RecvTimeoutError::Disconnected) => panic!("nobody watches any more"),
            }
            assert!(Instant::now() < deadline, "it never gets quiet");
        }
    }

    /// Looks at each wake until a look shows it.
    pub fn until(&mut self, what: &str, shows: impl Fn(&Sight) -> bool) -> Sight {
        let deadline = Instant::now() + PATIENCE;
        let mut sight = self.look();
        while !shows(&sight) {
            let left = deadline.saturating_duration_since(Instant::now());
            self.wakes.recv_timeout(left).unwrap_or_else(|_| panic!("no look shows {what}: {sight:#?}"));
            sight = self.look();
        }
        sight
    }
}

/// What is shown must be true once it is quiet. The kernel takes some time to clear a namespace away; while it does,
/// what is still there may differ from one moment to the next, but then it must be said.
pub fn assert_true(followed: &mut Followed, after: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let sight = followed.until_quiet();
        let fresh = Kernel::new().expect("another kernel").observe().expect("a lab");
        let (shown, told) = (told::by_lab(&sight.lab), told::by_ip());
        let otherwise = told_tables::differences(&sight.tables);
        if sight.lab == fresh && shown == told && otherwise.is_empty() {
            return;
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if followed.wakes.recv_timeout(left.min(SAID_AT_LAST)).is_err() {
            assert_eq!(sight.lab, fresh, "look and observe differ after\n{after}");
            assert_eq!(shown, told, "look and ip differ after\n{after}");
            assert!(otherwise.is_empty(), "tables differ: {otherwise:#?} after\n{after}");
        }
    }
}

#[test]
fn random_commands_are_followed() {
    in_sandbox(|| {
        let mut followed = Followed::new(Kernel::new().expect("the kernel"), None);
        let seed = std::env::var("FOLLOW_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
        let mut chance = Chance::new(seed);
        output("for name in red blue green; do ip netns add $name; done");
        let mut log = String::new();
        for _ in 0..60 {
            for _ in 0..1 + chance.below(4) {
                log += &chance.command();
            }
            assert_true(&mut followed, &log);
        }
        println!("{} looks, {} became\n{log}", followed.looks, followed.became.len());
        assert_eq!(followed.kernel.lost_announcements(), 0);
    });
}

#[test]
fn lost_announcements_make_no_wrong_picture() {
    in_sandbox(|| {
        let mut followed = Followed::new(Kernel::new().expect("the kernel"), Some(1));
        let mut chance = Chance::new(11);
        for _ in 0..10 {
            let mut log: String = (0..6).map(|_| chance.command()).collect();
            // Too much at once for so small an ear.
            output(
                "ip link add name many type bridge; for i in $(seq 40); do echo addr add 10.9.$i.1/24 dev many; done | ip -batch -",
            );
            log += "many addresses";
            assert_true(&mut followed, &log);
            output("ip link del dev many");
            assert_true(&mut followed, "removing them");
        }
        assert_ne!(followed.kernel.lost_announcements(), 0);
    });
}

#[test]
fn two_hundred_namespaces_by_a_loop() {
    in_sandbox(|| {
        let mut followed = Followed::new(Kernel::new().expect("the kernel"), None);
        let script = "ip link add name br0 type bridge; ip link set dev br0 up; for i in $(seq 200); do
            ip netns add n$i; ip link add name p$i type veth peer name eth0 netns n$i;
            ip link set dev p$i master br0 up; ip -n n$i addr add 10.1.$((i / 250)).$((i % 250))/16 dev eth0;
            ip -n n$i link set dev eth0 up; done";
        let shell = std::thread::Builder::new();
        let start = Instant::now();
        let shell = shell.spawn(move || output(script)).expect("a thread");
        while !shell.is_finished() {
            if followed.wakes.recv_timeout(QUIET).is_ok() {
                followed.look();
            }
        }
        shell.join().expect("the script");
        let ran = start.elapsed();
        let sight = followed.until_quiet();
        println!(
            "the loop took {ran:?}; {} looks of {:?} together, {:?} of processor; quiet {:?} later",
            followed.looks,
            followed.spent,
            used(),
            start.elapsed() - ran
        );
        assert_eq!((sight.lab.namespaces.len(), sight.lab.cables.len()), (201, 200));
        assert_true(&mut followed, "200 namespaces");
        output("for i in $(seq 200); do ip netns del n$i; done; ip link del dev br0");
        let sight = followed.until("an empty host", |sight| sight.lab.interfaces().count() == 1);
        assert_eq!(sight.lab, empty());
        assert_true(&mut followed, "removing all");
    });
}

#[test]
fn what_is_renamed_or_moved_is_the_same() {
    in_sandbox(|| {
        output("ip netns add red; ip netns add blue; ip link add name br0 type bridge");
        output(
            "ip link add name a type veth peer name b; ip link set dev a master br0; ip link set dev b netns red",
        );
        let mut followed = Followed::new(Kernel::new().expect("the kernel"), None);
        let mut moved = |command: &str, from: &str, to: &str| {
            followed.became.clear();
            output(command);
            let shown = place(to);
            followed.until(to, |sight| sight.lab.interface(&shown).is_some());
            followed.until_quiet();
            let became = std::mem::take(&mut followed.became);
            assert_eq!(became, [Became::Interface { from: place(from), to: place(to) }], "{command}");
        };
        moved("ip link set dev br0 name br1", "host/br0", "host/br1");
        moved("ip link set dev a name port", "host/a", "host/port");
        moved("ip -n red link set dev b netns blue", "red/b", "blue/b");
        moved("ip -n blue link set dev b netns red name eth0", "blue/b", "red/eth0");
        moved("ip link set dev port netns blue", "host/port", "blue/port");
        let lab = followed.until_quiet().lab;
        assert_eq!(lab.cables, set([cable("red/eth0", "blue/port")]));
        output("ip netns del red");
        let lab = followed.until("no end", |sight| sight.lab.interface(&place("blue/port")).is_none()).lab;
        assert_eq!(lab.cables, set([]));
    });
}

#[test]
fn a_change_is_shown_at_once() {
    in_sandbox(|| {
        let mut followed = Followed::new(Kernel::new().expect("the kernel"), None);
        let mut took: Vec<Duration> = Vec::new();
        for i in 0..40 {
            let (command, shown) = match i % 2 {
                0 => (format!("ip netns add n{i}"), format!("n{i}/lo")),
                _ => (
                    format!("ip link add name a{i} type veth peer name eth0 netns n{}", i - 1),
                    format!("n{}/eth0", i - 1),
                ),
            };
            output(&command);
            let start = Instant::now();
            let shown = place(&shown);
            followed.until(&command, |sight| sight.lab.interface(&shown).is_some());
            took.push(start.elapsed());
        }
        took.sort();
        let late = took[took.len() * 95 / 100];
        println!("shown after {:?} (median), {late:?} (95 of 100), {:?} (worst)", took[20], took[39]);
        assert!(late < Duration::from_millis(100), "{took:?}");
    });
}
