//! Alignment: things that are moved click into line with others, and onto a grid otherwise.

use egui::{Pos2, Rect, Vec2, pos2};

/// Canvas points of the grid.
const GRID: f32 = 8.0;

/// A move that has clicked into place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapped {
    pub by: Vec2,
    /// Lines that show with what it is aligned.
    pub guides: Vec<(Pos2, Pos2)>,
}

/// Moves `moved` by about `by`; within `reach` of a line of one of `others` it goes onto that line.
pub fn snap(moved: Rect, by: Vec2, others: &[Rect], reach: f32) -> Snapped {
    let target = moved.translate(by);
    let across = nearest(lines(target.x_range()), others.iter().map(|other| lines(other.x_range())), reach);
    let down = nearest(lines(target.y_range()), others.iter().map(|other| lines(other.y_range())), reach);
    let on_grid = |value: f32| (value / GRID).round() * GRID - value;
    let shift = Vec2::new(
        across.map_or_else(|| on_grid(target.min.x), |(shift, _)| shift),
        down.map_or_else(|| on_grid(target.min.y), |(shift, _)| shift),
    );
    let settled = target.translate(shift);
    let mut guides = Vec::new();
    if let Some((_, x)) = across {
        let (top, bottom) = reached(
            settled.y_range(),
            others,
            |other| lines(other.x_range()).contains(&x),
            |rect| rect.y_range(),
        );
        guides.push((pos2(x, top), pos2(x, bottom)));
    }
    if let Some((_, y)) = down {
        let (left, right) = reached(
            settled.x_range(),
            others,
            |other| lines(other.y_range()).contains(&y),
            |rect| rect.x_range(),
        );
        guides.push((pos2(left, y), pos2(right, y)));
    }
    Snapped { by: by + shift, guides }
}

/// Both edges and the middle.
fn lines(range: egui::Rangef) -> [f32; 3] {
    [range.min, range.center(), range.max]
}

/// The smallest shift that brings one of our lines onto one of theirs, and that line.
fn nearest(ours: [f32; 3], theirs: impl Iterator<Item = [f32; 3]>, reach: f32) -> Option<(f32, f32)> {
    let pairs = theirs.flatten().flat_map(|line| ours.map(|own| (line - own, line)));
    pairs
        .filter(|(shift, _)| shift.abs() <= reach)
        .min_by(|a, b| a.0.abs().total_cmp(&b.0.abs()).then(a.1.total_cmp(&b.1)))
}

/// How far a guide goes: over us and all that share its line.
fn reached(
    own: egui::Rangef,
    others: &[Rect],
    shares: impl Fn(&Rect) -> bool,
    range: impl Fn(Rect) -> egui::Rangef,
) -> (f32, f32) {
    let sharing = others.iter().filter(|other| shares(other)).map(|other| range(*other));
    sharing.fold((own.min, own.max), |(low, high), range| (low.min(range.min), high.max(range.max)))
}

#[cfg(test)]
mod tests {
    use egui::vec2;

    use super::*;

    #[test]
    fn near_a_line_it_clicks_onto_it_and_says_which() {
        let moved = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 50.0));
        let other = Rect::from_min_size(pos2(300.0, 203.0), vec2(100.0, 50.0));
        let snapped = snap(moved, vec2(10.0, 200.0), &[other], 6.0);
        assert_eq!(snapped.by.y, 203.0);
        assert_eq!(snapped.by.x, 8.0, "no line is near there, so the grid decides");
        assert_eq!(snapped.guides.len(), 1);
        assert_eq!((snapped.guides[0].0.x, snapped.guides[0].1.x), (8.0, 400.0));
    }

    #[test]
    fn far_from_all_lines_the_grid_decides() {
        let moved = Rect::from_min_size(pos2(3.0, 3.0), vec2(100.0, 50.0));
        let snapped = snap(moved, vec2(10.0, 10.0), &[], 6.0);
        assert_eq!((snapped.by, snapped.guides), (vec2(13.0, 13.0), Vec::new()));
    }
}
