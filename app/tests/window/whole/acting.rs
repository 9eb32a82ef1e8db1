//! Acting in the running lab, from context menus and keys.

use egui::{Key, Modifiers, PointerButton};
use hopscope::model::{
    act::{Item, Telling},
    state::{Dialog, Live, State},
};

use super::person::{Person, count, pings_seen};

fn ended(state: &State, acts: u64) -> bool {
    acts < state.next_act && state.acts.iter().all(|done| done.is_over)
}

fn is_up(state: &State, place: &str) -> Option<bool> {
    match &state.live {
        Live::On { observed, changing: false, .. } => {
            observed.interface(&place.parse().expect("a place")).map(|found| found.up)
        }
        _ => None,
    }
}

#[test]
fn who_forgets_must_ask_again() {
    let mut person = Person::at_two_rooms("forget");
    person.press_button("Ping");
    person.until("the ping and its question were seen", |state| {
        pings_seen(state, 1) && count(state, "ARP") == 2
    });
    person.press_button("Ping");
    person.until("the second ping was seen", |state| pings_seen(state, 2));
    assert_eq!(count(person.state(), "ARP"), 2, "who knows does not ask");
    person.right_click(person.plate("ns1"));
    person.click("Forget ARP entries");
    person.until("it is forgotten", |state| ended(state, 3));
    person.press_button("Ping");
    person.until("it was asked again", |state| pings_seen(state, 3) && count(state, "ARP") == 4);
    person.leave();
}

#[test]
fn the_bar_of_acts_asks_forgets_and_unplugs() {
    let mut person = Person::at_two_rooms("bar");
    person.press_button("ARP probe now");
    person.until("it is asked and answered", |state| ended(state, 1) && count(state, "ARP") == 2);
    person.press_button("Empty MAC tables");
    person.until("it is forgotten", |state| ended(state, 2));
    assert!(!person.sees("Unplug now"), "nothing is selected");
    person.click_at(person.cable("ns2/veth-ns2", "host/veth-br2"), PointerButton::Primary, Modifiers::NONE);
    person.press_button("Unplug now");
    person.until("it is unplugged", |state| is_up(state, "ns2/veth-ns2") == Some(false));
    person.press_button("Plug in now");
    person.until("it is plugged in", |state| is_up(state, "ns2/veth-ns2") == Some(true));
    person.leave();
}

#[test]
fn through_an_unplugged_cable_nothing_goes_and_the_reason_is_said() {
    let mut person = Person::at_two_rooms("unplug");
    person.right_click(person.cable("ns2/veth-ns2", "host/veth-br2"));
    person.click("Unplug (both ends down)");
    person.until("it is unplugged", |state| is_up(state, "ns2/veth-ns2") == Some(false));
    person.press_button("Ping");
    person.until("the ping has failed", |state| ended(state, 1));
    person.until("its failure is told", |state| state.acts.iter().any(|done| done.telling == Telling::Told));
    let outcome = person.scene().outcomes.first().cloned().expect("an outcome beside ns1");
    assert!(
        outcome.is_bad && outcome.text.contains("10.10.0.2 did not answer the ARP question"),
        "{outcome:?}"
    );
    person.right_click(person.cable("ns2/veth-ns2", "host/veth-br2"));
    person.click("Plug in (both ends up)");
    person.until("it is plugged in", |state| is_up(state, "ns2/veth-ns2") == Some(true));
    person.press_button("Ping");
    person.until("it is answered", |state| pings_seen(state, 1));
    person.leave();
}

#[test]
fn a_ping_is_dragged_from_one_room_to_the_other() {
    let mut person = Person::at_two_rooms("handle");
    let (from, to) = (person.plate("ns2"), person.plate("ns1"));
    person.harness().hover_at(from);
    person.settle();
    let handle = person.place_of("Ping from ns2");
    person.drag(handle, to);
    person.until("ns1 has answered", |state| pings_seen(state, 1) && ended(state, 1));
    person.leave();
}

#[test]
fn a_drag_with_control_asks_what_to_send() {
    let mut person = Person::at_two_rooms("ctrl-drag");
    let (from, to) = (person.place_of("namespace ns1"), person.place_of("namespace ns2"));
    person.drag_holding(Modifiers::COMMAND, from, to);
    person.until("it is asked", |state| {
        matches!(state.dialog, Some(Dialog::Probe { from: Some(_), to: Some(_) }))
    });
    person.leave();
}

#[test]
fn pausing_does_not_stop_the_capture() {
    let mut person = Person::at_two_rooms("pause");
    person.choose("Lab", "Ping until stopped");
    person.until("the first was seen", |state| pings_seen(state, 1));
    person.key(Key::Space);
    let at = person.state().playhead.at();
    assert!(!person.state().playhead.playing);
    person.until("two more were seen", |state| pings_seen(state, 3));
    assert_eq!(person.state().playhead.at(), at, "who pauses stays where they are");
    person.press_button("Stop ping");
    person.until("it has stopped", |state| ended(state, 1));
    person.leave();
}

#[test]
fn from_one_room_another_can_be_asked_in_many_ways() {
    let mut person = Person::at_two_rooms("ways");
    person.right_click(person.plate("ns1"));
    person.click("Trace the route");
    person.click("ns2  10.10.0.2");
    person.until("the trace has ended", |state| ended(state, 1));
    let words = person.state().acts[0].words.clone();
    assert_eq!(words, "10.10.0.2 answered over 1 hop: 10.10.0.2");
    person.right_click(person.plate("ns1"));
    person.click("ARP probe");
    person.click("ns2  10.10.0.2");
    person.until("the probe has ended", |state| ended(state, 2));
    assert_eq!(person.state().acts[1].answered, 1, "{:?}", person.state().acts[1]);
    person.leave();
}

/// What a right click offers depends on what is under the pointer.
#[test]
fn each_thing_has_its_own_menu() {
    let mut person = Person::at_two_rooms("menus");
    let ground = person.plate("ns1") + egui::vec2(0.0, -70.0);
    let cases = [
        (person.plate("ns1"), "Forget ARP entries"),
        (person.place_of("bridge br0"), "Forget what it has learned"),
        (person.place_of("interface ns1/veth-ns1"), "Take down"),
        (person.cable("ns1/veth-ns1", "host/veth-br1"), "Unplug (both ends down)"),
        (ground, "New namespace here"),
    ];
    for (at, offer) in &cases {
        person.right_click(*at);
        for (_, other) in &cases {
            assert_eq!(person.sees(other), other == offer, "{other} in the menu with {offer}");
        }
        person.key(Key::Escape);
        person.let_a_second_pass();
        assert!(!person.sees(offer), "Escape closes the menu with {offer}");
    }
    person.click_at(ground, PointerButton::Primary, egui::Modifiers::NONE);
    assert!(person.state().selection.is_empty());
    person.leave();
}

#[test]
fn a_mark_stands_beside_its_interface_and_for_it() {
    let mut person = Person::at_two_rooms("marks");
    person.right_click(person.place_of("interface ns2/veth-ns2"));
    person.click("Change 10.10.0.2/24…");
    person.type_over("10.20.0.2/24");
    person.key(Key::Enter);
    let item = Item::Interface("ns2/veth-ns2".parse().expect("a place"));
    let scene = person.scene();
    let mark = scene.marks.iter().find(|mark| mark.about.as_ref() == Some(&item)).expect("it is marked");
    for at in [person.on_screen(mark.center), person.place_of("interface ns2/veth-ns2")] {
        person.right_click(at);
        assert!(person.sees("Take down"), "the menu of the interface opens at {at}");
        person.key(Key::Escape);
        person.let_a_second_pass();
    }
    person.leave();
}
