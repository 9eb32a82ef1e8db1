//! A cable's way: cubic Béziers end to end, walked at even speed.

use std::sync::Arc;

use emath::{Pos2, Rect, Vec2};

/// From the cable's first end to its second. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pieces: Arc<[[Pos2; 4]]>,
    /// The length up to the end of each of the [`SAMPLES`] parts of each piece.
    lengths: Arc<[f32]>,
}

/// Parts of a piece in the table of lengths: at this many, speed is even as far as the eye can tell.
const SAMPLES: usize = 32;

impl From<[Pos2; 4]> for Curve {
    fn from(piece: [Pos2; 4]) -> Self {
        Self::new(vec![piece])
    }
}

impl Curve {
    /// Each piece begins where the one before ends. Without pieces it is a point in the corner of the canvas.
    pub fn new(mut pieces: Vec<[Pos2; 4]>) -> Self {
        if pieces.is_empty() {
            pieces.push([Pos2::ZERO; 4]);
        }
        let mut lengths = Vec::with_capacity(pieces.len() * SAMPLES);
        let mut sum = 0.0;
        for piece in &pieces {
            let mut last = piece[0];
            for sample in 1..=SAMPLES {
                let next = on_piece(piece, sample as f32 / SAMPLES as f32);
                sum += last.distance(next);
                lengths.push(sum);
                last = next;
            }
        }
        Self { pieces: pieces.into(), lengths: lengths.into() }
    }

    pub fn pieces(&self) -> &[[Pos2; 4]] {
        &self.pieces
    }

    pub fn start(&self) -> Pos2 {
        self.pieces[0][0]
    }

    pub fn end(&self) -> Pos2 {
        self.pieces[self.pieces.len() - 1][3]
    }

    /// In canvas points.
    pub fn length(&self) -> f32 {
        self.lengths[self.lengths.len() - 1]
    }

    /// `t` from 0 to 1, even in length.
    pub fn at(&self, t: f32) -> Pos2 {
        let wanted = t.clamp(0.0, 1.0) * self.length();
        let part = self.lengths.partition_point(|length| *length < wanted).min(self.lengths.len() - 1);
        let before = if part == 0 { 0.0 } else { self.lengths[part - 1] };
        let span = self.lengths[part] - before;
        let within = if span > 0.0 { (wanted - before) / span } else { 0.0 };
        on_piece(&self.pieces[part / SAMPLES], ((part % SAMPLES) as f32 + within) / SAMPLES as f32)
    }

    /// Points that are at most about `tolerance` canvas points beside the curve when joined by lines.
    pub fn flatten(&self, tolerance: f32) -> Vec<Pos2> {
        let mut points = vec![self.start()];
        for piece in self.pieces.iter() {
            let [a, b, c, d] = piece;
            // A cubic is at most (max second difference) * 6/8 / n² away from its n chords.
            let bend = (*a - *b + (*c - *b)).length().max((*b - *c + (*d - *c)).length());
            let parts = (0.75 * bend / tolerance.max(0.01)).sqrt().ceil().clamp(1.0, 64.0) as usize;
            points.extend((1..=parts).map(|part| on_piece(piece, part as f32 / parts as f32)));
        }
        points
    }

    /// The stretch between two values of `t`, evenly spaced, from `from` to `to` (which may be the smaller one).
    pub fn stretch(&self, from: f32, to: f32, out: &mut Vec<Pos2>) {
        const STEP: f32 = 9.0;
        let parts = ((to - from).abs() * self.length() / STEP).ceil().clamp(1.0, 200.0) as usize;
        out.extend((0..=parts).map(|part| self.at(from + (to - from) * part as f32 / parts as f32)));
    }

    /// How far `point` is from the curve.
    pub fn distance(&self, point: Pos2) -> f32 {
        let points = self.flatten(0.5);
        let lines = points.windows(2).map(|line| from_line(point, line[0], line[1]));
        lines.fold(point.distance(self.start()), f32::min)
    }

    /// A box around it; never smaller than the curve.
    pub fn bounds(&self) -> Rect {
        let mut bounds = Rect::NOTHING;
        self.pieces.iter().flatten().for_each(|point| bounds.extend_with(*point));
        bounds
    }
}

/// A point of one cubic, `t` from 0 to 1.
pub(crate) fn on_piece(piece: &[Pos2; 4], t: f32) -> Pos2 {
    let [a, b, c, d] = piece.map(Pos2::to_vec2);
    let u = 1.0 - t;
    (a * (u * u * u) + b * (3.0 * u * u * t) + c * (3.0 * u * t * t) + d * (t * t * t)).to_pos2()
}

fn from_line(point: Pos2, from: Pos2, to: Pos2) -> f32 {
    let along: Vec2 = to - from;
    let length = along.length_sq();
    let t = if length > 0.0 { ((point - from).dot(along) / length).clamp(0.0, 1.0) } else { 0.0 };
    point.distance(from + along * t)
}

#[cfg(test)]
mod tests {
    use emath::pos2;

    use super::*;

    fn bent() -> Curve {
        let one = [pos2(0.0, 0.0), pos2(0.0, 90.0), pos2(300.0, 0.0), pos2(300.0, 90.0)];
        Curve::new(vec![one, [pos2(300.0, 90.0), pos2(300.0, 300.0), pos2(300.0, 310.0), pos2(300.0, 400.0)]])
    }

    #[test]
    fn it_is_walked_at_even_speed() {
        let curve = bent();
        let steps: Vec<f32> =
            (0..50).map(|i| curve.at(i as f32 / 50.0).distance(curve.at((i + 1) as f32 / 50.0))).collect();
        let mean = curve.length() / 50.0;
        for step in steps {
            assert!((step - mean).abs() < 0.04 * mean, "a step of {step}, where {mean} is even");
        }
        assert_eq!(curve.at(0.0), curve.start());
        assert_eq!(curve.at(1.0), curve.end());
    }

    #[test]
    fn flattened_it_stays_within_the_tolerance() {
        let curve = bent();
        for tolerance in [0.1, 0.5, 2.0] {
            let points = curve.flatten(tolerance);
            for i in 0..=100 {
                let on = curve.at(i as f32 / 100.0);
                let off =
                    points.windows(2).map(|line| from_line(on, line[0], line[1])).fold(f32::MAX, f32::min);
                assert!(off <= tolerance, "{off} beside, {tolerance} allowed");
            }
        }
    }

    #[test]
    fn the_distance_is_that_to_the_nearest_point() {
        let straight = Curve::from([pos2(0.0, 0.0), pos2(10.0, 0.0), pos2(20.0, 0.0), pos2(30.0, 0.0)]);
        assert!((straight.distance(pos2(12.0, 5.0)) - 5.0).abs() < 1e-4);
        assert!((straight.distance(pos2(34.0, 3.0)) - 5.0).abs() < 1e-4);
    }

    #[test]
    fn nothing_is_a_point_and_no_panic() {
        let point = Curve::new(Vec::new());
        assert_eq!(point.at(0.7), Pos2::ZERO);
        assert_eq!(point.flatten(0.0).len(), 2);
    }
}
