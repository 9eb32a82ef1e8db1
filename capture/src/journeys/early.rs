//! Journeys told before they have ended.
//!
//! A window that follows live frames cannot wait until nothing more can happen to a journey.
//! Each asking costs what has changed since the one before, not what is open.

use super::open::{Open, OpenJourneys};
use crate::{
    Branch, Fate, Journey, JourneyId,
    decode::headline,
    fate::{self, Unseen},
};

/// The open journeys that something happened to.
#[derive(Debug, Default)]
pub struct Changed {
    /// Each at most once, in the order in which they changed.
    noted: Vec<JourneyId>,
}

impl Changed {
    /// Copying a journey costs its size. One that is larger than this many sightings is told again only when it
    /// has grown by an eighth, so that even a bridge loop costs no more than a few copies of all in the end.
    const SMALL: usize = 1024;
    /// Noted at most: who never asks must not make this grow with the run.
    const MOST: usize = 1 << 16;

    pub fn note(&mut self, journey: &mut Open) {
        let grown = journey.sightings.len() - journey.told_early;
        let is_worth_it = journey.sightings.len() <= Self::SMALL || journey.told_early / 8 <= grown;
        if is_worth_it && !journey.is_noted && self.noted.len() < Self::MOST {
            journey.is_noted = true;
            self.noted.push(journey.id);
        }
    }

    pub fn take(&mut self, open: &mut OpenJourneys, most: usize, unseen: Unseen) -> Vec<Journey> {
        let mut told = Vec::new();
        for id in self.noted.drain(..) {
            // It may have ended since; then it is among the finished ones.
            let Some(journey) = open.get_mut(id) else { continue };
            journey.is_noted = false;
            if told.len() < most {
                journey.told_early = journey.sightings.len();
                told.push(so_far(journey, unseen));
            }
        }
        told
    }
}

/// The journey as far as it is known.
fn so_far(journey: &Open, unseen: Unseen) -> Journey {
    let first = journey.sightings.first().map(|first| headline(&first.frame.bytes));
    let (protocol, summary) = first.unwrap_or_default();
    Journey {
        id: journey.id,
        conversation: journey.conversation,
        protocol,
        summary,
        sightings: journey.sightings.clone(),
        branches: branches_so_far(journey, unseen),
    }
}

/// What came of a question is left open, and so is whether a frame that was not seen again was lost.
fn branches_so_far(journey: &Open, unseen: Unseen) -> Vec<Branch> {
    let around = fate::Circumstances { scene: &journey.scene, outcome: None, at_end: true, unseen };
    let mut branches = fate::branches(&journey.sightings, &around);
    for branch in branches.iter_mut().filter(|branch| branch.fate == Fate::InFlight) {
        "it has not been seen again yet".clone_into(&mut branch.reason);
    }
    branches
}
