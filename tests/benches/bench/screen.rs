//! The big scene in the real window: pictures a second while it plays.

use std::{fs::File, io::BufWriter, path::Path, time::Duration};

use capture::recording::Recorder;

use crate::{
    grid,
    ground::HOME,
    report::{Report, milliseconds},
    window::Screen,
};

pub fn measure(report: &mut Report) {
    let path = Path::new(HOME).join("grid.pcapng");
    let file = File::create(&path).expect("there is a home");
    let mut recorder = Recorder::new(BufWriter::new(file)).expect("the file can be written");
    let events = grid::events(60_000);
    events.iter().for_each(|event| recorder.write(event).expect("the file can be written"));
    recorder.finish().expect("the file can be written");

    let screen = Screen::open();
    let window = screen.window(path.to_str().expect("it is a plain name"));
    let in_all = 2 * 60_000;
    window.wait_for("whole recording", |shown| shown.moments + shown.not_shown == in_all);
    // The first frames need some seconds for their cables; after that as many end as begin.
    window.rate(Duration::from_secs(4));
    let (rate, slow) = window.rate(Duration::from_secs(4));
    let played = window.shown().last().is_some_and(|shown| shown.is_playing);
    assert!(played, "the recording ended before the measurement did");
    report.at_least("pictures at 1280×800 by software", rate, 20.0, "a second");
    report.note("nineteen of twenty came within", &milliseconds(slow));
}
