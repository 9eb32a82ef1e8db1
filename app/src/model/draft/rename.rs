//! Renaming, with everything that refers to the name.

use topology::{Cable, InterfaceName, Lab, NamespaceName, Place, Target, Thing};

use super::{Edited, naming};
use crate::model::act::Item;

pub fn namespace(lab: &mut Lab, from: &NamespaceName, to: &NamespaceName) -> Result<Edited, String> {
    if from.is_host() || to.is_host() {
        return Err("The host is the machine itself: its name stays".into());
    }
    if lab.namespaces.contains_key(to) {
        return Err(format!("There is a namespace {to} already"));
    }
    let Some(found) = lab.namespaces.remove(from) else {
        return Err(format!("There is no namespace {from}"));
    };
    lab.namespaces.insert(to.clone(), found);
    let moved = |end: &Place| {
        let namespace = if end.namespace == *from { to.clone() } else { end.namespace.clone() };
        Place::new(namespace, end.interface.clone())
    };
    lab.cables = lab
        .cables
        .iter()
        .map(|cable| {
            let [one, other] = cable.ends();
            Cable::new(moved(one), moved(other))
        })
        .collect();
    for (asks, asked) in &mut lab.pings {
        if asks == from {
            *asks = to.clone();
        }
        if *asked == Target::Namespace(from.clone()) {
            *asked = Target::Namespace(to.clone());
        }
    }
    rename_by_habit(lab, from, to);
    let words = format!("Rename {from} to {to}");
    Ok(Edited::new(words).selecting([Item::Thing(Thing::Namespace(to.clone()))]))
}

/// Interfaces that were called after the namespace are called after its new name.
fn rename_by_habit(lab: &mut Lab, from: &NamespaceName, to: &NamespaceName) {
    let (own, port) = (format!("veth-{from}"), format!("veth-br-{from}"));
    let (own, port) = (naming::shortened(&own), naming::shortened(&port));
    let places: Vec<Place> = lab.interfaces().map(|(at, _)| at).collect();
    for at in places {
        let wish = match at.interface.as_str() {
            name if name == own && at.namespace == *to => format!("veth-{to}"),
            name if name == port => format!("veth-br-{to}"),
            _ => continue,
        };
        let name = naming::cable_end(lab, &wish);
        // The name was found free just now, so nothing can stand in the way.
        let _renamed = interface(lab, &at, &name);
    }
}

pub fn interface(lab: &mut Lab, at: &Place, to: &InterfaceName) -> Result<Edited, String> {
    if at.interface.is_loopback() || to.is_loopback() {
        return Err("lo is the same in every namespace: its name stays".into());
    }
    let Some(namespace) = lab.namespaces.get_mut(&at.namespace) else {
        return Err(format!("There is no namespace {}", at.namespace));
    };
    if namespace.interfaces.contains_key(to) {
        return Err(format!("{} has an interface {to} already", at.namespace));
    }
    let Some(found) = namespace.interfaces.remove(&at.interface) else {
        return Err(format!("There is no interface {at}"));
    };
    let is_bridge = found.bridge_settings().is_some();
    namespace.interfaces.insert(to.clone(), found);
    for other in namespace.interfaces.values_mut() {
        if other.bridge.as_ref() == Some(&at.interface) {
            other.bridge = Some(to.clone());
        }
    }
    let follow = |name: &mut Option<InterfaceName>| {
        if name.as_ref() == Some(&at.interface) {
            *name = Some(to.clone());
        }
    };
    namespace.routes = std::mem::take(&mut namespace.routes)
        .into_iter()
        .map(|mut route| {
            follow(&mut route.dev);
            route
        })
        .collect();
    if namespace.firewall.masquerade.remove(&at.interface) {
        namespace.firewall.masquerade.insert(to.clone());
    }
    for rule in &mut namespace.firewall.rules {
        follow(&mut rule.in_interface);
        follow(&mut rule.out_interface);
    }
    let renamed = Place::new(at.namespace.clone(), to.clone());
    if let Some(cable) = lab.cable_at(at).cloned()
        && let Some(far) = cable.other_end(at)
    {
        lab.cables.remove(&cable);
        lab.cables.insert(Cable::new(renamed.clone(), far.clone()));
    }
    let item = if is_bridge { Item::Thing(Thing::Bridge(renamed)) } else { Item::Interface(renamed) };
    Ok(Edited::new(format!("Rename {} to {to}", at.interface)).selecting([item]))
}
