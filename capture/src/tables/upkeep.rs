//! What a change of the lab does to tables: what is gone is forgotten, what is configured is there.

use std::collections::{BTreeMap, BTreeSet};

use topology::{Interface, InterfaceKind, Lab, MacAddress, NamespaceName, Place};

use super::{
    bridge::Bridge,
    neighbours::{Family, Scope, Stack},
};
use crate::{WireNs, wiring::mac_of};

/// The lab `new` stands from `t` on, after `old`, or as the first.
pub fn change(
    stacks: &mut BTreeMap<NamespaceName, Stack>,
    bridges: &mut BTreeMap<Place, Bridge>,
    t: WireNs,
    old: Option<&Lab>,
    new: &Lab,
) {
    let (before, after) = (old.map(Carriers::of), Carriers::of(new));
    for (at, interface) in new.interfaces() {
        if let Some(settings) = interface.bridge_settings() {
            bridges.entry(at).or_default().keep_for(t, settings.ageing);
        }
    }
    if let (Some(old), Some(before)) = (old, before) {
        for (at, was) in old.interfaces() {
            let is = new.interface(&at);
            bridge_changes(bridges, t, &at, (was, before.of_port(&at)), (is, after.of_port(&at)));
            let lost = before.has(&at) && !after.has(&at);
            let stack = stacks.entry(at.namespace.clone()).or_default();
            stack_changes(stack, t, &at, was, is.filter(|_| !lost));
        }
        for (name, namespace) in &new.namespaces {
            let was_on = old.namespaces.get(name).is_none_or(|was| was.sysctls.disable_ipv6 != Some(true));
            if was_on && namespace.sysctls.disable_ipv6 == Some(true) {
                let stack = stacks.entry(name.clone()).or_default();
                let all = namespace.interfaces.keys();
                all.for_each(|on| stack.lose(t, Scope::Family(on.clone(), Family::V6)));
            }
        }
    }
    configure(stacks, t, old, new);
}

/// A port that goes down, loses its carrier or leaves forgets all that was learned behind it
/// (`br_stp_disable_port`).
fn bridge_changes(
    bridges: &mut BTreeMap<Place, Bridge>,
    t: WireNs,
    at: &Place,
    (was, was_live): (&Interface, bool),
    (is, is_live): (Option<&Interface>, bool),
) {
    if matches!(was.kind, InterfaceKind::Bridge(_)) && was.up && is.is_none_or(|is| !is.up) {
        bridges.entry(at.clone()).or_default().lose(t, None);
    }
    let Some(bridge) = &was.bridge else { return };
    let stays = is.is_some_and(|is| is.bridge.as_ref() == Some(bridge)) && is_live;
    if was_live && !stays {
        let bridge = Place::new(at.namespace.clone(), bridge.clone());
        bridges.entry(bridge).or_default().lose(t, Some(&at.interface));
    }
}

/// `is`: as it is now; `None` where it is gone, down, or without a carrier (`neigh_ifdown`, `neigh_carrier_down`).
fn stack_changes(stack: &mut Stack, t: WireNs, at: &Place, was: &Interface, is: Option<&Interface>) {
    let on = || at.interface.clone();
    let Some(is) = is else {
        stack.lose(t, Scope::Interface(on()));
        return;
    };
    if mac_of(at, was) != mac_of(at, is) {
        stack.lose(t, Scope::Interface(on()));
    }
    let has_ipv4 = |interface: &Interface| interface.addresses.iter().any(|net| net.addr().is_ipv4());
    // With its last address an interface leaves IPv4 altogether (`fib_disable_ip`).
    if has_ipv4(was) && !has_ipv4(is) {
        stack.lose(t, Scope::Family(on(), Family::V4));
    }
}

fn configure(stacks: &mut BTreeMap<NamespaceName, Stack>, t: WireNs, old: Option<&Lab>, new: &Lab) {
    let all = |lab: &Lab| -> BTreeSet<(Place, std::net::IpAddr, MacAddress)> {
        let of = |(at, interface): (Place, &Interface)| {
            let one = move |found: &topology::Neighbour| (at.clone(), found.address, found.mac);
            interface.neighbours.iter().map(one).collect::<Vec<_>>()
        };
        lab.interfaces().flat_map(of).collect()
    };
    let (was, is) = (old.map(all).unwrap_or_default(), all(new));
    for (at, address, _) in was.difference(&is) {
        stacks.entry(at.namespace.clone()).or_default().release(t, *address, &at.interface);
    }
    for (at, address, mac) in is.difference(&was) {
        stacks.entry(at.namespace.clone()).or_default().configure(t, *address, &at.interface, *mac);
    }
}

/// Which interfaces could pass frames.
struct Carriers<'a> {
    lab: &'a Lab,
    peers: BTreeMap<&'a Place, &'a Place>,
}

impl<'a> Carriers<'a> {
    fn of(lab: &'a Lab) -> Self {
        let both = |cable: &'a topology::Cable| {
            let [one, other] = cable.ends();
            [(one, other), (other, one)]
        };
        Self { lab, peers: lab.cables.iter().flat_map(both).collect() }
    }

    /// A veth end has a carrier while both ends are up, a bridge while one of its ports has (`br_port_carrier_check`).
    fn has(&self, at: &Place) -> bool {
        let Some(interface) = self.lab.interface(at).filter(|found| found.up) else { return false };
        match interface.kind {
            InterfaceKind::Loopback => true,
            InterfaceKind::VethEnd => {
                // What lies beyond the lab is none of its business.
                self.peers.get(at).is_none_or(|peer| self.lab.interface(peer).is_some_and(|peer| peer.up))
            }
            // Nobody here knows what it takes its carrier from.
            InterfaceKind::Other(_) => true,
            InterfaceKind::Bridge(_) => self.lab.ports(at).any(|port| port != *at && self.of_port(&port)),
        }
    }

    /// Whether what this port has taught its bridge is kept.
    fn of_port(&self, at: &Place) -> bool {
        let Some(interface) = self.lab.interface(at) else { return false };
        let bridge_is_up = interface.bridge.as_ref().is_some_and(|bridge| {
            let bridge = Place::new(at.namespace.clone(), bridge.clone());
            self.lab.interface(&bridge).is_some_and(|bridge| bridge.up)
        });
        let can_be_port = matches!(interface.kind, InterfaceKind::VethEnd | InterfaceKind::Other(_));
        bridge_is_up && can_be_port && self.has(at)
    }
}
