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
    /// Below this, rooms are cards with a name, and frames are dots.
    pub const FAR: f32 = 0.45;
    /// Below this, tables are too small to be read.
    pub const TABLES: f32 = 0.6;

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

    /// Points of the stage's lower edge that stay free, since bars float there.
    pub const BELOW: f32 = 20.0;

    /// Shows all of `canvas` in a stage of this size, never larger than life.
    pub fn fit(&mut self, canvas: Rect, stage: Vec2) {
        self.fit_up_to(canvas, stage, 1.0);
    }

    /// The same, up to this zoom: a projector shows a small lab larger than life.
    pub fn fit_up_to(&mut self, canvas: Rect, stage: Vec2, most: f32) {
        const MARGIN: f32 = 40.0;
        let has_space = stage.x > 0.0 && stage.y > 0.0;
        if !canvas.is_positive() || !has_space {
            return;
        }
        let stage = Vec2::new(stage.x, (stage.y - Self::BELOW).max(1.0));
        let room = (stage - Vec2::splat(2.0 * MARGIN)).max(Vec2::splat(1.0));
        self.zoom = (room.x / canvas.width()).min(room.y / canvas.height()).clamp(Self::LEAST, most);
        self.origin = canvas.center() - stage / (2.0 * self.zoom);
    }
}

#[cfg(test)]
mod tests {
    use emath::{pos2, vec2};

    use super::*;

    fn near(a: Pos2, b: Pos2) -> bool {
        a.distance(b) < 1e-2
    }

    #[test]
    fn the_screen_and_the_canvas_are_each_others_inverse() {
        let camera = Camera { origin: pos2(-120.0, 40.0), zoom: 0.37, is_placed: true };
        for point in [pos2(0.0, 0.0), pos2(431.0, -12.5), pos2(-9000.0, 7000.0)] {
            assert!(near(camera.to_canvas(camera.to_screen(point)), point));
        }
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let mut camera = Camera::default();
        let around = pos2(300.0, 200.0);
        for factor in [1.5, 0.2, 7.0, 0.001, 1000.0] {
            let fixed = camera.to_canvas(around);
            camera.zoom(factor, around);
            assert!(near(camera.to_canvas(around), fixed));
            assert!((Camera::LEAST..=Camera::MOST).contains(&camera.zoom));
        }
    }

    #[test]
    fn panning_moves_by_points_of_the_screen() {
        let mut camera = Camera { zoom: 2.0, ..Camera::default() };
        camera.pan(vec2(30.0, -10.0));
        assert!(near(camera.to_screen(Pos2::ZERO), pos2(30.0, -10.0)) && camera.is_placed);
    }

    #[test]
    fn fitting_shows_all_in_the_middle_and_never_larger_than_life() {
        let stage = vec2(1000.0, 600.0);
        let small = Rect::from_min_max(pos2(100.0, 100.0), pos2(300.0, 200.0));
        let large = Rect::from_min_max(pos2(-3000.0, 0.0), pos2(5000.0, 900.0));
        for canvas in [small, large] {
            let mut camera = Camera::default();
            camera.fit(canvas, stage);
            let shown = Rect::from_min_max(camera.to_screen(canvas.min), camera.to_screen(canvas.max));
            assert!(Rect::from_min_size(Pos2::ZERO, stage).contains_rect(shown), "{shown:?}");
            assert!(near(shown.center(), pos2(500.0, 300.0 - Camera::BELOW / 2.0)));
            assert!(camera.zoom <= 1.0);
        }
        let mut camera = Camera::default();
        camera.fit(small, stage);
        assert_eq!(camera.zoom, 1.0);
    }

    #[test]
    fn nothing_to_fit_changes_nothing() {
        let mut camera = Camera::default();
        camera.fit(Rect::NOTHING, vec2(100.0, 100.0));
        camera.fit(Rect::from_min_size(Pos2::ZERO, vec2(5.0, 5.0)), Vec2::ZERO);
        assert_eq!(camera, Camera::default());
    }

    #[test]
    fn what_is_too_large_even_for_the_smallest_zoom_is_still_centred() {
        let mut camera = Camera::default();
        camera.fit(Rect::from_min_max(pos2(0.0, 0.0), pos2(90_000.0, 90_000.0)), vec2(500.0, 500.0));
        assert_eq!(camera.zoom, Camera::LEAST);
        assert!(near(camera.to_canvas(pos2(250.0, 250.0 - Camera::BELOW / 2.0)), pos2(45_000.0, 45_000.0)));
    }
}
