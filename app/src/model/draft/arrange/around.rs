//! The rooms of a house: above and below their switches, beside the house when they are cabled to its own stack.

use std::collections::{BTreeMap, BTreeSet};

use emath::{Pos2, Rect, Vec2, pos2, vec2};
use topology::{NamespaceName, Place, Thing};

use super::{
    CABLE_GAP, GAP,
    group::Group,
    house::{self, Web, bridges_of_room},
    measure::Measured,
    order::{as_counted, mean, spread},
};

/// Up to so many rooms of a switch stand in one row above it.
const MOST_IN_ONE_ROW: usize = 4;
/// A row of many rooms is at least so long.
const LEAST_COLUMNS: usize = 6;
/// How much wider than high a stage usually is.
const WINDOW: f32 = 1.9;
/// Between rooms in several rows: cables of the outer rows run there.
const AISLE: f32 = 88.0;
/// Each row further out stands so much further right: so ports are in the order in which cables come through an aisle.
const SHIFT: f32 = 16.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Above,
    Below,
    Left,
    Right,
}

pub(super) fn house_with_rooms(
    measured: &Measured<'_>,
    name: &NamespaceName,
    rooms: &BTreeSet<NamespaceName>,
) -> Group {
    let webs = house::webs(measured, name, rooms);
    let guests = Guests::of(measured, rooms, &webs);
    let widths = guests.widths(measured);
    let places = house::places(measured, &webs, &widths);
    let rect = measured.house(name, &places, None, &BTreeMap::new());
    let mut all = Group::of(Thing::Namespace(name.clone()), rect);
    all.corners.extend(places.iter().map(|(at, place)| (Thing::Bridge(at.clone()), *place)));
    let mut yard =
        Yard { measured, cell: cell(measured, rooms), guests: &guests, places: &places, house: rect };
    for side in [Side::Right, Side::Left] {
        let beside = yard.beside(side, all.rect);
        all.add(beside);
    }
    // What stands beside may be higher than the house.
    yard.house = Rect::from_x_y_ranges(rect.x_range(), all.rect.y_range());
    for side in [Side::Above, Side::Below] {
        let row = yard.row(side);
        all.add(row);
    }
    all
}

/// Every room gets as much space as the largest, so that rows and columns are straight.
fn cell(measured: &Measured<'_>, rooms: &BTreeSet<NamespaceName>) -> Vec2 {
    rooms.iter().fold(Vec2::ZERO, |cell, room| cell.max(measured.room_size(room)))
}

/// Which rooms stand where.
struct Guests {
    /// Rooms of one bridge.
    of_bridge: BTreeMap<(Side, Place), Vec<NamespaceName>>,
    /// Rooms between bridges.
    between: Vec<(Side, NamespaceName, Vec<Place>)>,
    /// Rooms of the house's own stack.
    of_stack: BTreeMap<Side, Vec<NamespaceName>>,
    /// Rooms behind rooms, nearest first, with those that they are cabled to.
    behind: Vec<(NamespaceName, Vec<NamespaceName>)>,
    side_of: BTreeMap<NamespaceName, Side>,
}

impl Guests {
    fn of(measured: &Measured<'_>, rooms: &BTreeSet<NamespaceName>, webs: &[Web]) -> Self {
        let mut guests = Self {
            of_bridge: BTreeMap::new(),
            between: Vec::new(),
            of_stack: BTreeMap::new(),
            behind: Vec::new(),
            side_of: BTreeMap::new(),
        };
        let mut ordered: Vec<&NamespaceName> = rooms.iter().collect();
        ordered.sort_by_key(|name| (measured.arrival.rank(name), as_counted(name.as_str())));
        let mut of_bridge: BTreeMap<Place, Vec<NamespaceName>> = BTreeMap::new();
        let (mut of_stack, mut at_left) = (Vec::new(), Vec::new());
        for room in ordered.iter().copied() {
            let bridges = bridges_of_room(measured, room);
            match bridges.as_slice() {
                [] if measured.neighbours_of(room).iter().any(|at| measured.is_house(at)) => {
                    of_stack.push(room.clone());
                }
                [] => {}
                [one] => of_bridge.entry(one.clone()).or_default().push(room.clone()),
                [..] => {
                    let is_low = bridges.iter().all(|at| row_of(webs, at) == (RowOf::Last));
                    guests.between.push((
                        if is_low { Side::Below } else { Side::Above },
                        room.clone(),
                        bridges,
                    ));
                }
            }
        }
        for (bridge, mut all) in of_bridge {
            // Cables leave a short switch upwards: the way from below would be long, the one from beside is not.
            let is_alone =
                webs.len() == 1 && row_of(webs, &bridge) == RowOf::Only && webs[0].rows[0].len() == 1;
            if is_alone && !measured.switch(&bridge).is_long() && MOST_IN_ONE_ROW < all.len() {
                at_left = all.split_off(all.len() - 1);
                of_stack.extend(all.drain(MOST_IN_ONE_ROW..));
            }
            guests.seat(measured, webs, bridge, all);
        }
        if at_left.is_empty() && 3 < of_stack.len() {
            at_left = of_stack.split_off(of_stack.len().div_ceil(2));
        }
        guests.of_stack = BTreeMap::from([(Side::Left, at_left), (Side::Right, of_stack)]);
        guests.note_sides();
        guests.find_those_behind(measured, &ordered);
        guests
    }

    /// On which sides the rooms of a bridge stand.
    fn seat(&mut self, measured: &Measured<'_>, webs: &[Web], bridge: Place, mut all: Vec<NamespaceName>) {
        let at_both = all.len().div_ceil(2);
        let mut below = match row_of(webs, &bridge) {
            RowOf::Only if all.len() <= MOST_IN_ONE_ROW || !measured.switch(&bridge).is_long() => Vec::new(),
            RowOf::Only => all.split_off(at_both),
            RowOf::First => Vec::new(),
            RowOf::Last => std::mem::take(&mut all),
            RowOf::Between => all.split_off(at_both),
        };
        for (side, rooms) in [(Side::Above, &mut all), (Side::Below, &mut below)] {
            if !rooms.is_empty() {
                self.of_bridge.insert((side, bridge.clone()), std::mem::take(rooms));
            }
        }
    }

    fn note_sides(&mut self) {
        for ((side, _), rooms) in &self.of_bridge {
            self.side_of.extend(rooms.iter().map(|room| (room.clone(), *side)));
        }
        self.side_of.extend(self.between.iter().map(|(side, room, _)| (room.clone(), *side)));
        for (side, rooms) in &self.of_stack {
            self.side_of.extend(rooms.iter().map(|room| (room.clone(), *side)));
        }
    }

    fn find_those_behind(&mut self, measured: &Measured<'_>, ordered: &[&NamespaceName]) {
        loop {
            let mut found = Vec::new();
            for room in ordered.iter().filter(|room| !self.side_of.contains_key(**room)) {
                let near = measured.neighbours_of(room);
                let near: Vec<NamespaceName> =
                    near.into_iter().filter(|at| self.side_of.contains_key(at)).collect();
                if let Some(side) = near.first().and_then(|first| self.side_of.get(first)) {
                    found.push(((*room).clone(), near.clone(), *side));
                }
            }
            if found.is_empty() {
                return;
            }
            for (room, near, side) in found {
                self.side_of.insert(room.clone(), side);
                self.behind.push((room, near));
            }
        }
    }

    /// How much of a row the rooms of each bridge take.
    fn widths(&self, measured: &Measured<'_>) -> BTreeMap<Place, f32> {
        let mut widths: BTreeMap<Place, f32> = BTreeMap::new();
        for ((_, bridge), rooms) in &self.of_bridge {
            let size = rooms.iter().fold(Vec2::ZERO, |size, room| size.max(measured.room_size(room)));
            let columns = columns(measured, bridge, rooms.len(), size) as f32;
            let width = columns * (size.x + AISLE) - AISLE;
            let most = widths.entry(bridge.clone()).or_default();
            *most = most.max(width);
        }
        widths
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowOf {
    Only,
    First,
    Between,
    Last,
}

fn row_of(webs: &[Web], bridge: &Place) -> RowOf {
    let found = webs.iter().find_map(|web| {
        let row = web.rows.iter().position(|row| row.contains(bridge))?;
        Some((row, web.rows.len() - 1))
    });
    match found {
        Some((0, 0)) | None => RowOf::Only,
        Some((0, _)) => RowOf::First,
        Some((row, last)) if row == last => RowOf::Last,
        Some(_) => RowOf::Between,
    }
}

/// As many rooms side by side as their switch is long, or more where that fills a window better, which is wide.
fn columns(measured: &Measured<'_>, bridge: &Place, count: usize, cell: Vec2) -> usize {
    let switch = measured.switch(bridge).size;
    let along = (switch.x / (cell.x + AISLE)).floor() as usize;
    let most_rows = count.div_ceil(along.max(LEAST_COLUMNS)).max(1);
    let height = |rows: usize| {
        let width = count.div_ceil(rows) as f32 * (cell.x + AISLE);
        let both_sides = 2.0 * rows as f32 * (cell.y + AISLE) + switch.y;
        both_sides.max(width / WINDOW)
    };
    let rows = (1..=most_rows).min_by(|a, b| height(*a).total_cmp(&height(*b))).unwrap_or(1);
    count.div_ceil(rows)
}

/// Around the house.
struct Yard<'a> {
    measured: &'a Measured<'a>,
    cell: Vec2,
    guests: &'a Guests,
    places: &'a BTreeMap<Place, Pos2>,
    house: Rect,
}

impl Yard<'_> {
    fn middle_of(&self, bridge: &Place) -> f32 {
        let left = self.places.get(bridge).map_or(0.0, |at| at.x);
        left + self.measured.switch(bridge).size.x / 2.0
    }

    /// All rooms above or below.
    fn row(&self, side: Side) -> Group {
        let mut blocks: Vec<(f32, Group)> = Vec::new();
        for ((at, bridge), rooms) in &self.guests.of_bridge {
            if *at == side {
                let columns = columns(self.measured, bridge, rooms.len(), self.cell);
                blocks.push((self.middle_of(bridge), self.block(rooms, columns, side)));
            }
        }
        for (at, room, bridges) in &self.guests.between {
            if *at == side {
                let middle = mean(bridges.iter().map(|bridge| self.middle_of(bridge))).unwrap_or(0.0);
                blocks.push((middle, self.block(std::slice::from_ref(room), 1, side)));
            }
        }
        let mut all = along_x(blocks, side, self.house);
        self.add_behind(&mut all, side, |near| near.x, |blocks, around| along_x(blocks, side, around));
        all
    }

    /// All rooms to the left or to the right.
    fn beside(&self, side: Side, house: Rect) -> Group {
        let rooms = self.guests.of_stack.get(&side).map_or(&[][..], Vec::as_slice);
        if rooms.is_empty() {
            return Group::empty();
        }
        let fit = (house.height() / (self.cell.y + GAP)).floor() as usize;
        let columns = rooms.len().div_ceil(fit.max(3));
        let mut all = along_y(vec![(house.center().y, self.block(rooms, columns, side))], side, house);
        self.add_behind(&mut all, side, |near| near.y, |blocks, around| along_y(blocks, side, around));
        all
    }

    /// Rooms that are cabled to rooms stand further out, layer by layer.
    fn add_behind(
        &self,
        all: &mut Group,
        side: Side,
        along: impl Fn(Pos2) -> f32,
        seat: impl Fn(Vec<(f32, Group)>, Rect) -> Group,
    ) {
        let mut centers = BTreeMap::new();
        let mut waiting: Vec<_> = self.guests.behind.iter().collect();
        waiting.retain(|(room, _)| self.guests.side_of.get(room) == Some(&side));
        while !waiting.is_empty() {
            for (thing, at) in &all.corners {
                centers.insert(super::owner(thing).clone(), along(*at + self.cell / 2.0));
            }
            let wanted = |near: &[NamespaceName]| mean(near.iter().filter_map(|at| centers.get(at).copied()));
            let (now, later): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|(_, near)| near.iter().any(|at| centers.contains_key(at)));
            if now.is_empty() {
                // What it is cabled to stands on another side.
                let rest: Vec<NamespaceName> = later.iter().map(|(room, _)| room.clone()).collect();
                let middle = along(self.house.center());
                let layer =
                    seat(vec![(middle, self.block(&rest, rest.len().min(LEAST_COLUMNS), side))], all.rect);
                all.add(layer);
                return;
            }
            let blocks = now.iter().map(|(room, near)| {
                (wanted(near).unwrap_or(0.0), self.block(std::slice::from_ref(room), 1, side))
            });
            let layer = seat(blocks.collect(), all.rect);
            all.add(layer);
            waiting = later;
        }
    }

    /// Rooms in rows; where rows are not all full, the outermost are shorter by one.
    fn block(&self, rooms: &[NamespaceName], columns: usize, side: Side) -> Group {
        let count = rooms.len().div_ceil(columns.max(1)).max(1);
        let mut lengths: Vec<usize> =
            (0..count).map(|row| rooms.len() / count + usize::from(row < rooms.len() % count)).collect();
        if side == Side::Above {
            lengths.reverse();
        }
        let mut all = Group::empty();
        let mut rooms = rooms.iter();
        let pitch = self.cell + vec2(AISLE, if count == 1 { GAP } else { AISLE });
        for (row, length) in lengths.into_iter().enumerate() {
            let outwards = if side == Side::Above { count - 1 - row } else { row };
            let left = -pitch.x * (length as f32 - 1.0) / 2.0 + SHIFT * outwards as f32;
            for (column, room) in rooms.by_ref().take(length).enumerate() {
                let at = pos2(left + pitch.x * column as f32, pitch.y * row as f32);
                all.add(Group::of(Thing::Namespace(room.clone()), Rect::from_min_size(at, self.cell)));
            }
        }
        all
    }
}

/// Blocks side by side above or below, each as near to its wanted middle as the others let it.
fn along_x(mut blocks: Vec<(f32, Group)>, side: Side, around: Rect) -> Group {
    blocks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wanted: Vec<(f32, f32)> =
        blocks.iter().map(|(middle, block)| (*middle, block.rect.width())).collect();
    let mut all = Group::empty();
    for (x, (_, mut block)) in spread(&wanted, GAP).into_iter().zip(blocks) {
        let half = block.rect.height() / 2.0;
        let y = if side == Side::Above { around.top() - GAP - half } else { around.bottom() + GAP + half };
        block.center_at(pos2(x, y));
        all.add(block);
    }
    all
}

/// The same to the left or to the right.
fn along_y(mut blocks: Vec<(f32, Group)>, side: Side, around: Rect) -> Group {
    blocks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wanted: Vec<(f32, f32)> =
        blocks.iter().map(|(middle, block)| (*middle, block.rect.height())).collect();
    let mut all = Group::empty();
    for (y, (_, mut block)) in spread(&wanted, GAP).into_iter().zip(blocks) {
        let half = block.rect.width() / 2.0;
        let x = if side == Side::Left {
            around.left() - CABLE_GAP - half
        } else {
            around.right() + CABLE_GAP + half
        };
        block.center_at(pos2(x, y));
        all.add(block);
    }
    all
}
