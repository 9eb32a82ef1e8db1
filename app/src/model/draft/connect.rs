//! Plugging a cable in, with names and addresses proposed.

use std::{collections::BTreeSet, net::IpAddr};

use ipnet::IpNet;
use topology::{
    Cable, Interface, InterfaceKind, Lab, NamespaceName, Place, Route, Thing,
    shape::{Shape, share_a_subnet},
};

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
        if let Thing::Namespace(name) = thing
            && !name.is_host()
            && !lab.namespaces.contains_key(name)
        {
            return Err(format!("There is no namespace {name}"));
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
        // Whoever has waited for a router has one now.
        let is_router = is_router(lab, &end.namespace);
        let waiting = if is_router { Shape::of(lab).on_link(end) } else { BTreeSet::new() };
        waiting.iter().filter(|at| !at.namespace.is_host()).for_each(|at| propose_gateway(lab, at));
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

fn is_router(lab: &Lab, name: &NamespaceName) -> bool {
    let sysctls = lab.namespaces.get(name).map(|found| found.sysctls).unwrap_or_default();
    sysctls.ipv4_forward == Some(true) || sysctls.ipv6_forward == Some(true)
}

/// Who has no way out yet gets one over a router in its subnet, for each family that both speak there.
pub fn propose_gateway(lab: &mut Lab, end: &Place) {
    let Some(own) = lab.namespaces.get(&end.namespace) else { return };
    if is_router(lab, &end.namespace) {
        return;
    }
    let defaults = ["0.0.0.0/0", "::/0"].map(|text| text.parse().expect("so default routes are written"));
    let missing = defaults.into_iter().filter(|to: &IpNet| own.routes.iter().all(|route| route.to != *to));
    let shape = Shape::of(lab);
    let routes: Vec<Route> = missing
        .filter_map(|to| {
            let via = gateway(lab, &shape, end, to.addr().is_ipv4())?;
            Some(Route { to, via: Some(via), dev: Some(end.interface.clone()) })
        })
        .collect();
    if let Some(own) = lab.namespaces.get_mut(&end.namespace) {
        own.routes.extend(routes);
    }
}

/// An address, in a subnet of `end`'s, of somebody else who forwards that family.
fn gateway(lab: &Lab, shape: &Shape, end: &Place, is_v4: bool) -> Option<IpAddr> {
    let forwards = |place: &&Place| {
        let sysctls = lab.namespaces.get(&place.namespace).map(|found| found.sysctls).unwrap_or_default();
        (if is_v4 { sysctls.ipv4_forward } else { sysctls.ipv6_forward }) == Some(true)
    };
    let mine = &lab.interface(end)?.addresses;
    let shared =
        |net: &&IpNet| net.addr().is_ipv4() == is_v4 && mine.iter().any(|own| share_a_subnet(own, net));
    let near = shape.on_link(end);
    let mut routers = near.iter().filter(|place| place.namespace != end.namespace).filter(forwards);
    routers.find_map(|place| lab.interface(place)?.addresses.iter().find(shared)).map(IpNet::addr)
}
