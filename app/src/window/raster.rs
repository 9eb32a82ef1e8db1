//! egui's meshes as pixels, without a GPU: for pictures made by tests, and for export.
//!
//! Same rules as the GPU backends: vertices snap to 1/256 of a pixel, a pixel belongs to a triangle by its centre
//! and the top-left rule, colours are premultiplied and blended in gamma space, textures are sampled bilinearly.
//! Integers decide which pixels are covered, so that a picture is the same on every machine.

use std::collections::BTreeMap;

use egui::{
    ClippedPrimitive, Color32, ColorImage, ImageData, Mesh, Pos2, Rect, TextureFilter, TextureId,
    TexturesDelta,
    epaint::{ImageDelta, Primitive, Vertex},
    pos2,
};

/// Keeps egui's textures, and paints with them.
#[derive(Default)]
pub struct Raster {
    textures: BTreeMap<TextureId, Texture>,
}

struct Texture {
    image: ColorImage,
    is_smooth: bool,
}

impl std::fmt::Debug for Raster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Raster").field("textures", &self.textures.len()).finish()
    }
}

impl Raster {
    /// Takes over what changed, and empties `delta`, which egui insists on.
    pub fn update(&mut self, delta: &mut TexturesDelta) {
        let mut changed: Vec<_> = delta.set.iter().collect();
        changed.sort_by_key(|(id, _)| **id);
        for (id, patches) in changed {
            patches.iter().for_each(|patch| self.patch(*id, patch));
        }
        for id in &delta.free {
            self.textures.remove(id);
        }
        delta.clear();
    }

    /// The picture, premultiplied, `size` in pixels.
    #[must_use]
    pub fn paint(
        &self,
        size: [usize; 2],
        pixels_per_point: f32,
        background: Color32,
        primitives: &[ClippedPrimitive],
    ) -> ColorImage {
        let mut target = ColorImage::filled(size, background);
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            let clip = Clip::of(*clip_rect, pixels_per_point, size);
            fill_mesh(&mut target, clip, pixels_per_point, texture, mesh);
        }
        target
    }

    fn patch(&mut self, id: TextureId, delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        let is_smooth = delta.options.magnification == TextureFilter::Linear;
        match (delta.pos, self.textures.get_mut(&id)) {
            (Some([left, top]), Some(texture)) => {
                let width = texture.image.size[0];
                for (row, line) in image.pixels.chunks_exact(image.size[0].max(1)).enumerate() {
                    let start = (top + row) * width + left;
                    if let Some(place) = texture.image.pixels.get_mut(start..start + line.len()) {
                        place.copy_from_slice(line);
                    }
                }
            }
            _ => {
                self.textures.insert(id, Texture { image: ColorImage::clone(image), is_smooth });
            }
        }
    }
}

impl Texture {
    fn sample(&self, uv: Pos2) -> Shade {
        let [width, height] = self.image.size;
        let (x, y) = (uv.x * width as f32, uv.y * height as f32);
        if !self.is_smooth {
            return self.texel(x.floor() as i64, y.floor() as i64);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let upper = mix(self.texel(left, top), self.texel(left + 1, top), fx);
        let lower = mix(self.texel(left, top + 1), self.texel(left + 1, top + 1), fx);
        mix(upper, lower, fy)
    }

    fn texel(&self, x: i64, y: i64) -> Shade {
        let [width, height] = self.image.size;
        let x = x.clamp(0, width as i64 - 1) as usize;
        let y = y.clamp(0, height as i64 - 1) as usize;
        self.image.pixels.get(y * width + x).map_or([0.0; 4], |pixel| shade(*pixel))
    }
}

/// Pixels that may be touched; the ends are exclusive.
#[derive(Clone, Copy)]
struct Clip {
    left: i64,
    top: i64,
    right: i64,
    bottom: i64,
}

impl Clip {
    fn of(rect: Rect, scale: f32, size: [usize; 2]) -> Self {
        let edge = |points: f32, most: usize| ((points * scale).round() as i64).clamp(0, most as i64);
        Self {
            left: edge(rect.min.x, size[0]),
            top: edge(rect.min.y, size[1]),
            right: edge(rect.max.x, size[0]),
            bottom: edge(rect.max.y, size[1]),
        }
    }
}

fn fill_mesh(target: &mut ColorImage, clip: Clip, scale: f32, texture: &Texture, mesh: &Mesh) {
    for corners in mesh.indices.chunks_exact(3) {
        let vertex = |i: usize| mesh.vertices.get(corners[i] as usize);
        if let (Some(a), Some(b), Some(c)) = (vertex(0), vertex(1), vertex(2)) {
            fill_triangle(target, clip, scale, texture, [a, b, c]);
        }
    }
}

/// Parts of a pixel to which vertices snap.
const SUBPIXELS: i64 = 256;

fn fill_triangle(target: &mut ColorImage, clip: Clip, scale: f32, texture: &Texture, corners: [&Vertex; 3]) {
    let Some(triangle) = Triangle::new(scale, corners) else { return };
    let paint = Paint::new(texture, triangle.corners);
    let width = target.size[0];
    let (top, bottom) = (triangle.rows.0.max(clip.top), triangle.rows.1.min(clip.bottom));
    for y in top..bottom {
        let (left, right) = triangle.span(y, clip);
        if right <= left {
            continue;
        }
        let start = y as usize * width;
        let row = &mut target.pixels[start + left as usize..start + right as usize];
        match paint {
            Paint::Flat(color) if color[3] >= 255.0 => row.fill(blend(Color32::TRANSPARENT, color)),
            Paint::Flat(color) => row.iter_mut().for_each(|pixel| *pixel = blend(*pixel, color)),
            Paint::Mixed { texture, tint } => {
                let mut weights = triangle.weights(left, y);
                for pixel in row {
                    *pixel = blend(*pixel, triangle.shade(texture, tint, weights));
                    for (weight, step) in weights.iter_mut().zip(triangle.steps) {
                        *weight += step;
                    }
                }
            }
        }
    }
}

/// What a triangle is filled with.
#[derive(Clone, Copy)]
enum Paint<'a> {
    Flat(Shade),
    /// `None`: of the texture, one place only, whose colour is `tint`.
    Mixed {
        texture: Option<&'a Texture>,
        tint: Shade,
    },
}

impl<'a> Paint<'a> {
    fn new(texture: &'a Texture, corners: [&Vertex; 3]) -> Self {
        let [a, b, c] = corners;
        if a.uv != b.uv || a.uv != c.uv {
            return Self::Mixed { texture: Some(texture), tint: shade(Color32::WHITE) };
        }
        let tint = texture.sample(a.uv);
        if a.color == b.color && a.color == c.color {
            return Self::Flat(tinted(tint, shade(a.color)));
        }
        Self::Mixed { texture: None, tint }
    }
}

/// A triangle in parts of pixels, its corners clockwise.
struct Triangle<'a> {
    corners: [&'a Vertex; 3],
    at: [(i64, i64); 3],
    /// Twice its area.
    area: f32,
    /// 0 for edges whose pixels belong to it, -1 for those whose pixels belong to the neighbour.
    biases: [i64; 3],
    /// By how much each corner's weight grows from a pixel to the next one on the right.
    steps: [i64; 3],
    /// Rows of pixels that it may touch; the end is exclusive.
    rows: (i64, i64),
}

impl<'a> Triangle<'a> {
    fn new(scale: f32, mut corners: [&'a Vertex; 3]) -> Option<Self> {
        let snap = |v: &Vertex| {
            let to_sub = |points: f32| (f64::from(points * scale) * SUBPIXELS as f64).round() as i64;
            (to_sub(v.pos.x), to_sub(v.pos.y))
        };
        let mut at = corners.map(snap);
        let doubled_area = edge(at[0], at[1], at[2]);
        if doubled_area == 0 {
            return None;
        }
        if doubled_area < 0 {
            corners.swap(1, 2);
            at.swap(1, 2);
        }
        let edges = [(at[1], at[2]), (at[2], at[0]), (at[0], at[1])];
        let biases = edges.map(|((x0, y0), (x1, y1))| if y1 < y0 || (y0 == y1 && x0 < x1) { 0 } else { -1 });
        let steps = edges.map(|((_, y0), (_, y1))| (y0 - y1) * SUBPIXELS);
        let first = |sub: i64| (sub - SUBPIXELS / 2).div_euclid(SUBPIXELS);
        let [a, b, c] = at.map(|(_, y)| first(y));
        let rows = (a.min(b).min(c), a.max(b).max(c) + 2);
        Some(Self { corners, at, area: doubled_area.unsigned_abs() as f32, biases, steps, rows })
    }

    /// How much each corner counts in a pixel's middle; all together are the area.
    fn weights(&self, x: i64, y: i64) -> [i64; 3] {
        let centre = (x * SUBPIXELS + SUBPIXELS / 2, y * SUBPIXELS + SUBPIXELS / 2);
        let [a, b, c] = self.at;
        [edge(b, c, centre), edge(c, a, centre), edge(a, b, centre)]
    }

    /// The pixels of a row whose middles are inside; the end is exclusive.
    fn span(&self, y: i64, clip: Clip) -> (i64, i64) {
        let weights = self.weights(0, y);
        let (mut left, mut right) = (clip.left, clip.right);
        for ((weight, bias), step) in weights.into_iter().zip(self.biases).zip(self.steps) {
            let weight = weight + bias;
            // Where weight + step * x stays at least 0.
            match step {
                0 if weight < 0 => return (0, 0),
                0 => {}
                1.. => {
                    left = left.max((-weight).div_euclid(step) + i64::from((-weight).rem_euclid(step) != 0))
                }
                ..0 => right = right.min(weight.div_euclid(-step) + 1),
            }
        }
        (left, right)
    }

    fn shade(&self, texture: Option<&Texture>, tint: Shade, weights: [i64; 3]) -> Shade {
        let [a, b, c] = self.corners;
        let [wa, wb, wc] = [0, 1, 2].map(|i| weights[i] as f32 / self.area);
        let (ca, cb, cc) = (shade(a.color), shade(b.color), shade(c.color));
        let color = [0, 1, 2, 3].map(|i| ca[i] * wa + cb[i] * wb + cc[i] * wc);
        let texel = match texture {
            None => tint,
            Some(texture) => texture.sample(pos2(
                a.uv.x * wa + b.uv.x * wb + c.uv.x * wc,
                a.uv.y * wa + b.uv.y * wb + c.uv.y * wc,
            )),
        };
        tinted(texel, color)
    }
}

/// Twice the signed area of a triangle; positive where `c` lies to the right of the way from `a` to `b`, y downwards.
fn edge(a: (i64, i64), b: (i64, i64), c: (i64, i64)) -> i64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

/// A premultiplied colour, each channel from 0 to 255.
type Shade = [f32; 4];

fn shade(color: Color32) -> Shade {
    let [r, g, b, a] = color.to_array();
    [f32::from(r), f32::from(g), f32::from(b), f32::from(a)]
}

fn tinted(texel: Shade, color: Shade) -> Shade {
    [0, 1, 2, 3].map(|i| texel[i] * color[i] / 255.0)
}

fn mix(a: Shade, b: Shade, t: f32) -> Shade {
    [0, 1, 2, 3].map(|i| a[i] + (b[i] - a[i]) * t)
}

fn blend(below: Color32, above: Shade) -> Color32 {
    let rest = 1.0 - above[3] / 255.0;
    let below = shade(below);
    let [r, g, b, a] = [0, 1, 2, 3].map(|i| (above[i] + below[i] * rest + 0.5) as u8);
    Color32::from_rgba_premultiplied(r, g, b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [usize; 2] = [40, 30];

    fn white() -> Texture {
        Texture { image: ColorImage::filled([1, 1], Color32::WHITE), is_smooth: true }
    }

    fn painted(mesh: &Mesh) -> ColorImage {
        let mut target = ColorImage::filled(SIZE, Color32::BLACK);
        let clip = Clip::of(Rect::EVERYTHING, 1.0, SIZE);
        fill_mesh(&mut target, clip, 1.0, &white(), mesh);
        target
    }

    fn vertex(at: (f32, f32), color: Color32) -> Vertex {
        Vertex { pos: pos2(at.0, at.1), uv: Pos2::ZERO, color }
    }

    /// Triangles that share edges, around a point inside.
    fn fan(color: Color32) -> Mesh {
        let mut mesh = Mesh::default();
        mesh.vertices.push(vertex((17.3, 12.9), color));
        let rim = [(2.2, 3.1), (20.5, 0.5), (38.0, 4.0), (36.7, 27.3), (12.0, 29.5), (1.0, 20.0)];
        mesh.vertices.extend(rim.map(|at| vertex(at, color)));
        (0..6).for_each(|i| mesh.add_triangle(0, 1 + i, 1 + (i + 1) % 6));
        mesh
    }

    #[test]
    fn a_pixel_on_a_shared_edge_is_painted_once() {
        let half = Color32::from_rgba_premultiplied(100, 100, 100, 100);
        let shades: std::collections::BTreeSet<_> =
            painted(&fan(half)).pixels.iter().map(|pixel| pixel.r()).collect();
        assert_eq!(shades.into_iter().collect::<Vec<_>>(), [0, 100]);
    }

    #[test]
    fn a_mixed_fill_covers_the_same_pixels_as_a_flat_one() {
        let flat = painted(&fan(Color32::WHITE));
        let mut mesh = fan(Color32::WHITE);
        mesh.vertices[0].color = Color32::from_rgb(255, 255, 254);
        let mixed = painted(&mesh);
        for (one, other) in flat.pixels.iter().zip(&mixed.pixels) {
            assert_eq!(one.r(), other.r());
        }
    }

    #[test]
    fn corners_far_outside_are_cut_off() {
        let mut mesh = Mesh::default();
        let far = 1e6;
        mesh.vertices = [(-far, -far), (far, -far), (0.0, far)].map(|at| vertex(at, Color32::WHITE)).into();
        mesh.add_triangle(0, 1, 2);
        assert!(painted(&mesh).pixels.iter().all(|pixel| *pixel == Color32::WHITE));
    }
}
