//! Lines with layers, straight into a mesh: cables, trails, and what else has soft edges and many points.

use egui::{Color32, Mesh, Pos2, Vec2, epaint::Vertex};

/// From the middle outwards: half a width in screen points, and the colour there. Colours between are mixed.
pub(super) type Layers<'a> = &'a [(f32, Color32)];

/// Adds a line along `points` whose cross-section is `layers` and their mirror image. `strength(t)` fades it, `t`
/// being 0 at the first point and 1 at the last.
pub(super) fn ribbon(mesh: &mut Mesh, points: &[Pos2], layers: Layers<'_>, strength: impl Fn(f32) -> f32) {
    let (count, across) = (points.len(), 2 * layers.len());
    if count < 2 || layers.is_empty() {
        return;
    }
    let first = mesh.vertices.len() as u32;
    mesh.reserve_vertices(count * across);
    mesh.reserve_triangles((count - 1) * (across - 1) * 2);
    let mut normal = Vec2::DOWN;
    for (i, point) in points.iter().enumerate() {
        normal = side(points, i).unwrap_or(normal);
        let strength = strength(i as f32 / (count - 1) as f32);
        let tint = |color: Color32| if strength < 1.0 { color.gamma_multiply(strength) } else { color };
        let left = layers.iter().rev().map(|(width, color)| (-width, color));
        for (offset, color) in left.chain(layers.iter().map(|(width, color)| (*width, color))) {
            mesh.vertices.push(Vertex::untextured(*point + normal * offset, tint(*color)));
        }
    }
    let across = across as u32;
    for row in 0..count as u32 - 1 {
        for column in 0..across - 1 {
            let corner = first + row * across + column;
            mesh.add_triangle(corner, corner + 1, corner + across);
            mesh.add_triangle(corner + across, corner + 1, corner + across + 1);
        }
    }
}

/// Layers of a plain line with soft edges.
pub(super) fn plain(width: f32, color: Color32) -> [(f32, Color32); 2] {
    let half = width / 2.0;
    [((half - SOFT).max(0.0), color), (half + SOFT, Color32::TRANSPARENT)]
}

/// Layers of a line in a casing, which keeps crossing lines apart.
pub(super) fn cased(width: f32, color: Color32, casing: f32, around: Color32) -> [(f32, Color32); 4] {
    let half = width / 2.0;
    [
        ((half - SOFT).max(0.0), color),
        (half + SOFT, around),
        (half + casing, around),
        (half + casing + SOFT, Color32::TRANSPARENT),
    ]
}

/// Half the width of a soft edge.
const SOFT: f32 = 0.5;

/// Across the line at a point, as long as keeps the line's width around a bend.
fn side(points: &[Pos2], i: usize) -> Option<Vec2> {
    let before = if i > 0 { points[i] - points[i - 1] } else { points[1] - points[0] };
    let after = if i + 1 < points.len() { points[i + 1] - points[i] } else { before };
    let (before, after) = (before.normalized(), after.normalized());
    let along = before + after;
    if along.length_sq() < 1e-6 {
        return None;
    }
    let along = along.normalized();
    let spread = along.dot(after).max(0.5);
    Some(along.rot90() / spread)
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn a_line_is_as_wide_as_asked() {
        let mut mesh = Mesh::default();
        let points = [pos2(0.0, 0.0), pos2(10.0, 0.0), pos2(10.0, 10.0)];
        ribbon(&mut mesh, &points, &plain(4.0, Color32::WHITE), |_| 1.0);
        assert!(mesh.is_valid());
        let bounds = mesh.calc_bounds();
        assert_eq!(bounds.min.y, -2.5);
        assert!((bounds.max.x - 12.5).abs() < 1e-4, "{bounds:?}");
    }

    #[test]
    fn points_at_one_place_are_no_trouble() {
        let mut mesh = Mesh::default();
        ribbon(&mut mesh, &[pos2(1.0, 1.0); 3], &plain(4.0, Color32::WHITE), |_| 1.0);
        ribbon(&mut mesh, &[pos2(1.0, 1.0)], &plain(4.0, Color32::WHITE), |_| 1.0);
        ribbon(&mut mesh, &[], &plain(4.0, Color32::WHITE), |_| 1.0);
        assert!(mesh.vertices.iter().all(|vertex| vertex.pos.x.is_finite() && vertex.pos.y.is_finite()));
    }
}
