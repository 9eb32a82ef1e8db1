//! How fast frames become journeys, and whether memory stays bounded while they do.

use std::{sync::Arc, time::Duration};

use capture::{
    Direction, Event, Frame, Tap, TapId, WireNs,
    correlate::{Correlator, WINDOW},
    journeys::Journeys,
    wiring::Wiring,
};
use topology::ready;

use crate::report::{Report, resident_octets, timed};

/// The way of a frame through the first lab.
const PATH: [(&str, Direction); 4] = [
    ("ns1/veth-ns1", Direction::Out),
    ("host/veth-br1", Direction::In),
    ("host/veth-br2", Direction::Out),
    ("ns2/veth-ns2", Direction::In),
];
/// A batch, as a source hands them over; sightings.
const BATCH: u64 = 20_000;
const BATCHES: u64 = 150;
/// Nanoseconds between two frames: 100,000 sightings a second, as in the capture benchmark.
const PAUSE: i64 = 40_000;

pub fn measure(report: &mut Report) {
    correlating_alone(report);
    to_finished_journeys(report);
}

/// Fingerprints and parents only: what the capture's own thread could do while frames come in.
fn correlating_alone(report: &mut Report) {
    let taps: Vec<Tap> = taps().collect();
    let mut correlator = Correlator::new(Wiring::of(&ready::LABS[0].lab().settled(), &taps), WINDOW);
    let (mut working, mut begun) = (Duration::ZERO, 0);
    for batch in 0..BATCHES {
        let events = sightings(batch * BATCH / 4, BATCH / 4);
        let frames = events.iter().filter_map(|event| match event {
            Event::Frame(frame) => Some(frame),
            _ => None,
        });
        let (time, born) =
            timed(|| frames.map(|frame| correlator.push(frame)).filter(|link| link.parent.is_none()).count());
        working += time;
        begun += born as u64;
    }
    assert_eq!(begun, BATCH * BATCHES / 4, "each frame is one journey");
    let per_second = (BATCH * BATCHES) as f64 / working.as_secs_f64();
    report.at_least("sightings correlated on one core", per_second / 1e6, 3.0, "M/s");
}

/// Everything: order, parents, conversations, fates and summaries.
fn to_finished_journeys(report: &mut Report) {
    let mut journeys = Journeys::new();
    beginning().into_iter().for_each(|event| journeys.push(event));
    let (mut working, mut finished) = (Duration::ZERO, 0);
    let mut early_octets = 0;
    for batch in 0..BATCHES {
        let events = sightings(batch * BATCH / 4, BATCH / 4);
        let (time, made) = timed(|| {
            events.into_iter().for_each(|event| journeys.push(event));
            journeys.take_finished()
        });
        working += time;
        finished += made.len() as u64;
        if batch == BATCHES / 3 {
            early_octets = resident_octets();
        }
    }
    let grown = resident_octets().saturating_sub(early_octets);
    let (time, rest) = timed(|| journeys.finish());
    working += time;
    let expected = BATCH * BATCHES / 4;
    let count = finished + rest.len() as u64;
    assert_eq!(count, expected, "each frame is one journey");
    let per_second = (BATCH * BATCHES) as f64 / working.as_secs_f64();
    report.note("sightings made into finished journeys on one core", &format!("{:.2} M/s", per_second / 1e6));
    report.at_most("memory grown in the last two thirds of the run", grown as f64 / 1e6, 10.0, "MB");
    report.note("resident memory at the end", &format!("{:.0} MB", resident_octets() as f64 / 1e6));
}

/// The lab and its taps.
pub fn beginning() -> Vec<Event> {
    let lab = Event::Lab { t: WireNs(0), lab: Arc::new(ready::LABS[0].lab().settled()) };
    std::iter::once(lab).chain(taps().map(Event::Tap)).collect()
}

fn taps() -> impl Iterator<Item = Tap> {
    let numbered = PATH.iter().zip(0..);
    numbered.map(|((at, _), id)| Tap { id: TapId(id), at: at.parse().expect("it is a place") })
}

/// So many echo requests from the one numbered `first` on, each at its four taps.
pub fn sightings(first: u64, frames: u64) -> Vec<Event> {
    let mut events = Vec::with_capacity(usize::try_from(frames).unwrap_or(0) * PATH.len());
    for number in first..first + frames {
        let bytes: Arc<[u8]> = echo_request(number, Between::default()).into();
        let original_len = u32::try_from(bytes.len()).expect("it is short");
        let born = 1_700_000_000_000_000_000 + i64::try_from(number).expect("the run is short") * PAUSE;
        for ((_, direction), id) in PATH.iter().zip(0..) {
            let t = WireNs(born + i64::from(id) * 900);
            let (tap, bytes) = (TapId(id), bytes.clone());
            events.push(Event::Frame(Frame { tap, t, direction: *direction, bytes, original_len }));
        }
    }
    events
}

/// Who sends a frame to whom.
#[derive(Clone, Copy)]
pub struct Between {
    pub macs: [[u8; 6]; 2],
    pub addresses: [[u8; 4]; 2],
}

impl Default for Between {
    fn default() -> Self {
        Self { macs: [[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]], addresses: [[10, 10, 0, 1], [10, 10, 0, 2]] }
    }
}

/// 98 octets, as `ping` sends them: no two alike, with good checksums.
pub fn echo_request(number: u64, between: Between) -> [u8; 98] {
    let mut frame = [0x55; 98];
    frame[..6].copy_from_slice(&between.macs[1]);
    frame[6..12].copy_from_slice(&between.macs[0]);
    frame[12..14].copy_from_slice(&[8, 0]);
    let id = (number as u16).to_be_bytes();
    frame[14..26].copy_from_slice(&[0x45, 0, 0, 84, id[0], id[1], 0x40, 0, 64, 1, 0, 0]);
    frame[26..30].copy_from_slice(&between.addresses[0]);
    frame[30..34].copy_from_slice(&between.addresses[1]);
    let sum = checksum(&frame[14..34]);
    frame[24..26].copy_from_slice(&sum);
    frame[34..42].copy_from_slice(&[8, 0, 0, 0, (number >> 24) as u8, (number >> 16) as u8, id[0], id[1]]);
    frame[42..50].copy_from_slice(&number.to_be_bytes());
    let sum = checksum(&frame[34..98]);
    frame[36..38].copy_from_slice(&sum);
    frame
}

/// The Internet checksum of an even number of octets (RFC 1071).
fn checksum(bytes: &[u8]) -> [u8; 2] {
    let words = bytes.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])));
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    (!(sum as u16)).to_be_bytes()
}
