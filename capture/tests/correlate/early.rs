//! Journeys told before they have ended.

use capture::{Fate, Journey, WireNs, journeys::Journeys};

use crate::made_up::{
    Story,
    story::{ORIGIN, time},
};

const PING: &str = "
bridge host/br0
cable ns1/veth-ns1 10.10.0.1/24 -- host/veth-br1 @br0
cable ns2/veth-ns2 10.10.0.2/24 -- host/veth-br2 @br0
taps host/br0 host/veth-br1 host/veth-br2 ns1/veth-ns1 ns2/veth-ns2
frame ping echo-request from=ns1/veth-ns1 to=ns2/veth-ns2 src=10.10.0.1 dst=10.10.0.2 df
frame pong echo-reply from=ns2/veth-ns2 to=ns1/veth-ns1 src=10.10.0.2 dst=10.10.0.1
";
const MS: i64 = 1_000_000;

fn begun(text: &str) -> (Story, Journeys) {
    let story = Story::parse(&format!("{PING}{text}"));
    let mut journeys = Journeys::new();
    story.opening().into_iter().for_each(|event| journeys.push(event));
    (story, journeys)
}

fn sizes(journeys: &[Journey]) -> Vec<(u64, usize)> {
    journeys.iter().map(|journey| (journey.id.0, journey.sightings.len())).collect()
}

#[test]
fn a_ping_is_told_once_it_is_no_longer_held_back() {
    let (story, mut journeys) = begun(
        "walk 0 ping ns1/veth-ns1:out host/veth-br1:in host/veth-br2:out ns2/veth-ns2:in
         walk 60 pong ns2/veth-ns2:out host/veth-br2:in host/veth-br1:out ns1/veth-ns1:in",
    );
    story.in_batches(20 * MS).into_iter().for_each(|event| journeys.push(event));
    assert_eq!(sizes(&journeys.take_changed(10)), [], "all is held back");
    journeys.advance(WireNs(ORIGIN + MS));
    let told = journeys.take_changed(10);
    assert_eq!(sizes(&told), [(1, 4), (2, 4)]);
    assert_eq!(told[0].summary, journeys_at_end(&story)[0].summary);
    for journey in &told {
        assert_eq!(journey.branches.len(), 1);
        assert_eq!(journey.branches[0].fate, Fate::Delivered);
        assert!(!journey.branches[0].reason.contains("no answer"), "that is not known yet");
    }
    assert_eq!(sizes(&journeys.take_changed(10)), [], "nothing happened since");
    assert_eq!(journeys.take_finished(), []);
    let ended = journeys.finish();
    assert_eq!(ended, journeys_at_end(&story), "asking early changes nothing");
    let (one, other) = (&ended[0], &told[0]);
    assert_eq!((one.id, one.conversation, &one.sightings), (other.id, other.conversation, &other.sightings));
}

fn journeys_at_end(story: &Story) -> Vec<Journey> {
    let mut journeys = Journeys::new();
    story.opening().into_iter().chain(story.in_order()).for_each(|event| journeys.push(event));
    journeys.finish()
}

#[test]
fn what_goes_on_is_told_again() {
    let (story, mut journeys) =
        begun("walk 0 ping ns1/veth-ns1:out host/veth-br1:in +100ms host/veth-br2:out ns2/veth-ns2:in");
    let mut told = Vec::new();
    for event in story.in_order() {
        let t = time(&event);
        journeys.push(event);
        journeys.advance(WireNs(t.0 + 1));
        told.extend(journeys.take_changed(10));
    }
    assert_eq!(sizes(&told), [(1, 1), (1, 2), (1, 3), (1, 4)]);
    let fates: Vec<_> = told.iter().map(|journey| journey.branches[0].fate).collect();
    assert_eq!(fates, [Fate::InFlight, Fate::InFlight, Fate::InFlight, Fate::Delivered]);
    assert!(told[..3].iter().all(|journey| !journey.branches[0].reason.contains("capture ended")));
}

#[test]
fn too_many_come_when_they_end() {
    let (story, mut journeys) = begun("repeat 5 every 2 walk 0 ping ns1/veth-ns1:out host/veth-br1:in");
    story.in_order().into_iter().for_each(|event| journeys.push(event));
    journeys.advance(WireNs(ORIGIN + MS));
    assert_eq!(sizes(&journeys.take_changed(2)), [(1, 2), (2, 2)]);
    assert_eq!(sizes(&journeys.take_changed(2)), []);
    journeys.advance(WireNs(ORIGIN + 3000 * MS));
    assert_eq!(journeys.take_finished().len(), 5);
    assert_eq!(sizes(&journeys.take_changed(2)), []);
}

/// A bridge loop: one question goes round and round. What is copied stays within a few times what there is.
#[test]
fn a_storm_is_not_copied_over_and_over() {
    let story = Story::parse(
        "bridge sw1/br1
         bridge sw2/br2
         cable sw1/a1 @br1 -- sw2/a2 @br2
         cable sw1/b1 @br1 -- sw2/b2 @br2
         cable ns1/veth-ns1 10.10.0.1/24 -- sw1/port1 @br1
         taps ns1/veth-ns1 sw1/port1 sw1/a1 sw1/b1 sw2/a2 sw2/b2
         frame question arp-question from=ns1/veth-ns1 src=10.10.0.1 dst=10.10.0.2
         walk 0 question ns1/veth-ns1:out sw1/port1:in sw1/a1:out sw2/a2:in sw2/b2:out sw1/b1:in
         repeat 5000 every 4 walk 6 question sw1/a1:out sw2/a2:in sw2/b2:out sw1/b1:in",
    );
    let mut journeys = Journeys::new();
    story.opening().into_iter().for_each(|event| journeys.push(event));
    let mut copied = 0;
    for (n, event) in story.in_order().into_iter().enumerate() {
        let t = time(&event);
        journeys.push(event);
        if n % 20 == 0 {
            journeys.advance(t);
            copied += journeys.take_changed(100).iter().map(|journey| journey.sightings.len()).sum::<usize>();
        }
    }
    let longest = journeys.finish().iter().map(|journey| journey.sightings.len()).max().expect("a journey");
    assert!(15_000 < longest, "it goes round: {longest}");
    assert!((longest / 2..15 * longest).contains(&copied), "{copied} sightings were copied of {longest}");
}
