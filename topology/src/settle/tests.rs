use proptest::prelude::*;

use crate::{
    Interface, InterfaceKind, Lab, MacAddress, OtherKind, Route,
    sample::{self, interface, namespace, net, place},
};

proptest! {
    #[test]
    fn a_settled_lab_is_settled(lab in sample::lab()) {
        let settled = lab.settled();
        prop_assert_eq!(settled.settled(), settled.clone());
        prop_assert_eq!(settled.bare(), lab.bare());
        prop_assert_eq!(lab.bare().bare(), lab.bare());
        prop_assert_eq!(settled.explicit(), settled);
    }

    #[test]
    fn everything_in_a_settled_lab_is_explicit(lab in sample::lab()) {
        let settled = lab.settled();
        for (place, found) in settled.interfaces() {
            let has_mac = found.kind != InterfaceKind::Other(OtherKind::Tun);
            prop_assert_eq!((found.mac.is_some(), found.mtu.is_some()), (has_mac, true), "{}", place);
            let is_end = found.kind == InterfaceKind::VethEnd;
            prop_assert_eq!(is_end, settled.cable_at(&place).is_some(), "{}", place);
        }
        for found in settled.namespaces.values() {
            prop_assert!(found.interfaces.contains_key(&interface("lo")));
            prop_assert!(found.routes.iter().all(|route| route.dev.is_some()));
            let sysctls = found.sysctls;
            prop_assert!(sysctls.ipv4_forward.and(sysctls.ipv6_forward).is_some());
            prop_assert!(sysctls.rp_filter.is_some() && sysctls.disable_ipv6.is_some());
        }
    }
}

#[test]
fn an_empty_lab_settles_to_a_host_with_its_loopback_up() {
    let settled = Lab::default().settled();
    let host = &settled.namespaces[&namespace("host")];
    assert_eq!(host.sysctls.disable_ipv6, Some(true));
    let lo = &host.interfaces[&interface("lo")];
    assert_eq!((lo.up, lo.mtu, lo.mac), (true, Some(65536), Some(MacAddress([0; 6]))));
}

#[test]
fn routes_get_their_interface_and_ipv6_its_switch() {
    let settled = sample::rich().settled();
    let red = &settled.namespaces[&namespace("red")];
    let dev = Some(interface("veth-red"));
    let default = |to, via: &str| Route { to: net(to), via: via.parse().ok(), dev: dev.clone() };
    assert_eq!(red.routes, [default("0.0.0.0/0", "10.10.0.254"), default("::/0", "2001:db8::fe")].into());
    assert_eq!(red.sysctls.disable_ipv6, Some(false));
    let port = settled.interface(&place("host/to-red")).expect("it is a port of this lab");
    assert_eq!(port.vlans, [super::FIRST_VLAN].into());
}

#[test]
fn what_leans_on_an_interface_that_is_down_is_left_out() {
    let mut lab = sample::rich();
    lab.interface_mut(&place("red/veth-red")).expect("it is an end in this lab").up = false;
    let settled = lab.settled();
    let red = &settled.namespaces[&namespace("red")];
    assert!(red.routes.is_empty());
    assert_eq!(red.interfaces[&interface("veth-red")].addresses, [net("10.10.0.1/24")].into());
}

#[test]
fn a_gateway_may_be_reached_through_a_route_that_names_its_interface() {
    let mut lab = sample::rich();
    let red = lab.namespaces.get_mut(&namespace("red")).expect("it is a room of this lab");
    let dev = Some(interface("veth-red"));
    let link = Route { to: net("169.254.1.1/32"), via: None, dev: dev.clone() };
    let far = Route { to: net("10.99.0.0/16"), via: "169.254.1.1".parse().ok(), dev: None };
    red.routes.extend([link.clone(), far.clone()]);
    let settled = lab.settled();
    let routes = &settled.namespaces[&namespace("red")].routes;
    assert!(routes.contains(&link) && routes.contains(&Route { dev, ..far }));
}

#[test]
fn a_veth_end_without_a_cable_cannot_be() {
    let mut lab = sample::rich();
    let red = lab.namespaces.get_mut(&namespace("red")).expect("it is a room of this lab");
    red.interfaces.insert(interface("loose"), Interface::new(InterfaceKind::VethEnd));
    assert_eq!(lab.bare(), sample::rich().bare());
}
