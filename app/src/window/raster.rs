//! egui's meshes as pixels, without a GPU: for pictures made by tests, and for export.
//!
//! Same rules as the GPU backends: vertices snap to 1/256 of a pixel, a pixel belongs to a triangle by its centre
//! and the top-left rule, colours are premultiplied and blended in gamma space, textures are sampled bilinearly.
//! Integers decide which pixels are covered, so that a picture is the same on every machine.

use std::collections::BTreeMap;

use egui::{
    ClippedPrimitive, Color32, ColorImage, ImageData, Mesh, Rect, TextureFilter, TextureId, TexturesDelta,
    epaint::{ImageDelta, Primitive, Vertex},
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
    fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        let [width, height] = self.image.size;
        let (x, y) = (u * width as f32, v * height as f32);
        if !self.is_smooth {
            return self.texel(x.floor() as i64, y.floor() as i64);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let mix = |a: [f32; 4], b: [f32; 4], t: f32| std::array::from_fn(|i| a[i] + (b[i] - a[i]) * t);
        let upper = mix(self.texel(left, top), self.texel(left + 1, top), fx);
        let lower = mix(self.texel(left, top + 1), self.texel(left + 1, top + 1), fx);
        mix(upper, lower, fy)
    }

    fn texel(&self, x: i64, y: i64) -> [f32; 4] {
        let [width, height] = self.image.size;
        let x = x.clamp(0, width as i64 - 1) as usize;
        let y = y.clamp(0, height as i64 - 1) as usize;
        let found = self.image.pixels.get(y * width + x).copied().unwrap_or(Color32::TRANSPARENT);
        found.to_array().map(f32::from)
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

fn fill_triangle(
    target: &mut ColorImage,
    clip: Clip,
    scale: f32,
    texture: &Texture,
    mut corners: [&Vertex; 3],
) {
    let snap = |v: &Vertex| {
        let to_sub = |points: f32| (f64::from(points * scale) * SUBPIXELS as f64).round() as i64;
        (to_sub(v.pos.x), to_sub(v.pos.y))
    };
    let mut at = corners.map(snap);
    let doubled_area = edge(at[0], at[1], at[2]);
    if doubled_area == 0 {
        return;
    }
    if doubled_area < 0 {
        corners.swap(1, 2);
        at.swap(1, 2);
    }
    let area = doubled_area.unsigned_abs() as f32;
    let first = |sub: i64| (sub - SUBPIXELS / 2).div_euclid(SUBPIXELS);
    let xs = at.map(|(x, _)| x);
    let ys = at.map(|(_, y)| y);
    let low = |values: [i64; 3]| first(values.into_iter().min().unwrap_or(0));
    let high = |values: [i64; 3]| first(values.into_iter().max().unwrap_or(0)) + 2;
    // A pixel on an edge belongs to one of the two triangles that share it.
    let bias = [1, 2, 0].map(|i: usize| {
        let ((x0, y0), (x1, y1)) = (at[i], at[(i + 1) % 3]);
        let is_top_left = y1 < y0 || (y0 == y1 && x0 < x1);
        if is_top_left { 0 } else { -1 }
    });
    let width = target.size[0];
    for y in low(ys).max(clip.top)..high(ys).min(clip.bottom) {
        for x in low(xs).max(clip.left)..high(xs).min(clip.right) {
            let centre = (x * SUBPIXELS + SUBPIXELS / 2, y * SUBPIXELS + SUBPIXELS / 2);
            let weights =
                [edge(at[1], at[2], centre), edge(at[2], at[0], centre), edge(at[0], at[1], centre)];
            if (0..3).all(|i| 0 <= weights[i] + bias[i]) {
                let shares = weights.map(|weight| weight as f32 / area);
                let pixel = &mut target.pixels[y as usize * width + x as usize];
                *pixel = blend(*pixel, shade(texture, corners, shares));
            }
        }
    }
}

/// Twice the signed area of a triangle; positive where `c` lies to the right of the way from `a` to `b`, y downwards.
fn edge(a: (i64, i64), b: (i64, i64), c: (i64, i64)) -> i64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

fn shade(texture: &Texture, corners: [&Vertex; 3], shares: [f32; 3]) -> [f32; 4] {
    let mix = |value: &dyn Fn(&Vertex) -> f32| (0..3).map(|i| value(corners[i]) * shares[i]).sum::<f32>();
    let texel = texture.sample(mix(&|v| v.uv.x), mix(&|v| v.uv.y));
    std::array::from_fn(|channel| texel[channel] * mix(&|v| f32::from(v.color.to_array()[channel])) / 255.0)
}

fn blend(below: Color32, above: [f32; 4]) -> Color32 {
    let rest = 1.0 - above[3] / 255.0;
    let below = below.to_array().map(f32::from);
    let [r, g, b, a] = std::array::from_fn(|i| (above[i] + below[i] * rest).round().clamp(0.0, 255.0) as u8);
    Color32::from_rgba_premultiplied(r, g, b, a)
}
