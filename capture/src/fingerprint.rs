//! When are two sightings the same frame?
//!
//! **The rule.** Between two taps a frame goes through a medium: a cable, a switch or a stack.
//! Each medium may change certain octets and no others, so each has a key of its own, a hash of
//! all octets that it must leave alone. Two sightings on either side of a medium are the same
//! frame when their keys for that medium are equal.
//!
//! | medium | may change | key |
//! |---|---|---|
//! | cable | nothing | [`Fingerprint::frame`] |
//! | switch | 802.1Q and 802.1ad tags, put on or taken off | [`Fingerprint::frame`] (leaves tags out) |
//! | stack that routes | MACs, tags, TTL or hop limit, DS field, IPv4 header checksum, padding | [`Fingerprint::datagram`] |
//! | stack that translates addresses | also one of the two addresses, ports, ICMP id, transport checksum | [`Fingerprint::translated`] |
//! | stack that fragments or reassembles | also length, flags and offset: all but who sent which datagram to whom | [`Fingerprint::whole`] |
//!
//! **Repeats.** An ARP retry or a probe sent twice is the same octets again, yet another frame.
//! A cable and a switch's port pass frames on in order, so the oldest one that is under way and
//! has not yet left by this exit is the right one. Where several could be, that is said
//! ([`crate::Doubt::Ambiguous`]).
//!
//! **How long we wait.** One second of wire time after its last sighting a frame counts as ended.
//! A hop takes microseconds; only a shaped port holds a frame longer. Retries of ARP come a second
//! apart, so that a lost one is not mistaken for the next.
//!
//! **What doubt remains.** A frame that a stack keeps and an equal one that it makes itself cannot
//! be told apart; within NAT, two datagrams from one address with equal payload and IP id can be
//! swapped; captures cut short compare only what was kept. Hashes are 64 bits: among a million
//! frames under way, two different ones fall together about once in forty million such seconds.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::glance::{self, Datagram};

/// The octets of one frame, with the parts of its keys that several of them need.
#[derive(Clone, Copy, Debug)]
pub struct Fingerprint<'a> {
    bytes: &'a [u8],
    frame: u64,
    /// Where the IP header begins, where its fixed part ends, and the hash of all that follows.
    ip: Option<Split>,
}

#[derive(Clone, Copy, Debug)]
struct Split {
    at: usize,
    rest: usize,
    rest_hash: u64,
}

const ADDRESSES: usize = 12;

impl<'a> Fingerprint<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        let Some(ether) = glance::after_tags(bytes) else {
            return Self { bytes, frame: xxh3_64(bytes), ip: None };
        };
        let split = ip_split(bytes, ether + 2);
        let (rest, rest_hash) = match split {
            Some(split) => (split.rest, split.rest_hash),
            None => (ether, xxh3_64(&bytes[ether..])),
        };
        let frame = if ether == ADDRESSES {
            xxh3_64_with_seed(&bytes[..rest], rest_hash)
        } else {
            let mut head = [0; ADDRESSES + 2 + 40];
            let length = ADDRESSES + rest - ether;
            head[..ADDRESSES].copy_from_slice(&bytes[..ADDRESSES]);
            head[ADDRESSES..length].copy_from_slice(&bytes[ether..rest]);
            xxh3_64_with_seed(&head[..length], rest_hash)
        };
        Self { bytes, frame, ip: split }
    }

    /// For cables and switches: all octets but the tags.
    pub fn frame(&self) -> u64 {
        self.frame
    }

    /// For routing stacks: the IP datagram without what a router changes. `None`: not IP.
    pub fn datagram(&self) -> Option<u64> {
        let Split { at, rest, rest_hash } = self.ip?;
        let mut head = [0; 40];
        let head = &mut head[..rest - at];
        head.copy_from_slice(&self.bytes[at..rest]);
        let length = if rest - at == 20 {
            (head[1], head[8], head[10], head[11]) = (0, 0, 0, 0);
            usize::from(u16::from_be_bytes([head[2], head[3]]))
        } else {
            (head[0], head[1], head[7]) = (0x60, head[1] & 0x0f, 0);
            40 + usize::from(u16::from_be_bytes([head[4], head[5]]))
        };
        // A router does not pass padding on.
        let is_padded = rest <= at + length && at + length < self.bytes.len();
        let rest_hash = if is_padded { xxh3_64(&self.bytes[rest..at + length]) } else { rest_hash };
        Some(xxh3_64_with_seed(head, rest_hash))
    }

    /// Time to live or hop limit; 0 where there is none.
    pub fn ttl(&self) -> u8 {
        self.ip.map_or(0, |ip| self.bytes[ip.at + if ip.rest - ip.at == 20 { 8 } else { 7 }])
    }

    /// For stacks that translate addresses: two keys, one with the source and one with the
    /// destination; the one whose address was left alone stays equal.
    pub fn translated(&self) -> Option<[u64; 2]> {
        let datagram = Datagram::at(self.bytes, self.ip?.at)?;
        let body = untranslated(&datagram, self.bytes)?;
        let base = [u64::from(datagram.protocol), u64::from(datagram.fragment.id), datagram.length as u64];
        let seed = base.iter().fold(body, |seed, part| xxh3_64_with_seed(&part.to_le_bytes(), seed));
        let with = |address: std::net::IpAddr, side: u64| match address {
            std::net::IpAddr::V4(address) => xxh3_64_with_seed(&address.octets(), seed ^ side),
            std::net::IpAddr::V6(address) => xxh3_64_with_seed(&address.octets(), seed ^ side),
        };
        Some([with(datagram.source, 1), with(datagram.destination, 2)])
    }

    /// For stacks that cut datagrams up or put them together: which datagram this belongs to.
    /// `None` unless it is an IPv4 datagram that is a fragment or may become several.
    pub fn whole(&self) -> Option<u64> {
        let datagram = Datagram::at(self.bytes, self.ip?.at)?;
        let fragment = datagram.fragment;
        if !datagram.is_ipv4() || (fragment.dont && !fragment.is_fragment()) {
            return None;
        }
        let addresses = self.bytes.get(datagram.at + 12..datagram.at + 20)?;
        Some(xxh3_64_with_seed(addresses, u64::from(fragment.id) << 8 | u64::from(datagram.protocol)))
    }

    /// True for a piece of an IP datagram.
    pub fn is_fragment(&self) -> bool {
        let datagram = self.ip.and_then(|ip| Datagram::at(self.bytes, ip.at));
        datagram.is_some_and(|datagram| datagram.fragment.is_fragment())
    }
}

/// The fixed IP header that begins at `at`, if its EtherType and its version say so.
fn ip_split(bytes: &[u8], at: usize) -> Option<Split> {
    let length = match (glance::u16_at(bytes, at - 2)?, bytes.get(at)? >> 4) {
        (glance::IPV4, 4) => 20,
        (glance::IPV6, 6) => 40,
        _ => return None,
    };
    let rest = at + length;
    let rest_hash = xxh3_64(bytes.get(rest..)?);
    Some(Split { at, rest, rest_hash })
}

/// The hash of what address translation leaves alone in a datagram's payload.
fn untranslated(datagram: &Datagram, bytes: &[u8]) -> Option<u64> {
    let payload = datagram.payload(bytes);
    if datagram.fragment.offset != 0 {
        return Some(xxh3_64(payload));
    }
    let (head, rest) = match datagram.protocol {
        // Sequence numbers to window, then the urgent pointer and all that follows.
        glance::TCP => (payload.get(4..16)?, payload.get(18..)?),
        glance::UDP => (payload.get(4..6)?, payload.get(8..)?),
        glance::ICMP | glance::ICMPV6 => return untranslated_icmp(datagram, bytes),
        _ => (&payload[..0], payload),
    };
    Some(xxh3_64_with_seed(head, xxh3_64(rest)))
}

/// Echo loses its identifier; an error keeps of the datagram it quotes only what NAT leaves alone.
fn untranslated_icmp(datagram: &Datagram, bytes: &[u8]) -> Option<u64> {
    let payload = datagram.payload(bytes);
    let kind = payload.get(..2)?;
    let rest = match datagram.quoted(bytes) {
        Some(quoted) => u64::from(quoted.fragment.id) << 8 | u64::from(quoted.protocol),
        None => xxh3_64(payload.get(6..)?),
    };
    Some(xxh3_64_with_seed(kind, rest))
}
