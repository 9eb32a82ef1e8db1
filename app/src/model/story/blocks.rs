//! What a run of neighbours spans, so that a look at one instant need not visit all.

use super::{
    Moment, SHOWN, Story, Told,
    trace::{NONE, Trace},
};

/// Journeys in a block.
pub const TOLD: usize = 64;
/// Moments in a block.
pub const MOMENTS: usize = 256;

/// Story times of some journeys.
#[derive(Clone, Copy, Debug)]
pub struct ToldBlock {
    pub first_begin: f64,
    pub last_begin: f64,
    /// When the last ending is no longer shown.
    pub over: f64,
}

/// Story times of some moments.
#[derive(Clone, Copy, Debug)]
pub struct MomentBlock {
    pub first: f64,
    pub last: f64,
}

impl Story {
    /// Of the blocks from these journeys' and these moments' on.
    pub(super) fn survey_told_from(&mut self, told: usize) {
        let block = told / TOLD;
        self.told_blocks.truncate(block);
        self.told_blocks.extend(self.told[block * TOLD..].chunks(TOLD).map(told_block));
    }

    pub(super) fn survey_told_block(&mut self, block: usize) {
        let end = self.told.len().min((block + 1) * TOLD);
        self.told_blocks[block] = told_block(&self.told[block * TOLD..end]);
    }

    pub(super) fn survey_moments_from(&mut self, moment: usize) {
        let block = moment / MOMENTS;
        self.moment_blocks.truncate(block);
        self.moment_blocks.extend(self.moments[block * MOMENTS..].chunks(MOMENTS).map(moment_block));
    }
}

fn told_block(told: &[Told]) -> ToldBlock {
    let empty =
        ToldBlock { first_begin: f64::INFINITY, last_begin: f64::NEG_INFINITY, over: f64::NEG_INFINITY };
    told.iter().fold(empty, |block, told| ToldBlock {
        first_begin: block.first_begin.min(told.begins),
        last_begin: block.last_begin.max(told.begins),
        over: block.over.max(told.ends + SHOWN),
    })
}

fn moment_block(moments: &[Moment]) -> MomentBlock {
    let empty = MomentBlock { first: f64::INFINITY, last: f64::NEG_INFINITY };
    moments.iter().fold(empty, |block, moment| MomentBlock {
        first: block.first.min(moment.story),
        last: block.last.max(moment.story),
    })
}

/// A frame comes to its next tap there; one that was seen only once counts too.
pub fn is_arrival(trace: &Trace, sighting: u32) -> bool {
    trace.hops.get(sighting as usize).is_some_and(|hop| hop.parent != NONE || hop.youngest_child == NONE)
}
