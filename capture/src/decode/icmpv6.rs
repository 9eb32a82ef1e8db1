//! ICMPv6 (RFC 4443): echoes and errors; neighbours and listeners have files of their own.

use super::{
    bytes::{Bytes, Span},
    icmp,
    ip::Ends,
    mld, neighbor,
    quote::{self, says},
    walk::Walk,
};

const HEADER: usize = 8;

pub(super) fn decode(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    if !walk.has("ICMPv6", span, HEADER) {
        return walk.rest("Data", span);
    }
    let (bytes, at) = (walk.bytes, span.start);
    let (kind, code) = (bytes.u8(at), bytes.u8(at + 1));
    let header = match kind {
        130..=132 | 143 => mld::header_len(bytes, span),
        133..=137 => span.len(),
        _ => HEADER,
    };
    walk.layer("ICMPv6", span.first(header));
    walk.field("type", at, 1, || format!("{} ({kind})", type_name(kind)));
    walk.field("code", at + 1, 1, || match code_name(kind, code) {
        "" => code.to_string(),
        name => format!("{name} ({code})"),
    });
    icmp::checksum_field(walk, span, ends.pseudo(58), ends);
    match kind {
        1..=4 => error(walk, span, ends),
        128 | 129 => icmp::echo(walk, span, ends, kind == 128),
        130..=132 | 143 => {
            mld::decode(walk, span, ends);
            walk.rest("Data", span.skip(header));
        }
        133..=137 => neighbor::decode(walk, span, ends),
        _ => {
            walk.stop("ICMPv6", at, || format!("unknown: ICMPv6 type {kind}"));
            walk.rest("Data", span.skip(HEADER));
        }
    }
    walk.say(
        || format!("{} {} → {}", type_name(kind), ends.from, ends.to),
        || format!("ICMPv6 {}", type_name(kind)),
    );
}

fn error(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    let (bytes, at) = (walk.bytes, span.start);
    let (kind, code) = (bytes.u8(at), bytes.u8(at + 1));
    match kind {
        2 => walk.field("next hop's MTU", at + 4, 4, || format!("{} bytes", bytes.u32(at + 4))),
        4 => walk.field("wrong byte", at + 4, 4, || bytes.u32(at + 4).to_string()),
        _ => walk.field("unused", at + 4, 4, || format!("{:#010x}", bytes.u32(at + 4))),
    }
    let about = quote::decode(walk, span.skip(HEADER));
    walk.say(
        || says(ends.from, &error_words(bytes, at, kind, code), &about),
        || error_words(bytes, at, kind, code),
    );
}

fn error_words(bytes: Bytes<'_>, at: usize, kind: u8, code: u8) -> String {
    match (kind, code_name(kind, code)) {
        (2, _) => format!("too big, at most {} bytes", bytes.u32(at + 4)),
        (1, "") => "unreachable".into(),
        (3, "") => "too late".into(),
        (4, "") => "malformed header".into(),
        (_, name) => name.into(),
    }
}

fn type_name(kind: u8) -> &'static str {
    match kind {
        1 => "destination unreachable",
        2 => "too big",
        3 => "time exceeded",
        4 => "parameter problem",
        128 => "echo request",
        129 => "echo reply",
        130 => "listener query",
        131 => "listener report",
        132 => "listener done",
        133 => "router solicitation",
        134 => "router advertisement",
        135 => "neighbour solicitation",
        136 => "neighbour advertisement",
        137 => "redirect",
        143 => "listener report, version 2",
        _ => "type without a name",
    }
}

/// Empty where the code has no name.
fn code_name(kind: u8, code: u8) -> &'static str {
    match (kind, code) {
        (1, 0) => "no route to there",
        (1, 1) => "forbidden",
        (1, 2) => "beyond the scope of the source address",
        (1, 3) => "host unreachable",
        (1, 4) => "port unreachable",
        (1, 5) => "source address refused by policy",
        (1, 6) => "route rejected",
        (3, 0) => "time to live ran out",
        (3, 1) => "fragments did not come together in time",
        (4, 0) => "malformed header",
        (4, 1) => "next header not known",
        (4, 2) => "option not known",
        _ => "",
    }
}
