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
    let mut lab = in_a_row(["10.1.0.2/24", "10.1.0.1/24"], ["10.2.0.1/24", "10.2.0.2/24"], "0.0.0.0/0");
    namespace(&mut lab, "mid").sysctls.ipv4_forward = Some(true);
    lab
}

/// The same with IPv6.
pub fn routed_with_ipv6() -> Lab {
    let mut lab = in_a_row(["fd00:1::2/64", "fd00:1::1/64"], ["fd00:2::1/64", "fd00:2::2/64"], "::/0");
    namespace(&mut lab, "mid").sysctls.ipv6_forward = Some(true);
    lab
}

/// Both ends of each cable, and what both sides send to the middle.
fn in_a_row([left, to_left]: [&str; 2], [to_right, right]: [&str; 2], everything: &str) -> Lab {
    let mut lab = Lab::default();
    plug(&mut lab, ("left/eth0", Some(left)), ("mid/eth-l", Some(to_left)));
    plug(&mut lab, ("right/eth0", Some(right)), ("mid/eth-r", Some(to_right)));
    for (from, gateway) in [("left", to_left), ("right", to_right)] {
        let to = everything.parse().expect("a network");
        let (via, _prefix) = gateway.split_once('/').expect("an address in its network");
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
