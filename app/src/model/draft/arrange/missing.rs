//! Places for what has none, beside what stands already.

use std::collections::{BTreeMap, BTreeSet};

use emath::{Pos2, Rect, Vec2, pos2, vec2};
use topology::{Lab, NamespaceName, Place, Thing};

use super::{
    Arrival, CABLE_GAP, GAP, GRID, around, component, components,
    group::{self, Group, point},
    house,
    measure::Measured,
};

/// The least between what is placed now and what stood before, and what a house may grow up to.
const LEAST_GAP: f32 = 48.0;
const TIGHT_GAP: f32 = 16.0;
/// How much wider than high rooms that nothing joins may get, and what is not wide yet.
const WIDE: f32 = 1.8;
const LEAST_WIDTH: f32 = 2000.0;
/// So many of the nearest things give lines to align with.
const NEAREST: usize = 16;

/// Gives a place to everything without one; something has one.
pub(super) fn place(lab: &Lab, arrival: &Arrival) -> Lab {
    let measured = Measured::in_order(lab, arrival);
    let mut site = Site::of(&measured);
    site.finish_houses();
    for names in components(&measured) {
        if names.iter().any(|name| site.taken.contains_key(name)) {
            site.place_beside(&names);
        } else {
            site.place_apart(component(&measured, &names));
        }
    }
    site.write()
}

/// What stands so far.
struct Site<'a> {
    measured: &'a Measured<'a>,
    taken: BTreeMap<NamespaceName, Rect>,
    bridges: BTreeMap<Place, Pos2>,
    /// What has no place by itself, and is given one now.
    found: Vec<(Thing, Pos2)>,
}

impl<'a> Site<'a> {
    fn of(measured: &'a Measured<'a>) -> Self {
        let mut site = Self { measured, taken: BTreeMap::new(), bridges: BTreeMap::new(), found: Vec::new() };
        let (houses, rooms): (Vec<_>, Vec<_>) = measured.drawn().partition(|name| measured.is_house(name));
        let position_of =
            |name: &NamespaceName| measured.lab.namespaces.get(name).and_then(|found| found.position);
        for name in rooms {
            if let Some(position) = position_of(name) {
                let rect = Rect::from_min_size(point(position), measured.room_size(name));
                site.taken.insert(name.clone(), rect);
            }
        }
        for name in houses {
            let placed = measured.placed_bridges(name);
            if !placed.is_empty() {
                let rect = measured.house(name, &placed, position_of(name), &site.taken);
                site.taken.insert(name.clone(), rect);
                site.bridges.extend(placed);
            }
        }
        site
    }

    /// Houses that stand, with bridges that do not.
    fn finish_houses(&mut self) {
        for name in self.measured.drawn().filter(|name| self.measured.is_house(name)) {
            let corner = self.measured.lab.namespaces.get(name).and_then(|found| found.position);
            if let (false, Some(corner)) = (self.taken.contains_key(name), corner) {
                let mut inside = around::house_with_rooms(self.measured, name, &BTreeSet::new());
                inside.move_to(point(corner));
                if self.is_free(name, inside.rect, TIGHT_GAP) {
                    self.put(inside);
                    continue;
                }
            }
            let missing: Vec<&Place> =
                self.measured.bridges_of(name).filter(|at| !self.bridges.contains_key(*at)).collect();
            if self.taken.contains_key(name) || corner.is_some() {
                missing.into_iter().for_each(|bridge| self.add_to_house(name, bridge));
            }
        }
    }

    /// Beside its sisters, so that their house grows into nothing.
    fn add_to_house(&mut self, name: &NamespaceName, bridge: &Place) {
        let corner = self.measured.lab.namespaces.get(name).and_then(|found| found.position);
        let size = self.measured.switch(bridge).with_learned;
        let sisters: Vec<(Place, Rect)> = self
            .bridges
            .iter()
            .filter(|(at, _)| at.namespace == *name)
            .map(|(at, place)| {
                (at.clone(), Rect::from_min_size(*place, self.measured.switch(at).with_learned))
            })
            .collect();
        let start = match (sisters.last(), corner) {
            (Some((_, sister)), _) => pos2(sister.right() + house::BESIDE, sister.top()),
            (None, Some(corner)) => point(corner) + vec2(GAP, GAP + LEAST_GAP),
            (None, None) => Pos2::ZERO,
        };
        let mut spots = vec![start];
        for (_, sister) in &sisters {
            let beside = [sister.right() + house::BESIDE, sister.left() - house::BESIDE - size.x];
            spots.extend(beside.map(|x| pos2(x, sister.top())));
            let below = [sister.bottom() + house::BELOW, sister.top() - house::BELOW - size.y];
            spots.extend(below.map(|y| pos2(sister.left(), y)));
        }
        let steps = |count: i32| -count..=count;
        let around = steps(12).flat_map(|y| steps(12).map(move |x| vec2(x as f32 * 64.0, y as f32 * 48.0)));
        spots.extend(around.map(|step| start + step));
        let spots: Vec<Pos2> = spots.into_iter().map(on_grid).collect();
        let stands_free = |at: &Pos2, gap: f32| {
            let rect = Rect::from_min_size(*at, size).expand(gap);
            sisters.iter().all(|(_, sister)| !overlap(rect, *sister))
        };
        let mut best: Option<(f32, Pos2, Rect)> = None;
        for at in spots.into_iter().filter(|at| stands_free(at, 24.0)) {
            let mut all: BTreeMap<Place, Pos2> =
                sisters.iter().map(|(sister, rect)| (sister.clone(), rect.min)).collect();
            all.insert(bridge.clone(), at);
            let rect = self.measured.house(name, &all, corner, &self.taken);
            let covered = self.covered(name, rect);
            if best.as_ref().is_none_or(|(least, ..)| covered < *least) {
                best = Some((covered, at, rect));
            }
            if covered == 0.0 {
                break;
            }
        }
        let (at, rect) =
            best.map_or((on_grid(start), Rect::from_min_size(start, size)), |(_, at, rect)| (at, rect));
        self.bridges.insert(bridge.clone(), at);
        self.found.push((Thing::Bridge(bridge.clone()), at));
        self.taken.insert(name.clone(), rect);
    }

    /// From what stands outwards: what is cabled to it, then what is cabled to that.
    fn place_beside(&mut self, names: &BTreeSet<NamespaceName>) {
        let ordered = self.measured.arrival.sorted(names);
        loop {
            let mut waiting: Vec<(&NamespaceName, BTreeSet<NamespaceName>)> = ordered
                .iter()
                .copied()
                .filter(|name| !self.taken.contains_key(*name))
                .map(|name| (name, self.measured.neighbours_of(name)))
                .collect();
            waiting.retain(|(_, near)| near.iter().any(|other| self.taken.contains_key(other)));
            if waiting.is_empty() {
                break;
            }
            for (name, near) in waiting {
                let mut group = self.alone(name);
                let at = self.spot(group.rect.size(), &near, &self.anchors(name));
                group.move_to(at);
                self.put(group);
            }
        }
        for name in ordered {
            if !self.taken.contains_key(name) {
                let group = self.alone(name);
                self.place_apart(group);
            }
        }
    }

    fn alone(&self, name: &NamespaceName) -> Group {
        match self.measured.is_house(name) {
            true => around::house_with_rooms(self.measured, name, &BTreeSet::new()),
            false => super::room(self.measured, name),
        }
    }

    /// The middles of what a namespace's cables lead to.
    fn anchors(&self, name: &NamespaceName) -> Vec<Pos2> {
        let bridges = self.measured.bridges_of(name).cloned().map(Thing::Bridge);
        let own: Vec<Thing> = bridges.chain([Thing::Namespace(name.clone())]).collect();
        let others = own.iter().flat_map(|thing| self.measured.joined_to(thing));
        let middles = others.filter_map(|thing| match thing {
            Thing::Namespace(other) => self.taken.get(other).map(Rect::center),
            Thing::Bridge(at) if at.namespace == *name => None,
            Thing::Bridge(at) => {
                self.bridges.get(at).map(|place| *place + self.measured.switch(at).size / 2.0)
            }
        });
        middles.collect()
    }

    /// The free place nearest to the anchors, in line with something.
    fn spot(&self, size: Vec2, peers: &BTreeSet<NamespaceName>, anchors: &[Pos2]) -> Pos2 {
        let sum = anchors.iter().fold(Vec2::ZERO, |sum, at| sum + at.to_vec2());
        let middle = (sum / anchors.len().max(1) as f32).to_pos2();
        // Between several that it joins is the best place of all, even if it is narrow there.
        let between = on_grid(middle - size / 2.0);
        if 2 <= anchors.len() && self.is_free_at(Rect::from_min_size(between, size), TIGHT_GAP) {
            return between;
        }
        let gap = |name: &NamespaceName| match peers.contains(name) && !self.measured.is_house(name) {
            true => CABLE_GAP - GRID,
            false => GAP,
        };
        let mut blocks: Vec<(Rect, f32)> = self.taken.iter().map(|(name, rect)| (*rect, gap(name))).collect();
        let bounds = blocks.iter().fold(Rect::NOTHING, |bounds, (rect, _)| bounds.union(*rect));
        blocks.sort_by(|a, b| a.0.distance_sq_to_pos(middle).total_cmp(&b.0.distance_sq_to_pos(middle)));
        let near = || blocks.iter().take(NEAREST).copied().chain([(bounds, CABLE_GAP)]);
        let xs = lines(near().map(|(rect, gap)| (rect.x_range(), gap)), size.x, middle.x);
        let ys = lines(near().map(|(rect, gap)| (rect.y_range(), gap)), size.y, middle.y);
        let cost = |at: Pos2| anchors.iter().map(|anchor| (at + size / 2.0).distance(*anchor)).sum::<f32>();
        let mut spots: Vec<(f32, Pos2)> = Vec::with_capacity(xs.len() * ys.len());
        for x in &xs {
            spots.extend(ys.iter().map(|y| pos2(*x, *y)).map(|at| (cost(at), at)));
        }
        spots.sort_by(|a, b| a.0.total_cmp(&b.0));
        let is_free = |at: Pos2| {
            let rect = Rect::from_min_size(at, size);
            // The grid takes a bit of the gap.
            blocks.iter().all(|(block, gap)| !overlap(rect.expand(gap - GRID), *block))
        };
        let found = spots.into_iter().map(|(_, at)| at).find(|at| is_free(*at));
        found.unwrap_or(pos2(bounds.right() + CABLE_GAP, bounds.top()))
    }

    /// To the right of everything, until that gets wide: then the first place that is free in the rows below.
    fn place_apart(&mut self, mut group: Group) {
        let bounds = self.taken.values().fold(Rect::NOTHING, |bounds, rect| bounds.union(*rect));
        let size = group.rect.size();
        let area: f32 = self.taken.values().map(|rect| (rect.width() + GAP) * (rect.height() + GAP)).sum();
        let widest = (area * WIDE).sqrt().max(LEAST_WIDTH);
        let beside = pos2(bounds.right() + CABLE_GAP, bounds.top());
        let at = match beside.x + size.x - bounds.left() <= widest {
            true => beside,
            false => self.free_in_rows(bounds, size, widest),
        };
        group.move_to(on_grid(at));
        self.put(group);
    }

    /// Row by row from the upper left; what stands gives the lines.
    fn free_in_rows(&self, bounds: Rect, size: Vec2, widest: f32) -> Pos2 {
        let mut ys: Vec<f32> =
            self.taken.values().flat_map(|rect| [rect.top(), rect.bottom() + GAP]).collect();
        let mut xs: Vec<f32> = self.taken.values().map(|rect| rect.right() + GAP).collect();
        xs.push(bounds.left());
        xs.retain(|x| x + size.x - bounds.left() <= widest.max(size.x));
        for all in [&mut xs, &mut ys] {
            all.sort_by(f32::total_cmp);
            all.dedup();
        }
        let spots = ys.into_iter().flat_map(|y| xs.iter().map(move |x| on_grid(pos2(*x, y))));
        let is_free = |at: &Pos2| self.is_free_at(Rect::from_min_size(*at, size), GAP - GRID);
        spots.into_iter().find(is_free).unwrap_or(pos2(bounds.left(), bounds.bottom() + GAP))
    }

    fn put(&mut self, group: Group) {
        let mut placed: BTreeSet<NamespaceName> = BTreeSet::new();
        for (thing, at) in group.corners {
            let at = on_grid(at);
            placed.insert(super::owner(&thing).clone());
            if let Thing::Bridge(bridge) = &thing {
                self.bridges.insert(bridge.clone(), at);
            }
            if let Thing::Namespace(name) = &thing
                && !self.measured.is_house(name)
            {
                self.taken.insert(name.clone(), Rect::from_min_size(at, self.measured.room_size(name)));
            }
            self.found.push((thing, at));
        }
        for name in placed.iter().filter(|name| self.measured.is_house(name)) {
            let corner = self.measured.lab.namespaces.get(name).and_then(|found| found.position);
            self.taken.insert(name.clone(), self.measured.house(name, &self.bridges, corner, &self.taken));
        }
    }

    fn is_free(&self, own: &NamespaceName, rect: Rect, gap: f32) -> bool {
        self.taken.iter().all(|(name, other)| name == own || !overlap(rect.expand(gap), *other))
    }

    fn is_free_at(&self, rect: Rect, gap: f32) -> bool {
        self.taken.values().all(|other| !overlap(rect.expand(gap), *other))
    }

    /// How much of the others a house would cover, with a small gap around it.
    fn covered(&self, own: &NamespaceName, rect: Rect) -> f32 {
        let wide = rect.expand(TIGHT_GAP);
        let others = self.taken.iter().filter(|(name, other)| *name != own && overlap(wide, **other));
        others.map(|(_, other)| other.intersect(wide).area()).sum()
    }

    fn write(self) -> Lab {
        let mut lab = self.measured.lab.clone();
        let is_missing = |thing: &Thing| match thing {
            Thing::Namespace(name) => {
                self.measured.lab.namespaces.get(name).is_some_and(|found| found.position.is_none())
            }
            Thing::Bridge(at) => {
                self.measured.lab.interface(at).is_some_and(|found| found.position.is_none())
            }
        };
        for (thing, at) in self.found.iter().filter(|(thing, _)| is_missing(thing)) {
            group::set(&mut lab, thing, *at);
        }
        // A house's own corner follows from its bridges.
        for (name, rect) in self.taken.iter().filter(|(name, _)| self.measured.is_house(name)) {
            if is_missing(&Thing::Namespace(name.clone())) {
                let corner = (rect.min.to_vec2() / GRID).ceil() * GRID;
                group::set(&mut lab, &Thing::Namespace(name.clone()), corner.to_pos2());
            }
        }
        lab
    }
}

/// Where something of this length can begin along one axis: in line with a block's begin, middle or end, before it,
/// after it, or around `middle`.
fn lines(blocks: impl Iterator<Item = (emath::Rangef, f32)>, length: f32, middle: f32) -> Vec<f32> {
    let mut starts = vec![middle - length / 2.0];
    for (block, gap) in blocks {
        let (before, after) = (block.min - gap - length, block.max + gap);
        starts.extend([before, block.min, block.center() - length / 2.0, block.max - length, after]);
    }
    let mut starts: Vec<i32> = starts.into_iter().map(|start| (start / GRID).round() as i32).collect();
    starts.sort_unstable();
    starts.dedup();
    starts.into_iter().map(|start| start as f32 * GRID).collect()
}

fn on_grid(at: Pos2) -> Pos2 {
    (at.to_vec2() / GRID).round().to_pos2() * GRID
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.min.x < b.max.x && b.min.x < a.max.x && a.min.y < b.max.y && b.min.y < a.max.y
}
