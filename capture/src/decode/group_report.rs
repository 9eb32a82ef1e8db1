//! Reports of group records, alike in IGMP version 3 (RFC 9776, 4.2) and MLD version 2 (RFC 3810, 5.2)
//! but for the size of their addresses.

use super::{
    bytes::{Bytes, Span},
    ip::Ends,
    walk::Walk,
};

/// Octets before the first record.
pub(super) const HEADER: usize = 8;
/// More group records than this are not shown one by one.
const MOST_RECORDS: usize = 64;

/// Which of the two it is.
#[derive(Clone, Copy)]
pub(super) enum Family {
    Igmp,
    Mld,
}

impl Family {
    fn layer(self) -> &'static str {
        match self {
            Self::Igmp => "IGMP",
            Self::Mld => "ICMPv6",
        }
    }

    fn address_len(self) -> usize {
        match self {
            Self::Igmp => 4,
            Self::Mld => 16,
        }
    }

    fn record_text(self, bytes: Bytes<'_>, record: Span) -> String {
        let at = record.start + 4;
        let group = match self {
            Self::Igmp => bytes.ipv4(at).to_string(),
            Self::Mld => bytes.ipv6(at).to_string(),
        };
        record_words(bytes.u8(record.start), bytes.u16(record.start + 2), &group)
    }
}

/// How much of the report is header and whole records.
pub(super) fn len(bytes: Bytes<'_>, span: Span, family: Family) -> usize {
    records(bytes, span, family).last().map_or(HEADER, |record| record.end - span.start)
}

/// The records' fields, and what the report says.
pub(super) fn tell(walk: &mut Walk<'_>, span: Span, ends: Ends, family: Family) {
    let (bytes, at) = (walk.bytes, span.start);
    walk.field("records", at + 6, 2, || bytes.u16(at + 6).to_string());
    if walk.wants_fields() {
        let mut seen = 0;
        for record in records(bytes, span, family) {
            walk.field("record", record.start, record.len(), || family.record_text(bytes, record));
            seen += 1;
        }
        let announced = usize::from(bytes.u16(at + 6));
        if seen < announced.min(MOST_RECORDS) {
            walk.stop(family.layer(), span.end, || format!("truncated: {announced} records, {seen} here"));
        }
    }
    walk.say(
        || {
            let words = records(bytes, span, family).map(|record| family.record_text(bytes, record));
            let words: Vec<_> = words.collect();
            let wishes = if words.is_empty() { "reports no groups".into() } else { words.join(", ") };
            format!("{} {wishes}", ends.from)
        },
        || match records(bytes, span, family).next() {
            Some(record) => family.record_text(bytes, record),
            None => "no groups".into(),
        },
    );
}

/// The whole group records.
fn records(bytes: Bytes<'_>, span: Span, family: Family) -> impl Iterator<Item = Span> {
    let announced = usize::from(bytes.u16(span.start + 6)).min(MOST_RECORDS);
    let address_len = family.address_len();
    let mut at = span.start + HEADER;
    (0..announced).map_while(move |_| {
        let auxiliary = usize::from(bytes.u8(at + 1)) * 4;
        let sources = usize::from(bytes.u16(at + 2));
        let len = 4 + address_len + sources * address_len + auxiliary;
        if span.end.saturating_sub(at) < len {
            return None;
        }
        let record = Span { start: at, end: at + len };
        at += len;
        Some(record)
    })
}

fn record_words(kind: u8, sources: u16, group: &str) -> String {
    match (kind, sources) {
        (2 | 4, 0) => format!("wants group {group}"),
        (1 | 3, 0) => format!("leaves group {group}"),
        (1 | 3 | 5, count) => format!("wants group {group} from {count} sources"),
        (2 | 4, count) => format!("wants group {group} except from {count} sources"),
        (6, count) => format!("wants group {group} no longer from {count} sources"),
        (kind, _) => format!("record {kind} of group {group}"),
    }
}
