//! What is under the pointer.

use emath::Pos2;
use topology::{NamespaceName, Place};

use super::scene::Scene;
use crate::model::act::Item;

#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    /// Index into [`Scene::pills`].
    Pill(usize),
    Item(Item),
    /// A row of a table: of which owner, and its text.
    Neighbour {
        of: NamespaceName,
        row: usize,
    },
    Learned {
        by: Place,
        row: usize,
    },
    /// Index into [`Scene::marks`].
    Mark(usize),
}

/// The topmost thing at a canvas point; `slack` canvas points beside it still count.
pub fn hit(_scene: &Scene, _at: Pos2, _slack: f32) -> Option<Hit> {
    None
}
