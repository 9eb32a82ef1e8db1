//! The playhead on a made-up story.

use super::*;
use crate::model::story::tests::made_up::{MS, batch, crossing};

/// Three journeys of two conversations; the playhead stands still at the beginning.
fn told() -> State {
    let mut state = replaying();
    let journeys =
        [crossing(1, 1, 0, false), crossing(2, 1, 5 * MS, true), crossing(3, 2, 9_000 * MS, false)];
    let batch = crate::model::story::Batch { end: Some(Ok(())), ..batch(journeys) };
    let _ = update(&mut state, Command::News(News::Seen(batch)));
    let _ = update(&mut state, Command::Play(Play::ToBeginning));
    let _ = update(&mut state, Command::Play(Play::Pause));
    state
}

fn play(state: &mut State, play: Play) -> f64 {
    assert_eq!(update(state, Command::Play(play)), []);
    let at = state.playhead.at();
    assert!(at.is_finite() && 0.0 <= at && at <= state.story.length() + 1e-9, "{play:?}: {at}");
    at
}

#[test]
fn steps_go_forth_and_back_and_stay_inside() {
    for (forth, back) in [
        (Play::NextHop, Play::PreviousHop),
        (Play::NextJourney, Play::PreviousJourney),
        (Play::NextConversation, Play::PreviousConversation),
    ] {
        let mut state = told();
        let mut places = vec![state.playhead.at()];
        for _ in 0..40 {
            let at = play(&mut state, forth);
            assert!(*places.last().expect("one") <= at, "{forth:?}");
            places.push(at);
        }
        assert!(places[0] < places[40], "{forth:?} moves");
        for _ in 0..40 {
            let before = state.playhead.at();
            assert!(play(&mut state, back) <= before, "{back:?}");
        }
        assert!(!state.playhead.playing);
    }
}

#[test]
fn it_plays_to_the_end_and_from_the_beginning_again() {
    let mut state = told();
    play(&mut state, Play::Toggle);
    let mut now = state.now;
    for _ in 0..2_000 {
        now += 0.05;
        let _ = update(&mut state, Command::Tick { now });
    }
    assert!(!state.playhead.playing && state.story.length() <= state.playhead.at());
    play(&mut state, Play::Toggle);
    assert!(state.playhead.playing && state.playhead.at() < state.story.length());
}

#[test]
fn speeds_are_the_ones_that_are_offered() {
    let mut state = told();
    for _ in 0..20 {
        play(&mut state, Play::Faster);
    }
    assert_eq!(state.playhead.speed, 8.0);
    for _ in 0..20 {
        play(&mut state, Play::Slower);
    }
    assert_eq!(state.playhead.speed, 0.125);
    play(&mut state, Play::Speed(f64::NAN));
    assert_eq!(state.playhead.speed, 0.125);
    play(&mut state, Play::Speed(1e9));
    assert_eq!(state.playhead.speed, 8.0);
}

#[test]
fn whatever_is_sought_is_inside_the_story() {
    let mut state = told();
    let length = state.story.length();
    for to in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0, length / 2.0, length, 1e300, f64::INFINITY] {
        play(&mut state, Play::Seek(to));
    }
    play(&mut state, Play::SeekWire(capture::WireNs(i64::MIN)));
    play(&mut state, Play::SeekWire(capture::WireNs(i64::MAX)));
    play(&mut state, Play::Loop(Some((1.0, f64::NAN))));
    play(&mut state, Play::Loop(Some((2.0, 1.0))));
    play(&mut state, Play::Journey(capture::JourneyId(99)));
    play(&mut state, Play::Journey(capture::JourneyId(3)));
    assert!(state.playhead.playing);
    let _ = update(&mut state, Command::Tick { now: f64::NAN });
    let _ = update(&mut state, Command::Tick { now: 1e9 });
    play(&mut state, Play::ToBeginning);
}

#[test]
fn a_loop_stays_in_its_span() {
    let mut state = told();
    let _ = update(&mut state, Command::Watch(crate::model::command::Watch::Span(Some((0.5, 1.5)))));
    play(&mut state, Play::Loop(Some((0.5, 1.5))));
    play(&mut state, Play::Start);
    let mut now = state.now;
    for _ in 0..200 {
        now += 0.04;
        let _ = update(&mut state, Command::Tick { now });
        assert!((0.5..1.5).contains(&state.playhead.at()));
    }
}
