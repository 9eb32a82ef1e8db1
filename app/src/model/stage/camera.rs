//! From the canvas to the screen and back.

use emath::{Pos2, Rect, Vec2};

/// What part of the canvas is seen. Screen points are relative to the stage's upper-left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The canvas point in the stage's upper-left corner.
    pub origin: Pos2,
    /// Screen points per canvas point.
    pub zoom: f32,
    /// The person has moved it; until then it fits itself to what is drawn.
    pub is_placed: bool,
}

impl Default for Camera {
    fn default() -> Self {
        Self { origin: Pos2::ZERO, zoom: 1.0, is_placed: false }
    }
}

impl Camera {
    pub const LEAST: f32 = 0.1;
    pub const MOST: f32 = 4.0;

    pub fn to_screen(&self, canvas: Pos2) -> Pos2 {
        ((canvas - self.origin) * self.zoom).to_pos2()
    }

    pub fn to_canvas(&self, screen: Pos2) -> Pos2 {
        self.origin + screen.to_vec2() / self.zoom
    }

    pub fn pan(&mut self, screen: Vec2) {
        self.origin -= screen / self.zoom;
        self.is_placed = true;
    }

    /// Keeps the canvas under `around` (a screen point) in place.
    pub fn zoom(&mut self, factor: f32, around: Pos2) {
        let fixed = self.to_canvas(around);
        self.zoom = (self.zoom * factor).clamp(Self::LEAST, Self::MOST);
        self.origin = fixed - around.to_vec2() / self.zoom;
        self.is_placed = true;
    }

    /// Shows all of `canvas` in a stage of this size, never larger than life.
    pub fn fit(&mut self, canvas: Rect, stage: Vec2) {
        const MARGIN: f32 = 40.0;
        if !canvas.is_positive() || !(stage.x > 0.0 && stage.y > 0.0) {
            return;
        }
        let room = (stage - Vec2::splat(2.0 * MARGIN)).max(Vec2::splat(1.0));
        self.zoom = (room.x / canvas.width()).min(room.y / canvas.height()).clamp(Self::LEAST, 1.0);
        self.origin = canvas.center() - stage / (2.0 * self.zoom);
    }
}
