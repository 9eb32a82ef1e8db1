//! Who is plugged into what.

use std::collections::BTreeMap;

use topology::{Cable, Interface, InterfaceKind, Lab, NamespaceName, Place};

/// What a cable's end belongs to on the canvas.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    Room(NamespaceName),
    /// It is a port of this bridge.
    Switch(Place),
}

/// The cables of a lab, to be asked from both sides.
pub(super) struct Wires<'a> {
    pub(super) cables: Vec<&'a Cable>,
    peers: BTreeMap<&'a Place, &'a Place>,
    ports: BTreeMap<Place, Vec<Place>>,
    bridge_of: BTreeMap<Place, Place>,
}

impl<'a> Wires<'a> {
    pub(super) fn of(lab: &'a Lab) -> Self {
        let mut wires = Self {
            cables: Vec::new(),
            peers: BTreeMap::new(),
            ports: BTreeMap::new(),
            bridge_of: BTreeMap::new(),
        };
        for cable in &lab.cables {
            let [one, other] = cable.ends();
            let stand =
                lab.namespaces.contains_key(&one.namespace) && lab.namespaces.contains_key(&other.namespace);
            let is_taken = wires.peers.contains_key(one) || wires.peers.contains_key(other);
            // A lab may say nonsense while it is being typed; an end can be plugged in once.
            if one != other && stand && !is_taken {
                wires.peers.insert(one, other);
                wires.peers.insert(other, one);
                wires.cables.push(cable);
            }
        }
        for (at, found) in lab.interfaces() {
            let bridge = found.bridge.as_ref().map(|bridge| Place::new(at.namespace.clone(), bridge.clone()));
            let is_real =
                |bridge: &Place| lab.interface(bridge).is_some_and(|b| b.bridge_settings().is_some());
            if let Some(bridge) = bridge.filter(is_real) {
                wires.ports.entry(bridge.clone()).or_default().push(at.clone());
                wires.bridge_of.insert(at, bridge);
            }
        }
        wires
    }

    pub(super) fn peer(&self, end: &Place) -> Option<&'a Place> {
        self.peers.get(end).copied()
    }

    /// In the order of their names.
    pub(super) fn ports(&self, bridge: &Place) -> &[Place] {
        self.ports.get(bridge).map_or(&[], Vec::as_slice)
    }

    pub(super) fn owner(&self, end: &Place) -> Owner {
        match self.bridge_of.get(end) {
            Some(bridge) => Owner::Switch(bridge.clone()),
            None => Owner::Room(end.namespace.clone()),
        }
    }
}

/// What has a socket on its namespace's edge: cables' ends that are no ports, also those without a peer, and plain
/// interfaces.
pub(super) fn ends<'a>(lab: &'a Lab, wires: &'a Wires<'_>) -> impl Iterator<Item = Place> + 'a {
    let is_shown = |found: &Interface| matches!(found.kind, InterfaceKind::VethEnd | InterfaceKind::Other(_));
    let sockets = lab.interfaces().filter(|(_, found)| is_shown(found)).map(|(at, _)| at);
    let plugged = wires.peers.keys().map(|end| (*end).clone());
    let all: std::collections::BTreeSet<Place> = sockets.chain(plugged).collect();
    all.into_iter().filter(|at| !wires.bridge_of.contains_key(at))
}
