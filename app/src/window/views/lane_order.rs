//! The order of taps on the timeline and the ladder, worked out anew only when the lab or its taps change.

use std::sync::Arc;

use capture::{Tap, TapId};
use egui::{Id, Ui};
use topology::Lab;

use crate::model::{lanes::lanes, state::State};

/// Taps beside each other as on the way of a frame.
#[derive(Debug)]
pub struct LaneOrder {
    pub taps: Vec<TapId>,
    /// Letters of the longest name.
    pub letters: usize,
    /// By number of the tap.
    places: Vec<Option<usize>>,
    lab: Arc<Lab>,
    known: Vec<Tap>,
}

impl LaneOrder {
    /// As it stands now; kept by egui from frame to frame.
    pub fn of(ui: &Ui, state: &State) -> Arc<Self> {
        let id = Id::unique("lane order");
        let (lab, taps) = (state.lab(), state.story.taps());
        let known: Option<Arc<Self>> = ui.data(|data| data.get_temp(id));
        if let Some(known) = known
            && Arc::ptr_eq(&known.lab, &lab)
            && known.known == taps
        {
            return known;
        }
        let order = Arc::new(Self::new(lab, taps));
        ui.data_mut(|data| data.insert_temp(id, order.clone()));
        order
    }

    fn new(lab: Arc<Lab>, known: &[Tap]) -> Self {
        let taps = lanes(&lab, known);
        let mut places = vec![None; known.len()];
        for (place, tap) in taps.iter().enumerate() {
            if let Some(slot) = places.get_mut(tap.0 as usize) {
                *slot = Some(place);
            }
        }
        let letters = known.iter().map(|tap| tap.at.to_string().chars().count()).max().unwrap_or(0);
        Self { taps, letters, places, lab, known: known.to_vec() }
    }

    pub fn place(&self, tap: TapId) -> Option<usize> {
        self.places.get(tap.0 as usize).copied().flatten()
    }
}
