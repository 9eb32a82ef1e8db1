//! What a flood looks like in both forms.

use std::{collections::BTreeMap, sync::Arc};

use capture::{
    Branch, ConversationId, Direction, Doubt, Doubts, Evidence, Fate, Frame, Journey, JourneyId, Sighting,
    SightingId, Tap, TapId, WireNs,
};

use topology::Place;

use super::{Form, Printer, ProbeLine, Summary};

const BORN: i64 = 1_700_000_000_000_000_000;

fn sighting(id: u64, tap: u32, direction: Direction, after_ns: i64, parent: Option<u64>) -> Sighting {
    let frame = Frame {
        tap: TapId(tap),
        t: WireNs(BORN + after_ns),
        direction,
        bytes: Arc::from([0; 42]),
        original_len: 42,
    };
    Sighting { id: SightingId(id), frame, parent: parent.map(SightingId), doubts: Doubts::default() }
}

fn branch(leaf: u64, fate: Fate, reason: &str) -> Branch {
    Branch { sighting: SightingId(leaf), fate, reason: reason.into(), evidence: Evidence::Inferred }
}

fn flood() -> Journey {
    use Direction::{In, Out};
    let mut last = sighting(4, 3, In, 3_100, Some(3));
    last.doubts.add(Doubt::Ambiguous);
    Journey {
        id: JourneyId(1),
        conversation: ConversationId(1),
        protocol: "ARP",
        summary: "who has 10.10.0.2?\u{1b}[31m".into(),
        sightings: vec![
            sighting(0, 0, Out, 0, None),
            sighting(1, 1, In, 500, Some(0)),
            sighting(2, 4, In, 500, Some(1)),
            sighting(3, 2, Out, 2_400, Some(1)),
            last,
        ],
        branches: vec![branch(2, Fate::Ignored, "not for me"), branch(4, Fate::Delivered, "ns2 has it")],
    }
}

fn printed(form: Form, print: impl FnOnce(&mut Printer<&mut Vec<u8>>)) -> String {
    let mut out = Vec::new();
    let mut printer = Printer::new(&mut out, form);
    let names = ["ns1/veth-ns1", "host/veth-br1", "host/veth-br2", "ns2/veth-ns2", "host/br0"];
    for (id, name) in (0..).zip(names) {
        printer.taps(&[Tap { id: TapId(id), at: name.parse().expect("a place") }]);
    }
    print(&mut printer);
    let coloured = String::from_utf8(out).expect("text");
    anstream::adapter::strip_str(&coloured).to_string()
}

#[test]
fn a_flood_is_a_tree_with_both_times_and_nothing_that_steers_the_terminal() {
    let text = printed(Form::Text, |printer| printer.journey(&flood()).expect("memory takes it"));
    let expected = "   1  ARP  who has 10.10.0.2?\u{fffd}[31m  conversation 1
      ns1/veth-ns1     out          0           
      host/veth-br1    in      500 ns    +500 ns
      ├ host/br0       in      500 ns         +0  ignored: not for me
      └ host/veth-br2  out     2.4 µs    +1.9 µs
        ns2/veth-ns2   in      3.1 µs    +700 ns  delivered: ns2 has it  [one of several with the same bytes]

";
    assert_eq!(text, expected);
}

#[test]
fn json_keeps_its_contract() {
    let text = printed(Form::Json, |printer| {
        printer.journey(&flood()).expect("memory takes it");
        let summary = Summary {
            taps: 5,
            frames: 5,
            lost: 0,
            journeys: 1,
            probes: 1,
            answered: 1,
            missed: 2,
            commands: 3,
            failed: 1,
        };
        printer.summary(summary).expect("memory takes it");
    });
    let expected = concat!(
        r#"{"type":"journey","id":1,"protocol":"ARP","summary":"who has 10.10.0.2?\u001b[31m","conversation":1,"#,
        r#""sightings":[{"id":0,"at":"ns1/veth-ns1","direction":"out","t_ns":1700000000000000000,"parent":null},"#,
        r#"{"id":1,"at":"host/veth-br1","direction":"in","t_ns":1700000000000000500,"parent":0},"#,
        r#"{"id":2,"at":"host/br0","direction":"in","t_ns":1700000000000000500,"parent":1},"#,
        r#"{"id":3,"at":"host/veth-br2","direction":"out","t_ns":1700000000000002400,"parent":1},"#,
        r#"{"id":4,"at":"ns2/veth-ns2","direction":"in","t_ns":1700000000000003100,"parent":3,"#,
        r#""doubts":["ambiguous"]}],"#,
        r#""branches":[{"sighting":2,"fate":"ignored","reason":"not for me","evidence":"inferred"},"#,
        r#"{"sighting":4,"fate":"delivered","reason":"ns2 has it","evidence":"inferred"}]}"#,
        "\n",
        r#"{"type":"summary","taps":5,"frames":5,"lost":0,"journeys":1,"probes":1,"answered":1,"missed":2,"commands":3,"failed":1}"#,
        "\n"
    );
    assert_eq!(text, expected);
}

#[test]
fn a_tag_is_shown_where_the_frame_has_one() {
    let mut tagged = flood();
    let mut bytes = [0; 46];
    bytes[12..16].copy_from_slice(&[0x81, 0x00, 0x00, 0x0a]);
    tagged.sightings[3].frame.bytes = Arc::from(bytes);
    let text = printed(Form::Text, |printer| printer.journey(&tagged).expect("memory takes it"));
    assert!(text.contains("host/veth-br2  out     2.4 µs    +1.9 µs  [VLAN 10]\n"), "{text}");
    assert_eq!(text.matches("VLAN").count(), 1, "{text}");
    let json = printed(Form::Json, |printer| printer.journey(&tagged).expect("memory takes it"));
    assert!(json.contains(r#""t_ns":1700000000000002400,"parent":1,"vlan":10}"#), "{json}");
    assert_eq!(json.matches("vlan").count(), 1, "{json}");
}

#[test]
fn an_unanswered_probe_says_why() {
    let text = printed(Form::Text, |printer| {
        let probe = ProbeLine {
            from: "ns1".into(),
            to: "ns2".into(),
            address: "10.10.0.2".into(),
            sequence: 1,
            answered: false,
            round_trip_ns: None,
            reason: "nobody answered the ARP question".into(),
        };
        printer.probe(&probe).expect("memory takes it");
    });
    assert_eq!(text, "ns1 pings ns2 (10.10.0.2), number 1: not answered: nobody answered the ARP question\n");
}

#[test]
fn what_was_missed_is_said_by_its_place_and_summed_up_where_it_is_much() {
    let missed = |places: u64| -> BTreeMap<Place, u64> {
        (1..=places).map(|n| (format!("ns{n:02}/eth0").parse().expect("a place"), n)).collect()
    };
    let text = printed(Form::Text, |printer| {
        printer.missed(&missed(2)).expect("memory takes it");
        printer
            .summary(Summary { taps: 2, frames: 9, missed: 3, ..Summary::default() })
            .expect("memory takes it");
    });
    let expected = "1 frame crossed ns01/eth0 before its tap was there
2 frames crossed ns02/eth0 before its tap was there
9 frames at 2 taps, none lost, 3 missed; 0 journeys
";
    assert_eq!(text, expected);
    let text = printed(Form::Text, |printer| printer.missed(&missed(10)).expect("memory takes it"));
    assert_eq!(text.lines().count(), 9);
    assert!(text.ends_with("19 frames crossed 2 other interfaces before their taps were there\n"), "{text}");
}
