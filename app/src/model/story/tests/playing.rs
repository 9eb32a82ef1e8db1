//! The playhead.

use super::made_up::{MS, US, batch, crossing, story};
use crate::model::story::{Story, playhead::Playhead};

#[test]
fn it_plays_and_stops_at_the_end() {
    let mut playhead = Playhead::default();
    (playhead.following, playhead.speed) = (false, 2.0);
    assert!(playhead.advance(0.05, 1.0));
    assert!((playhead.at() - 0.1).abs() < 1e-9);
    assert!(playhead.advance(3600.0, 1.0), "the window was hidden");
    assert!((playhead.at() - 0.3).abs() < 1e-9, "no leap: {}", playhead.at());
    while playhead.advance(0.1, 1.0) {}
    assert_eq!((playhead.at(), playhead.playing), (1.0, false));
    playhead.play(0.0, 1.0);
    assert_eq!((playhead.at(), playhead.playing), (0.0, true), "from the beginning again");
}

#[test]
fn who_follows_waits_for_more() {
    let mut playhead = Playhead::default();
    while playhead.advance(0.1, 1.0) {}
    assert_eq!((playhead.at(), playhead.playing, playhead.following), (1.0, true, true));
    assert!(!playhead.is_moving(1.0) && playhead.is_moving(1.5));
    assert!(playhead.advance(0.1, 1.5));
    playhead.seek(0.2);
    assert!(playhead.playing && !playhead.following, "who goes back looks at what was");
    playhead.to_end(1.5);
    assert!(playhead.following);
    playhead.pause();
    assert!(!playhead.following && !playhead.advance(0.1, 1.5));
}

#[test]
fn it_goes_round() {
    let mut playhead = Playhead::default();
    playhead.looped = Some((1.0, 1.25));
    playhead.seek(1.0);
    for _ in 0..1000 {
        playhead.advance(0.1, 9.0);
        assert!((1.0..1.25).contains(&playhead.at()), "{}", playhead.at());
    }
    playhead.looped = Some((1.0, 1.0));
    assert!(playhead.advance(0.1, 9.0), "an empty loop is none");
}

#[test]
fn who_falls_behind_catches_up() {
    let pings = |count: u64| story((0..count).map(|n| crossing(n + 1, n + 1, n as i64 * 1000 * MS, false)));
    let mut playhead = Playhead::default();
    assert_eq!(playhead.catch_up(&pings(4)), None, "not far yet");
    let story = pings(14);
    playhead.seek(story.told()[1].begins + 0.1);
    assert_eq!(playhead.catch_up(&story), Some(11));
    assert_eq!(playhead.at(), story.told()[13].begins);
    assert_eq!(playhead.catch_up(&story), None);
    let mut looking = Playhead::default();
    looking.following = false;
    assert_eq!(looking.catch_up(&story), None);
}

#[test]
fn what_happened_all_at_once_is_told_to_its_end() {
    let story = story((0..9).map(|n| crossing(n + 1, n + 1, n as i64 * 10 * US, n % 2 == 1)));
    assert!(Playhead::LAG < story.length());
    assert_eq!(Playhead::default().catch_up(&story), None);
}

#[test]
fn a_late_journey_does_not_move_what_is_looked_at() {
    let mut story = Story::default();
    story.take(batch([crossing(1, 1, 0, false), crossing(3, 3, 900 * MS, false)]));
    let at = story.told()[1].begins + 1.0;
    let (wire, anchor) = (story.pace().wire_at(at), story.pace().anchor(at));
    let changed = story.take(batch([crossing(2, 2, 400 * MS, false)]));
    assert!(changed.from_story.expect("there is more") < at);
    let mut playhead = Playhead::default();
    playhead.reanchor(story.pace().find(anchor));
    assert_eq!(story.pace().wire_at(playhead.at()), wire);
    assert!(at < playhead.at() && playhead.following);
}
