//! Entries of the main routing table as rtnetlink messages.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use rtnetlink::packet_route::{
    AddressFamily, RouteNetlinkMessage,
    route::{
        RouteAddress, RouteAttribute, RouteHeader, RouteMessage, RouteProtocol, RouteScope, RouteType,
        RouteVia,
    },
};

use crate::{InterfaceName, Route};

use super::address::family;

fn message(route: &Route, dev: Option<u32>) -> RouteMessage {
    let mut message = RouteMessage::default();
    message.header.address_family = family(route.to.addr());
    message.header.destination_prefix_length = route.to.prefix_len();
    message.header.table = RouteHeader::RT_TABLE_MAIN;
    message.header.kind = RouteType::Unicast;
    if route.to.prefix_len() != 0 {
        message.attributes.push(RouteAttribute::Destination(route.to.network().into()));
    }
    match route.via {
        Some(via) if family(via) == message.header.address_family => {
            message.attributes.push(RouteAttribute::Gateway(via.into()));
        }
        // IPv4 by way of an IPv6 gateway (RFC 5549).
        Some(IpAddr::V6(via)) => message.attributes.push(RouteAttribute::Via(RouteVia::Inet6(via))),
        Some(IpAddr::V4(via)) => message.attributes.push(RouteAttribute::Via(RouteVia::Inet(via))),
        None => {}
    }
    message.attributes.extend(dev.map(RouteAttribute::Oif));
    message
}

pub(super) fn add(route: &Route, dev: Option<u32>) -> RouteNetlinkMessage {
    let mut message = message(route, dev);
    // As `ip route add` marks them.
    message.header.protocol = RouteProtocol::Boot;
    if route.via.is_none() && route.to.addr().is_ipv4() {
        message.header.scope = RouteScope::Link;
    }
    RouteNetlinkMessage::NewRoute(message)
}

pub(super) fn remove(route: &Route, dev: Option<u32>) -> RouteNetlinkMessage {
    let mut message = message(route, dev);
    // Any scope, any protocol: as the person may have typed it.
    message.header.scope = RouteScope::NoWhere;
    RouteNetlinkMessage::DelRoute(message)
}

/// The route, if a person made it: in the main table, unicast, not the kernel's own.
pub(super) fn given(message: &RouteMessage, name_of: impl Fn(u32) -> Option<InterfaceName>) -> Option<Route> {
    let header = &message.header;
    let by_person = matches!(header.protocol, RouteProtocol::Boot | RouteProtocol::Static);
    if !by_person || header.kind != RouteType::Unicast || header.table != RouteHeader::RT_TABLE_MAIN {
        return None;
    }
    let mut to = match header.address_family {
        AddressFamily::Inet => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        AddressFamily::Inet6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        _ => return None,
    };
    let (mut via, mut dev) = (None, None);
    for attribute in &message.attributes {
        match attribute {
            RouteAttribute::Destination(found) => to = ip(found)?,
            RouteAttribute::Gateway(found) => via = ip(found),
            RouteAttribute::Via(RouteVia::Inet6(found)) => via = Some(IpAddr::V6(*found)),
            RouteAttribute::Via(RouteVia::Inet(found)) => via = Some(IpAddr::V4(*found)),
            RouteAttribute::Oif(index) => dev = name_of(*index),
            _ => {}
        }
    }
    if via.is_none() && dev.is_none() {
        return None;
    }
    Some(Route { to: IpNet::new(to, header.destination_prefix_length).ok()?, via, dev })
}

fn ip(address: &RouteAddress) -> Option<IpAddr> {
    match address {
        RouteAddress::Inet(found) => Some(IpAddr::V4(*found)),
        RouteAddress::Inet6(found) => Some(IpAddr::V6(*found)),
        _ => None,
    }
}
