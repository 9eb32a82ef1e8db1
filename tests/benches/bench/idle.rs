//! What a window costs in which nothing happens.

use std::{
    thread::park_timeout,
    time::{Duration, Instant},
};

use crate::{report::Report, window::Screen};

const SPAN: Duration = Duration::from_secs(5);

pub fn measure(report: &mut Report) {
    let screen = Screen::open();
    let window = screen.window("two-rooms-and-a-switch");
    window.wait_for("running lab", |shown| shown.is_running);
    window.wait_for_rest(Duration::from_secs(3));
    let pictures = window.shown().len();
    let before = window.processor_seconds();
    let deadline = Instant::now() + SPAN;
    while let Some(left) = deadline.checked_duration_since(Instant::now()) {
        park_timeout(left);
    }
    let after = window.processor_seconds();
    let percent = |before: f64, after: f64| (after - before) / SPAN.as_secs_f64() * 100.0;
    report.at_most("the window, of a core", percent(before.0, after.0), 1.0, "%");
    report.note("its engine, of a core", &format!("{:.3} %", percent(before.1, after.1)));
    report.note("pictures drawn meanwhile", &(window.shown().len() - pictures).to_string());
}
