//! The first half of a plan: from the observed lab down to the floor.

use crate::{
    Firewall, InterfaceKind, Lab, NamespaceName, Place, Step, Thing,
    settle::{FIRST_VLAN, LOOPBACK_MTU, mtu_of_ports},
    standing::ETHERNET_MTU,
};

use super::Planner;

impl Planner {
    pub(super) fn take_down(&mut self, floor: &Lab) {
        self.names().iter().for_each(|name| self.remove_routes(floor, name));
        let places = self.places();
        places.iter().for_each(|at| self.remove_neighbours(floor, at));
        places.iter().for_each(|at| self.remove_addresses(floor, at));
        self.take_firewalls_away();
        self.switch_off(floor, &places);
        self.let_bridges_follow(&places);
        places.iter().for_each(|at| self.reset_vlans(floor, at));
        self.release_ports(floor, &places);
        places.iter().for_each(|at| self.remove_other(at));
        self.pull_cables();
        places.iter().for_each(|at| self.remove_bridge(at));
        self.names().iter().for_each(|name| self.remove_namespace(name));
    }

    /// Gateways first, since they may be reached through the other routes.
    fn remove_routes(&mut self, floor: &Lab, name: &NamespaceName) {
        let kept = floor.namespaces.get(name);
        let Some(namespace) = self.now.namespaces.get(name) else { return };
        let stays = |route| kept.is_some_and(|kept| kept.routes.contains(route));
        let gone = namespace.routes.iter().filter(|route| !stays(route)).cloned();
        let (gateways, links): (Vec<_>, Vec<_>) = gone.partition(|route| route.via.is_some());
        for route in gateways.into_iter().chain(links) {
            self.take(Step::RemoveRoute { namespace: name.clone(), route });
        }
    }

    fn remove_neighbours(&mut self, floor: &Lab, at: &Place) {
        let Some(found) = self.current(at) else { return };
        let kept = floor.interface(at).map(|kept| kept.neighbours.clone()).unwrap_or_default();
        for neighbour in found.neighbours.difference(&kept).copied() {
            self.take(Step::RemoveNeighbour { at: at.clone(), neighbour });
        }
    }

    fn remove_addresses(&mut self, floor: &Lab, at: &Place) {
        let Some(found) = self.current(at) else { return };
        let kept = floor.interface(at).map(|kept| kept.addresses.clone()).unwrap_or_default();
        for address in found.addresses.difference(&kept).copied() {
            self.take(Step::RemoveAddress { at: at.clone(), address });
        }
    }

    fn take_firewalls_away(&mut self) {
        for name in self.names() {
            let from = self.now.namespaces.get(&name).map(|found| found.firewall.clone()).unwrap_or_default();
            if !self.wanted.namespaces.contains_key(&name) && !from.is_empty() {
                self.take(Step::SetFirewall { namespace: name, from, to: Firewall::default() });
            }
        }
    }

    /// Of what stays; what goes is switched off just before it goes.
    fn switch_off(&mut self, floor: &Lab, places: &[Place]) {
        for at in places {
            let is_up = self.now.interface(at).is_some_and(|found| found.up);
            let is_wanted_up = self.wanted.interface(at).is_some_and(|wanted| wanted.up);
            if floor.interface(at).is_some() && is_up && !is_wanted_up {
                self.take(Step::SetUp { at: at.clone(), up: false });
            }
        }
    }

    /// A bridge whose MTU was set by hand and whose ports change goes back to following its
    /// ports, so that what the ports do to it on the way is the same in both directions.
    fn let_bridges_follow(&mut self, places: &[Place]) {
        for at in places {
            let Some(now) = self.now.interface(at) else { continue };
            let (Some(from), Some(_)) = (now.mtu, now.bridge_settings()) else { continue };
            let to = self.now.namespaces.get(&at.namespace).map(|found| mtu_of_ports(found, &at.interface));
            let ports = |lab: &Lab| -> Vec<(Place, Option<u32>, Option<crate::Cable>)> {
                let port = |port: Place| {
                    (
                        port.clone(),
                        lab.interface(&port).and_then(|found| found.mtu),
                        lab.cable_at(&port).cloned(),
                    )
                };
                lab.ports(at).map(port).collect()
            };
            if let Some(to) = to.filter(|to| *to != from)
                && ports(&self.now) != ports(&self.wanted)
            {
                self.take(Step::SetMtu { at: at.clone(), from, to });
            }
        }
    }

    /// Ports leave a bridge, and a bridge stops filtering, only with the first VLAN as it was given.
    fn reset_vlans(&mut self, floor: &Lab, at: &Place) {
        let Some(found) = self.current(at) else { return };
        let Some(bridge) = found.bridge else { return };
        let bridge = Place::new(at.namespace.clone(), bridge);
        let filters = |lab: &Lab| {
            let settings = lab.interface(&bridge).and_then(|found| found.bridge_settings());
            settings.is_some_and(|settings| settings.vlan_filtering)
        };
        let stays = floor.interface(at).is_some_and(|kept| kept.bridge.is_some());
        let to = [FIRST_VLAN].into();
        if filters(&self.now) && !(stays && filters(&self.wanted)) && found.vlans != to {
            self.take(Step::SetVlans { port: at.clone(), from: found.vlans, to });
        }
    }

    /// Of cables that stay.
    fn release_ports(&mut self, floor: &Lab, places: &[Place]) {
        for at in places {
            let bridge = self.now.interface(at).and_then(|found| found.bridge.clone());
            let moves = floor.interface(at).is_some_and(|kept| kept.bridge.is_none());
            if let Some(bridge) = bridge.filter(|_| moves) {
                self.take(Step::Release { port: at.clone(), bridge });
            }
        }
    }

    fn pull_cables(&mut self) {
        let gone: Vec<_> = self.now.cables.difference(&self.wanted.cables).cloned().collect();
        for cable in gone {
            for end in cable.ends() {
                self.strip(end, Some(ETHERNET_MTU));
            }
            let mac = |end: &Place| self.now.interface(end).and_then(|found| found.mac).unwrap_or_default();
            let [one, other] = cable.ends();
            let macs = [mac(one), mac(other)];
            self.take(Step::PullCable { cable, macs });
        }
    }

    /// Before cables, for what stands on an end of a cable goes with it.
    fn remove_other(&mut self, at: &Place) {
        let Some(found) = self.current(at) else { return };
        let InterfaceKind::Other(kind) = found.kind else { return };
        if self.wanted.interface(at).is_some_and(|wanted| wanted.kind == found.kind) {
            return;
        }
        self.strip(at, found.mtu);
        self.take(Step::RemoveOther { at: at.clone(), kind, mac: found.mac, mtu: found.mtu });
    }

    fn remove_bridge(&mut self, at: &Place) {
        let is_bridge = |lab: &Lab| lab.interface(at).is_some_and(|found| found.bridge_settings().is_some());
        if !is_bridge(&self.now) || is_bridge(&self.wanted) {
            return;
        }
        self.strip(at, Some(ETHERNET_MTU));
        let Some(found) = self.current(at) else { return };
        if let (InterfaceKind::Bridge(settings), Some(mac)) = (found.kind, found.mac) {
            self.take(Step::RemoveBridge { at: at.clone(), mac, settings });
        }
    }

    fn remove_namespace(&mut self, name: &NamespaceName) {
        if self.wanted.namespaces.contains_key(name) {
            return;
        }
        let lo = Place::new(name.clone(), crate::InterfaceName::loopback());
        self.strip(&lo, Some(LOOPBACK_MTU));
        let Some(found) = self.now.namespaces.get(name) else { return };
        let (sysctls, position) = (found.sysctls, found.position);
        if position.is_some() {
            self.take(Step::Move { thing: Thing::Namespace(name.clone()), from: position, to: None });
        }
        self.take(Step::RemoveNamespace { name: name.clone(), sysctls });
    }

    /// Down, no port, the MTU it came with, and off the canvas: as bare as it came.
    fn strip(&mut self, at: &Place, mtu: Option<u32>) {
        let Some(found) = self.current(at) else { return };
        if found.up {
            self.take(Step::SetUp { at: at.clone(), up: false });
        }
        if let Some(bridge) = found.bridge.clone() {
            self.take(Step::Release { port: at.clone(), bridge });
        }
        if let (Some(from), Some(to)) = (found.mtu, mtu)
            && from != to
        {
            self.take(Step::SetMtu { at: at.clone(), from, to });
        }
        if found.position.is_some() {
            self.take(Step::Move { thing: Thing::Bridge(at.clone()), from: found.position, to: None });
        }
    }
}
