//! Where things stand: rooms, switches, sockets, cables.

mod cables;
mod curve;
mod edges;
pub(crate) mod labels;
mod lines;
mod near;
mod place;
mod room;
mod route;
mod switch;
mod tangles;
#[cfg(test)]
pub(crate) mod tests;
mod untangle;
mod wires;

use std::collections::{BTreeMap, BTreeSet};

use emath::{Pos2, Rect, Vec2, pos2, vec2};
use topology::{Cable, InterfaceKind, Lab, NamespaceName, Place};

use self::{
    cables::{Gate, Obstacles},
    edges::{Edge, End},
    labels::Unnamed,
    place::Standing,
    wires::Wires,
};

pub(crate) use self::curve::on_piece;
pub(super) use self::place::{is_drawn, is_house};
pub use self::{
    curve::Curve,
    labels::{LABEL_CHARACTER, LABEL_HEIGHT, label_rect},
    lines::{Lines, MOST_LEARNED, MOST_NEIGHBOURS, MOST_ROUTES},
    room::{LARGE_LINE, PLATE_HEIGHT, ROOM_PAD, SMALL_LINE, TABLE_ROW, TABLE_TITLE, address_scale},
    wires::Owner,
};

/// A lab's geometry, in canvas points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    pub rooms: BTreeMap<NamespaceName, RoomPlan>,
    pub switches: BTreeMap<Place, SwitchPlan>,
    /// Cable ends, by interface.
    pub sockets: BTreeMap<Place, Socket>,
    pub cables: BTreeMap<Cable, Curve>,
    /// What frames need to know of each socket, at one look.
    pub ends: BTreeMap<Place, EndPlan>,
    /// Everything, with its labels.
    pub bounds: Option<Rect>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RoomPlan {
    pub rect: Rect,
    /// The name plate; a house (with bridges inside) has none, and its name stands in its corner: this is its header.
    pub plate: Rect,
    pub is_house: bool,
    /// Address lines, one below the other, [`LARGE_LINE`] or [`SMALL_LINE`] high.
    /// Of a house without addresses this and the tables are empty.
    pub addresses: Rect,
    /// [`TABLE_TITLE`], then rows of [`TABLE_ROW`].
    pub neighbours: Rect,
    pub routes: Rect,
    /// What stands in `addresses`; `true`: large.
    pub address_lines: Vec<(String, bool)>,
    /// All routes: where to, and by which way. There may be more than fit.
    pub route_rows: Vec<(String, String)>,
    pub forwards: bool,
    /// It has IPv6 addresses, so that its neighbours are found by more than ARP.
    pub has_ipv6: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SwitchPlan {
    pub rect: Rect,
    /// In the order of port numbers; `None`: nothing is plugged in.
    pub ports: Vec<(Rect, Option<Place>)>,
    /// What it has learned.
    pub learned: Rect,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Socket {
    /// Where the cable begins, on the edge.
    pub at: Pos2,
    /// Away from its owner, length 1.
    pub outward: Vec2,
    /// Where the interface's name is written (the middle of its height), and whether to the left of, at, or right of
    /// that point (-1, 0, 1).
    pub label: Pos2,
    pub label_side: i8,
    /// False where there is no place for the name that is not taken.
    pub is_labelled: bool,
    /// What it is, where it is no cable's end: a small word behind the name.
    pub kind: Option<&'static str>,
}

/// A veth end: what it belongs to, and its cable.
#[derive(Clone, Debug, PartialEq)]
pub struct EndPlan {
    pub owner: Owner,
    /// The owner's rectangle.
    pub body: Rect,
    pub socket: Socket,
    pub is_up: bool,
    /// Its place in the order of [`Layout::cables`], its curve, and whether the curve begins here.
    pub wire: Option<(usize, Curve, bool)>,
    /// The names of interfaces that a frame in front of it could cover.
    pub names: Vec<Rect>,
}

/// Around a house's name, which cables and labels keep off.
const HEADER_TEXT_HEIGHT: f32 = 24.0;
const HEADER_CHARACTER: f32 = 8.0;

impl Layout {
    /// Things without a position are placed beside what they are connected to. Always the same for the same lab.
    pub fn of(lab: &Lab, lines: &Lines) -> Self {
        let wires = Wires::of(lab);
        let mut standing = place::stand(lab, lines, &wires);
        plug_in(&mut standing, &wires);
        let mut solid = standing.solid.clone();
        solid.extend(headers(&standing));
        let obstacles = Obstacles::new(solid);

        let (cables, ends) = cable_ends(&standing, &wires);
        let (gates, curves) = untangle::laid(&ends, &obstacles);

        let mut unnamed = Vec::new();
        for (cable, pair) in cables.iter().zip(&gates) {
            for (i, at) in cable.ends().iter().enumerate() {
                unnamed.push(Unnamed {
                    at: at.clone(),
                    gate: pair[i],
                    aim: Some(pair[1 - i].at),
                    kind: None,
                });
            }
        }
        unnamed.extend(loose_ends(lab, &standing, &wires, &unnamed));
        unnamed.iter_mut().for_each(|socket| socket.kind = kind_of(lab, &socket.at));
        let sockets = labels::name(unnamed, &obstacles.solid, &curves);
        let mut layout = Self {
            rooms: standing.rooms,
            switches: standing.switches,
            sockets: sockets.into_iter().collect(),
            cables: cables.into_iter().cloned().zip(curves).collect(),
            ends: BTreeMap::new(),
            bounds: None,
        };
        layout.ends = layout.ends_of(lab, &wires);
        layout.bounds = layout.bounding();
        layout
    }

    /// The number on a port.
    pub fn port_number(&self, bridge: &Place, port: &Place) -> Option<usize> {
        let ports = &self.switches.get(bridge)?.ports;
        Some(ports.iter().position(|(_, at)| at.as_ref() == Some(port))? + 1)
    }

    fn ends_of(&self, lab: &Lab, wires: &Wires<'_>) -> BTreeMap<Place, EndPlan> {
        let mut plugged: BTreeMap<&Place, (usize, &Curve, bool)> = BTreeMap::new();
        for (i, (cable, curve)) in self.cables.iter().enumerate() {
            let [one, other] = cable.ends();
            plugged.insert(one, (i, curve, true));
            plugged.insert(other, (i, curve, false));
        }
        let names = labels::Names::of(&self.sockets);
        let ends = self.sockets.iter().filter_map(|(at, socket)| {
            let owner = wires.owner(at);
            let body = match &owner {
                Owner::Room(name) => self.rooms.get(name)?.rect,
                Owner::Switch(bridge) => self.switches.get(bridge)?.rect,
            };
            let is_up = lab.interface(at).is_some_and(|found| found.up);
            let wire = plugged.get(at).map(|(i, curve, begins)| (*i, (*curve).clone(), *begins));
            let names = names.before(socket);
            Some((at.clone(), EndPlan { owner, body, socket: *socket, is_up, wire, names }))
        });
        ends.collect()
    }

    fn bounding(&self) -> Option<Rect> {
        let mut bounds = Rect::NOTHING;
        self.rooms.values().for_each(|room| bounds = bounds.union(room.rect));
        self.switches.values().for_each(|switch| bounds = bounds.union(switch.rect).union(switch.learned));
        for (at, socket) in &self.sockets {
            bounds = bounds.union(labels::plug_rect(socket.at, socket.outward));
            if socket.is_labelled {
                bounds = bounds.union(labels::label_rect(at, socket));
            }
        }
        for curve in self.cables.values() {
            curve.flatten(2.0).into_iter().for_each(|point| bounds.extend_with(point));
        }
        bounds.is_positive().then_some(bounds)
    }
}

/// Gives each port of each switch its slot.
fn plug_in(standing: &mut Standing, wires: &Wires<'_>) {
    let center = |end: &Place| match wires.owner(end) {
        Owner::Room(name) => standing.rooms.get(&name).map(|room| room.rect.center()),
        Owner::Switch(bridge) => standing.switches.get(&bridge).map(|switch| switch.rect.center()),
    };
    let mut all = Vec::new();
    for (bridge, plan) in &standing.switches {
        let plugged = wires
            .ports(bridge)
            .iter()
            .map(|at| switch::Plugged { at: at.clone(), peer: wires.peer(at).and_then(center) });
        all.push((bridge.clone(), switch::ports(bridge, plan.rect, plugged.collect())));
    }
    for (bridge, ports) in all {
        if let Some(plan) = standing.switches.get_mut(&bridge) {
            plan.ports = ports;
        }
    }
}

/// The houses' names.
fn headers(standing: &Standing) -> impl Iterator<Item = Rect> + '_ {
    standing.rooms.iter().filter(|(_, room)| room.is_house).map(|(name, room)| {
        let words = if name.is_host() { " the machine itself" } else { " namespace" };
        let characters = name.as_str().chars().count() + words.len();
        let size = vec2(characters as f32 * HEADER_CHARACTER, HEADER_TEXT_HEIGHT);
        Rect::from_min_size(room.rect.min + vec2(14.0, 8.0), size)
    })
}

/// The cables that can be drawn, and what their ends belong to.
fn cable_ends<'a>(standing: &Standing, wires: &Wires<'a>) -> (Vec<&'a Cable>, Vec<[End; 2]>) {
    let mut gates: BTreeMap<&Place, Gate> = BTreeMap::new();
    for plan in standing.switches.values() {
        for (rect, at) in &plan.ports {
            let Some(at) = at else { continue };
            gates.insert(at, port_gate(*rect, plan, peer_center(standing, wires, at)));
        }
    }
    let end = |at: &Place| match gates.get(at) {
        Some(gate) => Some(End::Port(*gate)),
        None => {
            let room = standing.rooms.get(&at.namespace)?;
            let (of, at) = (at.namespace.clone(), at.clone());
            Some(End::Room { of, at, rect: room.rect, is_house: room.is_house })
        }
    };
    let both = wires.cables.iter().filter_map(|cable| {
        let [one, other] = cable.ends();
        Some((*cable, [end(one)?, end(other)?]))
    });
    both.unzip()
}

/// The word for a plain interface.
fn kind_of(lab: &Lab, at: &Place) -> Option<&'static str> {
    match lab.interface(at)?.kind {
        InterfaceKind::Other(kind) => Some(kind.as_str()),
        InterfaceKind::Loopback | InterfaceKind::VethEnd | InterfaceKind::Bridge(_) => None,
    }
}

fn peer_center(standing: &Standing, wires: &Wires<'_>, at: &Place) -> Option<Pos2> {
    let peer = wires.peer(at)?;
    match wires.owner(peer) {
        Owner::Room(name) => Some(standing.rooms.get(&name)?.rect.center()),
        Owner::Switch(bridge) => Some(standing.switches.get(&bridge)?.rect.center()),
    }
}

fn port_gate(port: Rect, plan: &SwitchPlan, peer: Option<Pos2>) -> Gate {
    let is_below = switch::leaves_downwards(plan.rect, plan.ports.len(), peer);
    let (y, outward) = if is_below { (port.bottom(), 1.0) } else { (port.top(), -1.0) };
    Gate { at: pos2(port.center().x, y), outward: vec2(0.0, outward), own: Some(plan.rect) }
}

/// Veth ends and ports without a cable that is drawn: ports have their slot, the others sit on an edge that is free.
fn loose_ends(lab: &Lab, standing: &Standing, wires: &Wires<'_>, plugged: &[Unnamed]) -> Vec<Unnamed> {
    let known: BTreeSet<&Place> = plugged.iter().map(|socket| &socket.at).collect();
    let mut loose = Vec::new();
    for plan in standing.switches.values() {
        for (rect, at) in &plan.ports {
            if let Some(at) = at.as_ref().filter(|at| !known.contains(at)) {
                loose.push(Unnamed {
                    at: at.clone(),
                    gate: port_gate(*rect, plan, None),
                    aim: None,
                    kind: None,
                });
            }
        }
    }
    let mut of_rooms: BTreeMap<NamespaceName, Vec<Place>> = BTreeMap::new();
    for at in wires::ends(lab, wires).filter(|at| !known.contains(at)) {
        of_rooms.entry(at.namespace.clone()).or_default().push(at);
    }
    for (name, ends) in of_rooms {
        let Some(room) = standing.rooms.get(&name) else { continue };
        let used: Vec<Vec2> = plugged
            .iter()
            .filter(|at| at.at.namespace == name && at.gate.own.is_none())
            .map(|at| at.gate.outward)
            .collect();
        let edges = [Edge::Bottom, Edge::Right, Edge::Left, Edge::Top];
        let edge = edges.into_iter().find(|edge| !used.contains(&edge.outward())).unwrap_or(Edge::Top);
        let count = ends.len() as f32;
        for (rank, at) in ends.into_iter().enumerate() {
            let point = edge.point(room.rect, (rank as f32 + 1.0) / (count + 1.0)).round();
            loose.push(Unnamed {
                at,
                gate: Gate { at: point, outward: edge.outward(), own: None },
                aim: None,
                kind: None,
            });
        }
    }
    loose
}
