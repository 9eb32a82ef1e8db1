//! UDP (RFC 768), and which protocol a port means.

use std::net::SocketAddr;

use super::{
    bytes::{Span, byte_count},
    checksum, dhcp, dns,
    ip::Ends,
    walk::Walk,
};

const HEADER: usize = 8;

pub(super) fn decode(walk: &mut Walk<'_>, span: Span, ends: Ends) {
    if !walk.has("UDP", span, HEADER) {
        return walk.rest("Data", span);
    }
    let (bytes, at) = (walk.bytes, span.start);
    let (from, to) = (bytes.u16(at), bytes.u16(at + 2));
    // Zero means "up to the end" in jumbograms (RFC 2675) and segmentation offload.
    let length = match usize::from(bytes.u16(at + 4)) {
        0 => span.len(),
        length => length,
    };
    walk.layer("UDP", span.first(HEADER));
    if !walk.is_quoting() {
        walk.facts.ports = Some((from, to));
    }
    walk.field("source port", at, 2, || port_text(from));
    walk.field("destination port", at + 2, 2, || port_text(to));
    walk.field("length", at + 4, 2, || byte_count(length));
    let datagram = span.first(length.max(HEADER));
    checksum_field(walk, datagram, ends);
    if length < HEADER {
        walk.stop("UDP", at + 4, || format!("malformed: a length of {length}, with a header of {HEADER}"));
        walk.rest("Data", span.skip(HEADER));
    } else {
        if span.len() < length && ends.whole {
            walk.stop("UDP", span.end, || {
                format!("truncated: the header says {}, {} here", byte_count(length), span.len())
            });
        }
        carried(walk, from, to, datagram.skip(HEADER));
        walk.rest("Data", Span { start: datagram.end, end: span.end });
    }
    walk.say(
        || {
            let from = SocketAddr::new(ends.from, from);
            let to = SocketAddr::new(ends.to, to);
            format!("{from} → {to}, {}", byte_count(length.saturating_sub(HEADER)))
        },
        || format!("UDP {to}"),
    );
}

fn checksum_field(walk: &mut Walk<'_>, datagram: Span, ends: Ends) {
    let (bytes, at) = (walk.bytes, datagram.start + 6);
    walk.field("checksum", at, 2, || match bytes.u16(at) {
        0 if ends.from.is_ipv4() => "0x0000 not used".into(),
        found if !ends.whole => format!("{found:#06x} not checked: only a part is here"),
        _ => checksum::judge(bytes, datagram, at, ends.pseudo(17)),
    });
}

fn carried(walk: &mut Walk<'_>, from: u16, to: u16, body: Span) {
    let either = |port: u16| from == port || to == port;
    if walk.is_quoting() || body.is_empty() {
        walk.rest("Data", body);
    } else if either(5353) {
        dns::decode(walk, "mDNS", body);
    } else if either(53) {
        dns::decode(walk, "DNS", body);
    } else if either(67) || either(68) {
        dhcp::decode(walk, body);
    } else if either(546) || either(547) {
        dhcp_v6(walk, body);
    } else if either(123) {
        ntp(walk, body);
    } else {
        walk.rest("Data", body);
    }
}

/// RFC 9915 (DHCPv6): the kind of message and its transaction; options are not taken apart.
fn dhcp_v6(walk: &mut Walk<'_>, body: Span) {
    if !walk.has("DHCPv6", body, 4) {
        return walk.rest("Data", body);
    }
    let (bytes, at) = (walk.bytes, body.start);
    let kind = match bytes.u8(at) {
        1 => "solicit",
        2 => "advertise",
        3 => "request",
        4 => "confirm",
        5 => "renew",
        6 => "rebind",
        7 => "reply",
        8 => "release",
        9 => "decline",
        10 => "reconfigure",
        11 => "information request",
        12 => "relay onward",
        13 => "relay back",
        _ => "message without a name",
    };
    walk.layer("DHCPv6", body);
    walk.field("message", at, 1, || format!("{kind} ({})", bytes.u8(at)));
    walk.field("transaction", at + 1, 3, || format!("{:#08x}", bytes.u32(at) & 0x00ff_ffff));
    walk.field("options", at + 4, body.len() - 4, || byte_count(body.len() - 4));
    walk.say(|| kind.into(), || format!("DHCPv6 {kind}"));
}

/// RFC 5905: who asks for the time, who tells it.
fn ntp(walk: &mut Walk<'_>, body: Span) {
    if !walk.has("NTP", body, 48) {
        return walk.rest("Data", body);
    }
    let (bytes, at) = (walk.bytes, body.start);
    let (version, mode, stratum) = (bytes.u8(at) >> 3 & 7, bytes.u8(at) & 7, bytes.u8(at + 1));
    let words = match mode {
        1 | 2 => "compares the time with a peer".into(),
        3 => "what time is it?".into(),
        4 => format!("tells the time, {stratum} steps from a clock"),
        5 => "tells everybody the time".into(),
        mode => format!("NTP mode {mode}"),
    };
    walk.layer("NTP", body);
    walk.field("version", at, 1, || version.to_string());
    walk.field("mode", at, 1, || mode.to_string());
    walk.field("stratum", at + 1, 1, || stratum.to_string());
    let label = if mode == 3 { "what time?" } else { "the time" };
    walk.say(|| words, || label.into());
}

/// The port with the name of what usually listens there.
pub(super) fn port_text(port: u16) -> String {
    let name = match port {
        7 => "echo",
        20 => "FTP data",
        21 => "FTP",
        22 => "SSH",
        23 => "telnet",
        25 => "SMTP",
        53 => "DNS",
        67 => "DHCP server",
        68 => "DHCP client",
        69 => "TFTP",
        80 => "HTTP",
        123 => "NTP",
        161 => "SNMP",
        179 => "BGP",
        443 => "HTTPS",
        514 => "syslog",
        520 => "RIP",
        546 => "DHCPv6 client",
        547 => "DHCPv6 server",
        4789 => "VXLAN",
        5353 => "mDNS",
        5355 => "LLMNR",
        _ => return port.to_string(),
    };
    format!("{port} ({name})")
}
