//! The whole network as data: what is wanted, or what was observed.
//!
//! Names are the keys; ordered maps and sets keep every iteration the same from run to run.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{InterfaceName, MacAddress, NamespaceName, OtherKind, Place};

/// A lab. `host` need not be among the namespaces: it always exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lab {
    pub title: String,
    /// A sentence on what this lab shows.
    pub about: String,
    /// A sentence on what to try.
    pub try_this: String,
    /// Pings worth trying: from a namespace to a namespace or an address.
    pub pings: Vec<(NamespaceName, Target)>,
    pub namespaces: BTreeMap<NamespaceName, Namespace>,
    pub cables: BTreeSet<Cable>,
}

/// What a probe aims at: a namespace (one of its addresses is chosen) or an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    Namespace(NamespaceName),
    Address(IpAddr),
}

/// One network stack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    pub position: Option<Position>,
    pub sysctls: Sysctls,
    pub interfaces: BTreeMap<InterfaceName, Interface>,
    /// Only what a person configures: the kernel's own connected and local routes are not listed.
    pub routes: BTreeSet<Route>,
    pub firewall: Firewall,
}

/// A place on the canvas, in points at 100 % zoom, y downwards: the upper left corner of what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    pub x: i32,
    pub y: i32,
}

/// A place where frames enter or leave a stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    pub kind: InterfaceKind,
    /// `None`: to be derived from the interface's place, see [`Lab::settled`].
    pub mac: Option<MacAddress>,
    /// Octets; `None`: the kernel's default for this kind.
    pub mtu: Option<u32>,
    pub up: bool,
    /// The bridge (in the same namespace) that this interface is a port of.
    pub bridge: Option<InterfaceName>,
    pub vlans: BTreeSet<PortVlan>,
    /// Without the ones that the kernel gives by itself (127.0.0.1/8, ::1/128, link-local by EUI-64).
    pub addresses: BTreeSet<IpNet>,
    /// Static (permanent) neighbours.
    pub neighbours: BTreeSet<Neighbour>,
    /// Where a bridge stands on the canvas; other interfaces sit on their namespace's edge.
    pub position: Option<Position>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InterfaceKind {
    Loopback,
    /// One end of a cable; the cable itself is in [`Lab::cables`].
    VethEnd,
    Bridge(BridgeSettings),
    /// Any other, which is shown as it is.
    Other(OtherKind),
}

/// What one can set on a Linux bridge. Times are seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BridgeSettings {
    pub stp: bool,
    /// 2 to 30 while STP is on (IEEE 802.1D-2004, 17.14).
    pub forward_delay: u32,
    /// How long a learned address is remembered.
    pub ageing: u32,
    /// Lower wins the election of the root bridge (IEEE 802.1D).
    pub priority: u16,
    pub vlan_filtering: bool,
}

impl Default for BridgeSettings {
    /// The kernel's defaults (net/bridge/br_device.c).
    fn default() -> Self {
        Self { stp: false, forward_delay: 15, ageing: 300, priority: 0x8000, vlan_filtering: false }
    }
}

/// A VLAN that a port of a VLAN-filtering bridge belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PortVlan {
    /// 1 to 4094.
    pub id: u16,
    /// Untagged frames that come in belong to this VLAN.
    pub pvid: bool,
    /// Frames of this VLAN leave without a tag.
    pub untagged: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Neighbour {
    pub address: IpAddr,
    pub mac: MacAddress,
}

/// A veth pair. The ends are kept in order, so that one cable is one value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cable {
    ends: [Place; 2],
}

impl Cable {
    pub fn new(one: Place, other: Place) -> Self {
        let mut ends = [one, other];
        ends.sort();
        Self { ends }
    }

    pub fn ends(&self) -> &[Place; 2] {
        &self.ends
    }

    /// The end that is not `end`, if `end` is one of the two.
    pub fn other_end(&self, end: &Place) -> Option<&Place> {
        match &self.ends {
            [a, b] if a == end => Some(b),
            [a, b] if b == end => Some(a),
            _ => None,
        }
    }
}

/// An entry of the main routing table. At least one of `via` and `dev` is given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Route {
    /// `0.0.0.0/0` or `::/0` for the default route.
    pub to: IpNet,
    pub via: Option<IpAddr>,
    /// `None` in a wanted lab: whichever interface reaches `via`; always known in a settled one.
    pub dev: Option<InterfaceName>,
}

/// The settings of a network stack that labs need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Sysctls {
    /// net.ipv4.ip_forward
    pub ipv4_forward: Option<bool>,
    /// net.ipv6.conf.all.forwarding
    pub ipv6_forward: Option<bool>,
    /// net.ipv4.conf.{all,default}.rp_filter: 0 off, 1 strict, 2 loose (RFC 3704).
    pub rp_filter: Option<u8>,
    /// net.ipv6.conf.{all,default}.disable_ipv6
    pub disable_ipv6: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Sysctl {
    Ipv4Forward,
    Ipv6Forward,
    RpFilter,
    DisableIpv6,
}

/// What nftables does in a namespace. The default is: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Firewall {
    /// Frames routed out of these interfaces take that interface's address (source NAT).
    pub masquerade: BTreeSet<InterfaceName>,
    /// In order: the first that matches decides; what none matches passes.
    pub rules: Vec<FilterRule>,
}

impl Firewall {
    pub fn is_empty(&self) -> bool {
        self.masquerade.is_empty() && self.rules.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FilterRule {
    pub hook: Hook,
    pub protocol: Option<Protocol>,
    pub from: Option<IpNet>,
    pub to: Option<IpNet>,
    pub in_interface: Option<InterfaceName>,
    pub out_interface: Option<InterfaceName>,
    /// Destination port; only with TCP or UDP.
    pub port: Option<u16>,
    pub verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Hook {
    Input,
    Output,
    Forward,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Protocol {
    Icmp,
    Icmpv6,
    Tcp,
    Udp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Verdict {
    Accept,
    Drop,
    Reject,
}

/// Something that stands on the canvas.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Thing {
    Namespace(NamespaceName),
    Bridge(Place),
}

impl Interface {
    pub fn new(kind: InterfaceKind) -> Self {
        Self {
            kind,
            mac: None,
            mtu: None,
            up: true,
            bridge: None,
            vlans: BTreeSet::new(),
            addresses: BTreeSet::new(),
            neighbours: BTreeSet::new(),
            position: None,
        }
    }

    pub fn bridge_settings(&self) -> Option<BridgeSettings> {
        match self.kind {
            InterfaceKind::Bridge(settings) => Some(settings),
            InterfaceKind::Loopback | InterfaceKind::VethEnd | InterfaceKind::Other(_) => None,
        }
    }
}

impl Lab {
    pub fn interface(&self, at: &Place) -> Option<&Interface> {
        self.namespaces.get(&at.namespace)?.interfaces.get(&at.interface)
    }

    pub fn interface_mut(&mut self, at: &Place) -> Option<&mut Interface> {
        self.namespaces.get_mut(&at.namespace)?.interfaces.get_mut(&at.interface)
    }

    pub fn interfaces(&self) -> impl Iterator<Item = (Place, &Interface)> {
        self.namespaces.iter().flat_map(|(name, namespace)| {
            let place = |interface: &InterfaceName| Place::new(name.clone(), interface.clone());
            namespace.interfaces.iter().map(move |(interface, found)| (place(interface), found))
        })
    }

    /// The cable that `end` is an end of.
    pub fn cable_at(&self, end: &Place) -> Option<&Cable> {
        self.cables.iter().find(|cable| cable.ends().contains(end))
    }

    /// The far end of the cable at `end`.
    pub fn peer(&self, end: &Place) -> Option<&Place> {
        self.cable_at(end)?.other_end(end)
    }

    /// Whether any bridge runs the spanning tree protocol: its ports take their time before they forward.
    pub fn has_stp(&self) -> bool {
        self.interfaces().any(|(_, found)| found.bridge_settings().is_some_and(|settings| settings.stp))
    }

    /// The ports of a bridge, in order of their names.
    pub fn ports<'a>(&'a self, bridge: &'a Place) -> impl Iterator<Item = Place> + 'a {
        let namespace = self.namespaces.get(&bridge.namespace);
        namespace.into_iter().flat_map(move |namespace| {
            let is_port = |found: &Interface| found.bridge.as_ref() == Some(&bridge.interface);
            namespace
                .interfaces
                .iter()
                .filter(move |(_, found)| is_port(found))
                .map(|(name, _)| Place::new(bridge.namespace.clone(), name.clone()))
        })
    }
}
