//! Each edit on a lab.

use std::collections::BTreeSet;

use ipnet::IpNet;
use topology::{
    Firewall, Interface, InterfaceKind, InterfaceName, Lab, Namespace, NamespaceName, Place, Position,
    Sysctl, Target, Thing,
};

use super::{Edited, arrange, connect, naming, remove, rename};
use crate::model::{
    act::Item,
    command::{Draw, InterfaceChange, LabChange, NamespaceChange},
    stage::sizes,
};

pub fn edit(lab: &mut Lab, draw: &Draw) -> Result<Edited, String> {
    match draw {
        Draw::AddNamespace { at } => Ok(add_namespace(lab, *at, false)),
        Draw::AddRouter { at } => Ok(add_namespace(lab, *at, true)),
        Draw::AddBridge { at } => Ok(add_bridge(lab, *at)),
        Draw::Connect { from, to } => connect::connect(lab, from, to),
        Draw::Remove(items) => remove::items(lab, items),
        Draw::RenameNamespace { from, to } => rename::namespace(lab, from, to),
        Draw::RenameInterface { at, to } => rename::interface(lab, at, to),
        Draw::Move { things, .. } => Ok(move_things(lab, things)),
        Draw::Arrange => {
            *lab = arrange::arrange(lab);
            Ok(Edited::new("Arrange automatically"))
        }
        Draw::Interface { at, change } => change_interface(lab, at, change),
        Draw::Up { of, up } => set_up(lab, of, *up),
        Draw::Namespace { name, change } => change_namespace(lab, name, change),
        Draw::Bridge { at, settings } => {
            let bridge = lab.interface_mut(at).filter(|found| found.bridge_settings().is_some());
            let bridge = bridge.ok_or_else(|| format!("There is no bridge {at}"))?;
            bridge.kind = InterfaceKind::Bridge(*settings);
            Ok(Edited::new(format!("Set up {}", at.interface)))
        }
        Draw::Lab(change) => change_lab(lab, change),
        Draw::Cut | Draw::Copy | Draw::Paste { .. } | Draw::Duplicate => {
            Err("The clipboard is the draft's own business".into())
        }
    }
}

fn add_namespace(lab: &mut Lab, at: Position, forwards: bool) -> Edited {
    let name = if forwards { naming::router(lab) } else { naming::namespace(lab) };
    let mut namespace = Namespace { position: Some(at), ..Namespace::default() };
    if forwards {
        namespace.sysctls.ipv4_forward = Some(true);
    }
    lab.namespaces.insert(name.clone(), namespace);
    let what = if forwards { "router" } else { "namespace" };
    Edited::new(format!("Add {what} {name}")).selecting([Item::Thing(Thing::Namespace(name))])
}

/// Inside the namespace whose room is there, else on the host.
fn add_bridge(lab: &mut Lab, at: Position) -> Edited {
    let name = naming::bridge(lab);
    let inside = namespace_at(lab, at).unwrap_or_else(NamespaceName::host);
    let mut bridge = Interface::new(InterfaceKind::Bridge(Default::default()));
    bridge.position = Some(at);
    let namespace = lab.namespaces.entry(inside.clone()).or_default();
    namespace.interfaces.insert(name.clone(), bridge);
    // A house begins above its first switch.
    if namespace.position.is_none() {
        let (left, top) = (sizes::HOUSE_PAD as i32, (sizes::HOUSE_PAD + sizes::HOUSE_HEADER) as i32);
        namespace.position = Some(Position { x: at.x.saturating_sub(left), y: at.y.saturating_sub(top) });
    }
    let words = format!("Add bridge {name}");
    Edited::new(words).selecting([Item::Thing(Thing::Bridge(Place::new(inside, name)))])
}

/// The namespace whose card lies around the middle of a switch put at `at`.
fn namespace_at(lab: &Lab, at: Position) -> Option<NamespaceName> {
    let x = at.x as f32 + sizes::SWITCH_WIDTH / 2.0;
    let y = at.y as f32 + sizes::SWITCH_HEIGHT / 2.0;
    let is_around = |namespace: &Namespace| {
        namespace.position.is_some_and(|corner| {
            let (left, top) = (corner.x as f32, corner.y as f32);
            (left..left + sizes::ROOM_WIDTH).contains(&x) && (top..top + sizes::ROOM_HEIGHT).contains(&y)
        })
    };
    lab.namespaces.iter().find(|(_, namespace)| is_around(namespace)).map(|(name, _)| name.clone())
}

fn move_things(lab: &mut Lab, things: &[(Thing, Position)]) -> Edited {
    // Namespaces take their bridges along, so those that go elsewhere go there afterwards.
    for (thing, to) in things {
        if let Thing::Namespace(name) = thing {
            move_namespace(lab, name, *to);
        }
    }
    for (thing, to) in things {
        if let Thing::Bridge(at) = thing
            && let Some(bridge) = lab.interface_mut(at).filter(|found| found.bridge_settings().is_some())
        {
            bridge.position = Some(*to);
        }
    }
    Edited::new(match things {
        [(thing, _)] => format!("Move {}", words_of(&Item::Thing(thing.clone()))),
        _ => format!("Move {} things", things.len()),
    })
}

/// A house takes its switches along.
fn move_namespace(lab: &mut Lab, name: &NamespaceName, to: Position) {
    let namespace = if name.is_host() {
        lab.namespaces.entry(name.clone()).or_default()
    } else if let Some(namespace) = lab.namespaces.get_mut(name) {
        namespace
    } else {
        return;
    };
    let from = namespace.position.unwrap_or(to);
    namespace.position = Some(to);
    for interface in namespace.interfaces.values_mut() {
        if let Some(position) = &mut interface.position {
            position.x = position.x.saturating_add(to.x.saturating_sub(from.x));
            position.y = position.y.saturating_add(to.y.saturating_sub(from.y));
        }
    }
}

fn set_up(lab: &mut Lab, of: &BTreeSet<Place>, up: bool) -> Result<Edited, String> {
    if let Some(gone) = of.iter().find(|at| lab.interface(at).is_none()) {
        return Err(format!("There is no interface {gone}"));
    }
    for at in of {
        if let Some(interface) = lab.interface_mut(at) {
            interface.up = up;
        }
    }
    let verb = if up { "Bring up" } else { "Take down" };
    let of: Vec<&Place> = of.iter().collect();
    Ok(Edited::new(match of[..] {
        [] => return Err("Nothing is selected".into()),
        [one] => format!("{verb} {}", one.interface),
        [one, other] if lab.peer(one) == Some(other) => {
            format!("{} {} – {}", if up { "Plug in" } else { "Unplug" }, one.interface, other.interface)
        }
        _ => format!("{verb} {} interfaces", of.len()),
    }))
}

fn change_interface(lab: &mut Lab, at: &Place, change: &InterfaceChange) -> Result<Edited, String> {
    if let InterfaceChange::PortOf(Some(bridge)) = change {
        check_port(lab, at, bridge)?;
    }
    let name = at.interface.clone();
    let interface = lab.interface_mut(at).ok_or_else(|| format!("There is no interface {at}"))?;
    let words = match change {
        InterfaceChange::Up(up) => {
            interface.up = *up;
            format!("{} {name}", if *up { "Bring up" } else { "Take down" })
        }
        InterfaceChange::Mac(mac) => {
            interface.mac = *mac;
            format!("Set the MAC of {name}")
        }
        InterfaceChange::Mtu(mtu) => {
            interface.mtu = *mtu;
            format!("Set the MTU of {name}")
        }
        InterfaceChange::AddAddress(address) => {
            interface.addresses.insert(*address);
            format!("Give {name} {address}")
        }
        InterfaceChange::RemoveAddress(address) => {
            interface.addresses.remove(address);
            format!("Take {address} from {name}")
        }
        InterfaceChange::ReplaceAddress { from, to } => {
            if !interface.addresses.remove(from) {
                return Err(format!("{name} does not have {from}"));
            }
            interface.addresses.insert(*to);
            format!("Change {from} of {name} to {to}")
        }
        InterfaceChange::AddNeighbour(neighbour) => {
            interface.neighbours.retain(|known| known.address != neighbour.address);
            interface.neighbours.insert(*neighbour);
            format!("Add neighbour {} to {name}", neighbour.address)
        }
        InterfaceChange::RemoveNeighbour(neighbour) => {
            interface.neighbours.remove(neighbour);
            format!("Remove neighbour {} from {name}", neighbour.address)
        }
        InterfaceChange::PortOf(bridge) => {
            interface.bridge.clone_from(bridge);
            interface.vlans.clear();
            match bridge {
                Some(bridge) => format!("Make {name} a port of {bridge}"),
                None => format!("Make {name} no port any more"),
            }
        }
        InterfaceChange::Vlans(vlans) => {
            interface.vlans.clone_from(vlans);
            format!("Set the VLANs of {name}")
        }
    };
    Ok(Edited::new(words))
}

fn check_port(lab: &Lab, at: &Place, bridge: &InterfaceName) -> Result<(), String> {
    let place = Place::new(at.namespace.clone(), bridge.clone());
    let is_end = lab.interface(at).is_none_or(|found| found.kind == InterfaceKind::VethEnd);
    if !is_end || lab.interface(&place).and_then(Interface::bridge_settings).is_none() {
        return Err(format!("{bridge} is no bridge that {} could be a port of", at.interface));
    }
    Ok(())
}

fn change_namespace(lab: &mut Lab, name: &NamespaceName, change: &NamespaceChange) -> Result<Edited, String> {
    if !name.is_host() && !lab.namespaces.contains_key(name) {
        return Err(format!("There is no namespace {name}"));
    }
    let namespace = lab.namespaces.entry(name.clone()).or_default();
    let words = match change {
        NamespaceChange::AddRoute(route) => {
            if route.via.is_none() && route.dev.is_none() {
                return Err("A route needs a gateway, an interface, or both".into());
            }
            if let Some(dev) = route.dev.as_ref().filter(|dev| !has_interface(namespace, dev)) {
                return Err(format!("{name} has no interface {dev}"));
            }
            namespace.routes.insert(route.clone());
            format!("Add a route to {} in {name}", shown(&route.to))
        }
        NamespaceChange::RemoveRoute(route) => {
            namespace.routes.remove(route);
            format!("Remove the route to {} from {name}", shown(&route.to))
        }
        NamespaceChange::Sysctl(sysctl, value) => {
            if let Some(value) = value.filter(|value| sysctl.greatest() < *value) {
                return Err(format!("{value} means nothing there; {} is the greatest", sysctl.greatest()));
            }
            set_sysctl(namespace, *sysctl, *value);
            format!("Set {} in {name}", sysctl.keys().first().copied().unwrap_or("a setting"))
        }
        NamespaceChange::Firewall(firewall) => {
            let known: BTreeSet<&InterfaceName> = named_by(&namespace.firewall).collect();
            let unknown = |named: &&InterfaceName| !has_interface(namespace, named) && !known.contains(named);
            if let Some(named) = named_by(firewall).find(unknown) {
                return Err(format!("{name} has no interface {named}"));
            }
            namespace.firewall.clone_from(firewall);
            format!("Change the firewall of {name}")
        }
    };
    Ok(Edited::new(words))
}

/// Each namespace has its `lo`, also where the lab says nothing of it.
fn has_interface(namespace: &Namespace, name: &InterfaceName) -> bool {
    name.is_loopback() || namespace.interfaces.contains_key(name)
}

fn named_by(firewall: &Firewall) -> impl Iterator<Item = &InterfaceName> {
    let by_rules = firewall.rules.iter().flat_map(|rule| [&rule.in_interface, &rule.out_interface]);
    firewall.masquerade.iter().chain(by_rules.flatten())
}

fn shown(to: &IpNet) -> String {
    if to.prefix_len() == 0 { "everywhere".into() } else { to.to_string() }
}

fn set_sysctl(namespace: &mut Namespace, sysctl: Sysctl, value: Option<u8>) {
    let sysctls = &mut namespace.sysctls;
    match (sysctl, value) {
        (_, Some(value)) => sysctls.set_value(sysctl, value),
        (Sysctl::Ipv4Forward, None) => sysctls.ipv4_forward = None,
        (Sysctl::Ipv6Forward, None) => sysctls.ipv6_forward = None,
        (Sysctl::RpFilter, None) => sysctls.rp_filter = None,
        (Sysctl::DisableIpv6, None) => sysctls.disable_ipv6 = None,
    }
}

fn change_lab(lab: &mut Lab, change: &LabChange) -> Result<Edited, String> {
    match change {
        LabChange::Title(title) => lab.title.clone_from(title),
        LabChange::About(about) => lab.about.clone_from(about),
        LabChange::TryThis(try_this) => lab.try_this.clone_from(try_this),
        LabChange::Pings(pings) => {
            let unknown = |name: &NamespaceName| !name.is_host() && !lab.namespaces.contains_key(name);
            for ping in pings.iter().filter(|ping| !lab.pings.contains(ping)) {
                let to = if let Target::Namespace(to) = &ping.1 { Some(to) } else { None };
                if let Some(name) = [Some(&ping.0), to].into_iter().flatten().find(|name| unknown(name)) {
                    return Err(format!("There is no namespace {name}"));
                }
            }
            lab.pings.clone_from(pings);
        }
    }
    Ok(Edited::new("Describe the lab"))
}

/// What an item is called.
pub fn words_of(item: &Item) -> String {
    match item {
        Item::Thing(Thing::Namespace(name)) => name.to_string(),
        Item::Thing(Thing::Bridge(at)) | Item::Interface(at) => at.interface.to_string(),
        Item::Cable(cable) => {
            let [one, other] = cable.ends();
            format!("the cable {} – {}", one.interface, other.interface)
        }
    }
}
