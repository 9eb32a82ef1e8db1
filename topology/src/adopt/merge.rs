//! One thing of a drawn lab and what happened to it.

use std::collections::BTreeSet;

use crate::{Interface, InterfaceKind, Lab, Namespace, Place, Route, Sysctl, Sysctls};

/// What changed from `was` to `is` changes in `found`.
pub(super) fn namespace(found: &mut Namespace, was: &Namespace, is: &Namespace) {
    for sysctl in Sysctl::ALL {
        if let (old, Some(new)) = (was.sysctls.value(sysctl), is.sysctls.value(sysctl))
            && old != Some(new)
        {
            found.sysctls.set_value(sysctl, new);
        }
    }
    if was.firewall != is.firewall {
        found.firewall = is.firewall.clone();
    }
    let gone: Vec<&Route> = was.routes.difference(&is.routes).collect();
    found.routes.retain(|drawn| !gone.iter().any(|gone| is_same_route(drawn, gone)));
    add_routes(found, is.routes.difference(&was.routes));
    for (name, is) in &is.interfaces {
        match (was.interfaces.get(name), found.interfaces.get_mut(name)) {
            (Some(was), Some(found)) => interface(found, was, is),
            // Taken out of the drawing, which was not carried out yet.
            (Some(was), None) if was == is => {}
            (Some(_) | None, None) => drop(found.interfaces.insert(name.clone(), is.clone())),
            (None, Some(found)) => interface_arrived(found, is),
        }
    }
}

/// What was only drawn is in the kernel now. What else is wanted of it is still wanted.
pub(super) fn arrived(found: &mut Namespace, is: &Namespace) {
    add_routes(found, is.routes.iter());
    for (name, is) in &is.interfaces {
        match found.interfaces.get_mut(name) {
            Some(found) => interface_arrived(found, is),
            None => drop(found.interfaces.insert(name.clone(), is.clone())),
        }
    }
}

fn add_routes<'a>(found: &mut Namespace, new: impl Iterator<Item = &'a Route>) {
    for route in new {
        if !found.routes.iter().any(|drawn| is_same_route(drawn, route)) {
            found.routes.insert(route.clone());
        }
    }
}

/// A drawn route may leave its interface open.
fn is_same_route(drawn: &Route, real: &Route) -> bool {
    let same_way = drawn.to.trunc() == real.to.trunc() && drawn.via == real.via;
    same_way && (drawn.dev.is_none() || drawn.dev == real.dev)
}

fn interface(found: &mut Interface, was: &Interface, is: &Interface) {
    if std::mem::discriminant(&was.kind) != std::mem::discriminant(&is.kind) {
        // Another thing has come under the same name.
        *found = is.clone();
        return;
    }
    change(&mut found.kind, &was.kind, &is.kind);
    change(&mut found.mac, &was.mac, &is.mac);
    change(&mut found.mtu, &was.mtu, &is.mtu);
    change(&mut found.up, &was.up, &is.up);
    change(&mut found.bridge, &was.bridge, &is.bridge);
    change(&mut found.vlans, &was.vlans, &is.vlans);
    change_members(&mut found.addresses, &was.addresses, &is.addresses);
    change_members(&mut found.neighbours, &was.neighbours, &is.neighbours);
}

fn interface_arrived(found: &mut Interface, is: &Interface) {
    if std::mem::discriminant(&found.kind) != std::mem::discriminant(&is.kind) {
        *found = is.clone();
        return;
    }
    found.addresses.extend(&is.addresses);
    found.neighbours.extend(&is.neighbours);
    if found.bridge.is_none() {
        found.bridge = is.bridge.clone();
    }
}

fn change<T: PartialEq + Clone>(found: &mut T, was: &T, is: &T) {
    if was != is {
        found.clone_from(is);
    }
}

fn change_members<T: Ord + Clone>(found: &mut BTreeSet<T>, was: &BTreeSet<T>, is: &BTreeSet<T>) {
    found.retain(|member| is.contains(member) || !was.contains(member));
    found.extend(is.difference(was).cloned());
}

/// A MAC address that is left open follows from the place, and the kernel's does not change with that.
pub(super) fn keep_macs(lab: &mut Lab, after: &Lab, is_renamed: impl Fn(&Place) -> bool) {
    for (name, namespace) in &mut lab.namespaces {
        for (interface, found) in &mut namespace.interfaces {
            let at = Place::new(name.clone(), interface.clone());
            if found.mac.is_none() && is_renamed(&at) {
                found.mac = after.interface(&at).and_then(|real| real.mac);
            }
        }
    }
}

/// What `open` left open, and comes out as it is in the kernel if it is left open, is left open.
pub(super) fn leave_open(lab: &mut Lab, open: &Lab, after: &Lab) {
    let mut trial = lab.clone();
    for (name, namespace) in &mut trial.namespaces {
        let Some(was) = open.namespaces.get(name) else { continue };
        namespace.sysctls = only_said(namespace.sysctls, was.sysctls);
        for (interface, found) in &mut namespace.interfaces {
            if let Some(was) = was.interfaces.get(interface).filter(|was| same_kind(was, found)) {
                found.mac = found.mac.filter(|_| was.mac.is_some());
                found.mtu = found.mtu.filter(|_| was.mtu.is_some());
            }
        }
    }
    if trial == *lab {
        return;
    }
    let settled = trial.settled();
    for (name, namespace) in &mut lab.namespaces {
        let (Some(trial), Some(settled)) = (trial.namespaces.get(name), settled.namespaces.get(name)) else {
            continue;
        };
        let Some(real) = after.namespaces.get(name) else { continue };
        if settled.sysctls == real.sysctls {
            namespace.sysctls = trial.sysctls;
        }
        for (interface, found) in &mut namespace.interfaces {
            let [trial, settled, real] = [trial, settled, real].map(|side| side.interfaces.get(interface));
            if let (Some(trial), Some(settled), Some(real)) = (trial, settled, real) {
                found.mac = if settled.mac == real.mac { trial.mac } else { found.mac };
                found.mtu = if settled.mtu == real.mtu { trial.mtu } else { found.mtu };
            }
        }
    }
}

fn same_kind(one: &Interface, other: &Interface) -> bool {
    matches!((one.kind, other.kind), (InterfaceKind::Bridge(_), InterfaceKind::Bridge(_)))
        || one.kind == other.kind
}

fn only_said(values: Sysctls, said: Sysctls) -> Sysctls {
    Sysctls {
        ipv4_forward: values.ipv4_forward.filter(|_| said.ipv4_forward.is_some()),
        ipv6_forward: values.ipv6_forward.filter(|_| said.ipv6_forward.is_some()),
        rp_filter: values.rp_filter.filter(|_| said.rp_filter.is_some()),
        disable_ipv6: values.disable_ipv6.filter(|_| said.disable_ipv6.is_some()),
    }
}
