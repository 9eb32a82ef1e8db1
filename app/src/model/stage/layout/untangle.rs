//! Edges and ways of all cables together; where some cross, others are tried.

use emath::{Pos2, Rect};

use super::{
    Curve,
    cables::{self, Gate, Obstacles},
    edges::{self, Edge, End, cuts},
    near::overlap,
};

/// In labs with more cables than this, crossings are no surprise, and trying takes too long.
const MOST_UNTANGLED: usize = 16;
const ROUNDS: usize = 2;
/// In canvas points of cable that one would lay to avoid a crossing.
const CROSSING: f32 = 500.0;

/// Where the cables leave their owners, and their ways.
pub(super) fn laid(ends: &[[End; 2]], obstacles: &Obstacles) -> (Vec<[Gate; 2]>, Vec<Curve>) {
    let chosen = edges::choose(ends, obstacles);
    let mut best = Attempt::new(ends, obstacles, chosen);
    if MOST_UNTANGLED < ends.len() {
        return (best.gates, best.curves);
    }
    for _ in 0..ROUNDS {
        for cable in 0..ends.len() {
            if !best.tangled[cable] {
                continue;
            }
            for one in ends[cable][0].edges() {
                for other in ends[cable][1].edges() {
                    let mut chosen = best.chosen.clone();
                    chosen[cable] = [*one, *other];
                    let attempt = Attempt::new(ends, obstacles, chosen);
                    if attempt.cost < best.cost {
                        best = attempt;
                    }
                }
            }
        }
    }
    (best.gates, best.curves)
}

struct Attempt {
    chosen: Vec<[Edge; 2]>,
    gates: Vec<[Gate; 2]>,
    curves: Vec<Curve>,
    /// Which cables cross another.
    tangled: Vec<bool>,
    cost: f32,
}

impl Attempt {
    fn new(ends: &[[End; 2]], obstacles: &Obstacles, chosen: Vec<[Edge; 2]>) -> Self {
        let gates = edges::spread(ends, &chosen);
        let curves = cables::curves(&gates, obstacles);
        if MOST_UNTANGLED < ends.len() {
            return Self { chosen, gates, curves, tangled: Vec::new(), cost: 0.0 };
        }
        let lines: Vec<Vec<Pos2>> = curves.iter().map(|curve| curve.flatten(1.5)).collect();
        let bounds: Vec<Rect> = lines.iter().map(|line| Rect::from_points(line)).collect();
        let mut tangled = vec![false; lines.len()];
        let mut cost = 0.0;
        for i in 0..lines.len() {
            for j in i + 1..lines.len() {
                let crossings = if overlap(bounds[i], bounds[j]) { cuts(&lines[i], &lines[j]) } else { 0 };
                if crossings > 0 {
                    (tangled[i], tangled[j]) = (true, true);
                    cost += CROSSING * crossings as f32;
                }
            }
            cost += curves[i].length() + chosen[i].iter().map(|edge| edge.habit()).sum::<f32>();
            cost += 60.0 * obstacles.hits(&lines[i], gates[i]) as f32;
        }
        Self { chosen, gates, curves, tangled, cost }
    }
}
