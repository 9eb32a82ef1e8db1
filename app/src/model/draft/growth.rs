//! What is typed in a terminal is drawn as well.

use std::{collections::BTreeSet, sync::Arc};

use topology::{Lab, NamespaceName, Thing};

use super::{
    Draft,
    arrange::{self, Arrival},
};
use crate::model::renames::Renames;

/// What found its place by itself while the lab grew, and may find a better one.
#[derive(Clone, Debug)]
pub(super) struct Growth {
    may_move: BTreeSet<Thing>,
    /// The person has put something somewhere: from then on nothing moves by itself.
    is_by_hand: bool,
    arrival: Arrival,
    /// The namespaces in the order in which they were made, as far as somebody said so.
    made: Vec<NamespaceName>,
}

impl Growth {
    pub(super) fn new() -> Self {
        Self { may_move: BTreeSet::new(), is_by_hand: false, arrival: Arrival::default(), made: Vec::new() }
    }

    pub(super) fn is_by_hand(&mut self) {
        self.is_by_hand = true;
        self.may_move.clear();
    }
}

impl Default for Growth {
    fn default() -> Self {
        Self::new()
    }
}

impl Draft {
    /// What is typed from here on was made in this order.
    pub fn were_made(&mut self, made: Vec<NamespaceName>) {
        self.growth.made = made;
    }

    /// Draws what somebody did elsewhere; `lab` is what is drawn with that done. What is new in it finds a place.
    ///
    /// One entry in undo with these words; if it `goes_on` with the newest entry, that one has them from now on.
    pub fn take_typed(&mut self, lab: Lab, renames: &Renames, words: &str, goes_on: bool) {
        let lab = Arc::new(self.seated(lab, renames));
        if lab == self.lab {
            return;
        }
        match goes_on {
            true => self.history.go_on(words),
            false => self.history.remember(self.lab.clone(), words, None),
        }
        self.lab = lab;
    }

    /// The drawing is so from now on, and undo knows nothing of it. What is new finds a place.
    pub fn stands_as(&mut self, lab: Lab) {
        self.is_called(lab, &Renames::default());
    }

    /// The same with things under other names.
    pub fn is_called(&mut self, lab: Lab, renames: &Renames) {
        let lab = self.seated(lab, renames);
        if lab != *self.lab {
            self.lab = Arc::new(lab);
        }
    }

    /// An undo or redo that cannot be done is not offered again.
    pub fn forget_taken_back(&mut self, was_undo: bool) {
        match was_undo {
            true => self.history.forget_newest_after(),
            false => self.history.forget_newest_before(),
        }
    }

    /// Colours for these namespaces, which are shown as rooms.
    pub fn hues(&self, rooms: &[&NamespaceName]) -> Vec<usize> {
        self.hues.of_each(rooms)
    }

    fn seated(&mut self, mut lab: Lab, renames: &Renames) -> Lab {
        // In another namespace, a bridge's place means nothing.
        for at in renames.moved() {
            if let Some(found) = lab.interface_mut(&at) {
                found.position = None;
            }
        }
        let growth = &mut self.growth;
        let host = NamespaceName::host();
        // Where the machine was drawn until it had nothing more to show, something else may stand when it comes back.
        if let Some(found) = lab.namespaces.get_mut(&host)
            && !found.interfaces.keys().any(|interface| !interface.is_loopback())
            && growth.may_move.contains(&Thing::Namespace(host))
        {
            found.position = None;
        }
        growth.may_move = growth.may_move.iter().map(|thing| renames.thing(thing)).collect();
        self.hues.keep(|name| self.lab.namespaces.contains_key(name));
        self.hues = self.hues.with(&rooms(&self.lab));
        self.hues.follow(renames);
        self.hues = self.hues.with(&rooms(&lab));
        let new = without_place(&lab);
        growth.arrival.follow(&lab, renames, &growth.made);
        let seated =
            arrange::grow(&renames.of_namespaces().lab(&self.lab), &lab, &growth.may_move, &growth.arrival);
        if !growth.is_by_hand {
            growth.may_move.extend(new);
        }
        growth.may_move.retain(|thing| match thing {
            Thing::Namespace(name) => seated.namespaces.contains_key(name),
            Thing::Bridge(at) => seated.interface(at).is_some(),
        });
        seated
    }
}

/// What is shown as a room, as far as one can tell without laying it out.
fn rooms(lab: &Lab) -> Vec<&NamespaceName> {
    let is_house = |found: &topology::Namespace| {
        found.interfaces.values().any(|found| found.bridge_settings().is_some())
    };
    lab.namespaces
        .iter()
        .filter(move |(name, found)| !name.is_host() && !is_house(found))
        .map(|(name, _)| name)
        .collect()
}

fn without_place(lab: &Lab) -> BTreeSet<Thing> {
    let namespaces = lab.namespaces.iter().filter(|(_, found)| found.position.is_none());
    let namespaces = namespaces.map(|(name, _)| Thing::Namespace(name.clone()));
    let is_bridge = |found: &topology::Interface| found.bridge_settings().is_some();
    let bridges = lab.interfaces().filter(|(_, found)| is_bridge(found) && found.position.is_none());
    namespaces.chain(bridges.map(|(at, _)| Thing::Bridge(at))).collect()
}
