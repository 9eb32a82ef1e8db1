//! The first minute: it runs, one button pings, and each hop can be seen and read.

use egui::Key;
use hopscope::model::{act::Telling, narration::narrate, state::State};

use super::person::{Person, count, pings_seen};

#[test]
fn one_button_pings_and_every_hop_is_told() {
    let mut person = Person::at_two_rooms("first");
    assert!(person.reads("running · 5 taps"), "the bar says how it stands");
    person.key(Key::CloseBracket);
    person.press_button("Ping");
    let mut told: Vec<String> = Vec::new();
    let mut listen = |state: &State| {
        let now = narrate(state).headline;
        if told.last() != Some(&now) {
            told.push(now);
        }
    };
    person.until("the ping and its question were seen", |state| {
        listen(state);
        pings_seen(state, 1) && count(state, "ARP") == 2
    });
    person.until("all is played", |state| {
        listen(state);
        state.story.length() <= state.playhead.at()
    });
    for words in ["10.10.0.2", "br0", "ns2 answers"] {
        assert!(told.iter().any(|told| told.contains(words)), "nobody spoke of {words}: {told:#?}");
    }
    assert!(6 < told.len(), "each hop has its sentence: {told:#?}");
    person.keep_picture("first-minute");
    person.leave();
}

#[test]
fn the_sender_says_that_it_was_answered() {
    let mut person = Person::at_two_rooms("answered");
    person.key(Key::P);
    // Not before the stage has shown the answer's way.
    person.until("the answer is told", |state| {
        state.acts.iter().any(|done| done.answered == 1 && done.telling == Telling::Told)
    });
    let outcomes = person.scene().outcomes;
    assert!(
        outcomes.iter().any(|said| said.text.starts_with("answered after ") && !said.is_bad),
        "{outcomes:?}"
    );
    let room = person.place_of("namespace ns1");
    let chip = person.on_screen(outcomes[0].center);
    assert!(
        (chip.x - room.x).abs() < 60.0 && chip.y < room.y,
        "the chip {chip} stands above its room {room}"
    );
    person.leave();
}

#[test]
fn tables_are_those_of_the_moment_that_is_looked_at() {
    let mut person = Person::at_two_rooms("tables");
    person.press_button("Ping");
    person.until("the ping was seen", |state| pings_seen(state, 1));
    person.key(Key::End);
    person.until_played();
    let mac = person.state().lab().clone();
    let at = "ns2/veth-ns2".parse().expect("a place");
    let mac = topology::Lab::clone(&mac).settled().interface(&at).and_then(|found| found.mac);
    let known = [("10.10.0.2".to_owned(), mac.expect("it has one").to_string())];
    assert_eq!(person.neighbours("ns1"), known);
    person.key(Key::Home);
    assert_ne!(person.neighbours("ns1"), known, "as of the beginning nobody has answered yet");
    person.key(Key::End);
    assert_eq!(person.neighbours("ns1"), known);
    person.leave();
}
