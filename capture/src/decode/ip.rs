//! What IPv4 and IPv6 share: who talks to whom, and what they carry.

use std::net::IpAddr;

use etherparse::IpNumber;

use super::{
    bytes::{Span, byte_count},
    checksum::Pseudo,
    icmp, icmpv6, igmp, ipv4, ipv6, tcp, udp,
    walk::Walk,
};

/// IP in IP in IP deeper than this is taken for nonsense.
const DEEPEST: u8 = 4;

/// Two ends, and whether all that one sent the other is here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub from: IpAddr,
    pub to: IpAddr,
    /// False for fragments and for frames that were cut: their checksums cannot be judged.
    pub whole: bool,
}

impl Ends {
    pub fn pseudo(self, protocol: u8) -> Option<Pseudo> {
        Some(Pseudo { from: self.from, to: self.to, protocol })
    }
}

/// Decodes what an IP header carries.
pub(super) fn carried(walk: &mut Walk<'_>, number: u8, span: Span, ends: Ends) {
    match number {
        1 => icmp::decode(walk, span, ends),
        2 => igmp::decode(walk, span, ends),
        4 | 41 if walk.nesting < DEEPEST => {
            walk.nesting += 1;
            let end = if number == 4 { ipv4::decode(walk, span) } else { ipv6::decode(walk, span) };
            walk.nesting -= 1;
            walk.rest("Data", Span { start: end, end: span.end });
        }
        6 => tcp::decode(walk, span, ends),
        17 => udp::decode(walk, span, ends),
        58 => icmpv6::decode(walk, span, ends),
        // RFC 8200 4.7: nothing follows.
        59 => walk.rest("Data", span),
        other => {
            walk.stop(name_of(ends), span.start, || format!("unknown: protocol {}", number_text(other)));
            walk.rest("Data", span);
        }
    }
    walk.say(
        || {
            let Ends { from, to, .. } = ends;
            format!("{from} → {to}, {}, {}", number_text(number), byte_count(span.len()))
        },
        || IpNumber(number).keyword_str().map_or_else(|| format!("protocol {number}"), Into::into),
    );
}

/// `ICMP (1)`, or the bare number of a protocol without a name.
pub(super) fn number_text(number: u8) -> String {
    match IpNumber(number).keyword_str() {
        Some(name) => format!("{name} ({number})"),
        None => number.to_string(),
    }
}

/// The piece of a larger whole that begins at byte `offset`: it has no header of its own.
pub(super) fn later_fragment(walk: &mut Walk<'_>, offset: usize, span: Span, ends: Ends) {
    walk.rest("Data", span);
    walk.say(
        || {
            let Ends { from, to, .. } = ends;
            format!("fragment from byte {offset} on, {}, {from} → {to}", byte_count(span.len()))
        },
        || format!("fragment {offset}…"),
    );
}

fn name_of(ends: Ends) -> &'static str {
    if ends.from.is_ipv4() { "IPv4" } else { "IPv6" }
}
