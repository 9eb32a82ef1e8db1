//! The ways of cables: a simple curve where that is free, else around what is in the way.

use std::{cell::OnceCell, collections::BTreeMap};

use emath::{Pos2, Rect, Vec2, pos2};

use super::{
    Curve,
    near::{Near, crosses},
    route::{Ground, rounded},
};

/// Where a cable leaves its owner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Gate {
    pub(super) at: Pos2,
    pub(super) outward: Vec2,
    /// A port sits inside its switch: the cable crosses this much of it.
    pub(super) own: Option<Rect>,
}

impl Gate {
    /// Whether a cable to this port may be here: in front of it, between its neighbours' cables.
    fn enters(&self, point: Pos2) -> bool {
        let away = point - self.at;
        away.x.abs() < ENTRY && -1.0 <= away.dot(self.outward)
    }
}

/// Half of the distance between ports.
const ENTRY: f32 = 17.0;

/// What cables keep off.
pub(super) struct Obstacles {
    pub(super) solid: Vec<Rect>,
    near: Near,
    /// Made when the first cable needs a way around something.
    ground: OnceCell<Ground>,
}

/// Between a cable and what it passes.
const BESIDE: f32 = 5.0;
/// A routed cable goes straight for so long at its ends.
const STUB: f32 = 26.0;

impl Obstacles {
    pub(super) fn new(solid: Vec<Rect>) -> Self {
        let mut near = Near::default();
        solid.iter().for_each(|rect| {
            near.add(*rect);
        });
        Self { solid, near, ground: OnceCell::new() }
    }

    /// How many of the lines between `points` run through something that a cable between these gates must not touch.
    pub(super) fn hits(&self, points: &[Pos2], gates: [Gate; 2]) -> usize {
        points.windows(2).filter(|line| self.is_hit(line[0], line[1], gates)).count()
    }

    fn is_hit(&self, a: Pos2, b: Pos2, gates: [Gate; 2]) -> bool {
        let line = Rect::from_two_pos(a, b).expand(BESIDE);
        self.near.any(line, |_, rect| {
            // It may go straight into its port.
            let is_entering =
                gates.iter().any(|gate| gate.own == Some(rect) && gate.enters(a) && gate.enters(b));
            // What it belongs to is touched at the edge.
            let is_own = gates.iter().any(|gate| match gate.own {
                Some(own) => own == rect,
                None => rect.expand(1.0).contains(gate.at),
            });
            let reach = if is_own { -0.5 } else { BESIDE };
            !is_entering && crosses(rect.expand(reach), a, b)
        })
    }
}

/// The simple curve: it leaves and arrives straight, and bends as wide as it is long.
pub(super) fn direct(gates: [Gate; 2], width: f32) -> [Pos2; 4] {
    let [one, other] = gates;
    let distance = one.at.distance(other.at);
    let handle = (0.28 * distance * width).clamp(24.0, 180.0).min(0.45 * distance);
    [one.at, one.at + one.outward * handle, other.at + other.outward * handle, other.at]
}

/// Some points of the simple curve, for judging it.
pub(super) fn sketch(piece: &[Pos2; 4]) -> [Pos2; 17] {
    std::array::from_fn(|i| super::curve::on_piece(piece, i as f32 / 16.0))
}

/// Of a switch's edge, in canvas points: about a room and the aisle beside it.
const STRETCH: f32 = 300.0;
/// Each takes a look around the whole canvas.
const MOST_STRETCHES: f32 = 12.0;

/// One curve for each pair of gates.
pub(super) fn curves(gates: &[[Gate; 2]], obstacles: &Obstacles) -> Vec<Curve> {
    let mut curves: Vec<Option<Curve>> = gates.iter().map(|pair| simple(*pair, obstacles)).collect();
    let blocked: Vec<usize> = (0..gates.len()).filter(|i| curves[*i].is_none()).collect();
    if !blocked.is_empty() {
        let ground = obstacles.ground.get_or_init(|| Ground::of(&obstacles.solid));
        for group in by_hub(gates, &blocked) {
            route(ground, gates, &group, &mut curves, obstacles);
        }
    }
    let pairs = curves.into_iter().zip(gates);
    pairs.map(|(curve, pair)| curve.unwrap_or_else(|| direct(*pair, 1.0).into())).collect()
}

fn simple(pair: [Gate; 2], obstacles: &Obstacles) -> Option<Curve> {
    let widths = [1.0, 0.6, 1.5, 0.3];
    let candidates = widths.map(|width| direct(pair, width));
    candidates.into_iter().find(|piece| obstacles.hits(&sketch(piece), pair) == 0).map(Curve::from)
}

/// Cables with a common end, and which of their ends that is: one look around serves all of them.
struct Group {
    goal: Pos2,
    /// Cable, and its end at the goal.
    members: Vec<(usize, usize)>,
}

fn by_hub(gates: &[[Gate; 2]], blocked: &[usize]) -> Vec<Group> {
    // Ports of one stretch of a switch's edge, or sockets at one place, share their way: all the ports of a long
    // switch would come through the few aisles that are nearest to its middle.
    let key = |gate: &Gate| {
        let (edge, stretch) = match gate.own {
            Some(own) => {
                let width = STRETCH.max(own.width() / MOST_STRETCHES);
                (own.center(), ((gate.at.x - own.left()) / width) as i32)
            }
            None => (gate.at, 0),
        };
        (edge.x as i32, edge.y as i32, gate.outward.x as i32, gate.outward.y as i32, stretch)
    };
    let mut uses: BTreeMap<_, usize> = BTreeMap::new();
    for gate in blocked.iter().flat_map(|cable| &gates[*cable]) {
        *uses.entry(key(gate)).or_default() += 1;
    }
    let mut groups: BTreeMap<_, Group> = BTreeMap::new();
    for cable in blocked {
        let [one, other] = &gates[*cable];
        let end = usize::from(uses[&key(one)] < uses[&key(other)]);
        let gate = &gates[*cable][end];
        let goal = stub(gate);
        let group = groups.entry(key(gate)).or_insert(Group { goal, members: Vec::new() });
        group.members.push((*cable, end));
    }
    for group in groups.values_mut() {
        let xs: f32 = group.members.iter().map(|(cable, end)| stub(&gates[*cable][*end]).x).sum();
        group.goal = pos2(xs / group.members.len() as f32, group.goal.y);
    }
    groups.into_values().collect()
}

/// Where a routed cable may begin to turn: outside of the own switch, where it is a port.
fn stub(gate: &Gate) -> Pos2 {
    let inside = match gate.own {
        Some(own) if gate.outward.y < 0.0 => gate.at.y - own.top(),
        Some(own) => own.bottom() - gate.at.y,
        None => 0.0,
    };
    gate.at + gate.outward * (STUB + inside)
}

fn route(
    ground: &Ground,
    gates: &[[Gate; 2]],
    group: &Group,
    curves: &mut [Option<Curve>],
    obstacles: &Obstacles,
) {
    let starts: Vec<Pos2> = group.members.iter().map(|(cable, end)| stub(&gates[*cable][1 - end])).collect();
    let Some(field) = ground.field(group.goal, &starts) else { return };
    for ((cable, end), start) in group.members.iter().zip(starts) {
        let pair = gates[*cable];
        let (near, far) = (pair[*end], pair[1 - end]);
        // The common goal may be far along the switch from this port: the way is pulled straight to the port itself.
        let Some(corners) = ground.way(&field, start, stub(&near)) else { continue };
        let mut points = vec![far.at, start];
        points.extend(corners);
        points.extend([stub(&near), near.at]);
        if *end == 0 {
            points.reverse();
        }
        let curve = Curve::new(rounded(&points));
        let plain = sketch(&direct(pair, 1.0));
        if obstacles.hits(&curve.flatten(1.0), pair) <= obstacles.hits(&plain, pair) {
            curves[*cable] = Some(curve);
        }
    }
}
