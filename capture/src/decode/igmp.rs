//! Internet group management, versions 1 to 3 (RFC 1112, 2236, 9776).

use std::net::IpAddr;

use super::{
    bytes::{Bytes, Span},
    icmp,
    ip::Ends,
    walk::Walk,
};

const HEADER: usize = 8;
/// More group records than this are not shown one by one.
const MOST_RECORDS: usize = 64;

pub(super) fn decode(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    if !walk.has("IGMP", span, HEADER) {
        return walk.rest("Data", span);
    }
    let (bytes, at) = (walk.bytes, span.start);
    let kind = bytes.u8(at);
    let header = match kind {
        0x11 if 12 <= span.len() => 12,
        0x22 => records(bytes, span).last().map_or(HEADER, |record| record.end - at),
        _ => HEADER,
    };
    walk.layer("IGMP", span.first(header));
    walk.field("type", at, 1, || format!("{} ({kind:#04x})", type_name(kind)));
    icmp::checksum_field(walk, span, None, ends);
    if kind == 0x22 {
        report_3(walk, span, ends);
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

fn report_3(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    let (bytes, at) = (walk.bytes, span.start);
    walk.field("records", at + 6, 2, || bytes.u16(at + 6).to_string());
    if walk.wants_fields() {
        let mut seen = 0;
        for record in records(bytes, span) {
            walk.field("record", record.start, record.len(), || record_text(bytes, record));
            seen += 1;
        }
        let announced = usize::from(bytes.u16(at + 6)).min(MOST_RECORDS);
        if seen < announced {
            walk.stop("IGMP", span.end, || format!("truncated: {announced} records, {seen} here"));
        }
    }
    walk.say(
        || {
            let words: Vec<_> = records(bytes, span).map(|record| record_text(bytes, record)).collect();
            format!(
                "{} {}",
                ends.from,
                if words.is_empty() { "reports no groups".into() } else { words.join(", ") }
            )
        },
        || match records(bytes, span).next() {
            Some(record) => record_text(bytes, record),
            None => "no groups".into(),
        },
    );
}

/// The whole group records of a report of version 3 (RFC 9776, 4.2).
fn records(bytes: Bytes<'_>, span: Span) -> impl Iterator<Item = Span> {
    let announced = usize::from(bytes.u16(span.start + 6)).min(MOST_RECORDS);
    let mut at = span.start + HEADER;
    (0..announced).map_while(move |_| {
        let auxiliary = usize::from(bytes.u8(at + 1)) * 4;
        let len = 8 + usize::from(bytes.u16(at + 2)) * 4 + auxiliary;
        if span.end.saturating_sub(at) < len {
            return None;
        }
        let record = Span { start: at, end: at + len };
        at += len;
        Some(record)
    })
}

fn record_text(bytes: Bytes<'_>, record: Span) -> String {
    let (kind, sources) = (bytes.u8(record.start), bytes.u16(record.start + 2));
    record_words(kind, sources, bytes.ipv4(record.start + 4).into())
}

/// What a group record asks for, alike in IGMP version 3 and MLD version 2.
pub(super) fn record_words(kind: u8, sources: u16, group: IpAddr) -> String {
    match (kind, sources) {
        (2 | 4, 0) => format!("wants group {group}"),
        (1 | 3, 0) => format!("leaves group {group}"),
        (1 | 3 | 5, count) => format!("wants group {group} from {count} sources"),
        (2 | 4, count) => format!("wants group {group} except from {count} sources"),
        (6, count) => format!("wants group {group} no longer from {count} sources"),
        (kind, _) => format!("record {kind} of group {group}"),
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
