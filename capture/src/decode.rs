//! From the bytes of a frame to layers, fields and one line for people.
//!
//! Decoding cannot fail: whatever the bytes are, there is a [`Decoded`], which says how far it got
//! and why it went no further. One walk over the frame serves all readers, so that they can never
//! disagree: [`decode`] keeps everything, [`brief`] only what a list of frames shows, [`headline`]
//! not even the label, and [`facts`] only the addresses and protocol names that a filter asks for, without making a single string.
//!
//! What an ICMP error quotes is decoded too, as layers named `quoted …` behind the ICMP layer; it
//! never counts for the frame's protocol or its facts.

mod arp;
mod bytes;
mod checksum;
mod dhcp;
mod dns;
mod dns_name;
mod ethernet;
mod group_report;
mod icmp;
mod icmpv6;
mod igmp;
mod ip;
mod ipv4;
mod ipv6;
mod llc;
mod lldp;
mod mld;
mod neighbor;
mod options;
mod quote;
mod stp;
mod tcp;
mod udp;
mod walk;

use std::{net::IpAddr, ops::Range};

use topology::MacAddress;

use walk::{Detail, Walk};

/// What a frame's bytes mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// From the outermost to the innermost; each begins where the one before has ended, or later.
    pub layers: Vec<Layer>,
    /// The highest that was decoded: `ARP`, `ICMP`, `ICMPv6`, `UDP`, `TCP`, `DNS`, `mDNS`, `DHCP`,
    /// `DHCPv6`, `NTP`, `STP`, `LLDP`, `IGMP`, `IPv4`, `IPv6`, `VLAN`, `LLC`, `SNAP`, `Ethernet`;
    /// `nothing` if not even an Ethernet header was there.
    pub protocol: &'static str,
    /// One line, for people; never empty.
    pub summary: String,
    /// A few words that fit on a moving frame: `who has 10.10.0.2?`, `ping 1 →`, `← pong 1`.
    pub label: String,
    /// The first place where something was missing, wrong or unknown; `None` if all was understood.
    pub stop: Option<Stop>,
}

/// One header, or the data behind the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub name: &'static str,
    /// Which bytes of the frame: the header with its options, without what it carries.
    pub range: Range<usize>,
    pub fields: Vec<Field>,
}

/// One thing that a header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    /// For people, with its unit; a checksum says whether it is right.
    pub value: String,
    /// Which bytes of the frame; always inside the layer's. Fields smaller than a byte share one.
    pub range: Range<usize>,
}

/// Where and why decoding went no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The layer that could not be read, or that carries something unknown.
    pub layer: &'static str,
    /// The first byte of the frame that was not understood.
    pub at: usize,
    /// Begins with `truncated`, `malformed` or `unknown`.
    pub reason: String,
}

/// What a list shows of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    pub protocol: &'static str,
    pub summary: String,
    pub label: String,
}

/// What can be asked about a frame, without any text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The layers' names, outermost first.
    pub protocols: Vec<&'static str>,
    /// Sender and receiver by the Ethernet header.
    pub macs: Option<(MacAddress, MacAddress)>,
    /// 802.1Q identifiers, outermost first.
    pub vlans: Vec<u16>,
    /// Source and destination, a pair for each IP header, outermost first;
    /// of an ARP frame, who speaks and whom it asks or answers.
    pub addresses: Vec<(IpAddr, IpAddr)>,
    /// Source and destination of UDP or TCP.
    pub ports: Option<(u16, u16)>,
}

/// Everything that can be said about a frame that begins with its Ethernet header.
pub fn decode(bytes: &[u8]) -> Decoded {
    let walk = walked(bytes, Detail::Full);
    Decoded {
        layers: walk.layers,
        protocol: walk.protocol,
        summary: walk.summary,
        label: walk.label,
        stop: walk.stop,
    }
}

/// The same protocol, summary and label as [`decode`], several times as fast.
pub fn brief(bytes: &[u8]) -> Brief {
    let walk = walked(bytes, Detail::Brief);
    Brief { protocol: walk.protocol, summary: walk.summary, label: walk.label }
}

/// The same protocol and summary as [`decode`], and nothing else.
pub fn headline(bytes: &[u8]) -> (&'static str, String) {
    let walk = walked(bytes, Detail::Headline);
    (walk.protocol, walk.summary)
}

/// Addresses, ports and protocol names alone.
pub fn facts(bytes: &[u8]) -> Facts {
    walked(bytes, Detail::Facts).facts
}

fn walked(bytes: &[u8], detail: Detail) -> Walk<'_> {
    let mut walk = Walk::new(bytes, detail);
    ethernet::decode(&mut walk);
    walk
}
