//! How fast frames are recognised, and put together into journeys: `cargo bench -p capture --bench correlate`.
//!
//! A ping between two rooms through a switch, over and over: each frame is 98 octets and is seen at
//! four taps; every hundredth is an ARP question seen at five.

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use capture::{
    Direction, Event, Frame, Tap, TapId, WireNs,
    correlate::{Correlator, WINDOW},
    journeys::Journeys,
    wiring::Wiring,
};
use topology::{BridgeSettings, Cable, Interface, InterfaceKind, Lab, Place};

const SIGHTINGS: usize = 1_000_000;
const ROUNDS: usize = 5;

fn place(text: &str) -> Place {
    text.parse().expect("a place")
}

fn lab() -> Lab {
    let mut lab = Lab::default();
    let mut add = |at: &str, interface: Interface| {
        let at = place(at);
        lab.namespaces.entry(at.namespace).or_default().interfaces.insert(at.interface, interface);
    };
    add("host/br0", Interface::new(InterfaceKind::Bridge(BridgeSettings::default())));
    for n in 1..=2 {
        add(&format!("ns{n}/veth-ns{n}"), Interface::new(InterfaceKind::VethEnd));
        let mut port = Interface::new(InterfaceKind::VethEnd);
        port.bridge = Some("br0".parse().expect("a name"));
        add(&format!("host/veth-br{n}"), port);
    }
    for n in 1..=2 {
        let ends = [place(&format!("ns{n}/veth-ns{n}")), place(&format!("host/veth-br{n}"))];
        let [room, port] = ends;
        lab.cables.insert(Cable::new(room, port));
    }
    lab
}

fn taps() -> Vec<Tap> {
    let places = ["ns1/veth-ns1", "host/veth-br1", "host/br0", "host/veth-br2", "ns2/veth-ns2"];
    places.iter().enumerate().map(|(id, at)| Tap { id: TapId(id as u32), at: place(at) }).collect()
}

/// The `n`th echo request, or an ARP question.
fn octets(n: usize) -> Arc<[u8]> {
    let mut bytes = vec![0x02; 12];
    if n.is_multiple_of(100) {
        bytes.extend([8, 6, 0, 1, 8, 0, 6, 4, 0, 1]);
        bytes.resize(42, 0);
    } else {
        bytes.extend([8, 0, 0x45, 0, 0, 84, 0, 0, 0x40, 0, 64, 1, 0, 0, 10, 10, 0, 1, 10, 10, 0, 2, 8, 0]);
        bytes.extend((n as u64).to_be_bytes());
        bytes.resize(98, 0x5a);
    }
    bytes.into()
}

/// Frames as they cross at 100,000 pings a second.
fn frames() -> Vec<Frame> {
    let mut frames = Vec::with_capacity(SIGHTINGS + 5);
    let mut n = 0;
    while frames.len() < SIGHTINGS {
        let bytes = octets(n);
        let way: &[(u32, Direction)] = &[
            (0, Direction::Out),
            (1, Direction::In),
            (3, Direction::Out),
            (4, Direction::In),
            (2, Direction::In),
        ];
        let seen = if n.is_multiple_of(100) { 5 } else { 4 };
        for (hop, (tap, direction)) in way.iter().take(seen).enumerate() {
            let t = WireNs(1_700_000_000_000_000_000 + n as i64 * 10_000 + hop as i64 * 700);
            frames.push(Frame {
                tap: TapId(*tap),
                t,
                direction: *direction,
                bytes: bytes.clone(),
                original_len: bytes.len() as u32,
            });
        }
        n += 1;
    }
    frames
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let (lab, taps, frames) = (lab(), taps(), frames());
    let linking = (0..ROUNDS).map(|_| {
        let mut correlator = Correlator::new(Wiring::of(&lab, &taps), WINDOW);
        let start = Instant::now();
        for frame in &frames {
            black_box(correlator.push(frame));
        }
        start.elapsed()
    });
    let linking = median(linking.collect());
    let per_second = frames.len() as f64 / linking.as_secs_f64() / 1e6;
    println!("correlate: {per_second:.2} million sightings/s");

    let whole = (0..ROUNDS).map(|_| {
        let mut journeys = Journeys::new();
        let opening = [Event::Lab { t: WireNs(0), lab: Arc::new(lab.clone()) }];
        opening
            .into_iter()
            .chain(taps.iter().cloned().map(Event::Tap))
            .for_each(|event| journeys.push(event));
        let events: Vec<Event> = frames.iter().cloned().map(Event::Frame).collect();
        let start = Instant::now();
        events.into_iter().for_each(|event| journeys.push(event));
        let pushed = start.elapsed();
        black_box(journeys.finish());
        (pushed, start.elapsed())
    });
    let (pushed, finished): (Vec<_>, Vec<_>) = whole.unzip();
    println!(
        "journeys: {} frames pushed in {:?}, finished after {:?}",
        frames.len(),
        median(pushed),
        median(finished)
    );
}
