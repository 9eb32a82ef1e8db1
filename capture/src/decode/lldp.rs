//! The link layer discovery protocol (IEEE 802.1AB): a neighbour says who it is.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{
    bytes::{Bytes, Span, hex_text, mac_text, safe_text},
    walk::Walk,
};

const CHASSIS: u16 = 1;
const PORT: u16 = 2;
const SYSTEM_NAME: u16 = 5;

/// Gives the end of the list; what follows is padding.
pub(super) fn decode(walk: &mut Walk<'_>, span: Span) -> usize {
    if !walk.has("LLDP", span, 2) {
        walk.rest("Data", span);
        return span.end;
    }
    let bytes = walk.bytes;
    let last = each(bytes, span).last();
    let end = last.map_or(span.start, |(_, value)| value.end);
    let ends_well = last.is_some_and(|(kind, _)| kind == 0);
    walk.layer("LLDP", Span { start: span.start, end });
    if walk.wants_fields() {
        for (kind, value) in each(bytes, span) {
            let at = value.start - 2;
            walk.field(kind_name(kind), at, value.len() + 2, || value_text(bytes, kind, value));
        }
    }
    if !ends_well {
        walk.stop("LLDP", end, || "truncated: the list has no end".into());
    }
    let text = |wanted: u16| {
        each(bytes, span)
            .find(|(kind, _)| *kind == wanted)
            .map(|(kind, value)| value_text(bytes, kind, value))
    };
    let name = || text(SYSTEM_NAME).or_else(|| text(CHASSIS)).unwrap_or_else(|| "somebody".into());
    walk.say(
        || match text(PORT) {
            Some(port) => format!("I am {}, port {port}", name()),
            None => format!("I am {}", name()),
        },
        || format!("I am {}", name()),
    );
    end
}

/// Kinds and values, up to and with the end mark; only whole ones.
fn each(bytes: Bytes<'_>, span: Span) -> impl Iterator<Item = (u16, Span)> {
    let mut at = span.start;
    let mut done = false;
    std::iter::from_fn(move || {
        let header = bytes.u16(at);
        let (kind, len) = (header >> 9, usize::from(header & 0x1ff));
        if done || span.end.saturating_sub(at) < len + 2 {
            return None;
        }
        done = kind == 0;
        let value = Span { start: at + 2, end: at + 2 + len };
        at = value.end;
        Some((kind, value))
    })
}

fn value_text(bytes: Bytes<'_>, kind: u16, value: Span) -> String {
    let content = bytes.slice(value);
    match (kind, content) {
        (0, _) => "end".into(),
        (CHASSIS, [subtype, rest @ ..]) => identity(*subtype, rest, 4, 5),
        (PORT, [subtype, rest @ ..]) => identity(*subtype, rest, 3, 4),
        (3, [high, low]) => format!("{} s", u16::from_be_bytes([*high, *low])),
        (4..=6, text) => safe_text(text),
        (7, [a, b, c, d]) => {
            let (able, enabled) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
            format!("{}; switched on: {}", capabilities(able), capabilities(enabled))
        }
        (8, [len, rest @ ..]) if 1 < *len => {
            let address = rest.get(..usize::from(*len)).unwrap_or(rest);
            network_address(address)
        }
        (_, other) => hex_text(other, None),
    }
}

/// A chassis or port, whose subtypes for MAC and network addresses are counted differently.
fn identity(subtype: u8, content: &[u8], mac: u8, network: u8) -> String {
    match <[u8; 6]>::try_from(content) {
        Ok(address) if subtype == mac => mac_text(topology::MacAddress(address)),
        _ if subtype == network => network_address(content),
        _ => safe_text(content),
    }
}

/// An address behind its IANA family number: 1 is IPv4, 2 is IPv6.
fn network_address(content: &[u8]) -> String {
    let v4 = |rest: &[u8]| <[u8; 4]>::try_from(rest).ok().map(|a| Ipv4Addr::from(a).to_string());
    let v6 = |rest: &[u8]| <[u8; 16]>::try_from(rest).ok().map(|a| Ipv6Addr::from(a).to_string());
    let text = match content {
        [1, rest @ ..] => v4(rest),
        [2, rest @ ..] => v6(rest),
        _ => None,
    };
    text.unwrap_or_else(|| hex_text(content, None))
}

fn capabilities(bits: u16) -> String {
    let names =
        ["other", "repeater", "bridge", "access point", "router", "telephone", "cable modem", "station"];
    let set = names.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1).map(|(_, name)| *name);
    let words: Vec<_> = set.collect();
    if words.is_empty() { "none".into() } else { words.join(", ") }
}

fn kind_name(kind: u16) -> &'static str {
    match kind {
        0 => "end",
        CHASSIS => "chassis",
        PORT => "port",
        3 => "time to live",
        4 => "port description",
        SYSTEM_NAME => "system name",
        6 => "system description",
        7 => "capabilities",
        8 => "management address",
        127 => "organisation's own",
        _ => "reserved",
    }
}
