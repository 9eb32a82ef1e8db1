//! Rewriting: what a person wrote, a change to the lab, and what must come out.

use super::*;
use crate::{Cable, Place, Position};

pub(super) const SWITCH: &str = r#"hopscope = 1
title = "Two rooms and a switch"
about = "Two namespaces, each with a cable to the same bridge on the host, which learns who lives behind which port."
try = "Ping ns2 from ns1 twice: the first time br0 floods the question, the second time it knows the way."
pings = [["ns1", "ns2"], ["ns2", "ns1"]]

[namespaces.host]
position = [300, 320]

[namespaces.host.bridges.br0]
ports = ["veth-br1", "veth-br2"]
position = [355, 420]

[namespaces.ns1]
position = [50, 80]

[namespaces.ns1.interfaces.veth-ns1]
addresses = ["10.10.0.1/24"]

[namespaces.ns2]
position = [720, 80]

[namespaces.ns2.interfaces.veth-ns2]
addresses = ["10.10.0.2/24"]

[[cables]]
ends = ["host/veth-br1", "ns1/veth-ns1"]

[[cables]]
ends = ["host/veth-br2", "ns2/veth-ns2"]
"#;

const WRITTEN: &str = r#"# My first lab
hopscope = 1   # keep this
try = 'Ping.'

# The blue room, where it all begins.
[namespaces.blue]
position = [ 10, 20 ]  # upper left
routes = [
    # the way out
    { via = "10.0.0.254", to = "0.0.0.0/0" },
    { to = "10.9.0.0/16", via = "10.0.0.253" }, # and the other
]
[namespaces.blue.interfaces.eth0]
up = true   # it goes without saying
addresses = ["10.0.0.1/24"]

[namespaces.red]
interfaces = { e = { addresses = ["10.0.0.2/24"] } } # all in one line

# the only cable
[[cables]]
ends = ["red/e", "blue/eth0"]
"#;

fn place(text: &str) -> Place {
    text.parse().expect("a sample's place")
}

#[track_caller]
fn rewritten(change: impl FnOnce(&mut Lab), changes: &[(&str, &str)]) {
    let mut lab = parse(WRITTEN).unwrap_or_else(|error| panic!("{error}"));
    change(&mut lab);
    let expected = changes.iter().fold(WRITTEN.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the sample lacks {from:?}");
        text.replacen(from, to, 1)
    });
    let text = rewrite(WRITTEN, &lab);
    assert_eq!(text, expected, "got:\n{text}");
    assert_eq!(parse(&text), Ok(lab));
}

#[test]
fn nothing_changed_nothing_changes() {
    rewritten(|_| (), &[]);
}

#[test]
fn a_moved_room_changes_its_position_only() {
    let blue = "blue".parse().expect("a name");
    rewritten(
        |lab| lab.namespaces.get_mut(&blue).expect("blue").position = Some(Position { x: 30, y: 40 }),
        &[("[ 10, 20 ]", "[ 30, 40 ]")],
    );
}

#[test]
fn a_new_title_and_a_changed_text() {
    rewritten(
        |lab| {
            lab.title = "Mine".into();
            lab.try_this = "Ping twice.".into();
        },
        &[("try = 'Ping.'\n", "try = \"Ping twice.\"\ntitle = \"Mine\"\n")],
    );
}

#[test]
fn an_address_more_in_a_list() {
    rewritten(
        |lab| {
            let interface = lab.interface_mut(&place("red/e")).expect("red's end");
            interface.addresses.insert("10.0.0.1/8".parse().expect("an address"));
        },
        &[("[\"10.0.0.2/24\"]", "[\"10.0.0.2/24\", \"10.0.0.1/8\"]")],
    );
}

#[test]
fn a_route_less_keeps_the_comments_of_the_other() {
    let blue = "blue".parse().expect("a name");
    rewritten(
        |lab| {
            let routes = &mut lab.namespaces.get_mut(&blue).expect("blue").routes;
            routes.retain(|route| route.to.prefix_len() == 0);
        },
        &[("    { to = \"10.9.0.0/16\", via = \"10.0.0.253\" }, # and the other\n", "")],
    );
}

#[test]
fn a_room_and_a_cable_more() {
    rewritten(
        |lab| {
            let green = "green".parse().expect("a name");
            lab.namespaces.insert(green, crate::Namespace::default());
            for at in ["green/e", "red/f"].map(place) {
                let end = crate::Interface::new(crate::InterfaceKind::VethEnd);
                let namespace = lab.namespaces.get_mut(&at.namespace).expect("a room");
                namespace.interfaces.insert(at.interface, end);
            }
            lab.cables.insert(Cable::new(place("green/e"), place("red/f")));
        },
        &[
            ("# the only cable\n", "[namespaces.green]\n\n# the only cable\n"),
            ("\"blue/eth0\"]\n", "\"blue/eth0\"]\n\n[[cables]]\nends = [\"green/e\", \"red/f\"]\n"),
        ],
    );
}

#[test]
fn a_room_less() {
    rewritten(
        |lab| {
            lab.namespaces.remove(&"red".parse().expect("a name"));
            lab.namespaces.get_mut(&"blue".parse().expect("a name")).expect("blue").interfaces.clear();
            lab.cables.clear();
        },
        &[
            (
                "[namespaces.blue.interfaces.eth0]\nup = true   # it goes without saying\naddresses = [\"10.0.0.1/24\"]\n\n",
                "",
            ),
            (
                "[namespaces.red]\ninterfaces = { e = { addresses = [\"10.0.0.2/24\"] } } # all in one line\n\n",
                "",
            ),
            ("# the only cable\n[[cables]]\nends = [\"red/e\", \"blue/eth0\"]\n", ""),
        ],
    );
}

#[test]
fn what_is_no_lab_file_is_replaced() {
    let lab = parse(WRITTEN).expect("a lab");
    assert_eq!(rewrite("what is this?", &lab), write(&lab));
    assert_eq!(rewrite("", &lab), write(&lab));
}
