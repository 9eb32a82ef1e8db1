//! From a lab to a file, as a person would write it: what goes without saying is not said.

use std::fmt::Display;

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::{LOOSE_END, VERSION, values};
use crate::{
    BridgeSettings, FilterRule, Interface, InterfaceKind, Lab, Namespace, NamespaceName, Neighbour, Place,
    PortVlan, Position, Route, Target,
};

/// A list with more characters than this gets a line for each element.
const LONGEST_LINE: usize = 90;

pub(super) fn document(lab: &Lab) -> DocumentMut {
    let mut document = DocumentMut::new();
    let file = document.as_table_mut();
    file.insert("hopscope", toml_edit::value(VERSION));
    for (key, text) in [("title", &lab.title), ("about", &lab.about), ("try", &lab.try_this)] {
        if !text.is_empty() {
            file.insert(key, toml_edit::value(text));
        }
    }
    put_list(file, "pings", lab.pings.iter().map(ping));
    let mut namespaces = implicit();
    for (name, found) in &lab.namespaces {
        namespaces.insert(name.as_str(), Item::Table(namespace(lab, name, found)));
    }
    put_table(file, "namespaces", namespaces);
    let mut cables = ArrayOfTables::new();
    for cable in &lab.cables {
        let mut table = Table::new();
        table.insert("ends", toml_edit::value(list(cable.ends().iter().map(text))));
        cables.push(table);
    }
    if !cables.is_empty() {
        file.insert("cables", Item::ArrayOfTables(cables));
    }
    document
}

fn namespace(lab: &Lab, name: &NamespaceName, found: &Namespace) -> Table {
    let mut table = Table::new();
    put(&mut table, "position", found.position.map(position));
    put(&mut table, "ip_forward", found.sysctls.ipv4_forward);
    put(&mut table, "ipv6_forward", found.sysctls.ipv6_forward);
    put(&mut table, "rp_filter", found.sysctls.rp_filter.map(i64::from));
    put(&mut table, "disable_ipv6", found.sysctls.disable_ipv6);
    put_list(&mut table, "routes", found.routes.iter().map(route));
    let (mut interfaces, mut bridges) = (implicit(), implicit());
    for (key, found) in &found.interfaces {
        let at = Place::new(name.clone(), key.clone());
        match found.kind {
            InterfaceKind::Bridge(settings) => {
                bridges.insert(key.as_str(), Item::Table(bridge(lab, &at, settings, found)));
            }
            InterfaceKind::Loopback | InterfaceKind::VethEnd | InterfaceKind::Other(_) => {
                let mut table = interface(found);
                if found.kind == InterfaceKind::VethEnd && lab.cable_at(&at).is_none() {
                    put(&mut table, "kind", Some(LOOSE_END));
                }
                // A cable's end with nothing to say comes into being by its cable.
                if !table.is_empty() || found.kind == InterfaceKind::Loopback {
                    interfaces.insert(key.as_str(), Item::Table(table));
                }
            }
        }
    }
    put_table(&mut table, "interfaces", interfaces);
    put_table(&mut table, "bridges", bridges);
    let mut firewall = Table::new();
    put_list(&mut firewall, "masquerade", found.firewall.masquerade.iter().map(text));
    put_list(&mut firewall, "rules", found.firewall.rules.iter().map(rule));
    put_table(&mut table, "firewall", firewall);
    // The header of a namespace that only has tables below it says nothing that they do not say.
    table.set_implicit(!table.is_empty() && table.iter().all(|(_, item)| item.is_table()));
    table
}

fn interface(found: &Interface) -> Table {
    let mut table = Table::new();
    if let InterfaceKind::Other(kind) = found.kind {
        put(&mut table, "kind", Some(kind.as_str()));
    }
    put(&mut table, "mac", found.mac.map(|mac| mac.to_string()));
    put(&mut table, "mtu", found.mtu.map(i64::from));
    put(&mut table, "up", (!found.up).then_some(false));
    put_list(&mut table, "addresses", found.addresses.iter().map(text));
    put_list(&mut table, "neighbours", found.neighbours.iter().map(neighbour));
    put_list(&mut table, "vlans", found.vlans.iter().map(port_vlan));
    table
}

fn bridge(lab: &Lab, at: &Place, settings: BridgeSettings, found: &Interface) -> Table {
    let mut table = Table::new();
    put_list(&mut table, "ports", lab.ports(at).map(|port| text(&port.interface)));
    put(&mut table, "position", found.position.map(position));
    let usual = BridgeSettings::default();
    let unusual = |value: u32, usual: u32| (value != usual).then_some(i64::from(value));
    put(&mut table, "stp", settings.stp.then_some(true));
    put(&mut table, "forward_delay", unusual(settings.forward_delay, usual.forward_delay));
    put(&mut table, "ageing", unusual(settings.ageing, usual.ageing));
    put(&mut table, "priority", unusual(settings.priority.into(), usual.priority.into()));
    put(&mut table, "vlan_filtering", settings.vlan_filtering.then_some(true));
    for (key, item) in interface(found) {
        table.insert(&key, item);
    }
    table
}

fn ping((from, target): &(NamespaceName, Target)) -> Value {
    let target = match target {
        Target::Namespace(name) => text(name),
        Target::Address(address) => text(address),
    };
    Value::Array(list([text(from), target].into_iter()))
}

fn position(position: Position) -> Array {
    list([position.x, position.y].into_iter().map(|points| Value::from(i64::from(points))))
}

fn route(route: &Route) -> Value {
    let default_needs_no_family = route.to.addr().is_ipv4() || route.via.is_some_and(|via| via.is_ipv6());
    let is_default = route.to.prefix_len() == 0 && route.to.addr().is_unspecified();
    let family_agrees = route.via.is_none_or(|via| via.is_ipv4() == route.to.addr().is_ipv4());
    let to = match is_default && default_needs_no_family && family_agrees {
        true => "default".into(),
        false => route.to.to_string(),
    };
    let via = route.via.map(|via| ("via", text(via)));
    let dev = route.dev.as_ref().map(|dev| ("dev", text(dev)));
    inline([Some(("to", to.into())), via, dev])
}

fn neighbour(neighbour: &Neighbour) -> Value {
    inline([Some(("address", text(neighbour.address))), Some(("mac", text(neighbour.mac)))])
}

fn port_vlan(vlan: &PortVlan) -> Value {
    let id = Some(("id", i64::from(vlan.id).into()));
    inline([id, vlan.pvid.then(|| ("pvid", true.into())), vlan.untagged.then(|| ("untagged", true.into()))])
}

fn rule(rule: &FilterRule) -> Value {
    inline([
        Some(("hook", values::word_for(rule.hook, &values::HOOKS).into())),
        rule.protocol.map(|protocol| ("protocol", values::word_for(protocol, &values::PROTOCOLS).into())),
        rule.from.map(|from| ("from", text(from))),
        rule.to.map(|to| ("to", text(to))),
        rule.in_interface.as_ref().map(|name| ("in", text(name))),
        rule.out_interface.as_ref().map(|name| ("out", text(name))),
        rule.port.map(|port| ("port", i64::from(port).into())),
        Some(("verdict", values::word_for(rule.verdict, &values::VERDICTS).into())),
    ])
}

fn text(value: impl Display) -> Value {
    Value::from(value.to_string())
}

fn inline<const N: usize>(entries: [Option<(&str, Value)>; N]) -> Value {
    Value::InlineTable(entries.into_iter().flatten().collect::<InlineTable>())
}

/// On one line if it fits, else a line for each element.
fn list(elements: impl Iterator<Item = Value>) -> Array {
    let mut array: Array = elements.collect();
    Array::fmt(&mut array);
    if LONGEST_LINE < array.to_string().len() {
        array.iter_mut().for_each(|element| element.decor_mut().set_prefix("\n    "));
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    array
}

fn implicit() -> Table {
    let mut table = Table::new();
    table.set_implicit(true);
    table
}

fn put(table: &mut Table, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        table.insert(key, Item::Value(value.into()));
    }
}

fn put_list(table: &mut Table, key: &str, elements: impl Iterator<Item = Value>) {
    let array = list(elements);
    put(table, key, (!array.is_empty()).then_some(array));
}

fn put_table(table: &mut Table, key: &str, inner: Table) {
    if !inner.is_empty() {
        table.insert(key, Item::Table(inner));
    }
}
