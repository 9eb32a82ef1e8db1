//! Internet group management, versions 1 to 3 (RFC 1112, 2236, 9776).

use super::{
    bytes::Span,
    group_report::{self, Family},
    icmp,
    ip::Ends,
    walk::Walk,
};

const HEADER: usize = 8;

pub(super) fn decode(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    if !walk.has("IGMP", span, HEADER) {
        return walk.rest("Data", span);
    }
    let (bytes, at) = (walk.bytes, span.start);
    let kind = bytes.u8(at);
    let header = match kind {
        0x11 if 12 <= span.len() => 12,
        0x22 => group_report::len(bytes, span, Family::Igmp),
        _ => HEADER,
    };
    walk.layer("IGMP", span.first(header));
    walk.field("type", at, 1, || format!("{} ({kind:#04x})", type_name(kind)));
    icmp::checksum_field(walk, span, None, ends);
    if kind == 0x22 {
        group_report::tell(walk, span, ends, Family::Igmp);
    } else {
        group_message(walk, span, ends, kind);
    }
    walk.rest("Data", span.skip(header));
    walk.say(
        || format!("IGMP {} {} → {}", type_name(kind), ends.from, ends.to),
        || format!("IGMP {kind:#04x}"),
    );
}

fn group_message(walk: &mut Walk<'_>, span: Span, ends: Ends, kind: u8) {
    let (bytes, at) = (walk.bytes, span.start);
    let group = bytes.ipv4(at + 4);
    let from = ends.from;
    walk.field("longest wait", at + 1, 1, || format!("{} ms", u32::from(bytes.u8(at + 1)) * 100));
    walk.field("group", at + 4, 4, || group.to_string());
    if kind == 0x11 && 12 <= span.len() {
        walk.field("robustness", at + 8, 1, || (bytes.u8(at + 8) & 7).to_string());
        walk.field("query interval code", at + 9, 1, || bytes.u8(at + 9).to_string());
        walk.field("sources", at + 10, 2, || bytes.u16(at + 10).to_string());
    }
    match kind {
        0x11 if group.is_unspecified() => {
            walk.say(|| format!("{from} asks: who wants which groups?"), || "which groups?".into());
        }
        0x11 => walk.say(|| format!("{from} asks: who wants {group}?"), || format!("who wants {group}?")),
        0x12 | 0x16 => walk.say(|| format!("{from} wants group {group}"), || format!("I want {group}")),
        0x17 => walk.say(|| format!("{from} leaves group {group}"), || format!("I leave {group}")),
        _ => walk.stop("IGMP", at, || format!("unknown: IGMP type {kind:#04x}")),
    }
}

fn type_name(kind: u8) -> &'static str {
    match kind {
        0x11 => "query",
        0x12 => "report, version 1",
        0x16 => "report, version 2",
        0x17 => "leave",
        0x22 => "report, version 3",
        _ => "type without a name",
    }
}
