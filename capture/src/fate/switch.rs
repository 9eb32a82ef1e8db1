//! A frame went into a bridge and came out nowhere.

use std::collections::BTreeSet;

use topology::{BridgeSettings, Interface, Lab, MacAddress, Place};

use super::{Last, Verdict, delivered, dropped, ignored, in_flight};
use crate::wiring::mac_of;

/// Where a filtering bridge itself is, without a tag, as long as nobody says otherwise, which labs
/// cannot (`default_pvid`, net/bridge/br_vlan.c).
const VLAN_OF_THE_BRIDGE: u16 = 1;

pub fn judge(last: &Last, bridge: &Place) -> Verdict {
    let Some(interface) = last.lab().interface(bridge) else {
        return in_flight(format_args!("the lab does not know {bridge}"));
    };
    let settings = interface.bridge_settings().unwrap_or_default();
    if !interface.up {
        return dropped(format_args!("{bridge} is down"));
    }
    if last.glance.is_for_the_next_bridge_only() {
        return if settings.stp {
            delivered(format_args!("{bridge} takes it for itself: no bridge passes these on"))
        } else {
            ignored(format_args!(
                "not for me: {bridge} neither uses nor passes on what bridges tell each other"
            ))
        };
    }
    if let Some(verdict) = vlan(last, bridge, settings) {
        return verdict;
    }
    let to = last.glance.destination;
    if !to.is_group() {
        let own = mac_of(bridge, interface) == to;
        let known = if own { Some(for_the_bridge(last, bridge)) } else { known_station(last, bridge, to) };
        if let Some(verdict) = known {
            return verdict;
        }
    }
    unexplained(last, bridge, settings)
}

/// A port takes in only frames of the VLANs that it belongs to.
fn vlan(last: &Last, bridge: &Place, settings: BridgeSettings) -> Option<Verdict> {
    let port = last.lab().interface(last.at)?;
    if !settings.vlan_filtering || last.at == bridge {
        return None;
    }
    let Some(tag) = last.glance.vlan.filter(|vlan| *vlan != 0) else {
        let has_own = port.vlans.iter().any(|vlan| vlan.pvid);
        return (!has_own).then(|| dropped(format_args!("{} takes no frames without a VLAN tag", last.at)));
    };
    (!belongs(port, tag)).then(|| dropped(format_args!("{} does not belong to VLAN {tag}", last.at)))
}

/// The VLAN in which the frame travels through a bridge; `None` if the bridge does not filter by VLAN.
fn vlan_inside(last: &Last, bridge: &Place) -> Option<u16> {
    let lab = last.lab();
    lab.interface(bridge)?.bridge_settings().filter(|settings| settings.vlan_filtering)?;
    let tag = last.glance.vlan.filter(|vlan| *vlan != 0);
    let of_the_untagged = || match last.at == bridge {
        true => Some(VLAN_OF_THE_BRIDGE),
        false => lab.interface(last.at)?.vlans.iter().find(|vlan| vlan.pvid).map(|vlan| vlan.id),
    };
    tag.or_else(of_the_untagged)
}

fn belongs(port: &Interface, vlan: u16) -> bool {
    port.vlans.iter().any(|member| member.id == vlan)
}

fn for_the_bridge(last: &Last, bridge: &Place) -> Verdict {
    let namespace = &bridge.namespace;
    if let Some(vlan) = vlan_inside(last, bridge).filter(|vlan| *vlan != VLAN_OF_THE_BRIDGE) {
        return dropped(format_args!("it is for {bridge} itself, which does not belong to VLAN {vlan}"));
    }
    if last.tap_at(bridge).is_none() {
        return delivered(format_args!("it is for {bridge} itself, so {namespace} takes it in"));
    }
    not_seen_to_leave(last, format!("it is for {bridge} itself, but was not seen to come in there"))
}

/// The destination is somebody whose place in the lab is known.
fn known_station(last: &Last, bridge: &Place, to: MacAddress) -> Option<Verdict> {
    let lab = last.lab();
    let owner = last.around.scene.owners.get(&to)?;
    let name = &bridge.interface;
    let leads_there = |port: &Place| behind(lab, bridge, port).contains(owner);
    let port = lab.ports(bridge).filter(|port| port != last.at).find(leads_there);
    if last.at != bridge && leads_there(last.at) {
        // With a way there on both sides, the bridges are in a ring and this is no reason.
        return port.is_none().then(|| {
            ignored(format_args!("{name} has learned that {owner} is behind the port it came from"))
        });
    }
    let port = port?;
    let found = lab.interface(&port)?;
    if !found.up {
        return Some(dropped(format_args!("{port}, which leads to {owner}, is down")));
    }
    if let Some(vlan) = vlan_inside(last, bridge).filter(|vlan| !belongs(found, *vlan)) {
        return Some(dropped(format_args!("{port}, which leads to {owner}, does not belong to VLAN {vlan}")));
    }
    let mtu = found.mtu.unwrap_or(1500);
    (mtu < last.octets_for_mtu()).then(|| {
        let octets = last.octets_for_mtu();
        dropped(format_args!(
            "its {octets} octets do not fit {port} (MTU {mtu}), and a bridge cuts nothing up"
        ))
    })
}

/// The interfaces that frames leaving `bridge` by `port` may reach over cables and further bridges.
fn behind(lab: &Lab, bridge: &Place, port: &Place) -> BTreeSet<Place> {
    let mut reached = BTreeSet::new();
    let mut to_follow = vec![port.clone()];
    while let Some(out) = to_follow.pop() {
        let Some(far) = lab.peer(&out) else { continue };
        if !reached.insert(far.clone()) {
            continue;
        }
        let Some(next) = lab.interface(far).and_then(|interface| interface.bridge.clone()) else {
            continue;
        };
        let next = Place::new(far.namespace.clone(), next);
        if next == *bridge {
            continue;
        }
        to_follow.extend(lab.ports(&next).filter(|port| port != far));
        reached.insert(next);
    }
    reached
}

fn unexplained(last: &Last, bridge: &Place, settings: BridgeSettings) -> Verdict {
    let is_up = |at: &Place| last.lab().interface(at).is_some_and(|interface| interface.up);
    let mut others: Vec<Place> =
        last.lab().ports(bridge).filter(|port| port != last.at && is_up(port)).collect();
    if others.is_empty() {
        return dropped(format_args!("{bridge} has no other port that is up"));
    }
    if let Some(vlan) = vlan_inside(last, bridge) {
        others.retain(|port| last.lab().interface(port).is_some_and(|port| belongs(port, vlan)));
        if others.is_empty() {
            return dropped(format_args!("no other port of {bridge} that is up belongs to VLAN {vlan}"));
        }
    }
    if let Some(late) = others.iter().find(|port| last.came_before_the_tap_at(port)) {
        return in_flight(format_args!("it may have left {bridge} by {late} before the tap there listened"));
    }
    if let Some(hidden) = others.iter().find(|port| last.tap_at(port).is_none()) {
        return in_flight(format_args!("it may have left {bridge} by {hidden}, where no tap listens"));
    }
    if settings.stp {
        return dropped(format_args!(
            "{bridge} passed it on by no port: most likely its spanning tree blocks {} or all others",
            last.at
        ));
    }
    not_seen_to_leave(last, format!("{bridge} was not seen to pass it on, and the lab does not say why"))
}

fn not_seen_to_leave(last: &Last, otherwise: String) -> Verdict {
    if last.around.at_end {
        in_flight("it was still in the bridge when the capture ended")
    } else {
        dropped(otherwise)
    }
}
