//! A recording of a million frames: when the first of them is seen, and when all are there.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use hopscope::{
    desk::Desk,
    model::{
        command::{Command, Effect},
        state::{Settings, State},
        update::update,
    },
};

use crate::{
    build::ratio,
    ground::HOME,
    is_here, read,
    report::{Report, median, milliseconds, timed},
    window::Screen,
};

const SIGHTINGS: u64 = 4 * read::FRAMES;
const ROUNDS: usize = 3;

pub fn measure(report: &mut Report) {
    let path = Path::new(HOME).join("million.pcapng");
    read::record(&path);
    let screen = Screen::open();
    let (mut first, mut all, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let window = screen.window(path.to_str().expect("it is a plain name"));
        first.push(window.wait_for("frame", |shown| 0 < shown.moments).after);
        let is_all = |shown: &crate::window::Shown| SIGHTINGS <= shown.moments + shown.not_shown;
        all.push(window.wait_for("whole recording", is_all).after);
        drop(window);
        if is_here("tshark") {
            theirs.push(timed(|| read::tshark(&path)).0);
        }
    }
    let (first, all) = (median(first), median(all));
    report.at_most("program started, first frames on the screen after", first.as_secs_f64(), 1.0, "s");
    report.note("all frames are in the window after", &milliseconds(all));
    if theirs.is_empty() {
        report.note("tshark", "not installed");
    } else {
        let theirs = median(theirs);
        report.note("tshark -r, which shows each frame once in text", &milliseconds(theirs));
        report.note("    ours, until the first frames, to that", &format!("{:.3}×", ratio(first, theirs)));
        report.note("    ours, until all are in, to that", &format!("{:.3}×", ratio(all, theirs)));
    }
    without_pictures(report, &path);
}

/// The same without a window: what reading, correlating and pacing alone take.
fn without_pictures(report: &mut Report, path: &Path) {
    let mut state = State::new(Settings::default());
    let (waker, woken) = std::sync::mpsc::channel();
    let begun = Instant::now();
    let mut desk = Desk::open(move || {
        // Nobody may be waiting any more.
        let _is_heard = waker.send(());
    });
    desk.carry_out(Effect::Open(path.to_owned()));
    let (mut first, mut taking) = (None, Duration::ZERO);
    while state.story.moments().len() as u64 + state.story.not_shown() < SIGHTINGS {
        woken.recv_timeout(Duration::from_secs(30)).expect("the recording is read to its end");
        for news in desk.news(Duration::from_millis(6)) {
            let (time, effects) = timed(|| update(&mut state, Command::News(news)));
            taking += time;
            drop(effects);
        }
        if first.is_none() && !state.story.moments().is_empty() {
            first = Some(begun.elapsed());
        }
    }
    let all = begun.elapsed();
    desk.close();
    report.note("without pictures: first frames", &milliseconds(first.unwrap_or(all)));
    report.note("without pictures: all frames", &milliseconds(all));
    report.note("    of that in putting them in order", &milliseconds(taking));
}
