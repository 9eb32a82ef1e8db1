//! Removing things, and all that would dangle.

use std::collections::BTreeSet;

use topology::{Cable, Interface, Lab, NamespaceName, Place, Target, Thing};

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
    // The host's own interfaces and bridges first: whoever removes all keeps an empty host.
    for item in items {
        match item {
            Item::Cable(cable) => remove_cable(lab, cable),
            Item::Interface(at) => match lab.cable_at(at).cloned() {
                Some(cable) => remove_cable(lab, &cable),
                None => remove_interface(lab, at),
            },
            Item::Thing(Thing::Bridge(at)) => remove_bridge(lab, at),
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
    tidy(lab);
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
    lab.namespaces.remove(name);
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

/// Takes out what leads nowhere any more: routes by interfaces that are gone or over gateways out of reach,
/// firewall rules and pings about what is gone, ports of bridges that are gone.
pub fn tidy(lab: &mut Lab) {
    for namespace in lab.namespaces.values_mut() {
        let there: BTreeSet<_> = namespace.interfaces.keys().cloned().collect();
        let subnets: Vec<_> =
            namespace.interfaces.values().flat_map(|found| found.addresses.iter().copied()).collect();
        namespace.routes.retain(|route| {
            let leaves = route.dev.as_ref().is_none_or(|dev| there.contains(dev));
            let is_near = route.via.is_none_or(|via| subnets.iter().any(|net| net.contains(&via)));
            leaves && is_near
        });
        namespace.firewall.masquerade.retain(|name| there.contains(name));
        namespace.firewall.rules.retain(|rule| {
            let named = [&rule.in_interface, &rule.out_interface];
            named.into_iter().flatten().all(|name| there.contains(name))
        });
        let bridges: BTreeSet<_> = namespace
            .interfaces
            .iter()
            .filter(|(_, found)| found.bridge_settings().is_some())
            .map(|(name, _)| name.clone())
            .collect();
        let lost = |found: &Interface| found.bridge.as_ref().is_some_and(|bridge| !bridges.contains(bridge));
        for interface in namespace.interfaces.values_mut().filter(|found| lost(found)) {
            interface.bridge = None;
            interface.vlans.clear();
        }
    }
    let known: BTreeSet<NamespaceName> = lab.namespaces.keys().cloned().collect();
    lab.pings.retain(|(from, to)| {
        let is_there = |name: &NamespaceName| name.is_host() || known.contains(name);
        is_there(from) && if let Target::Namespace(to) = to { is_there(to) } else { true }
    });
}
