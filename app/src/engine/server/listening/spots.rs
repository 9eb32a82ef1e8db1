//! Where taps are, as far as was decided; nothing here touches the kernel.

use std::{collections::BTreeMap, mem, sync::Arc};

use capture::{Tap, TapId, live};
use topology::{Became, Lab, NamespaceName, Place};

/// A tap that cannot be opened is tried again so often; what vanished meanwhile is not wanted by then.
pub const TRIES: u32 = 3;

#[derive(Default)]
pub struct Spots {
    /// All taps that ever were: a tap's number is its place here.
    taps: Vec<Tap>,
    at: BTreeMap<Place, Spot>,
    /// Frames that interfaces had carried when they moved, until they are tapped again.
    carried: BTreeMap<Place, u64>,
    pub reading: Reading,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Spot {
    Opening { failures: u32 },
    Listens(TapId),
    Refused { failures: u32, why: String },
}

/// One reader for all taps, so that their frames come merged in order of time.
#[derive(Default)]
pub enum Reading {
    #[default]
    NotYet,
    Open(Arc<live::Taps>),
    Closed,
}

/// The interface under this tap is now at `to`; `stays`: in the namespace in which it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub tap: TapId,
    pub to: Place,
    pub stays: bool,
}

impl Spots {
    pub fn taps(&self) -> &[Tap] {
        &self.taps
    }

    /// The tap that the next one will be.
    pub fn next(&self, at: Place) -> Tap {
        Tap { id: TapId(u32::try_from(self.taps.len()).unwrap_or(u32::MAX)), at }
    }

    /// A tap that listens is the next one from now on.
    pub fn goes_on(&mut self, tap: Tap) {
        self.at.insert(tap.at.clone(), Spot::Listens(tap.id));
        self.taps.push(tap);
    }

    /// The number of a tap that has just been opened at this place.
    pub fn number(&mut self, at: &Place) -> TapId {
        let tap = self.next(at.clone());
        let id = tap.id;
        self.taps.push(tap);
        id
    }

    /// Where interfaces under taps are now. They are nowhere until it is said how they go on.
    pub fn take_moves(&mut self, became: &[Became]) -> Vec<Move> {
        let (mut namespaces, mut interfaces) = (BTreeMap::new(), BTreeMap::new());
        for became in became {
            match became {
                Became::Namespace { from, to } => {
                    namespaces.insert(from, to);
                }
                Became::Interface { from, to } => {
                    interfaces.insert(from, to);
                }
            }
        }
        let namespace_of = |name: &NamespaceName| -> NamespaceName {
            namespaces.get(name).map_or_else(|| name.clone(), |&to| to.clone())
        };
        let now = |at: &Place| match interfaces.get(at) {
            Some(&to) => to.clone(),
            None => Place::new(namespace_of(&at.namespace), at.interface.clone()),
        };
        let mut moves = Vec::new();
        for (at, spot) in mem::take(&mut self.at) {
            let to = now(&at);
            if to == at {
                // Something else may have taken its name: then it is not the one that is in the way.
                self.at.entry(at).or_insert(spot);
            } else if let Spot::Listens(tap) = spot {
                let stays = namespace_of(&at.namespace) == to.namespace;
                moves.push(Move { tap, to, stays });
            }
        }
        let carried = mem::take(&mut self.carried);
        self.carried = carried.into_iter().map(|(at, frames)| (now(&at), frames)).collect();
        moves
    }

    /// Gives the tap up that listened here, for another that comes.
    pub fn let_go_of(&mut self, at: &Place) -> Option<TapId> {
        match self.at.remove(at)? {
            Spot::Listens(tap) => Some(tap),
            Spot::Opening { .. } | Spot::Refused { .. } => None,
        }
    }

    /// The taps whose interfaces are not there any more.
    pub fn take_gone(&mut self, lab: &Lab) -> Vec<TapId> {
        self.carried.retain(|at, _| lab.interface(at).is_some());
        let gone = self.at.extract_if(.., |at, spot| match (lab.interface(at), spot) {
            (None, _) => true,
            (Some(found), Spot::Refused { .. }) => !found.up,
            (Some(found), _) => !found.is_tapped(),
        });
        let tap = |(_, spot)| if let Spot::Listens(tap) = spot { Some(tap) } else { None };
        gone.filter_map(tap).collect()
    }

    /// No tap of this number is anywhere.
    pub fn forget(&mut self, tap: TapId) {
        self.at.retain(|_, spot| *spot != Spot::Listens(tap));
    }

    /// Where a tap should be and none is, nor about to be; from now on one is.
    pub fn take_wanted(&mut self, lab: &Lab) -> Vec<Place> {
        let mut wanted = Vec::new();
        for (at, _) in lab.interfaces().filter(|(_, found)| found.is_tapped() && found.up) {
            let failures = match self.at.get(&at) {
                None => 0,
                Some(Spot::Refused { failures, .. }) if *failures < TRIES => *failures,
                Some(_) => continue,
            };
            self.at.insert(at.clone(), Spot::Opening { failures });
            wanted.push(at);
        }
        wanted
    }

    pub fn keep_carried(&mut self, at: Place, frames: u64) {
        self.carried.insert(at, frames);
    }

    pub fn take_carried(&mut self, at: &Place) -> u64 {
        self.carried.remove(at).unwrap_or(0)
    }

    /// False if no tap is wanted there any more.
    pub fn listens(&mut self, at: &Place, tap: TapId) -> bool {
        match self.at.get_mut(at) {
            Some(spot @ Spot::Opening { .. }) => {
                *spot = Spot::Listens(tap);
                true
            }
            _ => false,
        }
    }

    /// It could not be opened. The answer is how often it has failed so far.
    pub fn refused(&mut self, at: &Place, why: &str) -> u32 {
        let Some(Spot::Opening { failures }) = self.at.get(at) else { return 0 };
        let failures = failures + 1;
        self.at.insert(at.clone(), Spot::Refused { failures, why: why.to_owned() });
        failures
    }

    /// It was down when it should have been opened: as if it had not been wanted.
    pub fn is_down(&mut self, at: &Place) {
        if matches!(self.at.get(at), Some(Spot::Opening { .. })) {
            self.at.remove(at);
        }
    }

    /// Why a tap that is wanted does not listen; all that do not are forgotten.
    pub fn take_refusal(&mut self) -> Option<String> {
        let mut refused = self.at.extract_if(.., |_, spot| matches!(spot, Spot::Refused { .. }));
        let first = refused.next().and_then(|(_, spot)| match spot {
            Spot::Refused { why, .. } => Some(why),
            Spot::Opening { .. } | Spot::Listens(_) => None,
        });
        refused.for_each(drop);
        first
    }
}

#[cfg(test)]
#[path = "spots/tests.rs"]
mod tests;
