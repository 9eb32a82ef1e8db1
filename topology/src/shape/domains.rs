//! Broadcast domains: how far a frame gets without a router, VLANs considered.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Interface, Lab, Place};

/// What a port has when nobody said anything: VLAN 1, untagged (net/bridge/br_vlan.c).
const DEFAULT_VLAN: u16 = 1;

/// A frame's whereabouts: on an interface with a tag (0: none), or inside a VLAN-filtering bridge.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spot<'a> {
    Wire(&'a Place, u16),
    Inside(&'a Place, u16),
}

/// The interfaces that hear each other's untagged broadcasts, `lo` left out.
/// A port or bridge device belongs where an untagged frame that comes in there gets to.
/// In order of each domain's first interface; each interface is in exactly one.
pub fn broadcast_domains(lab: &Lab) -> Vec<BTreeSet<Place>> {
    let places: Vec<Place> =
        lab.interfaces().map(|(at, _)| at).filter(|at| !at.interface.is_loopback()).collect();
    let fabric = Fabric::of(lab, &places);
    let mut reached = BTreeSet::new();
    let mut domains = Vec::new();
    for start in &places {
        let start = Spot::Wire(start, 0);
        if !reached.insert(start) {
            continue;
        }
        let mut domain = BTreeSet::new();
        let mut waiting = vec![start];
        while let Some(spot) = waiting.pop() {
            if let Spot::Wire(at, 0) = spot {
                domain.insert(at.clone());
            }
            waiting.extend(fabric.next_to(spot).into_iter().filter(|&next| reached.insert(next)));
        }
        domains.push(domain);
    }
    domains
}

/// How the interfaces are joined, ready to be looked up.
#[derive(Default)]
struct Fabric<'a> {
    peers: BTreeMap<&'a Place, &'a Place>,
    /// Ports of bridges that do not filter by VLAN.
    bridge_of: BTreeMap<&'a Place, &'a Place>,
    ports_of: BTreeMap<&'a Place, Vec<&'a Place>>,
    /// From a tag on a port's wire to a VLAN of its filtering bridge, and the other way.
    gates: BTreeMap<Spot<'a>, Vec<Spot<'a>>>,
}

impl<'a> Fabric<'a> {
    fn of(lab: &Lab, places: &'a [Place]) -> Self {
        let known = |at: &Place| places.binary_search(at).ok().map(|found| &places[found]);
        let mut fabric = Self::default();
        for cable in &lab.cables {
            if let [Some(one), Some(other)] = cable.ends().each_ref().map(known) {
                fabric.peers.insert(one, other);
                fabric.peers.insert(other, one);
            }
        }
        for (at, interface) in places.iter().filter_map(|at| Some((at, lab.interface(at)?))) {
            let bridge = match &interface.bridge {
                Some(bridge) => known(&Place::new(at.namespace.clone(), bridge.clone())),
                None => interface.bridge_settings().map(|_| at),
            };
            let Some(bridge) = bridge else { continue };
            let settings = lab.interface(bridge).and_then(Interface::bridge_settings);
            if settings.is_some_and(|settings| settings.vlan_filtering) {
                fabric.add_gates(at, interface, bridge);
            } else if bridge != at {
                fabric.bridge_of.insert(at, bridge);
                fabric.ports_of.entry(bridge).or_default().push(at);
            }
        }
        fabric
    }

    fn add_gates(&mut self, at: &'a Place, interface: &Interface, bridge: &'a Place) {
        let mut gate = |tag: u16, vlan: u16| {
            let (wire, inside) = (Spot::Wire(at, tag), Spot::Inside(bridge, vlan));
            self.gates.entry(wire).or_default().push(inside);
            self.gates.entry(inside).or_default().push(wire);
        };
        if interface.vlans.is_empty() {
            gate(0, DEFAULT_VLAN);
        }
        for vlan in &interface.vlans {
            gate(if vlan.untagged { 0 } else { vlan.id }, vlan.id);
        }
    }

    fn next_to(&self, spot: Spot<'a>) -> Vec<Spot<'a>> {
        let mut next = self.gates.get(&spot).cloned().unwrap_or_default();
        if let Spot::Wire(at, tag) = spot {
            let ports = self.ports_of.get(at).into_iter().flatten();
            let joined = self.peers.get(at).into_iter().chain(self.bridge_of.get(at)).chain(ports);
            next.extend(joined.map(|&other| Spot::Wire(other, tag)));
        }
        next
    }
}
