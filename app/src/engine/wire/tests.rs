use std::time::Duration;

use capture::Tap;
use proptest::prelude::*;
use topology::{Lab, NamespaceName};

use super::*;
use crate::engine::protocol::{Answer, EngineError, Wish};

fn body(encoded: &[u8], limit: usize) -> Vec<u8> {
    read_body(encoded, limit).expect("a whole message").expect("not the end")
}

fn frame(len: usize) -> Event {
    let bytes: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
    let (tap, t, direction) = (TapId(3), WireNs(1_700_000_000_123_456_789), Direction::Out);
    Event::Frame(Frame { tap, t, direction, bytes: bytes.into(), original_len: 1514 })
}

#[test]
fn requests_survive_the_wire() {
    let run = Wish::Run {
        namespace: NamespaceName::host(),
        command: "ip link".into(),
        limit: Duration::from_millis(1500),
    };
    let change = Wish::Change { known: Box::default(), wanted: Box::default() };
    for wish in [Wish::Build(Box::default()), change, Wish::Listen, run, Wish::Stop] {
        let request = Request { id: 5, wish };
        let encoded = encode_request(&request).expect("encodes");
        assert_eq!(decode_request(&body(&encoded, LARGEST_REQUEST)).expect("decodes"), request);
    }
}

#[test]
fn messages_survive_the_wire() {
    let tap = Tap { id: TapId(0), at: "ns1/eth0".parse().expect("a place") };
    let said = Said::Answer { id: 1, answer: Ok(Answer::Taps(vec![tap.clone()])) };
    let refused = Said::Answer { id: 2, answer: Err(EngineError::Listen("no".into())) };
    let lab = Event::Lab { t: WireNs(1), lab: Arc::new(Lab::default()) };
    let lost = Event::Lost { t: WireNs(2), tap: TapId(0), frames: 4 };
    let events = Message::Events(vec![lab, Event::Tap(tap), frame(98), frame(0), lost]);
    for message in [Message::Said(said), Message::Said(refused), events, Message::Events(vec![])] {
        let encoded = encode_message(&message).expect("encodes");
        assert_eq!(decode_message(&body(&encoded, LARGEST_MESSAGE)).expect("decodes"), message);
    }
}

#[test]
fn what_is_too_large_is_neither_sent_nor_awaited() {
    let huge = Wish::Run {
        namespace: NamespaceName::host(),
        command: "x".repeat(LARGEST_REQUEST),
        limit: Duration::ZERO,
    };
    let sent = encode_request(&Request { id: 0, wish: huge });
    assert!(matches!(sent, Err(WireError::TooLarge { .. })));
    let promised = u32::MAX.to_le_bytes();
    assert!(matches!(read_body(&promised[..], LARGEST_REQUEST), Err(WireError::TooLarge { .. })));
}

#[test]
fn an_end_between_messages_is_no_error_but_one_inside_is() {
    assert!(matches!(read_body(&[][..], 9), Ok(None)));
    assert!(matches!(read_body(&[1, 0][..], 9), Err(WireError::Io(_))));
    assert!(matches!(read_body(&[5, 0, 0, 0, 1, 2][..], 9), Err(WireError::Io(_))));
}

#[test]
fn strangers_are_recognised() {
    let mut bytes = Vec::new();
    write_preamble(&mut bytes, 7).expect("memory takes everything");
    assert_eq!(read_preamble(&bytes[..]).expect("ours"), 7);
    assert!(matches!(read_preamble(&b"GET / HTTP/1.1\r\n"[..]), Err(WireError::Stranger)));
}

#[test]
fn names_are_checked_on_arrival() {
    let run = |namespace: &str| {
        let wish = Wish::Run {
            namespace: NamespaceName::new("good").expect("a name"),
            command: "true".into(),
            limit: Duration::ZERO,
        };
        let mut encoded = encode_request(&Request { id: 0, wish }).expect("encodes");
        let at = encoded.windows(4).position(|four| four == b"good").expect("the name is in it");
        encoded[at..at + 4].copy_from_slice(namespace.as_bytes());
        decode_request(&encoded[4..])
    };
    assert!(run("fine").is_ok());
    assert!(run("../x").is_err(), "a name that leaves the directory of names must not arrive");
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400), tag in 0..3_u8) {
        let _ = decode_request(&bytes);
        let _ = decode_message(&bytes);
        let _ = decode_message(&[&[tag], &bytes[..]].concat());
        let _ = read_body(&bytes[..], 100);
    }
}
