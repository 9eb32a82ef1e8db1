//! Labs of many shapes, arranged and looked at with a ruler.

use std::fmt::Write as _;

use emath::Rect;
use topology::{
    BridgeSettings, Cable, Interface, InterfaceKind, Lab, Namespace, NamespaceName, Place, Position, ready,
};

use super::*;
use crate::model::stage::layout::{Layout, Lines};

mod labs;
mod missing;

use labs::{line, lonely, ring, star, stripped, tree, two_networks};

/// Rooms and houses.
fn boxes(layout: &Layout) -> Vec<(String, Rect)> {
    layout.rooms.iter().map(|(name, room)| (name.to_string(), room.rect)).collect()
}

fn distance(a: Rect, b: Rect) -> f32 {
    let x = (b.left() - a.right()).max(a.left() - b.right());
    let y = (b.top() - a.bottom()).max(a.top() - b.bottom());
    x.max(y)
}

/// What is wrong with an arranged lab.
fn faults(lab: &Lab, least: f32) -> Vec<String> {
    let mut faults = Vec::new();
    for lines in [Lines::default(), Measured::of(lab).lines] {
        let layout = Layout::of(lab, &lines);
        let boxes = boxes(&layout);
        for (i, (one, a)) in boxes.iter().enumerate() {
            let near = boxes[i + 1..].iter().filter(|(_, b)| distance(*a, *b) < least);
            faults.extend(near.map(|(other, b)| format!("{one} and {other} are {} apart", distance(*a, *b))));
        }
        let inside: Vec<(&Place, Rect)> =
            layout.switches.iter().flat_map(|(at, plan)| [(at, plan.rect), (at, plan.learned)]).collect();
        for (i, (one, a)) in inside.iter().enumerate() {
            let near = inside[i + 1..]
                .iter()
                .filter(|(other, b)| one != other && distance(*a, *b) < least.min(16.0));
            faults
                .extend(near.map(|(other, _)| format!("switches {one} and {other} are in each other's way")));
        }
        for name in layout.rooms.keys() {
            if lab.namespaces[name].position.is_none() {
                faults.push(format!("{name} has no position"));
            }
        }
        for at in layout.switches.keys() {
            if lab.interface(at).and_then(|found| found.position).is_none() {
                faults.push(format!("{at} has no position"));
            }
        }
    }
    faults
}

fn all_labs() -> Vec<(String, Lab)> {
    let mut labs: Vec<(String, Lab)> =
        ready::LABS.iter().map(|ready| (ready.name.to_owned(), stripped(&ready.lab()))).collect();
    labs.extend([8, 24, 100].map(|count| (format!("star of {count}"), star(count))));
    labs.extend([2, 3, 5, 6].map(|count| (format!("star of {count}"), star(count))));
    labs.push(("ring of 3".into(), ring(3)));
    labs.push(("ring of 4".into(), ring(4)));
    labs.push(("line of 5".into(), line(5)));
    labs.push(("tree of 3".into(), tree(2)));
    labs.push(("tree of 5".into(), tree(4)));
    labs.push(("two networks".into(), two_networks()));
    labs.push(("12 lonely".into(), lonely(12)));
    labs
}

#[test]
fn nothing_is_in_the_way_of_anything() {
    let mut all = String::new();
    for (name, lab) in all_labs() {
        let found = faults(&arrange(&lab), 48.0);
        if !found.is_empty() {
            writeln!(all, "{name}: {found:#?}").expect("a string takes everything");
        }
    }
    assert!(all.is_empty(), "{all}");
}

fn corner(lab: &Lab, name: &str) -> Position {
    let name: NamespaceName = name.parse().expect("a good name");
    lab.namespaces[&name].position.expect("everything has a position")
}

fn bridge_corner(lab: &Lab, name: &str) -> Position {
    let at: Place = format!("host/{name}").parse().expect("a good place");
    lab.interface(&at).expect("there is one").position.expect("everything has a position")
}

/// The x of these rooms, if they are in one row.
fn in_a_row(lab: &Lab, names: &[&str]) -> Vec<i32> {
    let corners: Vec<Position> = names.iter().map(|name| corner(lab, name)).collect();
    assert!(corners.iter().all(|at| at.y == corners[0].y), "{names:?} at {corners:?}");
    assert!(corners.is_sorted_by_key(|at| at.x), "{names:?} at {corners:?}");
    corners.iter().map(|at| at.x).collect()
}

#[test]
fn a_switch_has_its_rooms_above_and_many_on_both_sides() {
    let lab = arrange(&star(3));
    in_a_row(&lab, &["ns1", "ns2", "ns3"]);
    assert_eq!((corner(&lab, "ns1").x, corner(&lab, "ns1").y), (48, 64));
    assert!(corner(&lab, "ns1").y + 206 + 150 <= bridge_corner(&lab, "br0").y);
    let lab = arrange(&star(8));
    in_a_row(&lab, &["ns1", "ns2", "ns3", "ns4"]);
    in_a_row(&lab, &["ns5", "ns6", "ns7", "ns8"]);
    let middle = bridge_corner(&lab, "br0").y;
    assert!(corner(&lab, "ns1").y < middle && middle < corner(&lab, "ns5").y);
}

#[test]
fn a_router_stands_between_its_networks() {
    let lab = arrange(&two_networks());
    in_a_row(&lab, &["a", "b", "router", "c", "d"]);
    let (left, right) = (bridge_corner(&lab, "left"), bridge_corner(&lab, "right"));
    assert_eq!(left.y, right.y);
    assert!(left.x < corner(&lab, "router").x && corner(&lab, "router").x < right.x);
}

#[test]
fn bridges_stand_in_lines_rings_and_trees() {
    let lab = arrange(&line(5));
    in_a_row(&lab, &["ns1", "ns2", "ns3", "ns4", "ns5"]);
    let corners = [1, 2, 3, 4, 5].map(|i| bridge_corner(&lab, &format!("br{i}")));
    assert!(corners.is_sorted_by_key(|at| at.x) && corners.iter().all(|at| at.y == corners[0].y));

    let lab = arrange(&ring(4));
    let [one, two, three, four] = [1, 2, 3, 4].map(|i| bridge_corner(&lab, &format!("br{i}")));
    assert!(one.y == two.y && three.y == four.y && one.y < four.y, "{one:?} {two:?} {three:?} {four:?}");
    assert!(one.x == four.x && two.x == three.x && one.x < two.x, "{one:?} {two:?} {three:?} {four:?}");

    let lab = arrange(&tree(4));
    let root = bridge_corner(&lab, "root");
    let leaves = [1, 2, 3, 4].map(|i| bridge_corner(&lab, &format!("leaf{i}")));
    assert!(leaves.iter().all(|at| at.y == leaves[0].y && at.y < root.y), "{root:?} {leaves:?}");
    assert!(leaves[1].x < root.x && root.x < leaves[2].x, "{root:?} {leaves:?}");
}

#[test]
fn a_cable_joins_rooms_side_by_side() {
    let ready = ready::find("two-rooms-and-a-cable").expect("a ready lab").lab();
    let lab = arrange(&ready);
    let names: Vec<&str> =
        ready.namespaces.keys().map(NamespaceName::as_str).filter(|name| *name != "host").collect();
    let xs = in_a_row(&lab, &names);
    assert!(xs[0] + 232 + 150 <= xs[1], "{xs:?}");
}

#[test]
fn the_same_lab_is_always_arranged_alike_on_the_grid() {
    for (name, lab) in all_labs() {
        let arranged = arrange(&lab);
        assert_eq!(arranged, arrange(&arranged), "{name}: what was there before plays no part");
        assert_eq!(stripped(&arranged), lab, "{name}: nothing but positions changes");
        let positions = arranged.namespaces.values().filter_map(|found| found.position);
        assert!(
            positions.into_iter().all(|at| at.x % 8 == 0 && at.y % 8 == 0 && 40 <= at.x && 56 <= at.y),
            "{name}"
        );
    }
    assert_eq!(arrange(&Lab::default()), Lab::default());
}
