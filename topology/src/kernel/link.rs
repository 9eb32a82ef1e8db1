//! Interfaces and cables as rtnetlink messages.

use std::os::fd::{AsRawFd, RawFd};

use rtnetlink::packet_route::{
    RouteNetlinkMessage,
    link::{
        AfSpecInet6, AfSpecUnspec, In6AddrGenMode, InfoData, InfoKind, InfoVeth, LinkAttribute, LinkFlags,
        LinkInfo, LinkMessage,
    },
};

use crate::{InterfaceName, MacAddress};

use super::room::NamespaceFd;

/// One end of a cable about to be made.
#[derive(Clone, Debug)]
pub(super) struct CableEnd<'a> {
    pub(super) name: &'a InterfaceName,
    pub(super) mac: MacAddress,
    /// The kernel's number, unique over the whole lab: where both ends have the same one, the kernel
    /// treats the news of a carrier as not urgent, and a port forwards a second later (net/core/link_watch.c).
    pub(super) index: u32,
}

impl CableEnd<'_> {
    fn message(&self) -> LinkMessage {
        let mut message = LinkMessage::default();
        message.header.index = self.index;
        message.attributes = vec![
            LinkAttribute::IfName(self.name.to_string()),
            LinkAttribute::Address(self.mac.0.to_vec()),
            // With more queues than one the kernel waits for two RCU grace periods for each cable.
            LinkAttribute::NumTxQueues(1),
            LinkAttribute::NumRxQueues(1),
        ];
        message
    }
}

/// A whole cable in one message, sent in the namespace of `near`: both ends in place, `near` perhaps a
/// port of a bridge and up already. The far end stays down; the kernel refuses it otherwise (ENOTCONN).
pub(super) fn plug(
    near: &CableEnd,
    far: &CableEnd,
    far_namespace: &NamespaceFd,
    bridge: Option<u32>,
    near_up: bool,
) -> RouteNetlinkMessage {
    let mut peer = far.message();
    peer.attributes.push(LinkAttribute::NetNsFd(far_namespace.as_raw_fd() as RawFd));
    let mut message = near.message();
    if near_up {
        set_up(&mut message, true);
    }
    message.attributes.extend(bridge.map(LinkAttribute::Controller));
    message.attributes.push(LinkAttribute::LinkInfo(vec![
        LinkInfo::Kind(InfoKind::Veth),
        LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(peer))),
    ]));
    RouteNetlinkMessage::NewLink(message)
}

fn set_up(message: &mut LinkMessage, up: bool) {
    message.header.change_mask = LinkFlags::Up;
    message.header.flags = if up { LinkFlags::Up } else { LinkFlags::empty() };
}

fn about(index: u32, attributes: Vec<LinkAttribute>) -> LinkMessage {
    let mut message = LinkMessage::default();
    message.header.index = index;
    message.attributes = attributes;
    message
}

/// An interface that is nothing but its kind and its name.
pub(super) fn plain(
    name: &InterfaceName,
    kind: InfoKind,
    mac: Option<MacAddress>,
    mtu: Option<u32>,
) -> RouteNetlinkMessage {
    let mut message = about(0, vec![LinkAttribute::IfName(name.to_string())]);
    message.attributes.extend(mac.map(|mac| LinkAttribute::Address(mac.0.to_vec())));
    message.attributes.extend(mtu.map(LinkAttribute::Mtu));
    message.attributes.push(LinkAttribute::LinkInfo(vec![LinkInfo::Kind(kind)]));
    RouteNetlinkMessage::NewLink(message)
}

/// Removes an interface; with one end of a cable the other goes too.
pub(super) fn remove(index: u32) -> RouteNetlinkMessage {
    RouteNetlinkMessage::DelLink(about(index, vec![]))
}

pub(super) fn group(index: u32, group: u32) -> RouteNetlinkMessage {
    RouteNetlinkMessage::SetLink(about(index, vec![LinkAttribute::Group(group)]))
}

/// Removes all interfaces of a group at once.
pub(super) fn remove_group(group: u32) -> RouteNetlinkMessage {
    RouteNetlinkMessage::DelLink(about(0, vec![LinkAttribute::Group(group)]))
}

pub(super) fn up(index: u32, up: bool) -> RouteNetlinkMessage {
    let mut message = about(index, vec![]);
    set_up(&mut message, up);
    RouteNetlinkMessage::SetLink(message)
}

pub(super) fn mac(index: u32, mac: MacAddress) -> RouteNetlinkMessage {
    RouteNetlinkMessage::SetLink(about(index, vec![LinkAttribute::Address(mac.0.to_vec())]))
}

pub(super) fn mtu(index: u32, mtu: u32) -> RouteNetlinkMessage {
    RouteNetlinkMessage::SetLink(about(index, vec![LinkAttribute::Mtu(mtu)]))
}

/// Makes an interface a port of `bridge`, or of none. A port speaks no IPv6 of its own.
pub(super) fn enslave(index: u32, bridge: Option<u32>) -> RouteNetlinkMessage {
    let mut message = about(index, vec![LinkAttribute::Controller(bridge.unwrap_or(0))]);
    message.attributes.push(address_generation(bridge.is_none()));
    RouteNetlinkMessage::SetLink(message)
}

/// For a cable that was born as a port: the kernel ignores this setting in the message that makes it.
pub(super) fn no_ipv6_on_port(index: u32) -> RouteNetlinkMessage {
    RouteNetlinkMessage::SetLink(about(index, vec![address_generation(false)]))
}

fn address_generation(on: bool) -> LinkAttribute {
    let mode = if on { In6AddrGenMode::Eui64 } else { In6AddrGenMode::None };
    LinkAttribute::AfSpecUnspec(vec![AfSpecUnspec::Inet6(vec![AfSpecInet6::AddrGenMode(mode)])])
}
