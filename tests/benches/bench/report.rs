//! Lines of results, beside their targets.

use std::time::{Duration, Instant};

#[derive(Default)]
pub struct Report {
    missed: u8,
}

impl Report {
    /// How many targets were missed up to now.
    pub fn missed(&self) -> u8 {
        self.missed
    }

    /// Something worth knowing that has no target.
    pub fn note(&self, what: &str, value: &str) {
        println!("  {what:<58} {value:>14}");
    }

    /// A value that should be at most `target`, both in `unit`.
    pub fn at_most(&mut self, what: &str, value: f64, target: f64, unit: &str) {
        self.line(what, value, "≤", target, unit, value <= target);
    }

    /// A value that should be at least `target`, both in `unit`.
    pub fn at_least(&mut self, what: &str, value: f64, target: f64, unit: &str) {
        self.line(what, value, "≥", target, unit, target <= value);
    }

    fn line(&mut self, what: &str, value: f64, sign: &str, target: f64, unit: &str, reached: bool) {
        let verdict = if reached { "ok" } else { "MISSED" };
        println!(
            "  {what:<58} {:>14}   target {sign} {:<10} {verdict}",
            shown(value, unit),
            shown(target, unit)
        );
        self.missed = self.missed.saturating_add(u8::from(!reached));
    }
}

/// Three digits that count, and the unit.
fn shown(value: f64, unit: &str) -> String {
    let digits = match value.abs() {
        size if size < 1.0 => 3,
        size if size < 10.0 => 2,
        size if size < 100.0 => 1,
        _ => 0,
    };
    format!("{value:.digits$}{}{unit}", if unit == "×" { "" } else { " " })
}

pub fn milliseconds(time: Duration) -> String {
    shown(time.as_secs_f64() * 1e3, "ms")
}

/// How long `work` takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let made = work();
    (start.elapsed(), made)
}

/// The one in the middle; of an even number, the later of the two.
pub fn median(mut times: Vec<Duration>) -> Duration {
    assert!(!times.is_empty(), "there is no median of nothing");
    times.sort();
    times[times.len() / 2]
}

/// The resident memory of this process, in octets (`VmRSS` in proc(5)).
pub fn resident_octets() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc is there");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a process has memory");
    let kibibytes: u64 =
        line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).expect("it is a number");
    kibibytes * 1024
}
