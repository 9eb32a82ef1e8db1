//! A lab as a small picture.

use egui::{Painter, Rect};

use super::{super::theme::Theme, brush::Brush, things};
use crate::model::stage::{camera::Camera, scene::Scene};

/// Paints the whole scene, without what moves, into a rectangle of the screen, no larger than life. No text but names,
/// where they fit.
pub fn thumbnail(painter: &Painter, rect: Rect, scene: &Scene, theme: &Theme) {
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let Some(camera) = fit(rect, scene) else { return };
    let mut brush = Brush::new(&painter, rect.min, &camera, theme);
    brush.is_sketch = true;
    things(&mut brush, scene);
    brush.finish();
}

/// The camera that shows all that stands on the stage; `None` if there is nothing.
fn fit(rect: Rect, scene: &Scene) -> Option<Camera> {
    const MARGIN: f32 = 8.0;
    let rooms = scene.rooms.iter().map(|room| room.rect);
    let switches = scene.switches.iter().map(|switch| switch.rect);
    let cables = scene.cables.iter().map(|cable| cable.curve.bounds());
    let all = rooms.chain(switches).chain(cables).reduce(Rect::union)?;
    let space = rect.shrink(MARGIN).size();
    if !(all.is_positive() && all.is_finite() && space.x > 0.0 && space.y > 0.0) {
        return None;
    }
    let zoom = (space / all.size()).min_elem().min(1.0);
    let origin = all.center() - rect.size() / (2.0 * zoom);
    Some(Camera { origin, zoom, is_placed: true })
}
