//! Frames and what decoding makes of them, as text: see `frames/*.txt`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;

use capture::decode::{self, Decoded};

const CASES: [&str; 5] = [
    include_str!("frames/link.txt"),
    include_str!("frames/ipv4.txt"),
    include_str!("frames/ipv6.txt"),
    include_str!("frames/transport.txt"),
    include_str!("frames/application.txt"),
];

/// A name, the frame, and all that is to be said about it.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    expected: &'static str,
}

fn cases() -> impl Iterator<Item = Case> {
    CASES.iter().flat_map(|file| file.split("# ").skip(1)).map(|block| {
        let (name, rest) = block.split_once('\n').unwrap();
        let (hex, expected) = rest.split_once('\n').unwrap();
        Case { name, bytes: from_hex(hex), expected: expected.trim_end() }
    })
}

fn from_hex(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn rendered(decoded: &Decoded) -> String {
    let Decoded { layers, protocol, summary, label, stop } = decoded;
    let mut text = format!("{protocol}: {summary}\n[{label}]");
    for layer in layers {
        write!(text, "\n{} {:?}", layer.name, layer.range).unwrap();
        for field in &layer.fields {
            write!(text, "\n  {:?} {}: {}", field.range, field.name, field.value).unwrap();
        }
    }
    if let Some(stop) = stop {
        write!(text, "\nstops at {} in {}: {}", stop.at, stop.layer, stop.reason).unwrap();
    }
    text
}

#[test]
fn every_frame_says_what_its_text_says() {
    let mut count = 0;
    for case in cases() {
        let found = rendered(&decode::decode(&case.bytes));
        assert_eq!(found, case.expected, "\n{} now gives\n{found}\n", case.name);
        count += 1;
    }
    assert_eq!(count, 70, "each case of each file was tried");
}

#[test]
fn the_brief_and_the_facts_agree_with_the_whole() {
    for case in cases() {
        let whole = decode::decode(&case.bytes);
        let brief = decode::brief(&case.bytes);
        assert_eq!(
            (brief.protocol, brief.summary, brief.label),
            (whole.protocol, whole.summary, whole.label)
        );
        let names: Vec<_> = decode::facts(&case.bytes).protocols;
        assert_eq!(names.last().copied().unwrap_or("nothing"), whole.protocol, "{}", case.name);
        let shown: Vec<_> =
            whole.layers.iter().map(|layer| layer.name).filter(|name| names.contains(name)).collect();
        assert_eq!(names, shown, "{}", case.name);
    }
}

/// The forms that other parts rely on.
#[test]
fn summaries_have_their_forms() {
    let of = |name: &str| decode::brief(&cases().find(|case| case.name == name).unwrap().bytes).summary;
    let forms = [
        ("arp_request", "who has 10.10.0.2? tell 10.10.0.1"),
        ("arp_reply", "10.10.0.2 is at de:b4:f6:ca:3e:1e"),
        ("arp_gratuitous", "10.10.0.2 announces itself at de:b4:f6:ca:3e:1e"),
        ("ping", "ping 10.10.0.1 → 10.10.0.2, number 1"),
        ("pong", "answer 10.10.0.2 → 10.10.0.1, number 1"),
        ("time_exceeded", "10.0.1.1 says: time to live ran out, on ping 10.0.1.2 → 10.0.2.2, number 1"),
        ("host_unreachable", "10.0.1.1 says: host unreachable, on ping 10.0.1.2 → 10.0.2.2, number 1"),
        (
            "port_unreachable",
            "10.0.0.2 says: port unreachable, on UDP 10.0.0.1:40000 → 10.0.0.2:53, 24 bytes",
        ),
        ("ns", "who has fd00::2? tell fd00::1"),
        ("na", "fd00::2 is at de:b4:f6:ca:3e:1e"),
        ("tcp_syn", "SYN 10.0.0.1:40000 → 10.0.0.2:80"),
        ("tcp_synack", "SYN ACK 10.0.0.2:80 → 10.0.0.1:40000"),
        ("tcp_data", "PSH ACK 10.0.0.1:40000 → 10.0.0.2:80, 120 bytes"),
        ("udp", "10.0.0.1:40000 → 10.0.0.2:9999, 24 bytes"),
        ("dns_question", "asks for A of example.org"),
        ("dns_answer", "example.org is 10.0.0.9"),
        ("dhcp_discover", "discover"),
        ("dhcp_offer", "offer 10.0.0.5"),
        ("stp", "root 8000.0242ac110001, cost 0, from bridge 8000.0242ac110001"),
    ];
    for (name, summary) in forms {
        assert_eq!(of(name), summary, "{name}");
    }
}
