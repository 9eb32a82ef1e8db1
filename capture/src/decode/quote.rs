//! What an ICMP error quotes: the beginning of the frame that it is about.

use super::{bytes::Span, ipv4, ipv6, walk::Walk};

/// Decodes the quote as layers of its own; gives a phrase such as `ping 10.0.1.2 → 10.0.2.2, number 1`
/// or `UDP 10.0.0.1:40000 → 10.0.0.2:53, 24 bytes`. Empty if it cannot be read.
pub(super) fn decode(walk: &mut Walk<'_>, span: Span) -> String {
    // A quote that itself holds an error is not followed any deeper.
    if walk.is_quoting() || span.is_empty() {
        walk.rest("Data", span);
        return String::new();
    }
    let wants_words = walk.wants_words();
    let words = walk.quote(|walk| {
        let end = match walk.bytes.u8(span.start) >> 4 {
            4 => ipv4::decode(walk, span),
            6 => ipv6::decode(walk, span),
            _ => span.start,
        };
        walk.rest("Data", Span { start: end, end: span.end });
    });
    match walk.quoted_protocol {
        _ if !wants_words => String::new(),
        protocol @ ("UDP" | "TCP") => format!("{protocol} {words}"),
        _ => words,
    }
}

/// `10.0.1.1 says: host unreachable, on ping …`
pub(super) fn says(who: std::net::IpAddr, what: &str, about: &str) -> String {
    if about.is_empty() { format!("{who} says: {what}") } else { format!("{who} says: {what}, on {about}") }
}
