//! Frames by their meaning.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use super::lab::mac;

/// `KIND word key=value …`, where a frame quoted or changed is one that was named before.
pub fn frame(words: &[&str], known: &BTreeMap<String, Arc<[u8]>>) -> Arc<[u8]> {
    let values: BTreeMap<&str, &str> =
        words[1..].iter().map(|word| word.split_once('=').unwrap_or((word, ""))).collect();
    let frame = Wanted { values: &values, known };
    let bytes = match words[0] {
        "arp-question" => frame.arp(1),
        "arp-answer" => frame.arp(2),
        "echo-request" => frame.ipv4(1, &frame.echo(8)),
        "echo-reply" => frame.ipv4(1, &frame.echo(0)),
        "time-exceeded" => frame.ipv4(1, &frame.error(11, 0)),
        "udp" => frame.ipv4(17, &frame.udp()),
        "tcp" => frame.ipv4(6, &frame.tcp()),
        "echo6-request" => frame.ipv6(&frame.echo(128)),
        "echo6-reply" => frame.ipv6(&frame.echo(129)),
        "solicitation" => frame.ipv6(&frame.neighbour(135)),
        "advertisement" => frame.ipv6(&frame.neighbour(136)),
        "piece" => frame.ipv4(17, &vec![0x55; frame.number("size", 64)]),
        "bpdu" => {
            let mut bytes = vec![0x01, 0x80, 0xc2, 0, 0, 0];
            bytes.extend(mac(values["from"]).0);
            bytes.extend([0, 38, 0x42, 0x42, 3]);
            bytes.resize(60, 0);
            bytes
        }
        other => panic!("no such kind of frame: {other}"),
    };
    let mut bytes = tagged(bytes, values.get("vlan").map(|vlan| vlan.parse().expect("a VLAN id")));
    bytes.truncate(frame.number("cut", bytes.len()));
    bytes.into()
}

struct Wanted<'a> {
    values: &'a BTreeMap<&'a str, &'a str>,
    known: &'a BTreeMap<String, Arc<[u8]>>,
}

fn tagged(mut bytes: Vec<u8>, vlan: Option<u16>) -> Vec<u8> {
    if let Some(vlan) = vlan {
        let tag = [0x81, 0, (vlan >> 8) as u8, vlan as u8];
        bytes.splice(12..12, tag);
    }
    bytes
}

impl Wanted<'_> {
    fn number(&self, key: &str, otherwise: usize) -> usize {
        self.values.get(key).map_or(otherwise, |value| value.parse().expect("a number"))
    }

    fn address(&self, key: &str) -> [u8; 4] {
        let text = self.values.get(key).unwrap_or_else(|| panic!("{key}= is missing"));
        text.parse::<Ipv4Addr>().expect("an IPv4 address").octets()
    }

    fn ethernet(&self, ethertype: u16) -> Vec<u8> {
        let to = self.values.get("to").copied().unwrap_or("ff:ff:ff:ff:ff:ff");
        let mut bytes = mac(to).0.to_vec();
        bytes.extend(mac(self.values["from"]).0);
        bytes.extend(ethertype.to_be_bytes());
        bytes
    }

    fn arp(&self, operation: u8) -> Vec<u8> {
        let mut bytes = self.ethernet(0x0806);
        bytes.extend([0, 1, 8, 0, 6, 4, 0, operation]);
        bytes.extend(mac(self.values["from"]).0);
        bytes.extend(self.address("src"));
        bytes.extend(if operation == 1 { [0; 6] } else { mac(self.values["to"]).0 });
        bytes.extend(self.address("dst"));
        bytes
    }

    fn ipv4(&self, protocol: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = self.ethernet(0x0800);
        let length = 20 + payload.len();
        let offset = self.number("offset", 0) / 8;
        let more = usize::from(self.values.contains_key("more")) << 13;
        let dont = usize::from(self.values.contains_key("df")) << 14;
        let flags = (offset | more | dont) as u16;
        let header = bytes.len();
        bytes.extend([0x45, 0]);
        bytes.extend((length as u16).to_be_bytes());
        bytes.extend((self.number("ipid", 0x1234) as u16).to_be_bytes());
        bytes.extend(flags.to_be_bytes());
        bytes.extend([self.number("ttl", 64) as u8, protocol, 0, 0]);
        bytes.extend(self.address("src"));
        bytes.extend(self.address("dst"));
        let sum = checksum(&bytes[header..]) ^ u16::from(self.values.contains_key("badsum"));
        bytes[header + 10..header + 12].copy_from_slice(&sum.to_be_bytes());
        bytes.extend(payload);
        bytes
    }

    fn address6(&self, key: &str) -> [u8; 16] {
        let text = self.values.get(key).unwrap_or_else(|| panic!("{key}= is missing"));
        text.parse::<Ipv6Addr>().expect("an IPv6 address").octets()
    }

    fn ipv6(&self, payload: &[u8]) -> Vec<u8> {
        let mut bytes = self.ethernet(0x86dd);
        bytes.extend([0x60, 0, 0, 0]);
        bytes.extend((payload.len() as u16).to_be_bytes());
        bytes.extend([58, self.number("ttl", 64) as u8]);
        bytes.extend(self.address6("src"));
        bytes.extend(self.address6("dst"));
        bytes.extend(payload);
        bytes
    }

    fn neighbour(&self, kind: u8) -> Vec<u8> {
        let mut bytes = vec![kind, 0, 0, 0, 0, 0, 0, 0];
        bytes.extend(self.address6("target"));
        if let Some(flags) = self.values.get("flags") {
            bytes[4] = u8::from_str_radix(flags, 16).expect("flags in hexadecimal");
        }
        // An option with the speaker's own MAC (RFC 4861, 4.6.1).
        if self.values.contains_key("lladdr") {
            bytes.extend([kind - 134, 1]);
            bytes.extend(mac(self.values["from"]).0);
        }
        bytes
    }

    fn echo(&self, kind: u8) -> Vec<u8> {
        let mut bytes = vec![kind, 0, 0, 0];
        bytes.extend((self.number("id", 7) as u16).to_be_bytes());
        bytes.extend((self.number("seq", 1) as u16).to_be_bytes());
        bytes.extend((0..self.number("size", 56)).map(|n| n as u8));
        let sum = checksum(&bytes);
        bytes[2..4].copy_from_slice(&sum.to_be_bytes());
        bytes
    }

    /// An ICMP error that quotes the IP header and eight octets more (RFC 792).
    fn error(&self, kind: u8, code: u8) -> Vec<u8> {
        let quoted = &self.known[self.values["about"]];
        let mut bytes = vec![kind, code, 0, 0, 0, 0, 0, 0];
        bytes.extend(&quoted[14..14 + 28]);
        let sum = checksum(&bytes);
        bytes[2..4].copy_from_slice(&sum.to_be_bytes());
        bytes
    }

    fn udp(&self) -> Vec<u8> {
        let size = self.number("size", 18);
        let mut bytes = (self.number("sport", 40000) as u16).to_be_bytes().to_vec();
        bytes.extend((self.number("dport", 53) as u16).to_be_bytes());
        bytes.extend((8 + size as u16).to_be_bytes());
        // The checksum takes in the addresses, so it differs wherever they do.
        let addresses = [self.address("src"), self.address("dst")].concat();
        bytes.extend(checksum(&addresses).to_be_bytes());
        bytes.resize(8 + size, 0xaa);
        bytes
    }

    fn tcp(&self) -> Vec<u8> {
        let mut bytes = (self.number("sport", 40000) as u16).to_be_bytes().to_vec();
        bytes.extend((self.number("dport", 80) as u16).to_be_bytes());
        bytes.extend((self.number("seq", 1) as u32).to_be_bytes());
        bytes.extend([0, 0, 0, 0, 0x50, self.number("flags", 2) as u8, 0xff, 0xff]);
        let addresses = [self.address("src"), self.address("dst")].concat();
        bytes.extend(checksum(&addresses).to_be_bytes());
        bytes.extend([0, 0]);
        bytes
    }
}

/// The Internet checksum (RFC 1071).
fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes.chunks(2).map(|two| u32::from(two[0]) << 8 | u32::from(*two.get(1).unwrap_or(&0)));
    let sum: u32 = words.sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    !((folded & 0xffff) + (folded >> 16)) as u16
}
