//! Scenes of what terminals make: rooms of processes, plain interfaces, torn cables, cables that are not moved yet.

use std::{collections::BTreeMap, sync::Arc};

use topology::{Cable, Interface, InterfaceKind, Lab, Namespace, OtherKind, Place, Process};

use super::{Scene, scene};
use crate::model::{
    draft::{Draft, arrange},
    stage::layout::{Layout, Lines, label_rect},
    state::{Settings, State},
    story::Batch,
};

fn place(text: &str) -> Place {
    text.parse().expect("a good place")
}

#[derive(Default)]
struct Made(Lab);

impl Made {
    fn interface(mut self, at: &str, kind: InterfaceKind, up: bool) -> Self {
        let at = place(at);
        let namespace = self.0.namespaces.entry(at.namespace).or_default();
        namespace.interfaces.insert(at.interface, Interface { up, ..Interface::new(kind) });
        self
    }

    fn veth(self, one: &str, other: &str) -> Self {
        let mut made =
            self.interface(one, InterfaceKind::VethEnd, true).interface(other, InterfaceKind::VethEnd, true);
        made.0.cables.insert(Cable::new(place(one), place(other)));
        made
    }

    fn state(self) -> State {
        let mut state = State::new(Settings::default());
        state.draft = Draft::new(arrange::place_missing(&self.0));
        state
    }
}

fn shown(state: &State) -> Scene {
    scene(state, Arc::new(Layout::of(state.draft.lab(), &Lines::default())))
}

#[test]
fn a_room_of_a_process_says_its_command() {
    let mut made = Made::default();
    made.0.namespaces.insert("pid 4711".parse().expect("a name"), Namespace::default());
    let mut state = made.state();
    let process = Process { pid: 4711, command: "bash --norc".into() };
    state.processes = BTreeMap::from([("pid 4711".parse().expect("a name"), process)]);
    let scene = shown(&state);
    assert_eq!(scene.rooms[0].process.as_deref(), Some("bash --norc"));
    assert!(scene.describe().starts_with("room pid 4711 "), "{}", scene.describe());
}

#[test]
fn plain_interfaces_have_plain_sockets() {
    let state = Made::default()
        .interface("red/tun0", InterfaceKind::Other(OtherKind::Tun), true)
        .interface("red/vx0", InterfaceKind::Other(OtherKind::Vxlan), false)
        .interface("red/lo", InterfaceKind::Loopback, true)
        .state();
    let scene = shown(&state);
    let plugs: Vec<_> =
        scene.plugs.iter().map(|it| (it.at.to_string(), it.socket.kind, it.is_up, it.is_broken)).collect();
    let expected = [("red/tun0", Some("tun"), true, false), ("red/vx0", Some("vxlan"), false, false)];
    assert_eq!(plugs, expected.map(|(at, kind, up, broken)| (at.to_owned(), kind, up, broken)));
    let rects: Vec<_> = scene.plugs.iter().map(|plug| label_rect(&plug.at, &plug.socket)).collect();
    assert!(!rects[0].intersects(rects[1]), "their words stand beside each other");
}

#[test]
fn a_plain_interface_can_be_a_port() {
    let mut made = Made::default()
        .interface("host/br0", InterfaceKind::Bridge(Default::default()), true)
        .interface("host/tap0", InterfaceKind::Other(OtherKind::Tap), true);
    made.0.interface_mut(&place("host/tap0")).expect("it was made").bridge =
        Some("br0".parse().expect("a name"));
    let scene = shown(&made.state());
    assert!(scene.switches[0].ports.iter().any(|port| port.place == Some(place("host/tap0")) && port.is_up));
    assert!(scene.plugs.iter().all(|plug| !plug.is_broken));
}

#[test]
fn an_end_without_its_other_end_is_torn() {
    let scene = shown(&Made::default().interface("red/eth0", InterfaceKind::VethEnd, true).state());
    assert!(scene.plugs[0].is_broken && scene.cables.is_empty());
}

#[test]
fn a_cable_that_is_not_moved_yet_is_a_loop_at_its_room() {
    for made in [
        Made::default(),
        Made::default().interface("host/br0", InterfaceKind::Bridge(Default::default()), true),
    ] {
        let state = made.veth("host/veth1", "host/veth2").veth("host/veth3", "host/veth4").state();
        let scene = shown(&state);
        assert_eq!(scene.cables.len(), 2);
        let room = scene.layout.rooms.values().next().expect("the machine is shown").rect;
        for line in &scene.cables {
            let bounds = line.curve.bounds();
            assert!(bounds.height() < 60.0 && bounds.width() < room.width(), "{bounds:?} at {room:?}");
            assert!(20.0 < line.curve.length(), "it can be seen");
        }
        assert!(!scene.cables[0].curve.bounds().intersects(scene.cables[1].curve.bounds()));
        assert!(scene.plugs.iter().all(|plug| plug.socket.is_labelled), "{}", scene.describe());
        let labels: Vec<_> = scene.plugs.iter().map(|plug| label_rect(&plug.at, &plug.socket)).collect();
        for (i, one) in labels.iter().enumerate() {
            assert!(labels[i + 1..].iter().all(|other| !one.intersects(*other)), "{}", scene.describe());
        }
    }
}

#[test]
fn the_same_name_in_two_namespaces_is_two_interfaces() {
    let state = Made::default().veth("red/eth0", "blue/eth0").state();
    let scene = shown(&state);
    let plugs: Vec<String> = scene.plugs.iter().map(|plug| plug.at.to_string()).collect();
    assert_eq!(plugs, ["blue/eth0", "red/eth0"]);
    assert_eq!(scene.cables.len(), 1);
}

#[test]
fn frames_before_a_tap_are_told_quietly() {
    let mut state = Made::default().veth("red/eth0", "blue/eth0").state();
    let missed = Some(BTreeMap::from([(place("red/eth0"), 3)]));
    let _ = state.story.take(Batch { missed, ..Batch::default() });
    let scene = shown(&state);
    assert_eq!(scene.marks.len(), 1);
    assert_eq!(scene.marks[0].text, "3 frames before the tap");
    assert!(scene.marks[0].is_note && !scene.marks[0].is_error);
    let _ = state.story.take(Batch::default());
    assert_eq!(state.story.missed().len(), 1, "it is not forgotten by what comes later");
}
