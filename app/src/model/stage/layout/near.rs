//! Which boxes are near a place, without asking all of them.

use std::collections::BTreeMap;

use emath::{Pos2, Rect};

/// Boxes in buckets of canvas.
#[derive(Clone, Debug, Default)]
pub(super) struct Near {
    boxes: Vec<Rect>,
    buckets: BTreeMap<(i32, i32), Vec<u32>>,
}

const BUCKET: f32 = 160.0;

impl Near {
    /// Gives the box's number.
    pub(super) fn add(&mut self, rect: Rect) -> usize {
        let number = self.boxes.len();
        self.boxes.push(rect);
        for bucket in buckets(rect) {
            self.buckets.entry(bucket).or_default().push(number as u32);
        }
        number
    }

    /// Whether `is_meant` holds for a box that overlaps `rect`. A box may be asked about more than once.
    pub(super) fn any(&self, rect: Rect, mut is_meant: impl FnMut(usize, Rect) -> bool) -> bool {
        buckets(rect).any(|bucket| {
            let numbers = self.buckets.get(&bucket).map_or(&[][..], Vec::as_slice);
            numbers.iter().any(|number| {
                let found = self.boxes[*number as usize];
                overlap(found, rect) && is_meant(*number as usize, found)
            })
        })
    }
}

/// Touching edges are no overlap.
pub(super) fn overlap(a: Rect, b: Rect) -> bool {
    a.min.x < b.max.x && b.min.x < a.max.x && a.min.y < b.max.y && b.min.y < a.max.y
}

/// Whether the line from `a` to `b` goes through `rect` (its edge does not count).
pub(super) fn crosses(rect: Rect, a: Pos2, b: Pos2) -> bool {
    let (mut from, mut to) = (0.0_f32, 1.0_f32);
    for (start, step, low, high) in
        [(a.x, b.x - a.x, rect.min.x, rect.max.x), (a.y, b.y - a.y, rect.min.y, rect.max.y)]
    {
        if step == 0.0 {
            if start <= low || high <= start {
                return false;
            }
            continue;
        }
        let (one, other) = ((low - start) / step, (high - start) / step);
        from = from.max(one.min(other));
        to = to.min(one.max(other));
    }
    from < to
}

fn buckets(rect: Rect) -> impl Iterator<Item = (i32, i32)> {
    let index = |value: f32| (value / BUCKET).floor() as i32;
    let (left, right) = (index(rect.min.x), index(rect.max.x));
    let (top, bottom) = (index(rect.min.y), index(rect.max.y));
    (top..=bottom).flat_map(move |y| (left..=right).map(move |x| (x, y)))
}

#[cfg(test)]
mod tests {
    use emath::pos2;

    use super::*;

    #[test]
    fn a_line_crosses_a_box_or_passes_it() {
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(10.0, 10.0));
        let cases = [
            ((-5.0, 5.0), (15.0, 5.0), true),
            ((-5.0, 0.0), (15.0, 0.0), false),
            ((-5.0, 5.0), (-1.0, 5.0), false),
            ((5.0, 5.0), (6.0, 6.0), true),
            ((-5.0, 4.0), (4.0, -5.0), false),
            ((-2.0, 5.0), (5.0, -2.0), true),
        ];
        for ((ax, ay), (bx, by), expected) in cases {
            assert_eq!(crosses(rect, pos2(ax, ay), pos2(bx, by)), expected, "{ax},{ay} to {bx},{by}");
        }
    }

    #[test]
    fn boxes_are_found_across_buckets() {
        let mut near = Near::default();
        near.add(Rect::from_min_max(pos2(-500.0, -10.0), pos2(900.0, 10.0)));
        let at = |x: f32, y: f32| Rect::from_min_max(pos2(x, y), pos2(x + 1.0, y + 1.0));
        assert!(near.any(at(800.0, 0.0), |_, _| true));
        assert!(!near.any(at(800.0, 20.0), |_, _| true));
    }
}
