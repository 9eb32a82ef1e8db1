//! Whatever the bytes are: no panic, and every range where it belongs.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use capture::decode::{self, Decoded};
use proptest::{collection::vec, prelude::*, sample::Index};

const FILES: [&str; 5] = [
    include_str!("frames/link.txt"),
    include_str!("frames/ipv4.txt"),
    include_str!("frames/ipv6.txt"),
    include_str!("frames/transport.txt"),
    include_str!("frames/application.txt"),
];

fn valid_frames() -> Vec<Vec<u8>> {
    let hex =
        FILES.iter().flat_map(|file| file.split("# ").skip(1)).map(|block| block.lines().nth(1).unwrap());
    hex.map(|hex| {
        let digits = hex.as_bytes().chunks(2);
        digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    })
    .collect()
}

/// What holds for every frame.
fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let decoded = decode::decode(bytes);
    let Decoded { layers, protocol, summary, label, stop } = &decoded;
    let mut end = 0;
    for layer in layers {
        prop_assert!(end <= layer.range.start, "{} begins inside the layer before: {decoded:?}", layer.name);
        prop_assert!(layer.range.start <= layer.range.end && layer.range.end <= bytes.len());
        for field in &layer.fields {
            prop_assert!(layer.range.start <= field.range.start, "{field:?} of {:?}", layer.range);
            prop_assert!(field.range.start <= field.range.end, "{field:?}");
            prop_assert!(field.range.end <= layer.range.end, "{field:?} of {:?}", layer.range);
        }
        end = layer.range.end;
    }
    prop_assert!(!summary.is_empty() && !label.is_empty(), "{decoded:?}");
    prop_assert!(!summary.chars().any(char::is_control), "{summary:?}");
    if let Some(stop) = stop {
        prop_assert!(stop.at <= bytes.len(), "{stop:?}");
        let kinds = ["truncated: ", "malformed: ", "unknown: "];
        prop_assert!(kinds.iter().any(|kind| stop.reason.starts_with(kind)), "{stop:?}");
    }
    let brief = decode::brief(bytes);
    prop_assert_eq!((&brief.protocol, &brief.summary, &brief.label), (protocol, summary, label));
    let facts = decode::facts(bytes);
    prop_assert_eq!(facts.protocols.last().copied().unwrap_or("nothing"), *protocol);
    Ok(())
}

#[test]
fn every_beginning_of_every_frame() {
    for frame in valid_frames() {
        for len in 0..=frame.len() {
            check(&frame[..len]).unwrap();
        }
    }
}

#[test]
fn every_byte_of_every_frame_set_to_its_extremes() {
    for frame in valid_frames() {
        for at in 0..frame.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff, frame[at] ^ 0x10] {
                let mut frame = frame.clone();
                frame[at] = value;
                check(&frame).unwrap();
            }
        }
    }
}

#[test]
fn ten_thousand_tags_and_headers_are_no_danger() {
    let tags = [vec![0; 12], [0x81, 0x00, 0x00, 0x05].repeat(10_000)].concat();
    check(&tags).unwrap();
    let hop_by_hop =
        [vec![0; 12], vec![0x86, 0xdd, 0x60, 0, 0, 0, 0xff, 0xff, 0, 1], vec![0; 65_000]].concat();
    check(&hop_by_hop).unwrap();
    let header = [0x45, 0, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];
    let nested = [vec![0; 12], vec![8, 0], header.repeat(3_000)].concat();
    check(&nested).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn arbitrary_bytes(bytes in vec(any::<u8>(), 0..200)) {
        check(&bytes)?;
    }

    /// Types that lead on, with anything behind them.
    #[test]
    fn arbitrary_payloads(kind in prop::sample::select(vec![0x0800_u16, 0x0806, 0x86dd, 0x88cc, 0x8100, 0x0026]),
                          bytes in vec(any::<u8>(), 0..300)) {
        check(&[&[2; 12], kind.to_be_bytes().as_slice(), &bytes].concat())?;
    }

    /// A sound IP header before anything at all.
    #[test]
    fn arbitrary_transports(number in prop::sample::select(vec![1_u8, 2, 4, 6, 17, 41, 58]),
                            ports in prop::sample::select(vec![53_u16, 67, 123, 547, 5353, 9999]),
                            six in any::<bool>(),
                            body in vec(any::<u8>(), 0..400)) {
        let body = if number == 6 || number == 17 { [&[0x9c, 0x40], ports.to_be_bytes().as_slice(), &body].concat() } else { body };
        let builder = etherparse::PacketBuilder::ethernet2([2; 6], [4; 6]);
        let mut frame = Vec::new();
        if six {
            builder.ipv6([1; 16], [2; 16], 64).write(&mut frame, number.into(), &body).unwrap();
        } else {
            builder.ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64).write(&mut frame, number.into(), &body).unwrap();
        }
        check(&frame)?;
    }

    #[test]
    fn frames_with_some_bytes_changed_and_an_end_cut_off(
        which in any::<Index>(), changes in vec((any::<Index>(), any::<u8>()), 1..8), cut in any::<Index>(), extra in vec(any::<u8>(), 0..40),
    ) {
        let frames = valid_frames();
        let mut frame = which.get(&frames).clone();
        for (at, value) in changes {
            let at = at.index(frame.len());
            frame[at] = value;
        }
        check(&frame)?;
        frame.extend(extra);
        frame.truncate(cut.index(frame.len() + 1));
        check(&frame)?;
    }

    /// What another library builds is understood, with right checksums.
    #[test]
    fn built_frames_are_understood(ports in any::<(u16, u16)>(), id in any::<u16>(), number in any::<u16>(),
                                   body in vec(any::<u8>(), 0..100)) {
        let builder = || etherparse::PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64);
        let mut echo = Vec::new();
        builder().icmpv4_echo_request(id, number).write(&mut echo, &body).unwrap();
        let mut udp = Vec::new();
        builder().udp(ports.0 | 0x4000, ports.1 | 0x8000).write(&mut udp, &body).unwrap();
        let mut tcp = Vec::new();
        builder().tcp(ports.0 | 0x4000, ports.1 | 0x8000, 7, 100).syn().write(&mut tcp, &body).unwrap();
        let words = format!("ping 10.0.0.1 → 10.0.0.2, number {number}");
        prop_assert_eq!(decode::decode(&echo).summary, words);
        for frame in [echo, udp, tcp] {
            check(&frame)?;
            let decoded = decode::decode(&frame);
            prop_assert_eq!(&decoded.stop, &None);
            let sums: Vec<_> = decoded.layers.iter().flat_map(|l| &l.fields).filter(|f| f.name.ends_with("checksum")).collect();
            prop_assert_eq!(sums.len(), 2);
            prop_assert!(sums.iter().all(|sum| sum.value.ends_with(" correct")), "{sums:?}");
        }
    }
}
