#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use capture::{Direction, Frame, Tap, TapId, recording::Recorder};

use super::*;
use crate::desk::post::Post;

const LONG: Duration = Duration::from_secs(1000);

/// Echo requests over a cable, one every millisecond, each seen at both ends.
fn recording(pings: u16) -> Vec<u8> {
    let mut lab = Lab::default();
    let ends = ["red/a", "blue/b"].map(|end| end.parse::<topology::Place>().unwrap());
    for end in &ends {
        let interface = topology::Interface::new(topology::InterfaceKind::VethEnd);
        let namespace = lab.namespaces.entry(end.namespace.clone()).or_default();
        namespace.interfaces.insert(end.interface.clone(), interface);
    }
    let [a, b] = ends.clone();
    lab.cables.insert(topology::Cable::new(a, b));
    let mut recorder = Recorder::new(Vec::new()).unwrap();
    recorder.write(&Event::Lab { t: WireNs(0), lab: Arc::new(lab) }).unwrap();
    for (at, id) in ends.into_iter().zip(0..) {
        recorder.write(&Event::Tap(Tap { id: TapId(id), at })).unwrap();
    }
    for number in 0..pings {
        // An Ethernet header, an IPv4 header without options, an echo request.
        let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 28];
        bytes.extend(number.to_be_bytes());
        bytes.extend([0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 8, 0, 0, 0, 0, 7]);
        bytes.extend(number.to_be_bytes());
        for (tap, direction) in [(0, Direction::Out), (1, Direction::In)] {
            let t = WireNs(1_000_000_000 + i64::from(number) * 1_000_000 + i64::from(tap) * 900);
            let frame =
                Frame { tap: TapId(tap), t, direction, bytes: bytes.as_slice().into(), original_len: 42 };
            recorder.write(&Event::Frame(frame)).unwrap();
        }
    }
    recorder.finish().unwrap()
}

fn told(bytes: &[u8]) -> Vec<News> {
    let post = Post::new(|| {});
    read(Path::new("a.pcapng"), std::io::Cursor::new(bytes.to_vec()), &post.source());
    std::iter::from_fn(|| Some(post.take(LONG)).filter(|news| !news.is_empty())).flatten().collect()
}

fn batches(news: &[News]) -> Vec<&Batch> {
    news.iter().filter_map(|news| if let News::Seen(batch) = news { Some(batch) } else { None }).collect()
}

#[test]
fn everything_comes_and_then_the_end() {
    let news = told(&recording(50_000));
    assert!(matches!(&news[0], News::OpenedRecording { .. }));
    let batches = batches(&news);
    assert!(2 < batches.len(), "it comes in pieces: {}", batches.len());
    assert_eq!(batches[0].taps.as_ref().map(Vec::len), Some(2));
    assert_eq!(batches[0].labs.len(), 1);
    let journeys: usize = batches.iter().map(|batch| batch.journeys.len()).sum();
    let whole = batches.iter().flat_map(|batch| &batch.journeys).all(|found| found.sightings.len() == 2);
    assert!(whole && journeys == 50_000, "{journeys}");
    let last = batches.last().unwrap();
    assert_eq!((last.totals.frames, &last.end), (100_000, &Some(Ok(()))));
    assert!(batches[..batches.len() - 1].iter().all(|batch| batch.end.is_none()));
}

#[test]
fn a_recording_that_is_cut_off_is_read_with_a_remark() {
    let bytes = recording(10);
    let news = told(&bytes[..bytes.len() - 5]);
    let seen = batches(&news);
    assert_eq!(seen.last().unwrap().end, Some(Ok(())));
    assert_eq!(seen.last().unwrap().totals.frames, 19);
    let Some(News::Notice { words, .. }) = news.last() else { panic!("{news:?}") };
    assert!(words.contains("ends in the middle of a block"), "{words}");
}

#[test]
fn a_recording_that_cannot_be_followed_says_where() {
    let mut bytes = recording(10);
    let len = bytes.len();
    bytes[len - 4..].copy_from_slice(&[9, 9, 9, 9]);
    let news = told(&bytes);
    let end = batches(&news).last().unwrap().end.clone();
    let why = end.unwrap().unwrap_err();
    assert!(why.starts_with("at byte ") && why.contains("differ"), "{why}");
}

#[test]
fn it_stops_when_another_is_opened() {
    let bytes = recording(2_000);
    let post = Post::new(|| {});
    let source = post.source();
    let _another = post.source();
    read(Path::new("a.pcapng"), std::io::Cursor::new(bytes), &source);
    let news = post.take(LONG);
    assert!(batches(&news).is_empty(), "{}", news.len());
}
