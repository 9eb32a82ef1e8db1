//! The tables that the kernel keeps by itself, asked over rtnetlink: neighbours, and the forwarding databases of
//! bridges.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use rtnetlink::packet_route::{
    AddressFamily, RouteNetlinkMessage,
    neighbour::{NeighbourAddress, NeighbourAttribute, NeighbourMessage, NeighbourState as KernelState},
};

use crate::{
    InterfaceName, MacAddress, ObserveError,
    sight::tables::{ForwardingEntry, ForwardingKind, Listed, NeighbourEntry, NeighbourState, Tables},
};

use super::{
    Kernel,
    ask::{self, Refusal},
    gather::{Kind, Link},
    netlink::Netlink,
    observe::refused,
    room::Identity,
};

/// All entries of one family: `Unspec` gives ARP and ND, `Bridge` the forwarding databases.
pub(super) async fn entries(
    netlink: &Netlink,
    family: AddressFamily,
) -> Result<Vec<NeighbourMessage>, Refusal> {
    let mut question = NeighbourMessage::default();
    question.header.family = family;
    let found = ask::dump(netlink, RouteNetlinkMessage::GetNeighbour(question)).await?;
    let entries = found.into_iter().filter_map(|message| match message {
        RouteNetlinkMessage::NewNeighbour(entry) => Some(entry),
        _ => None,
    });
    Ok(entries.collect())
}

/// What forwards in a namespace, if there are bridges.
pub(super) async fn forwarding(
    netlink: &Netlink,
    links: &BTreeMap<u32, Link>,
) -> Result<Vec<NeighbourMessage>, Refusal> {
    if !links.values().any(|link| matches!(link.kind, Kind::Bridge(_))) {
        return Ok(vec![]);
    }
    entries(netlink, AddressFamily::Bridge).await
}

/// In our words. An entry of an interface that is not known (any more, or yet) is left out; its coming and going is
/// announced.
pub(super) fn tables(
    links: &BTreeMap<u32, Link>,
    neighbours: &[NeighbourMessage],
    forwarding: &[NeighbourMessage],
) -> Tables {
    let name_of = |index: u32| links.get(&index).map(|link| link.name.clone());
    let neighbours = Listed::of(neighbours.iter().filter_map(|entry| neighbour(entry, name_of)));
    let mut by_bridge: BTreeMap<InterfaceName, Vec<ForwardingEntry>> = BTreeMap::new();
    for (bridge, entry) in forwarding.iter().filter_map(|entry| forwarded(entry, name_of)) {
        by_bridge.entry(bridge).or_default().push(entry);
    }
    let forwarding = by_bridge.into_iter().map(|(bridge, found)| (bridge, Listed::of(found))).collect();
    Tables { neighbours, forwarding }
}

fn neighbour(
    entry: &NeighbourMessage,
    name_of: impl Fn(u32) -> Option<InterfaceName>,
) -> Option<NeighbourEntry> {
    let state = match entry.header.state {
        KernelState::Permanent => NeighbourState::Permanent,
        KernelState::Reachable => NeighbourState::Reachable,
        KernelState::Stale => NeighbourState::Stale,
        KernelState::Delay => NeighbourState::Delay,
        KernelState::Probe => NeighbourState::Probe,
        KernelState::Incomplete => NeighbourState::Incomplete,
        KernelState::Failed => NeighbourState::Failed,
        // Those without ARP, and those that are nothing yet, `ip neigh` does not show either.
        _ => return None,
    };
    let address = entry.attributes.iter().find_map(|attribute| match attribute {
        NeighbourAttribute::Destination(NeighbourAddress::Inet(address)) => Some(IpAddr::V4(*address)),
        NeighbourAttribute::Destination(NeighbourAddress::Inet6(address)) => Some(IpAddr::V6(*address)),
        _ => None,
    });
    Some(NeighbourEntry {
        interface: name_of(entry.header.ifindex)?,
        address: address?,
        mac: mac_of(entry),
        state,
    })
}

/// The bridge, and its entry. Whether a learned one is old already (`stale`) is not told: each frame makes it young
/// again, and neither is announced.
fn forwarded(
    entry: &NeighbourMessage,
    name_of: impl Fn(u32) -> Option<InterfaceName>,
) -> Option<(InterfaceName, ForwardingEntry)> {
    let (mut bridge, mut vlan) = (None, None);
    for attribute in &entry.attributes {
        match attribute {
            NeighbourAttribute::Controller(index) => bridge = Some(*index),
            NeighbourAttribute::Vlan(id) => vlan = Some(*id),
            _ => {}
        }
    }
    let kind = match entry.header.state {
        KernelState::Permanent => ForwardingKind::Permanent,
        KernelState::Noarp => ForwardingKind::Static,
        _ => ForwardingKind::Learned,
    };
    let port = name_of(entry.header.ifindex)?;
    Some((name_of(bridge?)?, ForwardingEntry { kind, mac: mac_of(entry)?, vlan, port }))
}

fn mac_of(entry: &NeighbourMessage) -> Option<MacAddress> {
    entry.attributes.iter().find_map(|attribute| match attribute {
        NeighbourAttribute::LinkLayerAddress(bytes) => bytes.as_slice().try_into().ok().map(MacAddress),
        _ => None,
    })
}

async fn both(
    netlink: &Netlink,
    links: &BTreeMap<u32, Link>,
) -> Result<(Vec<NeighbourMessage>, Vec<NeighbourMessage>), Refusal> {
    let neighbours = entries(netlink, AddressFamily::Unspec).await?;
    Ok((neighbours, forwarding(netlink, links).await?))
}

impl Kernel {
    /// Asks the tables alone of these namespaces, which were all seen before. Those that changed all the time while
    /// being read stay as they were, and are the answer.
    pub(super) async fn ask_tables_in(
        &mut self,
        meant: &BTreeSet<Identity>,
    ) -> Result<BTreeSet<Identity>, ObserveError> {
        let mut torn = BTreeSet::new();
        for (name, room) in self.rooms.iter_mut().filter(|(_, room)| meant.contains(&room.identity)) {
            let Some(seen) = &mut room.seen else { continue };
            match both(&room.netlink, &seen.links).await {
                Ok((neighbours, forwarding)) => {
                    seen.tables = tables(&seen.links, &neighbours, &forwarding);
                }
                Err(Refusal { errno: libc::EINTR, .. }) => {
                    torn.insert(room.identity);
                }
                Err(refusal) => return Err(refused(&format!("reading the tables of {name}"), &refusal)),
            }
        }
        Ok(torn)
    }
}
