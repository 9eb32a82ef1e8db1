//! Plugging a cable in, with names and addresses proposed.

use topology::{Cable, Interface, InterfaceKind, Lab, NamespaceName, Place, Route, Thing};

use super::{Edited, naming, proposal};
use crate::model::act::Item;

pub fn connect(lab: &mut Lab, from: &Thing, to: &Thing) -> Result<Edited, String> {
    if from == to {
        return Err("A cable needs two ends: drag it from one thing to another".into());
    }
    for thing in [from, to] {
        if let Thing::Bridge(at) = thing
            && lab.interface(at).and_then(Interface::bridge_settings).is_none()
        {
            return Err(format!("There is no bridge {at}"));
        }
    }
    let wishes = wished_names(lab, from, to);
    let one = plug_in(lab, from, &wishes.0);
    let other = plug_in(lab, to, &wishes.1);
    let cable = Cable::new(one.clone(), other.clone());
    lab.cables.insert(cable.clone());
    for end in [&one, &other] {
        propose_address(lab, end);
    }
    for end in [&one, &other] {
        propose_gateway(lab, end);
    }
    let words = format!("Plug a cable between {} and {}", name_of(from), name_of(to));
    Ok(Edited::new(words).selecting([Item::Cable(cable)]))
}

fn name_of(thing: &Thing) -> String {
    match thing {
        Thing::Namespace(name) => name.to_string(),
        Thing::Bridge(at) => at.interface.to_string(),
    }
}

/// As tutorials name the two ends.
fn wished_names(lab: &Lab, from: &Thing, to: &Thing) -> (String, String) {
    match (from, to) {
        (Thing::Namespace(room), Thing::Bridge(_)) => naming::habit(lab, room),
        (Thing::Bridge(_), Thing::Namespace(room)) => {
            let (own, port) = naming::habit(lab, room);
            (port, own)
        }
        (Thing::Namespace(one), Thing::Namespace(other)) => {
            // A namespace with several cables says where each leads.
            let named = |own: &NamespaceName, other: &NamespaceName| {
                let is_first = !has_cable(lab, own);
                if is_first { format!("veth-{own}") } else { format!("{own}-{other}") }
            };
            (named(one, other), named(other, one))
        }
        (Thing::Bridge(one), Thing::Bridge(other)) => (
            format!("{}-{}", one.interface, other.interface),
            format!("{}-{}", other.interface, one.interface),
        ),
    }
}

fn has_cable(lab: &Lab, name: &NamespaceName) -> bool {
    lab.cables.iter().any(|cable| cable.ends().iter().any(|end| end.namespace == *name))
}

fn plug_in(lab: &mut Lab, thing: &Thing, wish: &str) -> Place {
    let name = naming::cable_end(lab, wish);
    let mut interface = Interface::new(InterfaceKind::VethEnd);
    let namespace = match thing {
        Thing::Namespace(name) => name.clone(),
        Thing::Bridge(at) => {
            interface.bridge = Some(at.interface.clone());
            at.namespace.clone()
        }
    };
    lab.namespaces.entry(namespace.clone()).or_default().interfaces.insert(name.clone(), interface);
    Place::new(namespace, name)
}

fn propose_address(lab: &mut Lab, end: &Place) {
    if let Some(address) = proposal::address_for(lab, end)
        && let Some(interface) = lab.interface_mut(end)
    {
        interface.addresses.insert(address);
    }
}

/// Who has no way out yet gets one over a router in its subnet.
fn propose_gateway(lab: &mut Lab, end: &Place) {
    let is_router = |name: &NamespaceName| {
        lab.namespaces.get(name).is_some_and(|found| found.sysctls.ipv4_forward == Some(true))
    };
    let Some(own) = lab.namespaces.get(&end.namespace) else { return };
    if is_router(&end.namespace) || own.routes.iter().any(|route| route.to.prefix_len() == 0) {
        return;
    }
    let shape = topology::shape::Shape::of(lab);
    let near = shape.on_link(end);
    let routers = near.iter().filter(|place| is_router(&place.namespace));
    let address = routers
        .filter_map(|place| lab.interface(place))
        .flat_map(|found| found.addresses.iter())
        .find(|net| net.addr().is_ipv4());
    let Some(via) = address.map(ipnet::IpNet::addr) else { return };
    let to = "0.0.0.0/0".parse().expect("this is how the default route is written");
    if let Some(own) = lab.namespaces.get_mut(&end.namespace) {
        own.routes.insert(Route { to, via: Some(via), dev: Some(end.interface.clone()) });
    }
}
