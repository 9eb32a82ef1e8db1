//! What was observed, as one line of JSON; the README documents it.

use std::io;

use serde::Serialize;
use topology::{Interface, InterfaceKind, Place, Sight};

#[derive(Serialize)]
#[serde(tag = "type", rename = "lab")]
struct Line<'a> {
    namespaces: Vec<NamespaceField<'a>>,
    bridges: Vec<BridgeField<'a>>,
    cables: Vec<CableField>,
    interfaces: Vec<InterfaceField>,
}

#[derive(Serialize)]
struct NamespaceField<'a> {
    name: &'a str,
    /// Of one that only a process holds: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<u32>,
}

#[derive(Serialize)]
struct BridgeField<'a> {
    name: String,
    namespace: &'a str,
    ports: Vec<String>,
}

#[derive(Serialize)]
struct CableField {
    ends: [String; 2],
}

#[derive(Serialize)]
struct InterfaceField {
    at: String,
    kind: &'static str,
    mac: Option<String>,
    up: bool,
    addresses: Vec<String>,
}

/// All but the host among the namespaces, and all but loopback among the interfaces; each list in order of names.
pub fn lab(out: &mut impl io::Write, sight: &Sight) -> io::Result<()> {
    let lab = &sight.lab;
    let namespaces = lab.namespaces.keys().filter(|name| !name.is_host()).map(|name| NamespaceField {
        name: name.as_str(),
        pid: sight.processes.get(name).map(|process| process.pid),
    });
    let found: Vec<(Place, &Interface)> =
        lab.interfaces().filter(|(_, found)| found.kind != InterfaceKind::Loopback).collect();
    let bridges = found.iter().filter(|(_, found)| found.bridge_settings().is_some());
    let bridges = bridges.map(|(at, _)| BridgeField {
        name: at.interface.to_string(),
        namespace: at.namespace.as_str(),
        ports: lab.ports(at).map(|port| port.interface.to_string()).collect(),
    });
    let line = Line {
        namespaces: namespaces.collect(),
        bridges: bridges.collect(),
        cables: lab
            .cables
            .iter()
            .map(|cable| CableField { ends: cable.ends().each_ref().map(Place::to_string) })
            .collect(),
        interfaces: found.iter().map(|(at, found)| interface(at, found)).collect(),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

fn interface(at: &Place, found: &Interface) -> InterfaceField {
    let kind = match found.kind {
        InterfaceKind::Loopback => "loopback",
        InterfaceKind::VethEnd => "veth",
        InterfaceKind::Bridge(_) => "bridge",
        InterfaceKind::Other(kind) => kind.as_str(),
    };
    InterfaceField {
        at: at.to_string(),
        kind,
        mac: found.mac.map(|mac| mac.to_string()),
        up: found.up,
        addresses: found.addresses.iter().map(ToString::to_string).collect(),
    }
}

#[cfg(test)]
mod tests {
    use topology::{BridgeSettings, Cable, Process, Sight};

    use super::*;

    #[test]
    fn the_line_keeps_its_contract() {
        let mut sight = Sight::default();
        let mut put = |at: &str, kind: InterfaceKind| -> Place {
            let place: Place = at.parse().expect("a place");
            let namespace = sight.lab.namespaces.entry(place.namespace.clone()).or_default();
            namespace.interfaces.insert(place.interface.clone(), Interface::new(kind));
            place
        };
        put("host/lo", InterfaceKind::Loopback);
        put("host/br0", InterfaceKind::Bridge(BridgeSettings::default()));
        let near = put("pid 4711/eth0", InterfaceKind::VethEnd);
        let port = put("host/veth-b", InterfaceKind::VethEnd);
        sight.lab.cables.insert(Cable::new(near.clone(), port.clone()));
        let found = sight.lab.interface_mut(&port).expect("it was put there");
        (found.bridge, found.up) = (Some("br0".parse().expect("a name")), false);
        let found = sight.lab.interface_mut(&near).expect("it was put there");
        found.addresses.insert("10.0.0.1/24".parse().expect("an address"));
        found.mac = Some("02:00:00:00:00:01".parse().expect("a MAC"));
        sight.processes.insert(near.namespace, Process { pid: 4711, command: "bash".into() });
        let mut out = Vec::new();
        lab(&mut out, &sight).expect("memory takes it");
        let expected = concat!(
            r#"{"type":"lab","namespaces":[{"name":"pid 4711","pid":4711}],"#,
            r#""bridges":[{"name":"br0","namespace":"host","ports":["veth-b"]}],"#,
            r#""cables":[{"ends":["host/veth-b","pid 4711/eth0"]}],"#,
            r#""interfaces":[{"at":"host/br0","kind":"bridge","mac":null,"up":true,"addresses":[]},"#,
            r#"{"at":"host/veth-b","kind":"veth","mac":null,"up":false,"addresses":[]},"#,
            r#"{"at":"pid 4711/eth0","kind":"veth","mac":"02:00:00:00:00:01","up":true,"addresses":["10.0.0.1/24"]}]}"#,
            "\n"
        );
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}
