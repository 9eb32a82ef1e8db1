//! The way from canvas points to shapes on the screen.

use std::sync::Arc;

use egui::{Color32, CornerRadius, Mesh, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, epaint::RectShape};

use super::super::theme::Theme;
use crate::model::stage::camera::Camera;

pub(super) struct Brush<'a> {
    pub(super) painter: &'a Painter,
    pub(super) theme: &'a Theme,
    pub(super) zoom: f32,
    /// What is drawn is this opaque; 1 unless something is left out by the filter.
    pub(super) opacity: f32,
    /// No text but names.
    pub(super) is_sketch: bool,
    origin: Pos2,
    camera: Camera,
    clip: Rect,
    shapes: Vec<Shape>,
    /// Triangles that are not yet among the shapes.
    mesh: Mesh,
}

impl<'a> Brush<'a> {
    pub(super) fn new(painter: &'a Painter, origin: Pos2, camera: &Camera, theme: &'a Theme) -> Self {
        Self {
            painter,
            theme,
            zoom: camera.zoom,
            opacity: 1.0,
            is_sketch: false,
            origin,
            camera: *camera,
            clip: painter.clip_rect(),
            shapes: Vec::new(),
            mesh: Mesh::default(),
        }
    }

    pub(super) fn is_far(&self) -> bool {
        self.zoom < Camera::FAR || self.is_sketch
    }

    pub(super) fn clip(&self) -> Rect {
        self.clip
    }

    /// Where a canvas point is on the screen.
    pub(super) fn at(&self, canvas: Pos2) -> Pos2 {
        self.origin + self.camera.to_screen(canvas).to_vec2()
    }

    pub(super) fn rect(&self, canvas: Rect) -> Rect {
        Rect::from_min_max(self.at(canvas.min), self.at(canvas.max))
    }

    /// A length, which stays visible from afar: never below `least` screen points.
    pub(super) fn length(&self, canvas: f32, least: f32) -> f32 {
        (canvas * self.zoom).max(least)
    }

    /// Whether anything of this canvas area can be seen; `beside` screen points around it count too.
    pub(super) fn sees(&self, canvas: Rect, beside: f32) -> bool {
        self.clip.intersects(self.rect(canvas).expand(beside))
    }

    pub(super) fn sees_point(&self, canvas: Pos2, beside: f32) -> bool {
        self.clip.expand(beside).contains(self.at(canvas))
    }

    /// Draws with less than full opacity.
    pub(super) fn faded(&mut self, opacity: f32, draw: impl FnOnce(&mut Self)) {
        let before = self.opacity;
        self.opacity *= opacity;
        draw(self);
        self.opacity = before;
    }

    pub(super) fn color(&self, color: Color32) -> Color32 {
        if self.opacity < 1.0 { color.gamma_multiply(self.opacity) } else { color }
    }

    /// A filled rectangle with an outline, all on the screen.
    pub(super) fn card(&mut self, rect: Rect, corner: f32, fill: Color32, width: f32, line: Color32) {
        let stroke = if width > 0.0 { Stroke::new(width, self.color(line)) } else { Stroke::NONE };
        self.add(Shape::Rect(RectShape::new(
            rect,
            radius(corner),
            self.color(fill),
            stroke,
            StrokeKind::Middle,
        )));
    }

    pub(super) fn fill(&mut self, rect: Rect, corner: f32, fill: Color32) {
        self.card(rect, corner, fill, 0.0, Color32::TRANSPARENT);
    }

    /// A rectangle whose upper corners alone are round.
    pub(super) fn top(&mut self, rect: Rect, corner: f32, fill: Color32) {
        let corners = CornerRadius { sw: 0, se: 0, ..radius(corner) };
        self.add(Shape::rect_filled(rect, corners, self.color(fill)));
    }

    pub(super) fn shadow(&mut self, rect: Rect, corner: f32, down: f32, blur: f32) {
        let below = rect.translate(egui::vec2(0.0, down));
        let color = self.color(self.theme.shadow);
        self.add(Shape::Rect(RectShape::filled(below, radius(corner), color).with_blur_width(blur)));
    }

    /// A dashed outline.
    pub(super) fn dashed(&mut self, rect: Rect, corner: f32, width: f32, line: Color32) {
        let mut path = outline(rect, corner);
        path.extend(path.first().copied());
        let stroke = Stroke::new(width, self.color(line));
        self.flush();
        self.shapes.extend(Shape::dashed_line(&path, stroke, 4.0 + width, 3.0 + width));
    }

    pub(super) fn line(&mut self, from: Pos2, to: Pos2, width: f32, color: Color32) {
        self.add(Shape::line_segment([from, to], Stroke::new(width, self.color(color))));
    }

    pub(super) fn circle(&mut self, center: Pos2, radius: f32, fill: Color32) {
        self.add(Shape::circle_filled(center, radius, self.color(fill)));
    }

    pub(super) fn ring(&mut self, center: Pos2, radius: f32, width: f32, line: Color32) {
        self.add(Shape::circle_stroke(center, radius, Stroke::new(width, self.color(line))));
    }

    /// Triangles to add to; they come above all shapes so far.
    pub(super) fn mesh(&mut self) -> &mut Mesh {
        &mut self.mesh
    }

    /// Makes room for so many corners of triangles, as far as the mesh is empty yet.
    pub(super) fn expect(&mut self, corners: usize) {
        if self.mesh.is_empty() {
            self.mesh.reserve_vertices(corners);
            self.mesh.reserve_triangles(2 * corners);
        }
    }

    pub(super) fn add(&mut self, shape: Shape) {
        self.flush();
        self.shapes.push(shape);
    }

    /// Hands everything to egui.
    pub(super) fn finish(mut self) {
        self.flush();
        self.painter.extend(self.shapes);
    }

    fn flush(&mut self) {
        if !self.mesh.is_empty() {
            self.shapes.push(Shape::Mesh(Arc::new(std::mem::take(&mut self.mesh))));
        }
    }
}

fn radius(corner: f32) -> CornerRadius {
    CornerRadius::same(corner.round().clamp(0.0, 255.0) as u8)
}

/// The corners of a rounded rectangle, clockwise from the upper left.
fn outline(rect: Rect, corner: f32) -> Vec<Pos2> {
    const PARTS: usize = 6;
    let corner = corner.min(rect.size().min_elem() / 2.0);
    let inner = rect.shrink(corner);
    let centers = [inner.left_top(), inner.right_top(), inner.right_bottom(), inner.left_bottom()];
    let mut points = Vec::with_capacity(4 * (PARTS + 1) + 1);
    for (quarter, center) in centers.into_iter().enumerate() {
        for part in 0..=PARTS {
            let quarters = (quarter + 2) as f32 + part as f32 / PARTS as f32;
            points.push(center + corner * egui::Vec2::angled(quarters * std::f32::consts::FRAC_PI_2));
        }
    }
    points
}
