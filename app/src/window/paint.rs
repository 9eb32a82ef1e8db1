//! From a scene to shapes.

use egui::{Painter, Pos2};

use super::theme::Theme;
use crate::model::stage::{
    camera::Camera,
    scene::{Ghost, Scene},
};

/// Paints the scene; `origin` is the stage's upper-left corner on the screen.
pub fn paint(_painter: &Painter, _origin: Pos2, _camera: &Camera, _scene: &Scene, _theme: &Theme) {}

pub fn paint_ghost(_painter: &Painter, _origin: Pos2, _camera: &Camera, _ghost: &Ghost, _theme: &Theme) {}
