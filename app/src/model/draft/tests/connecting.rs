//! Cables, with what is proposed along with them.

use super::*;

#[test]
fn two_rooms_and_a_cable_and_another() {
    let mut draft = Draft::default();
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    connect(&mut draft, "red", "blue");
    assert_eq!(interfaces(draft.lab()), ["blue/veth-blue 10.10.0.2/24", "red/veth-red 10.10.0.1/24"]);
    connect(&mut draft, "red", "blue");
    let second = ["blue/blue-red 10.10.1.2/24", "red/red-blue 10.10.1.1/24"];
    assert!(second.iter().all(|line| interfaces(draft.lab()).contains(&(*line).to_owned())));
    assert_eq!(draft.lab().cables.len(), 2);
    assert_eq!(draft.undo_words(), Some("Plug a cable between red and blue"));
}

#[test]
fn two_switches_have_no_addresses() {
    let mut draft = Draft::default();
    drawn(&mut draft, Draw::AddBridge { at: HERE });
    drawn(&mut draft, Draw::AddBridge { at: HERE });
    connect(&mut draft, "host/br0", "host/br1");
    assert_eq!(interfaces(draft.lab()), ["host/br0", "host/br0-br1", "host/br1", "host/br1-br0"]);
    let port = draft.lab().interface(&place("host/br0-br1")).expect("it").bridge.clone();
    assert_eq!(port.expect("a port").as_str(), "br0");
}

#[test]
fn a_router_gives_its_networks_a_way_out() {
    let mut draft = Draft::default();
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    drawn(&mut draft, Draw::AddRouter { at: HERE });
    connect(&mut draft, "red", "r1");
    connect(&mut draft, "r1", "blue");
    assert_eq!(routes(draft.lab(), "red"), ["0.0.0.0/0 via 10.10.0.2 dev veth-red"]);
    assert_eq!(routes(draft.lab(), "blue"), ["0.0.0.0/0 via 10.10.1.1 dev veth-blue"]);
    assert_eq!(routes(draft.lab(), "r1"), Vec::<String>::new());
}

#[test]
fn who_waits_at_a_switch_gets_the_router_that_is_plugged_in_last() {
    let mut draft = Draft::default();
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    drawn(&mut draft, Draw::AddBridge { at: Position { x: HERE.x, y: 2_000 } });
    connect(&mut draft, "red", "host/br0");
    drawn(&mut draft, Draw::AddRouter { at: HERE });
    connect(&mut draft, "r1", "host/br0");
    assert_eq!(routes(draft.lab(), "red"), ["0.0.0.0/0 via 10.10.0.2 dev veth-red"]);
    assert_eq!(routes(draft.lab(), "host"), Vec::<String>::new());
    // Its own way out is its own.
    drawn(&mut draft, Draw::AddRouter { at: HERE });
    connect(&mut draft, "r2", "host/br0");
    assert_eq!(routes(draft.lab(), "red"), ["0.0.0.0/0 via 10.10.0.2 dev veth-red"]);
}

#[test]
fn into_the_hosts_bridge_that_has_an_address() {
    let text =
        "hopscope = 1\n[namespaces.red]\n[namespaces.host.bridges.br0]\naddresses = [\"192.168.7.1/28\"]\n";
    let mut draft = Draft::new(lab(text));
    connect(&mut draft, "host/br0", "red");
    assert_eq!(
        interfaces(draft.lab()),
        ["host/br0 192.168.7.1/28", "host/veth-br-red", "red/veth-red 192.168.7.2/28"]
    );
    assert_eq!(routes(draft.lab(), "red"), Vec::<String>::new(), "the host does not forward");
}

#[test]
fn where_all_speak_ipv6_a_new_room_does_so_too() {
    let text = r#"hopscope = 1
        [namespaces.a]
        ipv6_forward = true
        [namespaces.a.interfaces.eth0]
        addresses = ["fd00::1/64"]
        [namespaces.b.interfaces.eth0]
        addresses = ["fd00::2/64"]
        [namespaces.c]
        [[cables]]
        ends = ["a/eth0", "b/eth0"]
    "#;
    let mut draft = Draft::new(lab(text));
    connect(&mut draft, "c", "a");
    assert_eq!(
        draft.lab().interface(&place("c/veth-c")).expect("it").addresses,
        [net("fd00:0:0:1::1/64")].into()
    );
    assert_eq!(routes(draft.lab(), "c"), ["::/0 via fd00:0:0:1::2 dev veth-c"]);
}

#[test]
fn what_cannot_be_connected_says_why() {
    let mut draft = Draft::new(ready_lab("two-rooms-and-a-switch"));
    for (from, to) in
        [("ns1", "ns1"), ("ns1", "nobody"), ("nobody", "ns1"), ("ns1", "host/veth-br1"), ("ns1", "host/x")]
    {
        let draw = Draw::Connect { from: thing(from), to: thing(to) };
        let why = draft.draw(&draw, &BTreeSet::new()).expect_err("nonsense");
        assert!(!why.is_empty());
    }
    assert!(draft.undo_words().is_none());
    connect(&mut draft, "host", "ns1");
}
