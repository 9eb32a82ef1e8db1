//! IPv6 neighbour discovery (RFC 4861): routers, neighbours, redirects and their options.

use std::net::{IpAddr, Ipv6Addr};

use super::{
    bytes::{Bytes, Span, byte_count, hex_text, mac_text},
    ethernet::yes_no,
    ip::Ends,
    walk::Walk,
};

const TARGET_LINK_ADDRESS: u8 = 2;

/// `span` is the whole ICMPv6 message of type 133 to 137; all of it is one layer.
pub(super) fn decode(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    let kind = walk.bytes.u8(span.start);
    let fixed = match kind {
        133 => 8,
        134 => 16,
        137 => 40,
        _ => 24,
    };
    if !walk.has("ICMPv6", span, fixed) {
        return;
    }
    match kind {
        133 => solicit_router(walk, ends),
        134 => advertise_router(walk, span, ends),
        135 => solicit_neighbor(walk, span, ends),
        136 => advertise_neighbor(walk, span, ends),
        _ => redirect(walk, span, ends),
    }
    options(walk, span.skip(fixed));
}

fn solicit_router(walk: &mut Walk<'_>, ends: Ends) {
    walk.say(
        || match ends.from.is_unspecified() {
            true => "is there a router?".into(),
            false => format!("is there a router? tell {}", ends.from),
        },
        || "a router?".into(),
    );
}

fn advertise_router(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    let (bytes, at) = (walk.bytes, span.start);
    let flags = bytes.u8(at + 5);
    let lifetime = bytes.u16(at + 6);
    walk.field("hop limit to use", at + 4, 1, || bytes.u8(at + 4).to_string());
    walk.field("addresses by DHCPv6", at + 5, 1, || yes_no(flags & 0x80 != 0));
    walk.field("more by DHCPv6", at + 5, 1, || yes_no(flags & 0x40 != 0));
    walk.field("router lifetime", at + 6, 2, || format!("{lifetime} s"));
    walk.field("reachable time", at + 8, 4, || format!("{} ms", bytes.u32(at + 8)));
    walk.field("retransmit time", at + 12, 4, || format!("{} ms", bytes.u32(at + 12)));
    walk.say(
        || {
            let prefix =
                |option: Span| format!("{}/{}", bytes.ipv6(option.start + 16), bytes.u8(option.start + 2));
            let of_prefix = |option: &Span| bytes.u8(option.start) == 3 && option.len() == 32;
            let networks: Vec<_> = each_option(bytes, span.skip(16)).filter(of_prefix).map(prefix).collect();
            let what = if lifetime == 0 {
                "is no default router".into()
            } else {
                format!("is a router for {lifetime} s")
            };
            match networks.is_empty() {
                true => format!("{} {what}", ends.from),
                false => format!("{} {what}, network {}", ends.from, networks.join(", ")),
            }
        },
        || "I am a router".into(),
    );
}

fn solicit_neighbor(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    let target = target_field(walk, span.start + 8, "target");
    match ends.from.is_unspecified() {
        true => walk.say(|| format!("is {target} still free?"), || format!("{target} free?")),
        false => {
            let from = ends.from;
            walk.say(|| format!("who has {target}? tell {from}"), || format!("who has {target}?"));
        }
    }
}

fn advertise_neighbor(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    let (bytes, at) = (walk.bytes, span.start);
    let flags = bytes.u8(at + 4);
    walk.field("from a router", at + 4, 1, || yes_no(flags & 0x80 != 0));
    let solicited = flags & 0x40 != 0;
    walk.field("was asked for", at + 4, 1, || yes_no(solicited));
    walk.field("replaces what is known", at + 4, 1, || yes_no(flags & 0x20 != 0));
    let target = target_field(walk, at + 8, "target");
    let is_target = |option: &Span| bytes.u8(option.start) == TARGET_LINK_ADDRESS && option.len() == 8;
    let told = each_option(bytes, span.skip(24)).find(is_target).map(|option| bytes.mac(option.start + 2));
    // RFC 4861 4.4 lets a direct answer leave the address out: it is the sender's then.
    let mac = told.or(walk.facts.macs.map(|(from, _)| from)).unwrap_or_default();
    let IpAddr::V6(to) = ends.to else { return };
    match !solicited && to.is_multicast() {
        true => walk
            .say(|| format!("{target} announces itself at {}", mac_text(mac)), || format!("I am {target}")),
        false => walk.say(|| format!("{target} is at {}", mac_text(mac)), || format!("{target} is here")),
    }
}

fn redirect(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    let target = target_field(walk, span.start + 8, "better next hop");
    let destination = target_field(walk, span.start + 24, "destination");
    walk.say(
        || format!("{} says: better go by {target}, on frames to {destination}", ends.from),
        || format!("better go by {target}"),
    );
}

fn target_field(walk: &mut Walk<'_>, at: usize, name: &'static str) -> Ipv6Addr {
    let target = walk.bytes.ipv6(at);
    walk.field(name, at, 16, || target.to_string());
    target
}

/// The options that are whole; their lengths count units of 8 bytes.
fn each_option(bytes: Bytes<'_>, span: Span) -> impl Iterator<Item = Span> {
    let mut at = span.start;
    std::iter::from_fn(move || {
        let len = usize::from(bytes.u8(at + 1)) * 8;
        if at >= span.end || len == 0 || span.end - at < len {
            return None;
        }
        let option = Span { start: at, end: at + len };
        at += len;
        Some(option)
    })
}

fn options(walk: &mut Walk<'_>, span: Span) {
    if !walk.wants_fields() {
        return;
    }
    let bytes = walk.bytes;
    let mut end = span.start;
    for option in each_option(bytes, span) {
        walk.field("option", option.start, option.len(), || option_text(bytes, option));
        end = option.end;
    }
    if end < span.end {
        walk.field("option", end, span.end - end, || "malformed".into());
        walk.stop("ICMPv6", end, || "malformed: an option of no length, or longer than the rest".into());
    }
}

fn option_text(bytes: Bytes<'_>, option: Span) -> String {
    let at = option.start;
    match (bytes.u8(at), option.len()) {
        (1, 8) => format!("source is at {}", mac_text(bytes.mac(at + 2))),
        (2, 8) => format!("target is at {}", mac_text(bytes.mac(at + 2))),
        (3, 32) => format!(
            "network {}/{}, valid {} s, preferred {} s{}{}",
            bytes.ipv6(at + 16),
            bytes.u8(at + 2),
            bytes.u32(at + 4),
            bytes.u32(at + 8),
            if bytes.u8(at + 3) & 0x80 != 0 { ", on this cable" } else { "" },
            if bytes.u8(at + 3) & 0x40 != 0 { ", make your own address" } else { "" },
        ),
        (4, len) => format!("frame that was redirected, {}", byte_count(len - 2)),
        (5, 8) => format!("MTU {} bytes", bytes.u32(at + 4)),
        (14, _) => format!("nonce {}", hex_text(bytes.slice(option.skip(2)), None)),
        (25, len) if 24 <= len => {
            let places = (at + 8..option.end - 15).step_by(16);
            let servers: Vec<_> = places.map(|at| bytes.ipv6(at).to_string()).collect();
            format!("DNS server {}", servers.join(", "))
        }
        (kind, _) => format!("{kind}: {}", hex_text(bytes.slice(option.skip(2)), None)),
    }
}
