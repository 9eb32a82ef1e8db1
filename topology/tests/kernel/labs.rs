//! Labs with everything explicit, as a ground observes them.

use std::collections::BTreeSet;

use topology::{
    BridgeSettings, Cable, Interface, InterfaceKind, InterfaceName, Lab, MacAddress, Namespace,
    NamespaceName, Place, Plan, Step, Sysctls,
};

pub const KERNEL_SYSCTLS: Sysctls = Sysctls {
    ipv4_forward: Some(false),
    ipv6_forward: Some(false),
    rp_filter: Some(0),
    disable_ipv6: Some(false),
};
pub const NO_IPV6: Sysctls = Sysctls { disable_ipv6: Some(true), ..KERNEL_SYSCTLS };

pub fn name(text: &str) -> NamespaceName {
    text.parse().expect("a namespace's name")
}

pub fn interface(text: &str) -> InterfaceName {
    text.parse().expect("an interface's name")
}

pub fn place(text: &str) -> Place {
    text.parse().expect("a place")
}

pub fn mac(text: &str) -> MacAddress {
    MacAddress::derived_from(text)
}

pub fn cable(one: &str, other: &str) -> Cable {
    Cable::new(place(one), place(other))
}

/// A namespace with its loopback, down.
pub fn namespace(sysctls: Sysctls) -> Namespace {
    let loopback = Interface {
        up: false,
        mac: Some(MacAddress::default()),
        mtu: Some(65536),
        ..Interface::new(InterfaceKind::Loopback)
    };
    let interfaces = [(InterfaceName::loopback(), loopback)].into();
    Namespace { sysctls, interfaces, ..Namespace::default() }
}

/// The sandbox as it starts: the host alone.
pub fn empty() -> Lab {
    Lab { namespaces: [(NamespaceName::host(), namespace(KERNEL_SYSCTLS))].into(), ..Lab::default() }
}

pub fn new_interface(lab: &mut Lab, at: &str, kind: InterfaceKind) {
    let new = Interface { up: false, mac: Some(mac(at)), mtu: Some(1500), ..Interface::new(kind) };
    let at = place(at);
    lab.namespaces.get_mut(&at.namespace).expect("the namespace").interfaces.insert(at.interface, new);
}

pub fn plug(one: &str, other: &str) -> Step {
    let cable = cable(one, other);
    let macs = [0, 1].map(|end: usize| mac(&cable.ends()[end].to_string()));
    Step::PlugCable { cable, macs }
}

pub fn add_namespace(text: &str) -> Step {
    Step::AddNamespace { name: name(text), sysctls: NO_IPV6 }
}

pub fn add_bridge(at: &str, settings: BridgeSettings) -> Step {
    Step::AddBridge { at: place(at), mac: mac(at), settings }
}

pub fn up(at: &str) -> Step {
    Step::SetUp { at: place(at), up: true }
}

pub fn enslave(port: &str, bridge: &str) -> Step {
    Step::Enslave { port: place(port), bridge: interface(bridge) }
}

pub fn address(at: &str, address: &str) -> Step {
    Step::AddAddress { at: place(at), address: address.parse().expect("an address with its prefix") }
}

/// `count` namespaces around a bridge on the host, all up, each with an address.
pub fn star(count: u32) -> Plan {
    let mut steps: Vec<Step> = (0..count).map(|i| add_namespace(&format!("ns{i}"))).collect();
    steps.push(add_bridge("host/br0", BridgeSettings::default()));
    steps.push(up("host/br0"));
    for i in 0..count {
        let port = format!("host/port{i}");
        steps.extend([plug(&format!("ns{i}/eth0"), &port), enslave(&port, "br0"), up(&port)]);
    }
    for i in 0..count {
        let eth0 = format!("ns{i}/eth0");
        let ip = format!("10.1.{}.{}/16", i / 250, i % 250 + 1);
        steps.extend([up(&format!("ns{i}/lo")), address(&eth0, &ip), up(&eth0)]);
    }
    Plan { steps }
}

pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    items.into_iter().collect()
}
