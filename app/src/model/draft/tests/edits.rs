//! Settings, moves, and what undo takes back at once.

use topology::{BridgeSettings, NamespaceName, Sysctl, Thing};

use super::*;

fn refused(draft: &mut Draft, draw: Draw) -> String {
    let before = draft.lab().clone();
    let why = draft.draw(&draw, &BTreeSet::new()).expect_err("nonsense");
    assert_eq!(before, *draft.lab());
    why
}

#[test]
fn an_address_changed_in_place_keeps_its_routes_and_is_one_entry() {
    let mut draft = Draft::new(ready_lab("two-networks-and-a-router"));
    let before = draft.lab().clone();
    let (at, from) = before
        .interfaces()
        .find(|(at, found)| {
            !found.addresses.is_empty() && !before.namespaces[&at.namespace].routes.is_empty()
        })
        .map(|(at, found)| (at, *found.addresses.first().expect("one")))
        .expect("somebody with a route");
    let to = net("10.99.0.1/24");
    let change = InterfaceChange::ReplaceAddress { from, to };
    drawn(&mut draft, Draw::Interface { at: at.clone(), change: change.clone() });
    assert_eq!(draft.lab().interface(&at).expect("it").addresses, [to].into());
    assert_eq!(draft.lab().namespaces[&at.namespace].routes, before.namespaces[&at.namespace].routes);
    refused(&mut draft, Draw::Interface { at, change });
    draft.undo();
    assert_eq!(before, *draft.lab());
}

#[test]
fn several_go_up_and_down_together() {
    let mut draft = Draft::new(ready_lab("two-rooms-and-a-switch"));
    let both: BTreeSet<Place> = ["ns1/veth-ns1", "ns2/veth-ns2"].map(place).into();
    let edited = drawn(&mut draft, Draw::Up { of: both.clone(), up: false });
    assert_eq!(edited.words, "Take down 2 interfaces");
    assert!(both.iter().all(|at| draft.lab().interface(at).is_some_and(|found| !found.up)));
    draft.undo();
    assert_eq!(**draft.lab(), ready_lab("two-rooms-and-a-switch"));
    let cable = draft.lab().cable_at(&place("ns1/veth-ns1")).expect("it").clone();
    let edited = drawn(&mut draft, Draw::Up { of: cable.ends().iter().cloned().collect(), up: false });
    assert!(edited.words.starts_with("Unplug "), "{}", edited.words);
    refused(&mut draft, Draw::Up { of: [place("ns1/x")].into(), up: true });
    refused(&mut draft, Draw::Up { of: BTreeSet::new(), up: true });
}

#[test]
fn a_move_of_many_presses_is_one_entry_and_a_house_takes_its_bridges_along() {
    let mut draft = Draft::default();
    drawn(&mut draft, Draw::AddBridge { at: HERE });
    let bridge = |draft: &Draft| draft.lab().interface(&place("host/br0")).and_then(|found| found.position);
    let entry = draft.undo_words().map(str::to_owned);
    for x in [10, 20, 30] {
        let things = vec![(thing("host"), Position { x, y: 0 })];
        drawn(&mut draft, Draw::Move { things, gesture: 7 });
    }
    assert_ne!(bridge(&draft), Some(HERE), "it went along");
    // Whatever the order in which they are named.
    let things = vec![(thing("host/br0"), Position { x: 5, y: 6 }), (thing("host"), Position { x: 0, y: 0 })];
    drawn(&mut draft, Draw::Move { things, gesture: 8 });
    assert_eq!(bridge(&draft), Some(Position { x: 5, y: 6 }));
    draft.undo();
    draft.undo();
    assert_eq!(bridge(&draft), Some(HERE));
    assert_eq!(draft.undo_words().map(str::to_owned), entry);
}

#[test]
fn nonsense_is_refused_whole() {
    let mut draft = Draft::new(ready_lab("two-rooms-and-a-switch"));
    let ns1: NamespaceName = "ns1".parse().expect("a name");
    let about = |at: &str, change| Draw::Interface { at: place(at), change };
    let bridge = |name: &str| Some(name.parse().expect("a name"));
    refused(&mut draft, Draw::Bridge { at: place("ns1/veth-ns1"), settings: BridgeSettings::default() });
    refused(&mut draft, about("host/veth-br1", InterfaceChange::PortOf(bridge("veth-br2"))));
    refused(&mut draft, about("host/br0", InterfaceChange::PortOf(bridge("br0"))));
    refused(&mut draft, about("ns1/x", InterfaceChange::Up(true)));
    let within = |change| Draw::Namespace { name: ns1.clone(), change };
    let nowhere = topology::Route { to: net("0.0.0.0/0"), via: None, dev: None };
    refused(&mut draft, within(NamespaceChange::AddRoute(nowhere.clone())));
    refused(&mut draft, within(NamespaceChange::AddRoute(topology::Route { dev: bridge("x"), ..nowhere })));
    refused(&mut draft, within(NamespaceChange::Sysctl(Sysctl::RpFilter, Some(3))));
    let firewall = topology::Firewall { masquerade: bridge("x").into_iter().collect(), rules: Vec::new() };
    refused(&mut draft, within(NamespaceChange::Firewall(firewall)));
    let ping = (ns1, topology::Target::Namespace("nobody".parse().expect("a name")));
    refused(&mut draft, Draw::Lab(LabChange::Pings(vec![ping])));
}

#[test]
fn a_setting_goes_back_to_the_kernel() {
    let mut draft = Draft::new(ready_lab("two-rooms-and-a-switch"));
    let before = draft.lab().clone();
    for value in [Some(1), None] {
        let change = NamespaceChange::Sysctl(Sysctl::Ipv4Forward, value);
        drawn(&mut draft, Draw::Namespace { name: "ns1".parse().expect("a name"), change });
    }
    assert_eq!(before, *draft.lab());
}

#[test]
fn what_is_drawn_on_while_it_is_saved_is_not_saved() {
    let mut draft = Draft::default();
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    let text = draft.save_into("/labs/a.toml".into());
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    assert!(!draft.saved_into(Path::new("/labs/other.toml")));
    assert!(draft.saved_into(Path::new("/labs/a.toml")));
    assert!(!draft.is_saved());
    assert_eq!(draft.path.as_deref(), Some(Path::new("/labs/a.toml")));
    draft.undo();
    assert!(draft.is_saved());
    assert_eq!(file::parse(&text).expect("a lab"), **draft.lab());
    assert!(!draft.saved_into(Path::new("/labs/a.toml")), "once for each time");
}

#[test]
fn a_bridge_drawn_into_a_room_is_that_rooms() {
    let mut draft = Draft::default();
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    let edited = drawn(&mut draft, Draw::AddBridge { at: Position { x: HERE.x + 4, y: HERE.y + 4 } });
    assert_eq!(edited.select, Some([Item::Thing(Thing::Bridge(place("red/br0")))].into()));
    let far = Position { x: i32::MIN, y: i32::MAX };
    drawn(&mut draft, Draw::AddBridge { at: far });
    assert!(draft.lab().interface(&place("host/br1")).is_some());
}
