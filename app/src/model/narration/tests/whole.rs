//! A whole story, told from the playhead.

use capture::WireNs;

use super::world::{ORIGIN, first_ping, named};
use crate::model::{
    narration::{Narration, narrate},
    state::{Settings, State},
    story::Batch,
};

#[test]
fn a_whole_story_is_told_from_the_playhead() {
    let world = first_ping();
    let mut state = State::new(Settings::default());
    state.story.take(Batch {
        taps: Some(world.taps.clone()),
        labs: vec![(WireNs(ORIGIN), world.lab.clone())],
        journeys: world.journeys(),
        ..Default::default()
    });
    let mut headlines: Vec<String> = Vec::new();
    for step in -50..(state.story.length() * 50.0) as i32 + 100 {
        state.playhead.seek(f64::from(step) / 50.0);
        let Narration { headline, .. } = narrate(&state);
        if headlines.last() != Some(&headline) {
            headlines.push(headline);
        }
    }
    let told = named(&world, &headlines.join("\n"));
    assert_eq!(
        told,
        "\
Press Play and watch.
ns1 asks everybody: who has 10.10.0.2?
br0 does not know where 10.10.0.2 is, so it sends the question out of its only other port.
The question goes through the cable from br0 to ns2.
ns2 is asked, so it answers.
ns2 answers: 10.10.0.2 has the MAC <ns2/veth-ns2>.
br0 knows that <ns1/veth-ns1> lives behind veth-br1, so only that port gets it.
The answer goes through the cable from br0 to ns1.
ns1 has its answer: 10.10.0.2 has the MAC <ns2/veth-ns2>.
ns1 sends ping 1 to 10.10.0.2.
br0 knows that <ns2/veth-ns2> lives behind veth-br2, so only that port gets it.
Ping 1 goes through the cable from br0 to ns2.
Ping 1 has reached ns2, which answers it.
ns2 answers ping 1.
br0 knows that <ns1/veth-ns1> lives behind veth-br1, so only that port gets it.
The answer to ping 1 goes through the cable from br0 to ns1.
The answer to ping 1 is back at ns1, after 70 µs.
Ping 1 was answered after 70 µs."
    );
}
