//! How long it takes until all interfaces of a big lab are listened to, and what memory that needs.

use capture::{
    Tap, TapId,
    live::{Options, Taps},
};
use topology::{
    InterfaceKind, Lab,
    kernel::{Kernel, NamespaceFd},
};

use crate::{
    build::built,
    ground::{afresh, star},
    report::{Report, median, milliseconds, resident_octets, timed},
};

pub fn measure(report: &mut Report) {
    let lab = star(100);
    let (mut opening, mut closing, mut octets) = (Vec::new(), Vec::new(), 0);
    for _ in 0..5 {
        afresh(|| {
            let kernel = built(&lab);
            let wanted = all_taps(&lab, &kernel);
            assert_eq!(wanted.len(), 201, "a star of 100 has 200 cable ends and a bridge");
            let (open, taps) = timed(|| Taps::open(wanted, Options::default(), drop));
            let taps = taps.unwrap_or_else(|error| panic!("{error}"));
            octets = resident_octets().max(octets);
            opening.push(open);
            closing.push(timed(|| taps.close()).0);
        });
    }
    report.at_most("201 taps listening after", median(opening).as_secs_f64(), 0.5, "s");
    report.at_most("resident memory of lab, taps and all", octets as f64 / 1e6, 300.0, "MB");
    report.note("201 taps closed after", &milliseconds(median(closing)));
}

/// A tap for every cable end and every bridge.
pub fn all_taps(lab: &Lab, kernel: &Kernel) -> Vec<(Tap, NamespaceFd)> {
    let settled = lab.settled();
    let tapped = settled.interfaces().filter(|(_, interface)| interface.kind != InterfaceKind::Loopback);
    let taps = tapped.zip(0..).map(|((at, _), id)| {
        let namespace = kernel.namespace(&at.namespace).expect("what was built has a namespace");
        (Tap { id: TapId(id), at }, namespace)
    });
    taps.collect()
}
