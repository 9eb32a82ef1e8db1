//! What is set on an interface below IP: ports, up and down, MAC, MTU, bridge settings, VLANs.

use std::collections::BTreeSet;

use super::{
    bridge_settings, change,
    existence::{check_bridge, check_mac},
    interface_in, namespace_mut,
    network::keeping_routes,
    unfit,
};
use crate::{
    BridgeSettings, Interface, InterfaceKind, InterfaceName, Lab, MacAddress, Namespace, Place, PortVlan,
    StepError,
    settle::{FIRST_VLAN, mtu_of_ports},
    standing::LEAST_IPV6_MTU,
};

pub(super) fn enslave(lab: &mut Lab, port: &Place, bridge: &InterfaceName) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, &port.namespace)?;
    let bridge_place = Place::new(port.namespace.clone(), bridge.clone());
    let settings = bridge_settings(interface_in(namespace, &bridge_place)?, &bridge_place)?;
    let found = interface_in(namespace, port)?;
    if !matches!(found.kind, InterfaceKind::VethEnd | InterfaceKind::Other(_)) {
        return Err(unfit(format!("{port} cannot be a port of a bridge")));
    }
    if let Some(other) = &found.bridge {
        return Err(unfit(format!("{port} is a port of {other} already")));
    }
    let vlans = if settings.vlan_filtering { BTreeSet::from([FIRST_VLAN]) } else { BTreeSet::new() };
    bridge_following(namespace, Some(bridge), port, |interface| {
        interface.bridge = Some(bridge.clone());
        interface.vlans = vlans.clone();
    })
}

pub(super) fn release(lab: &mut Lab, port: &Place, bridge: &InterfaceName) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, &port.namespace)?;
    let filtering = namespace.interfaces.get(bridge).and_then(Interface::bridge_settings);
    let found = interface_in(namespace, port)?;
    if found.bridge.as_ref() != Some(bridge) {
        return Err(unfit(format!("{port} is not a port of {bridge}")));
    }
    let first = filtering.is_some_and(|settings| settings.vlan_filtering).then_some(FIRST_VLAN);
    if !found.vlans.iter().eq(first.iter()) {
        return Err(unfit(format!("{port} still has VLANs of its own")));
    }
    bridge_following(namespace, Some(bridge), port, |interface| {
        interface.bridge = None;
        interface.vlans.clear();
    })
}

pub(super) fn set_up(lab: &mut Lab, at: &Place, up: bool) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, &at.namespace)?;
    let found = interface_in(namespace, at)?;
    if found.up == up {
        return Err(unfit(format!("{at} is {} already", if up { "up" } else { "down" })));
    }
    let has_ipv6 = found.addresses.iter().any(|address| address.addr().is_ipv6());
    if !up && (has_ipv6 || !found.neighbours.is_empty()) {
        return Err(unfit(format!("{at} would lose its IPv6 addresses and neighbours when it goes down")));
    }
    keeping_routes(namespace, at, |interface| interface.up = up, |interface| interface.up = !up)
}

pub(super) fn set_mac(lab: &mut Lab, at: &Place, from: MacAddress, to: MacAddress) -> Result<(), StepError> {
    let found = super::interface_mut(lab, at)?;
    check_mac(to)?;
    if found.kind == InterfaceKind::Loopback {
        return Err(unfit("a loopback keeps the MAC address 00:00:00:00:00:00"));
    }
    if !found.neighbours.is_empty() {
        return Err(unfit(format!("{at} would forget its neighbours with its old MAC address")));
    }
    change(&mut found.mac, &Some(from), &Some(to), || format!("the MAC address of {at}"))
}

pub(super) fn set_mtu(lab: &mut Lab, at: &Place, from: u32, to: u32) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, &at.namespace)?;
    let found = interface_in(namespace, at)?;
    let most = match found.kind {
        InterfaceKind::Loopback | InterfaceKind::Other(_) => i32::MAX as u32,
        InterfaceKind::VethEnd | InterfaceKind::Bridge(_) => 65535,
    };
    if !(68..=most).contains(&to) {
        return Err(unfit(format!("the MTU of {at} is 68 to {most} octets")));
    }
    if found.mtu != Some(from) {
        return Err(unfit(format!("the MTU of {at} is not {from}")));
    }
    check_mtu_for_ipv6(namespace, &at.interface, to)?;
    let bridge = namespace.interfaces.get(&at.interface).and_then(|found| found.bridge.clone());
    bridge_following(namespace, bridge.as_ref(), at, |interface| interface.mtu = Some(to))
}

pub(super) fn set_bridge(
    lab: &mut Lab,
    at: &Place,
    from: BridgeSettings,
    to: BridgeSettings,
) -> Result<(), StepError> {
    check_bridge(to)?;
    let namespace = namespace_mut(lab, &at.namespace)?;
    let found = interface_in(namespace, at)?;
    bridge_settings(found, at)?;
    let is_port = |found: &Interface| found.bridge.as_ref() == Some(&at.interface);
    let mut ports = namespace.interfaces.values().filter(|found| is_port(found));
    let stops = from.vlan_filtering && !to.vlan_filtering;
    if stops && ports.any(|port| !port.vlans.iter().eq([&FIRST_VLAN])) {
        return Err(unfit(format!("ports of {at} still have VLANs of their own")));
    }
    let found = interface_in(namespace, at)?;
    change(&mut found.kind, &InterfaceKind::Bridge(from), &InterfaceKind::Bridge(to), || at.to_string())?;
    if from.vlan_filtering != to.vlan_filtering {
        for port in namespace.interfaces.values_mut().filter(|found| is_port(found)) {
            port.vlans = to.vlan_filtering.then_some(FIRST_VLAN).into_iter().collect();
        }
    }
    Ok(())
}

pub(super) fn set_vlans(
    lab: &mut Lab,
    port: &Place,
    from: &BTreeSet<PortVlan>,
    to: &BTreeSet<PortVlan>,
) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, &port.namespace)?;
    let found = interface_in(namespace, port)?;
    let bridge = found.bridge.clone().and_then(|bridge| namespace.interfaces.get(&bridge)?.bridge_settings());
    if !bridge.is_some_and(|settings| settings.vlan_filtering) {
        return Err(unfit(format!("{port} is not a port of a bridge that filters VLANs")));
    }
    let ids: BTreeSet<u16> = to.iter().map(|vlan| vlan.id).collect();
    let in_range = ids.iter().all(|id| (1..=4094).contains(id));
    if !in_range || ids.len() != to.len() || 1 < to.iter().filter(|vlan| vlan.pvid).count() {
        return Err(unfit("VLANs are numbered 1 to 4094, each once, and one of them at most is the PVID"));
    }
    let found = interface_in(namespace, port)?;
    change(&mut found.vlans, from, to, || format!("the VLANs of {port}"))
}

/// Changes an interface, and the MTU of `bridge` with it if that follows its ports
/// (`br_mtu_auto_adjust` in the kernel's net/bridge/br_if.c).
fn bridge_following(
    namespace: &mut Namespace,
    bridge: Option<&InterfaceName>,
    at: &Place,
    alter: impl FnOnce(&mut Interface),
) -> Result<(), StepError> {
    let Some(bridge) = bridge else {
        alter(interface_in(namespace, at)?);
        return Ok(());
    };
    let before = mtu_of_ports(namespace, bridge);
    let found = interface_in(namespace, at)?;
    let old = found.clone();
    alter(found);
    let after = mtu_of_ports(namespace, bridge);
    let follows = namespace.interfaces.get(bridge).is_some_and(|found| found.mtu == Some(before));
    if follows && before != after {
        if let Err(error) = check_mtu_for_ipv6(namespace, bridge, after) {
            *interface_in(namespace, at)? = old;
            return Err(error);
        }
        if let Some(found) = namespace.interfaces.get_mut(bridge) {
            found.mtu = Some(after);
        }
    }
    Ok(())
}

/// The kernel takes IPv6 away from an interface whose MTU falls below IPv6's least.
fn check_mtu_for_ipv6(namespace: &Namespace, name: &InterfaceName, mtu: u32) -> Result<(), StepError> {
    let is_routed =
        namespace.routes.iter().any(|route| route.to.addr().is_ipv6() && route.dev.as_ref() == Some(name));
    let speaks = namespace.interfaces.get(name).is_some_and(|found| {
        let addresses = found.addresses.iter().map(|address| address.addr());
        addresses.chain(found.neighbours.iter().map(|known| known.address)).any(|address| address.is_ipv6())
    });
    if mtu < LEAST_IPV6_MTU && (is_routed || speaks) {
        return Err(unfit(format!("{name} would lose IPv6 with an MTU under {LEAST_IPV6_MTU}")));
    }
    Ok(())
}
