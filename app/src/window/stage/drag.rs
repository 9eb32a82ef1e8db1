//! What is being dragged.

use std::collections::BTreeSet;

use egui::Pos2;
use topology::{NamespaceName, Position, Thing};

use crate::model::act::Item;

/// A drag that has begun; points are on the canvas.
#[derive(Clone, Debug)]
pub enum Drag {
    Pan,
    Box {
        from: Pos2,
        keep: BTreeSet<Item>,
    },
    Things {
        from: Pos2,
        starts: Vec<(Thing, Position)>,
        gesture: u64,
    },
    Cable {
        from: Thing,
        start: Pos2,
    },
    /// From one namespace to another, to ask something.
    Probe {
        from: NamespaceName,
        start: Pos2,
        /// By the handle on its name plate.
        by_handle: bool,
    },
}
