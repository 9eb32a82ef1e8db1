//! IEEE 802.2 logical link control behind an 802.3 length, and SNAP behind that.

use super::{
    bytes::{Span, byte_count, hex_text},
    ethernet, stp,
    walk::Walk,
};

pub(super) fn decode(walk: &mut Walk<'_>, span: Span) -> usize {
    if !walk.has("LLC", span, 3) {
        walk.rest("Data", span);
        return span.end;
    }
    let (bytes, at) = (walk.bytes, span.start);
    let (to, from, control) = (bytes.u8(at), bytes.u8(at + 1), bytes.u8(at + 2));
    // Unnumbered frames have one control byte, the others two (IEEE 802.2, 5.3).
    let header = if control & 3 == 3 || span.len() < 4 { 3 } else { 4 };
    walk.layer("LLC", span.first(header));
    walk.field("destination service", at, 1, || service(to));
    walk.field("source service", at + 1, 1, || service(from));
    walk.field("control", at + 2, header - 2, || format!("{control:#04x}"));
    let body = span.skip(header);
    match (to, from) {
        (0x42, 0x42) => stp::decode(walk, body),
        (0xaa, 0xaa) => snap(walk, body),
        _ => {
            walk.stop("LLC", body.start, || format!("unknown: service {to:#04x}"));
            walk.rest("Data", body);
        }
    }
    walk.say(
        || format!("LLC to service {}, {}", service(to), byte_count(body.len())),
        || format!("LLC {to:#04x}"),
    );
    span.end
}

fn snap(walk: &mut Walk<'_>, span: Span) {
    if !walk.has("SNAP", span, 5) {
        return walk.rest("Data", span);
    }
    let (bytes, at) = (walk.bytes, span.start);
    let organisation = bytes.array::<3>(at);
    let kind = bytes.u16(at + 3);
    walk.layer("SNAP", span.first(5));
    walk.field("organisation", at, 3, || hex_text(&organisation, Some(':')));
    walk.field("type", at + 3, 2, || format!("{kind:#06x}"));
    let body = span.skip(5);
    // RFC 1042: with organisation zero the type is an Ethernet type.
    if organisation == [0; 3] && ethernet::type_name(kind).is_some() {
        let end = ethernet::payload(walk, kind, body);
        walk.rest("Padding", Span { start: end, end: body.end });
    } else {
        walk.stop("SNAP", body.start, || format!("unknown: type {kind:#06x}"));
        walk.rest("Data", body);
    }
    walk.say(|| format!("SNAP type {kind:#06x}, {}", byte_count(body.len())), || format!("SNAP {kind:#06x}"));
}

fn service(address: u8) -> String {
    match address {
        0x42 => "spanning tree (0x42)".into(),
        0xaa => "SNAP (0xaa)".into(),
        0xe0 => "NetWare (0xe0)".into(),
        0xf0 => "NetBIOS (0xf0)".into(),
        0xfe => "ISO (0xfe)".into(),
        other => format!("{other:#04x}"),
    }
}
