//! Recordings: what goes in comes out, whatever is in it, whoever wrote it, and however it was cut off.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::sync::Arc;

use capture::{
    Direction, Event, Frame, Tap, TapId, WireNs,
    recording::{self, Fault, Recorder, RecordingError},
    tables::Forgotten,
};
use proptest::prelude::*;
use topology::{Lab, Namespace, NamespaceName};

fn write(events: &[Event]) -> Vec<u8> {
    let mut recorder = Recorder::new(Vec::new()).unwrap();
    events.iter().for_each(|event| recorder.write(event).unwrap());
    recorder.finish().unwrap()
}

fn read(file: &[u8]) -> Vec<Event> {
    recording::read(file).collect::<Result<_, _>>().unwrap()
}

/// Everything that can be read, and the errors as text.
fn read_all(file: &[u8]) -> (Vec<Event>, Vec<RecordingError>) {
    let (mut events, mut errors) = (Vec::new(), Vec::new());
    for item in recording::read(file) {
        match item {
            Ok(event) => events.push(event),
            Err(error) => errors.push(error),
        }
    }
    (events, errors)
}

fn lab(title: &str) -> Arc<Lab> {
    let mut lab = Lab { title: title.into(), ..Lab::default() };
    lab.namespaces.insert(NamespaceName::new("ns1").unwrap(), Namespace::default());
    Arc::new(lab)
}

fn tap(id: u32, at: &str) -> Event {
    Event::Tap(Tap { id: TapId(id), at: at.parse().unwrap() })
}

fn frame(tap: u32, t: i64, direction: Direction, bytes: &[u8]) -> Event {
    let original_len = bytes.len() as u32 + 3;
    Event::Frame(Frame { tap: TapId(tap), t: WireNs(t), direction, bytes: bytes.into(), original_len })
}

fn sample() -> Vec<Event> {
    let t = 1_700_000_000_123_456_789;
    vec![
        Event::Lab { t: WireNs(t), lab: lab("before") },
        Event::Caption { t: WireNs(t), text: "Watch the question flood.".into() },
        tap(0, "ns1/veth-ns1"),
        frame(0, t + 1, Direction::Out, b"odd length!"),
        tap(1, "host/br0"),
        frame(1, t + 2, Direction::In, b"four"),
        frame(0, t + 3, Direction::Unknown, b""),
        Event::Lost { t: WireNs(t + 4), tap: TapId(1), frames: 7 },
        Event::Lab { t: WireNs(t + 5), lab: lab("after, with “quotes” and\nlines") },
        Event::Caption { t: WireNs(t + 6), text: String::new() },
    ]
}

#[test]
fn a_recording_gives_back_what_was_recorded() {
    assert_eq!(read(&write(&sample())), sample());
}

#[test]
fn what_was_forgotten_is_in_the_recording_before_and_after_the_first_tap() {
    let forgot = |t: i64, what| Event::Forgot { t: WireNs(t), what };
    let events = [
        forgot(1, Forgotten::Neighbours("ns1".parse().unwrap())),
        tap(0, "ns1/veth-ns1"),
        forgot(2, Forgotten::Learned("host/br0".parse().unwrap())),
    ];
    let file = write(&events);
    assert_eq!(read(&file), events);
    let has = |text: &str| file.windows(text.len()).any(|found| found == text.as_bytes());
    // The contract of version 1.
    assert!(has(r#"[{"forgot":{"t":1,"what":{"neighbours":"ns1"}}}]"#));
    assert!(has(r#"[{"forgot":{"t":2,"what":{"learned":"host/br0"}}}]"#));
}

#[test]
fn nothing_recorded_is_a_recording_too() {
    assert_eq!(read(&write(&[])), []);
    let before_any_tap = &sample()[..2];
    assert_eq!(read(&write(before_any_tap)), before_any_tap);
}

#[test]
fn a_lab_too_long_for_one_comment_is_spread_over_several() {
    let long: String = (0..40_000).map(|n| char::from_u32(0x400 + n % 700).unwrap()).collect();
    let events = [
        Event::Lab { t: WireNs(1), lab: lab(&long) },
        tap(0, "a/b"),
        Event::Lab { t: WireNs(2), lab: lab(&long) },
    ];
    assert_eq!(read(&write(&events)), events);
}

#[test]
fn what_does_not_fit_is_refused_and_leaves_the_recording_whole() {
    let mut recorder = Recorder::new(Vec::new()).unwrap();
    recorder.write(&tap(0, "a/b")).unwrap();
    let refused = [
        frame(1, 0, Direction::In, b"of a tap that nobody announced"),
        frame(0, -1, Direction::In, b"before 1970"),
        frame(0, 1, Direction::In, &vec![0; 300_000]),
    ];
    for event in &refused {
        assert_eq!(recorder.write(event).unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
    }
    assert_eq!(read(&recorder.finish().unwrap()), [tap(0, "a/b")]);
}

/// A writer that counts how often it was written to.
struct Counted(Vec<u8>, Vec<usize>);

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.extend_from_slice(bytes);
        self.1.push(self.0.len());
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_output_gets_whole_blocks_only() {
    let mut recorder = Recorder::new(Counted(Vec::new(), Vec::new())).unwrap();
    recorder.write(&tap(0, "a/b")).unwrap();
    for t in 0..5000 {
        recorder.write(&frame(0, t, Direction::In, b"hopscope")).unwrap();
    }
    recorder.flush().unwrap();
    let Counted(file, ends) = recorder.finish().unwrap();
    assert!(3 < ends.len() && ends.len() < 20, "{} writes", ends.len());
    for end in ends {
        assert!(read_all(&file[..end]).1.is_empty(), "cut at {end}");
    }
}

#[test]
fn a_recording_cut_off_anywhere_gives_all_whole_blocks() {
    let file = write(&sample());
    let mut most = 0;
    for end in 0..file.len() {
        let (events, errors) = read_all(&file[..end]);
        assert_eq!(events, sample()[..events.len()], "cut at {end}");
        assert!(most <= events.len(), "a longer file gave less at {end}");
        most = events.len();
        match errors.as_slice() {
            [] => {}
            [error] => {
                assert!(error.is_last() && (error.is_truncation() || end < 4), "cut at {end}: {error}")
            }
            more => panic!("cut at {end}: {more:?}"),
        }
    }
    assert_eq!(most, sample().len() - 1);
}

fn any_event(taps: u32) -> impl Strategy<Value = Event> {
    let t = (0..i64::MAX).prop_map(WireNs);
    let direction = prop_oneof![Just(Direction::In), Just(Direction::Out), Just(Direction::Unknown)];
    let bytes = proptest::collection::vec(any::<u8>(), 0..80);
    prop_oneof![
        6 => (0..taps, t.clone(), direction, bytes, any::<u16>()).prop_map(|(tap, t, direction, bytes, more)| {
            let original_len = bytes.len() as u32 + u32::from(more);
            Event::Frame(Frame { tap: TapId(tap), t, direction, bytes: bytes.into(), original_len })
        }),
        1 => (t.clone(), 0..taps, any::<u64>())
            .prop_map(|(t, tap, frames)| Event::Lost { t, tap: TapId(tap), frames }),
        1 => (t.clone(), ".*").prop_map(|(t, text)| Event::Caption { t, text }),
        1 => (t, ".*").prop_map(|(t, title)| Event::Lab { t, lab: lab(&title) }),
    ]
}

fn any_events() -> impl Strategy<Value = Vec<Event>> {
    (1_u32..5, proptest::collection::vec(any_event(4), 0..30)).prop_map(|(taps, events)| {
        let known = |event: &Event| match event {
            Event::Frame(frame) => frame.tap.0 < taps,
            Event::Lost { tap, .. } => tap.0 < taps,
            _ => true,
        };
        let taps = (0..taps).map(|id| tap(id, &format!("ns{id}/eth{id}")));
        taps.chain(events.into_iter().filter(known)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_events_come_back(events in any_events()) {
        prop_assert_eq!(read(&write(&events)), events);
    }

    #[test]
    fn a_damaged_recording_never_panics(events in any_events(), at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut file = write(&events);
        let at = at.index(file.len());
        file[at] = with;
        let _ = read_all(&file);
    }

    #[test]
    fn no_bytes_at_all_panic(magic in 0..6_usize, bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let magics: [&[u8]; 6] = [
            b"", b"\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d",
            b"\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d", b"\x0a\x0d\x0d\x0a",
        ];
        let _ = read_all(&[magics[magic], &bytes].concat());
    }
}

/// What version 2 brought.
fn sample_of_version_2() -> Vec<Event> {
    let t = WireNs(1_700_000_000_123_456_799);
    let missed = Event::Missed { t, tap: TapId(1), frames: 3 };
    sample().into_iter().chain([missed]).collect()
}

fn is_golden(file: &[u8], wanted: &[Event]) {
    // As text, so that a change of the types in memory cannot hide a change of what is read.
    let text: String = read(file).iter().map(|event| format!("{event:?}\n")).collect();
    let wanted: String = wanted.iter().map(|event| format!("{event:?}\n")).collect();
    assert_eq!(text, wanted);
}

#[test]
fn the_golden_file_of_version_1_opens_for_ever() {
    is_golden(include_bytes!("golden/v1.pcapng"), &sample());
}

#[test]
fn the_golden_file_of_version_2_opens_for_ever() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/v2.pcapng");
    if std::env::var_os("HOPSCOPE_WRITE_GOLDEN").is_some() {
        std::fs::write(path, write(&sample_of_version_2())).unwrap();
    }
    is_golden(&std::fs::read(path).expect("the golden file is part of the source"), &sample_of_version_2());
}

#[test]
fn what_was_missed_is_in_the_recording_at_its_own_interface() {
    let missed = |tap, frames| Event::Missed { t: WireNs(5), tap: TapId(tap), frames };
    let events = [tap(0, "ns1/veth-ns1"), tap(1, "host/br0"), missed(1, 3), missed(0, 1), missed(1, 2)];
    let file = write(&events);
    assert_eq!(read(&file), events);
    // The contract of version 2.
    let note = br#"[{"missed":{"t":5,"frames":3}}]"#;
    assert!(file.windows(note.len()).any(|found| found == note));
}

/// An interface that is made anew, or gets its old name back, has another tap; a file knows interfaces by name.
#[test]
fn a_later_tap_at_the_same_place_is_the_same_interface_to_who_reads() {
    let out = Direction::Out;
    let events = [
        tap(0, "a/b"),
        tap(1, "a/c"),
        frame(0, 1, out, b"first"),
        tap(2, "a/b"),
        frame(2, 2, out, b"second"),
    ];
    let read = read(&write(&events));
    let wanted = [tap(0, "a/b"), tap(1, "a/c"), frame(0, 1, out, b"first"), frame(0, 2, out, b"second")];
    assert_eq!(read, wanted);
}

#[test]
fn octets_seen_at_several_taps_are_kept_once() {
    let (long, other) = ([7; 98], [8; 98]);
    let mut events = vec![tap(0, "ns1/veth-ns1"), tap(1, "host/veth-br1")];
    for (t, octets) in [(1, long), (5, other)] {
        events.push(frame(0, t, Direction::Out, &octets));
        events.push(frame(1, t + 1, Direction::In, &octets));
    }
    let read = read(&write(&events));
    assert_eq!(read, events);
    let octets: Vec<&Arc<[u8]>> = read
        .iter()
        .filter_map(|event| match event {
            Event::Frame(frame) => Some(&frame.bytes),
            _ => None,
        })
        .collect();
    assert!(Arc::ptr_eq(octets[0], octets[1]) && Arc::ptr_eq(octets[2], octets[3]));
}

#[test]
fn a_note_of_a_later_version_says_so_and_costs_no_frame() {
    let mut file = write(&sample());
    let mark = b"hopscope-recording 2";
    let marks: Vec<usize> =
        file.windows(mark.len()).enumerate().filter(|(_, w)| w == mark).map(|(at, _)| at).collect();
    marks.iter().for_each(|at| file[at + mark.len() - 1] = b'9');
    let (events, errors) = read_all(&file);
    assert_eq!(marks.len(), errors.len());
    assert!(
        errors
            .iter()
            .all(|error| matches!(error.fault, Fault::Newer { found: 9, newest: 2 }) && !error.is_last())
    );
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Frame(_))).count(), 3);
}
