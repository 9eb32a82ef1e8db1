//! What holds for any sightings whatever, however senseless.

use std::sync::Arc;

use crate::made_up::{Story, picture, story::ORIGIN};
use capture::{
    Direction, Event, Frame, Journey, TapId, WireNs,
    fingerprint::Fingerprint,
    glance::Glance,
    journeys::{Journeys, Options},
};
use proptest::prelude::*;

/// A switch with three rooms, a router behind one of its ports, NAT and another network behind that.
const LAB: &str = "
bridge host/br0 10.0.0.254/24
cable a/eth0 10.0.0.1/24 -- host/p0 @br0
cable b/eth0 10.0.0.2/24 -- host/p1 @br0
cable r/in 10.0.0.3/24 -- host/p2 @br0
cable r/out 10.1.0.1/24 -- far/eth0 10.1.0.2/24
set r forward masquerade=out
taps host/br0 a/eth0 host/p0 b/eth0 host/p1 r/in host/p2 r/out far/eth0
frame 0 arp-question from=a/eth0 src=10.0.0.1 dst=10.0.0.2
frame 1 echo-request from=a/eth0 to=b/eth0 src=10.0.0.1 dst=10.0.0.2
frame 2 echo-request from=a/eth0 to=r/in src=10.0.0.1 dst=10.1.0.2 id=1
frame 3 echo-request from=r/out to=far/eth0 src=10.1.0.1 dst=10.1.0.2 id=9 ttl=63
frame 4 udp from=a/eth0 to=r/in src=10.0.0.1 dst=10.1.0.2 size=900
frame 5 piece from=r/out to=far/eth0 src=10.0.0.1 dst=10.1.0.2 size=552 ttl=63 more
frame 6 bpdu from=host/p0
frame 7 arp-answer from=b/eth0 to=a/eth0 src=10.0.0.2 dst=10.0.0.1
";

/// Tap, direction, which frame, and how long after the one before (nanoseconds).
type Seen = (u32, Direction, usize, i64);

fn seen(strict: bool) -> impl Strategy<Value = Vec<Seen>> {
    let direction = if strict {
        prop_oneof![Just(Direction::In), Just(Direction::Out)].boxed()
    } else {
        prop_oneof![Just(Direction::In), Just(Direction::Out), Just(Direction::Unknown)].boxed()
    };
    let pause =
        prop_oneof![8 => 0..3000_i64, 2 => Just(0), 1 => 0..70_000_000_i64, 1 => 0..1_300_000_000_i64];
    prop::collection::vec((0..10_u32, direction, 0..8_usize, pause), 1..150)
}

fn events(story: &Story, seen: &[Seen]) -> Vec<Event> {
    let mut t = ORIGIN;
    let frame = |&(tap, direction, frame, pause): &Seen| {
        t += pause;
        let bytes = story.frame(&frame.to_string());
        let original_len = bytes.len() as u32;
        Event::Frame(Frame { tap: TapId(tap), t: WireNs(t), direction, bytes, original_len })
    };
    seen.iter().map(frame).collect()
}

fn told(story: &Story, events: Vec<Event>, options: Options) -> Vec<Journey> {
    let mut journeys = Journeys::with(options);
    let mut all = Vec::new();
    for event in story.opening().into_iter().chain(events) {
        journeys.push(event);
        all.extend(journeys.take_finished());
    }
    all.extend(journeys.finish());
    all.sort_by_key(|journey| journey.id);
    all
}

fn check(journeys: &[Journey], frames: usize) -> Result<(), TestCaseError> {
    let mut ids: Vec<u64> = Vec::new();
    for journey in journeys {
        prop_assert_eq!(journey.sightings[0].parent, None);
        for (n, sighting) in journey.sightings.iter().enumerate() {
            ids.push(sighting.id.0);
            prop_assert_eq!(n == 0, sighting.parent.is_none(), "one root, and it is the first");
            let is_earlier = |parent| journey.sightings[..n].iter().any(|before| before.id == parent);
            prop_assert!(sighting.parent.is_none_or(is_earlier), "a parent comes before its children");
        }
        let leaves = journey
            .sightings
            .iter()
            .filter(|sighting| !journey.sightings.iter().any(|other| other.parent == Some(sighting.id)));
        let leaves: Vec<_> = leaves.map(|leaf| leaf.id).collect();
        let branches: Vec<_> = journey.branches.iter().map(|branch| branch.sighting).collect();
        prop_assert_eq!(leaves, branches, "one branch for each leaf");
        prop_assert!(journey.branches.iter().all(|branch| !branch.reason.is_empty()));
    }
    ids.sort_unstable();
    prop_assert_eq!(ids, (0..frames as u64).collect::<Vec<_>>(), "every sighting in exactly one journey");
    Ok(())
}

proptest! {
    #[test]
    fn every_sighting_is_in_one_tree(seen in seen(false)) {
        let story = Story::parse(LAB);
        check(&told(&story, events(&story, &seen), Options::default()), seen.len())?;
    }

    #[test]
    fn small_journeys_hold_every_sighting_too(seen in seen(true), most in 1..5_usize) {
        let story = Story::parse(LAB);
        let options = Options { most_sightings: most, ..Options::default() };
        let journeys = told(&story, events(&story, &seen), options);
        check(&journeys, seen.len())?;
        prop_assert!(journeys.iter().all(|journey| journey.sightings.len() <= most));
    }

    #[test]
    fn batches_do_not_matter(seen in seen(true), slice in 1..40_000_000_i64) {
        let mut story = Story::parse(LAB);
        // A tap that nobody announced has no name to be drawn with.
        let announced: Vec<Seen> = seen.into_iter().filter(|seen| seen.0 < 9).collect();
        story.seen = events(&story, &announced);
        let in_order = told(&story, story.in_order(), Options::default());
        let in_batches = told(&story, story.in_batches(slice), Options::default());
        prop_assert_eq!(picture::journeys(&in_order, &story.taps), picture::journeys(&in_batches, &story.taps));
    }

    #[test]
    fn no_clock_stops_it(times in prop::collection::vec(any::<i64>(), 1..60)) {
        let story = Story::parse(LAB);
        let bytes = story.frame("1");
        let frame = |(n, t): (usize, &i64)| Event::Frame(Frame {
            tap: TapId(n as u32 % 9),
            t: WireNs(*t),
            direction: if n % 2 == 0 { Direction::Out } else { Direction::In },
            bytes: bytes.clone(),
            original_len: 0,
        });
        let events = times.iter().enumerate().map(frame).collect();
        check(&told(&story, events, Options::default()), times.len())?;
    }

    #[test]
    fn no_octets_stop_it(bytes in prop::collection::vec(any::<u8>(), 0..120), cut in 0..200_usize, at in 0..200_usize, octet: u8) {
        let story = Story::parse(LAB);
        let mut spoilt = story.frame(&(octet % 8).to_string()).to_vec();
        if let Some(spot) = spoilt.get_mut(at) {
            *spot = octet;
        }
        spoilt.truncate(cut);
        let mut all = Vec::new();
        for bytes in [bytes, spoilt] {
            let print = Fingerprint::of(&bytes);
            let _ = (print.frame(), print.datagram(), print.translated(), print.whole(), Glance::at(&bytes));
            let bytes: Arc<[u8]> = bytes.into();
            all.extend((0..9).map(|tap| {
                let direction = if tap % 2 == 0 { Direction::In } else { Direction::Out };
                Event::Frame(Frame { tap: TapId(tap), t: WireNs(ORIGIN), direction, bytes: bytes.clone(), original_len: 0 })
            }));
        }
        check(&told(&story, all, Options::default()), 18)?;
    }
}

#[test]
fn memory_is_bounded_by_the_window() {
    let story = Story::parse(LAB);
    let mut journeys = Journeys::new();
    story.opening().into_iter().for_each(|event| journeys.push(event));
    let bytes = story.frame("1");
    let mut most = 0;
    for n in 0..40_000_i64 {
        let (tap, direction) = if n % 2 == 0 { (1, Direction::Out) } else { (2, Direction::In) };
        let t = WireNs(ORIGIN + n * 1_000_000);
        let original_len = bytes.len() as u32;
        journeys.push(Event::Frame(Frame {
            tap: TapId(tap),
            t,
            direction,
            bytes: bytes.clone(),
            original_len,
        }));
        journeys.take_finished();
        most = most.max(journeys.under_way());
    }
    // A thousand sightings a second, a second's window, and what is held back.
    assert!(most <= 1001, "{most} frames under way");
}

#[test]
fn a_flood_to_a_hundred_ports_is_one_tree() {
    let mut lab = "bridge host/br0\nframe q arp-question from=r0/eth0 src=10.0.0.1 dst=10.0.0.2\n".to_owned();
    let mut walk = "walk 0 q r0/eth0:out host/p0:in".to_owned();
    for n in 0..100 {
        lab += &format!("cable r{n}/eth0 -- host/p{n} @br0\ntaps r{n}/eth0 host/p{n}\n");
        if n != 0 {
            walk += &format!(" host/p{n}:out r{n}/eth0:in");
        }
    }
    // The same question three times over: each port passes each on once.
    let story = Story::parse(&format!("{lab}repeat 3 every 300 {walk}"));
    let journeys = told(&story, story.in_order(), Options::default());
    let sizes: Vec<_> = journeys.iter().map(|journey| journey.sightings.len()).collect();
    assert_eq!(sizes, [200, 200, 200]);
    assert!(journeys.iter().all(|journey| journey.branches.len() == 99));
}

#[test]
fn padding_and_tags_do_not_make_another_frame() {
    let story = Story::parse(LAB);
    let plain = story.frame("1").to_vec();
    let mut padded = plain.clone();
    padded.extend([0; 7]);
    let mut tagged = plain.clone();
    tagged.splice(12..12, [0x81, 0, 0, 10]);
    let print = Fingerprint::of(&plain);
    assert_eq!(print.datagram(), Fingerprint::of(&padded).datagram(), "a router takes padding off");
    assert_ne!(print.frame(), Fingerprint::of(&padded).frame(), "a cable does not");
    assert_eq!(print.frame(), Fingerprint::of(&tagged).frame(), "a switch puts tags on and off");
    assert_eq!(print.datagram(), Fingerprint::of(&tagged).datagram());
}

/// Two bridges, two cables between them, no spanning tree; the storm has no end.
#[test]
fn a_loop_without_end_is_held_within_bounds() {
    let story = Story::parse(
        "bridge sw1/br1\nbridge sw2/br2\ncable sw1/a1 @br1 -- sw2/a2 @br2\ncable sw1/b1 @br1 -- sw2/b2 @br2\n\
         cable ns1/eth0 10.0.0.1/24 -- sw1/p1 @br1\ntaps sw1/a1 sw2/a2 sw2/b2 sw1/b1\n\
         frame q arp-question from=ns1/eth0 src=10.0.0.1 dst=10.0.0.2\n",
    );
    const MOST: usize = 3000;
    let mut journeys = Journeys::with(Options { most_sightings: MOST, ..Options::default() });
    story.opening().into_iter().for_each(|event| journeys.push(event));
    let bytes = story.frame("q");
    let round = [Direction::Out, Direction::In, Direction::Out, Direction::In];
    let (mut pushed, mut finished, mut held) = (0_usize, 0_usize, 0_usize);
    for (n, (tap, direction)) in (0..300_000).zip(round.into_iter().enumerate().cycle()) {
        let t = WireNs(ORIGIN + n * 40_000);
        let (tap, original_len) = (TapId(tap as u32), bytes.len() as u32);
        journeys.push(Event::Frame(Frame { tap, t, direction, bytes: bytes.clone(), original_len }));
        pushed += 1;
        finished += journeys.take_finished().iter().map(|journey| journey.sightings.len()).sum::<usize>();
        held = held.max(pushed - finished);
    }
    // 25,000 sightings a second for twelve seconds. A journey is looked at once a window, so it may take two to end;
    // frames are held back for a tenth of a second.
    assert!(held < 2 * 25_000 + 2_500 + 2 * MOST, "{held} of {pushed} are held");
}
