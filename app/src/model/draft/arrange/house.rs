//! The bridges inside of a house: a line in a row, a ring in two, a tree with its root below.

use std::collections::{BTreeMap, BTreeSet};

use emath::{Pos2, pos2};
use topology::{NamespaceName, Place, Thing};

use super::{
    measure::Measured,
    order::{as_counted, mean, spread},
};

/// Between switches in a row: their cables arch over it.
pub(super) const BESIDE: f32 = 144.0;
/// Below a switch and what it has learned: there stand the names of the next row's ports.
pub(super) const BELOW: f32 = 128.0;

/// Bridges that hang together, in rows from above.
pub(super) struct Web {
    pub(super) rows: Vec<Vec<Place>>,
    joints: Joints,
}

type Joints = BTreeMap<Place, BTreeSet<Place>>;

/// The webs of a house, from left to right. Bridges hang together by cables, and by the rooms between them.
pub(super) fn webs(
    measured: &Measured<'_>,
    house: &NamespaceName,
    rooms: &BTreeSet<NamespaceName>,
) -> Vec<Web> {
    let joints = joints(measured, house, rooms);
    let mut bridges: Vec<&Place> = measured.bridges_of(house).collect();
    bridges.sort_by_key(|at| as_counted(at.interface.as_str()));
    let mut seen = BTreeSet::new();
    let mut webs = Vec::new();
    for bridge in &bridges {
        if !seen.contains(*bridge) {
            let found: BTreeSet<Place> = layers(&joints, bridge).into_iter().flatten().collect();
            let ordered: Vec<Place> =
                bridges.iter().filter(|at| found.contains(**at)).copied().cloned().collect();
            seen.extend(found);
            webs.push(Web { rows: rows(&joints, &ordered), joints: joints.clone() });
        }
    }
    webs
}

fn joints(measured: &Measured<'_>, house: &NamespaceName, rooms: &BTreeSet<NamespaceName>) -> Joints {
    let mut joints = Joints::new();
    let mut join = |one: &Place, other: &Place| {
        if one != other {
            joints.entry(one.clone()).or_default().insert(other.clone());
            joints.entry(other.clone()).or_default().insert(one.clone());
        }
    };
    for bridge in measured.bridges_of(house) {
        for thing in measured.joined_to(&Thing::Bridge(bridge.clone())) {
            match thing {
                Thing::Bridge(other) if other.namespace == *house => join(bridge, other),
                Thing::Namespace(room) if rooms.contains(room) => {
                    bridges_of_room(measured, room).iter().for_each(|other| join(bridge, other));
                }
                Thing::Bridge(_) | Thing::Namespace(_) => {}
            }
        }
    }
    joints
}

/// The bridges that a room is cabled to.
pub(super) fn bridges_of_room(measured: &Measured<'_>, room: &NamespaceName) -> Vec<Place> {
    let joined = measured.joined_to(&Thing::Namespace(room.clone()));
    let bridges = joined.filter_map(|thing| match thing {
        Thing::Bridge(at) => Some(at.clone()),
        Thing::Namespace(_) => None,
    });
    bridges.collect()
}

/// By distance from `start`.
fn layers(joints: &Joints, start: &Place) -> Vec<Vec<Place>> {
    let mut layers = vec![vec![start.clone()]];
    let mut seen = BTreeSet::from([start.clone()]);
    while let Some(last) = layers.last() {
        let mut next = Vec::new();
        for other in last.iter().flat_map(|at| joints.get(at)).flatten() {
            if seen.insert(other.clone()) {
                next.push(other.clone());
            }
        }
        if next.is_empty() {
            break;
        }
        layers.push(next);
    }
    layers
}

/// `all` hang together, and are not empty.
fn rows(joints: &Joints, all: &[Place]) -> Vec<Vec<Place>> {
    let degree = |at: &Place| joints.get(at).map_or(0, BTreeSet::len);
    let cables = all.iter().map(degree).sum::<usize>() / 2;
    let is_simple = all.iter().all(|at| degree(at) <= 2);
    let Some(first) = all.iter().min_by_key(|at| degree(at)) else { return Vec::new() };
    if is_simple && cables < all.len() {
        return vec![layers(joints, first).into_iter().flatten().collect()];
    }
    if is_simple {
        return ring(joints, first, all.len());
    }
    let depth = |at: &&Place| layers(joints, at).len();
    // Of the bridges in the middle the one with the most cables: a core.
    let root = all.iter().min_by_key(|at| (depth(at), usize::MAX - degree(at)));
    let layers = layers(joints, root.unwrap_or(first));
    if cables < all.len() { leaves_in_a_row(joints, &layers) } else { layers }
}

/// The upper half from left to right, the lower one back.
fn ring(joints: &Joints, first: &Place, count: usize) -> Vec<Vec<Place>> {
    let mut round = vec![first.clone()];
    while let Some(last) = round.last() {
        let next = joints.get(last).into_iter().flatten().find(|at| !round.contains(at));
        let Some(next) = next else { break };
        round.push(next.clone());
    }
    let mut lower = round.split_off(count.div_ceil(2).min(round.len()));
    lower.reverse();
    vec![round, lower]
}

/// A tree whose leaves are all in the highest row: their rooms stand above, and so do their ports.
fn leaves_in_a_row(joints: &Joints, layers: &[Vec<Place>]) -> Vec<Vec<Place>> {
    let mut height: BTreeMap<Place, usize> = BTreeMap::new();
    for at in layers.iter().rev().flatten() {
        let below = joints.get(at).into_iter().flatten().filter_map(|other| height.get(other));
        let own = below.max().map_or(0, |height| height + 1);
        height.insert(at.clone(), own);
    }
    let top = height.values().max().copied().unwrap_or(0);
    let mut rows = vec![Vec::new(); top + 1];
    // In the order of the tree from left to right: sisters stay together.
    let Some(root) = layers.first().and_then(|layer| layer.first()) else { return rows };
    let (mut waiting, mut seen) = (vec![root.clone()], BTreeSet::from([root.clone()]));
    while let Some(at) = waiting.pop() {
        for child in joints.get(&at).into_iter().flatten().rev() {
            if seen.insert(child.clone()) {
                waiting.push(child.clone());
            }
        }
        if let Some(height) = height.get(&at) {
            rows[*height].push(at);
        }
    }
    rows
}

/// Where the bridges go, from the first one's corner on; `widths`: what the rooms of each need.
pub(super) fn places(
    measured: &Measured<'_>,
    webs: &[Web],
    widths: &BTreeMap<Place, f32>,
) -> BTreeMap<Place, Pos2> {
    let mut places = BTreeMap::new();
    let mut left = 0.0;
    for web in webs {
        let slot = |at: &Place| {
            let width = widths.get(at).copied().unwrap_or(0.0);
            measured.switch(at).with_learned.x.max(width)
        };
        let middles = middles(web, &slot);
        let edge = |sign: f32| {
            let edges = middles.iter().map(move |(at, middle)| sign * (middle + sign * slot(at) / 2.0));
            sign * edges.fold(f32::NEG_INFINITY, f32::max)
        };
        let shift = left - edge(-1.0);
        left = shift + edge(1.0) + BESIDE;
        let mut y = 0.0;
        for row in &web.rows {
            let height = row.iter().map(|at| measured.switch(at).with_learned.y).fold(0.0, f32::max);
            for at in row {
                let x = middles.get(at).copied().unwrap_or(0.0) + shift
                    - measured.switch(at).with_learned.x / 2.0;
                places.insert(at.clone(), pos2(x, y));
            }
            y += height + BELOW;
        }
    }
    places
}

/// The x of each bridge's middle: the widest row first, the others above and below what they are joined to.
fn middles(web: &Web, slot: &dyn Fn(&Place) -> f32) -> BTreeMap<Place, f32> {
    let mut middles: BTreeMap<Place, f32> = BTreeMap::new();
    let width = |row: &Vec<Place>| row.iter().map(|at| slot(at) + BESIDE).sum::<f32>();
    let widest =
        (0..web.rows.len()).max_by(|a, b| width(&web.rows[*a]).total_cmp(&width(&web.rows[*b]))).unwrap_or(0);
    let upwards = (0..widest).rev();
    for i in [widest].into_iter().chain(upwards).chain(widest + 1..web.rows.len()) {
        let row = &web.rows[i];
        let wanted: Vec<(f32, f32)> = row
            .iter()
            .map(|at| {
                let joined = web.joints.get(at).into_iter().flatten().filter_map(|other| middles.get(other));
                (mean(joined.copied()).unwrap_or(0.0), slot(at))
            })
            .collect();
        let found = spread(&wanted, BESIDE);
        middles.extend(row.iter().cloned().zip(found));
    }
    middles
}
