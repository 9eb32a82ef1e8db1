//! The tables of stacks and bridges: what a look shows is what `ip neigh` and `bridge fdb` say, and following them
//! costs next to nothing.

use std::time::{Duration, Instant};

use topology::{
    Sight,
    kernel::Kernel,
    sight::tables::{ForwardingKind, MOST_TOLD, NeighbourState},
};

use crate::{
    chance::Chance,
    follow::{Followed, assert_true},
    sandbox::{in_sandbox, output},
};

/// Three rooms on a bridge that two of them reach.
const ROOMS: &str =
    "ip link add name br0 type bridge; ip link set dev br0 up; ip addr add 10.0.0.1/24 dev br0
    n=1; for room in red blue green; do n=$((n + 1)); ip netns add $room
    ip link add name p-$room type veth peer name eth0 netns $room
    ip link set dev p-$room master br0 up; ip -n $room addr add 10.0.0.$n/24 dev eth0
    ip -n $room link set dev lo up; ip -n $room link set dev eth0 up; done";

fn state_of(sight: &Sight, namespace: &str, address: &str) -> Option<NeighbourState> {
    let tables = sight.tables.get(&namespace.parse().expect("a name"))?;
    let address: std::net::IpAddr = address.parse().expect("an address");
    tables.neighbours.entries.iter().find(|entry| entry.address == address).map(|entry| entry.state)
}

fn learned(sight: &Sight, port: &str) -> usize {
    let tables = sight.tables.get(&"host".parse().expect("a name"));
    let entries = tables.into_iter().flat_map(|tables| tables.forwarding.values()).flat_map(|of| &of.entries);
    let is_meant = |kind, at: &str| kind == ForwardingKind::Learned && at == port;
    entries.filter(|entry| is_meant(entry.kind, entry.port.as_str())).count()
}

#[test]
fn what_is_learned_is_shown_soon_and_gone_when_it_is_flushed() {
    in_sandbox(|| {
        output(ROOMS);
        let mut followed = Followed::new(Kernel::new().expect("the kernel"), None);
        followed.until_quiet();
        let mut took = Vec::new();
        for _ in 0..5 {
            output("ip netns exec red ping -c 1 -W 5 10.0.0.3");
            let start = Instant::now();
            followed.until("both neighbours, and the ports of both", |sight| {
                state_of(sight, "red", "10.0.0.3") == Some(NeighbourState::Reachable)
                    // Who was only asked has not been answered.
                    && state_of(sight, "blue", "10.0.0.2").is_some()
                    && learned(sight, "p-red") == 1
                    && learned(sight, "p-blue") == 1
            });
            took.push(start.elapsed());
            output(
                "for room in red blue; do ip -n $room neigh flush all; done; bridge fdb flush dev p-red master dynamic",
            );
            followed.until("empty tables", |sight| {
                let known = [state_of(sight, "red", "10.0.0.3"), state_of(sight, "blue", "10.0.0.2")];
                known == [None; 2] && learned(sight, "p-red") == 0
            });
        }
        println!("shown after {took:?}");
        took.sort();
        assert!(took[2] < Duration::from_secs(1), "{took:?}");
    });
}

#[test]
fn who_does_not_answer_is_shown_as_failed() {
    in_sandbox(|| {
        output(ROOMS);
        let mut followed = Followed::new(Kernel::new().expect("the kernel"), None);
        output("ip netns exec red ping -c 1 -W 1 10.0.0.99 || true");
        let sight = followed
            .until("a failure", |sight| state_of(sight, "red", "10.0.0.99") == Some(NeighbourState::Failed));
        let tables = &sight.tables[&"red".parse().expect("a name")];
        let without_mac = tables.neighbours.entries.iter().filter(|entry| entry.mac.is_none());
        assert_eq!(without_mac.count(), 1);
    });
}

/// It happens without a word of the kernel's, so it is seen a little later.
#[test]
fn what_is_reachable_no_longer_is_seen_in_time() {
    in_sandbox(|| {
        output(ROOMS);
        output("ip netns exec red sysctl -qw net.ipv4.neigh.eth0.base_reachable_time_ms=1000");
        let mut followed = Followed::new(Kernel::new().expect("the kernel"), None);
        output("ip -n red neigh add 10.0.0.3 lladdr 02:00:00:00:00:03 dev eth0 nud reachable");
        followed.until("reachable", |sight| {
            state_of(sight, "red", "10.0.0.3") == Some(NeighbourState::Reachable)
        });
        followed.until("no more", |sight| {
            matches!(state_of(sight, "red", "10.0.0.3"), Some(NeighbourState::Stale | NeighbourState::Delay))
        });
    });
}

fn command(chance: &mut Chance) -> String {
    let rooms = ["red", "blue", "green"];
    let (room, other) = (rooms[chance.below(3)], rooms[chance.below(3)]);
    let (last, mac) = (chance.below(8) + 1, format!("02:00:00:00:00:{:02x}", chance.below(4)));
    let on_or_off = chance.below(2);
    let at = [format!("-n {room}"), String::new()][chance.below(2)].clone();
    let dev = if at.is_empty() { "br0" } else { "eth0" };
    match chance.below(18) {
        0..=4 => format!("ip netns exec {room} ping -c 1 -W 0.2 10.0.0.{last}"),
        5 => format!("ping -c 1 -W 0.2 10.0.0.{last}"),
        6 | 7 => format!("ip {at} neigh replace 10.0.0.{last} lladdr {mac} dev {dev}"),
        8 => format!("ip {at} neigh replace 10.0.0.{last} lladdr {mac} dev {dev} nud stale"),
        9 => format!("ip {at} neigh replace fd00::{last} lladdr {mac} dev {dev} nud noarp"),
        10 => format!("ip {at} neigh del 10.0.0.{last} dev {dev}"),
        11 => format!("ip {at} neigh flush all"),
        12 => format!("bridge fdb replace {mac} dev p-{room} master static"),
        13 => format!("bridge fdb replace {mac} dev p-{room} master dynamic"),
        14 => format!("bridge fdb replace {mac} dev p-{other} master; bridge fdb replace {mac} dev br0 self"),
        15 => format!("bridge fdb del {mac} dev p-{room} master"),
        16 => format!("bridge fdb flush dev p-{room} master"),
        _ => format!("ip link set dev br0 type bridge vlan_filtering {on_or_off}"),
    }
}

#[test]
fn random_entries_are_shown_as_the_kernel_has_them() {
    in_sandbox(|| {
        output(ROOMS);
        let mut followed = Followed::new(Kernel::new().expect("the kernel"), None);
        let seed = std::env::var("FOLLOW_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
        let mut chance = Chance::new(seed);
        let mut log = String::new();
        for _ in 0..40 {
            for _ in 0..1 + chance.below(4) {
                let line = command(&mut chance);
                // Many fail: there is nothing to delete, nobody answers.
                output(&format!("{{ {line}; }} >&2 2>/dev/null || true"));
                log += &format!("{line}\n");
            }
            assert_true(&mut followed, &log);
        }
        println!("{} looks\n{log}", followed.looks);
    });
}

#[test]
fn however_much_is_learned_looks_stay_few_and_tables_short() {
    in_sandbox(|| {
        // Addresses that IPv6 takes a while to settle are of the lab, and asked for at once.
        let quiet = "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1";
        let quietly = format!("ip netns add $room; ip netns exec $room {quiet}");
        output(&format!("{quiet}; {}", ROOMS.replace("ip netns add $room", &quietly)));
        let mut followed = Followed::new(Kernel::new().expect("the kernel"), None);
        followed.until_quiet();
        let before = followed.looks;
        let start = Instant::now();
        let script =
            "for round in $(seq 500); do for state in reachable stale delay probe; do for n in $(seq 20); do
            echo neigh replace 10.0.0.$((n + 20)) lladdr 02:00:00:00:00:aa dev br0 nud $state
            done; done; done | ip -batch -
            for n in $(seq 300); do
            printf 'fdb add 02:00:00:00:%02x:%02x dev p-red master dynamic\\n' $((n / 256)) $((n % 256))
            done | bridge -batch -";
        let shell = std::thread::spawn(move || output(script));
        while !shell.is_finished() {
            if followed.wakes.recv_timeout(Duration::from_millis(20)).is_ok() {
                followed.look();
            }
        }
        shell.join().expect("the script");
        let (looks, ran) = (followed.looks - before, start.elapsed());
        println!("{looks} looks in {ran:?}, {:?} in them", followed.spent);
        // What was lost is asked for at once, too.
        let most = ran.as_millis() / 250 + 2 + u128::from(followed.kernel.lost_announcements());
        assert!(looks as u128 <= most, "{looks} looks in {ran:?}");
        let host = "host".parse().expect("a name");
        let sight = followed.until("a full table", |sight| {
            let tables = sight.tables.get(&host);
            tables.and_then(|tables| tables.forwarding.values().next()).is_some_and(|of| 100 <= of.more)
        });
        let listed = sight.tables[&host].forwarding.values().next().expect("just found");
        assert_eq!(listed.entries.len(), MOST_TOLD);
        let all = output("bridge fdb show br br0 | grep -c master").trim().parse();
        assert_eq!(Ok(listed.entries.len() + listed.more), all);
    });
}
