//! Loops, domains, paths and reach of small labs.

use std::collections::BTreeSet;

use super::Shape;
use crate::{Lab, NamespaceName, Place, Thing, file, ready};

fn shape(text: &str) -> Shape {
    Shape::of(&file::parse(text).expect("a sound lab file"))
}

fn ready_lab(name: &str) -> Lab {
    ready::find(name).expect("a ready lab").lab()
}

fn places(texts: &[&str]) -> BTreeSet<Place> {
    texts.iter().map(|text| text.parse().expect("a place")).collect()
}

fn name(text: &str) -> NamespaceName {
    text.parse().expect("a name")
}

#[test]
fn a_ring_of_bridges_is_one_loop_and_a_tree_is_none() {
    let ring = Shape::of(&ready_lab("ring-with-stp")).bridge_loops();
    let [only] = ring.as_slice() else { panic!("one loop, not {ring:?}") };
    assert_eq!(
        only.bridges.iter().cloned().collect::<BTreeSet<_>>(),
        places(&["host/br1", "host/br2", "host/br3"])
    );
    assert_eq!(only.cables.len(), 3);
    for tree in ["two-rooms-and-a-switch", "four-rooms-and-the-host", "two-networks-and-a-router"] {
        assert_eq!(Shape::of(&ready_lab(tree)).bridge_loops(), [], "{tree}");
    }
}

#[test]
fn two_cables_between_two_bridges_and_a_cable_within_one_are_loops() {
    let text = r#"hopscope = 1
        [namespaces.host.bridges.a]
        ports = ["a1", "a2", "a3", "a4"]
        [namespaces.host.bridges.b]
        ports = ["b1", "b2"]
        [[cables]]
        ends = ["host/a1", "host/b1"]
        [[cables]]
        ends = ["host/a2", "host/b2"]
        [[cables]]
        ends = ["host/a3", "host/a4"]"#;
    let lengths: Vec<usize> = shape(text).bridge_loops().iter().map(|found| found.bridges.len()).collect();
    assert_eq!(lengths.iter().sum::<usize>(), 3, "one loop of two and one of one, not {lengths:?}");
}

#[test]
fn a_router_parts_broadcast_domains() {
    let shape = Shape::of(&ready_lab("two-networks-and-a-router"));
    let left = "left/veth-left".parse().expect("a place");
    let domain = shape.broadcast_domain(&left).expect("left is somewhere");
    let expected =
        places(&["host/br1", "host/veth-br1-left", "host/veth-br1-r", "left/veth-left", "router/veth-r1"]);
    assert_eq!(domain, &expected);
    assert_eq!(shape.on_link(&left), places(&["router/veth-r1"]));
}

#[test]
fn the_shortest_path_goes_through_each_thing_on_the_way() {
    let shape = Shape::of(&ready_lab("two-networks-and-a-router"));
    let path = shape.path(&name("left"), &name("right")).expect("they hang together");
    let bridge = |at: &str| Thing::Bridge(at.parse().expect("a place"));
    let room = |at: &str| Thing::Namespace(name(at));
    let through_router =
        [room("left"), bridge("host/br1"), room("router"), bridge("host/br2"), room("right")];
    let through_host = [room("left"), bridge("host/br1"), room("host"), bridge("host/br2"), room("right")];
    assert!(path == through_router || path == through_host, "{path:?}");
    assert_eq!(shape.path(&name("left"), &name("nowhere")), None);
}

#[test]
fn what_no_cable_joins_is_a_component_of_its_own() {
    let shape = shape("hopscope = 1\n[namespaces.a]\n[namespaces.b]\n[[cables]]\nends = [\"a/x\", \"a/y\"]");
    let components = shape.components();
    assert!(
        components.iter().any(|found| found == &BTreeSet::from([Thing::Namespace(name("b"))])),
        "{components:?}"
    );
}
