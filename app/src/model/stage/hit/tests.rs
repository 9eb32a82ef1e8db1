//! Every kind of thing, at its middle and beside it.

use std::sync::Arc;

use capture::{JourneyId, WireNs, tables::Tables};
use emath::pos2;
use topology::{Cable, ready};

use super::*;
use crate::model::{
    draft::Draft,
    stage::{
        layout::{Layout, Lines},
        scene::{Row, Seen, compose},
    },
    state::{Settings, State},
    story::Kind,
};

fn scene() -> Scene {
    let lab = ready::LABS[0].lab();
    let layout = Arc::new(Layout::of(&lab, &Lines::default()));
    let mut state = State::new(Settings::default());
    state.draft = Draft::new(lab);
    let tables = Tables::default();
    let seen = Seen {
        told: &[],
        taps: &[],
        moments: &[],
        moving: &[],
        in_all: 0,
        at: 0.0,
        wire: WireNs(0),
        is_near: true,
        story_at: &|_| 0.0,
        tables: &tables,
    };
    compose(&state, layout, &seen)
}

fn row() -> Row {
    Row { left: "10.10.0.2".into(), right: "asking …".into(), glow: 1.0, kind: Kind::Arp }
}

fn pill(center: Pos2, text: &str) -> Pill {
    Pill {
        journey: JourneyId(1),
        sighting: 0,
        center,
        kind: Kind::Arp,
        text: text.into(),
        count: 1,
        opacity: 1.0,
        is_chosen: false,
        is_dimmed: false,
    }
}

fn name(text: &str) -> NamespaceName {
    text.parse().expect("a good name")
}

fn place(text: &str) -> Place {
    text.parse().expect("a good place")
}

fn namespace(text: &str) -> Option<Hit> {
    Some(Hit::Item(Item::Thing(Thing::Namespace(name(text)))))
}

fn interface(text: &str) -> Option<Hit> {
    Some(Hit::Item(Item::Interface(place(text))))
}

#[test]
fn each_thing_is_found_where_it_is() {
    let scene = scene();
    let at = |at: Pos2| hit(&scene, at, 4.0);
    let bridge = Some(Hit::Item(Item::Thing(Thing::Bridge(place("host/br0")))));
    let (room, switch) = (&scene.rooms[1], &scene.switches[0]);
    assert_eq!(at(room.rect.center()), namespace("ns1"));
    assert_eq!(at(switch.rect.left_center() + vec2(20.0, 0.0)), bridge);
    assert_eq!(at(switch.learned.rect.expect("it has one").left_bottom() + vec2(20.0, -4.0)), bridge);
    let port = switch.ports.iter().find(|port| port.place.is_some()).expect("two are used");
    assert_eq!(at(port.rect.center_bottom() - vec2(0.0, 3.0)), interface("host/veth-br1"));
    let empty = switch.ports.iter().find(|port| port.place.is_none()).expect("most are free");
    assert_eq!(at(empty.rect.center()), bridge);
    let socket = scene.layout.sockets[&place("ns1/veth-ns1")];
    assert_eq!(at(socket.at), interface("ns1/veth-ns1"));
    assert_eq!(at(label_rect(&place("ns1/veth-ns1"), &socket).center()), interface("ns1/veth-ns1"));
    let cable = Cable::new(place("ns1/veth-ns1"), place("host/veth-br1"));
    let middle = scene.layout.cables[&cable].at(0.5);
    assert_eq!(at(middle + vec2(0.0, 3.0)), Some(Hit::Item(Item::Cable(cable))));
    assert_eq!(at(pos2(-500.0, -500.0)), None);
}

#[test]
fn a_house_is_taken_at_its_frame_and_header_and_free_inside() {
    let scene = scene();
    let house = scene.rooms[0].rect;
    let at = |at: Pos2| hit(&scene, at, 4.0);
    assert_eq!(at(house.left_top() + vec2(60.0, 20.0)), namespace("host"));
    assert_eq!(at(house.right_bottom() - vec2(60.0, 2.0)), namespace("host"));
    assert_eq!(at(house.right_bottom() + vec2(3.0, -60.0)), namespace("host"));
    assert_eq!(at(house.right_bottom() - vec2(20.0, 20.0)), None);
}

#[test]
fn rows_are_found_by_their_number_where_there_are_any() {
    let mut scene = scene();
    let table = scene.rooms[1].neighbours.rect.expect("a room has one");
    let first = table.left_top() + vec2(30.0, TABLE_TITLE + 4.0);
    assert_eq!(hit(&scene, first, 4.0), namespace("ns1"));
    scene.rooms[1].neighbours.rows = vec![row()];
    assert_eq!(hit(&scene, first, 4.0), Some(Hit::Neighbour { of: name("ns1"), row: 0 }));
    assert_eq!(hit(&scene, table.left_top() + vec2(30.0, 6.0), 4.0), namespace("ns1"));
    scene.switches[0].learned.rows = vec![row()];
    let learned = scene.switches[0].learned.rect.expect("a switch has one");
    let first = learned.left_top() + vec2(30.0, TABLE_TITLE + 4.0);
    assert_eq!(hit(&scene, first, 4.0), Some(Hit::Learned { by: place("host/br0"), row: 0 }));
}

#[test]
fn frames_are_on_top_of_marks_and_these_of_all_else() {
    let mut scene = scene();
    let center = scene.rooms[1].rect.center();
    let mark = Mark {
        center,
        about: None,
        is_error: true,
        is_note: false,
        text: "wrong".into(),
        hint: String::new(),
    };
    scene.marks = vec![mark];
    assert_eq!(hit(&scene, center, 2.0), Some(Hit::Mark(0)));
    scene.pills = vec![pill(center, "who has 10.10.0.2?"), pill(center, "")];
    assert_eq!(hit(&scene, center, 2.0), Some(Hit::Pill(1)));
    assert_eq!(hit(&scene, center + vec2(60.0, 0.0), 2.0), Some(Hit::Pill(0)), "words are wide");
    scene.pills.iter_mut().for_each(|pill| pill.opacity = 0.05);
    assert_eq!(hit(&scene, center, 2.0), Some(Hit::Mark(0)), "what has faded is gone");
}
