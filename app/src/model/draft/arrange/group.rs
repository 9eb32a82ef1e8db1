//! Things that have found their places among each other, and are moved together.

use emath::{Pos2, Rect, Vec2, pos2};
use topology::{Lab, Position, Thing};

use super::GRID;

#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Around all of it.
    pub(super) rect: Rect,
    /// Each thing's upper left corner.
    pub(super) corners: Vec<(Thing, Pos2)>,
}

impl Group {
    pub(super) fn empty() -> Self {
        Self { rect: Rect::NOTHING, corners: Vec::new() }
    }

    pub(super) fn of(thing: Thing, rect: Rect) -> Self {
        Self { rect, corners: vec![(thing, rect.min)] }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.rect = self.rect.union(other.rect);
        self.corners.extend(other.corners);
    }

    pub(super) fn translate(&mut self, by: Vec2) {
        self.rect = self.rect.translate(by);
        self.corners.iter_mut().for_each(|(_, at)| *at += by);
    }

    /// Its upper left corner goes to `at`.
    pub(super) fn move_to(&mut self, at: Pos2) {
        if !self.corners.is_empty() {
            self.translate(at - self.rect.min);
        }
    }

    pub(super) fn center_at(&mut self, at: Pos2) {
        if !self.corners.is_empty() {
            self.translate(at - self.rect.center());
        }
    }

    /// The lab with these positions, on the grid.
    pub(super) fn write(&self, lab: &Lab) -> Lab {
        let mut lab = lab.clone();
        for (thing, at) in &self.corners {
            set(&mut lab, thing, *at);
        }
        lab
    }
}

/// Gives a thing its position, on the grid.
pub(super) fn set(lab: &mut Lab, thing: &Thing, at: Pos2) {
    let position = Some(position(at));
    match thing {
        Thing::Namespace(name) => {
            if let Some(found) = lab.namespaces.get_mut(name) {
                found.position = position;
            }
        }
        Thing::Bridge(at) => {
            if let Some(found) = lab.interface_mut(at) {
                found.position = position;
            }
        }
    }
}

pub(super) fn position(at: Pos2) -> Position {
    let snap = |value: f32| (value / GRID).round() as i32 * GRID as i32;
    Position { x: snap(at.x), y: snap(at.y) }
}

pub(super) fn point(position: Position) -> Pos2 {
    pos2(position.x as f32, position.y as f32)
}
