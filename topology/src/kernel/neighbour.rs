//! Permanent neighbours as rtnetlink messages.

use std::net::IpAddr;

use rtnetlink::packet_route::{
    RouteNetlinkMessage,
    neighbour::{NeighbourAddress, NeighbourAttribute, NeighbourMessage, NeighbourState},
    route::RouteType,
};

use crate::{MacAddress, Neighbour};

use super::address::family;

fn message(index: u32, address: IpAddr) -> NeighbourMessage {
    let mut message = NeighbourMessage::default();
    message.header.family = family(address);
    message.header.ifindex = index;
    message.header.kind = RouteType::Unicast;
    message.attributes = vec![NeighbourAttribute::Destination(match address {
        IpAddr::V4(address) => NeighbourAddress::Inet(address),
        IpAddr::V6(address) => NeighbourAddress::Inet6(address),
    })];
    message
}

pub(super) fn add(index: u32, neighbour: &Neighbour) -> RouteNetlinkMessage {
    let mut message = message(index, neighbour.address);
    message.header.state = NeighbourState::Permanent;
    message.attributes.push(NeighbourAttribute::LinkLayerAddress(neighbour.mac.0.to_vec()));
    RouteNetlinkMessage::NewNeighbour(message)
}

pub(super) fn remove(index: u32, neighbour: &Neighbour) -> RouteNetlinkMessage {
    RouteNetlinkMessage::DelNeighbour(message(index, neighbour.address))
}

pub(super) fn question(index: u32, neighbour: &Neighbour) -> RouteNetlinkMessage {
    RouteNetlinkMessage::GetNeighbour(message(index, neighbour.address))
}

/// The interface's number and the neighbour, if it is a permanent one.
pub(super) fn permanent(message: &NeighbourMessage) -> Option<(u32, Neighbour)> {
    if message.header.state != NeighbourState::Permanent {
        return None;
    }
    let (mut address, mut mac) = (None, None);
    for attribute in &message.attributes {
        match attribute {
            NeighbourAttribute::Destination(NeighbourAddress::Inet(found)) => {
                address = Some(IpAddr::V4(*found))
            }
            NeighbourAttribute::Destination(NeighbourAddress::Inet6(found)) => {
                address = Some(IpAddr::V6(*found))
            }
            NeighbourAttribute::LinkLayerAddress(bytes) => {
                mac = bytes.as_slice().try_into().ok().map(MacAddress)
            }
            _ => {}
        }
    }
    Some((message.header.ifindex, Neighbour { address: address?, mac: mac? }))
}
