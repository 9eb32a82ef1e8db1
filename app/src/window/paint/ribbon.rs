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
    let (mut normal, mut before) = (Vec2::DOWN, None);
    for (i, point) in points.iter().enumerate() {
        let after = points.get(i + 1).map(|next| direction(*next - *point));
        normal = side(before, after).unwrap_or(normal);
        before = after;
        let strength = strength(i as f32 / (count - 1) as f32);
        let tint = |color: Color32| if strength < 1.0 { color.gamma_multiply(strength) } else { color };
        let vertex = |offset: f32, color| Vertex::untextured(*point + normal * offset, color);
        mesh.vertices.extend(layers.iter().rev().map(|(offset, color)| vertex(-offset, tint(*color))));
        // The other side has the same colours, in the other order.
        let inner = mesh.vertices.len() - 1;
        for (i, (offset, _)) in layers.iter().enumerate() {
            let color = mesh.vertices[inner - i].color;
            mesh.vertices.push(vertex(*offset, color));
        }
    }
    let across = across as u32;
    for row in 0..count as u32 - 1 {
        for column in 0..across - 1 {
            let corner = first + row * across + column;
            let below = corner + across;
            mesh.indices.extend_from_slice(&[corner, corner + 1, below, below, corner + 1, below + 1]);
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

/// Of length 1, or none at all. Lengths on the screen are far from what would overflow, so no `hypot`.
fn direction(way: Vec2) -> Vec2 {
    let square = way.length_sq();
    if square > 0.0 { way / square.sqrt() } else { Vec2::ZERO }
}

/// Across the line at a point, as long as keeps the line's width around a bend; from the directions before and after.
fn side(before: Option<Vec2>, after: Option<Vec2>) -> Option<Vec2> {
    let after = after.or(before)?;
    let along = before.unwrap_or(after) + after;
    if along.length_sq() < 1e-6 {
        return None;
    }
    let along = direction(along);
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
