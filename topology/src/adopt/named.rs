//! Names of their own for the namespaces that are called after a process, so that a lab can be built again.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Cable, InterfaceKind, Lab, Namespace, NamespaceName, Place, Target};

/// The lab with each `pid 4711` under a name that a namespace can be made with, and which became which.
///
/// A room whose one cable ends in `veth-ns1` or `ns1-veth` becomes `ns1`; others become `room1`, `room2`, ….
#[must_use]
pub fn with_names_of_their_own(lab: &Lab) -> (Lab, BTreeMap<NamespaceName, NamespaceName>) {
    let mut taken: BTreeSet<NamespaceName> = lab.namespaces.keys().cloned().collect();
    taken.insert(NamespaceName::host());
    let mut became = BTreeMap::new();
    let of_processes = names(lab).into_iter().filter_map(|name| Some((name.process()?, name)));
    // By number: the first process gets the first name.
    for name in of_processes.collect::<BTreeMap<_, _>>().into_values() {
        let by_cable =
            lab.namespaces.get(&name).and_then(by_its_cable).filter(|found| !taken.contains(found));
        let own = by_cable.unwrap_or_else(|| room(&taken));
        taken.insert(own.clone());
        became.insert(name, own);
    }
    (renamed(lab, &became), became)
}

/// All names that a lab speaks of, whether it has the namespace or not.
fn names(lab: &Lab) -> BTreeSet<NamespaceName> {
    let of_cables = lab.cables.iter().flat_map(Cable::ends).map(|end| &end.namespace);
    let of_pings = lab.pings.iter().flat_map(|(from, target)| match target {
        Target::Namespace(to) => [Some(from), Some(to)],
        Target::Address(_) => [Some(from), None],
    });
    lab.namespaces.keys().chain(of_cables).chain(of_pings.flatten()).cloned().collect()
}

fn by_its_cable(namespace: &Namespace) -> Option<NamespaceName> {
    let mut ends = namespace.interfaces.iter().filter(|(_, found)| found.kind == InterfaceKind::VethEnd);
    let (Some((end, _)), None) = (ends.next(), ends.next()) else { return None };
    let end = end.as_str();
    let rest = end.strip_prefix("veth-").or_else(|| end.strip_suffix("-veth"))?;
    // A bare number or letter says too little to be a name.
    let says_something = 1 < rest.len() && rest.starts_with(|c: char| c.is_alphabetic());
    NamespaceName::new(rest).ok().filter(|_| says_something)
}

fn room(taken: &BTreeSet<NamespaceName>) -> NamespaceName {
    let rooms = (1_u64..).filter_map(|number| NamespaceName::new(format!("room{number}")).ok());
    rooms.into_iter().find(|name| !taken.contains(name)).expect("no lab has taken all numbers")
}

/// The lab with its namespaces under other names, everywhere.
pub(super) fn renamed(lab: &Lab, became: &BTreeMap<NamespaceName, NamespaceName>) -> Lab {
    let new = |name: &NamespaceName| became.get(name).unwrap_or(name).clone();
    let place = |at: &Place| Place::new(new(&at.namespace), at.interface.clone());
    let cable = |cable: &Cable| {
        let [one, other] = cable.ends();
        Cable::new(place(one), place(other))
    };
    let ping = |(from, target): &(NamespaceName, Target)| {
        let target = match target {
            Target::Namespace(to) => Target::Namespace(new(to)),
            Target::Address(address) => Target::Address(*address),
        };
        (new(from), target)
    };
    Lab {
        pings: lab.pings.iter().map(ping).collect(),
        namespaces: lab.namespaces.iter().map(|(name, found)| (new(name), found.clone())).collect(),
        cables: lab.cables.iter().map(cable).collect(),
        ..lab.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Interface,
        sample::{namespace, place},
    };

    fn lab(ends: &[(&str, &str)]) -> Lab {
        let mut lab = Lab::default();
        for (one, other) in ends {
            for at in [one, other].map(|text| place(text)) {
                let room = lab.namespaces.entry(at.namespace).or_default();
                room.interfaces.insert(at.interface, Interface::new(InterfaceKind::VethEnd));
            }
            lab.cables.insert(Cable::new(place(one), place(other)));
        }
        lab
    }

    #[test]
    fn a_cable_gives_the_name() {
        let mut drawn = lab(&[("pid 12/veth-ns2", "host/a"), ("pid 7/ns1-veth", "host/b")]);
        drawn.pings.push((namespace("pid 7"), Target::Namespace(namespace("pid 12"))));
        let (saved, became) = with_names_of_their_own(&drawn);
        let mut expected = lab(&[("ns2/veth-ns2", "host/a"), ("ns1/ns1-veth", "host/b")]);
        expected.pings.push((namespace("ns1"), Target::Namespace(namespace("ns2"))));
        assert_eq!(saved, expected);
        let pairs = [("pid 12", "ns2"), ("pid 7", "ns1")].map(|(old, new)| (namespace(old), namespace(new)));
        assert_eq!(became, pairs.into());
    }

    #[test]
    fn rooms_are_counted_where_no_cable_says_more() {
        let mut drawn = lab(&[("pid 9/eth0", "room1/x"), ("pid 10/veth-red", "red/y")]);
        drawn.namespaces.entry(namespace("pid 8")).or_default();
        let became = with_names_of_their_own(&drawn).1;
        let pairs = [("pid 8", "room2"), ("pid 9", "room3"), ("pid 10", "room4")];
        assert_eq!(became, pairs.map(|(old, new)| (namespace(old), namespace(new))).into());
    }

    #[test]
    fn what_has_names_keeps_them() {
        let drawn = lab(&[("red/a", "host/b")]);
        assert_eq!(with_names_of_their_own(&drawn), (drawn, BTreeMap::new()));
    }
}
