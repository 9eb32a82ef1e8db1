//! Spanning tree BPDUs (IEEE 802.1D-2004, clause 9), classic and rapid.

use super::{
    bytes::{Bytes, Span, hex_text},
    walk::Walk,
};

/// A topology change is this short, a configuration BPDU this long.
const CHANGE: usize = 4;
const CONFIGURATION: usize = 35;

pub(super) fn decode(walk: &mut Walk<'_>, span: Span) {
    if !walk.has("STP", span, CHANGE) {
        return walk.rest("Data", span);
    }
    let (bytes, at) = (walk.bytes, span.start);
    let kind = bytes.u8(at + 3);
    let least = if kind == 0x80 { CHANGE } else { CONFIGURATION };
    if bytes.u16(at) != 0 || !matches!(kind, 0 | 2 | 0x80) {
        walk.stop("STP", at, || format!("unknown: BPDU type {kind:#04x}"));
        return walk.rest("Data", span);
    }
    if !walk.has("STP", span, least) {
        return walk.rest("Data", span);
    }
    // A rapid BPDU has one more byte; MSTP carries a list behind that.
    let len = if kind == 2 { (CONFIGURATION + 1).min(span.len()) } else { least };
    walk.layer("STP", span.first(len));
    walk.field("protocol", at, 2, || "spanning tree (0)".into());
    walk.field("version", at + 2, 1, || match bytes.u8(at + 2) {
        0 => "classic (0)".into(),
        2 => "rapid (2)".into(),
        3 => "multiple (3)".into(),
        other => other.to_string(),
    });
    walk.field("type", at + 3, 1, || match kind {
        0 => "configuration (0x00)".into(),
        2 => "rapid (0x02)".into(),
        _ => "topology change (0x80)".into(),
    });
    if kind == 0x80 {
        walk.say(|| "the topology has changed".into(), || "topology changed".into());
    } else {
        configuration(walk, at, kind);
    }
    walk.rest("Data", span.skip(len));
}

fn configuration(walk: &mut Walk<'_>, at: usize, kind: u8) {
    let bytes = walk.bytes;
    let flags = bytes.u8(at + 4);
    walk.field("flags", at + 4, 1, || flag_words(flags, kind == 2));
    walk.field("root", at + 5, 8, || bridge(bytes, at + 5));
    walk.field("cost to the root", at + 13, 4, || bytes.u32(at + 13).to_string());
    walk.field("bridge", at + 17, 8, || bridge(bytes, at + 17));
    walk.field("port", at + 25, 2, || format!("{:04x}", bytes.u16(at + 25)));
    let times = [("age", 27), ("longest age", 29), ("hello time", 31), ("forward delay", 33)];
    for (name, place) in times {
        walk.field(name, at + place, 2, || seconds(bytes.u16(at + place)));
    }
    walk.say(
        || {
            let (root, from) = (bridge(bytes, at + 5), bridge(bytes, at + 17));
            format!("root {root}, cost {}, from bridge {from}", bytes.u32(at + 13))
        },
        || match bytes.array::<8>(at + 5) == bytes.array::<8>(at + 17) {
            true => "I am the root".into(),
            false => format!("root at cost {}", bytes.u32(at + 13)),
        },
    );
}

/// As `ip` and `brctl` write it: the priority, a dot, the address.
fn bridge(bytes: Bytes<'_>, at: usize) -> String {
    format!("{:04x}.{}", bytes.u16(at), hex_text(&bytes.array::<6>(at + 2), None))
}

/// Times count units of 1/256 s.
fn seconds(value: u16) -> String {
    format!("{} s", f64::from(value) / 256.0)
}

fn flag_words(flags: u8, is_rapid: bool) -> String {
    let mut words = Vec::new();
    let mut add = |bit: u8, name: &'static str| {
        if flags & bit != 0 {
            words.push(name);
        }
    };
    add(0x01, "topology change");
    add(0x80, "topology change acknowledged");
    if is_rapid {
        add(0x02, "proposal");
        add(0x10, "learning");
        add(0x20, "forwarding");
        add(0x40, "agreement");
        words.push(match flags >> 2 & 3 {
            0 => "role unknown",
            1 => "alternate or backup port",
            2 => "root port",
            _ => "designated port",
        });
    }
    if words.is_empty() { "none".into() } else { words.join(", ") }
}
