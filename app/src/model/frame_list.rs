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
    /// Those that fit, in order of time.
    fitting: Vec<u32>,
    /// The same, as sorted; empty while that is by time.
    sorted: Vec<u32>,
    column: Column,
    falling: bool,
    filter: Option<Filter>,
    /// How many moments have been looked at, at which revision of the story.
    looked_at: usize,
    revision: u64,
    /// Whether the last journey that was asked fits.
    last: Option<(u32, bool)>,
    is_sorted: bool,
}

/// So many moments are looked at in one go.
const SLICE: usize = 50_000;

impl FrameList {
    pub fn rows(&self) -> &[u32] {
        if self.is_by_time() { &self.fitting } else { &self.sorted }
    }

    pub fn order(&self) -> (Column, bool) {
        (self.column, self.falling)
    }

    fn is_by_time(&self) -> bool {
        self.column == Column::Time && !self.falling
    }

    /// Sorts by this column; by the same again, the other way round.
    pub fn sort_by(&mut self, column: Column) {
        self.falling = column == self.column && !self.falling;
        self.column = column;
        self.is_sorted = false;
    }

    /// Goes on with what is new; true when nothing is left to do.
    pub fn go_on(&mut self, story: &Story, filter: Option<&Filter>) -> bool {
        let same = if self.filter.as_ref() == filter { story.unchanged_since(self.revision) } else { 0 };
        if same < self.looked_at {
            let kept = self.fitting.partition_point(|&place| (place as usize) < same);
            self.fitting.truncate(kept);
            self.looked_at = same;
            self.is_sorted = false;
        }
        self.filter = filter.cloned();
        self.revision = story.revision();
        self.last = None;
        let moments = story.moments();
        let end = moments.len().min(self.looked_at + SLICE);
        for (place, moment) in moments.iter().enumerate().take(end).skip(self.looked_at) {
            if self.fits(story, moment) {
                self.fitting.push(place as u32);
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
        self.sorted.clear();
        if self.is_by_time() {
            return;
        }
        self.sorted.extend_from_slice(&self.fitting);
        let moments = story.moments();
        let frame = |row: u32| {
            let moment = &moments[row as usize];
            let told = &story.told()[moment.told as usize];
            (told, &told.journey.sightings[moment.sighting as usize].frame)
        };
        let column = self.column;
        let compare = |a: &u32, b: &u32| -> Ordering {
            let by = match column {
                Column::Time => Ordering::Equal,
                Column::Tap => frame(*a).1.tap.cmp(&frame(*b).1.tap),
                Column::Protocol => frame(*a).0.journey.protocol.cmp(frame(*b).0.journey.protocol),
                Column::Length => frame(*a).1.original_len.cmp(&frame(*b).1.original_len),
                Column::Journey => frame(*a).0.journey.id.cmp(&frame(*b).0.journey.id),
            };
            by.then(a.cmp(b))
        };
        let falling = self.falling;
        if falling {
            self.sorted.sort_unstable_by(|a, b| compare(b, a));
        } else {
            self.sorted.sort_unstable_by(compare);
        }
    }
}
