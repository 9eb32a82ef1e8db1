//! What TCP and UDP say, and what routers and hosts say when a datagram did not get where it should
//! (RFC 9293, RFC 768, RFC 792, RFC 4443).

use std::net::IpAddr;

use capture::glance::{Datagram, ICMP, ICMPV6, TCP, UDP, u16_at};

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const ACK: u8 = 0x10;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    /// SYN
    Opens { to: IpAddr, port: u16 },
    /// SYN and ACK
    Agrees { port: u16 },
    /// ACK and nothing else
    Confirms,
    /// Octets of the application.
    Data { octets: usize },
    /// FIN
    Closes,
    /// RST instead of an agreement
    Refuses { port: u16 },
    /// RST in the middle of a connection
    BreaksOff,
    /// UDP
    Datagram { to: IpAddr, port: u16 },
    /// ICMP: it cannot be delivered, and why.
    Unreachable { of: IpAddr, why: &'static str },
    /// ICMP: it has been through too many routers.
    RanOut { of: IpAddr },
}

impl Transport {
    /// `None`: something else, or too little of it was captured.
    pub fn of(datagram: &Datagram, bytes: &[u8]) -> Option<Self> {
        let payload = datagram.payload(bytes);
        match datagram.protocol {
            TCP => tcp(datagram, bytes),
            UDP => {
                let (_, port) = datagram.ports(bytes)?;
                Some(Self::Datagram { to: datagram.destination, port })
            }
            ICMP | ICMPV6 => {
                let of = datagram.quoted(bytes)?.destination;
                match (datagram.protocol, *payload.first()?) {
                    (ICMP, 3) => Some(Self::Unreachable { of, why: why_not_v4(*payload.get(1)?) }),
                    (ICMPV6, 1) => Some(Self::Unreachable { of, why: why_not_v6(*payload.get(1)?) }),
                    (ICMP, 11) | (ICMPV6, 3) => Some(Self::RanOut { of }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What the frame is called in the middle of a sentence.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Opens { .. } => "the wish for a connection (SYN)",
            Self::Agrees { .. } => "the agreement (SYN, ACK)",
            Self::Confirms => "the confirmation (ACK)",
            Self::Data { .. } => "the data",
            Self::Closes => "the goodbye (FIN)",
            Self::Refuses { .. } => "the refusal (RST)",
            Self::BreaksOff => "the break-off (RST)",
            Self::Datagram { .. } => "the datagram",
            Self::Unreachable { .. } => "the bad news",
            Self::RanOut { .. } => "the news that the TTL ran out",
        }
    }

    /// What `name` does by sending it.
    pub fn is_sent_by(&self, name: &str) -> String {
        match self {
            Self::Opens { to, port } => {
                format!("{name} asks {to} for a TCP connection to port {port} (SYN).")
            }
            Self::Agrees { port } => format!("{name} agrees to a connection to its port {port} (SYN, ACK)."),
            Self::Confirms => format!("{name} confirms what has come so far (ACK)."),
            Self::Data { octets: 1 } => format!("{name} sends 1 octet of data over its connection."),
            Self::Data { octets } => format!("{name} sends {octets} octets of data over its connection."),
            Self::Closes => format!("{name} says that it has nothing more to send (FIN)."),
            Self::Refuses { port } => format!("{name} refuses: nobody listens on its port {port} (RST)."),
            Self::BreaksOff => format!("{name} breaks the connection off (RST)."),
            Self::Datagram { to, port } => format!("{name} sends a UDP datagram to port {port} of {to}."),
            Self::Unreachable { of, why } => format!("{name} reports that {of} was not reached: {why}."),
            Self::RanOut { of } => {
                format!("{name} reports that what was meant for {of} has been through too many routers.")
            }
        }
    }
}

fn tcp(datagram: &Datagram, bytes: &[u8]) -> Option<Transport> {
    let (from, to) = datagram.ports(bytes)?;
    let segment = datagram.payload(bytes);
    let (offset, flags) = (usize::from(*segment.get(12)? >> 4) * 4, *segment.get(13)?);
    // What was cut off by the capture counts too.
    let octets = datagram.length.saturating_sub(datagram.transport - datagram.at + offset);
    let is_from_the_first = u16_at(segment, 4)? == 0 && u16_at(segment, 6)? == 0;
    Some(match flags & (SYN | ACK | RST | FIN) {
        SYN => Transport::Opens { to: datagram.destination, port: to },
        flags if flags & (SYN | ACK) == SYN | ACK => Transport::Agrees { port: from },
        // Whoever refuses has numbered nothing yet (RFC 9293, 3.10.7.1).
        flags if flags & RST != 0 && is_from_the_first => Transport::Refuses { port: from },
        flags if flags & RST != 0 => Transport::BreaksOff,
        _ if 0 < octets => Transport::Data { octets },
        flags if flags & FIN != 0 => Transport::Closes,
        _ => Transport::Confirms,
    })
}

fn why_not_v4(code: u8) -> &'static str {
    match code {
        0 => "there is no way to that network",
        1 => "nobody there has this address",
        2 => "the protocol is not known there",
        3 => "nobody listens on that port",
        4 => "it is too large for a cable on the way and must not be cut",
        9 | 10 | 13 => "a rule forbids it",
        _ => "the reason is unusual",
    }
}

fn why_not_v6(code: u8) -> &'static str {
    match code {
        0 => "there is no way to that network",
        1 => "a rule forbids it",
        3 => "nobody there has this address",
        4 => "nobody listens on that port",
        _ => "the reason is unusual",
    }
}

#[cfg(test)]
mod tests {
    use capture::glance::Glance;

    use super::*;

    /// An IPv4 frame of this protocol and payload.
    fn frame(protocol: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
        let length = u8::try_from(20 + payload.len()).expect("short");
        bytes.extend([0x45, 0, 0, length, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        bytes.extend(payload);
        bytes
    }

    fn said(protocol: u8, payload: &[u8]) -> Option<String> {
        let bytes = frame(protocol, payload);
        let glance = Glance::at(&bytes)?;
        Transport::of(glance.datagram()?, &bytes).map(|said| said.is_sent_by("red"))
    }

    fn segment(flags: u8, sequence: u8, data: &[u8]) -> Vec<u8> {
        let header = [0x30, 0x39, 0, 80, 0, 0, 0, sequence, 0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0];
        [&header, data].concat()
    }

    #[test]
    fn a_connection_from_its_beginning_to_its_end() {
        for (payload, words) in [
            (segment(SYN, 5, b""), "red asks 10.0.0.2 for a TCP connection to port 80 (SYN)."),
            (segment(SYN | ACK, 5, b""), "red agrees to a connection to its port 12345 (SYN, ACK)."),
            (segment(ACK, 5, b""), "red confirms what has come so far (ACK)."),
            (segment(ACK, 5, b"hello"), "red sends 5 octets of data over its connection."),
            (segment(ACK | FIN, 5, b""), "red says that it has nothing more to send (FIN)."),
            (segment(ACK | RST, 0, b""), "red refuses: nobody listens on its port 12345 (RST)."),
            (segment(RST, 5, b""), "red breaks the connection off (RST)."),
        ] {
            assert_eq!(said(TCP, &payload).as_deref(), Some(words));
        }
    }

    #[test]
    fn datagrams_and_bad_news() {
        let udp = [0x30, 0x39, 0, 7, 0, 8, 0, 0];
        assert_eq!(said(UDP, &udp).as_deref(), Some("red sends a UDP datagram to port 7 of 10.0.0.2."));
        let quote = &frame(UDP, &udp)[14..];
        let port = [&[3, 3, 0, 0, 0, 0, 0, 0], quote].concat();
        let words = "red reports that 10.0.0.2 was not reached: nobody listens on that port.";
        assert_eq!(said(ICMP, &port).as_deref(), Some(words));
        let late = [&[11, 0, 0, 0, 0, 0, 0, 0], quote].concat();
        let words = "red reports that what was meant for 10.0.0.2 has been through too many routers.";
        assert_eq!(said(ICMP, &late).as_deref(), Some(words));
    }

    #[test]
    fn what_is_cut_short_says_nothing() {
        let whole = segment(SYN, 5, b"");
        assert!((0..14).all(|length| said(TCP, &whole[..length]).is_none()));
    }
}
