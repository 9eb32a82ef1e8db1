//! Journeys through ready labs, told from their beginning to their ends.

mod whole;
mod world;

use self::world::{World, arp, echo, first_ping, named, say};
use super::{narrate, pause::Pause, words};
use crate::model::state::{Live, Settings, State};

fn check(world: &World, expected: &str) {
    let told = named(world, &world.told());
    assert_eq!(told.trim(), expected.trim(), "\n{told}");
}

#[test]
fn the_first_ping_through_a_switch() {
    check(
        &first_ping(),
        "\
ns1 asks everybody: who has 10.10.0.2?
    It does not know the MAC of 10.10.0.2 yet, and cannot send without it.
br0 does not know where 10.10.0.2 is, so it sends the question out of its only other port.
    And it has just learned: <ns1/veth-ns1> lives behind port 1.
The question goes through the cable from br0 to ns2.
ns2 is asked, so it answers.
    And it has just learned: 10.10.0.1 has the MAC <ns1/veth-ns1>.
host is not meant and throws the question away.
    10.10.0.2 is not one of host's addresses.
ns2 answers: 10.10.0.2 has the MAC <ns2/veth-ns2>.
    Only who has asked is told, not everybody.
br0 knows that <ns1/veth-ns1> lives behind port 1, so only that port gets it.
    And it has just learned: <ns2/veth-ns2> lives behind port 2.
The answer goes through the cable from br0 to ns1.
ns1 has its answer: 10.10.0.2 has the MAC <ns2/veth-ns2>.
    It remembers that, and sends what was waiting.
ns1 sends ping 1 to 10.10.0.2.
    It knows the MAC of 10.10.0.2: <ns2/veth-ns2>.
br0 knows that <ns2/veth-ns2> lives behind port 2, so only that port gets it.
Ping 1 goes through the cable from br0 to ns2.
Ping 1 has reached ns2, which answers it.
ns2 answers ping 1.
    It knows the MAC of 10.10.0.1: <ns1/veth-ns1>.
br0 knows that <ns1/veth-ns1> lives behind port 1, so only that port gets it.
The answer to ping 1 goes through the cable from br0 to ns1.
The answer to ping 1 is back at ns1, after 70 µs.",
    );
}

#[test]
fn a_flood_to_many_and_the_host_itself() {
    let mut world = World::new("four-rooms-and-the-host");
    let (red, blue) = (world.mac("red/veth-red"), world.mac("blue/veth-blue"));
    let question = arp(1, red, "10.10.0.1", [0xff; 6], "10.10.0.2");
    world
        .walk(&question, "red/veth-red> >host/veth-br-red host/veth-br-blue> >blue/veth-blue")
        .walk(&question, "host/veth-br-green> >green/veth-green host/veth-br-yellow> >yellow/veth-yellow")
        .walk(&question, ">host/br0")
        // Nobody has told br0 where this one is.
        .walk(
            &echo(8, [red, [2, 0, 0, 0, 0, 9]], "10.10.0.1", "10.10.0.9", 64),
            "red/veth-red> >host/veth-br-red host/veth-br-blue> >blue/veth-blue",
        )
        .walk(
            &arp(1, red, "10.10.0.1", blue, "10.10.0.2"),
            "red/veth-red> >host/veth-br-red host/veth-br-blue> >blue/veth-blue",
        );
    check(&world, "\
red asks everybody: who has 10.10.0.2?
    It does not know the MAC of 10.10.0.2 yet, and cannot send without it.
br0 does not know where 10.10.0.2 is, so it sends the question out of all 3 other ports.
    And it has just learned: <red/veth-red> lives behind port 3.
The question goes through the cable from br0 to blue.
blue is asked, but no answer was seen.
    And it has just learned: 10.10.0.1 has the MAC <red/veth-red>.
The question goes through the cable from br0 to green.
green is not meant and throws the question away.
    10.10.0.2 is not one of green's addresses.
The question goes through the cable from br0 to yellow.
yellow is not meant and throws the question away.
    10.10.0.2 is not one of yellow's addresses.
host is not meant and throws the question away.
    10.10.0.2 is not one of host's addresses.
red sends ping 1 to 10.10.0.9.
br0 does not know where 02:00:00:00:00:09 is, so it sends ping 1 out of all 3 other ports.
Ping 1 goes through the cable from br0 to blue.
blue is not meant and throws ping 1 away.
    It is addressed to 02:00:00:00:00:09, which nobody in this lab has, and blue/veth-blue is <blue/veth-blue>.
red asks 10.10.0.2 alone whether it still has the same MAC.
    What it has learned is getting old: <blue/veth-blue>.
br0 does not know where <blue/veth-blue> is, so it sends the question out of all 3 other ports.
The question goes through the cable from br0 to blue.
blue is asked, but no answer was seen.");
}

#[test]
fn an_end_before_its_time_says_why() {
    let mut world = World::new("two-networks-and-a-router");
    let (left, router) = (world.mac("left/veth-left"), world.mac("router/veth-r1"));
    world.walk(
        &echo(8, [left, router], "10.0.1.2", "10.9.9.9", 64),
        "left/veth-left> >host/veth-br1-left host/veth-br1-r> >router/veth-r1",
    );
    check(
        &world,
        "\
left sends ping 1 to 10.9.9.9.
br1 does not know where <router/veth-r1> is, so it sends ping 1 out of its only other port.
    And it has just learned: <left/veth-left> lives behind port 1.
Ping 1 goes through the cable from br1 to router.
Ping 1 ends here: router has no route to 10.9.9.9.",
    );
}

#[test]
fn a_router_lowers_the_ttl_and_nat_changes_the_address() {
    let mut world = World::new("out-through-nat");
    let (red, br0) = (world.mac("red/veth-red"), world.mac("host/br0"));
    let (out, far) = (world.mac("host/veth-out"), world.mac("internet/veth-internet"));
    world
        .walk(
            &arp(1, red, "10.10.0.1", [0xff; 6], "10.10.0.254"),
            "red/veth-red> >host/veth-br-red >host/br0",
        )
        .walk(&arp(2, br0, "10.10.0.254", red, "10.10.0.1"), "host/br0> host/veth-br-red> >red/veth-red")
        .walk(
            &echo(8, [red, br0], "10.10.0.1", "203.0.113.10", 64),
            "red/veth-red> >host/veth-br-red >host/br0",
        )
        .walk(
            &echo(8, [out, far], "203.0.113.1", "203.0.113.10", 63),
            "host/veth-out> >internet/veth-internet",
        )
        .walk(
            &echo(0, [far, out], "203.0.113.10", "203.0.113.1", 64),
            "internet/veth-internet> >host/veth-out",
        )
        .walk(
            &echo(0, [br0, red], "203.0.113.10", "10.10.0.1", 63),
            "host/br0> host/veth-br-red> >red/veth-red",
        );
    check(
        &world,
        "\
red asks everybody: who has 10.10.0.254?
    It does not know the MAC of 10.10.0.254 yet, and cannot send without it.
br0 sends the question out of its only other port, and lets host hear it too.
    And it has just learned: <red/veth-red> lives behind port 2.
host is asked, so it answers.
    And it has just learned: 10.10.0.1 has the MAC <red/veth-red>.
host answers: 10.10.0.254 has the MAC <host/br0>.
    br0 knows that <red/veth-red> lives behind port 2, so only that port gets it.
The answer goes through the cable from br0 to red.
red has its answer: 10.10.0.254 has the MAC <host/br0>.
    It remembers that, and sends what was waiting.
red sends ping 1 to 203.0.113.10.
    203.0.113.10 is in another network, so it gives the frame to 10.10.0.254 to pass on.
Ping 1 is addressed to the MAC of br0 itself, so host takes it in.
host lowers the TTL from 64 to 63 and puts its own MAC on it.
    And it puts its own address 203.0.113.1 in place of 10.10.0.1.
Ping 1 goes through the cable from host to internet.
Ping 1 has reached internet, which answers it.
internet answers ping 1.
host lowers the TTL from 64 to 63 and puts its own MAC on it.
    It remembers who has sent the question, and puts 10.10.0.1 back in place of 203.0.113.1.
br0 knows that <red/veth-red> lives behind port 2, so only that port gets it.
The answer to ping 1 goes through the cable from br0 to red.
The answer to ping 1 is back at red, after 90 µs.",
    );
}

#[test]
fn between_frames_and_at_the_end() {
    let mut world = first_ping();
    let (a, b) = (world.mac("ns1/veth-ns1"), world.mac("ns2/veth-ns2"));
    world.wait(2_000_000_000).walk(
        &echo(8, [a, b], "10.10.0.1", "10.10.0.2", 64),
        "ns1/veth-ns1> >host/veth-br1 host/veth-br2> >ns2/veth-ns2",
    );
    let told = world.with(|around, journeys| {
        let one = |last: Option<usize>, question: Option<usize>, next: Option<usize>, gap| {
            let of = |index: Option<usize>| index.map(|index| &journeys[index]);
            let pause = Pause { last: of(last), question: of(question), next: of(next), gap };
            let mut text = String::new();
            say(&mut text, &pause.tell(around));
            text
        };
        [
            one(None, None, Some(0), None),
            one(Some(0), None, Some(1), None),
            one(Some(1), Some(0), Some(2), None),
            one(Some(3), Some(2), Some(4), Some(1_999_990_000)),
            one(Some(3), Some(2), None, None),
            one(Some(4), None, None, None),
        ]
        .concat()
    });
    assert_eq!(
        named(&world, &told).trim(),
        "\
Press Play and watch.
    First, ns1 asks everybody: who has 10.10.0.2?
The question has reached ns2.
    Next, ns2 answers: 10.10.0.2 has the MAC <ns2/veth-ns2>.
10.10.0.2 has answered after 80 µs: its MAC is <ns2/veth-ns2>.
    Next, ns1 sends ping 1 to 10.10.0.2.
2.000 s pass in which nothing happens.
    Then ns1 sends ping 1 to 10.10.0.2.
Ping 1 was answered after 70 µs.
    That is all that was seen so far.
No answer from 10.10.0.2 to ping 1 was seen.
    That is all that was seen so far.",
        "\n{told}"
    );
}

#[test]
fn before_anything_was_seen_there_is_a_hint() {
    let mut state = State::new(Settings::default());
    assert_eq!(narrate(&state).headline, "Drag a namespace out of the palette to begin.");
    state.live = Live::Starting;
    assert_eq!(narrate(&state).headline, "The lab is being built in the kernel.");
    state.live = Live::Refused {
        what: "the lab cannot run here".into(),
        why: "no user namespaces".into(),
        mend: "sysctl kernel.unprivileged_userns_clone=1".into(),
    };
    let refused = narrate(&state);
    assert_eq!(refused.headline, "The lab cannot run here.");
    assert_eq!(refused.detail, "sysctl kernel.unprivileged_userns_clone=1.");
}

#[test]
fn times_are_said_as_people_say_them() {
    let cases = [
        (0, "0 ns"),
        (840, "840 ns"),
        (4_200, "4.2 µs"),
        (84_000, "84 µs"),
        (1_200_000, "1.2 ms"),
        (45_600_000, "45 ms"),
        (997_000_000, "0.997 s"),
        (61_000_000_000, "61.0 s"),
    ];
    for (nanoseconds, words) in cases {
        assert_eq!(words::duration(nanoseconds), words);
    }
}

#[test]
fn long_sentences_are_cut_at_a_word() {
    let long = "word ".repeat(40);
    let cut = words::fit(long);
    assert!(cut.chars().count() <= 110 && cut.ends_with("word…"), "{cut}");
    assert_eq!(words::sentence("ns2 has 10.0.0.1"), "ns2 has 10.0.0.1.");
    assert_eq!(words::sentence("its time to live ran out"), "Its time to live ran out.");
}
