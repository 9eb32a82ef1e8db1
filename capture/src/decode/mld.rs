//! Multicast listener discovery: version 1 (RFC 2710) and 2 (RFC 3810).

use super::{
    bytes::{Bytes, Span},
    group_report::{self, Family},
    ip::Ends,
    walk::Walk,
};

const VERSION_1: usize = 24;

/// How much of the ICMPv6 message of type 130, 131, 132 or 143 is header.
pub(super) fn header_len(bytes: Bytes<'_>, span: Span) -> usize {
    match bytes.u8(span.start) {
        143 => group_report::len(bytes, span, Family::Mld),
        130 if 28 <= span.len() => {
            let sources = usize::from(bytes.u16(span.start + 26));
            (28 + sources * 16).min(span.len())
        }
        _ => VERSION_1.min(span.len()),
    }
}

pub(super) fn decode(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    if walk.bytes.u8(span.start) == 143 {
        return group_report::tell(walk, span, ends, Family::Mld);
    }
    if !walk.has("ICMPv6", span, VERSION_1) {
        return;
    }
    let (bytes, at) = (walk.bytes, span.start);
    let group = bytes.ipv6(at + 8);
    let from = ends.from;
    walk.field("longest wait", at + 4, 2, || format!("{} ms", bytes.u16(at + 4)));
    walk.field("group", at + 8, 16, || group.to_string());
    if bytes.u8(at) == 130 && 28 <= span.len() {
        walk.field("robustness", at + 24, 1, || (bytes.u8(at + 24) & 7).to_string());
        walk.field("query interval code", at + 25, 1, || bytes.u8(at + 25).to_string());
        walk.field("sources", at + 26, 2, || bytes.u16(at + 26).to_string());
    }
    match bytes.u8(at) {
        130 if group.is_unspecified() => {
            walk.say(|| format!("{from} asks: who wants which groups?"), || "which groups?".into());
        }
        130 => walk.say(|| format!("{from} asks: who wants {group}?"), || format!("who wants {group}?")),
        131 => walk.say(|| format!("{from} wants group {group}"), || format!("I want {group}")),
        _ => walk.say(|| format!("{from} leaves group {group}"), || format!("I leave {group}")),
    }
}
