//! Labs to be arranged, without positions.

use super::*;

fn place(namespace: &str, interface: &str) -> Place {
    format!("{namespace}/{interface}").parse().expect("a good place")
}

fn add(lab: &mut Lab, at: &Place, interface: Interface) {
    lab.namespaces
        .entry(at.namespace.clone())
        .or_default()
        .interfaces
        .insert(at.interface.clone(), interface);
}

pub(super) fn bridge(lab: &mut Lab, name: &str) {
    add(lab, &place("host", name), Interface::new(InterfaceKind::Bridge(BridgeSettings::default())));
}

fn end(lab: &mut Lab, at: &Place, bridge: Option<&str>) {
    let mut veth = Interface::new(InterfaceKind::VethEnd);
    veth.bridge = bridge.map(|bridge| bridge.parse().expect("a good name"));
    if bridge.is_none() {
        veth.addresses
            .insert(format!("10.10.0.{}/16", lab.cables.len() % 250 + 1).parse().expect("an address"));
    }
    add(lab, at, veth);
}

/// Cables a room to a bridge of the host.
pub(super) fn plug(lab: &mut Lab, room: &str, bridge: &str) {
    let number = lab.cables.len();
    let (one, other) = (place(room, &format!("veth{number}")), place("host", &format!("veth-br{number}")));
    end(lab, &one, None);
    end(lab, &other, Some(bridge));
    lab.cables.insert(Cable::new(one, other));
}

pub(super) fn join(lab: &mut Lab, one: &str, other: &str) {
    let number = lab.cables.len();
    let ends =
        [(one, "a"), (other, "b")].map(|(bridge, end)| (bridge, place("host", &format!("up{number}{end}"))));
    for (bridge, at) in &ends {
        end(lab, at, Some(bridge));
    }
    let [(_, one), (_, other)] = ends;
    lab.cables.insert(Cable::new(one, other));
}

pub(super) fn star(count: usize) -> Lab {
    let mut lab = Lab::default();
    bridge(&mut lab, "br0");
    (1..=count).for_each(|i| plug(&mut lab, &format!("ns{i}"), "br0"));
    lab
}

pub(super) fn ring(count: usize) -> Lab {
    let mut lab = line(count);
    join(&mut lab, &format!("br{count}"), "br1");
    lab
}

/// Bridges in a row, with a room each.
pub(super) fn line(count: usize) -> Lab {
    let mut lab = Lab::default();
    for i in 1..=count {
        bridge(&mut lab, &format!("br{i}"));
        plug(&mut lab, &format!("ns{i}"), &format!("br{i}"));
    }
    (1..count).for_each(|i| join(&mut lab, &format!("br{i}"), &format!("br{}", i + 1)));
    lab
}

/// A bridge with so many others, each with two rooms.
pub(super) fn tree(count: usize) -> Lab {
    let mut lab = Lab::default();
    bridge(&mut lab, "root");
    for i in 1..=count {
        let leaf = format!("leaf{i}");
        bridge(&mut lab, &leaf);
        join(&mut lab, "root", &leaf);
        plug(&mut lab, &format!("ns{i}a"), &leaf);
        plug(&mut lab, &format!("ns{i}b"), &leaf);
    }
    lab
}

pub(super) fn two_networks() -> Lab {
    let mut lab = Lab::default();
    for (name, rooms) in [("left", ["a", "b", "router"]), ("right", ["c", "d", "router"])] {
        bridge(&mut lab, name);
        rooms.iter().for_each(|room| plug(&mut lab, room, name));
    }
    lab
}

pub(super) fn lonely(count: usize) -> Lab {
    let mut lab = Lab::default();
    for i in 1..=count {
        let name: NamespaceName = format!("ns{i}").parse().expect("a good name");
        lab.namespaces.insert(name, Namespace::default());
    }
    lab
}

pub(super) fn stripped(lab: &Lab) -> Lab {
    let mut lab = lab.clone();
    for namespace in lab.namespaces.values_mut() {
        namespace.position = None;
        namespace.interfaces.values_mut().for_each(|found| found.position = None);
    }
    lab
}
