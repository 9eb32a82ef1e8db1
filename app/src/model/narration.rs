//! What happens right now, in plain words.
//!
//! Told from what was seen and from the tables as of that time: pure, and the same each time.

mod ending;
mod hop;
mod pause;
mod quiet;
mod speech;
#[cfg(test)]
mod tests;
mod transport;
mod words;

use capture::{Fate, Journey, JourneyId, Tap, WireNs, tables::Tables};
use topology::{Lab, Place};

use self::pause::Pause;
use super::{
    state::State,
    story::{Moment, Moving, Story, Told},
};

/// Frames on the way that are looked at; of more only the number is told.
const MOST: usize = 64;

/// How far back the question to an answer is looked for, in journeys.
const BACK: usize = 4096;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narration {
    /// One sentence; empty where nothing was seen yet.
    pub headline: String,
    /// What follows from it; may be empty.
    pub detail: String,
}

/// What a frame meets on its way.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub lab: &'a Lab,
    pub taps: &'a [Tap],
    pub tables: &'a Tables,
    /// The number that is drawn on a bridge's port; `None`: ports are called by their names.
    pub port_number: &'a dyn Fn(&Place, &Place) -> Option<usize>,
}

/// As of the playhead.
pub fn narrate(state: &State) -> Narration {
    narrate_with(state, &|_, _| None)
}

/// As of the playhead, with the numbers that the ports have on the stage: of this bridge, for this port.
pub fn narrate_with(state: &State, port_number: &dyn Fn(&Place, &Place) -> Option<usize>) -> Narration {
    let story = &state.story;
    let told = story.told();
    if told.is_empty() {
        return quiet::hint(state).fitted();
    }
    let at = state.playhead.at();
    let lab = story.lab_at(story.pace().wire_at(at)).unwrap_or_else(|| state.lab());
    let around = Around { lab: &lab, taps: story.taps(), tables: story.tables(), port_number };
    let (moving, all) = story.moving_at(at, MOST);
    let chosen = state.chosen.map(|chosen| chosen.journey);
    match pick(&moving, told, chosen) {
        Some(now) => {
            let mut narration = moving_frame(&around, story, now);
            add_others(&mut narration, &moving, now, all);
            narration.fitted()
        }
        None => pause_at(story, at).tell(&around).fitted(),
    }
}

/// Which one is told: of the chosen journey if that is under way, else of the newest; of its branches one that goes
/// on before one that ends, and one that arrives before one that nobody wanted.
fn pick<'a>(moving: &'a [Moving], told: &[Told], chosen: Option<JourneyId>) -> Option<&'a Moving> {
    let born = |one: &Moving| {
        let journey = &told.get(one.told as usize)?.journey;
        Some((journey.sightings.first()?.frame.t, one.told))
    };
    let newest = moving.iter().max_by_key(|one| born(one))?.told;
    let is_chosen =
        |one: &&Moving| told.get(one.told as usize).is_some_and(|told| Some(told.journey.id) == chosen);
    let wanted = moving.iter().find(is_chosen).map_or(newest, |one| one.told);
    let weight = |one: &Moving| match (one.to, one.fate) {
        (Some(_), _) => 4,
        (None, Some(Fate::Dropped)) => 3,
        (None, Some(Fate::Delivered)) => 2,
        (None, Some(Fate::Ignored)) => 1,
        (None, Some(Fate::InFlight) | None) => 0,
    };
    let branches = moving.iter().filter(|one| one.told == wanted);
    branches.max_by_key(|one| (weight(one), std::cmp::Reverse((one.from, one.to))))
}

fn moving_frame(around: &Around<'_>, story: &Story, now: &Moving) -> Narration {
    let told = story.told();
    let Some(one) = told.get(now.told as usize) else { return Narration::default() };
    match now.to {
        Some(to) => hop::on_its_way(around, &one.journey, now.from as usize, to as usize),
        None => {
            let question = question_to(told, now.told as usize);
            ending::ended(around, &one.journey, now.from as usize, question)
        }
    }
}

/// The journey that this one answers: the first of its conversation, where that is another one.
fn question_to(told: &[Told], answer: usize) -> Option<&Journey> {
    let conversation = told.get(answer)?.journey.conversation;
    let mut before = told[..answer].iter().rev().take(BACK);
    before.rfind(|one| one.journey.conversation == conversation).map(|one| &*one.journey)
}

fn add_others(narration: &mut Narration, moving: &[Moving], now: &Moving, all: usize) {
    // What has just ended is still shown, but no longer on its way.
    let others = moving.iter().filter(|one| one.to.is_some() && one.told != now.told);
    let mut journeys: Vec<u32> = others.map(|one| one.told).collect();
    journeys.sort_unstable();
    journeys.dedup();
    let others = match journeys.len() {
        0 => return,
        _ if moving.len() < all => "Many other frames are on their way too.".to_owned(),
        1 => "Another frame is on its way too.".to_owned(),
        count => format!("{count} other frames are on their way too."),
    };
    if !narration.detail.is_empty() {
        narration.detail.push(' ');
    }
    narration.detail.push_str(&others);
}

fn pause_at(story: &Story, at: f64) -> Pause<'_> {
    let (told, moments) = (story.told(), story.moments());
    let before = story.last_moment(at);
    let of = |moment: &Moment| told.get(moment.told as usize);
    // The next frame that is born, not the next copy of one that is seen late.
    let is_born_later = |moment: &&Moment| moment.sighting == 0 && at < moment.story;
    let after = before.map_or(0, |last| last + 1);
    let later = moments[after..].iter().take(BACK).find(is_born_later).and_then(of);
    let before = before.map(|last| &moments[last]);
    let last = before.and_then(of);
    let gaps = story.pace().gaps();
    let gap = gaps.get(gaps.partition_point(|gap| gap.to < at)).filter(|gap| gap.from <= at);
    Pause {
        last: last.map(|last| &*last.journey),
        question: before.and_then(|last| question_to(told, last.told as usize)),
        next: later.map(|next| &*next.journey),
        gap: gap.map(|gap| gap.wire_ns),
    }
}

impl Narration {
    fn new(headline: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { headline: headline.into(), detail: detail.into() }
    }

    fn fitted(self) -> Self {
        Self { headline: words::fit(self.headline), detail: words::fit(self.detail) }
    }
}

impl<'a> Around<'a> {
    fn at(&self, journey: &Journey, sighting: usize) -> Option<&'a Place> {
        let tap = journey.sightings.get(sighting)?.frame.tap;
        self.taps.get(tap.0 as usize).map(|tap| &tap.at)
    }
}

/// The time of a sighting.
fn time(journey: &Journey, sighting: usize) -> Option<WireNs> {
    journey.sightings.get(sighting).map(|found| found.frame.t)
}
