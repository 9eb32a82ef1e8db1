//! Copies of parts of a lab.

use topology::Thing;

use super::*;

fn select(names: &[&str]) -> BTreeSet<Item> {
    names.iter().map(|name| Item::Thing(thing(name))).collect()
}

#[test]
fn a_whole_segment_comes_again_beside_itself() {
    let mut draft = Draft::new(arrange::place_missing(&ready_lab("two-rooms-and-a-switch")));
    let edited = draft.draw(&Draw::Duplicate, &select(&["ns1", "ns2", "host/br0"])).expect("a copy");
    let lab = draft.lab();
    assert_eq!(lab.cables.len(), 4);
    assert_eq!(lab.ports(&place("host/br1")).count(), 2, "{:?}", interfaces(lab));
    assert_eq!(edited.select.as_ref().map(BTreeSet::len), Some(3));
    let addresses = |name: &str| {
        let found = lab.namespaces.get(&name.parse().expect("a name")).expect("it is there");
        found.interfaces.values().flat_map(|found| found.addresses.clone()).collect::<Vec<_>>()
    };
    assert_eq!((addresses("ns3"), addresses("ns4")), (vec![net("10.10.1.1/24")], vec![net("10.10.1.2/24")]));
    let at = |name: &str| lab.namespaces.get(&name.parse().expect("a name")).and_then(|found| found.position);
    let (original, copy) = (at("ns1").expect("placed"), at("ns3").expect("placed"));
    assert!(copy.x != original.x && copy.y != original.y);
    draft.undo();
    assert_eq!(draft.lab().cables.len(), 2);
}

#[test]
fn a_cut_bridge_comes_back_with_its_ports_only_where_their_far_ends_come_too() {
    let mut draft = Draft::new(ready_lab("two-rooms-and-a-switch"));
    draft.draw(&Draw::Cut, &select(&["ns1", "host/br0"])).expect("a cut");
    assert_eq!(draft.lab().cables.len(), 0);
    drawn(&mut draft, Draw::Paste { at: HERE });
    let lab = draft.lab();
    assert_eq!(lab.cables.len(), 1, "{:?}", interfaces(lab));
    assert_eq!(lab.ports(&place("host/br0")).count(), 1);
    assert!(lab.interface(&place("ns1/veth-ns1")).is_some_and(|found| found.addresses.len() == 1));
}

#[test]
fn a_bridge_of_a_namespace_that_is_gone_comes_to_the_host() {
    let mut draft = Draft::default();
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    drawn(&mut draft, Draw::AddBridge { at: HERE });
    draft.draw(&Draw::Copy, &select(&["red/br0"])).expect("a copy");
    drawn(&mut draft, Draw::Remove(select(&["red"])));
    let edited = drawn(&mut draft, Draw::Paste { at: HERE });
    assert_eq!(edited.select, Some([Item::Thing(Thing::Bridge(place("host/br0")))].into()));
    assert!(!draft.lab().namespaces.contains_key(&"red".parse().expect("a name")));
}

/// A selection outlives its thing where something else comes under its name.
#[test]
fn a_cable_end_that_took_a_bridges_name_is_not_copied_as_one() {
    let mut draft = Draft::new(ready_lab("ring-with-stp"));
    drawn(&mut draft, Draw::Remove(select(&["host/br3"])));
    let to = "br3".parse().expect("a name");
    drawn(&mut draft, Draw::RenameInterface { at: place("host/p1-to-2"), to });
    let before = draft.lab().clone();
    assert!(draft.draw(&Draw::Duplicate, &select(&["host/br3"])).is_err());
    draft.draw(&Draw::Duplicate, &select(&["host/br3", "host/br1"])).expect("a copy of the bridge");
    let lab = draft.lab();
    let (ends, cables) = (before.interfaces().count() + 1, before.cables.len());
    assert_eq!((lab.interfaces().count(), lab.cables.len()), (ends, cables), "{:?}", interfaces(lab));
}

#[test]
fn copies_of_a_routed_network_have_their_own_way_out() {
    let original = ready_lab("two-networks-and-a-router");
    let mut draft = Draft::new(original.clone());
    let all: BTreeSet<Item> =
        original.namespaces.keys().map(|name| Item::Thing(Thing::Namespace(name.clone()))).collect();
    let bridges = original.interfaces().filter(|(_, found)| found.bridge_settings().is_some());
    let all = all.into_iter().chain(bridges.map(|(at, _)| Item::Thing(Thing::Bridge(at)))).collect();
    draft.draw(&Draw::Duplicate, &all).expect("a copy");
    let with_way_out = |lab: &Lab| {
        lab.namespaces
            .values()
            .filter(|found| found.routes.iter().any(|route| route.to.prefix_len() == 0))
            .count()
    };
    assert_eq!(with_way_out(draft.lab()), 2 * with_way_out(&original));
    let problems = topology::check::check(draft.lab(), &[]);
    let errors =
        problems.iter().filter(|problem| problem.severity == topology::check::Severity::Error).count();
    assert_eq!(errors, 0, "{problems:?}");
}

#[test]
fn nothing_copied_is_nothing_pasted_and_a_next_drawing_can_paste_too() {
    let mut draft = Draft::new(ready_lab("two-rooms-and-a-switch"));
    for draw in [Draw::Paste { at: HERE }, Draw::Duplicate, Draw::Cut] {
        assert!(draft.draw(&draw, &BTreeSet::new()).is_err());
    }
    draft.draw(&Draw::Copy, &select(&["ns1", "host"])).expect("a copy");
    // A cut that fails leaves what was copied.
    assert!(draft.draw(&Draw::Cut, &select(&["host"])).is_err());
    let mut next = Draft::default().with_clipboard_of(&draft);
    drawn(&mut next, Draw::Paste { at: HERE });
    assert_eq!(next.lab().namespaces.keys().map(ToString::to_string).collect::<Vec<_>>(), ["ns1"]);
}
