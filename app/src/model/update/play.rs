//! The playhead moves.

use crate::model::{
    command::{Effect, Play},
    state::State,
    story::{Story, playhead::Playhead},
};

/// What the speed menu and the keys offer.
pub const SPEEDS: &[f64] = &[0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0];

pub fn play(state: &mut State, play: Play) -> Vec<Effect> {
    let at = state.playhead.at();
    match play {
        Play::Toggle if state.playhead.playing => state.playhead.pause(),
        Play::Toggle | Play::Start => state.playhead.play(state.story.beginning(), state.story.length()),
        Play::Pause => state.playhead.pause(),
        Play::NextHop => step(state, Story::next_hop),
        Play::PreviousHop => step(state, Story::previous_hop),
        Play::NextJourney => step(state, Story::next_journey),
        Play::PreviousJourney => step(state, Story::previous_journey),
        Play::NextConversation => step(state, Story::next_conversation),
        Play::PreviousConversation => step(state, Story::previous_conversation),
        Play::Seek(to) => seek(state, to),
        Play::SeekWire(t) => seek(state, state.story.pace().story_at(t)),
        Play::ToBeginning => seek(state, state.story.beginning()),
        Play::ToEnd => state.playhead.to_end(state.story.length()),
        Play::Speed(speed) if !speed.is_finite() => {}
        Play::Speed(speed) => state.playhead.speed = speed.clamp(SPEEDS[0], SPEEDS[SPEEDS.len() - 1]),
        Play::Faster => change_speed(state, |speed, known| speed < known),
        Play::Slower => change_speed(state, |speed, known| known < speed),
        Play::Loop(span) => {
            state.playhead.looped = span;
            if let Some((from, to)) = span
                && !(from..to).contains(&at)
            {
                state.playhead.seek(from);
            }
        }
        Play::FollowLive(on) => state.playhead.follow(on),
        Play::Journey(id) => {
            if let Some(begins) = state.story.find(id).map(|told| told.begins) {
                seek(state, begins);
                state.playhead.play(begins, state.story.length());
            }
        }
    }
    Vec::new()
}

/// Stepping is for looking closely: it pauses.
fn step(state: &mut State, to: impl FnOnce(&Story, f64) -> Option<f64>) {
    state.playhead.pause();
    if let Some(to) = to(&state.story, state.playhead.at()) {
        seek(state, to);
    }
    // What is looked at follows the steps.
    state.chosen = None;
}

fn seek(state: &mut State, to: f64) {
    state.playhead.following = false;
    let (beginning, length) = (state.story.beginning(), state.story.length());
    state.playhead.seek(to.clamp(beginning, length.max(beginning)));
    state.chosen = None;
}

fn change_speed(state: &mut State, is_next: impl Fn(f64, f64) -> bool) {
    let speed = state.playhead.speed;
    let candidates = SPEEDS.iter().copied().filter(|&known| is_next(speed, known));
    let nearest = candidates.min_by(|a, b| (a - speed).abs().total_cmp(&(b - speed).abs()));
    state.playhead.speed = nearest.unwrap_or(speed);
}

/// Real seconds pass.
pub fn advance(state: &mut State, seconds: f64) {
    let step = seconds.min(Playhead::LONGEST_STEP) * state.playhead.speed;
    let is_reading = state.is_replay() && state.story.end().is_none();
    if is_reading && state.story.length() <= state.playhead.at() + step {
        // Where a recording stops that is still being read is not its end: it plays on when there is more.
        return;
    }
    state.playhead.advance(seconds, state.story.length());
    if let Some(skipped) = state.playhead.catch_up(&state.story) {
        let journeys = if skipped == 1 { "journey" } else { "journeys" };
        state.notify(format!("Following live: jumped over {skipped} {journeys}"), false);
    }
}
