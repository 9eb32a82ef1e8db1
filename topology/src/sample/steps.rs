//! One step of every kind, each with a lab that it fits.

use super::{interface, namespace, net, place};
use crate::{
    BridgeSettings, Cable, FilterRule, Firewall, Hook, Lab, MacAddress, Neighbour, OtherKind, PortVlan,
    Position, Protocol, Route, Step, Sysctl, Sysctls, Thing, Verdict, plan::plan,
};

pub(crate) const KINDS_OF_STEPS: usize = 24;

/// A number below [`KINDS_OF_STEPS`] for each kind. A new kind does not compile without one.
pub(crate) fn kind_of(step: &Step) -> usize {
    match step {
        Step::AddNamespace { .. } => 0,
        Step::RemoveNamespace { .. } => 1,
        Step::AddBridge { .. } => 2,
        Step::RemoveBridge { .. } => 3,
        Step::PlugCable { .. } => 4,
        Step::PullCable { .. } => 5,
        Step::Enslave { .. } => 6,
        Step::Release { .. } => 7,
        Step::SetUp { .. } => 8,
        Step::SetMac { .. } => 9,
        Step::SetMtu { .. } => 10,
        Step::AddAddress { .. } => 11,
        Step::RemoveAddress { .. } => 12,
        Step::AddNeighbour { .. } => 13,
        Step::RemoveNeighbour { .. } => 14,
        Step::AddRoute { .. } => 15,
        Step::RemoveRoute { .. } => 16,
        Step::SetSysctl { .. } => 17,
        Step::SetBridge { .. } => 18,
        Step::SetVlans { .. } => 19,
        Step::SetFirewall { .. } => 20,
        Step::Move { .. } => 21,
        Step::AddOther { .. } => 22,
        Step::RemoveOther { .. } => 23,
    }
}

/// Each step with the lab it is to be applied to: the steps of building a lab that has
/// something of everything, and all their inverses.
pub(crate) fn one_of_each() -> Vec<(Lab, Step)> {
    let mut lab = Lab::default().settled();
    let mut samples = Vec::new();
    let building = plan(&lab, &rich()).steps;
    for step in building.into_iter().chain(changes()) {
        let before = lab.clone();
        step.apply(&mut lab).unwrap_or_else(|error| panic!("{step:?}: {error}"));
        samples.push((before, step.clone()));
        samples.push((lab.clone(), step.inverse()));
    }
    samples
}

/// Two rooms, a filtering switch on the host, a route, a firewall, IPv6.
pub(crate) fn rich() -> Lab {
    let mut lab = Lab { title: "Rich".into(), ..Lab::default() };
    for name in ["host", "red", "blue"] {
        lab.namespaces.insert(namespace(name), Default::default());
    }
    let bridge = BridgeSettings { vlan_filtering: true, ..BridgeSettings::default() };
    let mut br0 = crate::Interface::new(crate::InterfaceKind::Bridge(bridge));
    br0.addresses.extend([net("10.10.0.254/24"), net("2001:db8::fe/64")]);
    let host = lab.namespaces.get_mut(&namespace("host")).expect("it was just put there");
    host.interfaces.insert(interface("br0"), br0);
    host.sysctls.ipv4_forward = Some(true);
    host.firewall.masquerade.insert(interface("br0"));
    for (room, end) in [("red", 1), ("blue", 2)] {
        let port = place(&format!("host/to-{room}"));
        let inner = place(&format!("{room}/veth-{room}"));
        lab.cables.insert(Cable::new(port.clone(), inner.clone()));
        let mut found = crate::Interface::new(crate::InterfaceKind::VethEnd);
        found.addresses.extend([net(&format!("10.10.0.{end}/24")), net(&format!("2001:db8::{end}/64"))]);
        let default = |to, via: &str| Route { to: net(to), via: via.parse().ok(), dev: None };
        let space = lab.namespaces.get_mut(&inner.namespace).expect("it was put there");
        space.interfaces.insert(inner.interface, found);
        space.routes.extend([default("0.0.0.0/0", "10.10.0.254"), default("::/0", "2001:db8::fe")]);
        let mut found = crate::Interface::new(crate::InterfaceKind::VethEnd);
        found.bridge = Some(interface("br0"));
        let host = lab.namespaces.get_mut(&namespace("host")).expect("it was put there");
        host.interfaces.insert(port.interface, found);
    }
    lab
}

/// What building does not need, on the lab [`rich`].
fn changes() -> Vec<Step> {
    let red = place("red/veth-red");
    let old_mac = MacAddress::derived_from(&red.to_string());
    let mac = MacAddress([2, 0, 0, 0, 0, 9]);
    let neighbour = Neighbour { address: [10, 10, 0, 2].into(), mac };
    let vlans =
        [PortVlan { id: 10, pvid: true, untagged: true }, PortVlan { id: 20, pvid: false, untagged: false }];
    let first = [PortVlan { id: 1, pvid: true, untagged: true }].into();
    let old = BridgeSettings { vlan_filtering: true, ..BridgeSettings::default() };
    let new = BridgeSettings { stp: true, forward_delay: 4, ageing: 60, priority: 7, ..old };
    let rule = FilterRule {
        hook: Hook::Forward,
        protocol: Some(Protocol::Tcp),
        from: Some(net("10.10.0.0/24")),
        to: None,
        in_interface: None,
        out_interface: Some(interface("br0")),
        port: Some(80),
        verdict: Verdict::Reject,
    };
    let firewall = Firewall { masquerade: Default::default(), rules: vec![rule] };
    let masquerading = Firewall { masquerade: [interface("br0")].into(), rules: Vec::new() };
    let here = Some(Position { x: 3, y: 4 });
    let sysctls = Sysctls { rp_filter: Some(2), ..Sysctls::default() };
    let (host, br0) = (namespace("host"), place("host/br0"));
    vec![
        Step::AddNamespace { name: namespace("a;b&c"), sysctls },
        Step::AddOther { at: place("red/dummy0"), kind: OtherKind::Dummy, mac: Some(mac), mtu: Some(1500) },
        Step::SetMac { at: red.clone(), from: old_mac, to: mac },
        Step::SetMtu { at: red.clone(), from: 1500, to: 1400 },
        Step::AddNeighbour { at: red, neighbour },
        Step::SetSysctl { namespace: host.clone(), sysctl: Sysctl::RpFilter, from: 0, to: 1 },
        Step::SetBridge { at: br0.clone(), from: old, to: new },
        Step::SetVlans { port: place("host/to-red"), from: first, to: vlans.into() },
        Step::SetFirewall { namespace: host.clone(), from: masquerading, to: firewall },
        Step::Move { thing: Thing::Namespace(host), from: None, to: here },
        Step::Move { thing: Thing::Bridge(br0), from: None, to: here },
    ]
}
