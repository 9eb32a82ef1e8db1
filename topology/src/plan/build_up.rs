//! The second half of a plan: from the floor up to the wanted lab.
//!
//! The order lets the kernel's side make one message of what belongs together: bridges are up
//! before their ports come, and a cable, its port and that port's coming up are neighbours.
//! Then come the far ends, and all that is set inside a namespace, namespace by namespace.

use std::collections::BTreeSet;

use crate::{Interface, InterfaceKind, NamespaceName, Place, Step, Sysctl, Thing};

use super::Planner;

impl Planner {
    pub(super) fn build_up(&mut self) {
        let names: Vec<NamespaceName> = self.wanted.namespaces.keys().cloned().collect();
        let places: Vec<(Place, Interface)> =
            self.wanted.interfaces().map(|(place, found)| (place, found.clone())).collect();
        let new_names: BTreeSet<NamespaceName> =
            names.iter().filter(|name| !self.now.namespaces.contains_key(*name)).cloned().collect();
        let mut new_bridges = BTreeSet::new();
        names.iter().for_each(|name| self.make_namespace(name));
        places.iter().for_each(|(at, wanted)| new_bridges.extend(self.make_bridge(at, wanted)));
        places.iter().for_each(|(at, wanted)| self.make_other(at, wanted));
        self.plug_cables();
        places.iter().for_each(|(at, wanted)| self.enslave(at, wanted));
        places.iter().for_each(|(at, wanted)| self.set_vlans(at, wanted));
        let (bridges, others): (Vec<_>, Vec<_>) =
            places.iter().partition(|(_, wanted)| wanted.bridge_settings().is_some());
        // Bridges last: their MTU follows their ports.
        others.iter().chain(&bridges).for_each(|(at, wanted)| self.set_mac_and_mtu(at, wanted));
        places.iter().for_each(|(at, wanted)| self.switch_on(at, wanted));
        // Both are in the order of names.
        let mut inside = places.chunk_by(|(one, _), (next, _)| one.namespace == next.namespace).peekable();
        for name in &names {
            let inside = inside.next_if(|places| places[0].0.namespace == *name).unwrap_or_default();
            inside.iter().for_each(|(at, wanted)| self.add_addresses(at, wanted));
            inside.iter().for_each(|(at, wanted)| self.add_neighbours(at, wanted));
            self.add_routes(name);
            self.set_firewall(name);
        }
        self.move_things(&names, &new_names, &new_bridges);
    }

    fn make_namespace(&mut self, name: &NamespaceName) {
        let Some(wanted) = self.wanted.namespaces.get(name).map(|wanted| wanted.sysctls) else { return };
        let Some(now) = self.now.namespaces.get(name).map(|found| found.sysctls) else {
            return self.take(Step::AddNamespace { name: name.clone(), sysctls: wanted });
        };
        for sysctl in Sysctl::ALL {
            if let (Some(from), Some(to)) = (now.value(sysctl), wanted.value(sysctl))
                && from != to
            {
                self.take(Step::SetSysctl { namespace: name.clone(), sysctl, from, to });
            }
        }
    }

    /// Makes a bridge and switches it on, or sets the one that is there. Gives the place of a new one.
    fn make_bridge(&mut self, at: &Place, wanted: &Interface) -> Option<Place> {
        let to = wanted.bridge_settings()?;
        let Some(found) = self.current(at) else {
            self.take(Step::AddBridge { at: at.clone(), mac: wanted.mac.unwrap_or_default(), settings: to });
            self.switch_on(at, wanted);
            return Some(at.clone());
        };
        if let InterfaceKind::Bridge(from) = found.kind
            && from != to
        {
            self.take(Step::SetBridge { at: at.clone(), from, to });
        }
        None
    }

    fn make_other(&mut self, at: &Place, wanted: &Interface) {
        if let (InterfaceKind::Other(kind), None) = (wanted.kind, self.now.interface(at)) {
            self.take(Step::AddOther { at: at.clone(), kind, mac: wanted.mac, mtu: wanted.mtu });
        }
    }

    fn plug_cables(&mut self) {
        let new: Vec<_> = self.wanted.cables.difference(&self.now.cables).cloned().collect();
        for cable in new {
            let ends = cable.ends().clone().map(|end| (self.wanted.interface(&end).cloned(), end));
            let macs = ends
                .each_ref()
                .map(|(wanted, _)| wanted.as_ref().and_then(|wanted| wanted.mac).unwrap_or_default());
            self.take(Step::PlugCable { cable, macs });
            for (wanted, end) in &ends {
                if let Some(wanted) = wanted.as_ref().filter(|wanted| wanted.bridge.is_some()) {
                    self.enslave(end, wanted);
                    self.switch_on(end, wanted);
                }
            }
        }
    }

    fn enslave(&mut self, at: &Place, wanted: &Interface) {
        let is_port = self.now.interface(at).is_some_and(|found| found.bridge.is_some());
        if let Some(bridge) = wanted.bridge.clone().filter(|_| !is_port) {
            self.take(Step::Enslave { port: at.clone(), bridge });
        }
    }

    fn set_vlans(&mut self, at: &Place, wanted: &Interface) {
        let Some(found) = self.current(at) else { return };
        if found.vlans != wanted.vlans {
            self.take(Step::SetVlans { port: at.clone(), from: found.vlans, to: wanted.vlans.clone() });
        }
    }

    fn set_mac_and_mtu(&mut self, at: &Place, wanted: &Interface) {
        let Some(found) = self.current(at) else { return };
        if let (Some(from), Some(to)) = (found.mac, wanted.mac)
            && from != to
        {
            self.take(Step::SetMac { at: at.clone(), from, to });
        }
        if let (Some(from), Some(to)) = (found.mtu, wanted.mtu)
            && from != to
        {
            self.take(Step::SetMtu { at: at.clone(), from, to });
        }
    }

    fn switch_on(&mut self, at: &Place, wanted: &Interface) {
        if wanted.up && self.now.interface(at).is_some_and(|found| !found.up) {
            self.take(Step::SetUp { at: at.clone(), up: true });
        }
    }

    fn add_addresses(&mut self, at: &Place, wanted: &Interface) {
        let Some(found) = self.current(at) else { return };
        for address in wanted.addresses.difference(&found.addresses).copied() {
            self.take(Step::AddAddress { at: at.clone(), address });
        }
    }

    fn add_neighbours(&mut self, at: &Place, wanted: &Interface) {
        let Some(found) = self.current(at) else { return };
        for neighbour in wanted.neighbours.difference(&found.neighbours).copied() {
            self.take(Step::AddNeighbour { at: at.clone(), neighbour });
        }
    }

    /// Gateways last, since they may be reached through the other routes.
    fn add_routes(&mut self, name: &NamespaceName) {
        let (Some(now), Some(wanted)) = (self.now.namespaces.get(name), self.wanted.namespaces.get(name))
        else {
            return;
        };
        let new = wanted.routes.difference(&now.routes).cloned();
        let (gateways, links): (Vec<_>, Vec<_>) = new.partition(|route| route.via.is_some());
        for route in links.into_iter().chain(gateways) {
            self.take(Step::AddRoute { namespace: name.clone(), route });
        }
    }

    fn set_firewall(&mut self, name: &NamespaceName) {
        let (Some(now), Some(wanted)) = (self.now.namespaces.get(name), self.wanted.namespaces.get(name))
        else {
            return;
        };
        if now.firewall != wanted.firewall {
            let (from, to) = (now.firewall.clone(), wanted.firewall.clone());
            self.take(Step::SetFirewall { namespace: name.clone(), from, to });
        }
    }

    fn move_things(
        &mut self,
        names: &[NamespaceName],
        new_names: &BTreeSet<NamespaceName>,
        new_bridges: &BTreeSet<Place>,
    ) {
        let mut moves = Vec::new();
        for name in names {
            let (now, wanted) = (self.now.namespaces.get(name), self.wanted.namespaces.get(name));
            let from = now.and_then(|found| found.position);
            let to = wanted.and_then(|wanted| wanted.position);
            moves.push((Thing::Namespace(name.clone()), from, to, new_names.contains(name)));
        }
        for (at, wanted) in self.wanted.interfaces().filter(|(_, wanted)| wanted.bridge_settings().is_some())
        {
            let from = self.now.interface(&at).and_then(|found| found.position);
            let is_new = new_bridges.contains(&at);
            moves.push((Thing::Bridge(at), from, wanted.position, is_new));
        }
        for (thing, from, to, is_new) in moves {
            let has_place = from.is_some() || (is_new && self.is_drawn);
            if has_place && to.is_some() && from != to {
                self.take(Step::Move { thing, from, to });
            }
        }
    }
}
