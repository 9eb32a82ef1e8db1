//! Every ready lab and big ones, laid out and looked at with a ruler.

use std::fmt::Write as _;

use topology::{Interface, InterfaceKind, Namespace, Position, ready};

use super::{
    labels::{label_rect, plug_rect},
    near::{crosses, overlap},
    *,
};

/// Everything that can be wrong with a layout, in words.
fn faults(lab: &Lab, layout: &Layout) -> Vec<String> {
    let mut faults = Vec::new();
    let mut solid: Vec<(String, Rect)> = Vec::new();
    for (name, room) in &layout.rooms {
        if !room.is_house {
            solid.push((format!("room {name}"), room.rect));
        }
        for part in [room.addresses, room.neighbours, room.routes] {
            if part.is_positive() && !room.rect.contains_rect(part) {
                faults.push(format!("a table of {name} sticks out"));
            }
        }
        if room.is_house && room.addresses.is_positive() {
            solid.push((
                format!("tables of {name}"),
                room.addresses.union(room.neighbours).union(room.routes),
            ));
        }
    }
    for (at, switch) in &layout.switches {
        solid.push((format!("switch {at}"), switch.rect));
        solid.push((format!("learned by {at}"), switch.learned));
        let house = layout.rooms[&at.namespace].rect;
        if !house.contains_rect(switch.rect) || !house.contains_rect(switch.learned) {
            faults.push(format!("{at} is not in its house"));
        }
    }
    for (i, (one, a)) in solid.iter().enumerate() {
        faults.extend(
            solid[i + 1..]
                .iter()
                .filter(|(_, b)| overlap(*a, *b))
                .map(|(other, _)| format!("{one} covers {other}")),
        );
    }
    for (name, house) in layout.rooms.iter().filter(|(_, room)| room.is_house) {
        let rooms = layout.rooms.iter().filter(|(other, _)| *other != name);
        let covered = rooms.filter(|(_, other)| overlap(other.rect, house.rect));
        faults.extend(covered.map(|(other, _)| format!("house {name} covers {other}")));
    }
    labels_are_free(layout, &solid, &mut faults);
    cables_are_free(lab, layout, &solid, &mut faults);
    faults
}

fn labels_are_free(layout: &Layout, solid: &[(String, Rect)], faults: &mut Vec<String>) {
    let labels: Vec<(&Place, Rect)> = layout
        .sockets
        .iter()
        .filter(|(_, socket)| socket.is_labelled)
        .map(|(at, socket)| (at, label_rect(at, socket)))
        .collect();
    for (i, (at, label)) in labels.iter().enumerate() {
        let covered = solid.iter().filter(|(_, rect)| overlap(*rect, *label));
        faults.extend(covered.map(|(what, _)| format!("the name of {at} covers {what}")));
        let others = labels[i + 1..].iter().filter(|(_, other)| overlap(*other, *label));
        faults.extend(others.map(|(other, _)| format!("the names of {at} and {other} overlap")));
        for (cable, curve) in &layout.cables {
            if curve.flatten(0.5).windows(2).any(|line| crosses(*label, line[0], line[1])) {
                faults.push(format!("the name of {at} is on the cable of {}", cable.ends()[0]));
            }
        }
    }
}

fn cables_are_free(lab: &Lab, layout: &Layout, solid: &[(String, Rect)], faults: &mut Vec<String>) {
    for (cable, curve) in &layout.cables {
        let ends = cable.ends();
        assert_eq!(curve.start(), layout.sockets[&ends[0]].at);
        assert!(curve.end().distance(layout.sockets[&ends[1]].at) < 0.01);
        let points = curve.flatten(0.5);
        for (what, rect) in solid {
            // A port is inside of its switch: that bit is measured apart from the rest.
            let own = |end: &Place| {
                let bridge = lab.interface(end).and_then(|found| found.bridge.clone());
                bridge.is_some_and(|bridge| *what == format!("switch {}/{bridge}", end.namespace))
            };
            let near_port = |point: Pos2| {
                ends.iter().any(|end| {
                    let socket = &layout.sockets[end];
                    let away = point - socket.at;
                    own(end) && away.x.abs() < 17.0 && -1.0 < away.dot(socket.outward)
                })
            };
            let through = points.windows(2).any(|line| {
                crosses(rect.shrink(0.6), line[0], line[1]) && !(near_port(line[0]) && near_port(line[1]))
            });
            if through {
                faults.push(format!("the cable {} – {} runs through {what}", ends[0], ends[1]));
            }
        }
    }
}

fn cable_crossings(layout: &Layout) -> usize {
    let lines: Vec<Vec<Pos2>> = layout.cables.values().map(|curve| curve.flatten(1.0)).collect();
    (0..lines.len())
        .map(|i| lines[i + 1..].iter().map(|other| edges::cuts(&lines[i], other)).sum::<usize>())
        .sum()
}

fn sockets_are_on_edges(lab: &Lab, layout: &Layout) {
    for (at, socket) in &layout.sockets {
        assert_eq!(socket.outward.length(), 1.0, "{at}");
        let is_port = lab.interface(at).is_some_and(|found| found.bridge.is_some());
        if is_port {
            continue;
        }
        let rect = layout.rooms[&at.namespace].rect;
        assert!(
            rect.distance_to_pos(socket.at) < 1.0 && !rect.shrink(1.0).contains(socket.at),
            "{at} at {:?}",
            socket.at
        );
        assert!(!rect.contains(socket.at + socket.outward * 4.0), "{at} looks outside");
        assert!(overlap(plug_rect(socket.at, socket.outward), rect), "{at} is plugged in");
    }
}

/// `count` rooms around one switch; in rows above and below it, or nowhere in particular.
pub(crate) fn star(count: usize, is_placed: bool) -> Lab {
    let mut lab = Lab::default();
    let host: NamespaceName = NamespaceName::host();
    let bridge: Place = "host/br0".parse().expect("a good place");
    let mut switch = Interface::new(InterfaceKind::Bridge(topology::BridgeSettings::default()));
    let columns = 10;
    let place = |x: usize, y: usize| Some(Position { x: x as i32 * 304, y: y as i32 * 296 });
    if is_placed {
        switch.position = Some(Position { x: 60, y: (count / columns / 2) as i32 * 296 + 120 });
    }
    lab.namespaces.entry(host.clone()).or_default().interfaces.insert(bridge.interface.clone(), switch);
    for i in 0..count {
        let (name, end, port) = (format!("ns{i}"), format!("ns{i}/veth{i}"), format!("host/veth-br{i}"));
        let name: NamespaceName = name.parse().expect("a good name");
        let (end, port): (Place, Place) = (end.parse().expect("a place"), port.parse().expect("a place"));
        let mut veth = Interface::new(InterfaceKind::VethEnd);
        veth.addresses.insert(format!("10.10.{}.{}/16", i / 250, i % 250 + 1).parse().expect("an address"));
        let mut room = Namespace::default();
        let row = i / columns;
        let below = 2 * usize::from(count / columns / 2 <= row);
        room.position = is_placed.then(|| place(i % columns, row + below)).flatten();
        room.interfaces.insert(end.interface.clone(), veth);
        lab.namespaces.insert(name, room);
        let mut veth = Interface::new(InterfaceKind::VethEnd);
        veth.bridge = Some(bridge.interface.clone());
        let ports = &mut lab.namespaces.entry(host.clone()).or_default().interfaces;
        ports.insert(port.interface.clone(), veth);
        lab.cables.insert(Cable::new(end, port));
    }
    lab
}

#[test]
fn ready_labs_are_laid_out_without_a_fault() {
    let mut all = String::new();
    for ready in ready::LABS {
        let lab = ready.lab();
        let most = |_: &NamespaceName| 2;
        for (least, lines) in [("least", Lines::default()), ("most", Lines::counted(&lab, &most, &|_| 4))] {
            let layout = Layout::of(&lab, &lines);
            sockets_are_on_edges(&lab, &layout);
            let found = faults(&lab, &layout);
            let crossings = cable_crossings(&layout);
            let nameless = layout.sockets.iter().filter(|(_, socket)| !socket.is_labelled);
            // Between four ports with long names one may find no free place.
            let nameless: Vec<String> = nameless.map(|(at, _)| at.to_string()).collect();
            if !found.is_empty() || crossings > 0 || 1 < nameless.len() {
                writeln!(
                    all,
                    "{} ({least}): {crossings} crossings, {nameless:?} without a name, {found:#?}",
                    ready.name
                )
                .expect("a string takes everything");
            }
        }
    }
    assert!(all.is_empty(), "{all}");
}

#[test]
fn rooms_stay_where_they_were_put() {
    for ready in ready::LABS {
        let lab = ready.lab();
        let layout = Layout::of(&lab, &Lines::counted(&lab, &|_| 4, &|_| 6));
        for (name, namespace) in &lab.namespaces {
            let Some(position) = namespace.position else { continue };
            let at = pos2(position.x as f32, position.y as f32);
            let rect = layout.rooms[name].rect;
            if !layout.rooms[name].is_house {
                assert_eq!(rect.min, at, "{name}");
            }
            assert!(rect.contains(at), "{name}");
        }
    }
}

#[test]
fn a_star_of_100_is_laid_out_without_a_fault() {
    for is_placed in [true, false] {
        let lab = star(100, is_placed);
        let layout = Layout::of(&lab, &Lines::default());
        sockets_are_on_edges(&lab, &layout);
        let found = faults(&lab, &layout);
        assert!(found.is_empty(), "placed: {is_placed}: {} faults: {found:#?}", found.len());
        assert_eq!(layout.rooms.len(), 101);
        assert_eq!(layout.cables.len(), 100);
    }
}

#[test]
fn it_is_always_the_same() {
    for lab in [star(40, false), ready::LABS[6].lab()] {
        assert_eq!(Layout::of(&lab, &Lines::default()), Layout::of(&lab.clone(), &Lines::default()));
    }
}

#[test]
fn an_empty_lab_is_nothing_and_a_lonely_host_is_not_drawn() {
    let mut lab = Lab::default();
    assert_eq!(Layout::of(&lab, &Lines::default()), Layout::default());
    lab.namespaces.entry(NamespaceName::host()).or_default();
    assert_eq!(Layout::of(&lab, &Lines::default()).rooms.len(), 0);
}

#[test]
fn a_peer_that_is_missing_leaves_a_socket() {
    let mut lab = ready::LABS[0].lab();
    lab.cables.clear();
    let layout = Layout::of(&lab, &Lines::default());
    assert_eq!(layout.cables.len(), 0);
    let names: Vec<String> = layout.sockets.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["host/veth-br1", "host/veth-br2", "ns1/veth-ns1", "ns2/veth-ns2"]);
    sockets_are_on_edges(&lab, &layout);
}

#[test]
fn cables_of_a_long_switch_come_through_many_aisles() {
    let lab = crate::model::draft::arrange::place_missing(&star(100, false));
    let layout = Layout::of(&lab, &Lines::default());
    let switch = layout.switches.values().next().expect("there is one").rect;
    let above = layout.rooms.values().filter(|room| room.rect.bottom() < switch.top() && !room.is_house);
    let row = above.map(|room| room.rect.center().y).fold(f32::MIN, f32::max);
    let mut through: BTreeMap<i32, usize> = BTreeMap::new();
    for curve in layout.cables.values() {
        for two in curve.flatten(2.0).windows(2) {
            if (two[0].y < row) != (two[1].y < row) {
                let left = layout.rooms.values().filter(|room| {
                    room.rect.y_range().contains(row) && room.rect.right() < two[0].x && !room.is_house
                });
                *through.entry(left.count() as i32).or_default() += 1;
            }
        }
    }
    let (all, most) = (through.values().sum::<usize>(), through.values().max().copied().unwrap_or(0));
    assert!(20 < all && 8 < through.len() && most <= 8, "{all} cables, through each aisle: {through:?}");
}
