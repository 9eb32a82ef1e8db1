//! Addresses as rtnetlink messages, and which of them the kernel gave by itself.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use rtnetlink::packet_route::{
    AddressFamily, RouteNetlinkMessage,
    address::{AddressAttribute, AddressHeaderFlags, AddressMessage, AddressProtocol},
};

use crate::MacAddress;

pub(super) fn family(address: IpAddr) -> AddressFamily {
    match address {
        IpAddr::V4(_) => AddressFamily::Inet,
        IpAddr::V6(_) => AddressFamily::Inet6,
    }
}

fn message(index: u32, address: IpNet) -> AddressMessage {
    let mut message = AddressMessage::default();
    message.header.family = family(address.addr());
    message.header.prefix_len = address.prefix_len();
    message.header.index = index;
    message.attributes =
        vec![AddressAttribute::Local(address.addr()), AddressAttribute::Address(address.addr())];
    message
}

pub(super) fn add(index: u32, address: IpNet) -> RouteNetlinkMessage {
    let mut message = message(index, address);
    if address.addr().is_ipv6() {
        // Otherwise the address cannot be used for a second or two, while the kernel looks for a
        // duplicate of it (RFC 4862, 5.4).
        message.header.flags = AddressHeaderFlags::Nodad;
    }
    RouteNetlinkMessage::NewAddress(message)
}

pub(super) fn remove(index: u32, address: IpNet) -> RouteNetlinkMessage {
    RouteNetlinkMessage::DelAddress(message(index, address))
}

/// The interface's number and the address, unless the kernel gave it by itself.
/// `mac_of` knows the hardware addresses of the interfaces.
pub(super) fn given(
    message: &AddressMessage,
    mac_of: impl Fn(u32) -> Option<MacAddress>,
) -> Option<(u32, IpNet)> {
    let (mut local, mut address, mut by_kernel) = (None, None, false);
    for attribute in &message.attributes {
        match attribute {
            AddressAttribute::Local(found) => local = Some(*found),
            AddressAttribute::Address(found) => address = Some(*found),
            AddressAttribute::Protocol(AddressProtocol::Other(_)) => {}
            AddressAttribute::Protocol(_) => by_kernel = true,
            _ => {}
        }
    }
    let address = local.or(address)?;
    let network = IpNet::new(address, message.header.prefix_len).ok()?;
    let own = |mac: MacAddress| address == IpAddr::V6(link_local(mac));
    // Kernels before 5.18 do not say who gave an address: then it is known by its looks.
    let by_kernel = by_kernel || is_loopback(network) || mac_of(message.header.index).is_some_and(own);
    (!by_kernel).then_some((message.header.index, network))
}

fn is_loopback(network: IpNet) -> bool {
    match network {
        IpNet::V4(network) => network.addr().octets() == [127, 0, 0, 1] && network.prefix_len() == 8,
        IpNet::V6(network) => network.addr() == Ipv6Addr::LOCALHOST && network.prefix_len() == 128,
    }
}

/// The link-local address that follows from a MAC address (RFC 4291, appendix A).
fn link_local(MacAddress([a, b, c, d, e, f]): MacAddress) -> Ipv6Addr {
    let halves = [[a ^ 2, b], [c, 0xff], [0xfe, d], [e, f]].map(u16::from_be_bytes);
    Ipv6Addr::new(0xfe80, 0, 0, 0, halves[0], halves[1], halves[2], halves[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_local_address_of_the_rfc_example() {
        let mac = MacAddress([0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde]);
        assert_eq!(link_local(mac).to_string(), "fe80::3656:78ff:fe9a:bcde");
    }
}
