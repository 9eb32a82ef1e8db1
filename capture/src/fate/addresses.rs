//! Whose addresses are whose.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::IpNet;
use topology::{InterfaceName, Lab, MacAddress, Namespace, NamespaceName, Place};

use crate::wiring::mac_of;

/// Where in the lab each MAC belongs; of several places the first.
pub fn owners_of_macs(lab: &Lab) -> BTreeMap<MacAddress, Place> {
    let mut owners = BTreeMap::new();
    for (at, interface) in lab.interfaces() {
        owners.entry(mac_of(&at, interface)).or_insert(at);
    }
    owners
}

/// True if an interface of this namespace has the address, those included that the kernel gives by itself.
pub fn is_held(lab: &Lab, namespace: &NamespaceName, address: IpAddr) -> bool {
    let Some(found) = lab.namespaces.get(namespace) else { return false };
    let has = |name: &InterfaceName, interface: &topology::Interface| {
        let given = interface.addresses.iter().any(|held| held.addr() == address);
        let own_link_local = || link_local(mac_of(&Place::new(namespace.clone(), name.clone()), interface));
        let by_itself = match address {
            IpAddr::V4(address) => name.is_loopback() && address.is_loopback(),
            IpAddr::V6(address) => {
                (name.is_loopback() && address.is_loopback())
                    || (address.is_unicast_link_local() && !ipv6_is_off(found) && address == own_link_local())
            }
        };
        given || by_itself
    };
    found.interfaces.iter().any(|(name, interface)| has(name, interface))
}

pub fn ipv6_is_off(namespace: &Namespace) -> bool {
    namespace.sysctls.disable_ipv6 == Some(true)
}

/// The link-local address that the kernel derives from a MAC (RFC 4291, appendix A).
pub fn link_local(mac: MacAddress) -> Ipv6Addr {
    let [a, b, c, d, e, f] = mac.0;
    Ipv6Addr::from([0xfe, 0x80, 0, 0, 0, 0, 0, 0, a ^ 2, b, c, 0xff, 0xfe, d, e, f])
}

/// True for 255.255.255.255 and for the last address of a network on this interface.
pub fn is_broadcast(lab: &Lab, at: &Place, address: IpAddr) -> bool {
    let is_last_of = |net: &IpNet| match net {
        IpNet::V4(net) => net.prefix_len() < 31 && IpAddr::V4(net.broadcast()) == address,
        IpNet::V6(_) => false,
    };
    address == IpAddr::V4(Ipv4Addr::BROADCAST)
        || lab.interface(at).is_some_and(|interface| interface.addresses.iter().any(is_last_of))
}

/// True for groups that a stack joins by itself: all nodes, all routers, and for IPv6 the
/// solicited-node group of each of its addresses (RFC 4291, 2.8).
pub fn has_joined(lab: &Lab, namespace: &NamespaceName, at: &Place, group: IpAddr) -> bool {
    let Some(found) = lab.namespaces.get(namespace) else { return false };
    match group {
        IpAddr::V4(group) => group == Ipv4Addr::new(224, 0, 0, 1),
        IpAddr::V6(group) => {
            let Some(interface) = lab.interface(at) else { return false };
            let all_nodes = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
            let all_routers = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);
            let is_router = found.sysctls.ipv6_forward == Some(true);
            let given = interface.addresses.iter().filter_map(|net| match net.addr() {
                IpAddr::V6(address) => Some(address),
                IpAddr::V4(_) => None,
            });
            let mut own = given.chain([link_local(mac_of(at, interface))]);
            group == all_nodes
                || (is_router && group == all_routers)
                || own.any(|own| group == solicited(own))
        }
    }
}

/// ff02::1:ff00:0/104 and the address's last 24 bits (RFC 4291, 2.7.1).
fn solicited(address: Ipv6Addr) -> Ipv6Addr {
    let [.., a, b, c] = address.octets();
    Ipv6Addr::from([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, a, b, c])
}
