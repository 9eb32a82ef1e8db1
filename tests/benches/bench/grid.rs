//! The big scene: 200 namespaces in rows, 400 cables between neighbours, and frames on all of them at once.

use std::{collections::BTreeMap, sync::Arc};

use capture::{Direction, Event, Frame, Tap, TapId, WireNs};
use topology::{Cable, Interface, InterfaceKind, Lab, MacAddress, Namespace, NamespaceName, Place, Position};

use crate::correlate::{Between, echo_request};

const COLUMNS: usize = 20;
const ROWS: usize = 10;
const CABLES: usize = 400;
/// Canvas points from one namespace to the next.
const STEP: (i32, i32) = (420, 340);
/// Nanoseconds that a frame needs for its cable, and between the births of two. Played, a hop then takes four
/// seconds, in which ten thousand others begin.
const LATENCY: i64 = 300_000_000;
const PAUSE: i64 = 36_000;

/// A cable, and who is at its ends.
struct Line {
    ends: [Place; 2],
    between: Between,
}

/// The lab, and where each of its taps listens.
pub fn lab() -> Lab {
    let mut lab = Lab { title: "Two hundred namespaces".into(), ..Lab::default() };
    for at in 0..COLUMNS * ROWS {
        let (column, row) = ((at % COLUMNS) as i32, (at / COLUMNS) as i32);
        let position = Some(Position { x: column * STEP.0, y: row * STEP.1 });
        lab.namespaces.insert(room(at), Namespace { position, ..Namespace::default() });
    }
    for line in lines() {
        for (number, end) in line.ends.iter().enumerate() {
            let mut interface = Interface::new(InterfaceKind::VethEnd);
            let [a, b, c, d] = line.between.addresses[number];
            interface.addresses.insert(format!("{a}.{b}.{c}.{d}/30").parse().expect("it is an address"));
            interface.mac = Some(MacAddress(line.between.macs[number]));
            let namespace = lab.namespaces.get_mut(&end.namespace).expect("both ends are in the grid");
            namespace.interfaces.insert(end.interface.clone(), interface);
        }
        let [one, other] = line.ends;
        lab.cables.insert(Cable::new(one, other));
    }
    lab
}

/// The lab, its taps, and so many frames, each seen at both ends of its cable; in order of time.
pub fn events(frames: u64) -> Vec<Event> {
    let lines = lines();
    let lab = Event::Lab { t: WireNs(0), lab: Arc::new(lab().settled()) };
    let ends = lines.iter().flat_map(|line| line.ends.clone());
    let taps = ends.zip(0..).map(|(at, id)| Event::Tap(Tap { id: TapId(id), at }));
    let mut events: Vec<Event> = std::iter::once(lab).chain(taps).collect();
    let mut seen: BTreeMap<(WireNs, TapId), Frame> = BTreeMap::new();
    for number in 0..frames {
        let cable = usize::try_from(number).expect("they are few") % lines.len();
        let bytes: Arc<[u8]> = echo_request(number, lines[cable].between).into();
        let born = 1_700_000_000_000_000_000 + i64::try_from(number).expect("they are few") * PAUSE;
        let sightings = [(0, born, Direction::Out), (1, born + LATENCY, Direction::In)];
        for (end, t, direction) in sightings {
            let (tap, t) = (TapId(cable as u32 * 2 + end), WireNs(t));
            let original_len = bytes.len() as u32;
            seen.insert((t, tap), Frame { tap, t, direction, bytes: bytes.clone(), original_len });
        }
    }
    events.extend(seen.into_values().map(Event::Frame));
    events
}

fn room(at: usize) -> NamespaceName {
    format!("room{at:03}").parse().expect("it is a name")
}

/// To the right, below, and as many to the right of the one below as are missing then.
fn lines() -> Vec<Line> {
    let all = 0..COLUMNS * ROWS;
    let has_right = |at: usize| at % COLUMNS + 1 < COLUMNS;
    let has_below = |at: usize| at / COLUMNS + 1 < ROWS;
    let right = all.clone().filter(|&at| has_right(at)).map(|at| (at, at + 1));
    let below = all.clone().filter(|&at| has_below(at)).map(|at| (at, at + COLUMNS));
    let across = all.filter(|&at| has_right(at) && has_below(at)).map(|at| (at, at + COLUMNS + 1));
    right
        .chain(below)
        .chain(across)
        .take(CABLES)
        .enumerate()
        .map(|(number, pair)| line(number, pair))
        .collect()
}

fn line(number: usize, (one, other): (usize, usize)) -> Line {
    let end =
        |at: usize, to: usize| Place::new(room(at), format!("to-{to:03}").parse().expect("it is a name"));
    let [high, low] = (number as u16).to_be_bytes();
    let octets = |side: u8| ([2, 0, 0, high, low, side], [10, high, low, side]);
    let ((mac, address), (other_mac, other_address)) = (octets(1), octets(2));
    Line {
        ends: [end(one, other), end(other, one)],
        between: Between { macs: [mac, other_mac], addresses: [address, other_address] },
    }
}
