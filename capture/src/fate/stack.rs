//! A frame came in at a stack and did not go on: was it for this stack, and if not, what stopped it?

use std::net::IpAddr;

use etherparse::checksum::Sum16BitWords;
use topology::{Hook, InterfaceKind, MacAddress, Namespace, NamespaceName, Place};

use super::{
    Last, Verdict, addresses, delivered, dropped,
    firewall::{self, Passing},
    ignored, in_flight, routes,
};
use crate::{
    glance::{self, Arp, Carries, Datagram, Fragmentation},
    wiring::mac_of,
};

pub fn judge(last: &Last, namespace: &NamespaceName) -> Verdict {
    let (Some(found), Some(interface)) =
        (last.lab().namespaces.get(namespace), last.lab().interface(last.at))
    else {
        return in_flight(format_args!("the lab does not say what stands at {}", last.at));
    };
    if !interface.up {
        return dropped(format_args!("{} is down", last.at));
    }
    let to = last.glance.destination;
    let own = mac_of(last.at, interface);
    // `lo` gives no MACs to compare.
    if !to.is_group() && to != own && !last.at.interface.is_loopback() {
        return ignored(format_args!(
            "not for me: it is addressed to {}, and {} is {own}",
            whose(last, to),
            last.at
        ));
    }
    if let Some(vlan) = last.glance.vlan.filter(|vlan| *vlan != 0 && !may_have_vlans(found)) {
        return dropped(format_args!(
            "it carries the tag of VLAN {vlan}, and {namespace} has no interface in that VLAN"
        ));
    }
    match &last.glance.carries {
        Carries::Arp(arp) => judge_arp(last, namespace, arp),
        Carries::Ip(datagram) => judge_datagram(last, namespace, found, datagram),
        Carries::Other if last.glance.is_for_the_next_bridge_only() => {
            ignored(format_args!("not for me: {namespace} takes no part in what bridges tell each other"))
        }
        Carries::Other => judge_unread(last, namespace),
    }
}

/// Only an interface for one VLAN takes its tag off; which VLAN each is for, labs do not say.
fn may_have_vlans(namespace: &Namespace) -> bool {
    namespace.interfaces.values().any(|interface| matches!(interface.kind, InterfaceKind::Other(_)))
}

/// What it carries could not be read here: because it is cut short, or because nobody speaks it.
fn judge_unread(last: &Last, namespace: &NamespaceName) -> Verdict {
    let protocol = match last.glance.ethertype {
        glance::ARP => "ARP",
        glance::IPV4 => "IPv4",
        glance::IPV6 => "IPv6",
        // Up to here it is the length of an 802.3 frame (IEEE 802.3-2018, 3.2.6).
        length @ ..0x600 => {
            return dropped(format_args!(
                "nobody in {namespace} speaks what its {length} octets of LLC carry"
            ));
        }
        other => return dropped(format_args!("nobody in {namespace} speaks protocol {other:#06x}")),
    };
    let frame = &last.sighting.frame;
    if frame.bytes.len() < frame.original_len as usize {
        return in_flight("too little of it was captured to tell");
    }
    dropped(format_args!("it is no {protocol} that {namespace} could read: cut short, or of another kind"))
}

/// The MAC, and whose it is.
fn whose(last: &Last, mac: MacAddress) -> String {
    match last.around.scene.owners.get(&mac) {
        Some(owner) => format!("{owner} ({mac})"),
        None => format!("{mac}, which nobody in this lab has"),
    }
}

fn judge_arp(last: &Last, namespace: &NamespaceName, arp: &Arp) -> Verdict {
    let (sender, target) = (arp.sender, arp.target);
    if sender == target {
        return delivered(format_args!("{namespace} hears that {sender} is at {}", arp.sender_mac));
    }
    // Linux answers for every address of the namespace, whichever interface has it (arp_ignore 0).
    let is_own = addresses::is_held(last.lab(), namespace, target.into());
    match (arp.operation, is_own) {
        (2, true) => delivered(format_args!("{namespace} learns that {sender} is at {}", arp.sender_mac)),
        (_, true) => delivered(format_args!("{namespace} has {target}")),
        (_, false) => ignored(format_args!("not for me: {target} is not one of {namespace}'s addresses")),
    }
}

fn judge_datagram(last: &Last, namespace: &NamespaceName, found: &Namespace, datagram: &Datagram) -> Verdict {
    let to = datagram.destination;
    if datagram.is_ipv4() && !has_good_checksum(datagram, &last.sighting.frame.bytes) {
        return dropped(format_args!(
            "the checksum of its IP header is wrong, so {namespace} throws it away"
        ));
    }
    if !datagram.is_ipv4() && addresses::ipv6_is_off(found) {
        return match to.is_multicast() {
            true => ignored(format_args!(
                "not for me: IPv6 is switched off in {namespace}, which has joined no group"
            )),
            false => dropped(format_args!("IPv6 is switched off in {namespace}")),
        };
    }
    let is_broadcast = addresses::is_broadcast(last.lab(), last.at, to);
    if to.is_multicast() && !addresses::has_joined(last.lab(), namespace, last.at, to) {
        return ignored(format_args!("not for me: nobody in {namespace} has joined the group {to}"));
    }
    let is_held = addresses::is_held(last.lab(), namespace, to);
    if !is_held && !is_broadcast && !to.is_multicast() {
        return judge_transit(last, namespace, found, datagram);
    }
    let passing = Passing {
        hook: Hook::Input,
        datagram,
        port: datagram.ports(&last.sighting.frame.bytes).map(|(_, port)| port),
        in_interface: Some(&last.at.interface),
        out_interface: None,
    };
    if let Some(rule) = firewall::stopped_by(&found.firewall, &passing) {
        return dropped(format_args!("a filter rule of {namespace} stops it: {}", firewall::in_words(rule)));
    }
    let piece = if datagram.fragment.is_fragment() { ", as a piece of a datagram" } else { "" };
    match is_held {
        true => delivered(format_args!("{namespace} has {to}{piece}")),
        false if is_broadcast => delivered(format_args!("{to} is for everybody on this network{piece}")),
        false => delivered(format_args!("{namespace} has joined the group {to}{piece}")),
    }
}

/// That of the IPv4 header (RFC 791, 3.1), as far as it was captured.
fn has_good_checksum(datagram: &Datagram, bytes: &[u8]) -> bool {
    let header = bytes.get(datagram.at..datagram.transport);
    header.is_none_or(|header| Sum16BitWords::new().add_slice(header).ones_complement() == 0)
}

/// For somebody else: should the stack have routed it on?
fn judge_transit(last: &Last, namespace: &NamespaceName, found: &Namespace, datagram: &Datagram) -> Verdict {
    let to = datagram.destination;
    let (forwards, sysctl) = if datagram.is_ipv4() {
        (found.sysctls.ipv4_forward, "net.ipv4.ip_forward")
    } else {
        (found.sysctls.ipv6_forward, "net.ipv6.conf.all.forwarding")
    };
    if forwards != Some(true) {
        return dropped(format_args!(
            "{namespace} does not have {to} and does not forward for others: {sysctl} is 0"
        ));
    }
    if last.glance.destination.is_group() {
        return dropped(format_args!(
            "{to} is not {namespace}'s, and what comes to everybody is not routed on"
        ));
    }
    if datagram.is_ipv4() && refuses_way_back(last, found, datagram.source) {
        return dropped(format_args!(
            "{namespace} would answer {} by another interface than {}: its reverse path filter is on",
            datagram.source, last.at.interface
        ));
    }
    let Some(way) = routes::way_to(found, to) else {
        return dropped(format_args!("{namespace} has no route to {to}"));
    };
    if datagram.ttl <= 1 {
        return dropped(format_args!("its time to live ran out at {namespace}"));
    }
    let passing = Passing {
        hook: Hook::Forward,
        datagram,
        port: datagram.ports(&last.sighting.frame.bytes).map(|(_, port)| port),
        in_interface: Some(&last.at.interface),
        out_interface: way.dev.as_ref(),
    };
    if let Some(rule) = firewall::stopped_by(&found.firewall, &passing) {
        return dropped(format_args!("a filter rule of {namespace} stops it: {}", firewall::in_words(rule)));
    }
    judge_way_out(last, namespace, datagram, &way)
}

/// Strict reverse path filtering (RFC 3704, 2.2): the way back must be the way in.
fn refuses_way_back(last: &Last, found: &Namespace, source: IpAddr) -> bool {
    let back = routes::way_to(found, source).and_then(|way| way.dev);
    match found.sysctls.rp_filter {
        Some(1) => back.as_ref() != Some(&last.at.interface),
        Some(2) => back.is_none(),
        _ => false,
    }
}

fn judge_way_out(last: &Last, namespace: &NamespaceName, datagram: &Datagram, way: &routes::Way) -> Verdict {
    let Some(dev) = &way.dev else {
        return in_flight(format_args!("{namespace} should have passed it on, but was not seen to"));
    };
    let out = Place::new(namespace.clone(), dev.clone());
    let interface = last.lab().interface(&out);
    if interface.is_some_and(|interface| !interface.up) {
        return dropped(format_args!("{namespace} would pass it on by {dev}, which is down"));
    }
    let mtu = interface.and_then(|interface| interface.mtu).unwrap_or(1500);
    let Fragmentation { dont, .. } = datagram.fragment;
    if dont && (mtu as usize) < datagram.length {
        let octets = datagram.length;
        return dropped(format_args!(
            "its {octets} octets do not fit {dev} (MTU {mtu}), and it must not be cut up"
        ));
    }
    if last.tap_at(&out).is_none() {
        return in_flight(format_args!("{namespace} passes it on by {dev}, where no tap listens"));
    }
    if last.around.at_end {
        return in_flight(format_args!("it was still in {namespace} when the capture ended"));
    }
    let next = way.via.unwrap_or(datagram.destination);
    dropped(format_args!(
        "{namespace} should have passed it on by {dev} and did not: most likely it does not know the MAC of {next}"
    ))
}
