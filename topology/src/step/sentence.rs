//! What a step means, said to people.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::Step;
use crate::{BridgeSettings, Firewall, Place, PortVlan, Route, Sysctl, Thing};

impl Step {
    /// One sentence in plain words, without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        use Step::*;
        match self {
            AddNamespace { name, .. } => format!("Make the namespace {name}, a network stack of its own"),
            RemoveNamespace { name, .. } => format!("Remove the namespace {name}"),
            AddBridge { at, .. } => format!("Make the bridge {} in {}", at.interface, at.namespace),
            RemoveBridge { at, .. } => format!("Remove the bridge {} from {}", at.interface, at.namespace),
            AddOther { at, kind, .. } => {
                format!("Make the {} interface {} in {}", kind.as_str(), at.interface, at.namespace)
            }
            RemoveOther { at, kind, .. } => {
                format!("Remove the {} interface {} from {}", kind.as_str(), at.interface, at.namespace)
            }
            PlugCable { cable, .. } => {
                let [one, other] = cable.ends();
                format!("Plug a cable from {one} to {other}")
            }
            PullCable { cable, .. } => {
                let [one, other] = cable.ends();
                format!("Pull the cable from {one} to {other}")
            }
            Enslave { port, bridge } => format!("Make {port} a port of the bridge {bridge}"),
            Release { port, bridge } => format!("Take the port {port} off the bridge {bridge}"),
            SetUp { at, up: true } => format!("Switch {at} on"),
            SetUp { at, up: false } => format!("Switch {at} off"),
            SetMac { at, to, .. } => format!("Let {at} have the MAC address {to}"),
            SetMtu { at, to, .. } => format!("Let {at} carry up to {to} octets in a frame (its MTU)"),
            AddAddress { at, address } => format!("Give {at} the address {address}"),
            RemoveAddress { at, address } => format!("Take the address {address} from {at}"),
            AddNeighbour { at, neighbour } => {
                format!("Tell {at} that {} is at {}", neighbour.address, neighbour.mac)
            }
            RemoveNeighbour { at, neighbour } => format!("Let {at} forget where {} is", neighbour.address),
            AddRoute { namespace, route } => format!("Let {namespace} send {}", way(route)),
            RemoveRoute { namespace, route } => format!("Let {namespace} no longer send {}", way(route)),
            SetSysctl { namespace, sysctl, to, .. } => switch(namespace.as_str(), *sysctl, *to),
            SetBridge { at, from, to } => bridge_change(at, *from, *to),
            SetVlans { port, to, .. } => format!("Let the port {port} carry {}", vlan_list(to)),
            SetFirewall { namespace, to, .. } => firewall_change(namespace.as_str(), to),
            Move { thing, to: Some(to), .. } => {
                format!("Move {} to {}, {} on the canvas", thing_name(thing), to.x, to.y)
            }
            Move { thing, to: None, .. } => {
                format!("Let the canvas choose where {} stands", thing_name(thing))
            }
        }
    }
}

fn way(route: &Route) -> String {
    let what = if route.to.prefix_len() == 0 {
        everything(route.to).into()
    } else {
        format!("what is for {}", route.to)
    };
    let via = route.via.map(|via| format!(" to the gateway {via}")).unwrap_or_default();
    let dev = route.dev.as_ref().map(|dev| format!(" through {dev}")).unwrap_or_default();
    format!("{what}{via}{dev}")
}

fn everything(to: IpNet) -> &'static str {
    if to.addr().is_ipv4() { "everything else (IPv4)" } else { "everything else (IPv6)" }
}

fn switch(namespace: &str, sysctl: Sysctl, to: u8) -> String {
    match (sysctl, to) {
        (Sysctl::Ipv4Forward, 0) => format!("Let {namespace} stop forwarding IPv4"),
        (Sysctl::Ipv4Forward, _) => format!("Let {namespace} forward IPv4, as a router does"),
        (Sysctl::Ipv6Forward, 0) => format!("Let {namespace} stop forwarding IPv6"),
        (Sysctl::Ipv6Forward, _) => format!("Let {namespace} forward IPv6, as a router does"),
        (Sysctl::RpFilter, 0) => format!("Let {namespace} accept packets whatever way they come"),
        (Sysctl::RpFilter, 1) => {
            format!("Let {namespace} accept a packet only on the interface that leads back to its sender")
        }
        (Sysctl::RpFilter, _) => {
            format!("Let {namespace} accept a packet only if some interface leads back to its sender")
        }
        (Sysctl::DisableIpv6, 0) => format!("Switch IPv6 on in {namespace}"),
        (Sysctl::DisableIpv6, _) => format!("Switch IPv6 off in {namespace}"),
    }
}

fn bridge_change(at: &Place, from: BridgeSettings, to: BridgeSettings) -> String {
    let on = |on: bool| if on { "on" } else { "off" };
    let mut changes = Vec::new();
    if from.stp != to.stp {
        changes.push(format!("its spanning tree {}", on(to.stp)));
    }
    if from.vlan_filtering != to.vlan_filtering {
        changes.push(format!("its VLANs {}", on(to.vlan_filtering)));
    }
    if from.forward_delay != to.forward_delay {
        changes.push(format!("its forward delay to {} s", to.forward_delay));
    }
    if from.ageing != to.ageing {
        changes.push(format!("how long it remembers to {} s", to.ageing));
    }
    if from.priority != to.priority {
        changes.push(format!("its priority to {}", to.priority));
    }
    match changes.is_empty() {
        true => format!("Leave the bridge {at} as it is"),
        false => format!("Set the bridge {at}: {}", changes.join(", ")),
    }
}

fn vlan_list(vlans: &BTreeSet<PortVlan>) -> String {
    if vlans.is_empty() {
        return "no VLAN at all".into();
    }
    let one = |vlan: &PortVlan| match (vlan.pvid, vlan.untagged) {
        (true, true) => format!("VLAN {} (untagged)", vlan.id),
        (true, false) => format!("VLAN {} (untagged on the way in)", vlan.id),
        (false, true) => format!("VLAN {} (untagged on the way out)", vlan.id),
        (false, false) => format!("VLAN {} (tagged)", vlan.id),
    };
    vlans.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn firewall_change(namespace: &str, to: &Firewall) -> String {
    if to.is_empty() {
        return format!("Take the firewall of {namespace} away");
    }
    let names: Vec<&str> = to.masquerade.iter().map(crate::InterfaceName::as_str).collect();
    let masquerade = format!("hide what leaves by {} behind its address", names.join(" and "));
    let rules = match to.rules.len() {
        1 => "filter by one rule".into(),
        count => format!("filter by {count} rules"),
    };
    match (to.masquerade.is_empty(), to.rules.is_empty()) {
        (true, _) => format!("Let {namespace} {rules}"),
        (false, true) => format!("Let {namespace} {masquerade}"),
        (false, false) => format!("Let {namespace} {rules} and {masquerade}"),
    }
}

fn thing_name(thing: &Thing) -> String {
    match thing {
        Thing::Namespace(name) => name.to_string(),
        Thing::Bridge(place) => place.to_string(),
    }
}
