//! The four settings of a stack that labs need, as values and as the kernel spells them.

use crate::{Sysctl, Sysctls};

impl Sysctl {
    pub const ALL: [Self; 4] = [Self::Ipv4Forward, Self::Ipv6Forward, Self::RpFilter, Self::DisableIpv6];

    /// The keys that are written, below `/proc/sys` with dots for slashes.
    /// `default` is what interfaces made later start with, `all` is for those that exist.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Ipv4Forward => &["net.ipv4.ip_forward"],
            Self::Ipv6Forward => &["net.ipv6.conf.all.forwarding"],
            Self::RpFilter => &["net.ipv4.conf.all.rp_filter", "net.ipv4.conf.default.rp_filter"],
            Self::DisableIpv6 => &["net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.default.disable_ipv6"],
        }
    }

    /// The greatest value that means anything.
    pub fn greatest(self) -> u8 {
        if self == Self::RpFilter { 2 } else { 1 }
    }
}

impl Sysctls {
    /// What the kernel itself starts with (RFC 3704 and IPv6 are opt-in and opt-out there).
    pub const KERNEL: Self = Self {
        ipv4_forward: Some(false),
        ipv6_forward: Some(false),
        rp_filter: Some(0),
        disable_ipv6: Some(false),
    };

    pub fn value(&self, sysctl: Sysctl) -> Option<u8> {
        match sysctl {
            Sysctl::Ipv4Forward => self.ipv4_forward.map(u8::from),
            Sysctl::Ipv6Forward => self.ipv6_forward.map(u8::from),
            Sysctl::RpFilter => self.rp_filter,
            Sysctl::DisableIpv6 => self.disable_ipv6.map(u8::from),
        }
    }

    /// Any value but 0 switches a switch on.
    pub fn set_value(&mut self, sysctl: Sysctl, value: u8) {
        match sysctl {
            Sysctl::Ipv4Forward => self.ipv4_forward = Some(value != 0),
            Sysctl::Ipv6Forward => self.ipv6_forward = Some(value != 0),
            Sysctl::RpFilter => self.rp_filter = Some(value),
            Sysctl::DisableIpv6 => self.disable_ipv6 = Some(value != 0),
        }
    }

    /// These, and `others` where these say nothing.
    pub fn or(&self, others: &Self) -> Self {
        Self {
            ipv4_forward: self.ipv4_forward.or(others.ipv4_forward),
            ipv6_forward: self.ipv6_forward.or(others.ipv6_forward),
            rp_filter: self.rp_filter.or(others.rp_filter),
            disable_ipv6: self.disable_ipv6.or(others.disable_ipv6),
        }
    }
}
