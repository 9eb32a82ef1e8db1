//! Ethernet II and IEEE 802.3, with 802.1Q and 802.1ad tags.

use super::{
    arp,
    bytes::{Bytes, Span, byte_count, mac_text},
    ipv4, ipv6, llc, lldp,
    walk::Walk,
};

/// More tags than this in one frame are taken for nonsense.
const MOST_TAGS: usize = 8;
/// From here on the two bytes are a type, below a length (IEEE 802.3, 3.2.6).
const FIRST_TYPE: u16 = 0x0600;

pub(super) fn decode(walk: &mut Walk<'_>) {
    let frame = walk.frame();
    if !walk.has("Ethernet", frame, 14) {
        walk.say(|| format!("{}, too short for a frame", byte_count(frame.len())), || "too short".into());
        return;
    }
    let bytes = walk.bytes;
    let (to, from) = (bytes.mac(0), bytes.mac(6));
    walk.layer("Ethernet", frame.first(14));
    walk.note_macs(from, to);
    walk.field("destination", 0, 6, || match to.is_group() {
        _ if to == topology::MacAddress::BROADCAST => format!("{} (everybody)", mac_text(to)),
        true => format!("{} (a group)", mac_text(to)),
        false => mac_text(to),
    });
    walk.field("source", 6, 6, || mac_text(from));
    type_field(walk, 12);
    let (kind, body) = tags(walk, bytes.u16(12), frame.skip(14));
    let end = payload(walk, kind, body);
    walk.rest("Padding", Span { start: end, end: frame.end });
    walk.say(
        || {
            let (from, to) = (mac_text(from), mac_text(to));
            format!("{from} → {to}, type {kind:#06x}, {}", byte_count(body.len()))
        },
        || format!("type {kind:#06x}"),
    );
}

/// Goes through the tags, if any; gives the type behind them and what follows it.
fn tags(walk: &mut Walk<'_>, mut kind: u16, mut body: Span) -> (u16, Span) {
    for count in 0.. {
        if !matches!(kind, 0x8100 | 0x88a8 | 0x9100) {
            break;
        }
        if count == MOST_TAGS {
            walk.stop("VLAN", body.start, || format!("malformed: more than {MOST_TAGS} VLAN tags"));
            break;
        }
        if !walk.has("VLAN", body, 4) {
            break;
        }
        let (bytes, at) = (walk.bytes, body.start);
        let control = bytes.u16(at);
        let id = control & 0x0fff;
        walk.layer("VLAN", body.first(4));
        walk.facts.vlans.push(id);
        walk.field("priority", at, 1, || (control >> 13).to_string());
        walk.field("may be dropped first", at, 1, || yes_no(control & 0x1000 != 0));
        walk.field("identifier", at, 2, || match id {
            0 => "0 (priority only)".into(),
            id => id.to_string(),
        });
        type_field(walk, at + 2);
        kind = bytes.u16(at + 2);
        body = body.skip(4);
    }
    (kind, body)
}

/// Decodes what a type announces; gives the end of what belongs to it, so that the rest is padding.
pub(super) fn payload(walk: &mut Walk<'_>, kind: u16, body: Span) -> usize {
    match kind {
        0x0800 => ipv4::decode(walk, body),
        0x0806 => arp::decode(walk, body),
        0x86dd => ipv6::decode(walk, body),
        0x88cc => lldp::decode(walk, body),
        // The tags' reader has already said why it went no further.
        0x8100 | 0x88a8 | 0x9100 => data(walk, body),
        length if length < FIRST_TYPE => {
            let length = usize::from(length);
            if body.len() < length {
                walk.stop("Ethernet", body.end, || {
                    format!("truncated: the header says {}, {} here", byte_count(length), body.len())
                });
            }
            llc::decode(walk, body.first(length))
        }
        other => {
            walk.stop("Ethernet", body.start, || format!("unknown: type {other:#06x}"));
            data(walk, body)
        }
    }
}

fn data(walk: &mut Walk<'_>, body: Span) -> usize {
    walk.rest("Data", body);
    body.end
}

fn type_field(walk: &mut Walk<'_>, at: usize) {
    let bytes: Bytes<'_> = walk.bytes;
    let kind = bytes.u16(at);
    if kind < FIRST_TYPE {
        walk.field("length", at, 2, || byte_count(usize::from(kind)));
    } else {
        walk.field("type", at, 2, || match type_name(kind) {
            Some(name) => format!("{name} ({kind:#06x})"),
            None => format!("{kind:#06x}"),
        });
    }
}

/// IEEE 802 numbers, as far as a class will meet them.
pub(super) fn type_name(kind: u16) -> Option<&'static str> {
    Some(match kind {
        0x0800 => "IPv4",
        0x0806 => "ARP",
        0x0842 => "wake on LAN",
        0x8100 => "802.1Q tag",
        0x86dd => "IPv6",
        0x8809 => "slow protocols (LACP)",
        0x8847 => "MPLS",
        0x8863 => "PPPoE discovery",
        0x8864 => "PPPoE",
        0x888e => "802.1X",
        0x88a8 => "802.1ad tag",
        0x88cc => "LLDP",
        0x88e5 => "MACsec",
        0x88f7 => "PTP",
        0x9100 => "old QinQ tag",
        _ => return None,
    })
}

pub(super) fn yes_no(yes: bool) -> String {
    if yes { "yes".into() } else { "no".into() }
}
