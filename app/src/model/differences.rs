//! What is drawn, and stands otherwise in the kernel.
//!
//! The kernel takes some wishes only in part, and says nothing: an MTU is clamped, a route to nowhere is dropped.

use std::collections::{BTreeMap, BTreeSet};

use topology::{
    BridgeSettings, Interface, InterfaceKind, Lab, Namespace, NamespaceName, Place, Route, Sysctl, Thing,
};

use super::act::Item;

/// For each item of the wanted lab that the observed one has not, or has otherwise: how it differs, for people.
/// What the wanted lab leaves open may be anything.
pub fn differences(wanted: &Lab, observed: &Lab) -> BTreeMap<Item, String> {
    let mut found = Found { settled: wanted.settled(), said: BTreeMap::new() };
    for (name, namespace) in &wanted.namespaces {
        found.namespace(name, namespace, observed.namespaces.get(name));
    }
    for cable in wanted.cables.difference(&observed.cables) {
        found.say(Item::Cable(cable.clone()), "the kernel does not have this cable".into());
    }
    found.said.into_iter().map(|(item, said)| (item, said.join("; "))).collect()
}

struct Found {
    settled: Lab,
    said: BTreeMap<Item, Vec<String>>,
}

impl Found {
    fn say(&mut self, about: Item, words: String) {
        self.said.entry(about).or_default().push(words);
    }

    fn namespace(&mut self, name: &NamespaceName, wanted: &Namespace, observed: Option<&Namespace>) {
        let about = Item::Thing(Thing::Namespace(name.clone()));
        let Some(observed) = observed else {
            return self.say(about, "the kernel does not have this namespace".into());
        };
        for (interface, found) in &wanted.interfaces {
            self.interface(&Place::new(name.clone(), interface.clone()), found, observed);
        }
        for route in wanted.routes.iter().filter(|route| !has_route(observed, route)) {
            self.say(about.clone(), format!("the kernel does not have the route {}", route_words(route)));
        }
        for sysctl in Sysctl::ALL {
            let pair = (wanted.sysctls.value(sysctl), observed.sysctls.value(sysctl));
            if let (Some(wanted), Some(real)) = pair
                && wanted != real
            {
                let key = sysctl.keys().first().copied().unwrap_or_default();
                self.say(about.clone(), format!("{key}: {}", instead(real, wanted)));
            }
        }
        let settled = self.settled.namespaces.get(name).map(|found| &found.firewall);
        if settled.is_some_and(|firewall| *firewall != observed.firewall) {
            self.say(about.clone(), "the kernel has another firewall than the one that is drawn".into());
        }
        // Rules that no frame can ever match have no words in nftables.
        let (rules, real) = (wanted.firewall.rules.len(), observed.firewall.rules.len());
        if real < rules {
            self.say(
                about,
                format!("the kernel has {real} of {rules} firewall rules: the others match nothing"),
            );
        }
    }

    fn interface(&mut self, at: &Place, wanted: &Interface, namespace: &Namespace) {
        let about = match wanted.kind {
            InterfaceKind::VethEnd | InterfaceKind::Other(_) => Item::Interface(at.clone()),
            InterfaceKind::Bridge(_) => Item::Thing(Thing::Bridge(at.clone())),
            InterfaceKind::Loopback => Item::Thing(Thing::Namespace(at.namespace.clone())),
        };
        let Some(real) = namespace.interfaces.get(&at.interface) else {
            return self.say(about, format!("the kernel does not have {}", at.interface));
        };
        let mut said = Vec::new();
        if wanted.up != real.up {
            said.push(instead(state_word(real.up), state_word(wanted.up)));
        }
        if let (Some(wanted), Some(real)) = (wanted.mtu, real.mtu)
            && wanted != real
        {
            said.push(format!("MTU: {}", instead(real, wanted)));
        }
        if let (Some(wanted), Some(real)) = (wanted.mac, real.mac)
            && wanted != real
        {
            said.push(format!("MAC: {}", instead(real, wanted)));
        }
        if wanted.bridge != real.bridge {
            said.push(match &wanted.bridge {
                Some(bridge) => format!("in the kernel it is no port of {bridge}"),
                None => "in the kernel it is a port of a bridge".into(),
            });
        }
        if let (Some(wanted), Some(real)) = (wanted.bridge_settings(), real.bridge_settings()) {
            said.extend(bridge_words(wanted, real));
        }
        for address in wanted.addresses.difference(&real.addresses) {
            said.push(format!("the kernel does not have the address {address}"));
        }
        for neighbour in wanted.neighbours.difference(&real.neighbours) {
            said.push(format!("the kernel does not have the neighbour {}", neighbour.address));
        }
        said.extend(self.unwanted(at, real));
        said.into_iter().for_each(|words| self.say(about.clone(), words));
    }

    /// Addresses and VLANs that nobody asked for.
    fn unwanted(&self, at: &Place, real: &Interface) -> Vec<String> {
        let nothing = BTreeSet::new();
        let settled = self.settled.interface(at);
        let addresses = settled.map_or(&nothing, |found| &found.addresses);
        let unwanted = real.addresses.difference(addresses);
        let mut said: Vec<String> =
            unwanted.map(|address| format!("the kernel has the address {address} as well")).collect();
        if settled.is_some_and(|found| found.vlans != real.vlans) {
            said.push("the kernel has other VLANs".into());
        }
        said
    }
}

fn instead<T: std::fmt::Display>(real: T, wanted: T) -> String {
    format!("the kernel has {real} instead of {wanted}")
}

fn state_word(up: bool) -> &'static str {
    if up { "up" } else { "down" }
}

fn bridge_words(wanted: BridgeSettings, real: BridgeSettings) -> Vec<String> {
    let numbers = [
        ("STP", u32::from(wanted.stp), u32::from(real.stp)),
        ("forward delay", wanted.forward_delay, real.forward_delay),
        ("ageing", wanted.ageing, real.ageing),
        ("priority", wanted.priority.into(), real.priority.into()),
        ("VLAN filtering", u32::from(wanted.vlan_filtering), u32::from(real.vlan_filtering)),
    ];
    let differ = numbers.into_iter().filter(|(_, wanted, real)| wanted != real);
    differ.map(|(what, wanted, real)| format!("{what}: {}", instead(real, wanted))).collect()
}

/// Host bits of the destination mean nothing, and a route may leave its interface to its gateway.
fn has_route(observed: &Namespace, wanted: &Route) -> bool {
    observed.routes.iter().any(|real| {
        let is_same_way = wanted.dev.is_none() || wanted.dev == real.dev;
        real.to == wanted.to.trunc() && real.via == wanted.via && is_same_way
    })
}

fn route_words(route: &Route) -> String {
    let to = if route.to.prefix_len() == 0 { "to everywhere".into() } else { format!("to {}", route.to) };
    let via = route.via.map(|via| format!(" via {via}")).unwrap_or_default();
    let dev = route.dev.as_ref().map(|dev| format!(" by {dev}")).unwrap_or_default();
    format!("{to}{via}{dev}")
}

#[cfg(test)]
mod tests;
