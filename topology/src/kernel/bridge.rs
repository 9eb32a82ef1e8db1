//! Bridges, their settings and the VLANs of their ports as rtnetlink messages.

use std::collections::BTreeSet;

use rtnetlink::packet_route::{
    AddressFamily, RouteNetlinkMessage,
    link::{
        AfSpecBridge, BridgeStpState, BridgeVlanInfo, BridgeVlanInfoFlags, InfoBridge, InfoData, InfoKind,
        LinkAttribute, LinkInfo, LinkMessage,
    },
};

use crate::{BridgeSettings, InterfaceName, MacAddress, PortVlan};

/// The kernel's clock tick as user space sees it (`USER_HZ`): bridge times are in hundredths of a second.
const TICKS: u32 = 100;

pub(super) fn add(
    name: &InterfaceName,
    index: u32,
    mac: MacAddress,
    settings: BridgeSettings,
) -> RouteNetlinkMessage {
    let mut message = LinkMessage::default();
    message.header.index = index;
    // VLAN filtering is named only where it is wanted: kernels without it refuse the very attribute.
    let data = attributes(settings, settings.vlan_filtering);
    message.attributes = vec![
        LinkAttribute::IfName(name.to_string()),
        LinkAttribute::Address(mac.0.to_vec()),
        LinkAttribute::LinkInfo(vec![
            LinkInfo::Kind(InfoKind::Bridge),
            LinkInfo::Data(InfoData::Bridge(data)),
        ]),
    ];
    RouteNetlinkMessage::NewLink(message)
}

pub(super) fn set(index: u32, from: BridgeSettings, to: BridgeSettings) -> RouteNetlinkMessage {
    let mut message = LinkMessage::default();
    message.header.index = index;
    let data = attributes(to, from.vlan_filtering != to.vlan_filtering);
    message.attributes = vec![LinkAttribute::LinkInfo(vec![
        LinkInfo::Kind(InfoKind::Bridge),
        LinkInfo::Data(InfoData::Bridge(data)),
    ])];
    RouteNetlinkMessage::NewLink(message)
}

/// Whether the bridge listens to who wants which multicast, as it does from the start.
pub(super) fn snooping(index: u32, on: bool) -> RouteNetlinkMessage {
    let mut message = LinkMessage::default();
    message.header.index = index;
    message.attributes = vec![LinkAttribute::LinkInfo(vec![
        LinkInfo::Kind(InfoKind::Bridge),
        LinkInfo::Data(InfoData::Bridge(vec![InfoBridge::MulticastSnooping(on)])),
    ])];
    RouteNetlinkMessage::NewLink(message)
}

fn attributes(settings: BridgeSettings, with_vlans: bool) -> Vec<InfoBridge> {
    let stp = if settings.stp { BridgeStpState::KernelStp } else { BridgeStpState::Disabled };
    let mut data = vec![
        // The delay first: while STP is on, the kernel takes 2 to 30 seconds only.
        InfoBridge::ForwardDelay(settings.forward_delay.saturating_mul(TICKS)),
        InfoBridge::AgeingTime(settings.ageing.saturating_mul(TICKS)),
        InfoBridge::StpState(stp),
        InfoBridge::Priority(settings.priority),
    ];
    if with_vlans {
        data.push(InfoBridge::VlanFiltering(settings.vlan_filtering));
    }
    data
}

/// What the kernel says of a bridge; what it does not say stays at the kernel's default.
pub(super) fn settings(data: &[InfoBridge]) -> BridgeSettings {
    let mut found = BridgeSettings::default();
    for attribute in data {
        match attribute {
            InfoBridge::ForwardDelay(ticks) => found.forward_delay = ticks / TICKS,
            InfoBridge::AgeingTime(ticks) => found.ageing = ticks / TICKS,
            InfoBridge::StpState(state) => found.stp = *state != BridgeStpState::Disabled,
            InfoBridge::Priority(priority) => found.priority = *priority,
            InfoBridge::VlanFiltering(on) => found.vlan_filtering = *on,
            _ => {}
        }
    }
    found
}

/// The messages that take a port's VLANs from `from` to `to`, each with its own inverse beside it.
pub(super) fn vlans(
    index: u32,
    from: &BTreeSet<PortVlan>,
    to: &BTreeSet<PortVlan>,
) -> Vec<(RouteNetlinkMessage, RouteNetlinkMessage)> {
    let join = |vlan: &PortVlan| RouteNetlinkMessage::SetLink(vlan_message(index, vlan));
    let leave = |vlan: &PortVlan| RouteNetlinkMessage::DelLink(vlan_message(index, vlan));
    let removed = from.difference(to).map(|vlan| (leave(vlan), join(vlan)));
    let added = to.difference(from).map(|vlan| (join(vlan), leave(vlan)));
    removed.chain(added).collect()
}

fn vlan_message(index: u32, vlan: &PortVlan) -> LinkMessage {
    let mut flags = BridgeVlanInfoFlags::empty();
    flags.set(BridgeVlanInfoFlags::Pvid, vlan.pvid);
    flags.set(BridgeVlanInfoFlags::Untagged, vlan.untagged);
    let info = BridgeVlanInfo { flags, vid: vlan.id };
    let mut message = LinkMessage::default();
    message.header.interface_family = AddressFamily::Bridge;
    message.header.index = index;
    message.attributes = vec![LinkAttribute::AfSpecBridge(vec![AfSpecBridge::VlanInfo(info)])];
    message
}

/// The VLANs in a port's entry of an `AF_BRIDGE` dump.
pub(super) fn port_vlans(link: &LinkMessage) -> BTreeSet<PortVlan> {
    let of_bridge = link.attributes.iter().filter_map(|attribute| match attribute {
        LinkAttribute::AfSpecBridge(inner) => Some(inner),
        _ => None,
    });
    let each = of_bridge.flatten().filter_map(|attribute| match attribute {
        AfSpecBridge::VlanInfo(info) => Some(PortVlan {
            id: info.vid,
            pvid: info.flags.contains(BridgeVlanInfoFlags::Pvid),
            untagged: info.flags.contains(BridgeVlanInfoFlags::Untagged),
        }),
        _ => None,
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use rtnetlink::packet_core::Emitable;

    use super::*;

    /// Family, attributes of `struct ifinfomsg` and below as the kernel reads them (linux/if_bridge.h).
    fn octets(message: RouteNetlinkMessage) -> (bool, Vec<u8>) {
        let (joins, link) = match message {
            RouteNetlinkMessage::SetLink(link) => (true, link),
            RouteNetlinkMessage::DelLink(link) => (false, link),
            other => panic!("{other:?} is not about a port's VLANs"),
        };
        let mut octets = vec![0; link.buffer_len()];
        link.emit(&mut octets);
        (joins, octets)
    }

    fn expected(index: u32, flags: u16, id: u16) -> Vec<u8> {
        let mut octets = vec![7, 0, 0, 0]; // AF_BRIDGE
        octets.extend(index.to_ne_bytes());
        octets.extend([0; 8]);
        // IFLA_AF_SPEC around IFLA_BRIDGE_VLAN_INFO around struct bridge_vlan_info.
        for number in [12_u16, 26, 8, 2, flags, id] {
            octets.extend(number.to_ne_bytes());
        }
        octets
    }

    #[test]
    fn a_port_leaves_its_vlans_before_it_joins_others() {
        let vlan = |id, pvid| PortVlan { id, pvid, untagged: pvid };
        let (from, to) = ([vlan(1, true), vlan(30, false)].into(), [vlan(10, true), vlan(30, false)].into());
        let messages = vlans(5, &from, &to);
        let (there, back): (Vec<_>, Vec<_>) =
            messages.into_iter().map(|(message, inverse)| (octets(message), octets(inverse))).unzip();
        // BRIDGE_VLAN_INFO_PVID is 2, BRIDGE_VLAN_INFO_UNTAGGED 4.
        let (first, tenth) = (expected(5, 6, 1), expected(5, 6, 10));
        assert_eq!(there, [(false, first.clone()), (true, tenth.clone())]);
        assert_eq!(back, [(true, first), (false, tenth)]);
    }

    #[test]
    fn only_a_bridge_that_filters_is_told_of_it() {
        let says = |message| {
            let RouteNetlinkMessage::NewLink(link) = message else { panic!("{message:?} makes no bridge") };
            let mut data = link.attributes.into_iter().filter_map(|attribute| match attribute {
                LinkAttribute::LinkInfo(infos) => Some(infos),
                _ => None,
            });
            let infos = data.next().expect("it says what it is");
            infos.into_iter().find_map(|info| match info {
                LinkInfo::Data(InfoData::Bridge(data)) => {
                    data.into_iter().find_map(|attribute| match attribute {
                        InfoBridge::VlanFiltering(on) => Some(on),
                        _ => None,
                    })
                }
                _ => None,
            })
        };
        let plain = BridgeSettings::default();
        let filtering = BridgeSettings { vlan_filtering: true, ..plain };
        assert_eq!(says(set(3, plain, plain)), None);
        assert_eq!(says(set(3, plain, filtering)), Some(true));
        assert_eq!(says(set(3, filtering, plain)), Some(false));
        let name: InterfaceName = "br0".parse().expect("a name");
        assert_eq!(says(add(&name, 3, MacAddress([2, 0, 0, 0, 0, 1]), plain)), None);
        assert_eq!(says(add(&name, 3, MacAddress([2, 0, 0, 0, 0, 1]), filtering)), Some(true));
    }
}
