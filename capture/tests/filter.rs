//! The filter language: what is found, what is refused, and how.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use capture::{
    Branch, ConversationId, Direction, Doubts, Evidence, Fate, Frame, Journey, JourneyId, Sighting,
    SightingId, Tap, TapId, WireNs, decode,
    filter::{self, Filter},
};
use proptest::prelude::*;

const PLACES: [&str; 5] = ["ns1/veth-ns1", "host/veth-br1", "host/br0", "host/veth-br2", "ns2/veth-ns2"];

fn taps() -> Vec<Tap> {
    let tap = |(id, at): (u32, &&str)| Tap { id: TapId(id), at: at.parse().unwrap() };
    (0..).zip(&PLACES).map(tap).collect()
}

/// A journey over taps given with their parents, with these bytes everywhere.
fn journey(id: u64, bytes: &[u8], path: &[(u32, Option<u64>)], fates: &[Fate]) -> Journey {
    let brief = decode::brief(bytes);
    let sighting = |(number, &(tap, parent)): (u64, &(u32, Option<u64>))| Sighting {
        id: SightingId(100 * id + number),
        frame: Frame {
            tap: TapId(tap),
            t: WireNs(0),
            direction: Direction::In,
            bytes: Arc::from(bytes),
            original_len: u32::try_from(bytes.len()).unwrap(),
        },
        parent: parent.map(|parent| SightingId(100 * id + parent)),
        doubts: Doubts::default(),
    };
    let sightings: Vec<_> = (0..).zip(path).map(sighting).collect();
    let branch = |fate: &Fate| Branch {
        sighting: sightings[sightings.len() - 1].id,
        fate: *fate,
        reason: "so it was".into(),
        evidence: Evidence::Inferred,
    };
    Journey {
        id: JourneyId(id),
        conversation: ConversationId(id / 2 + 1),
        protocol: brief.protocol,
        summary: brief.summary,
        branches: fates.iter().map(branch).collect(),
        sightings,
    }
}

/// 1: an ARP question flooded through the switch; 2: a ping to ns2; 3: a TCP SYN that was dropped,
/// tagged with VLAN 5; 4: an ICMP error about UDP, over the first cable only.
fn journeys() -> Vec<Journey> {
    let ns1 = [2, 0x42, 0xac, 0x11, 0, 1];
    let ns2 = [0xde, 0xb4, 0xf6, 0xca, 0x3e, 0x1e];
    let (a, b) = ([10, 10, 0, 1], [10, 10, 0, 2]);
    let builder = || etherparse::PacketBuilder::ethernet2(ns1, ns2);
    let mut arp = [[0xff; 6], ns1].concat();
    arp.extend([8, 6, 0, 1, 8, 0, 6, 4, 0, 1]);
    arp.extend([&ns1[..], &a, &[0; 6], &b].concat());
    let mut ping = Vec::new();
    builder().ipv4(a, b, 64).icmpv4_echo_request(7, 1).write(&mut ping, &[0; 8]).unwrap();
    let mut syn = Vec::new();
    let tagged = builder().single_vlan(5.try_into().unwrap());
    tagged.ipv4(a, b, 64).tcp(40_000, 80, 1, 1000).syn().write(&mut syn, &[]).unwrap();
    let mut quoted = Vec::new();
    etherparse::PacketBuilder::ipv4(a, [192, 168, 0, 9], 64)
        .udp(40_000, 53)
        .write(&mut quoted, &[0; 4])
        .unwrap();
    let unreachable =
        etherparse::Icmpv4Type::DestinationUnreachable(etherparse::icmpv4::DestUnreachableHeader::Port);
    let mut error = Vec::new();
    builder().ipv4([172, 16, 0, 1], a, 64).icmpv4(unreachable).write(&mut error, &quoted).unwrap();
    let across = [(0, None), (1, Some(0)), (3, Some(1)), (4, Some(2))];
    let flooded = [(0, None), (1, Some(0)), (2, Some(1)), (3, Some(1)), (4, Some(3))];
    vec![
        journey(1, &arp, &flooded, &[Fate::Ignored, Fate::Delivered]),
        journey(2, &ping, &across, &[Fate::Delivered]),
        journey(3, &syn, &across[..2], &[Fate::Dropped]),
        journey(4, &error, &across[..2], &[Fate::InFlight]),
    ]
}

fn found(text: &str) -> Vec<u64> {
    let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let taps = taps();
    journeys().iter().filter(|journey| filter.matches(journey, &taps)).map(|journey| journey.id.0).collect()
}

#[test]
fn each_word_finds_what_it_says() {
    let table: &[(&str, &[u64])] = &[
        ("", &[1, 2, 3, 4]),
        ("  ", &[1, 2, 3, 4]),
        ("arp", &[1]),
        ("ICMP", &[2, 4]),
        ("tcp", &[3]),
        ("udp", &[]),
        ("ipv4", &[2, 3, 4]),
        ("ethernet", &[1, 2, 3, 4]),
        ("tagged", &[3]),
        ("arp or tcp", &[1, 3]),
        ("arp || tcp", &[1, 3]),
        ("icmp and not ns == ns2", &[4]),
        ("icmp && !ns == ns2", &[4]),
        ("not (arp or tcp)", &[2, 4]),
        ("not not arp", &[1]),
        ("arp or icmp and tcp", &[1]),
        ("(arp or icmp) and tcp", &[]),
        ("ip == 10.10.0.2", &[1, 2, 3]),
        ("ip = 10.10.0.2", &[1, 2, 3]),
        ("ip != 10.10.0.2", &[4]),
        ("ip == 10.10.0.0/24", &[1, 2, 3, 4]),
        ("ip.src == 172.16.0.0/12", &[4]),
        ("ip.dst == 10.10.0.1", &[4]),
        ("ip == 192.168.0.9", &[]),
        ("ip ~ 72.16", &[4]),
        ("172.16.0.1", &[4]),
        ("172.16.0.0/16", &[4]),
        ("fd00::1", &[]),
        ("mac == DE:B4:f6:ca:3e:1e", &[2, 3, 4]),
        ("ff:ff:ff:ff:ff:ff", &[1]),
        ("mac.src == de:b4:f6:ca:3e:1e", &[]),
        ("mac.dst ~ ff:ff", &[1]),
        ("port == 80", &[3]),
        ("port.src == 80", &[]),
        ("port.dst <= 80", &[3]),
        ("port > 1023", &[3]),
        ("vlan == 5", &[3]),
        ("vlan != 5", &[1, 2, 4]),
        ("ns == ns2", &[1, 2]),
        ("NS == Ns2", &[1, 2]),
        ("ns == ns1 and ns == ns2", &[1, 2]),
        ("ns != ns2", &[3, 4]),
        ("if == br0", &[1]),
        ("if ~ veth-br2", &[1, 2]),
        ("at == host/br0", &[1]),
        ("fate == delivered", &[1, 2]),
        ("fate == ignored", &[1]),
        ("fate == dropped or fate == in-flight", &[3, 4]),
        ("text ~ \"WHO HAS\"", &[1]),
        ("\"who has\"", &[1]),
        ("text == \"ping 10.10.0.1 → 10.10.0.2, number 1\"", &[2]),
        ("conversation == 2", &[2, 3]),
        ("journey >= 3", &[3, 4]),
        ("hops >= 3", &[1, 2]),
        ("hops == 1", &[3, 4]),
        ("hops > 3", &[]),
        ("len < 50", &[1]),
        ("len > 42 and len != 50", &[3, 4]),
    ];
    for (text, expected) in table {
        assert_eq!(&found(text), expected, "{text}");
    }
}

#[test]
fn what_is_refused_says_where_and_why() {
    let table = [
        ("foo", 0..3, "no word of the filter"),
        ("arp icmp", 4..8, "“and” or “or” is missing"),
        ("arp and", 7..7, "a term is missing"),
        ("and arp", 0..3, "a term is missing before"),
        ("(arp", 4..4, "never closed"),
        ("arp)", 3..4, "never opened"),
        ("()", 1..2, "a term is missing before"),
        ("ip", 2..2, "to be compared"),
        ("ip ==", 5..5, "a value for “ip”"),
        ("ip == x", 6..7, "not an IP address"),
        ("ip == 10.0.0.0/33", 6..17, "not an IP address"),
        ("ip < 10.0.0.1", 3..4, "cannot be compared with “<”"),
        ("mac == 1", 7..8, "not a hardware address"),
        ("port == 65536", 8..13, "65535 is the most"),
        ("port == http", 8..12, "not a number"),
        ("vlan == 4096", 8..12, "4095 is the most"),
        ("fate == lost", 8..12, "not a fate"),
        ("fate ~ drop", 5..6, "cannot be compared"),
        ("text ~ \"who", 7..11, "never closed"),
        ("arp and \"", 8..9, "never closed"),
        ("ip == (", 6..7, "a value for “ip” is missing before"),
        ("arp & icmp", 4..5, "“and” or “or” is missing"),
        ("→", 0..3, "no word"),
    ];
    for (text, range, words) in table {
        let error = Filter::parse(text).expect_err(text);
        assert_eq!(error.range, range, "{text}: {error:?}");
        assert!(error.message.contains(words), "{text}: {error:?}");
    }
    let error = Filter::parse("fate == lost").unwrap_err();
    assert_eq!(error.expected, ["delivered", "ignored", "dropped", "in-flight"]);
    assert_eq!(Filter::parse("icpm").unwrap_err().expected, ["icmp", "icmpv6"]);
}

#[test]
fn a_hundred_thousand_parentheses_do_no_harm() {
    for text in ["(".repeat(100_000), "not ".repeat(100_000), "!".repeat(100_000), "(not ".repeat(100_000)] {
        assert!(Filter::parse(&text).is_err());
    }
    let negated = format!("{}arp", "not ".repeat(100_000));
    assert_eq!(found(&negated), [1]);
    let long = vec!["arp"; 20_000].join(" or ");
    assert_eq!(found(&long), [1]);
    let nested = format!("{}arp{}", "(".repeat(100), ")".repeat(100));
    assert_eq!(found(&nested), [1]);
}

fn offered(text: &str) -> Vec<String> {
    filter::complete(text, text.len()).into_iter().map(|completion| completion.text).collect()
}

#[test]
fn completions_fit_where_the_cursor_is() {
    assert_eq!(offered("fate == "), ["delivered", "ignored", "dropped", "in-flight"]);
    assert_eq!(offered("fate == d"), ["delivered", "dropped"]);
    assert_eq!(offered("icm"), ["icmp", "icmpv6"]);
    assert_eq!(offered("arp and ip.s"), ["ip.src"]);
    assert_eq!(offered("arp "), ["and", "or"]);
    assert_eq!(offered("arp a"), ["and"]);
    assert_eq!(offered("(arp "), ["and", "or", ")"]);
    assert_eq!(offered("ip "), ["==", "!=", "~"]);
    assert_eq!(offered("hops >"), [">", ">="]);
    assert_eq!(offered("(ip == 10.0.0.1 and not f"), ["fate"]);
    assert_eq!(offered("ip == "), [] as [&str; 0], "an address cannot be guessed");
    assert_eq!(offered("nonsense and "), [] as [&str; 0]);
    assert_eq!(offered("\"who h"), [] as [&str; 0]);
    assert!(offered("").contains(&"arp".to_string()) && offered("arp and ").contains(&"not".to_string()));
    let inside = filter::complete("ic and tcp", 2);
    assert_eq!((inside[0].replaces.clone(), inside[0].text.as_str()), (0..2, "icmp"));
    assert!(inside.iter().all(|completion| !completion.about.is_empty()));
}

#[test]
fn every_completion_of_a_word_leads_on() {
    for text in ["", "arp and ", "not ", "("] {
        for completion in filter::complete(text, text.len()) {
            let mut whole = text.to_string();
            whole.replace_range(completion.replaces, &completion.text);
            match Filter::parse(&whole) {
                Ok(_) => {}
                Err(error) => assert_eq!(error.range, whole.len()..whole.len(), "{whole}: {error:?}"),
            }
        }
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let words = [
        "arp",
        "ip",
        "ip.src",
        "==",
        "!=",
        "~",
        "<",
        "and",
        "or",
        "not",
        "(",
        ")",
        "!",
        "&&",
        "||",
        "&",
        "\"",
        "\\",
        "10.0.0.1",
        "10.0.0.0/8",
        "fd00::/8",
        "80",
        "fate",
        "dropped",
        "text",
        "\"a b\"",
        "hops",
        "vlan",
        "→",
        "mac",
        "02:42:ac:11:00:02",
        "at",
        "ns1/veth-ns1",
        "99999999999999999999",
    ];
    prop::collection::vec((prop::sample::select(words.to_vec()), any::<bool>()), 0..14).prop_map(|pieces| {
        pieces.into_iter().map(|(word, space)| if space { format!("{word} ") } else { word.into() }).collect()
    })
}

/// Any text gives a filter or an error inside the text, and any cursor a list that fits.
fn check(text: &str, cursor: usize) -> Result<(), TestCaseError> {
    match Filter::parse(text) {
        Ok(filter) => {
            let taps = taps();
            let negated = Filter::parse(&format!("not ({text})"));
            for journey in journeys() {
                let matches = filter.matches(&journey, &taps);
                if let Ok(negated) = &negated {
                    prop_assert_ne!(matches, negated.matches(&journey, &taps));
                }
            }
        }
        Err(error) => {
            prop_assert!(text.get(error.range.clone()).is_some(), "{error:?}");
            prop_assert!(!error.message.is_empty());
        }
    }
    for completion in filter::complete(text, cursor) {
        prop_assert!(text.get(completion.replaces.clone()).is_some(), "{completion:?}");
        prop_assert!(completion.replaces.end <= cursor);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_safe(text in ".{0,60}", cursor in 0_usize..80) {
        check(&text, cursor)?;
    }

    #[test]
    fn any_mixture_of_its_words_is_safe(text in pieces(), cursor in 0_usize..120) {
        check(&text, cursor)?;
    }
}
