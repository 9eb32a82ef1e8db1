//! Removing things, and all that would dangle.

use std::{collections::BTreeSet, net::IpAddr};

use topology::{Cable, Interface, InterfaceName, Lab, Namespace, NamespaceName, Place, Target, Thing};

use super::Edited;
use crate::model::act::Item;

pub fn items(lab: &mut Lab, items: &BTreeSet<Item>) -> Result<Edited, String> {
    if items.is_empty() {
        return Err("Nothing is selected".into());
    }
    let words = match items.first() {
        Some(item) if items.len() == 1 => format!("Remove {}", super::edit::words_of(item)),
        _ => format!("Remove {} things", items.len()),
    };
    let before = lab.clone();
    for item in items {
        match item {
            Item::Cable(cable) => remove_cable(lab, cable),
            Item::Interface(at) if at.interface.is_loopback() => {
                if items.len() == 1 {
                    return Err("Every namespace has its lo: it cannot be removed".into());
                }
            }
            Item::Thing(Thing::Bridge(at)) | Item::Interface(at) => match lab.cable_at(at).cloned() {
                Some(cable) => remove_cable(lab, &cable),
                None => remove_bridge(lab, at),
            },
            Item::Thing(Thing::Namespace(name)) => {
                if name.is_host() && items.len() == 1 {
                    return Err(
                        "The host is the machine itself and always there; its bridges can be removed".into(),
                    );
                }
                remove_namespace(lab, name);
            }
        }
    }
    tidy(&before, lab);
    Ok(Edited::new(words).selecting([]))
}

fn remove_namespace(lab: &mut Lab, name: &NamespaceName) {
    let touched: Vec<Cable> = lab
        .cables
        .iter()
        .filter(|cable| cable.ends().iter().any(|end| end.namespace == *name))
        .cloned()
        .collect();
    touched.iter().for_each(|cable| remove_cable(lab, cable));
    // The host keeps its place: it may be empty, but it is never gone.
    if let Some(removed) = lab.namespaces.remove(name)
        && name.is_host()
    {
        let emptied = Namespace { position: removed.position, ..Namespace::default() };
        lab.namespaces.insert(name.clone(), emptied);
    }
}

/// The cables that are plugged into it go with it.
fn remove_bridge(lab: &mut Lab, at: &Place) {
    let ports: Vec<Place> = lab.ports(at).collect();
    for port in ports {
        if let Some(cable) = lab.cable_at(&port).cloned() {
            remove_cable(lab, &cable);
        }
    }
    remove_interface(lab, at);
}

fn remove_cable(lab: &mut Lab, cable: &Cable) {
    if lab.cables.remove(cable) {
        cable.ends().iter().for_each(|end| remove_interface(lab, end));
    }
}

fn remove_interface(lab: &mut Lab, at: &Place) {
    if let Some(namespace) = lab.namespaces.get_mut(&at.namespace) {
        namespace.interfaces.remove(&at.interface);
    }
}

/// Takes out what led somewhere `before` and leads nowhere any more: routes by interfaces that are gone or over
/// gateways that are out of reach now, firewall rules and pings about what is gone, ports of bridges that are gone.
/// What was wrong already stays: it is somebody's, and the check says what is wrong with it.
fn tidy(before: &Lab, lab: &mut Lab) {
    let nothing = Namespace::default();
    for (name, namespace) in &mut lab.namespaces {
        tidy_namespace(before.namespaces.get(name).unwrap_or(&nothing), namespace);
    }
    let is_gone = |lab: &Lab, name: &NamespaceName| {
        before.namespaces.contains_key(name) && !lab.namespaces.contains_key(name) && !name.is_host()
    };
    let mut pings = std::mem::take(&mut lab.pings);
    pings.retain(|(from, to)| {
        !is_gone(lab, from) && if let Target::Namespace(to) = to { !is_gone(lab, to) } else { true }
    });
    lab.pings = pings;
}

fn tidy_namespace(before: &Namespace, namespace: &mut Namespace) {
    let gone: BTreeSet<InterfaceName> =
        before.interfaces.keys().filter(|name| !namespace.interfaces.contains_key(*name)).cloned().collect();
    if gone.is_empty() {
        return;
    }
    let near = |namespace: &Namespace, via: IpAddr| {
        namespace.interfaces.values().flat_map(|found| &found.addresses).any(|net| net.contains(&via))
    };
    let mut routes = std::mem::take(&mut namespace.routes);
    routes.retain(|route| {
        let by_gone = route.dev.as_ref().is_some_and(|dev| gone.contains(dev));
        let is_lost = route.via.is_some_and(|via| near(before, via) && !near(namespace, via));
        !by_gone && !is_lost
    });
    namespace.routes = routes;
    namespace.firewall.masquerade.retain(|name| !gone.contains(name));
    namespace.firewall.rules.retain(|rule| {
        let mut named = [&rule.in_interface, &rule.out_interface].into_iter().flatten();
        !named.any(|name| gone.contains(name))
    });
    let lost = |found: &&mut Interface| found.bridge.as_ref().is_some_and(|bridge| gone.contains(bridge));
    for interface in namespace.interfaces.values_mut().filter(lost) {
        interface.bridge = None;
        interface.vlans.clear();
    }
}
