//! What `ip` says of a namespace, in the words that can be held against a lab.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use topology::{InterfaceKind, Lab, NamespaceName};

use crate::sandbox::output;

/// One interface: kind, controller, up, MAC, MTU, addresses.
pub type Told = (String, Option<String>, bool, String, u64, BTreeSet<String>);

/// By `ip -json -d addr` in the host and in each namespace that `ip netns` lists.
pub fn by_ip() -> BTreeMap<String, BTreeMap<String, Told>> {
    let one = |name: &String| {
        let inside = if name == "host" { String::new() } else { format!("-n {name}") };
        (name.clone(), interfaces(&output(&format!("ip {inside} -json -d addr"))))
    };
    namespaces().iter().map(one).collect()
}

/// The host, and each that `ip netns` lists.
pub fn namespaces() -> Vec<String> {
    let mut names: Vec<String> = output("ip netns list").lines().map(first_word).collect();
    names.push("host".into());
    names
}

fn first_word(line: &str) -> String {
    line.split_whitespace().next().unwrap_or_default().into()
}

fn interfaces(json: &str) -> BTreeMap<String, Told> {
    let all: Vec<Value> = serde_json::from_str(json).expect("ip speaks JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let bridges: BTreeSet<String> = all
        .iter()
        .filter(|link| link["linkinfo"]["info_kind"] == "bridge")
        .map(|link| text(&link["ifname"]))
        .collect();
    all.iter()
        .filter(|link| !link["ifname"].is_null())
        .map(|link| {
            let flags = link["flags"].as_array().expect("flags");
            let kind =
                match (text(&link["link_type"]).as_str(), text(&link["linkinfo"]["info_kind"]).as_str()) {
                    ("loopback", _) => "loopback".into(),
                    ("ether", "tun") => "tap".into(),
                    (_, kind) => kind.to_string(),
                };
            let addresses = link["addr_info"].as_array().into_iter().flatten().filter(|found| {
                // Those are the kernel's own; nobody gives any by hand here.
                let local = text(&found["local"]);
                local != "127.0.0.1" && local != "::1" && !local.starts_with("fe80:")
            });
            let addresses =
                addresses.map(|found| format!("{}/{}", text(&found["local"]), found["prefixlen"])).collect();
            let controller = link["master"].as_str().map(String::from).filter(|name| bridges.contains(name));
            let mac = if kind == "tun" { String::new() } else { text(&link["address"]) };
            let up = flags.iter().any(|flag| flag == "UP");
            let mtu = link["mtu"].as_u64().expect("an MTU");
            (text(&link["ifname"]), (kind, controller, up, mac, mtu, addresses))
        })
        .collect()
}

/// The same of a lab.
pub fn by_lab(lab: &Lab) -> BTreeMap<String, BTreeMap<String, Told>> {
    lab.namespaces.keys().map(|name| (name.to_string(), by_lab_in(lab, name))).collect()
}

pub fn by_lab_in(lab: &Lab, name: &NamespaceName) -> BTreeMap<String, Told> {
    let told = lab.namespaces[name].interfaces.iter().map(|(name, found)| {
        let kind = match found.kind {
            InterfaceKind::Loopback => "loopback",
            InterfaceKind::VethEnd => "veth",
            InterfaceKind::Bridge(_) => "bridge",
            InterfaceKind::Other(kind) => kind.as_str(),
        };
        let controller = found.bridge.as_ref().map(ToString::to_string);
        let mac = found.mac.map(|mac| mac.to_string()).unwrap_or_default();
        let addresses = found.addresses.iter().map(ToString::to_string).collect();
        let mtu = found.mtu.map_or(0, u64::from);
        (name.to_string(), (kind.to_string(), controller, found.up, mac, mtu, addresses))
    });
    told.collect()
}
