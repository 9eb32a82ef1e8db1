//! Ways around what stands in the way, for cables that have no direct one.

use emath::{Pos2, Rect, Vec2, vec2};

/// The canvas in cells; a cell is blocked where a cable would run through or too close along something.
pub(super) struct Ground {
    corner: Pos2,
    cell: f32,
    width: usize,
    height: usize,
    blocked: Vec<bool>,
}

/// How far from each cell it is to one place, over free cells.
pub(super) struct Field {
    costs: Vec<u32>,
}

/// How far cables stay away from what is not theirs.
const CLEAR: f32 = 11.0;
/// Of free canvas around everything.
const AROUND: f32 = 120.0;
const SMALLEST_CELL: f32 = 9.0;
const MOST_CELLS: f32 = 40_000.0;
const STRAIGHT: u32 = 10;
const DIAGONAL: u32 = 14;
const FAR: u32 = u32::MAX;

impl Ground {
    pub(super) fn of(solid: &[Rect]) -> Self {
        let bounds = solid.iter().fold(Rect::NOTHING, |all, rect| all.union(*rect));
        let bounds = if bounds.is_positive() {
            bounds.expand(AROUND)
        } else {
            Rect::from_min_size(Pos2::ZERO, Vec2::splat(1.0))
        };
        let cell = (bounds.area() / MOST_CELLS).sqrt().max(SMALLEST_CELL);
        let count = |length: f32| (length / cell).ceil().max(1.0) as usize;
        let (width, height) = (count(bounds.width()), count(bounds.height()));
        let mut ground =
            Self { corner: bounds.min, cell, width, height, blocked: vec![false; width * height] };
        for rect in solid {
            ground.block(rect.expand(CLEAR));
        }
        ground
    }

    fn block(&mut self, rect: Rect) {
        let (low, high) = (rect.min - self.corner, rect.max - self.corner);
        // A cell counts by its middle.
        let index =
            |value: f32, most: usize| (value / self.cell - 0.5).ceil().clamp(0.0, most as f32) as usize;
        for y in index(low.y, self.height)..index(high.y, self.height) {
            let row = y * self.width;
            self.blocked[row + index(low.x, self.width)..row + index(high.x, self.width)].fill(true);
        }
    }

    fn cell_at(&self, point: Pos2) -> usize {
        let at = (point - self.corner) / self.cell;
        let x = (at.x.max(0.0) as usize).min(self.width - 1);
        let y = (at.y.max(0.0) as usize).min(self.height - 1);
        y * self.width + x
    }

    fn middle(&self, cell: usize) -> Pos2 {
        let at = vec2((cell % self.width) as f32 + 0.5, (cell / self.width) as f32 + 0.5);
        self.corner + at * self.cell
    }

    /// The free cell nearest to a point, within a few cells.
    fn free_cell(&self, point: Pos2) -> Option<usize> {
        let center = self.cell_at(point);
        let (cx, cy) = ((center % self.width) as i32, (center / self.width) as i32);
        let around = (-4..=4).flat_map(|y| (-4..=4).map(move |x| (cx + x, cy + y)));
        let inside =
            around.filter(|(x, y)| 0 <= *x && 0 <= *y && *x < self.width as i32 && *y < self.height as i32);
        let free =
            inside.map(|(x, y)| y as usize * self.width + x as usize).filter(|cell| !self.blocked[*cell]);
        free.min_by(|a, b| self.middle(*a).distance_sq(point).total_cmp(&self.middle(*b).distance_sq(point)))
    }

    /// Distances from `goal`, as far as all of `starts` need them.
    pub(super) fn field(&self, goal: Pos2, starts: &[Pos2]) -> Option<Field> {
        let mut wanted: Vec<usize> = starts.iter().filter_map(|start| self.free_cell(*start)).collect();
        let first = self.free_cell(goal)?;
        let mut costs = vec![FAR; self.blocked.len()];
        costs[first] = 0;
        // Steps cost at most 14, so that a ring of 15 buckets is a priority queue.
        let mut buckets: Vec<Vec<usize>> = vec![Vec::new(); DIAGONAL as usize + 1];
        buckets[0].push(first);
        let (mut cost, mut waiting) = (0_u32, 1_usize);
        while waiting > 0 && !wanted.is_empty() {
            let mut bucket = std::mem::take(&mut buckets[cost as usize % (DIAGONAL as usize + 1)]);
            waiting -= bucket.len();
            for cell in bucket.drain(..) {
                if costs[cell] != cost {
                    continue;
                }
                for (next, step) in self.neighbours(cell) {
                    if cost + step < costs[next] {
                        costs[next] = cost + step;
                        buckets[(cost + step) as usize % (DIAGONAL as usize + 1)].push(next);
                        waiting += 1;
                    }
                }
            }
            cost += 1;
            if cost.is_multiple_of(64) {
                wanted.retain(|cell| costs[*cell] == FAR || cost < costs[*cell]);
            }
        }
        Some(Field { costs })
    }

    /// Free cells beside a cell; a diagonal step needs both corners free.
    fn neighbours(&self, cell: usize) -> impl Iterator<Item = (usize, u32)> + '_ {
        let (x, y) = ((cell % self.width) as i32, (cell / self.width) as i32);
        let free = move |x: i32, y: i32| {
            let inside = 0 <= x && 0 <= y && x < self.width as i32 && y < self.height as i32;
            inside && !self.blocked[y as usize * self.width + x as usize]
        };
        let steps = [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1)];
        steps.into_iter().filter_map(move |(dx, dy)| {
            let is_diagonal = dx != 0 && dy != 0;
            let passes = free(x + dx, y + dy) && (!is_diagonal || (free(x + dx, y) && free(x, y + dy)));
            let cost = if is_diagonal { DIAGONAL } else { STRAIGHT };
            passes.then(|| ((y + dy) as usize * self.width + (x + dx) as usize, cost))
        })
    }

    /// The corners of a short way from `start` to the field's goal, without the two ends; `None`: there is no way.
    pub(super) fn way(&self, field: &Field, start: Pos2, goal: Pos2) -> Option<Vec<Pos2>> {
        let mut cell = self.free_cell(start)?;
        if field.costs[cell] == FAR {
            return None;
        }
        let mut points = vec![start, self.middle(cell)];
        while field.costs[cell] > 0 {
            let down = self.neighbours(cell).filter(|(next, _)| field.costs[*next] < field.costs[cell]);
            cell = down.min_by_key(|(next, step)| (field.costs[*next].saturating_add(*step), *next))?.0;
            points.push(self.middle(cell));
        }
        points.push(goal);
        Some(self.pulled(&points))
    }

    /// Leaves out the points that can be skipped in a straight line, and the two ends.
    fn pulled(&self, points: &[Pos2]) -> Vec<Pos2> {
        let mut kept = Vec::new();
        let mut anchor = 0;
        while anchor + 1 < points.len() {
            let mut next = anchor + 1;
            while next + 1 < points.len() && self.sees(points[anchor], points[next + 1]) {
                next += 1;
            }
            kept.push(points[next]);
            anchor = next;
        }
        kept.pop();
        kept
    }

    fn sees(&self, from: Pos2, to: Pos2) -> bool {
        let steps = ((to - from).length() / (0.4 * self.cell)).ceil().max(1.0);
        (0..=steps as usize)
            .all(|step| !self.blocked[self.cell_at(from + (to - from) * (step as f32 / steps))])
    }
}

/// Cubic pieces along a line with corners, which are rounded to the inside.
pub(super) fn rounded(points: &[Pos2]) -> Vec<[Pos2; 4]> {
    const LARGEST: f32 = 44.0;
    let straight = |from: Pos2, to: Pos2| [from, from + (to - from) / 3.0, to - (to - from) / 3.0, to];
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let mut pieces = Vec::new();
    let mut at = *first;
    for i in 1..points.len() - 1 {
        let (before, corner, after) = (points[i - 1], points[i], points[i + 1]);
        let (into, out) = (corner - before, after - corner);
        // An end leg has one corner only and may be used up by it; the others are shared by two.
        let share = |leg: Vec2, is_end: bool| leg.length() * if is_end { 0.9 } else { 0.5 };
        let radius = share(into, i == 1).min(share(out, i + 2 == points.len())).min(LARGEST);
        if radius < 0.5 {
            continue;
        }
        let (from, to) = (corner - into.normalized() * radius, corner + out.normalized() * radius);
        if at.distance(from) > 0.01 {
            pieces.push(straight(at, from));
        }
        pieces.push([from, from + (corner - from) * 0.6, to + (corner - to) * 0.6, to]);
        at = to;
    }
    pieces.push(straight(at, *last));
    pieces
}

#[cfg(test)]
mod tests {
    use emath::pos2;

    use super::{super::near::crosses, *};

    #[test]
    fn a_way_leads_around_a_wall() {
        let wall = Rect::from_min_max(pos2(100.0, -300.0), pos2(140.0, 300.0));
        let ground = Ground::of(&[wall]);
        let (start, goal) = (pos2(40.0, 0.0), pos2(200.0, 20.0));
        let field = ground.field(goal, &[start]).expect("the goal is free");
        let mut points = vec![start];
        points.extend(ground.way(&field, start, goal).expect("there is a way"));
        points.push(goal);
        assert!((3..8).contains(&points.len()), "{points:?}");
        for line in points.windows(2) {
            assert!(!crosses(wall, line[0], line[1]), "{line:?}");
        }
        let pieces = rounded(&points);
        assert_eq!((pieces[0][0], pieces[pieces.len() - 1][3]), (start, goal));
        assert!(pieces.windows(2).all(|two| two[0][3].distance(two[1][0]) < 0.1));
    }

    #[test]
    fn what_is_walled_in_has_no_way() {
        let bars = [
            Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 20.0)),
            Rect::from_min_max(pos2(0.0, 280.0), pos2(300.0, 300.0)),
            Rect::from_min_max(pos2(0.0, 0.0), pos2(20.0, 300.0)),
            Rect::from_min_max(pos2(280.0, 0.0), pos2(300.0, 300.0)),
        ];
        let ground = Ground::of(&bars);
        let (start, goal) = (pos2(150.0, 150.0), pos2(400.0, 150.0));
        let field = ground.field(goal, &[start]).expect("the goal is free");
        assert_eq!(ground.way(&field, start, goal), None);
    }
}
