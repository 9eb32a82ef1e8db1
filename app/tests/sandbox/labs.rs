//! Labs made up for these tests.

use std::{net::IpAddr, time::Duration};

use hopscope::engine::client::{Probe, ProbeKind};
use topology::{
    BridgeSettings, Cable, Interface, InterfaceKind, Lab, Namespace, NamespaceName, Place, Route,
};

pub fn name(text: &str) -> NamespaceName {
    text.parse().expect("a namespace's name")
}

pub fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// `red` (10.10.0.1/24) and `blue` (10.10.0.2/24) on one cable; red's default route goes to blue.
pub fn red_and_blue() -> Lab {
    let mut lab = Lab::default();
    plug(&mut lab, ("red/eth0", Some("10.10.0.1/24")), ("blue/eth0", Some("10.10.0.2/24")));
    lab
}

/// `left` (10.1.0.2/24), a router `mid` (.1 on both sides), `right` (10.2.0.2/24).
pub fn routed() -> Lab {
    let mut lab = Lab::default();
    plug(&mut lab, ("left/eth0", Some("10.1.0.2/24")), ("mid/eth-l", Some("10.1.0.1/24")));
    plug(&mut lab, ("right/eth0", Some("10.2.0.2/24")), ("mid/eth-r", Some("10.2.0.1/24")));
    namespace(&mut lab, "mid").sysctls.ipv4_forward = Some(true);
    for (from, via) in [("left", "10.1.0.1"), ("right", "10.2.0.1")] {
        let to = "0.0.0.0/0".parse().expect("a network");
        namespace(&mut lab, from).routes.insert(Route { to, via: Some(ip(via)), dev: None });
    }
    lab
}

/// The same with IPv6.
pub fn routed_with_ipv6() -> Lab {
    let mut lab = Lab::default();
    plug(&mut lab, ("left/eth0", Some("fd00:1::2/64")), ("mid/eth-l", Some("fd00:1::1/64")));
    plug(&mut lab, ("right/eth0", Some("fd00:2::2/64")), ("mid/eth-r", Some("fd00:2::1/64")));
    namespace(&mut lab, "mid").sysctls.ipv6_forward = Some(true);
    for (from, via) in [("left", "fd00:1::1"), ("right", "fd00:2::1")] {
        let to = "::/0".parse().expect("a network");
        namespace(&mut lab, from).routes.insert(Route { to, via: Some(ip(via)), dev: None });
    }
    lab
}

/// `count` namespaces on one bridge of the host.
pub fn star(count: usize) -> Lab {
    let mut lab = Lab::default();
    let bridge = Interface::new(InterfaceKind::Bridge(BridgeSettings::default()));
    put(&mut lab, &place("host/br0"), bridge);
    for number in 1..=count {
        let (host, port) = (format!("ns{number}/eth0"), format!("host/v{number}"));
        let address = format!("10.9.{}.{}/16", number / 200, number % 200 + 1);
        plug(&mut lab, (&host, Some(&address)), (&port, None));
        let port = lab.interface_mut(&place(&port)).expect("just plugged");
        port.bridge = Some("br0".parse().expect("a name"));
    }
    lab
}

pub fn ping(from: &str, to: &str) -> Probe {
    let kind = ProbeKind::ping(ip(to), 77, 1);
    Probe { from: name(from), kind, timeout: Duration::from_secs(4) }
}

fn place(text: &str) -> Place {
    text.parse().expect("a place")
}

fn namespace<'a>(lab: &'a mut Lab, of: &str) -> &'a mut Namespace {
    lab.namespaces.entry(name(of)).or_insert_with(|| {
        let mut namespace = Namespace::default();
        let loopback = Interface::new(InterfaceKind::Loopback);
        namespace.interfaces.insert("lo".parse().expect("a name"), loopback);
        namespace
    })
}

fn put(lab: &mut Lab, at: &Place, interface: Interface) {
    namespace(lab, at.namespace.as_str()).interfaces.insert(at.interface.clone(), interface);
}

fn plug(lab: &mut Lab, one: (&str, Option<&str>), other: (&str, Option<&str>)) {
    let ends = [one, other].map(|(at, address)| {
        let mut end = Interface::new(InterfaceKind::VethEnd);
        end.addresses.extend(address.map(|address| address.parse::<ipnet::IpNet>().expect("an address")));
        put(lab, &place(at), end);
        place(at)
    });
    let [one, other] = ends;
    lab.cables.insert(Cable::new(one, other));
}
