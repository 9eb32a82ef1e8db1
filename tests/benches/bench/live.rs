//! A flood ping as it happens: pictures a second, and whether all that was sent is on the stage or counted.

use std::time::Duration;

use crate::{
    report::{Report, milliseconds},
    window::{Screen, Window},
};

const SPAN: Duration = Duration::from_secs(5);

pub fn measure(report: &mut Report) {
    let screen = Screen::open();
    let window = screen.window("two-rooms-and-a-switch");
    window.wait_for("running lab", |shown| shown.is_running);
    window.wait_for_rest(Duration::from_millis(500));
    window.command("Flood ping");
    window.wait_for("flood", |shown| 5_000 < shown.frames);
    let before = frames(&window);
    let (rate, slow) = window.rate(SPAN);
    let seen = (frames(&window) - before) as f64 / SPAN.as_secs_f64();
    report.at_least("frames a second over all taps", seen, 20_000.0, "a second");
    report.at_least("pictures at 1280×800 by software meanwhile", rate, 30.0, "a second");
    report.note("nineteen of twenty came within", &milliseconds(slow));
    window.command("Stop all probes");
    window.wait_for_rest(Duration::from_secs(3));
    let last = *window.shown().last().expect("there were pictures");
    report.at_most("frames that the capture lost", last.lost as f64, 0.0, "frames");
    report.note("frames that the window counts as not shown", &last.not_shown.to_string());
    let unaccounted = last.frames.abs_diff(last.moments + last.not_shown);
    report.at_most("frames neither shown nor counted", unaccounted as f64, 0.0, "frames");
}

fn frames(window: &Window) -> u64 {
    window.shown().last().map_or(0, |shown| shown.frames)
}
