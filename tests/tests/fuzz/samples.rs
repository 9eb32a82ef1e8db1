//! Valid things to break: frames, recordings, messages, expressions, pages.

use std::{sync::Arc, time::Duration};

use capture::{
    Direction, Event, Frame, Journey, Tap, TapId, WireNs, journeys::Journeys, recording::Recorder,
    tables::Forgotten,
};
use hopscope::engine::{
    protocol::{Answer, Message, Pace, PingTrain, Probe, ProbeKind, Request, Said, Tally, Wish},
    wire,
};
use topology::{Lab, Place, ready};

/// One frame of each kind that classes meet, in hexadecimal, from the Ethernet header on.
const FRAMES: &[&str] = &[
    // An ARP question
    "ffffffffffff020000000001080600010800060400010200000000010a0a00010000000000000a0a0002",
    // An echo request
    "02000000000202000000000108004500002400074000400126bc0a0a00010a0a000208004b4600010001686f \
     7073636f7065",
    // A tagged echo request
    "0200000000020200000000018100000a08004500002400074000400126bc0a0a00010a0a000208004b460001 \
     0001686f7073636f7065",
    // A refusal that quotes it
    "02000000000102000000000208004500004000074000400126a00a0a00020a0a00010301fcfe000000004500 \
     002400074000400126bc0a0a00010a0a000208004b4600010001686f7073636f7065",
    // The first fragment of a datagram
    "02000000000202000000000108004500002c00072000401146a40a0a00010a0a000200050006001800007878 \
     7878787878787878787878787878",
    // A TCP opening
    "02000000000202000000000108004500003400074000400626a70a0a00010a0a00029c400050000000010000 \
     00008002ffff00000000020405b40402010303070101",
    // A DNS answer
    "020000000002020000000001080045000044000740004011268c0a0a00010a0a000200359c41003000000001 \
     81800001000100000000026831036c61620000010001c00c000100010000003c00040a0a0002",
    // A DHCP discovery
    "ffffffffffff02000000000108004500011500074000401139d200000000ffffffff00440043010100000101 \
     0600000000090000800000000000000000000000000000000000020000000001000000000000000000000000 \
     0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000 \
     0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000 \
     0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000 \
     0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000 \
     000000000000000000000000000063825363350101370301030fff",
    // A spanning tree message
    "0180c20000000200000000010026424203000000000080000200000000010000000480000200000000028001 \
     0100140002000f000000000000000000",
    // An LLDP announcement
    "0180c200000e02000000000188cc0207040200000000010403057031060200780a03626f780000",
    // A neighbour solicitation
    "3333ff00000202000000000186dd6000000000203afffe800000000000000000000000000001ff0200000000 \
     000000000001ff0000028700000000000000fe8000000000000000000000000000020101020000000001",
    // A multicast report behind a hop-by-hop header
    "33330000001602000000000186dd6000000000240001fe800000000000000000000000000001ff0200000000 \
     000000000001ff0000023a000502000001008f0000000000000104000000ff0200000000000000000001ff00 \
     0002",
];

pub fn frames() -> Vec<Vec<u8>> {
    FRAMES.iter().map(|hex| bytes_from_hex(hex)).collect()
}

fn bytes_from_hex(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// The first ready lab, with each of [`frames`] at all its taps, on its way from ns1 to ns2.
fn events() -> Vec<Event> {
    let lab = Arc::new(lab());
    let path = [
        ("ns1/veth-ns1", Direction::Out),
        ("host/veth-br1", Direction::In),
        ("host/veth-br2", Direction::Out),
        ("ns2/veth-ns2", Direction::In),
    ];
    let mut events = vec![Event::Lab { t: WireNs(0), lab }];
    let taps = path.iter().zip(0..).map(|((at, _), id)| Tap { id: TapId(id), at: place(at) });
    events.extend(taps.map(Event::Tap));
    events.push(Event::Caption { t: WireNs(1), text: "Now the question floods".into() });
    let mut now = 1_700_000_000_000_000_000;
    for bytes in frames() {
        for ((_, direction), id) in path.iter().zip(0..) {
            now += 700;
            let original_len = u32::try_from(bytes.len()).expect("a sample is short");
            let bytes = Arc::from(bytes.as_slice());
            let frame = Frame { tap: TapId(id), t: WireNs(now), direction: *direction, bytes, original_len };
            events.push(Event::Frame(frame));
        }
    }
    events.push(Event::Lost { t: WireNs(now), tap: TapId(0), frames: 3 });
    events
}

/// Recordings of ours, and a plain pcap file as other tools write them.
pub fn recordings() -> Vec<Vec<u8>> {
    let record = |events: &[Event]| {
        let mut recorder = Recorder::new(Vec::new()).expect("memory takes everything");
        events.iter().for_each(|event| recorder.write(event).expect("memory takes everything"));
        recorder.finish().expect("memory takes everything")
    };
    let events = events();
    vec![record(&events), record(&events[..1]), record(&[]), classic_pcap()]
}

/// The format of libpcap, microseconds, Ethernet (draft-ietf-opsawg-pcap).
fn classic_pcap() -> Vec<u8> {
    let mut file = Vec::new();
    let words =
        |file: &mut Vec<u8>, words: &[u32]| words.iter().for_each(|word| file.extend(word.to_le_bytes()));
    words(&mut file, &[0xa1b2_c3d4, 0x0004_0002, 0, 0, 65535, 1]);
    for (bytes, second) in frames().iter().zip(0..) {
        let len = u32::try_from(bytes.len()).expect("a sample is short");
        words(&mut file, &[second, 500, len, len]);
        file.extend(bytes);
    }
    file
}

/// Bodies of messages in both directions.
pub fn messages() -> Vec<Vec<u8>> {
    let limit = Duration::from_secs(1);
    let namespace = || "ns1".parse().expect("it is a name");
    let to = "10.10.0.2".parse().expect("it is an address");
    let kind = ProbeKind::ping(to, 1, 1);
    let train = PingTrain {
        from: namespace(),
        to,
        identifier: 1,
        payload_len: 56,
        count: Some(5),
        pace: Pace::Flood { at_most: 1000 },
        timeout: limit,
    };
    let wishes = [
        Wish::Build(Box::new(lab())),
        Wish::Listen,
        Wish::Probe(Probe { from: namespace(), kind, timeout: limit }),
        Wish::PingTrain(train),
        Wish::StopTrain { id: 3 },
        Wish::Forget(Forgotten::Learned(place("host/br0"))),
        Wish::Run { namespace: namespace(), command: "ip route".into(), limit },
        Wish::Stop,
    ];
    let requests = wishes.into_iter().map(|wish| wire::encode_request(&Request { id: 7, wish }));
    let said = [
        Message::Said(Said::Answer { id: 7, answer: Ok(Answer::Lab(Box::new(lab()))) }),
        Message::Said(Said::Answer { id: 7, answer: Ok(Answer::Settled) }),
        Message::Said(Said::Progress { id: 7, tally: Tally { sent: 5, answered: 4, ..Tally::default() } }),
        Message::Events(events()),
    ];
    let said = said.iter().map(wire::encode_message);
    // The length in front is left away: it is read before, and the noise tests it too.
    requests.chain(said).map(|bytes| bytes.expect("samples are short")[4..].to_vec()).collect()
}

/// Journeys to filter, and their taps.
pub fn journeys() -> (Vec<Journey>, Vec<Tap>) {
    let mut journeys = Journeys::new();
    events().into_iter().for_each(|event| journeys.push(event));
    let taps = journeys.taps().to_vec();
    let finished: Vec<_> = journeys.take_finished().into_iter().chain(journeys.finish()).collect();
    assert!(!finished.is_empty(), "the samples make no journey");
    (finished, taps)
}

pub fn expressions() -> Vec<Vec<u8>> {
    let texts = [
        "arp",
        "icmp and ip == 10.10.0.0/24",
        "not (tcp or udp) and at == ns1/veth-ns1",
        "ip.src == fe80::1 or mac != 02:00:00:00:00:01",
        "text ~ \"who has\" and hops >= 3",
        "fate == in-flight and conversation < 4 and journey <= 9 and len > 60 and vlan == 10 and port == 53",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn lab() -> Lab {
    ready::LABS[0].lab()
}

fn place(text: &str) -> Place {
    text.parse().expect("samples name places well")
}

/// Tutorials and scripts: the cases of the reader's own test, each with what was read from it, which is text as well.
pub fn pages() -> Vec<Vec<u8>> {
    let files = [
        include_str!("../../../app/tests/tutorial/blocks.txt"),
        include_str!("../../../app/tests/tutorial/commands.txt"),
        include_str!("../../../app/tests/tutorial/output.txt"),
        include_str!("../../../app/tests/tutorial/places.txt"),
        include_str!("../../../app/tests/tutorial/prompts.txt"),
        include_str!("../../../app/tests/tutorial/scripts.txt"),
    ];
    files.iter().flat_map(|file| file.split("=== ")).map(|page| page.as_bytes().to_vec()).collect()
}
