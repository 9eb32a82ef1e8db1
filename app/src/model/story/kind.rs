//! What colour a frame has.

use capture::glance::{self, Carries, Glance};

use super::Kind;

impl Kind {
    /// By its bytes, and by the decoded protocol's name where too little of it was captured.
    pub fn of(protocol: &str, bytes: &[u8]) -> Self {
        match Glance::at(bytes).map(|glance| glance.carries) {
            Some(Carries::Arp(_)) => Self::Arp,
            Some(Carries::Ip(datagram)) => {
                // A later piece of a datagram has no header of what it carries.
                let kind = (datagram.fragment.offset == 0).then(|| datagram.payload(bytes).first()).flatten();
                match (datagram.protocol, kind) {
                    // RFC 792; RFC 4443, 4.
                    (glance::ICMP, Some(8)) | (glance::ICMPV6, Some(128)) => Self::EchoRequest,
                    (glance::ICMP, Some(0)) | (glance::ICMPV6, Some(129)) => Self::EchoReply,
                    (glance::ICMP | glance::ICMPV6, _) => Self::Nd,
                    (glance::TCP, _) => Self::Tcp,
                    (glance::UDP, _) => Self::Udp,
                    _ => Self::Other,
                }
            }
            Some(Carries::Other) | None => Self::named(protocol),
        }
    }

    fn named(protocol: &str) -> Self {
        match protocol {
            "ARP" => Self::Arp,
            "ICMP" | "ICMPv6" => Self::Nd,
            "TCP" => Self::Tcp,
            "UDP" => Self::Udp,
            _ => Self::Other,
        }
    }
}
