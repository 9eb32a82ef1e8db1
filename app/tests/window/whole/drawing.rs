//! A lab is drawn with the mouse while the kernel follows.

use std::fs;

use egui::{Key, Modifiers, Pos2, vec2};
use hopscope::model::{
    command::File,
    state::{Live, State},
};
use topology::Lab;

use super::person::{Person, pings_seen};

/// Two namespaces above, a bridge below them, and a cable from each to the bridge.
fn draw_a_switch(person: &mut Person) {
    drag_out(person, "Room", vec2(300.0, 160.0));
    drag_out(person, "Room", vec2(800.0, 160.0));
    drag_out(person, "Switch", vec2(550.0, 420.0));
    for room in ["red", "blue"] {
        person.press_button("Cable");
        let (from, to) = (person.plate(room), person.place_of("bridge br0"));
        person.drag(from, to);
    }
}

/// From the palette onto the stage, so far from its corner.
fn drag_out(person: &mut Person, tool: &str, by: egui::Vec2) {
    let (from, to) = (person.place_of(tool), stage_corner(person) + by);
    person.drag(from, to);
}

fn stage_corner(person: &Person) -> Pos2 {
    person.place_of("Stage") - person.state().stage_size / 2.0
}

/// Until the kernel has what is drawn.
fn until_real(person: &mut Person) {
    let shape = |lab: &Lab| lab.settled().bare();
    person.until("the kernel has what is drawn", |state| match &state.live {
        Live::On { observed, changing, .. } => !changing && shape(observed) == shape(state.draft.lab()),
        _ => false,
    });
}

fn address_of(state: &State, place: &str) -> Vec<String> {
    let lab = state.draft.lab();
    let found = lab.interface(&place.parse().expect("a place")).expect("the interface is there");
    found.addresses.iter().map(ToString::to_string).collect()
}

#[test]
fn a_lab_is_drawn_by_drag_runs_and_is_pinged() {
    let mut person = Person::at("drawn", File::New);
    draw_a_switch(&mut person);
    let drawn = person.state().draft.lab().clone();
    assert_eq!(drawn.cables.len(), 2, "two cables: {drawn:#?}");
    assert_eq!(address_of(person.state(), "red/veth-red"), ["10.10.0.1/24"]);
    assert_eq!(address_of(person.state(), "blue/veth-blue"), ["10.10.0.2/24"]);
    assert!(person.sees("interface host/veth-br-red"), "the ports are named as tutorials do");
    person.keep_picture("drawn");
    person.press_button("Run lab");
    until_real(&mut person);
    person.press_button("Ping");
    person.until("the ping was seen", |state| pings_seen(state, 1));
    person.leave();
}

#[test]
fn names_and_addresses_are_typed_in_place() {
    let mut person = Person::at("in-place", File::New);
    draw_a_switch(&mut person);
    person.double_click(person.plate("red"));
    person.type_over("kitchen");
    person.key(Key::Enter);
    assert!(person.sees("namespace kitchen") && !person.sees("namespace red"));

    person.right_click(person.place_of("interface kitchen/veth-kitchen"));
    person.click("Change 10.10.0.1/24…");
    person.type_over("10.10.0");
    assert!(person.reads("not an address with a prefix"), "it is checked as one types");
    person.type_over("192.0.2.1/24");
    person.key(Key::Enter);
    assert_eq!(address_of(person.state(), "kitchen/veth-kitchen"), ["192.0.2.1/24"]);
    person.leave();
}

#[test]
fn the_kernel_follows_undo_and_redo() {
    let mut person = Person::at_two_rooms("undo");
    until_real(&mut person);
    let before = person.state().draft.lab().clone();
    let room = person.place_of("namespace ns1");
    person.click_at(room, egui::PointerButton::Primary, Modifiers::NONE);
    person.key(Key::Delete);
    assert!(!person.sees("namespace ns1"));
    until_real(&mut person);
    let without = person.state().draft.lab().clone();
    person.chord(Modifiers::COMMAND, Key::Z);
    assert_eq!(**person.state().draft.lab(), *before);
    until_real(&mut person);
    person.chord(Modifiers::COMMAND, Key::Y);
    assert_eq!(**person.state().draft.lab(), *without);
    until_real(&mut person);
    person.chord(Modifiers::COMMAND, Key::Z);
    until_real(&mut person);
    person.press_button("Ping");
    person.until("what was undone works as before", |state| pings_seen(state, 1));
    person.leave();
}

#[test]
fn what_is_moved_clicks_into_line_and_is_one_entry_in_undo() {
    let mut person = Person::at_two_rooms("move");
    let before = person.state().draft.lab().clone();
    let place = |person: &Person, name: &str| {
        person.state().draft.lab().namespaces[&name.parse().expect("a name")]
            .position
            .expect("it has a place")
    };
    let from = person.plate("ns2");
    person.drag(from, from + vec2(30.0, 90.0));
    assert_ne!(
        place(&person, "ns2"),
        before.namespaces[&"ns2".parse().expect("a name")].position.expect("one")
    );
    // Back up, but for three points: the edges click together.
    let (to, now) = (person.plate("ns1").y + 3.0, person.plate("ns2"));
    person.drag(now, Pos2::new(now.x, to));
    assert_eq!(place(&person, "ns2").y, place(&person, "ns1").y);
    person.chord(Modifiers::COMMAND, Key::Z);
    person.chord(Modifiers::COMMAND, Key::Z);
    assert_eq!(**person.state().draft.lab(), *before);
    person.leave();
}

#[test]
fn a_lab_is_saved_with_its_comments_and_opened_again() {
    let mut person = Person::at("save", File::New);
    let path = person.folder.join("lab.toml");
    draw_a_switch(&mut person);
    person.chord(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    person.until("the folder is listed", |state| state.folder.is_some());
    person.type_over(&path.display().to_string());
    person.press_button("Save");
    person.until("it is saved", |state| state.draft.is_saved());
    let text = fs::read_to_string(&path).expect("it was saved");
    fs::write(&path, format!("# Drawn in class.\n{text}")).expect("a comment");
    person.close();

    let mut person =
        Person::in_folder(&person.folder.clone(), &super::person::engine(), File::Open(path.clone()));
    person.until("the lab is there", |state| state.draft.path.is_some());
    assert_eq!(person.state().draft.lab().cables.len(), 2);
    person.double_click(person.plate("blue"));
    person.type_over("attic");
    person.key(Key::Enter);
    assert!(person.sees("not saved"));
    person.chord(Modifiers::COMMAND, Key::S);
    person.until("it is saved again", |state| state.draft.is_saved());
    let text = fs::read_to_string(&path).expect("it was saved");
    assert!(text.starts_with("# Drawn in class.\n") && text.contains("attic"), "{text}");
    person.leave();
}
