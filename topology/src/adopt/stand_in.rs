//! STAND-IN for helper kernel's module: what happened in the kernel, applied to what is drawn.

use std::collections::BTreeMap;

use crate::{Became, Cable, Interface, InterfaceName, Lab, Namespace, NamespaceName, Place, Target};

/// What changed from `before` to `after` (both observed), done to `drawn`.
#[must_use]
pub fn adopt(drawn: &Lab, before: &Lab, after: &Lab, became: &[Became]) -> Lab {
    let (mut drawn, mut before) = (drawn.clone(), before.clone());
    follow(&mut drawn, became);
    follow(&mut before, became);
    for name in before.namespaces.keys().filter(|name| !after.namespaces.contains_key(*name)) {
        drawn.namespaces.remove(name);
        drawn.pings.retain(|(from, to)| from != name && *to != Target::Namespace(name.clone()));
    }
    let nothing = Namespace::default();
    for (name, now) in &after.namespaces {
        let was = before.namespaces.get(name).unwrap_or(&nothing);
        if was == now {
            continue;
        }
        let ours = drawn.namespaces.entry(name.clone()).or_default();
        for (interface, _) in was.interfaces.iter().filter(|(at, _)| !now.interfaces.contains_key(*at)) {
            ours.interfaces.remove(interface);
        }
        for (interface, found) in &now.interfaces {
            match (was.interfaces.get(interface), ours.interfaces.get_mut(interface)) {
                (Some(was), Some(ours)) if was != found => change(ours, was, found),
                (Some(_), Some(_)) => {}
                _ => {
                    ours.interfaces.insert(interface.clone(), found.clone());
                }
            }
        }
        ours.routes.retain(|route| !was.routes.contains(route) || now.routes.contains(route));
        ours.routes.extend(now.routes.difference(&was.routes).cloned());
        if was.sysctls != now.sysctls && !was.interfaces.is_empty() {
            ours.sysctls = now.sysctls;
        }
        if was.firewall != now.firewall {
            ours.firewall = now.firewall.clone();
        }
    }
    drawn.cables.retain(|cable| !before.cables.contains(cable) || after.cables.contains(cable));
    drawn.cables.extend(after.cables.difference(&before.cables).cloned());
    drawn
}

fn change(ours: &mut Interface, was: &Interface, now: &Interface) {
    if was.kind != now.kind {
        ours.kind = now.kind;
    }
    if was.mac != now.mac {
        ours.mac = now.mac;
    }
    if was.mtu != now.mtu {
        ours.mtu = now.mtu;
    }
    if was.up != now.up {
        ours.up = now.up;
    }
    if was.bridge != now.bridge {
        ours.bridge = now.bridge.clone();
    }
    if was.vlans != now.vlans {
        ours.vlans = now.vlans.clone();
    }
    ours.addresses.retain(|address| !was.addresses.contains(address) || now.addresses.contains(address));
    ours.addresses.extend(now.addresses.difference(&was.addresses).copied());
    ours.neighbours.retain(|known| !was.neighbours.contains(known) || now.neighbours.contains(known));
    ours.neighbours.extend(now.neighbours.difference(&was.neighbours).copied());
}

/// Gives everything its new name.
fn follow(lab: &mut Lab, became: &[Became]) {
    let mut names: BTreeMap<NamespaceName, NamespaceName> = BTreeMap::new();
    let mut places: BTreeMap<Place, Place> = BTreeMap::new();
    for what in became {
        match what {
            Became::Namespace { from, to } => drop(names.insert(from.clone(), to.clone())),
            Became::Interface { from, to } => drop(places.insert(from.clone(), to.clone())),
        }
    }
    let renamed = |name: &NamespaceName| names.get(name).unwrap_or(name).clone();
    let moved = |at: &Place| {
        let stayed = || Place::new(renamed(&at.namespace), at.interface.clone());
        places.get(at).cloned().unwrap_or_else(stayed)
    };
    let mut all: Vec<(Place, Interface)> = Vec::new();
    let mut namespaces: BTreeMap<NamespaceName, Namespace> = BTreeMap::new();
    for (name, namespace) in std::mem::take(&mut lab.namespaces) {
        let Namespace { position, sysctls, interfaces, routes, firewall } = namespace;
        let all_of: Vec<(InterfaceName, Interface)> = interfaces.into_iter().collect();
        for (interface, mut found) in all_of {
            let at = Place::new(name.clone(), interface);
            let to = moved(&at);
            if let Some(bridge) = &found.bridge {
                let bridge = moved(&Place::new(name.clone(), bridge.clone()));
                found.bridge = Some(bridge.interface).filter(|_| bridge.namespace == to.namespace);
            }
            all.push((to, found));
        }
        let rest = Namespace { position, sysctls, routes, firewall, ..Namespace::default() };
        namespaces.insert(renamed(&name), rest);
    }
    for (at, found) in all {
        if let Some(namespace) = namespaces.get_mut(&at.namespace) {
            namespace.interfaces.insert(at.interface, found);
        }
    }
    lab.namespaces = namespaces;
    lab.cables =
        lab.cables.iter().map(|cable| Cable::new(moved(&cable.ends()[0]), moved(&cable.ends()[1]))).collect();
    for (from, to) in &mut lab.pings {
        *from = renamed(from);
        if let Target::Namespace(name) = to {
            *name = renamed(name);
        }
    }
}
