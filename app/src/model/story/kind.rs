//! What colour a frame has.

use capture::glance::{self, Carries, Glance};

use super::{Kind, Told};

impl Told {
    /// What machines say by themselves, whatever anybody does: group reports, bridges' own frames, calls for routers,
    /// and the question whether an address is free.
    pub fn is_chatter(&self) -> bool {
        let Some(first) = self.journey.sightings.first() else { return true };
        match self.kind {
            Kind::Other => matches!(self.journey.protocol, "IGMP" | "STP" | "LLDP"),
            Kind::Nd => says_by_itself(&first.frame.bytes),
            _ => false,
        }
    }
}

/// RFC 4861, 4.1 and 4.2; RFC 4862, 5.4.2; RFC 2710 and RFC 3810 (multicast listeners).
fn says_by_itself(bytes: &[u8]) -> bool {
    let Some(Carries::Ip(datagram)) = Glance::at(bytes).map(|glance| glance.carries) else { return false };
    if datagram.protocol != glance::ICMPV6 {
        return false;
    }
    match datagram.payload(bytes).first() {
        Some(130..=134 | 143) => true,
        Some(135) => datagram.source.is_unspecified(),
        _ => false,
    }
}

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
