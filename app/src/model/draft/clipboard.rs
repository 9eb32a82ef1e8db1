//! Cut, copy, paste, duplicate: namespaces, bridges, and the cables between them.

use std::collections::{BTreeMap, BTreeSet};

use topology::{Cable, Interface, InterfaceName, Lab, Namespace, NamespaceName, Place, Position, Thing};

use super::{Edited, connect, naming, proposal};
use crate::model::act::Item;

/// Where a duplicate stands beside what it is a copy of, in canvas points.
const BESIDE: i32 = 40;

/// A part of a lab. Cables with one end outside are not in it.
#[derive(Clone, Debug, Default)]
pub struct Clipboard {
    namespaces: BTreeMap<NamespaceName, Namespace>,
    /// Bridges that were taken without their namespace.
    bridges: BTreeMap<Place, Interface>,
    cables: BTreeSet<Cable>,
    /// The cables' ends, as they were: a cut takes them away with their cables.
    ends: BTreeMap<Place, Interface>,
}

impl Clipboard {
    pub fn of(lab: &Lab, selection: &BTreeSet<Item>) -> Self {
        let mut taken = Self::default();
        for item in selection {
            match item {
                Item::Thing(Thing::Namespace(name)) => {
                    let found = lab.namespaces.get(name);
                    taken.namespaces.extend(found.map(|found| (name.clone(), found.clone())));
                }
                Item::Thing(Thing::Bridge(at)) => {
                    // Under a bridge's name there may be something else by now.
                    let found = lab.interface(at).filter(|found| found.bridge_settings().is_some());
                    taken.bridges.extend(found.map(|found| (at.clone(), found.clone())));
                }
                Item::Cable(_) | Item::Interface(_) => {}
            }
        }
        // The host exists once: only its bridges can be copied.
        taken.namespaces.remove(&NamespaceName::host());
        taken.bridges.retain(|at, _| !taken.namespaces.contains_key(&at.namespace));
        let is_inside =
            |end: &Place| taken.namespaces.contains_key(&end.namespace) || taken.has_port(lab, end);
        taken.cables =
            lab.cables.iter().filter(|cable| cable.ends().iter().all(is_inside)).cloned().collect();
        let ends = taken.cables.iter().flat_map(|cable| cable.ends());
        taken.ends = ends.filter_map(|end| Some((end.clone(), lab.interface(end)?.clone()))).collect();
        taken.drop_loose_ends();
        taken
    }

    fn has_port(&self, lab: &Lab, end: &Place) -> bool {
        let bridge = lab.interface(end).and_then(|found| found.bridge.clone());
        bridge.is_some_and(|bridge| self.bridges.contains_key(&Place::new(end.namespace.clone(), bridge)))
    }

    /// Interfaces whose cable is not in the copy are not in it either.
    fn drop_loose_ends(&mut self) {
        let plugged: BTreeSet<&Place> = self.cables.iter().flat_map(|cable| cable.ends()).collect();
        for (name, namespace) in &mut self.namespaces {
            namespace.interfaces.retain(|interface, found| {
                found.bridge_settings().is_some()
                    || interface.is_loopback()
                    || plugged.contains(&Place::new(name.clone(), interface.clone()))
            });
        }
    }

    /// The copies' middle comes to `at`.
    pub fn paste(&self, lab: &mut Lab, at: Position) -> Result<Edited, String> {
        let corners: Vec<Position> = self.positions().collect();
        let middle = |values: Vec<i32>| {
            let (low, high) = (values.iter().min().copied(), values.iter().max().copied());
            low.zip(high).map_or(0, |(low, high)| i32::midpoint(low, high))
        };
        let centre = (
            middle(corners.iter().map(|corner| corner.x).collect()),
            middle(corners.iter().map(|corner| corner.y).collect()),
        );
        self.put(lab, (at.x.saturating_sub(centre.0), at.y.saturating_sub(centre.1)), "Paste")
    }

    pub fn duplicate(&self, lab: &mut Lab) -> Result<Edited, String> {
        self.put(lab, (BESIDE, BESIDE), "Duplicate")
    }

    fn positions(&self) -> impl Iterator<Item = Position> + '_ {
        let rooms = self.namespaces.values().filter_map(|found| found.position);
        rooms.chain(self.bridges.values().filter_map(|found| found.position))
    }

    fn put(&self, lab: &mut Lab, by: (i32, i32), verb: &str) -> Result<Edited, String> {
        if self.namespaces.is_empty() && self.bridges.is_empty() {
            return Err("Nothing was copied: select namespaces or bridges first".into());
        }
        let mut copied = Copied { lab, by, names: BTreeMap::new(), places: BTreeMap::new() };
        let mut made: Vec<Item> = Vec::new();
        for (name, namespace) in &self.namespaces {
            made.push(Item::Thing(Thing::Namespace(copied.namespace(name, namespace))));
        }
        for (at, bridge) in &self.bridges {
            made.push(Item::Thing(Thing::Bridge(copied.bridge(at, bridge))));
        }
        for cable in &self.cables {
            copied.cable(cable, self);
        }
        let places = copied.places;
        // Addresses come last, when all is plugged in: then it shows which subnet each is in.
        let had_address =
            |original: &Place| self.interface(original).is_some_and(|it| !it.addresses.is_empty());
        for (_, copy) in places.iter().filter(|(original, _)| had_address(original)) {
            if let Some(address) = proposal::address_for(lab, copy)
                && let Some(interface) = lab.interface_mut(copy)
            {
                interface.addresses.insert(address);
            }
        }
        let had_way_out = |original: &Place| {
            let routes = self.namespaces.get(&original.namespace).map(|found| &found.routes);
            routes.is_some_and(|routes| routes.iter().any(|route| route.to.prefix_len() == 0))
        };
        for (_, copy) in places.iter().filter(|(original, _)| had_way_out(original)) {
            connect::propose_gateway(lab, copy);
        }
        let words = format!("{verb} {} {}", made.len(), if made.len() == 1 { "thing" } else { "things" });
        Ok(Edited::new(words).selecting(made))
    }

    /// As it was when it was copied.
    fn interface(&self, at: &Place) -> Option<&Interface> {
        let inside = self.namespaces.get(&at.namespace).and_then(|found| found.interfaces.get(&at.interface));
        inside.or_else(|| self.bridges.get(at)).or_else(|| self.ends.get(at))
    }
}

/// A copy in the making: what each original is called in it.
struct Copied<'a> {
    lab: &'a mut Lab,
    by: (i32, i32),
    names: BTreeMap<NamespaceName, NamespaceName>,
    places: BTreeMap<Place, Place>,
}

impl Copied<'_> {
    fn moved(&self, position: Option<Position>) -> Option<Position> {
        position.map(|at| Position { x: at.x.saturating_add(self.by.0), y: at.y.saturating_add(self.by.1) })
    }

    /// The copied namespace; else the same one as before, or the host where that is gone.
    fn home_of(&self, at: &Place) -> NamespaceName {
        let copy = self.names.get(&at.namespace);
        let same = Some(&at.namespace).filter(|name| self.lab.namespaces.contains_key(*name));
        copy.or(same).cloned().unwrap_or_else(NamespaceName::host)
    }

    /// Without its cables, which come later; with fresh names for its bridges.
    fn namespace(&mut self, name: &NamespaceName, original: &Namespace) -> NamespaceName {
        let fresh = naming::like_namespace(self.lab, name);
        let mut copy = Namespace {
            position: self.moved(original.position),
            interfaces: BTreeMap::new(),
            ..original.clone()
        };
        // Routes and rules speak of interfaces by names that the copy does not have.
        copy.routes.clear();
        copy.firewall = Default::default();
        self.lab.namespaces.insert(fresh.clone(), copy);
        self.names.insert(name.clone(), fresh.clone());
        for (interface, found) in &original.interfaces {
            if found.bridge_settings().is_some() {
                self.bridge(&Place::new(name.clone(), interface.clone()), found);
            }
        }
        fresh
    }

    fn bridge(&mut self, at: &Place, original: &Interface) -> Place {
        let namespace = self.home_of(at);
        let copy = Interface {
            position: self.moved(original.position),
            mac: None,
            addresses: BTreeSet::new(),
            neighbours: BTreeSet::new(),
            ..original.clone()
        };
        let name = naming::bridge(self.lab);
        let place = Place::new(namespace, name);
        self.insert(&place, copy);
        self.places.insert(at.clone(), place.clone());
        place
    }

    fn cable(&mut self, cable: &Cable, from: &Clipboard) {
        let [one, other] = cable.ends();
        let one = self.end(one, from);
        let other = self.end(other, from);
        self.lab.cables.insert(Cable::new(one, other));
    }

    fn end(&mut self, at: &Place, from: &Clipboard) -> Place {
        let namespace = self.home_of(at);
        let original =
            from.ends.get(at).cloned().unwrap_or_else(|| Interface::new(topology::InterfaceKind::VethEnd));
        let bridge = original.bridge.as_ref().and_then(|bridge| {
            self.places
                .get(&Place::new(at.namespace.clone(), bridge.clone()))
                .map(|place| place.interface.clone())
        });
        let name = self.name_like(&at.interface, &at.namespace, &namespace);
        let copy = Interface {
            mac: None,
            bridge,
            addresses: BTreeSet::new(),
            neighbours: BTreeSet::new(),
            ..original
        };
        let place = Place::new(namespace, name);
        self.insert(&place, copy);
        self.places.insert(at.clone(), place.clone());
        place
    }

    /// `veth-red` in `red` becomes `veth-blue` in its copy `blue`; else a number tells them apart.
    fn name_like(&self, name: &InterfaceName, old: &NamespaceName, new: &NamespaceName) -> InterfaceName {
        let wish = match name.as_str().strip_suffix(old.as_str()) {
            Some(stem) if old != new => format!("{stem}{new}"),
            _ => name.to_string(),
        };
        naming::cable_end(self.lab, &wish)
    }

    fn insert(&mut self, at: &Place, interface: Interface) {
        let namespace = self.lab.namespaces.entry(at.namespace.clone()).or_default();
        namespace.interfaces.insert(at.interface.clone(), interface);
    }
}
