//! On which edge of its room each socket sits, and where on it.

use std::collections::BTreeMap;

use emath::{Pos2, Rect, Vec2, pos2, vec2};
use topology::{NamespaceName, Place};

use super::{
    cables::{Gate, Obstacles, direct, sketch},
    near::overlap,
};

/// In this order where several are equally good: a room's own cables hang down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Edge {
    Bottom,
    Right,
    Left,
    Top,
}

const EDGES: [Edge; 4] = [Edge::Bottom, Edge::Right, Edge::Left, Edge::Top];

impl Edge {
    pub(super) fn outward(self) -> Vec2 {
        match self {
            Self::Bottom => vec2(0.0, 1.0),
            Self::Right => vec2(1.0, 0.0),
            Self::Left => vec2(-1.0, 0.0),
            Self::Top => vec2(0.0, -1.0),
        }
    }

    /// Names are easiest to read below a room; cables leave it sidewards only where that is much shorter.
    pub(super) fn habit(self) -> f32 {
        match self {
            Self::Bottom => 0.0,
            Self::Right | Self::Left => 130.0,
            Self::Top => 40.0,
        }
    }

    /// A point of the edge, `t` from 0 to 1: left to right, or top to bottom.
    pub(super) fn point(self, rect: Rect, t: f32) -> Pos2 {
        let at = rect.min + rect.size() * t;
        match self {
            Self::Bottom => pos2(at.x, rect.bottom()),
            Self::Top => pos2(at.x, rect.top()),
            Self::Right => pos2(rect.right(), at.y),
            Self::Left => pos2(rect.left(), at.y),
        }
    }
}

/// An end of a cable.
#[derive(Clone, Debug)]
pub(super) enum End {
    Port(Gate),
    Room { of: NamespaceName, at: Place, rect: Rect, is_house: bool },
}

impl End {
    fn gate(&self, edge: Edge) -> Gate {
        match self {
            Self::Port(gate) => *gate,
            Self::Room { rect, .. } => {
                Gate { at: edge.point(*rect, 0.5), outward: edge.outward(), own: None }
            }
        }
    }

    fn name(&self) -> Option<&Place> {
        match self {
            Self::Port(_) => None,
            Self::Room { at, .. } => Some(at),
        }
    }

    pub(super) fn edges(&self) -> &'static [Edge] {
        match self {
            Self::Port(_) => &EDGES[..1],
            Self::Room { .. } => &EDGES,
        }
    }
}

/// Beyond this, cables are not compared with each other: nobody could tell.
const MOST_COMPARED: usize = 60;

/// The edges of both ends of each cable.
pub(super) fn choose(cables: &[[End; 2]], obstacles: &Obstacles) -> Vec<[Edge; 2]> {
    let mut chosen = vec![[Edge::Bottom; 2]; cables.len()];
    let mut lines: Vec<Option<[Pos2; 17]>> = vec![None; cables.len()];
    let rounds = if cables.len() <= MOST_COMPARED { 3 } else { 1 };
    for _ in 0..rounds {
        for (i, ends) in cables.iter().enumerate() {
            let mut best = f32::INFINITY;
            for one in ends[0].edges() {
                for other in ends[1].edges() {
                    let gates = [ends[0].gate(*one), ends[1].gate(*other)];
                    let line = sketch(&direct(gates, 1.0));
                    let mut cost = own_cost(&line, gates, obstacles, [*one, *other]);
                    if rounds > 1 && cost < best {
                        cost += crossings(&line, &lines, i) as f32 * 300.0;
                    }
                    if cost < best {
                        best = cost;
                        chosen[i] = [*one, *other];
                        lines[i] = Some(line);
                    }
                }
            }
        }
    }
    chosen
}

/// How long it is, what it hits, how much it turns back.
fn own_cost(line: &[Pos2; 17], gates: [Gate; 2], obstacles: &Obstacles, edges: [Edge; 2]) -> f32 {
    let length: f32 = line.windows(2).map(|two| two[0].distance(two[1])).sum();
    let away = |from: Gate, to: Gate| {
        let towards = (to.at - from.at).dot(from.outward);
        if towards < 0.0 { 120.0 - 0.5 * towards } else { 0.0 }
    };
    let habit: f32 = edges.iter().map(|edge| edge.habit()).sum();
    // What is in the way can be gone around: how much of it there is says little.
    let hits = (obstacles.hits(line, gates) as f32 * 60.0).min(240.0);
    length + habit + hits + away(gates[0], gates[1]) + away(gates[1], gates[0])
}

fn crossings(line: &[Pos2; 17], others: &[Option<[Pos2; 17]>], own: usize) -> usize {
    let bounds = Rect::from_points(line);
    let others = others.iter().enumerate().filter(|(i, _)| *i != own).filter_map(|(_, other)| other.as_ref());
    let near = others.filter(|other| overlap(Rect::from_points(*other), bounds));
    near.map(|other| cuts(line, other)).sum()
}

/// How often two lines cut each other, their very ends aside: those may share a socket's place for now.
pub(super) fn cuts(one: &[Pos2], other: &[Pos2]) -> usize {
    let side = |a: Pos2, b: Pos2, c: Pos2| (b - a).x * (c - a).y - (b - a).y * (c - a).x;
    let cut = |a: &[Pos2], b: &[Pos2]| {
        side(a[0], a[1], b[0]) * side(a[0], a[1], b[1]) < 0.0
            && side(b[0], b[1], a[0]) * side(b[0], b[1], a[1]) < 0.0
    };
    one.windows(2).map(|a| other.windows(2).filter(|b| cut(a, b)).count()).sum()
}

/// Where each room's end sits: several on one edge are spread in the order of where their cables go.
pub(super) fn spread(cables: &[[End; 2]], edges: &[[Edge; 2]]) -> Vec<[Gate; 2]> {
    let mut gates: Vec<[Gate; 2]> = cables
        .iter()
        .zip(edges)
        .map(|(ends, edges)| [ends[0].gate(edges[0]), ends[1].gate(edges[1])])
        .collect();
    let mut shared: BTreeMap<(&NamespaceName, Edge), Vec<(usize, usize)>> = BTreeMap::new();
    for (i, ends) in cables.iter().enumerate() {
        for (j, end) in ends.iter().enumerate() {
            if let End::Room { of, .. } = end {
                shared.entry((of, edges[i][j])).or_default().push((i, j));
            }
        }
    }
    let aims: Vec<[Pos2; 2]> = gates.iter().map(|pair| [pair[1].at, pair[0].at]).collect();
    for ((_, edge), mut sharing) in shared {
        sharing.sort_by(|a, b| {
            let turn = |(i, j): &(usize, usize)| along(edge, gates[*i][*j].at, aims[*i][*j]);
            turn(a).total_cmp(&turn(b)).then_with(|| cables[a.0][a.1].name().cmp(&cables[b.0][b.1].name()))
        });
        if let [(i, j)] = sharing[..]
            && let End::Room { rect, is_house: true, .. } = &cables[i][j]
        {
            // A house is long: its socket moves to where the cable goes.
            const FROM_CORNER: f32 = 28.0;
            let inside = rect.shrink(FROM_CORNER);
            let towards = inside.clamp(aims[i][j]);
            gates[i][j].at = match edge {
                Edge::Bottom | Edge::Top => pos2(towards.x, gates[i][j].at.y),
                Edge::Left | Edge::Right => pos2(gates[i][j].at.x, towards.y),
            };
            continue;
        }
        let count = sharing.len() as f32;
        for (rank, (i, j)) in sharing.into_iter().enumerate() {
            if let End::Room { rect, .. } = &cables[i][j] {
                gates[i][j].at = edge.point(*rect, (rank as f32 + 1.0) / (count + 1.0)).round();
            }
        }
    }
    gates
}

/// How far along the edge (left to right, top to bottom) a cable to `aim` goes: its angle, seen from the edge.
fn along(edge: Edge, from: Pos2, aim: Pos2) -> f32 {
    let away = aim - from;
    let outward = edge.outward();
    let forward = away.dot(outward);
    let sideward = match edge {
        Edge::Bottom | Edge::Top => away.x,
        Edge::Left | Edge::Right => away.y,
    };
    sideward.atan2(forward.max(1.0))
}
