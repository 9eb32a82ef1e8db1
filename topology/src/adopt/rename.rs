//! Renamed and moved things in a lab: under their new names, everywhere.

use std::collections::BTreeMap;

use super::{Names, named};
use crate::{Became, Cable, Interface, InterfaceName, Lab, Namespace, NamespaceName, Place};

/// The lab as if everything had always been called and had stood as it does now.
#[must_use]
pub fn applied(lab: &Lab, became: &[Became]) -> Lab {
    let mut namespaces: BTreeMap<NamespaceName, NamespaceName> = BTreeMap::new();
    let mut interfaces = Names::new();
    for change in became {
        match change {
            Became::Namespace { from, to } => drop(namespaces.insert(from.clone(), to.clone())),
            Became::Interface { from, to } => drop(interfaces.insert(from.clone(), to.clone())),
        }
    }
    if interfaces.is_empty() && namespaces.is_empty() {
        return lab.clone();
    }
    // Where a new name is taken by what is only drawn, the kernel's thing takes its place.
    let is_in_the_way =
        |name: &NamespaceName| namespaces.values().any(|to| to == name) && !namespaces.contains_key(name);
    let mut lab = lab.clone();
    lab.namespaces.retain(|name, _| !is_in_the_way(name));
    let mut lab = named::renamed(&lab, &namespaces);
    // From here on the namespaces have their new names on both sides.
    let now = |at: &Place| {
        let namespace = namespaces.get(&at.namespace).unwrap_or(&at.namespace);
        Place::new(namespace.clone(), at.interface.clone())
    };
    let names: Names = interfaces.iter().map(|(from, to)| (now(from), to.clone())).collect();
    interfaces_renamed(&mut lab, &names);
    lab
}

fn interfaces_renamed(lab: &mut Lab, names: &Names) {
    let mut moving: Vec<(Place, Interface)> = Vec::new();
    for (from, to) in names {
        let namespace = lab.namespaces.get_mut(&from.namespace);
        if let Some(found) = namespace.and_then(|namespace| namespace.interfaces.remove(&from.interface)) {
            moving.push((to.clone(), found));
        }
    }
    for (name, namespace) in &mut lab.namespaces {
        let inside = names.iter().filter(|(from, to)| from.namespace == *name && to.namespace == *name);
        let renamed: BTreeMap<&InterfaceName, &InterfaceName> =
            inside.map(|(from, to)| (&from.interface, &to.interface)).collect();
        mentions_renamed(namespace, &renamed);
    }
    for (to, mut found) in moving {
        let bridge = found.bridge.take();
        let stays = |bridge: &InterfaceName| {
            let came_from = names.iter().find(|(_, now)| **now == to).map(|(from, _)| from);
            came_from.filter(|from| from.namespace == to.namespace).map(|from| {
                names
                    .get(&Place::new(from.namespace.clone(), bridge.clone()))
                    .map_or(bridge, |to| &to.interface)
                    .clone()
            })
        };
        // Who moves to another namespace leaves its bridge.
        found.bridge = bridge.as_ref().and_then(stays);
        if let Some(namespace) = lab.namespaces.get_mut(&to.namespace) {
            namespace.interfaces.insert(to.interface, found);
        }
    }
    let place = |at: &Place| names.get(at).unwrap_or(at).clone();
    let cables = std::mem::take(&mut lab.cables);
    lab.cables = cables
        .iter()
        .map(|cable| {
            let [one, other] = cable.ends();
            Cable::new(place(one), place(other))
        })
        .collect();
}

/// Routes, ports and rules that name an interface.
fn mentions_renamed(namespace: &mut Namespace, names: &BTreeMap<&InterfaceName, &InterfaceName>) {
    let new = |name: &InterfaceName| names.get(name).map_or(name, |to| *to).clone();
    let optional = |name: &mut Option<InterfaceName>| *name = name.as_ref().map(new);
    namespace.interfaces.values_mut().for_each(|found| optional(&mut found.bridge));
    let routes = std::mem::take(&mut namespace.routes).into_iter();
    namespace.routes = routes
        .map(|mut route| {
            optional(&mut route.dev);
            route
        })
        .collect();
    namespace.firewall.masquerade = namespace.firewall.masquerade.iter().map(new).collect();
    for rule in &mut namespace.firewall.rules {
        optional(&mut rule.in_interface);
        optional(&mut rule.out_interface);
    }
}
