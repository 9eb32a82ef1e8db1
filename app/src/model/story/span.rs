//! Moments by story time. They are kept in the order in which they happened; inside one journey's flood that is not
//! the order in which they are told, so a search must not halve.

use std::ops::Range;

use super::{Moment, Story, blocks::MOMENTS};

impl Story {
    /// From the first to the last of [`Self::moments`] that is told between these story times, both included. Between
    /// them may be a few that are told a little earlier or later.
    pub fn moments_between(&self, from: f64, to: f64) -> Range<usize> {
        let is_inside = |moment: &Moment| from <= moment.story && moment.story <= to;
        let touches = |block: &usize| {
            let block = &self.moment_blocks[*block];
            block.first <= to && from <= block.last
        };
        let blocks = 0..self.moment_blocks.len();
        let first = blocks.clone().filter(touches).find_map(|block| {
            let at = self.moments_of(block).iter().position(is_inside)?;
            Some(block * MOMENTS + at)
        });
        let last = blocks.rev().filter(touches).find_map(|block| {
            let at = self.moments_of(block).iter().rposition(is_inside)?;
            Some(block * MOMENTS + at)
        });
        let Some((first, last)) = first.zip(last) else { return 0..0 };
        first..last + 1
    }

    /// The place of the moment that is told last up to this story time; of several, the one that happened last.
    pub fn last_moment(&self, story: f64) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for (index, block) in self.moment_blocks.iter().enumerate().rev() {
            if story < block.first || best.is_some_and(|(known, _)| block.last <= known) {
                continue;
            }
            let told = |(_, moment): &(usize, &Moment)| moment.story <= story;
            let later = |a: &(usize, &Moment), b: &(usize, &Moment)| a.1.story.total_cmp(&b.1.story);
            let found = self.moments_of(index).iter().enumerate().filter(told).max_by(later);
            if let Some((at, moment)) = found
                && best.is_none_or(|(known, _)| known < moment.story)
            {
                best = Some((moment.story, index * MOMENTS + at));
            }
        }
        best.map(|(_, at)| at)
    }

    pub(super) fn moments_of(&self, block: usize) -> &[Moment] {
        &self.moments[block * MOMENTS..self.moments.len().min((block + 1) * MOMENTS)]
    }
}
