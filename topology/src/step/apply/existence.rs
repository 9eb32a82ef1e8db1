//! Namespaces, bridges and cables come and go. They go only as bare as they came.

use super::{bridge_settings, namespace_mut, unfit};
use crate::{
    BridgeSettings, Cable, InterfaceKind, InterfaceName, Lab, MacAddress, Namespace, NamespaceName,
    OtherKind, Place, StepError, Sysctl, Sysctls,
    settle::{self, LONGEST_BRIDGE_TIME, STP_FORWARD_DELAYS},
};

fn new_namespace(sysctls: Sysctls) -> Namespace {
    let interfaces = [(InterfaceName::loopback(), settle::new_loopback())].into();
    Namespace { sysctls: sysctls.or(&Sysctls::KERNEL), interfaces, ..Namespace::default() }
}

pub(crate) fn made_by_a_process(name: &NamespaceName) -> String {
    format!("{name} is the namespace of a process, and no step can make one: give it a name of its own")
}

pub(crate) fn ends_with_its_process(pid: u32) -> String {
    format!("the namespace of process {pid} ends when that process does (kill {pid})")
}

pub(super) fn add_namespace(lab: &mut Lab, name: &NamespaceName, sysctls: Sysctls) -> Result<(), StepError> {
    if name.is_host() || lab.namespaces.contains_key(name) {
        return Err(StepError::Exists(format!("the namespace {name}")));
    }
    if name.process().is_some() {
        return Err(unfit(made_by_a_process(name)));
    }
    if sysctls.rp_filter.is_some_and(|value| Sysctl::RpFilter.greatest() < value) {
        return Err(unfit("rp_filter is 0, 1 or 2"));
    }
    lab.namespaces.insert(name.clone(), new_namespace(sysctls));
    Ok(())
}

pub(super) fn remove_namespace(
    lab: &mut Lab,
    name: &NamespaceName,
    sysctls: Sysctls,
) -> Result<(), StepError> {
    if name.is_host() {
        return Err(unfit("the host cannot be removed"));
    }
    if let Some(pid) = name.process() {
        return Err(unfit(ends_with_its_process(pid)));
    }
    let found = namespace_mut(lab, name)?;
    if *found != new_namespace(sysctls) {
        return Err(unfit(format!("the namespace {name} still holds something")));
    }
    lab.namespaces.remove(name);
    Ok(())
}

pub(super) fn check_bridge(settings: BridgeSettings) -> Result<(), StepError> {
    if settings.stp && !STP_FORWARD_DELAYS.contains(&settings.forward_delay) {
        return Err(unfit("with STP, a bridge's forward delay is 2 to 30 seconds"));
    }
    if LONGEST_BRIDGE_TIME < settings.forward_delay.max(settings.ageing) {
        return Err(unfit(format!("a bridge's times are at most {LONGEST_BRIDGE_TIME} seconds")));
    }
    Ok(())
}

pub(super) fn check_mac(mac: MacAddress) -> Result<(), StepError> {
    if mac.is_group() || mac == MacAddress::default() {
        return Err(unfit(format!("{mac} cannot be an interface's own address")));
    }
    Ok(())
}

pub(super) fn add_bridge(
    lab: &mut Lab,
    at: &Place,
    mac: MacAddress,
    settings: BridgeSettings,
) -> Result<(), StepError> {
    check_bridge(settings)?;
    check_mac(mac)?;
    check_name_is_free(lab, at)?;
    let bridge = settle::new_interface(InterfaceKind::Bridge(settings), mac);
    namespace_mut(lab, &at.namespace)?.interfaces.insert(at.interface.clone(), bridge);
    Ok(())
}

pub(super) fn remove_bridge(
    lab: &mut Lab,
    at: &Place,
    mac: MacAddress,
    settings: BridgeSettings,
) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, &at.namespace)?;
    let found = super::interface_in(namespace, at)?;
    bridge_settings(found, at)?;
    let is_as_made = *found == settle::new_interface(InterfaceKind::Bridge(settings), mac);
    let has_ports = namespace.interfaces.values().any(|other| other.bridge.as_ref() == Some(&at.interface));
    if !is_as_made || has_ports || is_routed_through(namespace, &at.interface) {
        return Err(unfit(format!("{at} is still up, or still has ports, addresses or settings of its own")));
    }
    namespace.interfaces.remove(&at.interface);
    Ok(())
}

pub(super) fn add_other(
    lab: &mut Lab,
    at: &Place,
    kind: OtherKind,
    mac: Option<MacAddress>,
    mtu: Option<u32>,
) -> Result<(), StepError> {
    mac.map_or(Ok(()), check_mac)?;
    check_name_is_free(lab, at)?;
    let interface = settle::new_other(kind, mac, mtu);
    namespace_mut(lab, &at.namespace)?.interfaces.insert(at.interface.clone(), interface);
    Ok(())
}

pub(super) fn remove_other(
    lab: &mut Lab,
    at: &Place,
    kind: OtherKind,
    mac: Option<MacAddress>,
    mtu: Option<u32>,
) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, &at.namespace)?;
    let found = super::interface_in(namespace, at)?;
    let mut bare = found.clone();
    if bare.kind == InterfaceKind::Other(OtherKind::LooseCable) {
        bare.kind = InterfaceKind::VethEnd;
    }
    if bare != settle::new_other(kind, mac, mtu) || is_routed_through(namespace, &at.interface) {
        return Err(unfit(format!("{at} is still up, or still a port, or still has addresses")));
    }
    namespace.interfaces.remove(&at.interface);
    Ok(())
}

pub(super) fn plug(lab: &mut Lab, cable: &Cable, macs: [MacAddress; 2]) -> Result<(), StepError> {
    let [one, other] = cable.ends();
    if one == other {
        return Err(unfit(format!("a cable cannot have {one} at both ends")));
    }
    for (end, mac) in cable.ends().iter().zip(macs) {
        check_mac(mac)?;
        check_name_is_free(lab, end)?;
    }
    for (end, mac) in cable.ends().iter().zip(macs) {
        let interface = settle::new_interface(InterfaceKind::VethEnd, mac);
        namespace_mut(lab, &end.namespace)?.interfaces.insert(end.interface.clone(), interface);
    }
    lab.cables.insert(cable.clone());
    Ok(())
}

pub(super) fn pull(lab: &mut Lab, cable: &Cable, macs: [MacAddress; 2]) -> Result<(), StepError> {
    if !lab.cables.contains(cable) {
        let [one, other] = cable.ends();
        return Err(StepError::Missing(format!("the cable between {one} and {other}")));
    }
    for (end, mac) in cable.ends().iter().zip(macs) {
        let namespace = namespace_mut(lab, &end.namespace)?;
        let found = super::interface_in(namespace, end)?;
        let is_as_made = *found == settle::new_interface(InterfaceKind::VethEnd, mac);
        if !is_as_made || is_routed_through(namespace, &end.interface) {
            return Err(unfit(format!("{end} is still up, or still a port, or still has addresses")));
        }
    }
    for end in cable.ends() {
        namespace_mut(lab, &end.namespace)?.interfaces.remove(&end.interface);
    }
    lab.cables.remove(cable);
    Ok(())
}

fn is_routed_through(namespace: &Namespace, interface: &InterfaceName) -> bool {
    namespace.routes.iter().any(|route| route.dev.as_ref() == Some(interface))
}

fn check_name_is_free(lab: &mut Lab, at: &Place) -> Result<(), StepError> {
    let taken = namespace_mut(lab, &at.namespace)?.interfaces.contains_key(&at.interface);
    if taken || at.interface.is_loopback() { Err(StepError::Exists(at.to_string())) } else { Ok(()) }
}
