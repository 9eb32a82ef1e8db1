//! The few header fields that recognising, grouping and judging a frame need.
//!
//! This is not the decoder: it names nothing, keeps nothing and stops at the first octet that is
//! missing. Offsets are octets from the start of the Ethernet header.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use topology::MacAddress;

/// An Ethernet frame's addresses and what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    pub destination: MacAddress,
    pub source: MacAddress,
    /// The outermost 802.1Q tag's VLAN, if there is a tag.
    pub vlan: Option<u16>,
    /// The EtherType after the tags; below 0x600 it is an 802.3 length.
    pub ethertype: u16,
    pub carries: Carries,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    Arp(Arp),
    Ip(Datagram),
    Other,
}

/// ARP for IPv4 over Ethernet (RFC 826).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arp {
    /// 1: question, 2: answer.
    pub operation: u16,
    pub sender_mac: MacAddress,
    pub sender: Ipv4Addr,
    pub target_mac: MacAddress,
    pub target: Ipv4Addr,
}

/// An IPv4 or IPv6 header, and where the transport header begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagram {
    pub source: IpAddr,
    pub destination: IpAddr,
    /// The protocol number after IPv6 extension headers (IANA "Protocol Numbers").
    pub protocol: u8,
    /// Time to live, or IPv6 hop limit.
    pub ttl: u8,
    pub fragment: Fragmentation,
    /// Octets of the whole datagram as its own header says.
    pub length: usize,
    /// Where the IP header begins, and where what it carries begins.
    pub at: usize,
    pub transport: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fragmentation {
    pub id: u32,
    pub dont: bool,
    pub more: bool,
    /// Octets before this fragment in the whole datagram.
    pub offset: u32,
}

impl Fragmentation {
    pub fn is_fragment(self) -> bool {
        self.more || self.offset != 0
    }
}

pub const ARP: u16 = 0x0806;
pub const IPV4: u16 = 0x0800;
pub const IPV6: u16 = 0x86dd;
const TAGS: [u16; 3] = [0x8100, 0x88a8, 0x9100];

pub const ICMP: u8 = 1;
pub const TCP: u8 = 6;
pub const UDP: u8 = 17;
pub const ICMPV6: u8 = 58;

impl Glance {
    /// `None` where not even the two addresses and the EtherType were captured.
    pub fn at(bytes: &[u8]) -> Option<Self> {
        let ether = after_tags(bytes)?;
        let rest = ether + 2;
        let ethertype = u16_at(bytes, ether)?;
        let carries = match ethertype {
            ARP => Arp::at(bytes, rest).map_or(Carries::Other, Carries::Arp),
            IPV4 | IPV6 => Datagram::at(bytes, rest).map_or(Carries::Other, Carries::Ip),
            _ => Carries::Other,
        };
        let vlan = if ether == 12 { None } else { u16_at(bytes, 14).map(|tag| tag & 0x0fff) };
        Some(Self { destination: mac_at(bytes, 0)?, source: mac_at(bytes, 6)?, vlan, ethertype, carries })
    }

    pub fn arp(&self) -> Option<&Arp> {
        if let Carries::Arp(arp) = &self.carries { Some(arp) } else { None }
    }

    pub fn datagram(&self) -> Option<&Datagram> {
        if let Carries::Ip(datagram) = &self.carries { Some(datagram) } else { None }
    }

    /// Addresses that no bridge ever forwards: STP, LLDP, pause (IEEE 802.1Q-2018, table 8-1).
    pub fn is_for_the_next_bridge_only(&self) -> bool {
        matches!(self.destination.0, [0x01, 0x80, 0xc2, 0x00, 0x00, last] if last < 0x10)
    }
}

impl Arp {
    fn at(bytes: &[u8], at: usize) -> Option<Self> {
        let body = bytes.get(at..at + 28)?;
        // Hardware Ethernet, protocol IPv4, addresses of 6 and 4 octets: nothing else is understood here.
        if body[..6] != [0, 1, 8, 0, 6, 4] {
            return None;
        }
        Some(Self {
            operation: u16_at(body, 6)?,
            sender_mac: mac_at(body, 8)?,
            sender: ipv4_at(body, 14)?,
            target_mac: mac_at(body, 18)?,
            target: ipv4_at(body, 24)?,
        })
    }
}

impl Datagram {
    /// Reads an IP header that begins at `at`, for instance the one quoted in an ICMP error.
    pub fn at(bytes: &[u8], at: usize) -> Option<Self> {
        match bytes.get(at)? >> 4 {
            4 => Self::ipv4(bytes, at),
            6 => Self::ipv6(bytes, at),
            _ => None,
        }
    }

    fn ipv4(bytes: &[u8], at: usize) -> Option<Self> {
        let head = bytes.get(at..at + 20)?;
        let header_length = usize::from(head[0] & 0x0f) * 4;
        if header_length < 20 {
            return None;
        }
        let flags = u16_at(head, 6)?;
        Some(Self {
            source: ipv4_at(head, 12)?.into(),
            destination: ipv4_at(head, 16)?.into(),
            protocol: head[9],
            ttl: head[8],
            fragment: Fragmentation {
                id: u16_at(head, 4)?.into(),
                dont: flags & 0x4000 != 0,
                more: flags & 0x2000 != 0,
                offset: u32::from(flags & 0x1fff) * 8,
            },
            length: usize::from(u16_at(head, 2)?),
            at,
            transport: at + header_length,
        })
    }

    fn ipv6(bytes: &[u8], at: usize) -> Option<Self> {
        let head = bytes.get(at..at + 40)?;
        let mut found = Self {
            source: ipv6_at(head, 8)?.into(),
            destination: ipv6_at(head, 24)?.into(),
            protocol: head[6],
            ttl: head[7],
            // No router may fragment IPv6 (RFC 8200, 4.5).
            fragment: Fragmentation { dont: true, ..Fragmentation::default() },
            length: 40 + usize::from(u16_at(head, 4)?),
            at,
            transport: at + 40,
        };
        found.skip_extensions(bytes);
        Some(found)
    }

    /// Hop-by-hop, routing, fragment and destination options (RFC 8200, 4); a few at most.
    fn skip_extensions(&mut self, bytes: &[u8]) {
        for _ in 0..8 {
            let Some(head) = bytes.get(self.transport..self.transport + 8) else { return };
            let length = match self.protocol {
                0 | 43 | 60 => (usize::from(head[1]) + 1) * 8,
                44 => {
                    let field = u16::from_be_bytes([head[2], head[3]]);
                    self.fragment.offset = u32::from(field & 0xfff8);
                    self.fragment.more = field & 1 == 1;
                    self.fragment.id = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
                    8
                }
                _ => return,
            };
            self.protocol = head[0];
            self.transport += length;
        }
    }

    pub fn is_ipv4(&self) -> bool {
        self.source.is_ipv4()
    }

    /// What the datagram carries, without what the Ethernet frame was padded with.
    pub fn payload<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let end = bytes.len().min(self.at + self.length);
        bytes.get(self.transport..end).unwrap_or_default()
    }

    /// Source and destination port of TCP and UDP, where this piece of the datagram has them.
    pub fn ports(&self, bytes: &[u8]) -> Option<(u16, u16)> {
        let has_ports = matches!(self.protocol, TCP | UDP) && self.fragment.offset == 0;
        let payload = self.payload(bytes);
        has_ports.then(|| Some((u16_at(payload, 0)?, u16_at(payload, 2)?))).flatten()
    }

    /// True for ICMP and ICMPv6 messages that quote a datagram (RFC 792, RFC 4443).
    pub fn quoted(&self, bytes: &[u8]) -> Option<Datagram> {
        let payload = self.payload(bytes);
        let is_error = match self.protocol {
            ICMP => matches!(payload.first()?, 3 | 4 | 5 | 11 | 12),
            ICMPV6 => *payload.first()? < 128,
            _ => false,
        };
        (is_error && self.fragment.offset == 0).then(|| Self::at(bytes, self.transport + 8)).flatten()
    }
}

/// Where the EtherType stands that says what the frame carries: after any 802.1Q and 802.1ad tags.
pub fn after_tags(bytes: &[u8]) -> Option<usize> {
    let mut at = 12;
    // Two tags are what exists in practice; a few more cost nothing, endless ones would.
    for _ in 0..4 {
        if !TAGS.contains(&u16_at(bytes, at)?) {
            break;
        }
        at += 4;
    }
    (at + 2 <= bytes.len()).then_some(at)
}

pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|two| u16::from_be_bytes([two[0], two[1]]))
}

fn mac_at(bytes: &[u8], at: usize) -> Option<MacAddress> {
    bytes.get(at..at + 6)?.try_into().ok().map(MacAddress)
}

fn ipv4_at(bytes: &[u8], at: usize) -> Option<Ipv4Addr> {
    let octets: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(octets.into())
}

pub fn ipv6_at(bytes: &[u8], at: usize) -> Option<Ipv6Addr> {
    let octets: [u8; 16] = bytes.get(at..at + 16)?.try_into().ok()?;
    Some(octets.into())
}
