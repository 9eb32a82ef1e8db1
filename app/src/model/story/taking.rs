//! Takes in what a source told: known journeys grow, new ones find their place, and time is worked out from
//! the first change on.

use std::{collections::BTreeMap, sync::Arc};

use capture::{Journey, JourneyId, WireNs, decode::brief};

use super::{Batch, Changed, Keep, Kind, Moment, Story, Told, blocks::TOLD, trace::Trace};

/// Whoever asks more rarely than this many batches looks at everything anew.
const MOST_CHANGES: usize = 64;

impl Story {
    /// Takes in what a source told. Story times before [`Changed::from_story`] stay as they are; who has to stay
    /// at an instant asks for its [`super::pace::Pace::anchor`] before and finds it after.
    pub fn take(&mut self, batch: Batch) -> Changed {
        let Batch { taps, labs, captions, journeys, totals, missed, not_shown, forgotten, end } = batch;
        if let Some(taps) = taps {
            self.taps = taps;
        }
        for (t, lab) in &labs {
            self.tables.take_lab(*t, lab);
        }
        for (t, what) in &forgotten {
            self.tables.forget(*t, what);
        }
        labs.into_iter()
            .for_each(|(t, lab)| put_in_order(&mut self.labs, (t, lab), |one, other| one == other));
        captions
            .into_iter()
            .for_each(|caption| put_in_order(&mut self.captions, caption, |one, other| one == other));
        self.totals = totals;
        if let Some(missed) = missed {
            self.missed = missed;
        }
        self.not_shown = self.not_shown.saturating_add(not_shown);
        if end.is_some() {
            self.end = end;
        }
        let (fresh, known) = self.sorted_out(journeys);
        let begun = fresh.len();
        let born = |journey: &Journey| journey.sightings.first().map(|root| root.frame.t);
        let earliest = fresh.iter().chain(&known).filter_map(born).min();
        for journey in fresh.iter().chain(&known) {
            self.tell_tables(journey);
        }
        let mut change = Change { moments: Vec::new(), removed: None, first_new: self.told.len() };
        self.put_in(fresh, &mut change);
        known.into_iter().for_each(|journey| self.go_on(journey, &mut change));
        let from_story = self.put_in_moments(change);
        let before = self.moments.len();
        self.trim();
        self.note_change(if self.moments.len() < before { None } else { earliest });
        Changed { from_story, begun }
    }

    /// New journeys, by number, and those that are known. Of two with one number the later counts.
    fn sorted_out(&mut self, journeys: Vec<Journey>) -> (Vec<Journey>, Vec<Journey>) {
        let (mut fresh, mut known) = (Vec::new(), Vec::new());
        let mut room = match self.keep {
            Keep::Newest(_) => usize::MAX,
            Keep::Oldest(most) => most.saturating_sub(self.moments.len()),
        };
        for journey in journeys {
            let Some(root) = journey.sightings.first() else { continue };
            if self.index_of(journey.id).is_some() {
                known.push(journey);
            } else if self.horizon.is_some_and(|horizon| root.frame.t < horizon)
                || room < journey.sightings.len()
            {
                self.not_shown = self.not_shown.saturating_add(journey.sightings.len() as u64);
            } else {
                room -= journey.sightings.len();
                fresh.push(journey);
            }
        }
        if !fresh.is_sorted_by(|one, next| one.id < next.id) {
            let by_id: BTreeMap<JourneyId, Journey> =
                fresh.into_iter().map(|journey| (journey.id, journey)).collect();
            fresh = by_id.into_values().collect();
        }
        (fresh, known)
    }

    /// Moments from `earliest` on may be others than before; all of them where that is not known.
    fn note_change(&mut self, earliest: Option<WireNs>) {
        let first = earliest.map_or(0, |t| self.moments.partition_point(|moment| moment.t < t));
        self.revision += 1;
        if self.changes.len() == MOST_CHANGES {
            self.changes.pop_front();
        }
        self.changes.push_back((self.revision, first));
    }

    fn tell_tables(&mut self, journey: &Journey) {
        let t = journey.sightings.first().map_or(WireNs(0), |root| root.frame.t);
        let lab = self.lab_at(t).unwrap_or_default();
        self.tables.take(journey, &lab, &self.taps);
    }

    fn put_in(&mut self, fresh: Vec<Journey>, change: &mut Change) {
        let Some(first) = fresh.first() else { return };
        let at = self.traces.partition_point(|trace| trace.id < first.id);
        change.first_new = at;
        let displaced: Vec<_> = self.told.drain(at..).zip(self.traces.drain(at..)).collect();
        self.told.reserve(fresh.len() + displaced.len());
        self.traces.reserve(fresh.len() + displaced.len());
        let mut new_places = Vec::with_capacity(displaced.len());
        let mut displaced = displaced.into_iter().peekable();
        let mut lowest = i64::MAX;
        let mut begun = Vec::with_capacity(fresh.len());
        for journey in fresh {
            while let Some((told, trace)) = displaced.next_if(|(_, trace)| trace.id < journey.id) {
                self.put_back(told, trace, &mut new_places, &mut lowest);
            }
            begun.push(self.told.len());
            self.traces.push(Trace::of(&journey));
            self.told.push(told(journey));
        }
        for (told, trace) in displaced {
            self.put_back(told, trace, &mut new_places, &mut lowest);
        }
        self.renumber(at, &new_places, lowest);
        for told in begun {
            self.join_conversation(told);
            change.moments.extend(moments(told, &self.traces[told], 0));
        }
    }

    fn put_back(&mut self, told: Told, trace: Trace, places: &mut Vec<u32>, lowest: &mut i64) {
        places.push(self.told.len() as u32);
        *lowest = trace.hops.first().map_or(*lowest, |root| root.t.min(*lowest));
        self.told.push(told);
        self.traces.push(trace);
    }

    /// Journey `from + i` is now `new_places[i]`; none of its moments is before `lowest`.
    fn renumber(&mut self, from: usize, new_places: &[u32], lowest: i64) {
        if new_places.is_empty() {
            return;
        }
        let first = self.moments.partition_point(|moment| moment.t.0 < lowest);
        for moment in &mut self.moments[first..] {
            if let Some(new) = (moment.told as usize).checked_sub(from).and_then(|old| new_places.get(old)) {
                moment.told = *new;
            }
        }
    }

    fn join_conversation(&mut self, told: usize) {
        let (conversation, id) = (self.traces[told].conversation, self.traces[told].id);
        let mut next = None;
        // Mostly it is the newest journey of the newest conversation.
        let mut before = self.conversations.last().copied();
        if before.is_some_and(|last| (conversation, id) < last) {
            before = self.conversations.range(..(conversation, id)).next_back().copied();
            next = self.conversations.range((conversation, id)..).next().copied();
        }
        self.conversations.insert((conversation, id));
        let ours = |entry: Option<(_, JourneyId)>| {
            entry.filter(|(other, _)| *other == conversation).map(|(_, id)| id)
        };
        self.traces[told].after = ours(before);
        if let Some(next) = ours(next).and_then(|next| self.index_of(next)) {
            self.traces[next].after = Some(id);
        }
    }

    /// A journey that is known came again.
    fn go_on(&mut self, journey: Journey, change: &mut Change) {
        let Some(index) = self.index_of(journey.id) else { return };
        let (told, trace) = (&mut self.told[index], &mut self.traces[index]);
        if trace.is_continued_by(&told.journey, &journey) {
            let known = trace.hops.len();
            trace.go_on(&journey);
            change.moments.extend(moments(index, trace, known));
            told.journey = Arc::new(journey);
        } else {
            self.replace(index, journey, change);
        }
    }

    /// What was told of it before is not so.
    fn replace(&mut self, index: usize, journey: Journey, change: &mut Change) {
        let old = &self.traces[index];
        self.conversations.remove(&(old.conversation, old.id));
        let before = old.after;
        if let Some((_, next)) = self.conversations.range((old.conversation, old.id)..).next().copied()
            && let Some(next) = self.index_of(next)
            && self.traces[next].conversation == self.traces[index].conversation
        {
            self.traces[next].after = before;
        }
        let lowest = self.traces[index].hops.iter().map(|hop| hop.t).min().unwrap_or(i64::MIN);
        let first = self.moments.partition_point(|moment| moment.t.0 < lowest);
        let mut rest = self.moments.split_off(first);
        rest.retain(|moment| moment.told as usize != index);
        self.moments.append(&mut rest);
        let removed = (first, WireNs(lowest));
        change.removed = Some(change.removed.map_or(removed, |known| known.min(removed)));
        change.moments.retain(|moment| moment.told as usize != index);
        self.traces[index] = Trace::of(&journey);
        self.told[index] = told(journey);
        self.join_conversation(index);
        change.first_new = change.first_new.min(index);
        change.moments.extend(moments(index, &self.traces[index], 0));
    }

    /// Gives the story time from which on something is new.
    fn put_in_moments(&mut self, change: Change) -> Option<f64> {
        let Change { mut moments, removed, first_new } = change;
        moments.sort_unstable_by_key(order);
        let place = |moment: &Moment| self.moments.partition_point(|known| order(known) < order(moment));
        let place = moments.first().map(place);
        let cut = removed.map(|(cut, _)| cut).into_iter().chain(place).min()?;
        self.moments.append(&mut moments);
        // Two runs that are in order each: merging them is all there is to do.
        self.moments[cut..].sort_by_key(order);
        let first = self.moments.get(cut).map_or(WireNs(i64::MAX), |moment| moment.t);
        let (from, touched) = self.pace_from(cut, removed.map_or(first, |(_, t)| t.min(first)));
        self.span_journeys(touched, first_new);
        self.survey_moments_from(from);
        let before = from.checked_sub(1).map(|before| self.pace.knots[before].story);
        Some(before.unwrap_or(0.0))
    }

    fn span_journeys(&mut self, touched: Vec<u32>, first_new: usize) {
        let mut blocks = Vec::with_capacity(touched.len().min(1024));
        for index in touched.into_iter().map(|told| told as usize) {
            let (told, trace) = (&mut self.told[index], &mut self.traces[index]);
            trace.is_touched = false;
            told.begins = trace.hops.first().map_or(0.0, |root| root.story);
            told.ends = trace.hops.iter().fold(told.begins, |ends, hop| ends.max(hop.story));
            if index < first_new && blocks.last() != Some(&(index / TOLD)) {
                blocks.push(index / TOLD);
            }
        }
        self.survey_told_from(first_new);
        blocks.sort_unstable();
        blocks.dedup();
        blocks.into_iter().for_each(|block| self.survey_told_block(block));
    }
}

/// What a batch changes, gathered.
struct Change {
    moments: Vec<Moment>,
    /// Where moments were taken out first, and the earliest time of one.
    removed: Option<(usize, WireNs)>,
    /// The first journey that is new or stands elsewhere.
    first_new: usize,
}

fn order(moment: &Moment) -> (WireNs, u32, u32) {
    (moment.t, moment.told, moment.sighting)
}

fn told(journey: Journey) -> Told {
    let bytes: &[u8] = journey.sightings.first().map_or(&[], |root| &root.frame.bytes);
    let kind = Kind::of(journey.protocol, bytes);
    let label = brief(bytes).label;
    Told { journey: Arc::new(journey), kind, label, begins: 0.0, ends: 0.0 }
}

fn moments(told: usize, trace: &Trace, from: usize) -> impl Iterator<Item = Moment> {
    let new = trace.hops.iter().enumerate().skip(from);
    new.map(move |(sighting, hop)| Moment {
        t: WireNs(hop.t),
        story: 0.0,
        told: told as u32,
        sighting: sighting as u32,
    })
}

/// Behind those of the same time; what is there already is not put in again.
fn put_in_order<T>(all: &mut Vec<(WireNs, T)>, new: (WireNs, T), same: impl Fn(&T, &T) -> bool) {
    let at = all.partition_point(|(t, _)| *t <= new.0);
    let known = all[..at].iter().rev().take_while(|(t, _)| *t == new.0);
    if !known.into_iter().any(|(_, known)| same(known, &new.1)) {
        all.insert(at, new);
    }
}
