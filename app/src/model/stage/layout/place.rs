//! Where rooms, switches and houses stand.

use std::collections::BTreeMap;

use emath::{Pos2, Rect, Vec2, pos2, vec2};
use topology::{InterfaceKind, Lab, Namespace, NamespaceName, Place, Position};

use super::{
    super::sizes::{HOUSE_HEADER, HOUSE_PAD, LEARNED_HEIGHT, SWITCH_WIDTH},
    Lines, RoomPlan, SwitchPlan,
    near::{Near, overlap},
    room, switch,
    wires::{Owner, Wires},
};

/// From a house's upper edge to its first switch: its name, then what is said above the switch.
pub(super) const HOUSE_ABOVE: f32 = HOUSE_HEADER + 52.0;
const HOUSE_BELOW: f32 = 16.0;
const HOUSE_BESIDE_TABLES: f32 = 16.0;
const BELOW_SWITCH: f32 = 10.0;
/// Between things that the layout places by itself: room for cables and their labels.
const GAP: f32 = 72.0;

/// Everything that has a rectangle.
#[derive(Default)]
pub(super) struct Standing {
    pub(super) rooms: BTreeMap<NamespaceName, RoomPlan>,
    pub(super) switches: BTreeMap<Place, SwitchPlan>,
    /// What cables, labels and later things keep off: all but houses.
    pub(super) solid: Vec<Rect>,
}

pub(super) fn stand(lab: &Lab, lines: &Lines, wires: &Wires<'_>) -> Standing {
    let mut builder = Builder {
        lab,
        lines,
        wires,
        out: Standing::default(),
        taken: Near::default(),
        rings: BTreeMap::new(),
    };
    let (houses, rooms): (Vec<_>, Vec<_>) = lab
        .namespaces
        .iter()
        .filter(|(name, namespace)| is_drawn(name, namespace))
        .partition(|(_, namespace)| is_house(namespace));
    let (placed, free): (Vec<_>, Vec<_>) = rooms.into_iter().partition(|(_, room)| room.position.is_some());
    for (name, namespace) in placed {
        let at = namespace.position.map_or(Pos2::ZERO, point);
        builder.add_room(name, namespace, at);
    }
    builder.placed_switches(&houses);
    for (name, namespace) in houses {
        builder.add_house(name, namespace);
    }
    for (name, namespace) in free {
        let size = room::size(name, namespace, lines);
        let at = builder.free_spot(size, builder.middle_of_peers(name));
        builder.add_room(name, namespace, at);
    }
    builder.out
}

/// The machine itself is not drawn where it has nothing to show.
pub(in crate::model::stage) fn is_drawn(name: &NamespaceName, namespace: &Namespace) -> bool {
    let real =
        |found: &topology::Interface| found.kind != InterfaceKind::Loopback || !found.addresses.is_empty();
    !name.is_host() || namespace.interfaces.values().any(real)
}

pub(in crate::model::stage) fn is_house(namespace: &Namespace) -> bool {
    bridges(namespace).next().is_some()
}

fn bridges(namespace: &Namespace) -> impl Iterator<Item = (&topology::InterfaceName, &topology::Interface)> {
    namespace.interfaces.iter().filter(|(_, found)| found.bridge_settings().is_some())
}

fn point(position: Position) -> Pos2 {
    pos2(position.x as f32, position.y as f32)
}

struct Builder<'a> {
    lab: &'a Lab,
    lines: &'a Lines,
    wires: &'a Wires<'a>,
    out: Standing,
    taken: Near,
    /// How far out the places around a point are taken.
    rings: BTreeMap<(i32, i32), i32>,
}

impl Builder<'_> {
    fn add_room(&mut self, name: &NamespaceName, namespace: &Namespace, at: Pos2) {
        let plan = room::plan(name, namespace, self.lines, at);
        self.solid(plan.rect);
        self.out.rooms.insert(name.clone(), plan);
    }

    fn solid(&mut self, rect: Rect) {
        self.taken.add(rect);
        self.out.solid.push(rect);
    }

    /// Switches with a place come first: what has none goes around them.
    fn placed_switches(&mut self, houses: &[(&NamespaceName, &Namespace)]) {
        for (name, namespace) in houses {
            for (interface, found) in bridges(namespace) {
                if let Some(position) = found.position {
                    self.add_switch(&Place::new((*name).clone(), interface.clone()), point(position));
                }
            }
        }
    }

    fn add_switch(&mut self, bridge: &Place, at: Pos2) {
        let rect = Rect::from_min_size(at, switch::size(bridge, self.wires.ports(bridge).len()));
        self.solid(rect);
        let plan = SwitchPlan { rect, ports: Vec::new(), learned: Rect::NOTHING };
        self.out.switches.insert(bridge.clone(), plan);
    }

    fn add_house(&mut self, name: &NamespaceName, namespace: &Namespace) {
        let all: Vec<Place> =
            bridges(namespace).map(|(interface, _)| Place::new(name.clone(), interface.clone())).collect();
        for bridge in &all {
            if !self.out.switches.contains_key(bridge) {
                let at = self.spot_in_house(name, namespace, bridge);
                self.add_switch(bridge, at);
            }
        }
        let mut rect = Rect::NOTHING;
        for bridge in &all {
            let learned = self.spot_for_learned(bridge);
            self.solid(learned);
            if let Some(plan) = self.out.switches.get_mut(bridge) {
                plan.learned = learned;
                let around = Rect::from_min_max(
                    plan.rect.min - vec2(HOUSE_PAD, HOUSE_ABOVE),
                    plan.rect.max + vec2(HOUSE_PAD, HOUSE_BELOW),
                );
                let beside = vec2(HOUSE_BESIDE_TABLES, HOUSE_BELOW);
                rect = rect.union(around).union(learned.expand2(beside));
            }
        }
        let mut plan = self.house_tables(name, namespace, rect);
        let own = plan.addresses.union(plan.neighbours).union(plan.routes);
        if own.is_positive() {
            rect = rect.union(own.expand2(vec2(HOUSE_PAD, HOUSE_BELOW)));
        }
        if let Some(position) = namespace.position {
            rect.min = rect.min.min(point(position));
        }
        plan.rect = rect;
        plan.plate = Rect::from_min_size(rect.min, vec2(rect.width(), HOUSE_HEADER));
        self.taken.add(rect);
        self.out.rooms.insert(name.clone(), plan);
    }

    /// A switch without a place stands below its sisters, or where its house is, or near what it is connected to.
    fn spot_in_house(&self, name: &NamespaceName, namespace: &Namespace, bridge: &Place) -> Pos2 {
        let size = switch::size(bridge, self.wires.ports(bridge).len());
        let mut sisters = Rect::NOTHING;
        for (at, plan) in &self.out.switches {
            if at.namespace == *name {
                sisters = sisters.union(plan.rect);
            }
        }
        let step = LEARNED_HEIGHT + GAP;
        let start = match (sisters.is_positive(), namespace.position) {
            (true, _) => pos2(sisters.left(), sisters.bottom() + step),
            (false, Some(position)) => point(position) + vec2(HOUSE_PAD, HOUSE_ABOVE),
            (false, None) => {
                let around = vec2(2.0 * HOUSE_PAD, HOUSE_ABOVE + LEARNED_HEIGHT + 2.0 * HOUSE_BELOW);
                let ports = self.wires.ports(bridge).iter();
                let corner = self.free_spot_now(size + around, self.middle_of(ports));
                return corner + vec2(HOUSE_PAD, HOUSE_ABOVE);
            }
        };
        let fits = |at: &Pos2| !self.taken.any(Rect::from_min_size(*at, size).expand(8.0), |_, _| true);
        let downwards = (0..64).map(|i| start + vec2(0.0, 32.0 * i as f32));
        let candidates = downwards.chain((1..64).map(|i| start + vec2(32.0 * i as f32, 0.0)));
        candidates.into_iter().find(fits).unwrap_or(start)
    }

    /// Below the switch, else as near to that as nothing is in the way.
    fn spot_for_learned(&self, bridge: &Place) -> Rect {
        let Some(plan) = self.out.switches.get(bridge) else { return Rect::NOTHING };
        let height = LEARNED_HEIGHT + room::TABLE_ROW * (self.lines.learned_by(bridge) - 1) as f32;
        let size = vec2(SWITCH_WIDTH, height);
        let (switch, top) = (plan.rect, plan.rect.bottom() + BELOW_SWITCH);
        let below = |dx: f32| pos2(switch.left() + dx, top);
        let shifts = (0..=20).flat_map(|i| [-16.0 * i as f32, 16.0 * i as f32]);
        let beside =
            [pos2(switch.right() + 16.0, switch.top()), pos2(switch.left() - size.x - 16.0, switch.top())];
        // Far below a switch its table would not be seen to be its own.
        let lower = (1..6).map(|i| below(0.0) + vec2(0.0, 24.0 * i as f32));
        let fits = |at: &Pos2| {
            let rect = Rect::from_min_size(*at, size);
            !self.taken.any(rect.expand(6.0), |_, other| other != switch) && !overlap(rect, switch)
        };
        let mut all = shifts.map(below).chain(beside).chain(lower);
        let at = match switch::is_long(self.wires.ports(bridge).len()) {
            // Cables leave a long switch downwards as well.
            true => beside.into_iter().find(fits).or_else(|| all.find(fits)),
            false => all.find(fits),
        };
        let at = at.unwrap_or(below(0.0));
        Rect::from_min_size(at, size)
    }

    /// What the house itself has, where it has addresses.
    fn house_tables(&mut self, name: &NamespaceName, namespace: &Namespace, around: Rect) -> RoomPlan {
        let address_lines = room::house_addresses(namespace);
        let route_rows = room::routes(namespace);
        let mut plan = RoomPlan {
            rect: Rect::NOTHING,
            plate: Rect::NOTHING,
            is_house: true,
            addresses: Rect::NOTHING,
            neighbours: Rect::NOTHING,
            routes: Rect::NOTHING,
            address_lines,
            route_rows,
            forwards: room::forwards(namespace),
            has_ipv6: room::has_ipv6(namespace),
        };
        if plan.address_lines.is_empty() {
            return plan;
        }
        let (parts, all) = room::house_tables(name, namespace, self.lines, &plan.address_lines);
        let left = around.left() + HOUSE_PAD;
        // Screens are wider than high.
        let candidates = [
            pos2(around.right(), around.top() + HOUSE_ABOVE),
            pos2(left, around.bottom()),
            pos2(around.left() - all.width(), around.top() + HOUSE_ABOVE),
        ];
        let fits = |at: &&Pos2| {
            let own = Rect::from_min_size(**at, all.size()).expand2(vec2(HOUSE_PAD, HOUSE_BELOW));
            // The house's frame comes around them and its switches.
            !self.taken.any(around.union(own), |_, other| !around.contains_rect(other))
        };
        let at = candidates.iter().find(fits).unwrap_or(&candidates[0]).to_vec2();
        [plan.addresses, plan.neighbours, plan.routes] = parts.map(|part| part.translate(at));
        self.solid(all.translate(at));
        plan
    }

    fn middle_of_peers(&self, name: &NamespaceName) -> Option<Pos2> {
        let interfaces = self.lab.namespaces.get(name).into_iter().flat_map(|found| found.interfaces.keys());
        let places: Vec<Place> = interfaces.map(|at| Place::new(name.clone(), at.clone())).collect();
        self.middle_of(places.iter())
    }

    /// The middle of what these ends are connected to, as far as that stands already.
    fn middle_of<'p>(&self, ends: impl Iterator<Item = &'p Place>) -> Option<Pos2> {
        let peers = ends.filter_map(|end| self.wires.peer(end));
        let centers: Vec<Pos2> = peers.filter_map(|peer| self.center_of(peer)).collect();
        let sum = centers.iter().fold(Vec2::ZERO, |sum, center| sum + center.to_vec2());
        (!centers.is_empty()).then(|| (sum / centers.len() as f32).to_pos2())
    }

    fn center_of(&self, end: &Place) -> Option<Pos2> {
        match self.wires.owner(end) {
            Owner::Room(name) => Some(self.out.rooms.get(&name)?.rect.center()),
            Owner::Switch(bridge) => Some(self.out.switches.get(&bridge)?.rect.center()),
        }
    }

    fn free_spot(&mut self, size: Vec2, near: Option<Pos2>) -> Pos2 {
        let key = near.map_or((0, 0), |near| (near.x as i32, near.y as i32));
        let first = self.rings.get(&key).copied().unwrap_or(0);
        let (at, ring) = self.spot_from_ring(size, near, first);
        self.rings.insert(key, ring);
        at
    }

    fn free_spot_now(&self, size: Vec2, near: Option<Pos2>) -> Pos2 {
        self.spot_from_ring(size, near, 0).0
    }

    /// The free place nearest to `near`, on rings around it; and the ring where it was found.
    fn spot_from_ring(&self, size: Vec2, near: Option<Pos2>, first: i32) -> (Pos2, i32) {
        let corner = near.map_or(pos2(48.0, 64.0), |near| near - size / 2.0);
        let step = (size + Vec2::splat(GAP)) / 2.0;
        let last = first + 200;
        for ring in first..last {
            let side = -ring..=ring;
            let cells = side.clone().flat_map(|y| side.clone().map(move |x| (x, y)));
            let on_ring = cells.filter(|(x, y)| x.abs().max(y.abs()) == ring);
            let spots = on_ring.map(|(x, y)| (corner + step * vec2(x as f32, y as f32)).round());
            let free = spots.filter(|at| {
                let rect = Rect::from_min_size(*at, size).expand(GAP / 2.0);
                !self.taken.any(rect, |_, _| true)
            });
            if let Some(best) = free.min_by(|a, b| a.distance_sq(corner).total_cmp(&b.distance_sq(corner))) {
                return (best, ring);
            }
        }
        (corner + step * last as f32, last)
    }
}
