//! What stacks and bridges learn by themselves is told too, though it is of no lab.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use hopscope::engine::client::Engine;
use topology::{
    NamespaceName, Sight,
    sight::tables::{ForwardingEntry, ForwardingKind, NeighbourState},
};

use super::{
    follow::{Followed, LIMIT},
    labs::{self, name},
    users::Who,
};

/// Red and blue on a bridge. Without IPv6, whose greetings teach the bridge again what it has just forgotten.
const ROOMS: &str = "quiet='sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1'
    $quiet; ip link add br0 type bridge; ip link set br0 up; n=0
    for room in red blue; do n=$((n + 1)); ip netns add $room; ip netns exec $room $quiet
    ip link add p-$room type veth peer name eth0 netns $room; ip link set p-$room master br0 up
    ip -n $room addr add 10.0.0.$n/24 dev eth0; ip -n $room link set eth0 up; done";

/// Nobody touches the lab: what stacks and bridges learn from a ping is told all the same, and that it is gone.
#[test]
fn what_a_ping_teaches_the_kernel_is_told_and_that_it_is_forgotten() {
    let mut followed = Followed::start(Who::Me);
    followed.types("host", ROOMS);
    followed.until("both rooms", |followed| followed.sight.lab.cables.len() == 2);
    followed.engine.listen().expect("it listens and forwards");
    let mut took = Vec::new();
    for _ in 0..3 {
        assert!(followed.engine.probe(labs::ping("red", "10.0.0.2")).expect("a ping").answered);
        let began = Instant::now();
        followed.until("blue in red's table, and both behind their ports", |followed| {
            neighbours(&followed.sight, "red").contains(&("10.0.0.2".into(), NeighbourState::Reachable))
                && learned(&followed.sight, "p-red") == 1
                && learned(&followed.sight, "p-blue") == 1
        });
        took.push(began.elapsed());
        let flush = "ip -n red neigh flush all; ip -n blue neigh flush all";
        followed.types("host", &format!("{flush}; bridge fdb flush dev p-red master dynamic"));
        followed.until("nothing", |followed| {
            neighbours(&followed.sight, "red").is_empty() && learned(&followed.sight, "p-red") == 0
        });
    }
    println!("told after {took:?}");
    took.sort();
    // The slowest may have met a busy machine.
    assert!(took[1] < Duration::from_secs(1), "{took:?}");
}

/// What the kernel never stops doing by itself must cost next to nothing, and is told only where it makes a difference.
#[test]
fn a_ping_without_an_end_keeps_nobody_busy() {
    const SPAN: Duration = Duration::from_secs(6);
    let mut followed = Followed::start(Who::Me);
    followed.types("host", ROOMS);
    // Thirty times as restless as usual.
    let restless = "sysctl -qw net.ipv4.neigh.eth0.base_reachable_time_ms=1000 net.ipv4.neigh.eth0.delay_first_probe_time=1";
    for room in ["red", "blue"] {
        followed.types(room, restless);
    }
    followed.until("both rooms", |followed| followed.sight.lab.cables.len() == 2);
    followed.engine.listen().expect("it listens and forwards");
    followed.engine.settle(LIMIT).expect("silence");
    followed.take_in();
    let (before, told, began) = (spent_on_following(&followed.engine), followed.told, Instant::now());
    followed.types("red", &format!("ping -q -i 0.02 -w {} 10.0.0.2", SPAN.as_secs()));
    followed.take_in();
    let (took, told) = (began.elapsed(), followed.told - told);
    let spent = spent_on_following(&followed.engine) - before;
    let share = spent.as_secs_f64() / took.as_secs_f64();
    println!("following took {:.2} % of a core, and {told} looks were told in {took:?}", share * 100.0);
    // Of each entry's cycle of some seconds, no more than each state.
    assert!((1..=4 * took.as_secs() as usize).contains(&told), "{told} looks were told");
    // Without optimisation, beside other tests.
    assert!(share < 0.05, "{share}");
}

/// What the threads have worked that hear the kernel and ask it, in all processes of an engine (proc_pid_schedstat(5):
/// nanoseconds first).
fn spent_on_following(engine: &Engine) -> Duration {
    let read = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    let parent_of = |process: u32| {
        let status = read(format!("/proc/{process}/status").into());
        status.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse::<u32>().ok())
    };
    let is_of_engine = |process: u32| {
        let mut line = std::iter::successors(Some(process), |process| parent_of(*process));
        line.any(|process| process == engine.process_id())
    };
    let all = fs::read_dir("/proc").expect("processes").flatten();
    let all = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let tasks = all
        .filter(|process| is_of_engine(*process))
        .flat_map(|process| fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten());
    let tasks = tasks.map(|task| task.path());
    let following = tasks.filter(|task| ["kernel", "kernel watch"].contains(&read(task.join("comm")).trim()));
    let spent = following
        .filter_map(|task| read(task.join("schedstat")).split_whitespace().next()?.parse::<u64>().ok());
    Duration::from_nanos(spent.sum())
}

/// Those of IPv4 in the kernel's table.
fn neighbours(sight: &Sight, namespace: &str) -> Vec<(String, NeighbourState)> {
    let tables = sight.tables.get(&name(namespace));
    let entries = tables.into_iter().flat_map(|tables| &tables.neighbours.entries);
    let entries = entries.filter(|entry| entry.address.is_ipv4());
    entries.map(|entry| (entry.address.to_string(), entry.state)).collect()
}

/// How many stations a bridge of the host has learned to be behind this port.
fn learned(sight: &Sight, port: &str) -> usize {
    let tables = sight.tables.get(&NamespaceName::host());
    let all = tables.into_iter().flat_map(|tables| tables.forwarding.values());
    let entries = all.flat_map(|listed| &listed.entries);
    let is_behind = |entry: &&ForwardingEntry| entry.kind == ForwardingKind::Learned;
    entries.filter(is_behind).filter(|entry| entry.port.as_str() == port).count()
}
