//! Everything about what is selected can be changed in place.

use egui::vec2;
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use hopscope::{
    model::{
        act::{Act, Item},
        command::{Command, Draw, File, InterfaceChange, LabChange, NamespaceChange, View},
        draft::Draft,
        state::{Dialog, Live, Source, State},
    },
    window::panels::inspector,
};
use topology::{
    BridgeSettings, Firewall, Hook, NamespaceName, Place, Protocol, Sysctl, Thing, Verdict,
    check::check,
    sight::tables::{
        ForwardingEntry, ForwardingKind, Listed, MOST_TOLD, NeighbourEntry, NeighbourState, Tables,
    },
};

use super::bench::{Bench, bench, drawn, lab, picture, running};

fn shown(state: State) -> Harness<'static, Bench> {
    bench(vec2(336.0, 1100.0), state, inspector::show)
}

fn select(mut state: State, items: &[Item]) -> State {
    state.selection = items.iter().cloned().collect();
    state
}

fn namespace(name: &str) -> Item {
    Item::Thing(Thing::Namespace(name.parse().expect("a name")))
}

fn place(text: &str) -> Place {
    text.parse().expect("a place")
}

fn type_into(harness: &mut Harness<'_, Bench>, label: &str, text: &str) {
    harness.get_by_label(label).focus();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.get_by_label(label).type_text(text);
    harness.run();
}

fn enter(harness: &mut Harness<'_, Bench>) {
    harness.key_press(egui::Key::Enter);
    harness.run();
}

#[test]
fn an_address_is_checked_while_it_is_typed() {
    let mut harness = shown(select(running("two-rooms-and-a-switch"), &[namespace("ns1")]));
    let field = "New address of ns1/veth-ns1";
    type_into(&mut harness, field, "10.10.0.9");
    picture(&mut harness, "inspector-namespace");
    enter(&mut harness);
    assert_eq!(harness.state().out, []);
    type_into(&mut harness, field, "10.10.0.9/24");
    enter(&mut harness);
    let change = InterfaceChange::AddAddress("10.10.0.9/24".parse().expect("an address"));
    assert_eq!(harness.state().out, [Command::Draw(Draw::Interface { at: place("ns1/veth-ns1"), change })]);
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let mut harness = shown(select(drawn("two-rooms-and-a-switch"), &[namespace("ns1")]));
    type_into(&mut harness, "Name", "ns2");
    enter(&mut harness);
    assert_eq!(harness.state().out, []);
    type_into(&mut harness, "Name", "red");
    enter(&mut harness);
    let (from, to) = ("ns1".parse().expect("a name"), "red".parse().expect("a name"));
    assert_eq!(harness.state().out, [Command::Draw(Draw::RenameNamespace { from, to })]);
}

#[test]
fn escape_gives_up_what_was_typed() {
    let mut harness = shown(select(drawn("two-rooms-and-a-switch"), &[namespace("ns1")]));
    type_into(&mut harness, "Name", "red");
    harness.key_press(egui::Key::Escape);
    harness.run();
    assert_eq!(harness.state().out, []);
    assert_eq!(harness.get_by_label("Name").value().as_deref(), Some("ns1"));
}

#[test]
fn a_route_is_added_by_a_form() {
    let mut harness = shown(select(drawn("two-rooms-and-a-switch"), &[namespace("ns1")]));
    harness.get_by_label("Add a route").click();
    harness.run();
    type_into(&mut harness, "Via", "10.10.0.254");
    picture(&mut harness, "inspector-route");
    harness.get_by_label("Add this route").click();
    harness.run();
    let [Command::Draw(Draw::Namespace { change: NamespaceChange::AddRoute(route), .. })] =
        harness.state().out.as_slice()
    else {
        panic!("{:?}", harness.state().out);
    };
    assert_eq!((route.to.to_string().as_str(), route.via), ("0.0.0.0/0", "10.10.0.254".parse().ok()));
}

#[test]
fn forwarding_is_a_switch() {
    let mut harness = shown(select(drawn("two-rooms-and-a-switch"), &[namespace("ns1")]));
    harness.get_by_label("Forwards IPv4").click();
    harness.run();
    harness.get_by_label("rp_filter: loose").click();
    harness.run();
    let sysctl = |sysctl, value| {
        let (name, change) = ("ns1".parse().expect("a name"), NamespaceChange::Sysctl(sysctl, Some(value)));
        Command::Draw(Draw::Namespace { name, change })
    };
    assert_eq!(harness.state().out, [sysctl(Sysctl::Ipv4Forward, 1), sysctl(Sysctl::RpFilter, 2)]);
}

#[test]
fn a_rule_is_made_and_moved() {
    let mut state = drawn("two-networks-and-a-router");
    let mut lab = lab("two-networks-and-a-router");
    let name: NamespaceName = lab.namespaces.keys().find(|name| !name.is_host()).expect("one").clone();
    let rule = |verdict, protocol| topology::FilterRule {
        hook: Hook::Forward,
        protocol,
        from: "10.0.0.0/24".parse().ok(),
        to: None,
        in_interface: None,
        out_interface: None,
        port: None,
        verdict,
    };
    let rules = vec![rule(Verdict::Drop, Some(Protocol::Icmp)), rule(Verdict::Accept, None)];
    lab.namespaces.get_mut(&name).expect("it").firewall =
        Firewall { rules: rules.clone(), ..Firewall::default() };
    state.draft = Draft::new(lab);
    let mut harness = shown(select(state, &[Item::Thing(Thing::Namespace(name.clone()))]));
    harness.get_by_label("Move rule 1 down").click();
    harness.run();
    let moved = Firewall { rules: vec![rules[1].clone(), rules[0].clone()], ..Firewall::default() };
    let change = NamespaceChange::Firewall(moved);
    assert_eq!(harness.state().out, [Command::Draw(Draw::Namespace { name, change })]);
    harness.get_by_label("Add a rule").click();
    harness.run();
    harness.get_by_label("Verdict: reject").click();
    harness.run();
    picture(&mut harness, "inspector-firewall");
    harness.get_by_label("Add this rule").click();
    harness.run();
    let last = harness.state().out.last();
    let Some(Command::Draw(Draw::Namespace { change: NamespaceChange::Firewall(next), .. })) = last else {
        panic!("{last:?}");
    };
    assert_eq!((next.rules.len(), next.rules[2].verdict), (3, Verdict::Reject));
}

#[test]
fn a_bridge_has_its_settings_and_forgets() {
    let at = place("host/br0");
    let mut harness =
        shown(select(running("two-rooms-and-a-switch"), &[Item::Thing(Thing::Bridge(at.clone()))]));
    harness.get_by_label("STP").click();
    harness.run();
    harness.get_by_label("Forget what it learned").click();
    harness.run();
    picture(&mut harness, "inspector-bridge");
    let settings = BridgeSettings { stp: true, ..BridgeSettings::default() };
    assert_eq!(
        harness.state().out,
        [
            Command::Draw(Draw::Bridge { at: at.clone(), settings }),
            Command::Act(Act::ForgetLearned([at].into())),
        ]
    );
}

#[test]
fn an_interface_a_cable_and_several_have_their_pages() {
    let state = drawn("two-rooms-and-a-switch");
    let cable = state.draft.lab().cables.first().expect("a cable").clone();
    let mut harness = shown(select(drawn("two-rooms-and-a-switch"), &[Item::Cable(cable.clone())]));
    picture(&mut harness, "inspector-cable");
    harness.get_by_label("Unplug it").click();
    harness.run();
    assert_eq!(harness.state().out, [Command::Draw(Draw::Remove([Item::Cable(cable)].into()))]);

    let at = place("host/veth-br1");
    let mut harness = shown(select(state, &[Item::Interface(at.clone())]));
    harness.get_by_label("Up").click();
    harness.run();
    picture(&mut harness, "inspector-interface");
    let change = InterfaceChange::Up(false);
    assert_eq!(harness.state().out, [Command::Draw(Draw::Interface { at, change })]);

    let both = [namespace("ns1"), namespace("ns2")];
    let mut harness = shown(select(running("two-rooms-and-a-switch"), &both));
    harness.get_by_label("Ping between them").click();
    harness.run();
    picture(&mut harness, "inspector-several");
    assert_eq!(harness.state().out, [Command::Ping]);
}

#[test]
fn the_lab_itself_and_its_problems() {
    let mut state = drawn("two-rooms-and-a-switch");
    let mut lab = lab("two-rooms-and-a-switch");
    lab.interface_mut(&place("ns1/veth-ns1")).expect("it").up = false;
    state.problems = check(&lab, &[]);
    state.draft = Draft::new(lab);
    let mut harness = shown(state);
    picture(&mut harness, "inspector-lab");
    harness.get_by_label("Set it up").click();
    harness.run();
    type_into(&mut harness, "Title", "Mine");
    enter(&mut harness);
    let change = InterfaceChange::Up(true);
    assert_eq!(
        harness.state().out,
        [
            Command::Draw(Draw::Interface { at: place("ns1/veth-ns1"), change }),
            Command::Draw(Draw::Lab(LabChange::Title("Mine".into()))),
        ]
    );
}

#[test]
fn a_probe_is_asked_for_from_a_namespace() {
    let mut harness = shown(select(running("two-rooms-and-a-switch"), &[namespace("ns1")]));
    harness.get_by_label("Traceroute…").click();
    harness.run();
    harness.get_by_label("Forget ARP").click();
    harness.run();
    let name: NamespaceName = "ns1".parse().expect("a name");
    assert_eq!(
        harness.state().out,
        [
            Command::View(View::Dialog(Some(Dialog::Probe { from: Some(name.clone()), to: None }))),
            Command::Act(Act::ForgetNeighbours([name].into())),
        ]
    );
}

/// A little of everything.
fn tables() -> Tables {
    let neighbour = |address: &str, mac: Option<&str>, state| NeighbourEntry {
        interface: "veth-ns1".parse().expect("a name"),
        address: address.parse().expect("an address"),
        mac: mac.map(|mac| mac.parse().expect("a MAC")),
        state,
    };
    let neighbours = [
        neighbour("10.10.0.2", Some("02:42:ac:11:00:02"), NeighbourState::Reachable),
        neighbour("10.10.0.77", None, NeighbourState::Failed),
        neighbour("fe80::42:acff:fe11:2", Some("02:42:ac:11:00:02"), NeighbourState::Stale),
    ];
    let forwarded = |kind, last, port: &str, vlan| ForwardingEntry {
        kind,
        mac: topology::MacAddress([0x02, 0x42, 0xac, 0x11, 0x01, last]),
        vlan,
        port: port.parse().expect("a name"),
    };
    let forwarding =
        Listed::of((0..u8::MAX).map(|last| forwarded(ForwardingKind::Permanent, last, "br0", None)).chain([
            forwarded(ForwardingKind::Learned, 7, "veth-br1", None),
            forwarded(ForwardingKind::Learned, 8, "veth-br2", Some(10)),
            forwarded(ForwardingKind::Static, 9, "veth-br2", Some(10)),
        ]));
    Tables {
        neighbours: Listed::of(neighbours),
        forwarding: [("br0".parse().expect("a name"), forwarding)].into(),
    }
}

const NOW: &str = "IN THE KERNEL NOW";

#[test]
fn what_the_kernel_has_learned_is_shown_while_it_runs() {
    let at = |item: Item, tables: Option<Tables>| {
        let mut state = running("two-rooms-and-a-switch");
        let names = ["ns1", "host"].map(|name| name.parse::<NamespaceName>().expect("a name"));
        state.sights.tables = names.into_iter().filter_map(|name| Some((name, tables.clone()?))).collect();
        shown(select(state, &[item]))
    };
    let mut harness = at(namespace("ns1"), Some(tables()));
    for words in [NOW, "10.10.0.2", "reachable", "10.10.0.77", "failed", "no MAC", "stale"] {
        assert!(harness.query_all_by_label(words).next().is_some(), "{words}");
    }
    picture(&mut harness, "inspector-kernel-neighbours");
    let bridge = Item::Thing(Thing::Bridge(place("host/br0")));
    let mut harness = at(bridge.clone(), Some(tables()));
    let rest = format!("and {} more", usize::from(u8::MAX) + 3 - MOST_TOLD);
    for words in [NOW, "02:42:ac:11:01:08", "VLAN 10", "learned", "static", &rest] {
        assert!(harness.query_all_by_label(words).next().is_some(), "{words}");
    }
    picture(&mut harness, "inspector-kernel-forwarding");
    for item in [namespace("ns1"), bridge] {
        let mut harness = at(item, None);
        assert!(harness.query_by_label(NOW).is_some());
        assert!(harness.query_by_label_contains("Nothing is learned yet").is_some());
        picture(&mut harness, "inspector-kernel-nothing");
    }
}

#[test]
fn without_a_kernel_nothing_is_said_of_it() {
    let mut stopped = drawn("two-rooms-and-a-switch");
    let mut replayed = running("two-rooms-and-a-switch");
    replayed.source = Source::Recording { path: "seen.pcapng".into() };
    for state in [&mut stopped, &mut replayed] {
        state.sights.tables = [("ns1".parse().expect("a name"), tables())].into();
    }
    let mut elsewhere = running("two-rooms-and-a-switch");
    elsewhere.live = Live::On { observed: Default::default(), taps: 0, changing: true };
    for state in [stopped, replayed, elsewhere] {
        let harness = shown(select(state, &[namespace("ns1")]));
        assert!(harness.query_by_label(NOW).is_none());
    }
}

#[test]
fn a_replay_is_only_looked_at() {
    let mut state = drawn("two-rooms-and-a-switch");
    state.source = Source::Recording { path: "seen.pcapng".into() };
    let mut harness = shown(state);
    harness.get_by_label("Draw on with this lab").click();
    harness.run();
    assert_eq!(harness.state().out, [Command::File(File::EditRecordedLab)]);
    assert!(harness.get_by_label("Title").accesskit_node().is_disabled());
}
