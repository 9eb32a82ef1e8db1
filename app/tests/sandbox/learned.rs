//! What stacks and bridges learn by themselves is told too, though it is of no lab.

use std::time::{Duration, Instant};

use topology::{
    NamespaceName, Sight,
    sight::tables::{ForwardingEntry, ForwardingKind, NeighbourState},
};

use super::{
    follow::Followed,
    labs::{self, name},
    users::Who,
};

/// Nobody touches the lab: what stacks and bridges learn from a ping is told all the same, and that it is gone.
#[test]
fn what_a_ping_teaches_the_kernel_is_told_and_that_it_is_forgotten() {
    let mut followed = Followed::start(Who::Me);
    followed.types(
        "host",
        "ip link add br0 type bridge; ip link set br0 up; n=0
        for room in red blue; do n=$((n + 1)); ip netns add $room
        ip link add p-$room type veth peer name eth0 netns $room; ip link set p-$room master br0 up
        ip -n $room addr add 10.0.0.$n/24 dev eth0; ip -n $room link set eth0 up; done",
    );
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
