//! What is on its way at one instant, and what has just ended.

use std::cmp::Ordering;

use capture::JourneyId;

use super::{
    Moving, SHOWN, Story,
    blocks::TOLD,
    trace::{Hop, NONE},
};

impl Story {
    /// The frames on their way at this story time, and branches that have just ended, at most `limit`;
    /// how many there are in all. Where that is too many, frames on their way come first, and who is shown
    /// does not change from one instant to the next without need.
    pub fn moving_at(&self, story: f64, limit: usize) -> (Vec<Moving>, usize) {
        let mut moving = Vec::with_capacity(limit.min(self.told.len()));
        for index in self.active(story) {
            let told = index as u32;
            let hops = &self.traces[index].hops;
            for (sighting, hop) in hops.iter().enumerate() {
                let sighting = sighting as u32;
                if story < hop.story {
                    moving.extend(under_way(hops, told, sighting, story));
                } else if hop.youngest_child == NONE && story < hop.story + SHOWN {
                    moving.push(Moving {
                        told,
                        from: sighting,
                        to: None,
                        taps: (hop.tap, None),
                        is_born: hop.parent == NONE,
                        progress: ((story - hop.story) / SHOWN) as f32,
                        fate: Some(hop.fate),
                    });
                }
            }
        }
        let all = moving.len();
        if limit < all {
            self.thin_out(&mut moving, limit);
        }
        (moving, all)
    }

    /// Indices in [`Self::told`] of the journeys of which something is to be seen, in order.
    pub fn active(&self, story: f64) -> impl Iterator<Item = usize> + '_ {
        let blocks = self.told_blocks.iter().enumerate();
        let blocks = blocks.filter(move |(_, block)| block.first_begin <= story && story < block.over);
        let journeys = blocks.flat_map(|(block, _)| block * TOLD..self.told.len().min((block + 1) * TOLD));
        journeys.filter(move |&index| {
            let told = &self.told[index];
            told.begins <= story && story < told.ends + SHOWN
        })
    }

    /// Leaves `limit`, spread evenly: each journey and sighting draws a lot once and for all.
    fn thin_out(&self, moving: &mut Vec<Moving>, limit: usize) {
        const ENDED: u64 = 1 << 63;
        let draw = |moving: &Moving| {
            let id = self.traces[moving.told as usize].id;
            let lot = lot(id, moving.to.unwrap_or(moving.from)) & !ENDED;
            if moving.to.is_some() { lot } else { lot | ENDED }
        };
        let lots: Vec<u64> = moving.iter().map(draw).collect();
        let mut drawn = lots.clone();
        if limit < drawn.len() {
            let (_, first_left_out, _) = drawn.select_nth_unstable(limit);
            let first_left_out = *first_left_out;
            // Of those that drew the same lot, the first ones stay.
            let mut ties = limit - lots.iter().filter(|lot| **lot < first_left_out).count();
            let mut lots = lots.into_iter();
            moving.retain(|_| match lots.next().map(|lot| lot.cmp(&first_left_out)) {
                Some(Ordering::Less) => true,
                Some(Ordering::Equal) if ties > 0 => {
                    ties -= 1;
                    true
                }
                Some(Ordering::Equal | Ordering::Greater) | None => false,
            });
        }
    }
}

fn under_way(hops: &[Hop], told: u32, to: u32, story: f64) -> Option<Moving> {
    let hop = &hops[to as usize];
    let from = hops.get(hop.parent as usize).filter(|from| from.story <= story)?;
    let progress = ((story - from.story) / (hop.story - from.story)) as f32;
    let taps = (from.tap, Some(hop.tap));
    let is_born = from.parent == NONE;
    Some(Moving { told, from: hop.parent, to: Some(to), taps, is_born, progress, fate: None })
}

/// Scatters its arguments (the finalizer of SplitMix64, public domain).
fn lot(id: JourneyId, sighting: u32) -> u64 {
    let mut z = id.0.rotate_left(32) ^ u64::from(sighting);
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
