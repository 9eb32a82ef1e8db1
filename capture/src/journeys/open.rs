//! Journeys that may still go on.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    ConversationId, JourneyId, Sighting,
    conversation::{Outcome, Seat},
    correlate::Steady,
    fate::Scene,
};

/// A journey so far.
#[derive(Debug)]
pub struct Open {
    pub id: JourneyId,
    pub conversation: ConversationId,
    /// Of its conversation.
    pub seat: Option<Seat>,
    pub sightings: Vec<Sighting>,
    pub last: Steady,
    /// How things stood at its last sighting.
    pub scene: Arc<Scene>,
    /// How many of its sightings were told early; see [`super::Journeys::take_changed`].
    pub told_early: usize,
    /// It stands among the changed ones.
    pub is_noted: bool,
}

/// A journey that is over, as it is kept until someone asks for it.
#[derive(Debug)]
pub struct Ended {
    pub journey: Open,
    pub outcome: Option<Outcome>,
    /// The stream ended before the journey's window had passed.
    pub at_end: bool,
}

/// Open journeys by their number; numbers come in order.
#[derive(Debug, Default)]
pub struct OpenJourneys {
    /// `open[i]` is journey `first + i`.
    open: VecDeque<Option<Open>>,
    first: u64,
    /// Each open journey once, with the time at which to look whether it is over.
    ends: VecDeque<(Steady, JourneyId)>,
}

impl OpenJourneys {
    pub fn begin(&mut self, journey: Open, window: i64) {
        if self.open.is_empty() {
            self.first = journey.id.0;
        }
        self.ends.push_back((Steady(journey.last.0.saturating_add(window)), journey.id));
        self.open.push_back(Some(journey));
    }

    pub fn get_mut(&mut self, id: JourneyId) -> Option<&mut Open> {
        let index = usize::try_from(id.0.checked_sub(self.first)?).ok()?;
        self.open.get_mut(index)?.as_mut()
    }

    /// A journey that nothing happened to for a whole window, if there is one.
    pub fn take_ended(&mut self, now: Steady, window: i64) -> Option<Open> {
        while let Some(&(end, id)) = self.ends.front()
            && end < now
        {
            self.ends.pop_front();
            let last = self.get_mut(id).map(|journey| journey.last)?;
            let end = Steady(last.0.saturating_add(window));
            if end < now {
                return self.take(id);
            }
            self.ends.push_back((end, id));
        }
        None
    }

    /// All that remain, in order.
    pub fn take_all(&mut self) -> Vec<Open> {
        self.ends.clear();
        self.open.drain(..).flatten().collect()
    }

    fn take(&mut self, id: JourneyId) -> Option<Open> {
        let index = usize::try_from(id.0.checked_sub(self.first)?).ok()?;
        let journey = self.open.get_mut(index)?.take();
        while matches!(self.open.front(), Some(None)) {
            self.open.pop_front();
            self.first += 1;
        }
        journey
    }
}
