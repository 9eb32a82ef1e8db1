//! ICMP for IPv4 (RFC 792, with the codes of RFC 1122, 1191 and 1812).

use super::{
    bytes::{Bytes, Span},
    checksum::{self, Pseudo},
    ip::Ends,
    quote::{self, says},
    walk::{Walk, line},
};

const HEADER: usize = 8;

pub(super) fn decode(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    if !walk.has("ICMP", span, HEADER) {
        return walk.rest("Data", span);
    }
    let (bytes, at) = (walk.bytes, span.start);
    let (kind, code) = (bytes.u8(at), bytes.u8(at + 1));
    walk.layer("ICMP", span.first(header_len(kind, span)));
    walk.field("type", at, 1, || format!("{} ({kind})", type_name(kind)));
    walk.field("code", at + 1, 1, || match code_name(bytes, at) {
        "" => code.to_string(),
        name => format!("{name} ({code})"),
    });
    checksum_field(walk, span, None, ends);
    let body = span.skip(header_len(kind, span));
    match kind {
        0 | 8 => echo(walk, span, ends, kind == 8),
        3 | 4 | 5 | 11 | 12 => error(walk, span, ends),
        13 | 14 => timestamps(walk, span, ends, kind == 13),
        _ => {
            walk.stop("ICMP", at, || format!("unknown: ICMP type {kind}"));
            walk.rest("Data", body);
        }
    }
    walk.say(
        || format!("{} {} → {}", type_name(kind), ends.from, ends.to),
        || format!("ICMP {}", type_name(kind)),
    );
}

/// Type and code lie alike in ICMP and ICMPv6, and so does the checksum.
pub(super) fn checksum_field(walk: &mut Walk<'_>, span: Span, pseudo: Option<Pseudo>, ends: Ends) {
    let (bytes, at) = (walk.bytes, span.start + 2);
    walk.field("checksum", at, 2, || match ends.whole {
        true => checksum::judge(bytes, span, at, pseudo),
        false => format!("{:#06x} not checked: only a part is here", bytes.u16(at)),
    });
}

/// The words and fields of an echo, alike in ICMP and ICMPv6.
pub(super) fn echo(walk: &mut Walk<'_>, span: Span, ends: Ends, request: bool) {
    let (bytes, at) = (walk.bytes, span.start);
    let number = bytes.u16(at + 6);
    walk.field("identifier", at + 4, 2, || bytes.u16(at + 4).to_string());
    walk.field("number", at + 6, 2, || number.to_string());
    walk.rest("Data", span.skip(HEADER));
    let Ends { from, to, .. } = ends;
    walk.say(
        || {
            let what = if request { "ping" } else { "answer" };
            line(format_args!("{what} {from} → {to}, number {number}"))
        },
        || if request { format!("ping {number} →") } else { format!("← pong {number}") },
    );
}

fn error(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    let (bytes, at) = (walk.bytes, span.start);
    let (kind, code) = (bytes.u8(at), bytes.u8(at + 1));
    match (kind, code) {
        (3, 4) => walk.field("next hop's MTU", at + 6, 2, || format!("{} bytes", bytes.u16(at + 6))),
        (5, _) => walk.field("better gateway", at + 4, 4, || bytes.ipv4(at + 4).to_string()),
        (12, 0) => walk.field("wrong byte", at + 4, 1, || bytes.u8(at + 4).to_string()),
        _ => walk.field("unused", at + 4, 4, || format!("{:#010x}", bytes.u32(at + 4))),
    }
    let about = quote::decode(walk, span.skip(HEADER));
    let what = match (kind, code) {
        (3, 4) => format!("too big and not to be cut, at most {} bytes", bytes.u16(at + 6)),
        (5, _) => format!("better go by {}", bytes.ipv4(at + 4)),
        _ => error_words(bytes, at).into(),
    };
    walk.say(|| says(ends.from, &what, &about), || what.clone());
}

fn error_words(bytes: Bytes<'_>, at: usize) -> &'static str {
    match (bytes.u8(at), code_name(bytes, at)) {
        (4, _) => "send more slowly",
        (3, "") => "unreachable",
        (11, "") => "too late",
        (12, "") => "malformed header",
        (_, name) => name,
    }
}

fn timestamps(walk: &mut Walk<'_>, span: Span, ends: Ends, request: bool) {
    let (bytes, at) = (walk.bytes, span.start);
    walk.field("identifier", at + 4, 2, || bytes.u16(at + 4).to_string());
    walk.field("number", at + 6, 2, || bytes.u16(at + 6).to_string());
    let body = span.skip(header_len(bytes.u8(at), span));
    if HEADER + 12 <= span.len() {
        for (name, place) in [("sent", at + 8), ("arrived", at + 12), ("answered", at + 16)] {
            walk.field(name, place, 4, || format!("{} ms since midnight", bytes.u32(place)));
        }
    }
    walk.rest("Data", body);
    let Ends { from, to, .. } = ends;
    walk.say(
        || match request {
            true => format!("what time is it? {from} → {to}"),
            false => format!("tells the time, {from} → {to}"),
        },
        || if request { "what time?".into() } else { "the time".into() },
    );
}

fn header_len(kind: u8, span: Span) -> usize {
    if matches!(kind, 13 | 14) && HEADER + 12 <= span.len() { HEADER + 12 } else { HEADER }
}

fn type_name(kind: u8) -> &'static str {
    match kind {
        0 => "echo reply",
        3 => "destination unreachable",
        4 => "source quench",
        5 => "redirect",
        8 => "echo request",
        9 => "router advertisement",
        10 => "router solicitation",
        11 => "time exceeded",
        12 => "parameter problem",
        13 => "timestamp request",
        14 => "timestamp reply",
        17 => "address mask request",
        18 => "address mask reply",
        42 => "extended echo request",
        43 => "extended echo reply",
        _ => "type without a name",
    }
}

/// Empty where the code has no name.
fn code_name(bytes: Bytes<'_>, at: usize) -> &'static str {
    match (bytes.u8(at), bytes.u8(at + 1)) {
        (3, 0) => "network unreachable",
        (3, 1) => "host unreachable",
        (3, 2) => "protocol unreachable",
        (3, 3) => "port unreachable",
        (3, 4) => "too big and not to be cut",
        (3, 5) => "source route failed",
        (3, 6) => "network unknown",
        (3, 7) => "host unknown",
        (3, 8) => "host isolated",
        (3, 9) => "network forbidden",
        (3, 10) => "host forbidden",
        (3, 11) => "network unreachable for this service class",
        (3, 12) => "host unreachable for this service class",
        (3, 13) => "forbidden",
        (3, 14) => "precedence too low",
        (3, 15) => "precedence cut off",
        (5, 0) => "for the network",
        (5, 1) => "for the host",
        (5, 2) => "for the network and service class",
        (5, 3) => "for the host and service class",
        (11, 0) => "time to live ran out",
        (11, 1) => "fragments did not come together in time",
        (12, 0) => "malformed header",
        (12, 1) => "an option is missing",
        (12, 2) => "wrong length",
        _ => "",
    }
}
