//! How large everything will be, as the stage's layout says, and what is cabled to what.

use std::collections::{BTreeMap, BTreeSet};

use emath::{Pos2, Rect, Vec2, vec2};
use topology::{
    Lab, Namespace, NamespaceName, Place, Position, Thing,
    shape::{Link, Shape},
};

use super::{
    Arrival,
    group::{point, position},
    owner,
};
use crate::model::stage::layout::{Layout, Lines};

pub(super) struct Measured<'a> {
    pub(super) lab: &'a Lab,
    pub(super) arrival: Arrival,
    pub(super) shape: Shape,
    /// As many lines in each table as playing will need.
    pub(super) lines: Lines,
    joints: BTreeMap<Thing, BTreeSet<Thing>>,
    /// Of all that is drawn.
    rooms: BTreeMap<NamespaceName, Vec2>,
    switches: BTreeMap<Place, Switch>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Switch {
    pub(super) size: Vec2,
    /// With what it has learned: below it, or beside it.
    pub(super) with_learned: Vec2,
}

impl Switch {
    /// Its cables leave it downwards as well, and what it has learned stands beside it.
    pub(super) fn is_long(self) -> bool {
        self.size.x + 1.0 < self.with_learned.x
    }
}

impl<'a> Measured<'a> {
    pub(super) fn of(lab: &'a Lab) -> Self {
        Self::in_order(lab, &Arrival::default())
    }

    pub(super) fn in_order(lab: &'a Lab, arrival: &Arrival) -> Self {
        let shape = Shape::of(lab);
        let lines = lines(lab, &shape);
        let layout = Layout::of(&spread_out(lab), &lines);
        let rooms = layout.rooms.iter().map(|(name, room)| (name.clone(), room.rect.size().ceil()));
        let switches = layout.switches.iter().map(|(at, plan)| {
            let with_learned = plan.rect.union(plan.learned).size().ceil();
            (at.clone(), Switch { size: plan.rect.size().ceil(), with_learned })
        });
        Self {
            joints: joints(&shape),
            rooms: rooms.collect(),
            switches: switches.collect(),
            lab,
            arrival: arrival.clone(),
            shape,
            lines,
        }
    }

    pub(super) fn is_drawn(&self, name: &NamespaceName) -> bool {
        self.rooms.contains_key(name)
    }

    pub(super) fn is_house(&self, name: &NamespaceName) -> bool {
        self.bridges_of(name).next().is_some()
    }

    pub(super) fn drawn(&self) -> impl Iterator<Item = &NamespaceName> {
        self.rooms.keys()
    }

    pub(super) fn bridges_of(&self, name: &NamespaceName) -> impl Iterator<Item = &Place> {
        let found = self.lab.namespaces.get(name).into_iter().flat_map(|found| &found.interfaces);
        let bridges = found.filter(|(_, found)| found.bridge_settings().is_some());
        bridges.filter_map(|(interface, _)| {
            let at = Place::new(name.clone(), interface.clone());
            self.switches.get_key_value(&at).map(|(at, _)| at)
        })
    }

    /// Of a room that is no house.
    pub(super) fn room_size(&self, name: &NamespaceName) -> Vec2 {
        self.rooms.get(name).copied().unwrap_or_default()
    }

    pub(super) fn switch(&self, bridge: &Place) -> Switch {
        let nothing = Switch { size: Vec2::ZERO, with_learned: Vec2::ZERO };
        self.switches.get(bridge).copied().unwrap_or(nothing)
    }

    /// What is at the other ends of a thing's cables.
    pub(super) fn joined_to<'s>(&'s self, thing: &Thing) -> impl Iterator<Item = &'s Thing> + use<'s, 'a> {
        self.joints.get(thing).into_iter().flatten()
    }

    /// What a namespace, with all the bridges in it, is cabled to.
    pub(super) fn neighbours_of(&self, name: &NamespaceName) -> BTreeSet<NamespaceName> {
        let bridges = self.bridges_of(name).cloned().map(Thing::Bridge);
        let own: Vec<Thing> = bridges.chain([Thing::Namespace(name.clone())]).collect();
        let others = own.iter().flat_map(|thing| self.joined_to(thing)).map(owner);
        others.filter(|other| *other != name && self.is_drawn(other)).cloned().collect()
    }

    /// The rectangle of a house in which only these bridges stand, with nothing in its way but the rooms among `others`:
    /// it makes way for them.
    pub(super) fn house(
        &self,
        name: &NamespaceName,
        bridges: &BTreeMap<Place, Pos2>,
        corner: Option<Position>,
        others: &BTreeMap<NamespaceName, Rect>,
    ) -> Rect {
        /// So far from its switches a house may reach.
        const REACH: Vec2 = vec2(440.0, 320.0);
        let Some(found) = self.lab.namespaces.get(name) else { return Rect::NOTHING };
        let mut found = found.clone();
        found.position = corner;
        found.interfaces.retain(|interface, found| {
            let Some(at) = found.bridge_settings().map(|_| Place::new(name.clone(), interface.clone()))
            else {
                return true;
            };
            found.position = bridges.get(&at).map(|place| position(*place));
            found.position.is_some()
        });
        let mut alone = Lab::default();
        alone.namespaces.insert(name.clone(), found);
        let own = bridges.iter().filter(|(at, _)| at.namespace == *name);
        let around = own
            .fold(Rect::NOTHING, |all, (at, min)| all.union(Rect::from_min_size(*min, self.switch(at).size)));
        let near = others.iter().filter(|(_, rect)| around.expand2(REACH).intersects(**rect));
        for (other, rect) in near.filter(|(other, _)| *other != name && !self.is_house(other)) {
            if let Some(room) = self.lab.namespaces.get(other) {
                let room = Namespace { position: Some(position(rect.min)), ..room.clone() };
                alone.namespaces.insert(other.clone(), room);
            }
        }
        Layout::of(&alone, &self.lines).rooms.get(name).map_or(Rect::NOTHING, |room| room.rect)
    }

    /// Where the bridges of a house stand that have a position.
    pub(super) fn placed_bridges(&self, name: &NamespaceName) -> BTreeMap<Place, Pos2> {
        let placed = self.bridges_of(name).filter_map(|at| {
            let position = self.lab.interface(at)?.position?;
            Some((at.clone(), point(position)))
        });
        placed.collect()
    }
}

/// Which things are joined by a cable; each pair once.
pub(super) fn joined_things(lab: &Lab) -> BTreeSet<(Thing, Thing)> {
    let mut joined = BTreeSet::new();
    for (one, others) in joints(&Shape::of(lab)) {
        joined.extend(others.into_iter().filter(|other| one < *other).map(|other| (one.clone(), other)));
    }
    joined
}

fn joints(shape: &Shape) -> BTreeMap<Thing, BTreeSet<Thing>> {
    let graph = shape.graph();
    let mut joints: BTreeMap<Thing, BTreeSet<Thing>> = BTreeMap::new();
    for edge in graph.edge_indices() {
        let (Some(Link::Cable(_)), Some((one, other))) =
            (graph.edge_weight(edge), graph.edge_endpoints(edge))
        else {
            continue;
        };
        let (one, other) = (graph[one].clone(), graph[other].clone());
        joints.entry(one.clone()).or_default().insert(other.clone());
        joints.entry(other).or_default().insert(one);
    }
    joints
}

/// Tables grow while it is played: a room will know its neighbours, and a switch who is behind its ports.
fn lines(lab: &Lab, shape: &Shape) -> Lines {
    let mut hosts: BTreeMap<&Place, usize> = BTreeMap::new();
    for domain in shape.broadcast_domains() {
        let has_address = |at: &&Place| lab.interface(at).is_some_and(|found| !found.addresses.is_empty());
        let count = domain.iter().filter(has_address).count();
        hosts.extend(domain.iter().map(|at| (at, count)));
    }
    let mut neighbours: BTreeMap<NamespaceName, usize> = BTreeMap::new();
    for (at, _) in lab.interfaces().filter(|(_, found)| !found.addresses.is_empty()) {
        let others = hosts.get(&at).map_or(0, |count| count.saturating_sub(1));
        *neighbours.entry(at.namespace).or_default() += others;
    }
    Lines::counted(lab, &|name| neighbours.get(name).copied().unwrap_or(1), &|bridge| {
        hosts.get(bridge).copied().unwrap_or(1)
    })
}

/// Everything far from everything else, without cables: to measure it.
fn spread_out(lab: &Lab) -> Lab {
    const COLUMNS: i32 = 20;
    const APART: i32 = 480;
    let mut lab = Lab { namespaces: lab.namespaces.clone(), ..Lab::default() };
    let mut switches = 0;
    for (i, namespace) in (0..).zip(lab.namespaces.values_mut()) {
        namespace.position = Some(Position { x: i % COLUMNS * APART, y: i / COLUMNS * APART });
        for found in namespace.interfaces.values_mut().filter(|found| found.bridge_settings().is_some()) {
            // Above the rooms, one below the other: switches may be very long.
            switches += 1;
            found.position = Some(Position { x: 0, y: -APART * switches });
        }
    }
    lab
}
