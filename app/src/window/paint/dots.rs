//! Round dots by the thousand, as rectangles with a picture of a disc on them: the grid, and frames from afar.

use egui::{
    Color32, ColorImage, Id, Mesh, Pos2, Rect, Shape, TextureHandle, TextureOptions, Vec2,
    emath::GuiRounding as _, epaint::Vertex, pos2, vec2,
};

use super::brush::Brush;

/// A mesh of dots.
pub(super) struct Dots {
    mesh: Mesh,
    pixels_per_point: f32,
    /// The radius that was asked for last, half of the dot's rectangle, and where its picture is: most are alike.
    last: (f32, f32, Rect),
}

impl Dots {
    pub(super) fn new(brush: &Brush<'_>) -> Self {
        let mesh = Mesh::with_texture(discs(brush.painter.ctx()).id());
        Self { mesh, pixels_per_point: brush.painter.pixels_per_point(), last: (0.0, 0.0, cell(1)) }
    }

    pub(super) fn reserve(&mut self, count: usize) {
        self.mesh.reserve_vertices(4 * count);
        self.mesh.reserve_triangles(2 * count);
    }

    /// `center` and `radius` on the screen.
    pub(super) fn add(&mut self, center: Pos2, radius: f32, color: Color32) {
        if self.last.0 != radius {
            let wanted = radius * self.pixels_per_point;
            let disc = (wanted.ceil() as usize).clamp(1, LARGEST);
            let half = radius * (disc as f32 + EDGE) / disc as f32;
            self.last = (radius, half, cell(disc));
        }
        let (_, half, uv) = self.last;
        let rect = Rect::from_center_size(center, Vec2::splat(2.0 * half));
        let first = self.mesh.vertices.len() as u32;
        let corner = |pos: Pos2, uv: Pos2| Vertex { pos, uv, color };
        self.mesh.indices.extend_from_slice(&[0, 1, 2, 2, 1, 3].map(|corner| first + corner));
        self.mesh.vertices.extend_from_slice(&[
            corner(rect.left_top(), uv.left_top()),
            corner(rect.right_top(), uv.right_top()),
            corner(rect.left_bottom(), uv.left_bottom()),
            corner(rect.right_bottom(), uv.right_bottom()),
        ]);
    }

    pub(super) fn finish(self, brush: &mut Brush<'_>) {
        if !self.mesh.is_empty() {
            brush.add(Shape::mesh(self.mesh));
        }
    }
}

/// The grid of dots behind everything. Its pitch doubles or halves with the zoom; the dots that come and go fade.
pub(super) fn grid(brush: &mut Brush<'_>) {
    const PITCH: f32 = 28.0;
    /// Dots are at least so far apart on the screen.
    const CLOSEST: f32 = 20.0;
    let steps = (CLOSEST / (PITCH * brush.zoom)).log2();
    let doubled = steps.ceil().max(-2.0);
    let pitch = PITCH * doubled.exp2() * brush.zoom;
    // 0 when the next doubling is due, 1 just after the last one.
    let fade = ((pitch / CLOSEST - 1.0) * 2.0).clamp(0.0, 1.0);
    let clip = brush.clip();
    let corner = brush.at(Pos2::ZERO);
    let first = ((clip.min - corner) / pitch).ceil();
    let last = ((clip.max - corner) / pitch).floor();
    let radius = if brush.zoom > 1.5 { 1.25 } else { 1.0 };
    let mut dots = Dots::new(brush);
    let faded = brush.theme.dot.gamma_multiply(fade);
    let count = (last - first + Vec2::splat(1.0)).max(Vec2::ZERO);
    dots.reserve((count.x * count.y) as usize);
    for row in first.y as i64..=last.y as i64 {
        for column in first.x as i64..=last.x as i64 {
            let stays = row % 2 == 0 && column % 2 == 0;
            let color = if stays { brush.theme.dot } else { faded };
            let at = corner + vec2(column as f32, row as f32) * pitch;
            // All alike: none is blurred over two pixels where another is not.
            dots.add(at.round_to_pixels(dots.pixels_per_point), radius, color);
        }
    }
    dots.finish(brush);
}

/// Radius of the largest disc in the picture, in pixels; larger dots are blown up from it.
const LARGEST: usize = 12;
/// Of the soft edge and a free pixel around each disc.
const EDGE: f32 = 2.0;
const CELL: usize = 2 * (LARGEST + EDGE as usize);

/// Where the disc of this radius is in the picture.
fn cell(radius: usize) -> Rect {
    let size = vec2((CELL * LARGEST) as f32, CELL as f32);
    let center = pos2((CELL * (radius - 1) + CELL / 2) as f32, CELL as f32 / 2.0);
    let area = Rect::from_center_size(center, Vec2::splat(2.0 * (radius as f32 + EDGE)));
    Rect::from_min_max((area.min.to_vec2() / size).to_pos2(), (area.max.to_vec2() / size).to_pos2())
}

/// One picture with a disc of each radius, kept by egui.
fn discs(context: &egui::Context) -> TextureHandle {
    let id = Id::unique("hopscope's discs");
    if let Some(known) = context.data(|data| data.get_temp::<TextureHandle>(id)) {
        return known;
    }
    let mut image = ColorImage::filled([CELL * LARGEST, CELL], Color32::TRANSPARENT);
    for (i, pixel) in image.pixels.iter_mut().enumerate() {
        let (x, y) = (i % (CELL * LARGEST), i / (CELL * LARGEST));
        let radius = (x / CELL + 1) as f32;
        let middle = CELL as f32 / 2.0;
        let from_middle = vec2((x % CELL) as f32 + 0.5 - middle, y as f32 + 0.5 - middle).length();
        *pixel = Color32::WHITE.gamma_multiply((radius - from_middle + 0.5).clamp(0.0, 1.0));
    }
    let discs = context.load_texture("discs", image, TextureOptions::LINEAR);
    context.data_mut(|data| data.insert_temp(id, discs.clone()));
    discs
}
