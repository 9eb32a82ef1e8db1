//! How long things take in the story.

use capture::{Journey, WireNs};

use super::made_up::{In, MS, ORIGIN, Out, US, batch, crossing, flood, journey, story};
use crate::model::story::{SHOWN, Story};

/// Story times of all sightings of a journey, by its place.
fn times(story: &Story, told: usize) -> Vec<f64> {
    let count = story.told()[told].journey.sightings.len();
    (0..count).filter_map(|sighting| story.sighting_story(told, sighting)).collect()
}

fn is_about(value: f64, expected: f64) -> bool {
    (value - expected).abs() < 1e-6
}

#[test]
fn hops_take_their_time() {
    let story = story([crossing(1, 1, 0, false)]);
    let times = times(&story, 0);
    let hops: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(is_about(hops[0], 0.9) && is_about(hops[1], 0.6) && is_about(hops[2], 0.9), "{hops:?}");
    assert!(times[0] < 0.5, "it begins soon");
    assert!(is_about(story.length(), times[3] + SHOWN));
}

#[test]
fn equal_stamps_take_their_time_too() {
    let story = story([journey(1, 1, &[(0, Out, 0, None), (1, In, 0, Some(0)), (2, Out, 0, Some(1))])]);
    let times = times(&story, 0);
    assert!(is_about(times[1] - times[0], 0.9) && is_about(times[2] - times[1], 0.6), "{times:?}");
    assert_eq!(story.pace().story_at(WireNs(ORIGIN)), times[0]);
    for story_time in times {
        assert_eq!(story.pace().wire_at(story_time), WireNs(ORIGIN));
    }
}

#[test]
fn copies_of_a_flood_leave_together() {
    for ports in [3, 8, 100] {
        let story = story([flood(1, 0, ports)]);
        let times = times(&story, 0);
        let sent: Vec<f64> = times[2..].iter().step_by(2).copied().collect();
        let received: Vec<f64> = times[3..].iter().step_by(2).copied().collect();
        assert!(is_about(sent[0] - times[1], 0.6));
        assert!(sent.windows(2).all(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= 0.12), "{sent:?}");
        assert!(sent[ports as usize - 1] - sent[0] < 1.0, "{ports} copies leave within a second: {sent:?}");
        assert!(sent.iter().zip(received).all(|(sent, received)| is_about(received - sent, 0.9)));
    }
}

#[test]
fn an_answer_waits_for_its_question() {
    let story =
        story([crossing(1, 1, 0, false), crossing(2, 1, 10 * US, true), crossing(3, 3, 20 * US, false)]);
    let told = story.told();
    let pause = told[1].begins - told[0].ends;
    assert!((0.35..0.45).contains(&pause), "the answer begins {pause} s after the question's end");
    assert!(told[1].ends < told[2].begins, "what is asked next comes after");
}

#[test]
fn few_at_once_stay_calm() {
    let journeys = (0..5).map(|n| crossing(n + 1, n + 1, n as i64 * US / 5, false));
    let story = story(journeys);
    for told in 0..5 {
        let times = times(&story, told);
        let hops: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(hops.iter().all(|hop| (0.6..2.5).contains(hop)), "{hops:?}");
    }
    assert!(story.length() < 8.0, "side by side, not one after the other: {} s", story.length());
}

#[test]
fn idle_time_is_squeezed_and_listed() {
    for (idle, is_listed) in [(50 * MS, false), (150 * MS, true), (1000 * MS, true), (86_400_000 * MS, true)]
    {
        let story = story([crossing(1, 1, 0, false), crossing(2, 2, idle, false)]);
        let pause = story.told()[1].begins - story.told()[0].ends;
        assert!((0.25..=SHOWN).contains(&pause), "{idle} ns take {pause} s");
        let gaps = story.pace().gaps();
        assert_eq!(gaps.len(), usize::from(is_listed), "{idle}");
        for gap in gaps {
            assert_eq!(gap.wire_ns, idle - 3 * US);
            assert!(is_about(gap.from, story.told()[0].ends) && is_about(gap.to, story.told()[1].begins));
        }
    }
}

/// 20,000 sightings in a second for two seconds, after a lone ping.
pub fn flood_of_pings() -> Vec<Journey> {
    let mut journeys = vec![crossing(1, 1, -3000 * MS, false)];
    journeys.extend((0..10_000).map(|n| crossing(n + 2, n / 2 + 2, n as i64 * 200 * US, n % 2 == 1)));
    journeys
}

#[test]
fn a_flood_of_pings_stays_watchable() {
    let story = story(flood_of_pings());
    let first = story.told()[0].ends - story.told()[0].begins;
    assert!((2.3..2.5).contains(&first), "the lone ping is not hurried: {first} s");
    let second =
        story.pace().story_at(WireNs(ORIGIN + 1500 * MS)) - story.pace().story_at(WireNs(ORIGIN + 500 * MS));
    assert!((1.0..20.0).contains(&second), "a second takes {second} s");
    let gap = story.pace().gaps()[0];
    assert!(0.9 < gap.to - gap.from, "the pause before it stays a pause");
}

#[test]
fn what_is_told_stays_where_it_is() {
    let journeys = flood_of_pings();
    let mut story = Story::default();
    for chunk in journeys.chunks(97) {
        let before: Vec<_> = story.moments().to_vec();
        let last = before.last().map_or(WireNs(i64::MIN), |moment| moment.t);
        let changed = story.take(batch(chunk.iter().cloned()));
        let from = changed.from_story.expect("something is new");
        for (one, other) in before.iter().zip(story.moments()) {
            if one.t.0 < last.0 - 100 * MS {
                assert_eq!(one, other, "long before the new ones");
                assert!(one.story <= from);
            }
        }
    }
}
