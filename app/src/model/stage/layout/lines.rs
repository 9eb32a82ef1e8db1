//! How many lines each table is given.

use std::collections::BTreeMap;

use topology::{Lab, Namespace, NamespaceName, Place};

use super::room;
use crate::model::state::State;

/// How many lines each table is given, so that nothing moves while it is played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub neighbours: BTreeMap<NamespaceName, usize>,
    pub routes: BTreeMap<NamespaceName, usize>,
    pub learned: BTreeMap<Place, usize>,
}

/// More rows than this are counted instead of shown.
pub const MOST_NEIGHBOURS: usize = 4;
pub const MOST_ROUTES: usize = 6;
pub const MOST_LEARNED: usize = 6;

impl Lines {
    /// As many as the tables will ever need in what was seen so far, within limits.
    pub fn of(state: &State) -> Self {
        let tables = state.story.tables();
        Self::counted(&state.lab(), &|name| tables.most_neighbours(name), &|bridge| {
            tables.most_learned(bridge)
        })
    }

    /// `neighbours`, `learned`: the most rows that these tables have.
    pub(crate) fn counted(
        lab: &Lab,
        neighbours: &dyn Fn(&NamespaceName) -> usize,
        learned: &dyn Fn(&Place) -> usize,
    ) -> Self {
        let mut lines = Self::default();
        for (name, namespace) in &lab.namespaces {
            lines.neighbours.insert(name.clone(), neighbours(name).clamp(1, MOST_NEIGHBOURS));
            lines.routes.insert(name.clone(), routes(namespace));
            for (interface, found) in &namespace.interfaces {
                if found.bridge_settings().is_some() {
                    let bridge = Place::new(name.clone(), interface.clone());
                    let rows = learned(&bridge).clamp(1, MOST_LEARNED);
                    lines.learned.insert(bridge, rows);
                }
            }
        }
        lines
    }

    pub(super) fn neighbours_of(&self, name: &NamespaceName) -> usize {
        self.neighbours.get(name).copied().unwrap_or(1).clamp(1, MOST_NEIGHBOURS)
    }

    pub(super) fn routes_of(&self, name: &NamespaceName, namespace: &Namespace) -> usize {
        self.routes.get(name).copied().unwrap_or_else(|| routes(namespace)).clamp(1, MOST_ROUTES)
    }

    pub(super) fn learned_by(&self, bridge: &Place) -> usize {
        self.learned.get(bridge).copied().unwrap_or(1).clamp(1, MOST_LEARNED)
    }
}

fn routes(namespace: &Namespace) -> usize {
    room::routes(namespace).len().clamp(1, MOST_ROUTES)
}
