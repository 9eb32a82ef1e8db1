//! The list of all sightings, filtered and sorted, a slice at a time so that a million rows never hold up a frame.

use std::cmp::Ordering;

use capture::filter::Filter;

use super::story::{Moment, Story};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    #[default]
    Time,
    Tap,
    Protocol,
    Length,
    Journey,
}

/// Which rows there are, in order: places in [`Story::moments`].
#[derive(Debug, Default)]
pub struct FrameList {
    rows: Vec<u32>,
    column: Column,
    falling: bool,
    filter: Option<Filter>,
    /// How many moments have been looked at.
    looked_at: usize,
    /// Of the story, to notice what was not appended but changed.
    revision: u64,
    /// Whether the last journey that was asked fits.
    last: Option<(u32, bool)>,
    is_sorted: bool,
}

/// So many moments are looked at in one go.
const SLICE: usize = 50_000;

impl FrameList {
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    pub fn order(&self) -> (Column, bool) {
        (self.column, self.falling)
    }

    /// Sorts by this column; by the same again, the other way round.
    pub fn sort_by(&mut self, column: Column) {
        self.falling = column == self.column && !self.falling;
        self.column = column;
        self.is_sorted = false;
    }

    /// Goes on with what is new; true when nothing is left to do. `revision`: of the story.
    pub fn go_on(&mut self, story: &Story, filter: Option<&Filter>, revision: u64) -> bool {
        if self.filter.as_ref() != filter || self.revision != revision {
            *self = Self {
                filter: filter.cloned(),
                revision,
                column: self.column,
                falling: self.falling,
                ..Self::default()
            };
        }
        let moments = story.moments();
        let end = moments.len().min(self.looked_at + SLICE);
        for place in self.looked_at..end {
            if self.fits(story, &moments[place]) {
                self.rows.push(place as u32);
                self.is_sorted = false;
            }
        }
        self.looked_at = end;
        let is_done = end == moments.len();
        if is_done && !self.is_sorted {
            self.sort(story);
            self.is_sorted = true;
        }
        is_done
    }

    fn fits(&mut self, story: &Story, moment: &Moment) -> bool {
        let Some(filter) = &self.filter else { return true };
        if let Some((told, fits)) = self.last
            && told == moment.told
        {
            return fits;
        }
        let journey = story.told().get(moment.told as usize).map(|told| &told.journey);
        let fits = journey.is_some_and(|journey| filter.matches(journey, story.taps()));
        self.last = Some((moment.told, fits));
        fits
    }

    fn sort(&mut self, story: &Story) {
        let moments = story.moments();
        let frame = |row: u32| {
            let moment = &moments[row as usize];
            let told = &story.told()[moment.told as usize];
            (told, &told.journey.sightings[moment.sighting as usize].frame)
        };
        let compare = |a: &u32, b: &u32| -> Ordering {
            let by = match self.column {
                Column::Time => Ordering::Equal,
                Column::Tap => frame(*a).1.tap.cmp(&frame(*b).1.tap),
                Column::Protocol => frame(*a).0.journey.protocol.cmp(&frame(*b).0.journey.protocol),
                Column::Length => frame(*a).1.original_len.cmp(&frame(*b).1.original_len),
                Column::Journey => frame(*a).0.journey.id.cmp(&frame(*b).0.journey.id),
            };
            by.then(a.cmp(b))
        };
        if self.falling {
            self.rows.sort_unstable_by(|a, b| compare(b, a));
        } else {
            self.rows.sort_unstable_by(compare);
        }
    }
}
