//! Somebody types, and the kernel is seen to change.

mod meanwhile;
mod undoing;

use std::collections::BTreeMap;

use topology::{
    Became, Cable, Interface, InterfaceKind, Namespace, NamespaceName, Place, Process, Sight, Thing,
    sight::tables::{Listed, NeighbourEntry, NeighbourState, Tables},
};

use super::*;
use crate::model::{act::Item, command::Select, state::InPlace, state::Standing};

fn name(text: &str) -> NamespaceName {
    text.parse().expect("a good name")
}

fn place(text: &str) -> Place {
    text.parse().expect("a good place")
}

/// A kernel of plain memory, and the window that looks at it.
struct Typing {
    state: State,
    kernel: Lab,
    processes: BTreeMap<NamespaceName, Process>,
    became: Vec<Became>,
}

impl Typing {
    /// An empty lab that runs.
    fn begin() -> Self {
        let mut state = State::new(Default::default());
        let _ = update(&mut state, Command::RunLab);
        let kernel = Lab::default().settled();
        let observed = Arc::new(kernel.clone());
        let _ = update(&mut state, Command::News(News::Started { observed, taps: 0, remarks: Vec::new() }));
        let mut typing = Self { state, kernel, processes: BTreeMap::new(), became: Vec::new() };
        typing.pause();
        typing
    }

    /// Long enough for the next command to be another entry in undo.
    fn pause(&mut self) {
        let now = self.state.now + 5.0;
        let _ = update(&mut self.state, Command::Tick { now });
    }

    fn sight(&mut self) -> Command {
        let became = std::mem::take(&mut self.became);
        let (lab, processes) = (self.kernel.settled(), self.processes.clone());
        let sight = Sight { lab, processes, became, ..Sight::default() };
        Command::News(News::Saw(Box::new(sight)))
    }

    fn seen(&mut self) -> Vec<Effect> {
        let sight = self.sight();
        update(&mut self.state, sight)
    }

    fn netns_add(&mut self, text: &str) {
        let lo = Interface { up: false, ..Interface::new(InterfaceKind::Loopback) };
        let interfaces = [(topology::InterfaceName::loopback(), lo)].into();
        self.kernel.namespaces.insert(name(text), Namespace { interfaces, ..Namespace::default() });
    }

    fn unshare(&mut self, pid: u32) {
        let text = format!("pid {pid}");
        self.netns_add(&text);
        self.processes.insert(name(&text), Process { pid, command: "bash".into() });
    }

    fn netns_del(&mut self, text: &str) {
        let name = name(text);
        self.kernel.namespaces.remove(&name);
        let torn: Vec<Cable> = self.kernel.cables.iter().cloned().collect();
        for cable in torn.into_iter().filter(|cable| cable.ends().iter().any(|end| end.namespace == name)) {
            self.kernel.cables.remove(&cable);
            for end in cable.ends() {
                if let Some(namespace) = self.kernel.namespaces.get_mut(&end.namespace) {
                    namespace.interfaces.remove(&end.interface);
                }
            }
        }
    }

    fn add(&mut self, at: &str, kind: InterfaceKind) {
        let at = place(at);
        let found = Interface { up: false, ..Interface::new(kind) };
        self.kernel.namespaces.entry(at.namespace).or_default().interfaces.insert(at.interface, found);
    }

    fn veth(&mut self, one: &str, other: &str) {
        self.add(one, InterfaceKind::VethEnd);
        self.add(other, InterfaceKind::VethEnd);
        self.kernel.cables.insert(Cable::new(place(one), place(other)));
    }

    /// Into another namespace, or under another name, or both.
    fn link_set(&mut self, from: &str, to: &str) {
        let (from, to) = (place(from), place(to));
        let namespace = self.kernel.namespaces.get_mut(&from.namespace).expect("it is there");
        let mut found = namespace.interfaces.remove(&from.interface).expect("it is there");
        let mac = found.mac.unwrap_or_else(|| topology::MacAddress::derived_from(&from.to_string()));
        found.mac = Some(mac);
        self.kernel
            .namespaces
            .get_mut(&to.namespace)
            .expect("it is there")
            .interfaces
            .insert(to.interface.clone(), found);
        let cable = self.kernel.cable_at(&from).cloned();
        if let Some(cable) = cable {
            let far = cable.other_end(&from).expect("it has two ends").clone();
            self.kernel.cables.remove(&cable);
            self.kernel.cables.insert(Cable::new(to.clone(), far));
        }
        self.became.push(Became::Interface { from, to });
    }

    fn change(&mut self, at: &str, change: impl FnOnce(&mut Interface)) {
        change(self.kernel.interface_mut(&place(at)).expect("it is there"));
    }

    fn address(&mut self, at: &str, address: &str) {
        self.change(at, |found| {
            found.addresses.insert(address.parse().expect("an address"));
            found.up = true;
        });
    }

    fn drawn(&self) -> &Lab {
        self.state.draft.lab()
    }

    fn room(&self, text: &str) -> Position {
        self.drawn().namespaces[&name(text)].position.expect("it has a place")
    }

    /// The drawing is what the kernel has, and says nothing else.
    #[track_caller]
    fn check(&self) {
        assert_eq!(self.drawn().bare(), self.kernel.bare());
        assert_eq!(self.state.failed, BTreeMap::new());
        let Live::On { observed, .. } = &self.state.live else { panic!("it runs") };
        assert_eq!(observed.bare(), self.kernel.bare());
    }
}

/// Two rooms and a cable, as a page teaches it, each command seen by itself.
fn red_and_blue() -> Typing {
    let mut typing = Typing::begin();
    let steps: [fn(&mut Typing); 6] = [
        |it| it.netns_add("red"),
        |it| it.netns_add("blue"),
        |it| it.veth("host/veth-red", "host/veth-blue"),
        |it| it.link_set("host/veth-red", "red/veth-red"),
        |it| it.link_set("host/veth-blue", "blue/veth-blue"),
        |it| {
            it.address("red/veth-red", "10.0.0.1/24");
            it.address("blue/veth-blue", "10.0.0.2/24");
        },
    ];
    for step in steps {
        step(&mut typing);
        let effects = typing.seen();
        assert!(matches!(effects[..], [Effect::Autosave { .. }]), "{effects:?}");
        typing.check();
        typing.pause();
    }
    typing
}

#[test]
fn what_is_typed_is_drawn_step_by_step() {
    let typing = red_and_blue();
    assert!(!typing.state.draft.is_saved(), "it would be lost");
    assert!(
        typing.state.draft.lab().cables.contains(&Cable::new(place("red/veth-red"), place("blue/veth-blue")))
    );
    let typed: Vec<&Logged> = typing.state.log.iter().filter(|it| it.words.starts_with("Typed: ")).collect();
    assert_eq!(typed.len(), 6, "{typed:#?}");
    assert_eq!(typed[0].words, "Typed: Make the namespace red, a network stack of its own");
    assert_eq!(typed[0].shell, ["ip netns add red"]);
    assert_eq!(typed[3].shell, ["ip link set dev veth-red netns red"]);
    assert_eq!(typed[3].words, "Typed: Move host/veth-red to red");
    assert!(typed[5].words.ends_with("and 3 more"), "{}", typed[5].words);
    assert_eq!(typing.state.draft.undo_words(), Some(&*typed[5].words));
}

#[test]
fn our_own_change_is_no_typing() {
    let mut typing = red_and_blue();
    let _ = add_namespace(&mut typing.state);
    let logged = typing.state.log.len();
    let words = typing.state.draft.undo_words().map(str::to_owned);
    typing.kernel = typing.drawn().settled();
    assert_eq!(typing.seen(), [], "it waits for the answer");
    let lab = typing.kernel.clone();
    assert_eq!(done(&mut typing.state, &lab), []);
    assert_eq!(typing.seen(), [], "and is no news after it");
    typing.pause();
    assert_eq!(typing.state.log.len(), logged);
    assert_eq!(typing.state.draft.undo_words(), words.as_deref());
    typing.check();
}

#[test]
fn a_look_from_before_the_answer_changes_nothing() {
    let mut typing = red_and_blue();
    let stale = typing.kernel.clone();
    let _ = add_namespace(&mut typing.state);
    let lab = typing.drawn().clone();
    let _ = done(&mut typing.state, &lab);
    typing.kernel = stale;
    assert_eq!(typing.seen(), []);
    assert_eq!(*typing.drawn(), lab, "it may be an old one");
    typing.kernel = lab.settled();
    assert_eq!(typing.seen(), []);
    typing.pause();
    assert_eq!(*typing.drawn(), lab);
    typing.check();
}

#[test]
fn what_is_typed_while_a_change_is_under_way_comes_after_it() {
    let mut typing = red_and_blue();
    let _ = add_namespace(&mut typing.state);
    typing.netns_add("kitchen");
    assert_eq!(typing.seen(), []);
    let ours = typing.drawn().clone();
    assert!(!ours.namespaces.contains_key(&name("kitchen")), "it waits");
    let _ = done(&mut typing.state, &ours);
    typing.kernel = ours.settled();
    typing.netns_add("kitchen");
    let _ = typing.seen();
    typing.pause();
    typing.check();
    // The answer itself may know of it as well.
    let _ = add_namespace(&mut typing.state);
    typing.kernel = typing.drawn().settled();
    typing.netns_add("cellar");
    typing.netns_del("blue");
    typing.kernel = typing.kernel.settled();
    let effects = done(&mut typing.state, &typing.kernel);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::ChangeLab(_))), "{effects:?}");
    let _ = typing.seen();
    typing.pause();
    typing.check();
}

#[test]
fn a_selection_follows_its_thing_and_goes_with_it() {
    let mut typing = red_and_blue();
    let red = Item::Thing(Thing::Namespace(name("red")));
    let cable = Item::Cable(typing.drawn().cables.first().expect("there is one").clone());
    let both = [red.clone(), cable, Item::Interface(place("red/veth-red"))];
    let _ = update(&mut typing.state, Command::Select(Select::These(both.into())));
    typing.state.in_place = Some(InPlace::Address { at: place("red/veth-red"), was: None });
    typing.link_set("red/veth-red", "red/eth0");
    let _ = typing.seen();
    typing.check();
    let cable = Cable::new(place("blue/veth-blue"), place("red/eth0"));
    let now = [red, Item::Cable(cable), Item::Interface(place("red/eth0"))];
    assert_eq!(typing.state.selection, now.into());
    assert_eq!(typing.state.in_place, Some(InPlace::Address { at: place("red/eth0"), was: None }));
    typing.netns_del("red");
    let _ = typing.seen();
    typing.check();
    assert!(typing.state.selection.is_empty());
    assert_eq!(typing.state.in_place, None);
}

#[test]
fn a_namespace_keeps_its_place_under_another_name() {
    let mut typing = Typing::begin();
    typing.unshare(4711);
    let _ = typing.seen();
    let _ = update(&mut typing.state, Command::Select(Select::All));
    let at = typing.room("pid 4711");
    assert_eq!(typing.state.processes[&name("pid 4711")].command, "bash");
    let found = typing.kernel.namespaces.remove(&name("pid 4711")).expect("it was made");
    typing.kernel.namespaces.insert(name("red"), found);
    typing.processes.clear();
    typing.became.push(Became::Namespace { from: name("pid 4711"), to: name("red") });
    let _ = typing.seen();
    typing.check();
    assert_eq!(typing.room("red"), at);
    assert!(typing.state.selection.contains(&Item::Thing(Thing::Namespace(name("red")))));
}

#[test]
fn one_command_is_one_entry_in_undo() {
    let mut typing = Typing::begin();
    for text in ["a", "b", "c"] {
        typing.netns_add(text);
        let _ = typing.seen();
    }
    typing.pause();
    typing.netns_add("d");
    let _ = typing.seen();
    typing.check();
    assert_eq!(typing.state.log.iter().filter(|it| it.words.starts_with("Typed: ")).count(), 2);
    assert!(typing.state.draft.undo_words().is_some_and(|words| words.contains("namespace d")));
    let _ = update(&mut typing.state, Command::Undo);
    let rest: Vec<&str> = typing.drawn().namespaces.keys().map(NamespaceName::as_str).collect();
    assert_eq!(rest, ["a", "b", "c"]);
}

#[test]
fn an_edit_in_between_ends_the_burst() {
    let mut typing = Typing::begin();
    typing.netns_add("a");
    let _ = typing.seen();
    let gesture =
        Draw::Move { things: vec![(Thing::Namespace(name("a")), Position { x: 400, y: 80 })], gesture: 1 };
    let _ = update(&mut typing.state, Command::Draw(gesture));
    typing.netns_add("b");
    let _ = typing.seen();
    assert_eq!(typing.room("a"), Position { x: 400, y: 80 });
    for _ in 0..3 {
        let _ = update(&mut typing.state, Command::Undo);
    }
    assert!(typing.drawn().namespaces.keys().all(NamespaceName::is_host));
}

#[test]
fn what_is_drawn_and_refused_stays_marked_while_somebody_types() {
    let mut typing = Typing::begin();
    let _ = add_namespace(&mut typing.state);
    let _ = failed(&mut typing.state, None, "no");
    let drawn = typing.drawn().namespaces.keys().find(|name| !name.is_host()).expect("it is drawn").clone();
    typing.pause();
    typing.netns_add("blue");
    let _ = typing.seen();
    assert!(
        typing.drawn().namespaces.contains_key(&drawn)
            && typing.drawn().namespaces.contains_key(&name("blue"))
    );
    let item = Item::Thing(Thing::Namespace(drawn));
    assert_eq!(typing.state.standing(&item), Standing::Failed);
}

/// What the kernel learns by itself is nobody's edit, and gone with it.
#[test]
fn what_the_kernel_learns_changes_nothing_that_is_drawn() {
    let mut typing = red_and_blue();
    let (drawn, logged) = (typing.state.draft.lab().clone(), typing.state.log.len());
    let undo = typing.state.draft.undo_words().map(str::to_owned);
    let address = [10, 0, 0, 2].into();
    let entry = NeighbourEntry {
        interface: "eth0".parse().expect("a name"),
        address,
        mac: None,
        state: NeighbourState::Failed,
    };
    let tables = Tables { neighbours: Listed::of([entry]), ..Tables::default() };
    let tables: BTreeMap<NamespaceName, Tables> = [(name("red"), tables)].into();
    let Command::News(News::Saw(mut sight)) = typing.sight() else { panic!("a sight") };
    sight.tables = tables.clone();
    assert_eq!(update(&mut typing.state, Command::News(News::Saw(sight))), []);
    assert_eq!(typing.state.sights.tables, tables);
    assert!(Arc::ptr_eq(&drawn, typing.state.draft.lab()));
    assert_eq!((typing.state.draft.undo_words(), typing.state.log.len()), (undo.as_deref(), logged));
    let _ = update(&mut typing.state, Command::StopLab);
    let _ = update(&mut typing.state, Command::News(News::Stopped { why: None }));
    assert!(typing.state.sights.tables.is_empty());
}

#[test]
fn a_lab_that_stops_can_run_again() {
    let mut typing = red_and_blue();
    typing.unshare(99);
    let _ = typing.seen();
    let _ = update(&mut typing.state, Command::StopLab);
    let _ = typing.seen();
    let _ = update(&mut typing.state, Command::News(News::Stopped { why: None }));
    let names: Vec<&str> = typing.drawn().namespaces.keys().map(NamespaceName::as_str).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names.iter().all(|name| !name.starts_with("pid ")), "{names:?}");
    assert!(typing.state.processes.is_empty());
    let effects = update(&mut typing.state, Command::RunLab);
    assert!(effects.contains(&Effect::StartLab(typing.state.draft.lab().clone())), "{effects:?}");
}
