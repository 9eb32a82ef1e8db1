//! The words that the filter language knows, in the order in which they are worth showing.

/// How a field's values are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Address,
    Mac,
    Number { most: u64 },
    Name,
    Fate,
    Text,
}

#[derive(Debug)]
pub(super) struct FieldWord {
    pub word: &'static str,
    pub kind: Kind,
    pub about: &'static str,
}

#[derive(Debug)]
pub(super) struct ProtocolWord {
    pub word: &'static str,
    /// The layer's name, as decoding writes it.
    pub layer: &'static str,
    pub about: &'static str,
}

const fn protocol(word: &'static str, layer: &'static str, about: &'static str) -> ProtocolWord {
    ProtocolWord { word, layer, about }
}

const fn field(word: &'static str, kind: Kind, about: &'static str) -> FieldWord {
    FieldWord { word, kind, about }
}

pub(super) const PROTOCOLS: &[ProtocolWord] = &[
    protocol("arp", "ARP", "who has this address?"),
    protocol("icmp", "ICMP", "pings and errors of IPv4"),
    protocol("icmpv6", "ICMPv6", "pings, errors and neighbours of IPv6"),
    protocol("tcp", "TCP", "connections"),
    protocol("udp", "UDP", "single datagrams"),
    protocol("dns", "DNS", "names"),
    protocol("mdns", "mDNS", "names without a server"),
    protocol("dhcp", "DHCP", "addresses handed out"),
    protocol("dhcpv6", "DHCPv6", "addresses handed out, IPv6"),
    protocol("ntp", "NTP", "the time"),
    protocol("stp", "STP", "bridges finding a tree"),
    protocol("lldp", "LLDP", "neighbours saying who they are"),
    protocol("igmp", "IGMP", "who wants which group"),
    protocol("ipv4", "IPv4", "anything over IPv4"),
    protocol("ipv6", "IPv6", "anything over IPv6"),
    protocol("llc", "LLC", "frames of the old kind"),
    protocol("snap", "SNAP", "types behind LLC"),
    protocol("ethernet", "Ethernet", "every frame"),
    protocol("tagged", "VLAN", "frames with a VLAN tag"),
];

const NUMBER: Kind = Kind::Number { most: u64::MAX };
const PORT: Kind = Kind::Number { most: 65_535 };

pub(super) const FIELDS: &[FieldWord] = &[
    field("ip", Kind::Address, "an IP address or network, on either side"),
    field("ip.src", Kind::Address, "the source address"),
    field("ip.dst", Kind::Address, "the destination address"),
    field("mac", Kind::Mac, "a hardware address, on either side"),
    field("mac.src", Kind::Mac, "the sender's hardware address"),
    field("mac.dst", Kind::Mac, "the receiver's hardware address"),
    field("port", PORT, "a UDP or TCP port, on either side"),
    field("port.src", PORT, "the source port"),
    field("port.dst", PORT, "the destination port"),
    field("vlan", Kind::Number { most: 4095 }, "a VLAN tag's identifier"),
    field("ns", Kind::Name, "seen in this namespace"),
    field("if", Kind::Name, "seen on this interface"),
    field("at", Kind::Name, "seen at namespace/interface"),
    field("fate", Kind::Fate, "how a branch ended"),
    field("text", Kind::Text, "words of the summary"),
    field("conversation", NUMBER, "the conversation's number"),
    field("journey", NUMBER, "the journey's number"),
    field("hops", NUMBER, "edges on the longest path"),
    field("len", NUMBER, "octets on the wire"),
];

pub(super) const FATES: &[(&str, crate::Fate)] = &[
    ("delivered", crate::Fate::Delivered),
    ("ignored", crate::Fate::Ignored),
    ("dropped", crate::Fate::Dropped),
    ("in-flight", crate::Fate::InFlight),
];

impl Kind {
    pub fn operators(self) -> &'static [&'static str] {
        match self {
            Self::Address | Self::Mac | Self::Name | Self::Text => &["==", "!=", "~"],
            Self::Number { .. } => &["==", "!=", "<", "<=", ">", ">="],
            Self::Fate => &["==", "!="],
        }
    }

    /// An example or the choice of values, to be shown.
    pub fn values(self) -> Vec<String> {
        match self {
            Self::Address => vec!["10.10.0.1".into(), "10.10.0.0/24".into()],
            Self::Mac => vec!["02:42:ac:11:00:02".into()],
            Self::Number { most: u64::MAX } => vec!["a number".into()],
            Self::Number { most } => vec![format!("a number from 0 to {most}")],
            Self::Name => vec!["a name".into()],
            Self::Fate => FATES.iter().map(|(word, _)| (*word).into()).collect(),
            Self::Text => vec!["\"words\"".into()],
        }
    }
}
