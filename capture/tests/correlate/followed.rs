//! Labs that change while frames are on their way: taps that come late, and interfaces with new names.

use std::sync::Arc;

use capture::{Event, Fate, Journey, Tap, TapId, journeys::Journeys, wiring::mac_of};
use topology::{Cable, Lab, Place};

use crate::made_up::{Story, story::at};

const PAIR: &str = "
cable red/eth0 10.10.0.1/24 -- blue/eth0 10.10.0.2/24
taps red/eth0 blue/eth0
frame ping echo-request from=red/eth0 to=blue/eth0 src=10.10.0.1 dst=10.10.0.2
frame pong echo-reply from=blue/eth0 to=red/eth0 src=10.10.0.2 dst=10.10.0.1
";
const MS: i64 = 1_000_000;

fn told(events: impl IntoIterator<Item = Event>) -> Vec<Journey> {
    let mut journeys = Journeys::new();
    events.into_iter().for_each(|event| journeys.push(event));
    journeys.finish()
}

fn shapes(journeys: &[Journey]) -> Vec<(String, usize, Fate)> {
    let shape = |journey: &Journey| {
        let fate = journey.branches.first().map_or(Fate::InFlight, |branch| branch.fate);
        (journey.summary.split(',').next().unwrap_or_default().to_owned(), journey.sightings.len(), fate)
    };
    journeys.iter().map(shape).collect()
}

/// The first ping crosses blue's interface before the tap there listens; the second does not.
#[test]
fn what_came_before_a_tap_is_not_said_to_be_lost_and_is_counted() {
    let story = Story::parse(&format!(
        "{PAIR}
         walk 0 ping red/eth0:out
         walk 40 pong red/eth0:in
         walk 500ms ping red/eth0:out blue/eth0:in
         walk 500.1ms pong blue/eth0:out red/eth0:in"
    ));
    let missed = Event::Missed { t: at(20 * MS), tap: TapId(1), frames: 2 };
    let mut journeys = Journeys::new();
    story.opening().into_iter().for_each(|event| journeys.push(event));
    journeys.push(missed);
    story.in_order().into_iter().for_each(|event| journeys.push(event));
    assert_eq!(journeys.totals().missed, 2);
    let by_place: Vec<(String, u64)> =
        journeys.missed().into_iter().map(|(at, frames)| (at.to_string(), frames)).collect();
    assert_eq!(by_place, [("blue/eth0".to_owned(), 2)]);
    let journeys = journeys.finish();
    assert_eq!(journeys[0].branches[0].reason, "it may have reached blue/eth0 before the tap there listened");
    assert_eq!(journeys[0].branches[0].fate, Fate::InFlight);
    let sizes: Vec<usize> = journeys.iter().map(|journey| journey.sightings.len()).collect();
    assert_eq!(sizes, [1, 1, 2, 2]);
}

/// As the kernel would: the same lab, but red's interface is called `uplink`.
fn renamed(lab: &Lab) -> Lab {
    let mut lab = lab.clone();
    let place = |text: &str| -> Place { text.parse().expect("a place") };
    let red = lab.namespaces.get_mut(&place("red/eth0").namespace).expect("red is there");
    let mut found = red.interfaces.remove(&place("red/eth0").interface).expect("its interface is there");
    found.mac = Some(mac_of(&place("red/eth0"), &found));
    red.interfaces.insert(place("red/uplink").interface, found);
    lab.cables.clear();
    lab.cables.insert(Cable::new(place("red/uplink"), place("blue/eth0")));
    lab
}

/// The tap is announced at once, the lab holds from its time on, and frames come a little later, as live.
#[test]
fn journeys_go_on_when_an_interface_gets_another_name() {
    let story = Story::parse(&format!(
        "{PAIR}
         walk 0 ping red/eth0:out blue/eth0:in
         walk 100 pong blue/eth0:out red/eth0:in"
    ));
    let later = Story::parse(&format!(
        "{PAIR}
         walk 10ms ping red/eth0:out blue/eth0:in
         walk 10.1ms pong blue/eth0:out red/eth0:in"
    ));
    let opening = story.opening();
    let Some(Event::Lab { lab, .. }) = opening.first() else { panic!("a lab comes first") };
    let lab = Event::Lab { t: at(5 * MS), lab: Arc::new(renamed(lab)) };
    let tap = Event::Tap(Tap { id: TapId(2), at: "red/uplink".parse().expect("a place") });
    let after = later.in_order().into_iter().map(|event| match event {
        Event::Frame(mut frame) => {
            frame.tap = if frame.tap == TapId(0) { TapId(2) } else { frame.tap };
            Event::Frame(frame)
        }
        event => event,
    });
    let wanted = shapes(&told(opening.iter().cloned().chain(story.in_order()).chain(later.in_order())));
    assert_eq!(wanted.len(), 4);
    assert!(
        wanted.iter().all(|(_, sightings, fate)| (*sightings, *fate) == (2, Fate::Delivered)),
        "{wanted:?}"
    );
    let events = opening.iter().cloned().chain([lab, tap]).chain(story.in_order()).chain(after);
    assert_eq!(shapes(&told(events)), wanted);
}

/// Interfaces come and go at one place: a namespace with one interface still routes nothing.
#[test]
fn taps_that_were_at_a_place_before_change_nothing() {
    let story = Story::parse(&format!(
        "{PAIR}
         walk 0 ping red/eth0:out blue/eth0:in
         walk 100 pong blue/eth0:out red/eth0:in"
    ));
    let again = Event::Tap(Tap { id: TapId(2), at: "blue/eth0".parse().expect("a place") });
    let after = story.in_order().into_iter().map(|event| match event {
        Event::Frame(mut frame) => {
            frame.tap = if frame.tap == TapId(1) { TapId(2) } else { frame.tap };
            Event::Frame(frame)
        }
        event => event,
    });
    let wanted = shapes(&told(story.opening().into_iter().chain(story.in_order())));
    assert_eq!(shapes(&told(story.opening().into_iter().chain([again]).chain(after))), wanted);
}
