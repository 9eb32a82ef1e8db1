//! The address resolution protocol (RFC 826), with announcements and probes (RFC 5227).

use super::{
    bytes::{Span, mac_text},
    walk::Walk,
};

/// For IPv4 over Ethernet, the only kind that labs know.
const LEN: usize = 28;

pub(super) fn decode(walk: &mut Walk<'_>, span: Span) -> usize {
    if !walk.has("ARP", span, LEN) {
        walk.rest("Data", span);
        return span.end;
    }
    let (bytes, at) = (walk.bytes, span.start);
    let (hardware, protocol) = (bytes.u16(at), bytes.u16(at + 2));
    let sizes = (bytes.u8(at + 4), bytes.u8(at + 5));
    if (hardware, protocol, sizes) != (1, 0x0800, (6, 4)) {
        walk.stop("ARP", at, || {
            format!("unknown: ARP for hardware {hardware}, protocol {protocol:#06x}, sizes {sizes:?}")
        });
        walk.rest("Data", span);
        return span.end;
    }
    walk.layer("ARP", span.first(LEN));
    fields(walk, at);
    words(walk, at);
    at + LEN
}

fn fields(walk: &mut Walk<'_>, at: usize) {
    let bytes = walk.bytes;
    walk.note_addresses(bytes.ipv4(at + 14).into(), bytes.ipv4(at + 24).into());
    walk.field("hardware", at, 2, || "Ethernet (1)".into());
    walk.field("protocol", at + 2, 2, || "IPv4 (0x0800)".into());
    walk.field("hardware address length", at + 4, 1, || "6 bytes".into());
    walk.field("protocol address length", at + 5, 1, || "4 bytes".into());
    walk.field("operation", at + 6, 2, || match bytes.u16(at + 6) {
        1 => "request (1)".into(),
        2 => "reply (2)".into(),
        other => other.to_string(),
    });
    walk.field("sender hardware address", at + 8, 6, || mac_text(bytes.mac(at + 8)));
    walk.field("sender address", at + 14, 4, || bytes.ipv4(at + 14).to_string());
    walk.field("target hardware address", at + 18, 6, || match bytes.array::<6>(at + 18) {
        [0, 0, 0, 0, 0, 0] => "00:00:00:00:00:00 (not known)".into(),
        mac => mac_text(topology::MacAddress(mac)),
    });
    walk.field("target address", at + 24, 4, || bytes.ipv4(at + 24).to_string());
}

fn words(walk: &mut Walk<'_>, at: usize) {
    let bytes = walk.bytes;
    let (sender, target) = (bytes.ipv4(at + 14), bytes.ipv4(at + 24));
    let mac = bytes.mac(at + 8);
    match bytes.u16(at + 6) {
        1 | 2 if sender == target => walk
            .say(|| format!("{sender} announces itself at {}", mac_text(mac)), || format!("I am {sender}")),
        1 if sender.is_unspecified() => {
            walk.say(|| format!("is {target} still free?"), || format!("{target} free?"));
        }
        1 => walk.say(|| format!("who has {target}? tell {sender}"), || format!("who has {target}?")),
        2 => walk.say(|| format!("{sender} is at {}", mac_text(mac)), || format!("{sender} is here")),
        other => walk
            .say(|| format!("ARP operation {other} from {sender} about {target}"), || format!("ARP {other}")),
    }
}
