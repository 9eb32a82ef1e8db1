//! Interfaces that are neither loopback, cable end nor bridge: shown, tapped and set, but hardly ever made by a lab.

use serde::{Deserialize, Serialize};

use crate::{Interface, InterfaceKind};

/// What the kernel calls such an interface (`IFLA_INFO_KIND`), as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OtherKind {
    Dummy,
    Vlan,
    Vxlan,
    Macvlan,
    /// A tap device on another interface, for a virtual machine.
    Macvtap,
    Ipvlan,
    /// A program's end for IP packets, without Ethernet around them.
    Tun,
    /// A program's end for frames.
    Tap,
    Bond,
    Team,
    Vrf,
    Wireguard,
    Ifb,
    /// IP in IP, GRE, GENEVE and their like.
    Tunnel,
    /// A cable end whose other end is nowhere in sight. In a lab it is an [`InterfaceKind::VethEnd`] without a
    /// cable; only steps call it so.
    LooseCable,
    Unknown,
}

impl OtherKind {
    pub const ALL: [Self; 16] = [
        Self::Dummy,
        Self::Vlan,
        Self::Vxlan,
        Self::Macvlan,
        Self::Macvtap,
        Self::Ipvlan,
        Self::Tun,
        Self::Tap,
        Self::Bond,
        Self::Team,
        Self::Vrf,
        Self::Wireguard,
        Self::Ifb,
        Self::Tunnel,
        Self::LooseCable,
        Self::Unknown,
    ];

    /// As `ip link` says it, where there is one word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dummy => "dummy",
            Self::Vlan => "vlan",
            Self::Vxlan => "vxlan",
            Self::Macvlan => "macvlan",
            Self::Macvtap => "macvtap",
            Self::Ipvlan => "ipvlan",
            Self::Tun => "tun",
            Self::Tap => "tap",
            Self::Bond => "bond",
            Self::Team => "team",
            Self::Vrf => "vrf",
            Self::Wireguard => "wireguard",
            Self::Ifb => "ifb",
            Self::Tunnel => "tunnel",
            Self::LooseCable => "veth",
            Self::Unknown => "unknown",
        }
    }

    /// The kind of that name in a lab file.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind != Self::LooseCable && kind.as_str() == word)
    }

    /// Whether its name and its kind are all that is needed to make one: then a step can.
    #[must_use]
    pub fn can_be_made(self) -> bool {
        matches!(self, Self::Dummy | Self::Ifb | Self::Bond | Self::Wireguard)
    }

    /// Whether such an interface has a MAC address; `None`: some have.
    pub(crate) fn has_mac(self) -> Option<bool> {
        match self {
            Self::Tun | Self::Wireguard => Some(false),
            Self::Tunnel | Self::LooseCable | Self::Unknown => None,
            _ => Some(true),
        }
    }
}

impl Interface {
    /// Whether frames pass here that a tap can show: not on the loopback, and not where only bare IP packets pass.
    #[must_use]
    pub fn is_tapped(&self) -> bool {
        match self.kind {
            InterfaceKind::VethEnd | InterfaceKind::Bridge(_) => true,
            InterfaceKind::Loopback => false,
            InterfaceKind::Other(_) => self.mac.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_word_of_its_own() {
        for kind in OtherKind::ALL {
            let expected = (kind != OtherKind::LooseCable).then_some(kind);
            assert_eq!(OtherKind::named(kind.as_str()), expected);
        }
    }
}
