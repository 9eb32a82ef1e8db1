//! Multicast listener discovery: version 1 (RFC 2710) and 2 (RFC 3810).

use super::{
    bytes::{Bytes, Span},
    igmp,
    ip::Ends,
    walk::Walk,
};

const VERSION_1: usize = 24;
/// More group records than this are not shown one by one.
const MOST_RECORDS: usize = 64;

/// How much of the ICMPv6 message of type 130, 131, 132 or 143 is header.
pub(super) fn header_len(bytes: Bytes<'_>, span: Span) -> usize {
    match bytes.u8(span.start) {
        143 => records(bytes, span).last().map_or(8, |record| record.end - span.start),
        130 if 28 <= span.len() => {
            let sources = usize::from(bytes.u16(span.start + 26));
            (28 + sources * 16).min(span.len())
        }
        _ => VERSION_1.min(span.len()),
    }
}

pub(super) fn decode(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    if walk.bytes.u8(span.start) == 143 {
        return report_2(walk, span, ends);
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

fn report_2(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    let (bytes, at) = (walk.bytes, span.start);
    let announced = usize::from(bytes.u16(at + 6));
    walk.field("records", at + 6, 2, || announced.to_string());
    let mut seen = 0;
    if walk.wants_fields() {
        for record in records(bytes, span) {
            walk.field("record", record.start, record.len(), || record_text(bytes, record));
            seen += 1;
        }
        if seen < announced.min(MOST_RECORDS) {
            walk.stop("ICMPv6", span.end, || format!("truncated: {announced} records, {seen} here"));
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

/// The whole group records of a report of version 2 (RFC 3810, 5.2.5 on).
fn records(bytes: Bytes<'_>, span: Span) -> impl Iterator<Item = Span> {
    let announced = usize::from(bytes.u16(span.start + 6)).min(MOST_RECORDS);
    let mut at = span.start + 8;
    (0..announced).map_while(move |_| {
        let auxiliary = usize::from(bytes.u8(at + 1)) * 4;
        let len = 20 + usize::from(bytes.u16(at + 2)) * 16 + auxiliary;
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
    igmp::record_words(kind, sources, bytes.ipv6(record.start + 4).into())
}
