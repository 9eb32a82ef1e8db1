//! The order in which taps stand beside each other: along the cables, so that neighbours on the way are neighbours.

use std::collections::BTreeSet;

use capture::{Tap, TapId};
use topology::{Lab, Place};

/// All taps, each once: a walk through the lab from its first namespace, then what the walk did not reach.
#[must_use]
pub fn lanes(lab: &Lab, taps: &[Tap]) -> Vec<TapId> {
    let mut walk = Walk { lab, visited: BTreeSet::new(), order: Vec::new() };
    let guests = lab.namespaces.iter().filter(|(name, _)| !name.is_host());
    let hosts = lab.namespaces.iter().filter(|(name, _)| name.is_host());
    for (name, namespace) in guests.chain(hosts) {
        for (interface, found) in &namespace.interfaces {
            if found.bridge.is_none() && found.bridge_settings().is_none() {
                walk.from(Place::new(name.clone(), interface.clone()));
            }
        }
    }
    let of_place = |place: &Place| taps.iter().rev().find(|tap| tap.at == *place).map(|tap| tap.id);
    let mut lanes: Vec<TapId> = walk.order.iter().filter_map(of_place).collect();
    let listed: BTreeSet<TapId> = lanes.iter().copied().collect();
    lanes.extend(taps.iter().map(|tap| tap.id).filter(|id| !listed.contains(id)));
    lanes
}

struct Walk<'a> {
    lab: &'a Lab,
    visited: BTreeSet<Place>,
    order: Vec<Place>,
}

impl Walk<'_> {
    /// Over the cable at `end`, through the bridge at its far end, and out of that bridge's other ports.
    fn from(&mut self, end: Place) {
        let mut waiting = vec![end];
        while let Some(place) = waiting.pop() {
            if !self.visited.insert(place.clone()) {
                continue;
            }
            self.order.push(place.clone());
            // Last in, first out: what is to come next is pushed last.
            if let Some(bridge) = self.lab.interface(&place).and_then(|found| found.bridge.clone()) {
                let bridge = Place::new(place.namespace.clone(), bridge);
                let ports: Vec<Place> = self.lab.ports(&bridge).collect();
                waiting.extend(ports.into_iter().rev());
                waiting.push(bridge);
            }
            waiting.extend(self.lab.peer(&place).cloned());
        }
    }
}

#[cfg(test)]
mod tests {
    use topology::ready;

    use super::*;

    fn places(name: &str) -> Vec<String> {
        let lab = ready::find(name).expect("it is a ready lab").lab().settled();
        let is_tapped = |place: &Place| !place.interface.is_loopback();
        let taps: Vec<Tap> = lab
            .interfaces()
            .map(|(at, _)| at)
            .filter(is_tapped)
            .enumerate()
            .map(|(id, at)| Tap { id: TapId(id as u32), at })
            .collect();
        lanes(&lab, &taps).iter().map(|id| taps[id.0 as usize].at.to_string()).collect()
    }

    #[test]
    fn lanes_follow_the_way_of_a_frame() {
        let expected = ["ns1/veth-ns1", "host/veth-br1", "host/br0", "host/veth-br2", "ns2/veth-ns2"];
        assert_eq!(places("two-rooms-and-a-switch"), expected);
    }

    #[test]
    fn every_tap_has_one_lane() {
        for ready in ready::LABS {
            let lanes = places(ready.name);
            let once: BTreeSet<&String> = lanes.iter().collect();
            assert_eq!(once.len(), lanes.len(), "{}", ready.name);
            let lab = ready.lab().settled();
            let tapped = lab.interfaces().filter(|(at, _)| !at.interface.is_loopback()).count();
            assert_eq!(lanes.len(), tapped, "{}", ready.name);
        }
    }
}
