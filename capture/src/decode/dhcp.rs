//! DHCP for IPv4 (RFC 2131, options of RFC 2132).

use std::net::Ipv4Addr;

use super::{
    bytes::{Bytes, Span, byte_count, hex_text, mac_text, safe_text},
    ethernet::yes_no,
    walk::Walk,
};

/// Up to and with the cookie that says that options follow.
const FIXED: usize = 240;
const COOKIE: u32 = 0x6382_5363;
const REQUESTED_ADDRESS: u8 = 50;
const OVERLOAD: u8 = 52;
const MESSAGE: u8 = 53;

pub(super) fn decode(walk: &mut Walk<'_>, span: Span) {
    if !walk.has("DHCP", span, FIXED) {
        return walk.rest("Data", span);
    }
    let (bytes, at) = (walk.bytes, span.start);
    if bytes.u32(at + 236) != COOKIE {
        walk.stop("DHCP", at + 236, || "unknown: no DHCP cookie".into());
        return walk.rest("Data", span);
    }
    walk.layer("DHCP", span);
    if walk.wants_fields() {
        fields(walk, at);
        options(walk, span.skip(FIXED));
    }
    if walk.wants_words() {
        let words = words(bytes, span);
        walk.say(|| words.clone(), || format!("DHCP {words}"));
    }
}

fn words(bytes: Bytes<'_>, span: Span) -> String {
    let at = span.start;
    let option = |wanted: u8| each_option(bytes, span.skip(FIXED)).find(|o| bytes.u8(o.start) == wanted);
    let requested = option(REQUESTED_ADDRESS).filter(|o| o.len() == 6).map(|o| bytes.ipv4(o.start + 2));
    let address = |place: usize| Some(bytes.ipv4(at + place)).filter(|address| !address.is_unspecified());
    let (client, yours) = (address(12), address(16));
    let with = |word: &str, address: Option<Ipv4Addr>| match address {
        Some(address) => format!("{word} {address}"),
        None => word.to_string(),
    };
    match option(MESSAGE).map(|o| bytes.u8(o.start + 2)) {
        Some(1) => "discover".into(),
        Some(2) => with("offer", yours),
        Some(3) => with("request", requested.or(client)),
        Some(4) => with("decline", requested),
        Some(5) => with("ack", yours.or(client)),
        Some(6) => "nak".into(),
        Some(7) => with("release", client),
        Some(8) => with("inform", client),
        Some(other) => format!("message {other}"),
        None => with(if bytes.u8(at) == 2 { "BOOTP reply" } else { "BOOTP request" }, yours),
    }
}

fn fields(walk: &mut Walk<'_>, at: usize) {
    let bytes = walk.bytes;
    walk.field("operation", at, 1, || match bytes.u8(at) {
        1 => "request (1)".into(),
        2 => "reply (2)".into(),
        other => other.to_string(),
    });
    walk.field("hardware", at + 1, 1, || match bytes.u8(at + 1) {
        1 => "Ethernet (1)".into(),
        other => other.to_string(),
    });
    walk.field("hardware address length", at + 2, 1, || byte_count(usize::from(bytes.u8(at + 2))));
    walk.field("relays", at + 3, 1, || bytes.u8(at + 3).to_string());
    walk.field("transaction", at + 4, 4, || format!("{:#010x}", bytes.u32(at + 4)));
    walk.field("seconds since the start", at + 8, 2, || bytes.u16(at + 8).to_string());
    walk.field("answer to everybody", at + 10, 2, || yes_no(bytes.u16(at + 10) & 0x8000 != 0));
    let addresses =
        [("client address", 12), ("your address", 16), ("next server", 20), ("relay address", 24)];
    for (name, place) in addresses {
        walk.field(name, at + place, 4, || bytes.ipv4(at + place).to_string());
    }
    walk.field("client hardware address", at + 28, 16, || match bytes.u8(at + 2) {
        6 => mac_text(bytes.mac(at + 28)),
        len => hex_text(&bytes.array::<16>(at + 28)[..usize::from(len.min(16))], Some(':')),
    });
    for (name, place, len) in [("server name", 44, 64), ("boot file", 108, 128)] {
        let span = Span { start: at + place, end: at + place + len };
        let text = bytes.slice(span).split(|byte| *byte == 0).next().unwrap_or_default();
        if !text.is_empty() {
            walk.field(name, span.start, len, || safe_text(text));
        }
    }
    walk.field("cookie", at + 236, 4, || "DHCP (0x63825363)".into());
}

/// The whole options, without padding, up to the end mark.
fn each_option(bytes: Bytes<'_>, span: Span) -> impl Iterator<Item = Span> {
    let mut at = span.start;
    std::iter::from_fn(move || {
        while at < span.end && bytes.u8(at) == 0 {
            at += 1;
        }
        let len = 2 + usize::from(bytes.u8(at + 1));
        if span.end.saturating_sub(at) < len || bytes.u8(at) == 255 {
            return None;
        }
        let option = Span { start: at, end: at + len };
        at += len;
        Some(option)
    })
}

fn options(walk: &mut Walk<'_>, span: Span) {
    let bytes = walk.bytes;
    let mut end = span.start;
    for option in each_option(bytes, span) {
        walk.field("option", option.start, option.len(), || option_text(bytes, option));
        end = option.end;
    }
    let rest = bytes.slice(Span { start: end, end: span.end });
    match rest.iter().position(|byte| *byte != 0) {
        Some(mark) if rest[mark] == 255 => {
            walk.field("option", end + mark, 1, || "end of options".into());
        }
        Some(wrong) => {
            let at = end + wrong;
            walk.field("option", at, span.end - at, || "malformed".into());
            walk.stop("DHCP", at, || "malformed: an option longer than the rest".into());
        }
        None => walk.stop("DHCP", span.end, || "truncated: the options have no end mark".into()),
    }
}

fn option_text(bytes: Bytes<'_>, option: Span) -> String {
    let at = option.start;
    let content = bytes.slice(option.skip(2));
    let addresses = || {
        let each = content.chunks_exact(4).map(|a| Ipv4Addr::new(a[0], a[1], a[2], a[3]).to_string());
        each.collect::<Vec<_>>().join(", ")
    };
    match (bytes.u8(at), content.len()) {
        (1, 4) => format!("mask {}", addresses()),
        (3, 4..) => format!("router {}", addresses()),
        (6, 4..) => format!("DNS server {}", addresses()),
        (12, _) => format!("host name {}", safe_text(content)),
        (15, _) => format!("domain {}", safe_text(content)),
        (26, 2) => format!("MTU {} bytes", bytes.u16(at + 2)),
        (28, 4) => format!("broadcast {}", addresses()),
        (42, 4..) => format!("time server {}", addresses()),
        (REQUESTED_ADDRESS, 4) => format!("requested address {}", addresses()),
        (51, 4) => format!("lease {} s", bytes.u32(at + 2)),
        (OVERLOAD, 1) => format!("options also in file or name ({})", bytes.u8(at + 2)),
        (MESSAGE, 1) => format!("message {}", message_name(bytes.u8(at + 2))),
        (54, 4) => format!("server {}", addresses()),
        (55, _) => {
            let wanted: Vec<_> = content.iter().map(u8::to_string).collect();
            format!("wants options {}", wanted.join(" "))
        }
        (56, _) => format!("remark {}", safe_text(content)),
        (57, 2) => format!("largest message {} bytes", bytes.u16(at + 2)),
        (58, 4) => format!("renew after {} s", bytes.u32(at + 2)),
        (59, 4) => format!("rebind after {} s", bytes.u32(at + 2)),
        (60, _) => format!("vendor {}", safe_text(content)),
        (61, 7) if bytes.u8(at + 2) == 1 => format!("client {}", mac_text(bytes.mac(at + 3))),
        (kind, _) => format!("{kind}: {}", hex_text(content, None)),
    }
}

fn message_name(message: u8) -> String {
    let names = ["discover", "offer", "request", "decline", "ack", "nak", "release", "inform"];
    match usize::from(message).checked_sub(1).and_then(|index| names.get(index)) {
        Some(name) => format!("{name} ({message})"),
        None => message.to_string(),
    }
}
