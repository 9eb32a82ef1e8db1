//! Everything that the kernel tells about one namespace, as it tells it.

use std::collections::{BTreeMap, BTreeSet};

use rtnetlink::packet_route::{
    AddressFamily, RouteNetlinkMessage,
    address::AddressMessage,
    link::{
        BridgePortState, InfoBridge, InfoBridgePort, InfoData, InfoKind, InfoPortData, LinkAttribute,
        LinkExtentMask, LinkFlags, LinkInfo, LinkLayerType, LinkMessage,
    },
    neighbour::NeighbourMessage,
    route::RouteMessage,
};

use crate::{BridgeSettings, InterfaceName, MacAddress, OtherKind, PortVlan};

use super::{
    ask::{self, Refusal},
    bridge,
    netlink::Netlink,
    other_kind, tables,
};

/// An interface of any kind.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) index: u32,
    pub(super) name: InterfaceName,
    pub(super) mac: Option<MacAddress>,
    pub(super) mtu: Option<u32>,
    pub(super) up: bool,
    pub(super) carrier: bool,
    pub(super) kind: Kind,
    /// The bridge, or whatever else it is a part of.
    pub(super) controller: Option<u32>,
    /// For a veth end: the other end's number, and the other namespace's if it is elsewhere.
    /// The latter is as this namespace counts its acquaintances (`IFLA_LINK_NETNSID`).
    pub(super) peer: Option<(u32, Option<i32>)>,
    pub(super) port_state: Option<BridgePortState>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Loopback,
    Veth,
    Bridge(BridgeSettings),
    Other(OtherKind),
}

#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) links: BTreeMap<u32, Link>,
    pub(super) addresses: Vec<AddressMessage>,
    pub(super) routes: Vec<RouteMessage>,
    pub(super) neighbours: Vec<NeighbourMessage>,
    /// Of all bridges, and of the filters of their ports.
    pub(super) forwarding: Vec<NeighbourMessage>,
    /// Of the ports of bridges that filter by VLAN.
    pub(super) vlans: BTreeMap<u32, BTreeSet<PortVlan>>,
}

pub(super) async fn gather(netlink: &Netlink) -> Result<Gathered, Refusal> {
    let mut found = Gathered { links: links(netlink).await?, ..Gathered::default() };
    for message in ask::dump(netlink, RouteNetlinkMessage::GetAddress(AddressMessage::default())).await? {
        if let RouteNetlinkMessage::NewAddress(message) = message {
            found.addresses.push(message);
        }
    }
    for family in [AddressFamily::Inet, AddressFamily::Inet6] {
        let mut question = RouteMessage::default();
        question.header.address_family = family;
        for message in unless_absent(ask::dump(netlink, RouteNetlinkMessage::GetRoute(question)).await)? {
            if let RouteNetlinkMessage::NewRoute(message) = message {
                found.routes.push(message);
            }
        }
    }
    found.neighbours = tables::entries(netlink, AddressFamily::Unspec).await?;
    found.forwarding = tables::forwarding(netlink, &found.links).await?;
    let filters = |link: &Link| matches!(link.kind, Kind::Bridge(settings) if settings.vlan_filtering);
    if found.links.values().any(filters) {
        found.vlans = vlans(netlink).await?;
    }
    Ok(found)
}

/// A kernel without a protocol family has nothing to tell of it.
fn unless_absent<T>(answer: Result<Vec<T>, Refusal>) -> Result<Vec<T>, Refusal> {
    match answer {
        Err(refusal) if matches!(refusal.errno, libc::EOPNOTSUPP | libc::EAFNOSUPPORT) => Ok(vec![]),
        other => other,
    }
}

pub(super) async fn links(netlink: &Netlink) -> Result<BTreeMap<u32, Link>, Refusal> {
    let mut question = LinkMessage::default();
    question.attributes.push(LinkAttribute::ExtMask(vec![LinkExtentMask::SkipStats]));
    let messages = ask::dump(netlink, RouteNetlinkMessage::GetLink(question)).await?;
    let links = messages.iter().filter_map(|message| match message {
        RouteNetlinkMessage::NewLink(message) => Link::of(message),
        _ => None,
    });
    let is_idle = |link: &Link| {
        matches!(link.kind, Kind::Other(kind)
        if other_kind::is_idle_fallback(kind, link.name.as_str(), link.up))
    };
    Ok(links.filter(|link| !is_idle(link)).map(|link| (link.index, link)).collect())
}

async fn vlans(netlink: &Netlink) -> Result<BTreeMap<u32, BTreeSet<PortVlan>>, Refusal> {
    let mut question = LinkMessage::default();
    question.header.interface_family = AddressFamily::Bridge;
    question.attributes.push(LinkAttribute::ExtMask(vec![LinkExtentMask::Brvlan]));
    let messages = ask::dump(netlink, RouteNetlinkMessage::GetLink(question)).await?;
    let ports = messages.iter().filter_map(|message| match message {
        RouteNetlinkMessage::NewLink(message) => Some((message.header.index, bridge::port_vlans(message))),
        _ => None,
    });
    Ok(ports.collect())
}

impl Link {
    /// `None` where its name is one that we could not use.
    pub(super) fn of(message: &LinkMessage) -> Option<Self> {
        let up = message.header.flags.contains(LinkFlags::Up);
        let (mut name, mut mac, mut mtu, mut carrier, mut controller) = (None, None, None, false, None);
        let (mut peer_index, mut peer_namespace) = (None, None);
        let mut infos: &[LinkInfo] = &[];
        for attribute in &message.attributes {
            match attribute {
                LinkAttribute::IfName(found) => name = InterfaceName::new(found.as_str()).ok(),
                LinkAttribute::Address(bytes) => mac = bytes.as_slice().try_into().ok().map(MacAddress),
                LinkAttribute::Mtu(found) => mtu = Some(*found),
                LinkAttribute::Carrier(found) => carrier = *found == 1,
                LinkAttribute::Controller(found) => controller = Some(*found),
                LinkAttribute::Link(found) => peer_index = Some(*found),
                LinkAttribute::LinkNetNsId(found) => peer_namespace = Some(*found),
                LinkAttribute::LinkInfo(found) => infos = found,
                _ => {}
            }
        }
        let kind = if message.header.flags.contains(LinkFlags::Loopback) {
            Kind::Loopback
        } else {
            kind(infos, message.header.link_layer_type == LinkLayerType::Ether)
        };
        let peer = peer_index.filter(|_| kind == Kind::Veth).map(|index| (index, peer_namespace));
        let port_state = port_state(infos);
        let index = message.header.index;
        Some(Self { index, name: name?, mac, mtu, up, carrier, kind, controller, peer, port_state })
    }
}

fn kind(infos: &[LinkInfo], is_ethernet: bool) -> Kind {
    let named =
        |wanted: &InfoKind| infos.iter().any(|info| matches!(info, LinkInfo::Kind(kind) if kind == wanted));
    let data: &[InfoBridge] = infos
        .iter()
        .find_map(|info| match info {
            LinkInfo::Data(InfoData::Bridge(data)) => Some(data.as_slice()),
            _ => None,
        })
        .unwrap_or_default();
    if named(&InfoKind::Bridge) {
        Kind::Bridge(bridge::settings(data))
    } else if named(&InfoKind::Veth) {
        Kind::Veth
    } else {
        Kind::Other(other_kind::of(infos, is_ethernet))
    }
}

fn port_state(infos: &[LinkInfo]) -> Option<BridgePortState> {
    let data = infos.iter().find_map(|info| match info {
        LinkInfo::PortData(InfoPortData::BridgePort(data)) => Some(data),
        _ => None,
    })?;
    data.iter().find_map(|attribute| match attribute {
        InfoBridgePort::State(state) => Some(*state),
        _ => None,
    })
}
