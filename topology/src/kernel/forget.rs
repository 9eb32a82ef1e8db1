//! Makes stacks and bridges forget what they have learned, so that it can be seen learned again.
//!
//! Over sockets of its own, so that it waits for no plan that is being carried out at the same time.

use rtnetlink::packet_route::{
    AddressFamily, RouteNetlinkMessage,
    neighbour::{NeighbourAttribute, NeighbourFlags, NeighbourMessage, NeighbourState},
    route::RouteType,
};
use tokio::runtime::Builder;

use crate::{InterfaceName, NamespaceName, StepError};

use super::{
    ask::{self, Refusal},
    making,
    netlink::Netlink,
    refusal::Attempt,
    room::{NamespaceFd, in_namespace, on_own_thread},
    tables::entries,
};

/// The namespace of that name as it stands now, asked without a [`super::Kernel`], from any thread that
/// is in the sandbox. `host` is the calling thread's own namespace.
pub fn namespace_named(name: &NamespaceName) -> Option<NamespaceFd> {
    if name.is_host() { NamespaceFd::of_this_thread().ok() } else { making::open(name) }
}

/// Takes everything out of a namespace's neighbour tables (ARP and ND) that was learned; what was
/// configured stays. Gives the number of entries.
///
/// As `ip neighbour flush all` does: a dump, and a `RTM_DELNEIGH` for each (rtnetlink(7)).
pub fn forget_neighbours(of: &NamespaceFd) -> Result<usize, StepError> {
    let attempt = Attempt::new("forgetting the neighbours", "the neighbour table", "the namespace");
    with_netlink(of, &attempt, async |netlink| {
        let mut learned = Vec::new();
        for family in [AddressFamily::Inet, AddressFamily::Inet6] {
            let found = match entries(netlink, family).await {
                // A kernel without a protocol family has nothing to forget of it.
                Err(refusal) if matches!(refusal.errno, libc::EOPNOTSUPP | libc::EAFNOSUPPORT) => continue,
                found => found?,
            };
            learned.extend(found.into_iter().filter(is_learned_neighbour).filter_map(neighbour_to_delete));
        }
        delete(netlink, learned.into_iter()).await
    })
}

/// Takes everything out of a bridge's forwarding database that it learned from frames; the addresses of
/// its own ports and what was configured stay. Gives the number of entries.
pub fn forget_learned(of: &NamespaceFd, bridge: &InterfaceName) -> Result<usize, StepError> {
    let attempt = Attempt::new(
        format!("making {bridge} forget"),
        format!("the bridge {bridge}"),
        format!("the bridge {bridge}"),
    );
    with_netlink(of, &attempt, async |netlink| {
        let index = ask::link_named(netlink, bridge.as_str()).await?.header.index;
        let found = entries(netlink, AddressFamily::Bridge).await?;
        let learned = found.into_iter().filter(|entry| is_learned_by(entry, index));
        delete(netlink, learned.map(address_to_delete)).await
    })
}

fn with_netlink(
    of: &NamespaceFd,
    attempt: &Attempt,
    work: impl AsyncFnOnce(&Netlink) -> Result<usize, Refusal> + Send,
) -> Result<usize, StepError> {
    // On a thread of its own: whoever asks may be inside an async runtime, which forbids a second one.
    let forgotten = on_own_thread(|| {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let netlink = in_namespace(of, || Netlink::open_here(runtime.handle()))??;
        Ok(runtime.block_on(work(&netlink)))
    });
    forgotten.map_err(|error| attempt.failed(&error))?.map_err(|refusal| attempt.refused(&refusal))
}

async fn delete(
    netlink: &Netlink,
    entries: impl Iterator<Item = NeighbourMessage>,
) -> Result<usize, Refusal> {
    let mut gone = 0;
    for entry in entries {
        match ask::change(netlink, RouteNetlinkMessage::DelNeighbour(entry), 0).await {
            Ok(()) => gone += 1,
            // It aged away by itself.
            Err(refusal) if refusal.errno == libc::ENOENT => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(gone)
}

fn is_learned_neighbour(entry: &NeighbourMessage) -> bool {
    let is_fixed = matches!(entry.header.state, NeighbourState::Permanent | NeighbourState::Noarp);
    !is_fixed && !entry.header.flags.contains(NeighbourFlags::Proxy)
}

/// Of an entry of the kernel's dump, what names it.
fn neighbour_to_delete(entry: NeighbourMessage) -> Option<NeighbourMessage> {
    let names_it = |attribute: &NeighbourAttribute| matches!(attribute, NeighbourAttribute::Destination(_));
    let destination = entry.attributes.into_iter().find(names_it)?;
    let mut message = NeighbourMessage::default();
    message.header.family = entry.header.family;
    message.header.ifindex = entry.header.ifindex;
    message.header.kind = RouteType::Unicast;
    message.attributes = vec![destination];
    Some(message)
}

/// The kernel shows configured entries as permanent (a port's own address) or without ARP (`static`).
fn is_learned_by(entry: &NeighbourMessage, bridge: u32) -> bool {
    let is_fixed = matches!(entry.header.state, NeighbourState::Permanent | NeighbourState::Noarp);
    !is_fixed && entry.attributes.contains(&NeighbourAttribute::Controller(bridge))
}

fn address_to_delete(entry: NeighbourMessage) -> NeighbourMessage {
    let mut message = NeighbourMessage::default();
    message.header.family = AddressFamily::Bridge;
    message.header.ifindex = entry.header.ifindex;
    // The entry is the bridge's, not the port's own driver's.
    message.header.flags = NeighbourFlags::Controller;
    let names_it = |attribute: &NeighbourAttribute| {
        matches!(attribute, NeighbourAttribute::LinkLayerAddress(_) | NeighbourAttribute::Vlan(_))
    };
    message.attributes = entry.attributes.into_iter().filter(names_it).collect();
    message
}
