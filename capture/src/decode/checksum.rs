//! The Internet checksum (RFC 1071), judged for people.

use std::net::IpAddr;

use etherparse::checksum::Sum16BitWords;

use super::bytes::{Bytes, Span};

/// Source, destination and protocol number of the pseudo-header that UDP, TCP and ICMPv6 add in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pseudo {
    pub from: IpAddr,
    pub to: IpAddr,
    pub protocol: u8,
}

/// What is to be said about the checksum at `at`, which covers `span` with an even distance between
/// `span.start` and `at`.
pub(super) fn judge(bytes: Bytes<'_>, span: Span, at: usize, pseudo: Option<Pseudo>) -> String {
    let found = bytes.u16(at);
    let pseudo_sum = || pseudo.map_or_else(Sum16BitWords::new, |pseudo| pseudo.sum(span.len()));
    let before = bytes.slice(Span { start: span.start, end: at });
    let after = bytes.slice(Span { start: at + 2, end: span.end });
    let right = pseudo_sum().add_slice(before).add_slice(after).ones_complement().to_be();
    // UDP writes a sum of zero as all ones, since zero means "none" (RFC 768).
    let is_udp = pseudo.is_some_and(|pseudo| pseudo.protocol == 17);
    let right = if is_udp && right == 0 { 0xffff } else { right };
    // With checksum offload Linux leaves the pseudo-header's bare sum for the card to complete.
    let unfilled = !pseudo_sum().ones_complement().to_be();
    if found == right {
        format!("{found:#06x} correct")
    } else if pseudo.is_some() && found == unfilled {
        format!("{found:#06x} not filled in yet (offload)")
    } else {
        format!("{found:#06x} wrong, should be {right:#06x}")
    }
}

impl Pseudo {
    /// RFC 768, RFC 9293 3.1 and RFC 8200 8.1: the sum is the same however the parts are ordered.
    fn sum(self, len: usize) -> Sum16BitWords {
        let len = u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes();
        let sum = match (self.from, self.to) {
            (IpAddr::V4(from), IpAddr::V4(to)) => {
                Sum16BitWords::new().add_slice(&from.octets()).add_slice(&to.octets())
            }
            (from, to) => Sum16BitWords::new().add_slice(&v6(from)).add_slice(&v6(to)),
        };
        sum.add_slice(&len).add_2bytes([0, self.protocol])
    }
}

fn v6(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}
