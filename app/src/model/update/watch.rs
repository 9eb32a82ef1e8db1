//! What is looked at: a frame, a filter, captions.

use capture::filter::Filter;

use crate::model::{
    command::{Effect, Watch},
    state::{Chosen, FilterBox, Side, State},
};

/// A caption longer than this is no caption.
const LONGEST_CAPTION: usize = 2_000;

pub fn watch(state: &mut State, watch: Watch) -> Vec<Effect> {
    match watch {
        Watch::Sighting { journey, sighting } => {
            choose(state, journey, sighting);
            if state.tutorial.is_some() {
                // Its bytes are what was asked for.
                state.show_side(Side::Inspector, true);
            }
        }
        Watch::CompareWith(other) => {
            if let Some(mut chosen) = state.in_view() {
                chosen.compared = other;
                state.chosen = Some(chosen);
            }
        }
        Watch::Field(field) => {
            if let Some(mut chosen) = state.in_view() {
                chosen.field = field;
                state.chosen = Some(chosen);
            }
        }
        Watch::Nothing => state.chosen = None,
        Watch::Filter(text) => filter(state, text),
        Watch::Span(span) => {
            state.span = span.filter(|(from, to)| from < to);
            if state.playhead.looped.is_some() {
                state.playhead.looped = state.span;
            }
        }
        Watch::Caption { at, text } => {
            let text: String = text.trim().chars().take(LONGEST_CAPTION).collect();
            if text.is_empty() {
                return Vec::new();
            }
            let place = state.captions.partition_point(|(t, _)| *t <= at);
            state.captions.insert(place, (at, text.clone()));
            if state.recording.is_some() {
                return vec![Effect::Caption { at, text }];
            }
        }
        Watch::RemoveCaption { at, text } => {
            state.captions.retain(|(t, known)| (*t, known) != (at, &text));
        }
    }
    Vec::new()
}

fn choose(state: &mut State, journey: capture::JourneyId, sighting: usize) {
    let Some(told) = state.story.find(journey) else { return };
    let last = told.journey.sightings.len().saturating_sub(1);
    state.chosen = Some(Chosen { journey, sighting: sighting.min(last), compared: None, field: None });
    state.selection.clear();
}

fn filter(state: &mut State, text: String) {
    let (filter, error) = match Filter::parse(&text) {
        Ok(_) if text.trim().is_empty() => (None, None),
        Ok(filter) => (Some(filter), None),
        // While one types, the last filter that made sense stays.
        Err(error) => (state.filter.filter.take(), Some(error)),
    };
    state.filter = FilterBox { text, filter, error, wants_focus: state.filter.wants_focus };
}
