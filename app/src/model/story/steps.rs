//! Where the playhead can step to. All are story times; `None`: there is nothing in that direction.

use capture::WireNs;

use super::{
    Moment, Story, Told,
    blocks::{TOLD, is_arrival},
};

/// Among so many of the newest sightings, the newest one that was asked for is looked for.
const RECENT: usize = 5_000;

impl Story {
    /// When the next frame arrives at a tap. Frames that arrive at the very same time are one step.
    pub fn next_hop(&self, story: f64) -> Option<f64> {
        let mut best = f64::INFINITY;
        for (index, block) in self.moment_blocks.iter().enumerate() {
            if story < block.last && block.first < best {
                let arrivals = self.arrivals(index).filter(|arrival| story < *arrival);
                best = arrivals.fold(best, f64::min);
            }
        }
        best.is_finite().then_some(best)
    }

    /// When the frame before arrived at a tap.
    pub fn previous_hop(&self, story: f64) -> Option<f64> {
        let mut best = f64::NEG_INFINITY;
        for (index, block) in self.moment_blocks.iter().enumerate().rev() {
            if block.first < story && best < block.last {
                let arrivals = self.arrivals(index).filter(|arrival| *arrival < story);
                best = arrivals.fold(best, f64::max);
            }
        }
        best.is_finite().then_some(best)
    }

    /// When the next journey begins.
    pub fn next_journey(&self, story: f64) -> Option<f64> {
        self.next_begin(story, |_| true)
    }

    pub fn previous_journey(&self, story: f64) -> Option<f64> {
        self.previous_begin(story, |_| true)
    }

    /// When the first journey of the next conversation begins.
    pub fn next_conversation(&self, story: f64) -> Option<f64> {
        self.next_begin(story, |told| self.traces[told].after.is_none())
    }

    pub fn previous_conversation(&self, story: f64) -> Option<f64> {
        self.previous_begin(story, |told| self.traces[told].after.is_none())
    }

    /// When the conversation began that is the last to have begun.
    pub fn newest_conversation(&self) -> Option<f64> {
        self.previous_conversation(f64::INFINITY)
    }

    /// When the newest journey begins that is no chatter.
    pub fn newest_told(&self) -> Option<f64> {
        self.previous_begin(f64::INFINITY, |told| !self.told[told].is_chatter())
    }

    /// When the newest frame was seen that is no chatter.
    pub fn newest_sighting(&self) -> Option<WireNs> {
        let newest = self.moments.iter().rev().take(RECENT);
        newest.filter(|moment| !self.told[moment.told as usize].is_chatter()).map(|moment| moment.t).next()
    }

    /// Whether at least so many journeys begin after this that are no chatter.
    pub fn tells_after(&self, story: f64, count: usize) -> bool {
        let later = self.told.iter().rev().take_while(|told| story < told.begins);
        later.filter(|told| !told.is_chatter()).take(count).count() == count
    }

    /// When the next journey begins that is no chatter.
    pub fn next_told(&self, story: f64) -> Option<f64> {
        self.next_begin(story, |told| !self.told[told].is_chatter())
    }

    /// How many journeys begin from one story time to before another.
    pub fn begun_between(&self, from: f64, to: f64) -> usize {
        let blocks = self.told_blocks.iter().enumerate();
        let blocks = blocks.filter(|(_, block)| block.first_begin < to && from <= block.last_begin);
        let is_between = |told: &&Told| from <= told.begins && told.begins < to;
        blocks.map(|(block, _)| self.told_of(block).iter().filter(is_between).count()).sum()
    }

    fn next_begin(&self, story: f64, counts: impl Fn(usize) -> bool) -> Option<f64> {
        let mut best = f64::INFINITY;
        for (index, block) in self.told_blocks.iter().enumerate() {
            if story < block.last_begin && block.first_begin < best {
                for (at, told) in self.told_of(index).iter().enumerate() {
                    if story < told.begins && told.begins < best && counts(index * TOLD + at) {
                        best = told.begins;
                    }
                }
            }
        }
        best.is_finite().then_some(best)
    }

    fn previous_begin(&self, story: f64, counts: impl Fn(usize) -> bool) -> Option<f64> {
        let mut best = f64::NEG_INFINITY;
        for (index, block) in self.told_blocks.iter().enumerate().rev() {
            if block.first_begin < story && best < block.last_begin {
                for (at, told) in self.told_of(index).iter().enumerate() {
                    if told.begins < story && best < told.begins && counts(index * TOLD + at) {
                        best = told.begins;
                    }
                }
            }
        }
        best.is_finite().then_some(best)
    }

    fn told_of(&self, block: usize) -> &[Told] {
        &self.told[block * TOLD..self.told.len().min((block + 1) * TOLD)]
    }

    fn arrivals(&self, block: usize) -> impl Iterator<Item = f64> + '_ {
        let arrives = |moment: &&Moment| is_arrival(&self.traces[moment.told as usize], moment.sighting);
        self.moments_of(block).iter().filter(arrives).map(|moment| moment.story)
    }
}
