//! Writing and reading a million frames of 98 octets; medians of five.

use std::time::{Duration, Instant};

use capture::{
    Direction, Event, Frame, Tap, TapId, WireNs,
    recording::{self, Recorder},
};

const FRAMES: u32 = 1_000_000;

fn main() {
    let at = "ns1/veth-ns1".parse().expect("a place");
    let tap = Event::Tap(Tap { id: TapId(0), at });
    let frame = Event::Frame(Frame {
        tap: TapId(0),
        t: WireNs(1_700_000_000_000_000_000),
        direction: Direction::Out,
        bytes: [7; 98].into(),
        original_len: 98,
    });
    let record = |out| {
        let mut recorder = Recorder::new(out).expect("a recorder");
        recorder.write(&tap).expect("written");
        (0..FRAMES).for_each(|_| recorder.write(&frame).expect("written"));
        recorder.finish().expect("finished")
    };
    let mut file = record(Vec::new());
    let written = median(|| file = record(std::mem::take(&mut file).drain(..0).collect()));
    let read = median(|| {
        let frames = recording::read(file.as_slice()).filter(|event| matches!(event, Ok(Event::Frame(_))));
        assert_eq!(frames.count(), FRAMES as usize);
    });
    let each = |whole: Duration| whole.as_nanos() / u128::from(FRAMES);
    println!(
        "written in {written:?}: {} ns a frame; read in {read:?}: {} ns a frame",
        each(written),
        each(read)
    );
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut taken: Vec<Duration> = (0..5)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed()
        })
        .collect();
    taken.sort();
    taken[taken.len() / 2]
}
