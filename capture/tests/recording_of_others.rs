//! Files that other tools write, put together octet by octet after the specifications.

use capture::{
    Direction, Event,
    recording::{self, Fault, RecordingError},
};

/// A pcapng block of the given byte order.
fn block(big: bool, kind: u32, body: &[u8]) -> Vec<u8> {
    let padded = body.len().next_multiple_of(4);
    let length = u32::try_from(12 + padded).expect("a small block");
    let number = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let padding = vec![0; padded - body.len()];
    [&number(kind), &number(length), body, &padding, &number(length)].concat()
}

fn section(big: bool) -> Vec<u8> {
    let little = b"\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff";
    let other = b"\x1a\x2b\x3c\x4d\0\x01\0\0\xff\xff\xff\xff\xff\xff\xff\xff";
    block(big, 0x0A0D_0D0A, if big { other } else { little })
}

/// Events in short form, and the errors after them.
fn told(file: &[u8]) -> (Vec<String>, Vec<RecordingError>) {
    let (mut told, mut errors) = (Vec::new(), Vec::new());
    for item in recording::read(file) {
        match item {
            Ok(Event::Tap(tap)) => told.push(format!("tap {} {}", tap.id.0, tap.at)),
            Ok(Event::Frame(frame)) => {
                let direction = match frame.direction {
                    Direction::In => "in",
                    Direction::Out => "out",
                    Direction::Unknown => "?",
                };
                let bytes = String::from_utf8_lossy(&frame.bytes);
                told.push(format!(
                    "{} {} {direction} {bytes} {}",
                    frame.tap.0, frame.t.0, frame.original_len
                ));
            }
            Ok(Event::Lost { t, tap, frames }) => told.push(format!("lost {} {} {frames}", tap.0, t.0)),
            Ok(other) => told.push(format!("{other:?}")),
            Err(error) => errors.push(error),
        }
    }
    (told, errors)
}

fn whole(file: &[u8]) -> Vec<String> {
    let (told, errors) = told(file);
    assert!(errors.is_empty(), "{errors:?}");
    told
}

#[test]
fn classic_pcap_in_both_orders_and_both_resolutions() {
    for (magic, big, tick) in [
        (0xa1b2_c3d4_u32, false, 1000),
        (0xa1b2_c3d4, true, 1000),
        (0xa1b2_3c4d, false, 1),
        (0xa1b2_3c4d, true, 1),
    ] {
        let number = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
        let half = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
        let header =
            [&number(magic)[..], &half(2), &half(4), &number(0), &number(0), &number(65535), &number(1)];
        let record = [&number(1_700_000_000)[..], &number(5), &number(3), &number(60), b"abc"];
        let file = [header.concat(), record.concat(), record.concat()].concat();
        let line = format!("0 {} ? abc 60", 1_700_000_000_000_000_000_i64 + 5 * tick);
        assert_eq!(whole(&file), ["tap 0 file/if0", &line, &line]);
        let (events, errors) = told(&file[..file.len() - 1]);
        assert_eq!(events.len(), 2);
        assert!(errors[0].is_truncation() && errors[0].offset == 24 + 19);
    }
}

#[test]
fn sections_of_both_orders_clocks_and_every_kind_of_frame() {
    let described = [
        section(true),
        // if_name "eth0", if_tsresol milliseconds, if_tsoffset 10 seconds.
        block(true, 1, b"\0\x01\0\0\0\0\0\x04\0\x02\0\x04eth0\0\x09\0\x01\x03\0\0\0\0\x0e\0\x08\0\0\0\0\0\0\0\x0a\0\0\0\0"),
        // Enhanced, with a comment before its flags (outbound).
        block(true, 6, b"\0\0\0\0\0\0\0\0\0\0\0\x07\0\0\0\x02\0\0\0\x02ab\0\0\0\x01\0\x02hi\0\0\0\x02\0\x04\0\0\0\x02"),
        // Name resolution: nothing for us.
        block(true, 4, b"\0\0\0\0"),
        // Simple: has no time, and is cut to the interface's snap length of 4.
        block(true, 3, b"\0\0\0\x06abcd"),
        // Obsolete: interface 0, three drops.
        block(true, 2, b"\0\0\0\x03\0\0\0\0\0\0\0\x08\0\0\0\x01\0\0\0\x01x"),
        section(false),
        // No name, no resolution: microseconds.
        block(false, 1, b"\x01\0\0\0\0\0\0\0"),
        block(false, 1, b"\x01\0\0\0\0\0\0\0\x02\0\x04\0eth0\0\0\0\0"),
        block(false, 6, b"\x01\0\0\0\0\0\0\0\x03\0\0\0\x01\0\0\0\0\0\0\0y"),
        block(false, 5, b"\0\0\0\0\0\0\0\0\x09\0\0\0\x05\0\x08\0\x2a\0\0\0\0\0\0\0"),
    ];
    let lines = whole(&described.concat());
    assert_eq!(
        lines,
        [
            "tap 0 file/eth0",
            "0 10007000000 out ab 2",
            "0 10007000000 ? abcd 6",
            "0 10008000000 ? x 1",
            "tap 1 file/if0",
            "0 3000 ? y 1",
            "lost 1 9000 42",
        ]
    );
}

#[test]
fn frames_without_ethernet_are_named_and_left_out_and_the_others_come() {
    let file = [
        section(false),
        block(false, 1, b"\x14\x01\0\0\0\0\0\0\x02\0\x03\0any\0"),
        block(false, 1, b"\x01\0\0\0\0\0\0\0\x02\0\x04\0eth0"),
        block(false, 6, b"\0\0\0\0\0\0\0\0\x03\0\0\0\x01\0\0\0\x01\0\0\0y"),
        block(false, 6, b"\x01\0\0\0\0\0\0\0\x03\0\0\0\x01\0\0\0\x01\0\0\0z"),
    ];
    let (lines, errors) = told(&file.concat());
    assert_eq!(lines, ["tap 0 file/eth0", "0 3000 ? z 1"]);
    let text = errors[0].to_string();
    assert!(text.contains("file/any") && text.contains("276") && text.contains("Ethernet"), "{text}");
    assert_eq!((errors.len(), errors[0].offset, errors[0].is_last()), (1, 28, false));
}

#[test]
fn what_is_broken_is_said_with_its_place() {
    let fault = |file: &[u8]| {
        let (_, errors) = told(file);
        let error = errors.into_iter().next().expect("an error");
        (error.offset, error.is_last(), error.fault)
    };
    assert!(matches!(fault(b""), (0, true, Fault::NotARecording)));
    assert!(matches!(fault(b"GIF89a and so on"), (0, true, Fault::NotARecording)));
    let huge = [section(false), b"\x06\0\0\0\xf0\xff\xff\xff\0\0\0\0".to_vec()].concat();
    assert!(matches!(fault(&huge), (28, true, Fault::Broken(_))));
    let unknown = [section(false), block(false, 6, &[0; 20])].concat();
    assert!(matches!(fault(&unknown), (28, false, Fault::Malformed(_))));
    let described = [section(false), block(false, 1, b"\x01\0\0\0\0\0\0\0")].concat();
    let overlong = [described, block(false, 6, b"\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\x7f\0\0\0\0")].concat();
    assert!(matches!(fault(&overlong), (48, false, Fault::Malformed(_))));
    let mut unequal = section(false);
    unequal[24] = 32;
    assert!(matches!(fault(&unequal), (0, true, Fault::Broken(_))));
    let odd = [section(false), b"\x06\0\0\0\x0d\0\0\0\0\0\0\0\0".to_vec()].concat();
    assert!(matches!(fault(&odd), (28, true, Fault::Broken(_))));
}
