//! From the file's shape to a lab.
//!
//! Refused is what no lab can hold; whether the lab makes sense is for [`crate::check`] to say,
//! so that a half-finished lab can be saved and opened again.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    ops::Range,
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde_spanned::Spanned;
use wiring::Wiring;

use super::{
    LOOSE_END,
    dto::{self, Pair, Text},
    error::Problem,
    values::{self, problem},
};
use crate::{
    BridgeSettings, FilterRule, Firewall, Interface, InterfaceKind, InterfaceName, Lab, Namespace,
    NamespaceName, Neighbour, OtherKind, Place, PortVlan, Position, Route, Sysctls, Target,
};

mod wiring;

pub(super) fn lab(file: dto::File) -> Result<Lab, Problem> {
    let mut lab = Lab { title: file.title, about: file.about, try_this: file.try_this, ..Lab::default() };
    let mut wiring = Wiring::default();
    for (name, found) in file.namespaces {
        let key = values::namespace_name(&name)?;
        let namespace = namespace(&key, found, &mut wiring)?;
        lab.namespaces.insert(key, namespace);
    }
    wiring.connect(&mut lab, &file.cables)?;
    lab.pings = file.pings.iter().map(ping).collect::<Result<_, _>>()?;
    Ok(lab)
}

fn namespace(name: &NamespaceName, found: dto::Namespace, wiring: &mut Wiring) -> Result<Namespace, Problem> {
    let mut interfaces = BTreeMap::new();
    for (text, found) in found.interfaces {
        let key = values::interface_name(&text)?;
        let kind = interface_kind(&key, found.kind.as_ref())?;
        let is_loose = found.kind.is_some();
        interfaces.insert(key.clone(), interface(kind, found)?);
        if kind == InterfaceKind::VethEnd && !is_loose {
            wiring.ends.push((text, Place::new(name.clone(), key)));
        }
    }
    for (text, found) in found.bridges {
        let key = values::interface_name(&text)?;
        if key.is_loopback() || interfaces.contains_key(&key) {
            let message = format!("the name “{key}” is taken: {name} has an interface that is called so");
            return Err(problem(
                &text,
                message,
                "each bridge and interface of a namespace needs its own name",
            ));
        }
        let at = Place::new(name.clone(), key.clone());
        wiring.ports.extend(found.ports.iter().map(|port| (at.clone(), port.clone())));
        interfaces.insert(key, bridge(found)?);
    }
    Ok(Namespace {
        position: found.position.map(position),
        sysctls: Sysctls {
            ipv4_forward: found.ip_forward,
            ipv6_forward: found.ipv6_forward,
            rp_filter: found.rp_filter.as_ref().map(rp_filter).transpose()?,
            disable_ipv6: found.disable_ipv6,
        },
        interfaces,
        routes: once_each(&found.routes, route, Spanned::span)?,
        firewall: firewall(&found.firewall)?,
    })
}

fn interface_kind(name: &InterfaceName, word: Option<&Text>) -> Result<InterfaceKind, Problem> {
    let Some(word) = word else {
        let is_loopback = name.is_loopback();
        return Ok(if is_loopback { InterfaceKind::Loopback } else { InterfaceKind::VethEnd });
    };
    if name.is_loopback() {
        return Err(problem(word, "lo is the loopback", "leave out its kind"));
    }
    if word.get_ref() == LOOSE_END {
        return Ok(InterfaceKind::VethEnd);
    }
    OtherKind::named(word.get_ref()).map(InterfaceKind::Other).ok_or_else(|| {
        let words: Vec<&str> =
            OtherKind::ALL.into_iter().map(OtherKind::as_str).filter(|word| *word != "veth").collect();
        let message = format!("“{}” is no kind of interface", word.get_ref());
        problem(word, message, format!("one of {}", words.join(", ")))
    })
}

fn interface(kind: InterfaceKind, found: dto::Interface) -> Result<Interface, Problem> {
    Ok(Interface {
        mac: found.mac.as_ref().map(values::mac).transpose()?,
        mtu: found.mtu,
        up: found.up.unwrap_or(true),
        addresses: once_each(&found.addresses, values::network, Text::span)?,
        neighbours: once_each(&found.neighbours, neighbour, Spanned::span)?,
        vlans: once_each(&found.vlans, |vlan| Ok(port_vlan(vlan.get_ref())), Spanned::span)?,
        ..Interface::new(kind)
    })
}

fn bridge(found: dto::Bridge) -> Result<Interface, Problem> {
    let usual = BridgeSettings::default();
    let settings = BridgeSettings {
        stp: found.stp.unwrap_or(usual.stp),
        forward_delay: found.forward_delay.unwrap_or(usual.forward_delay),
        ageing: found.ageing.unwrap_or(usual.ageing),
        priority: found.priority.unwrap_or(usual.priority),
        vlan_filtering: found.vlan_filtering.unwrap_or(usual.vlan_filtering),
    };
    let as_interface = dto::Interface {
        kind: None,
        mac: found.mac,
        mtu: found.mtu,
        up: found.up,
        addresses: found.addresses,
        neighbours: found.neighbours,
        vlans: found.vlans,
    };
    let interface = interface(InterfaceKind::Bridge(settings), as_interface)?;
    Ok(Interface { position: found.position.map(position), ..interface })
}

fn position(Pair([x, y]): Pair<i32>) -> Position {
    Position { x, y }
}

fn rp_filter(value: &Spanned<i64>) -> Result<u8, Problem> {
    u8::try_from(*value.get_ref()).ok().filter(|value| *value <= 2).ok_or_else(|| {
        let message = format!("rp_filter cannot be {}", value.get_ref());
        Problem::new(value.span(), message, "0 is off, 1 strict, 2 loose")
    })
}

fn ping(Pair([from, to]): &Pair<Text>) -> Result<(NamespaceName, Target), Problem> {
    let from = values::namespace_name(from)?;
    let target = match to.get_ref().parse() {
        Ok(address) => Target::Address(address),
        Err(_) => Target::Namespace(values::namespace_name(to)?),
    };
    Ok((from, target))
}

fn neighbour(found: &Spanned<dto::Neighbour>) -> Result<Neighbour, Problem> {
    let found = found.get_ref();
    Ok(Neighbour { address: values::address(&found.address)?, mac: values::mac(&found.mac)? })
}

fn port_vlan(found: &dto::Vlan) -> PortVlan {
    PortVlan { id: found.id, pvid: found.pvid, untagged: found.untagged }
}

fn route(found: &Spanned<dto::Route>) -> Result<Route, Problem> {
    let dto::Route { to, via, dev } = found.get_ref();
    let via = via.as_ref().map(values::address).transpose()?;
    if via.is_none() && dev.is_none() {
        let message = "this route leads nowhere";
        return Err(Problem::new(
            found.span(),
            message,
            "add a gateway (`via`), an interface (`dev`) or both",
        ));
    }
    let to = match (to.get_ref().as_str(), via) {
        ("default", Some(IpAddr::V6(_))) => IpNet::V6(Ipv6Net::default()),
        ("default", Some(IpAddr::V4(_)) | None) => IpNet::V4(Ipv4Net::default()),
        _ => values::network(to)?,
    };
    Ok(Route { to, via, dev: dev.as_ref().map(values::interface_name).transpose()? })
}

fn firewall(found: &dto::Firewall) -> Result<Firewall, Problem> {
    Ok(Firewall {
        masquerade: once_each(&found.masquerade, values::interface_name, Text::span)?,
        rules: found.rules.iter().map(rule).collect::<Result<_, _>>()?,
    })
}

fn rule(found: &dto::Rule) -> Result<FilterRule, Problem> {
    Ok(FilterRule {
        hook: values::word(&found.hook, &values::HOOKS)?,
        protocol: found.protocol.as_ref().map(|word| values::word(word, &values::PROTOCOLS)).transpose()?,
        from: found.from.as_ref().map(values::network).transpose()?,
        to: found.to.as_ref().map(values::network).transpose()?,
        in_interface: found.in_interface.as_ref().map(values::interface_name).transpose()?,
        out_interface: found.out_interface.as_ref().map(values::interface_name).transpose()?,
        port: found.port,
        verdict: values::word(&found.verdict, &values::VERDICTS)?,
    })
}

/// Reads a list whose order means nothing, and in which nothing may stand twice.
fn once_each<T, V: Ord>(
    found: &[T],
    read: impl Fn(&T) -> Result<V, Problem>,
    span: impl Fn(&T) -> Range<usize>,
) -> Result<BTreeSet<V>, Problem> {
    let mut values = BTreeSet::new();
    for item in found {
        if !values.insert(read(item)?) {
            return Err(Problem::new(span(item), "this stands here twice", "leave one of the two out"));
        }
    }
    Ok(values)
}
