//! A ready lab, frames made by hand, and what is told of them.

use std::{fmt::Write, net::Ipv4Addr, sync::Arc};

use capture::{
    Direction, Event, Frame, Journey, Tap, TapId, WireNs, journeys::Journeys, tables::Tables, wiring::mac_of,
};
use topology::{InterfaceKind, Lab, MacAddress, Place, ready};

use super::super::{Around, Narration, ending, hop};

pub const ORIGIN: i64 = 1_700_000_000_000_000_000;
const US: i64 = 1_000;

/// A ready lab, and what is seen in it.
pub struct World {
    pub lab: Arc<Lab>,
    pub taps: Vec<Tap>,
    pub seen: Vec<Event>,
    pub now: i64,
}

impl World {
    pub fn new(ready: &str) -> Self {
        let lab = ready::find(ready).expect("a ready lab").lab().settled();
        let places = lab.interfaces().filter(|(_, found)| found.kind != InterfaceKind::Loopback);
        let taps = places.map(|(at, _)| at).enumerate();
        let taps = taps.map(|(id, at)| Tap { id: TapId(id as u32), at }).collect();
        Self { lab: lab.into(), taps, seen: Vec::new(), now: ORIGIN }
    }

    pub fn mac(&self, at: &str) -> [u8; 6] {
        if at == "everybody" {
            return [0xff; 6];
        }
        let at: Place = at.parse().expect("a place");
        mac_of(&at, self.lab.interface(&at).expect("an interface of this lab")).0
    }

    /// `ns1/veth-ns1> >host/veth-br1`: ten microseconds from each to the next.
    pub fn walk(&mut self, bytes: &[u8], way: &str) -> &mut Self {
        for step in way.split_whitespace() {
            let (at, direction) = match step.strip_prefix('>') {
                Some(at) => (at, Direction::In),
                None => (step.trim_end_matches('>'), Direction::Out),
            };
            let tap = self.taps.iter().find(|tap| tap.at.to_string() == at).expect("a tap").id;
            let (t, original_len) = (WireNs(self.now), bytes.len() as u32);
            self.seen.push(Event::Frame(Frame { tap, t, direction, bytes: bytes.into(), original_len }));
            self.now += 10 * US;
        }
        self
    }

    pub fn wait(&mut self, nanoseconds: i64) -> &mut Self {
        self.now += nanoseconds;
        self
    }

    pub fn journeys(&self) -> Vec<Journey> {
        let mut journeys = Journeys::new();
        journeys.push(Event::Lab { t: WireNs(ORIGIN), lab: self.lab.clone() });
        self.taps.iter().cloned().for_each(|tap| journeys.push(Event::Tap(tap)));
        self.seen.iter().cloned().for_each(|event| journeys.push(event));
        let mut all = journeys.take_finished();
        all.extend(journeys.finish());
        all.sort_by_key(|journey| journey.id);
        all
    }

    pub fn with<T>(&self, tell: impl FnOnce(&Around<'_>, &[Journey]) -> T) -> T {
        let journeys = self.journeys();
        let mut tables = Tables::default();
        tables.take_lab(WireNs(ORIGIN), &self.lab);
        journeys.iter().for_each(|journey| tables.take(journey, &self.lab, &self.taps));
        let number = |bridge: &Place, port: &Place| {
            self.lab.ports(bridge).position(|found| found == *port).map(|index| index + 1)
        };
        let around = Around { lab: &self.lab, taps: &self.taps, tables: &tables, port_number: &number };
        tell(&around, &journeys)
    }

    /// All hops of all journeys, in the order of their sightings, and where each branch ends.
    pub fn told(&self) -> String {
        self.with(|around, journeys| {
            let mut text = String::new();
            for journey in journeys {
                let question = journeys.iter().find(|other| other.conversation == journey.conversation);
                let question = question.filter(|other| other.id != journey.id);
                for (from, sighting) in journey.sightings.iter().enumerate() {
                    let next = journey.sightings.iter().position(|next| next.parent == Some(sighting.id));
                    say(
                        &mut text,
                        &match next {
                            Some(to) => hop::on_its_way(around, journey, from, to),
                            None => ending::ended(around, journey, from, question),
                        },
                    );
                }
            }
            text
        })
    }
}

pub fn say(text: &mut String, narration: &Narration) {
    let Narration { headline, detail } = narration;
    assert!(headline.ends_with(['.', '!', '?']), "not a sentence: {headline}");
    for line in [headline, detail].into_iter().filter(|line| !line.is_empty()) {
        assert!(line.chars().count() <= 110, "too long: {line}");
        writeln!(text, "{}{line}", if line == detail { "    " } else { "" }).expect("a String takes all");
    }
}

pub fn arp(operation: u8, from: [u8; 6], src: &str, to: [u8; 6], dst: &str) -> Vec<u8> {
    let address = |text: &str| text.parse::<Ipv4Addr>().expect("an address").octets();
    let target = if to == [0xff; 6] { [0; 6] } else { to };
    let mut bytes = [&to[..], &from, &[8, 6, 0, 1, 8, 0, 6, 4, 0, operation]].concat();
    [&from[..], &address(src), &target, &address(dst)].iter().for_each(|part| bytes.extend(*part));
    bytes
}

/// An echo request (8) or reply (0).
pub fn echo(kind: u8, macs: [[u8; 6]; 2], src: &str, dst: &str, ttl: u8) -> Vec<u8> {
    let address = |text: &str| text.parse::<Ipv4Addr>().expect("an address").octets();
    let mut bytes =
        [&macs[1][..], &macs[0], &[8, 0, 0x45, 0, 0, 84, 0x12, 0x34, 0x40, 0, ttl, 1, 0, 0]].concat();
    bytes.extend(address(src));
    bytes.extend(address(dst));
    let sum = checksum(&bytes[14..34]);
    bytes[24..26].copy_from_slice(&sum);
    let mut message = vec![kind, 0, 0, 0, 0, 7, 0, 1];
    message.extend(0..56_u8);
    let sum = checksum(&message);
    message[2..4].copy_from_slice(&sum);
    bytes.extend(message);
    bytes
}

fn checksum(bytes: &[u8]) -> [u8; 2] {
    let words = bytes.chunks(2).map(|two| u32::from(two[0]) << 8 | u32::from(two[1]));
    let sum: u32 = words.sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    (!(folded as u16 + (folded >> 16) as u16)).to_be_bytes()
}

/// With MACs as `<ns1/veth-ns1>`.
pub fn named(world: &World, text: &str) -> String {
    let interfaces = world.lab.interfaces();
    interfaces.fold(text.to_owned(), |text, (at, found)| {
        let mac: MacAddress = mac_of(&at, found);
        text.replace(&mac.to_string(), &format!("<{at}>"))
    })
}

pub fn first_ping() -> World {
    let mut world = World::new("two-rooms-and-a-switch");
    let (a, b, all) = (world.mac("ns1/veth-ns1"), world.mac("ns2/veth-ns2"), [0xff; 6]);
    let there = "ns1/veth-ns1> >host/veth-br1 host/veth-br2> >ns2/veth-ns2";
    let back = "ns2/veth-ns2> >host/veth-br2 host/veth-br1> >ns1/veth-ns1";
    world
        .walk(&arp(1, a, "10.10.0.1", all, "10.10.0.2"), &format!("{there} >host/br0"))
        .walk(&arp(2, b, "10.10.0.2", a, "10.10.0.1"), back)
        .walk(&echo(8, [a, b], "10.10.0.1", "10.10.0.2", 64), there)
        .walk(&echo(0, [b, a], "10.10.0.2", "10.10.0.1", 64), back);
    world
}
