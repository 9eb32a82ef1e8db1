//! From a scene to shapes.
//!
//! Everything is drawn by one [`brush::Brush`], which knows the way from the canvas to the screen, leaves out what is
//! not seen, and hands its shapes over at once. What there are thousands of (dots, cables, trails) goes into meshes.
//! Nothing is kept from one picture to the next.

mod brush;
mod cable;
mod dots;
mod frame;
mod ghost;
mod remark;
mod ribbon;
mod room;
mod standing;
mod switch;
mod table;
mod thumbnail;
mod words;

use egui::{Painter, Pos2};

use self::brush::Brush;
pub use self::{ghost::paint_ghost, thumbnail::thumbnail};
use super::theme::Theme;
use crate::model::stage::{camera::Camera, scene::Scene};

/// Paints the scene; `origin` is the stage's upper-left corner on the screen.
pub fn paint(painter: &Painter, origin: Pos2, camera: &Camera, scene: &Scene, theme: &Theme) {
    let mut brush = Brush::new(painter, origin, camera, theme);
    dots::grid(&mut brush);
    things(&mut brush, scene);
    frame::trails(&mut brush, &scene.trails);
    cable::plugs(&mut brush, &scene.plugs);
    // What a frame says covers what a switch does with it, and is covered by how it ended.
    remark::remarks(&mut brush, scene.remarks.iter().filter(|remark| remark.fate.is_none()));
    frame::pills(&mut brush, &scene.pills);
    remark::remarks(&mut brush, scene.remarks.iter().filter(|remark| remark.fate.is_some()));
    remark::outcomes(&mut brush, &scene.outcomes);
    remark::marks(&mut brush, &scene.marks);
    brush.finish();
}

/// What stands still, without plugs. Cables come after switches, whose ports they are plugged into, and before rooms.
fn things(brush: &mut Brush<'_>, scene: &Scene) {
    for house in scene.rooms.iter().filter(|room| room.is_house) {
        room::house(brush, house, scene.layout.rooms.get(&house.name));
    }
    for switch in &scene.switches {
        switch::switch(brush, switch);
    }
    cable::cables(brush, &scene.cables);
    scene.rooms.iter().filter(|room| room.is_house).for_each(|house| room::house_from_afar(brush, house));
    for room in scene.rooms.iter().filter(|room| !room.is_house) {
        room::room(brush, room, scene.layout.rooms.get(&room.name));
    }
}
