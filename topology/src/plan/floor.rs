//! What two labs have in common, and what of it stands on that alone.

use std::collections::BTreeMap;

use crate::{Interface, InterfaceKind, InterfaceName, Lab, Namespace, NamespaceName, Place, standing};

/// Both labs must be explicit. VLANs, positions and firewalls are left out: they are set in one
/// step, with nothing leaning on them.
pub(super) fn floor(observed: &Lab, wanted: &Lab) -> Lab {
    let cables = observed.cables.intersection(&wanted.cables).cloned().collect();
    let mut floor = Lab { cables, ..Lab::default() };
    let ends: std::collections::BTreeSet<&Place> =
        floor.cables.iter().flat_map(|cable| cable.ends()).collect();
    let mut namespaces = BTreeMap::new();
    for (name, old) in &observed.namespaces {
        if let Some(new) = wanted.namespaces.get(name) {
            let stays =
                |interface: &InterfaceName| ends.contains(&Place::new(name.clone(), interface.clone()));
            namespaces.insert(name.clone(), common(old, new, stays));
        }
    }
    floor.namespaces = namespaces;
    floor
}

impl super::Planner {
    /// The places of all interfaces that are there now.
    pub(super) fn places(&self) -> Vec<Place> {
        self.now.interfaces().map(|(place, _)| place).collect()
    }

    pub(super) fn names(&self) -> Vec<NamespaceName> {
        self.now.namespaces.keys().cloned().collect()
    }

    /// A copy of an interface as it is now.
    pub(super) fn current(&self, at: &Place) -> Option<Interface> {
        self.now.interface(at).cloned()
    }
}

fn common(old: &Namespace, new: &Namespace, stays: impl Fn(&InterfaceName) -> bool) -> Namespace {
    let mut interfaces: BTreeMap<InterfaceName, Interface> = BTreeMap::new();
    for (name, was) in &old.interfaces {
        let Some(will) = new.interfaces.get(name) else { continue };
        let same_kind = match (was.kind, will.kind) {
            (InterfaceKind::VethEnd, InterfaceKind::VethEnd) => stays(name),
            (InterfaceKind::Bridge(_), InterfaceKind::Bridge(_)) => true,
            (InterfaceKind::Loopback, InterfaceKind::Loopback) => true,
            (InterfaceKind::Other(was), InterfaceKind::Other(will)) => was == will,
            _ => false,
        };
        if same_kind {
            interfaces.insert(name.clone(), common_interface(was, will));
        }
    }
    let bridges: Vec<InterfaceName> = interfaces
        .iter()
        .filter(|(_, kept)| kept.bridge_settings().is_some())
        .map(|(name, _)| name.clone())
        .collect();
    for kept in interfaces.values_mut() {
        kept.bridge = kept.bridge.take().filter(|bridge| bridges.contains(bridge));
    }
    for (name, kept) in &mut interfaces {
        let (was, will) = (ports(name, old), ports(name, new));
        // A bridge whose ports change may follow each of them on the way.
        let is_kept = |port: &InterfaceName| {
            let is_other = |side: &Namespace| {
                side.interfaces.get(port).is_some_and(|found| matches!(found.kind, InterfaceKind::Other(_)))
            };
            stays(port) || is_other(old) && is_other(new)
        };
        if was != will || was.iter().any(|(port, _)| !is_kept(port)) {
            let least = was.iter().chain(&will).filter_map(|(_, mtu)| *mtu).min();
            kept.mtu = kept.mtu.map(|mtu| mtu.min(least.unwrap_or(mtu)));
        }
    }
    let mut floor = Namespace { interfaces, sysctls: new.sysctls, ..Namespace::default() };
    let disable_ipv6 = !standing::speaks_ipv6(old) || !standing::speaks_ipv6(new);
    floor.sysctls.disable_ipv6 = Some(disable_ipv6);
    floor.routes = old.routes.intersection(&new.routes).cloned().collect();
    // The kernel flushes the IPv4 routes and neighbours of an interface that loses its last IPv4 address.
    let keeps_ipv4 = |dev: &InterfaceName, kept: &Interface| {
        let [was, will] = [old, new].map(|side| side.interfaces.get(dev).is_some_and(has_ipv4));
        was == has_ipv4(kept) && will == has_ipv4(kept)
    };
    let losing: Vec<InterfaceName> = floor
        .interfaces
        .iter()
        .filter(|(dev, kept)| !keeps_ipv4(dev, kept))
        .map(|(dev, _)| dev.clone())
        .collect();
    floor.routes.retain(|route| {
        route.to.addr().is_ipv6() || route.dev.as_ref().is_some_and(|dev| !losing.contains(dev))
    });
    for dev in &losing {
        let kept = floor.interfaces.get_mut(dev);
        kept.into_iter().for_each(|kept| kept.neighbours.retain(|known| known.address.is_ipv6()));
    }
    standing::keep_what_stands(&mut floor);
    floor
}

fn common_interface(was: &Interface, will: &Interface) -> Interface {
    let same_mac = was.mac == will.mac;
    let mut kept = Interface {
        mac: was.mac,
        mtu: was.mtu.min(will.mtu),
        up: was.up && will.up,
        bridge: was.bridge.clone().filter(|bridge| will.bridge.as_ref() == Some(bridge)),
        addresses: was.addresses.intersection(&will.addresses).copied().collect(),
        ..Interface::new(will.kind)
    };
    // An interface that changes its MAC address forgets its neighbours.
    if same_mac {
        kept.neighbours = was.neighbours.intersection(&will.neighbours).copied().collect();
    }
    kept
}

fn has_ipv4(interface: &Interface) -> bool {
    interface.addresses.iter().any(|address| address.addr().is_ipv4())
}

fn ports<'a>(bridge: &InterfaceName, namespace: &'a Namespace) -> Vec<(&'a InterfaceName, Option<u32>)> {
    let is_port = |found: &Interface| found.bridge.as_ref() == Some(bridge);
    let ports = namespace.interfaces.iter().filter(|(_, found)| is_port(found));
    ports.map(|(name, found)| (name, found.mtu)).collect()
}
