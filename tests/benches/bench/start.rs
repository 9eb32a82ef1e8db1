//! From the start of the program to its first picture, and to the lab that runs.

use crate::{
    report::{Report, median},
    window::Screen,
};

pub fn measure(report: &mut Report) {
    let screen = Screen::open();
    let (mut first, mut running) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let window = screen.window("two-rooms-and-a-switch");
        first.push(window.wait_for("picture", |_| true).after);
        running.push(window.wait_for("running lab", |shown| shown.is_running).after);
    }
    report.at_most("first picture on the screen after", median(first).as_secs_f64(), 1.0, "s");
    report.note("the lab is built and listened to after", &format!("{:.3} s", median(running).as_secs_f64()));
}
