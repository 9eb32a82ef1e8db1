//! A lab as a ground would observe it: everything explicit, nothing that could not stand.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use crate::{
    BridgeSettings, FilterRule, Firewall, Interface, InterfaceKind, InterfaceName, Lab, MacAddress,
    Namespace, NamespaceName, OtherKind, Place, PortVlan, Protocol, Sysctl, Sysctls,
    standing::{self, ETHERNET_MTU},
};

/// The loopback's MTU (drivers/net/loopback.c).
pub(crate) const LOOPBACK_MTU: u32 = 65536;
/// IEEE 802.1D-2004, 17.14; the kernel refuses others while STP is on.
pub(crate) const STP_FORWARD_DELAYS: std::ops::RangeInclusive<u32> = 2..=30;
/// Netlink carries hundredths of a second in 32 bits.
pub(crate) const LONGEST_BRIDGE_TIME: u32 = u32::MAX / 100;
/// What the kernel puts each new port of a VLAN-filtering bridge into.
pub(crate) const FIRST_VLAN: PortVlan = PortVlan { id: 1, pvid: true, untagged: true };

impl Lab {
    /// Everything explicit and canonical, and only what the kernel can hold: what an
    /// `observe()` gives once this lab is built. What cannot stand is left out, see
    /// the crate's `check` for saying so to people. Never fails, whatever the lab says.
    #[must_use]
    pub fn settled(&self) -> Lab {
        let mut lab = self.clone();
        keep_real_interfaces(&mut lab);
        lab.namespaces.entry(NamespaceName::host()).or_default();
        for (name, namespace) in &mut lab.namespaces {
            settle_interfaces(name, namespace);
            settle_ports(namespace);
            settle_sysctls(namespace);
            settle_routes(namespace);
            standing::keep_what_stands(namespace);
            namespace.firewall = settled_firewall(&namespace.firewall);
        }
        lab
    }

    /// The settled lab without titles, hints and positions: two labs are the same network
    /// exactly if these are equal.
    #[must_use]
    pub fn bare(&self) -> Lab {
        let Lab { mut namespaces, cables, .. } = self.settled();
        for namespace in namespaces.values_mut() {
            namespace.position = None;
            namespace.interfaces.values_mut().for_each(|interface| interface.position = None);
        }
        Lab { namespaces, cables, ..Lab::default() }
    }

    /// This lab with what it leaves open filled in, but nothing left out: an observed lab
    /// may hold what no settled one does, and a plan must see it to remove it.
    pub(crate) fn explicit(&self) -> Lab {
        let mut lab = self.clone();
        lab.namespaces.entry(NamespaceName::host()).or_default();
        for (name, namespace) in &mut lab.namespaces {
            settle_interfaces(name, namespace);
            settle_sysctls(namespace);
        }
        lab
    }
}

/// A veth end without a cable, a cable without its namespaces and a second loopback cannot be.
fn keep_real_interfaces(lab: &mut Lab) {
    lab.namespaces.entry(NamespaceName::host()).or_default();
    let mut ends: BTreeSet<Place> = BTreeSet::new();
    for cable in std::mem::take(&mut lab.cables) {
        let fits = |end: &Place| {
            let namespace = lab.namespaces.get(&end.namespace);
            let found = namespace.and_then(|namespace| namespace.interfaces.get(&end.interface));
            let is_end = found.is_none_or(|found| found.kind == InterfaceKind::VethEnd);
            namespace.is_some() && is_end && !end.interface.is_loopback() && !ends.contains(end)
        };
        let [one, other] = cable.ends();
        if one != other && fits(one) && fits(other) {
            ends.extend(cable.ends().clone());
            lab.cables.insert(cable);
        }
    }
    for cable in &lab.cables {
        cable.ends().iter().for_each(|end| ensure_end(&mut lab.namespaces, end));
    }
    for (name, namespace) in &mut lab.namespaces {
        namespace.interfaces.retain(|interface, found| match found.kind {
            InterfaceKind::VethEnd => ends.contains(&Place::new(name.clone(), interface.clone())),
            InterfaceKind::Loopback => interface.is_loopback(),
            InterfaceKind::Bridge(_) | InterfaceKind::Other(_) => !interface.is_loopback(),
        });
    }
}

fn ensure_end(namespaces: &mut BTreeMap<NamespaceName, Namespace>, end: &Place) {
    if let Some(namespace) = namespaces.get_mut(&end.namespace) {
        let interfaces = &mut namespace.interfaces;
        interfaces.entry(end.interface.clone()).or_insert_with(|| Interface::new(InterfaceKind::VethEnd));
    }
}

/// MACs, MTUs, bridge settings and memberships.
fn settle_interfaces(name: &NamespaceName, namespace: &mut Namespace) {
    let loopback = || Interface::new(InterfaceKind::Loopback);
    namespace.interfaces.entry(InterfaceName::loopback()).or_insert_with(loopback);
    let is_bridge = |found: &Interface| found.bridge_settings().is_some();
    let bridges: BTreeSet<InterfaceName> = namespace
        .interfaces
        .iter()
        .filter(|(_, found)| is_bridge(found))
        .map(|(name, _)| name.clone())
        .collect();
    for (interface, found) in &mut namespace.interfaces {
        let usable = |mac: &MacAddress| !mac.is_group() && *mac != MacAddress::default();
        let place = Place::new(name.clone(), interface.clone());
        let derived = || MacAddress::derived_from(&place.to_string());
        match &mut found.kind {
            // The kernel lets it be changed, but never back; no frame on it carries it anyway.
            InterfaceKind::Loopback => found.mac = Some(MacAddress::default()),
            InterfaceKind::VethEnd => found.mac = Some(found.mac.filter(usable).unwrap_or_else(derived)),
            InterfaceKind::Bridge(settings) => {
                found.mac = Some(found.mac.filter(usable).unwrap_or_else(derived));
                *settings = settled_bridge(*settings);
            }
            InterfaceKind::Other(kind) => {
                found.mac = match kind.has_mac() {
                    Some(true) => Some(found.mac.filter(usable).unwrap_or_else(derived)),
                    Some(false) => None,
                    None => found.mac.filter(usable),
                }
            }
        }
        found.position = found.position.filter(|_| found.bridge_settings().is_some());
        let can_be_port = matches!(found.kind, InterfaceKind::VethEnd | InterfaceKind::Other(_));
        found.bridge = found.bridge.take().filter(|bridge| can_be_port && bridges.contains(bridge));
        found.mtu = match found.kind {
            InterfaceKind::Loopback => Some(found.mtu.unwrap_or(LOOPBACK_MTU).clamp(68, i32::MAX as u32)),
            InterfaceKind::VethEnd => Some(found.mtu.unwrap_or(ETHERNET_MTU).clamp(68, 65535)),
            InterfaceKind::Bridge(_) => found.mtu.map(|mtu| mtu.clamp(68, 65535)),
            InterfaceKind::Other(_) => Some(found.mtu.unwrap_or(ETHERNET_MTU).clamp(68, i32::MAX as u32)),
        };
    }
    for bridge in &bridges {
        let follows = mtu_of_ports(namespace, bridge);
        if let Some(found) = namespace.interfaces.get_mut(bridge) {
            found.mtu = found.mtu.or(Some(follows));
        }
    }
}

/// What a bridge's MTU is unless someone sets it: its smallest port's (net/bridge/br_if.c).
pub(crate) fn mtu_of_ports(namespace: &Namespace, bridge: &InterfaceName) -> u32 {
    let ports = namespace.interfaces.values().filter(|found| found.bridge.as_ref() == Some(bridge));
    ports.map(|port| port.mtu.unwrap_or(ETHERNET_MTU)).min().unwrap_or(ETHERNET_MTU)
}

fn settled_bridge(settings: BridgeSettings) -> BridgeSettings {
    let (least, most) = STP_FORWARD_DELAYS.into_inner();
    let forward_delay = match settings.stp {
        true => settings.forward_delay.clamp(least, most),
        false => settings.forward_delay.min(LONGEST_BRIDGE_TIME),
    };
    BridgeSettings { forward_delay, ageing: settings.ageing.min(LONGEST_BRIDGE_TIME), ..settings }
}

/// VLANs are for ports of filtering bridges; one entry for each id, at most one of them the PVID.
fn settle_ports(namespace: &mut Namespace) {
    let filtering: BTreeSet<InterfaceName> = namespace
        .interfaces
        .iter()
        .filter(|(_, found)| found.bridge_settings().is_some_and(|settings| settings.vlan_filtering))
        .map(|(name, _)| name.clone())
        .collect();
    for found in namespace.interfaces.values_mut() {
        let vlans = std::mem::take(&mut found.vlans);
        if found.bridge.as_ref().is_none_or(|bridge| !filtering.contains(bridge)) {
            continue;
        }
        let mut by_id: BTreeMap<u16, PortVlan> = BTreeMap::new();
        for vlan in vlans.into_iter().filter(|vlan| (1..=4094).contains(&vlan.id)) {
            let has_pvid = by_id.values().any(|other| other.pvid);
            by_id.entry(vlan.id).or_insert(PortVlan { pvid: vlan.pvid && !has_pvid, ..vlan });
        }
        found.vlans = by_id.into_values().collect();
        if found.vlans.is_empty() {
            found.vlans.insert(FIRST_VLAN);
        }
    }
}

/// IPv6 stays off unless something in the namespace needs it.
fn settle_sysctls(namespace: &mut Namespace) {
    let is_ipv6 = |found: &Interface| {
        let addresses = found.addresses.iter().map(IpNet::addr);
        addresses.chain(found.neighbours.iter().map(|known| known.address)).any(|address| address.is_ipv6())
    };
    let wants_ipv6 = namespace.interfaces.values().any(is_ipv6)
        || namespace.routes.iter().any(|route| route.to.addr().is_ipv6());
    let defaults = Sysctls { disable_ipv6: Some(!wants_ipv6), ..Sysctls::KERNEL };
    let mut sysctls = namespace.sysctls.or(&defaults);
    sysctls.rp_filter = sysctls.rp_filter.map(|value| value.min(Sysctl::RpFilter.greatest()));
    namespace.sysctls = sysctls;
}

/// Destinations without host bits, and each route with its interface.
fn settle_routes(namespace: &mut Namespace) {
    let routes = std::mem::take(&mut namespace.routes);
    let routes = routes.into_iter().map(|route| crate::Route { to: route.to.trunc(), ..route });
    let (found, open): (BTreeSet<_>, BTreeSet<_>) =
        routes.partition(|route| route.dev.is_some() || route.via.is_none());
    namespace.routes = found;
    for route in open {
        let dev = route.via.and_then(|via| standing::interface_towards(namespace, via)).cloned();
        namespace.routes.insert(crate::Route { dev, ..route });
    }
}

/// Without rules that nftables has no words for, since no frame could ever match them.
fn settled_firewall(firewall: &Firewall) -> Firewall {
    let can_match = |rule: &&FilterRule| {
        let family = |net: &Option<IpNet>| net.map(|net| net.addr().is_ipv4());
        let mixed = matches!((family(&rule.from), family(&rule.to)), (Some(from), Some(to)) if from != to);
        let has_ports = !matches!(rule.protocol, Some(Protocol::Icmp | Protocol::Icmpv6));
        !mixed && (has_ports || rule.port.is_none())
    };
    let net = |net: Option<IpNet>| net.map(|net| net.trunc());
    let settled = |rule: &FilterRule| FilterRule { from: net(rule.from), to: net(rule.to), ..rule.clone() };
    let mut rules: Vec<FilterRule> = firewall.rules.iter().filter(can_match).map(settled).collect();
    // Each hook is a chain of its own in the kernel, and chains have no order among them.
    rules.sort_by_key(|rule| rule.hook);
    Firewall { masquerade: firewall.masquerade.clone(), rules }
}

/// A loopback as it is in a new namespace.
pub(crate) fn new_loopback() -> Interface {
    let mac = Some(MacAddress::default());
    Interface { mac, mtu: Some(LOOPBACK_MTU), up: false, ..Interface::new(InterfaceKind::Loopback) }
}

/// Any other as it is when it has just been made.
pub(crate) fn new_other(kind: OtherKind, mac: Option<MacAddress>, mtu: Option<u32>) -> Interface {
    let kind = match kind {
        OtherKind::LooseCable => InterfaceKind::VethEnd,
        kind => InterfaceKind::Other(kind),
    };
    Interface { mac, mtu, up: false, ..Interface::new(kind) }
}

/// A veth end or a bridge as it is when it has just been made.
pub(crate) fn new_interface(kind: InterfaceKind, mac: MacAddress) -> Interface {
    Interface { mac: Some(mac), mtu: Some(ETHERNET_MTU), up: false, ..Interface::new(kind) }
}

#[cfg(test)]
mod tests;
