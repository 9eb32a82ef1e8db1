//! The kernel's state as a lab, settled: the host and every namespace that has a name or a process, and of what is in
//! them only what a person configures.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use futures_util::future::join_all;
use nix::sched::{CloneFlags, setns};

use crate::{
    Firewall, Interface, InterfaceKind, InterfaceName, Lab, Namespace, NamespaceName, ObserveError, Sysctls,
    sight::tables::Tables,
};

use super::{
    Kernel, address, ask, firewall,
    gather::{Gathered, Kind, Link, gather},
    neighbour,
    peers::{self, Side},
    room::{Identity, NamespaceFd, Room, on_own_thread},
    route, sysctl, tables,
};

/// A namespace as it was when it was last asked.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) links: BTreeMap<u32, Link>,
    pub(super) namespace: Namespace,
    pub(super) tables: Tables,
}

impl Kernel {
    pub(super) async fn lab_as_it_stands(&mut self) -> Result<Lab, ObserveError> {
        self.find_rooms().map_err(|error| failed("looking for namespaces", &error))?;
        let all: BTreeSet<Identity> = self.rooms.values().map(|room| room.identity).collect();
        let torn = self.ask_in(|room| all.contains(&room.identity)).await?;
        if let Some(name) = torn.first() {
            return Err(ObserveError {
                doing: format!("reading the namespace {name}"),
                message: "it changed all the time while being read".into(),
            });
        }
        self.lab_as_seen().await
    }

    /// Asks the rooms that are `meant` how they stand. The names of those that changed all the time while being
    /// read, which stay as they were seen before.
    pub(super) async fn ask_in(
        &mut self,
        meant: impl Fn(&Room) -> bool,
    ) -> Result<Vec<NamespaceName>, ObserveError> {
        let mut rooms: Vec<(&NamespaceName, &mut Room)> =
            self.rooms.iter_mut().filter(|(_, room)| meant(room)).collect();
        if rooms.is_empty() {
            return Ok(vec![]);
        }
        let gathering = rooms.iter().map(|(_, room)| gather(&room.netlink));
        let gathered = join_all(gathering).await;
        let stacks = look_inside(rooms.iter().map(|(_, room)| &room.fd))
            .map_err(|error| failed("reading the settings of namespaces", &error))?;
        let mut torn = Vec::new();
        for (((name, room), found), (sysctls, firewall)) in rooms.iter_mut().zip(gathered).zip(stacks) {
            let found = match found {
                Ok(found) => found,
                Err(refusal) if refusal.errno == libc::EINTR => {
                    torn.push((*name).clone());
                    continue;
                }
                Err(refusal) => return Err(refused(&format!("reading the namespace {name}"), &refusal)),
            };
            room.has_bridges = found.links.values().any(|link| matches!(link.kind, Kind::Bridge(_)));
            let namespace = namespace(&found, sysctls, firewall);
            let tables = tables::tables(&found.links, &found.neighbours, &found.forwarding);
            room.seen = Some(Seen { links: found.links, namespace, tables });
        }
        Ok(torn)
    }

    /// The lab, of all rooms that were ever asked.
    pub(super) async fn lab_as_seen(&mut self) -> Result<Lab, ObserveError> {
        let there: BTreeSet<Identity> = self.rooms.values().map(|room| room.identity).collect();
        self.met.retain(|(one, other), _| there.contains(one) && there.contains(other));
        let seen = self.rooms.iter().filter_map(|(name, room)| Some((name, room, room.seen.as_ref()?)));
        let sides: Vec<Side> = seen
            .map(|(name, room, seen)| Side {
                name,
                identity: room.identity,
                fd: &room.fd,
                netlink: &room.netlink,
                links: &seen.links,
            })
            .collect();
        let cables = peers::cables(&sides, &mut self.met).await;
        let cables = cables.map_err(|refusal| refused("following cables", &refusal))?;
        let seen = self.rooms.iter().filter_map(|(name, room)| Some((name, room.seen.as_ref()?)));
        let namespaces = seen.map(|(name, seen)| (name.clone(), seen.namespace.clone())).collect();
        Ok(Lab { namespaces, cables, ..Lab::default() })
    }
}

pub(super) fn failed(doing: &str, error: &io::Error) -> ObserveError {
    ObserveError { doing: doing.into(), message: error.to_string() }
}

pub(super) fn refused(doing: &str, refusal: &ask::Refusal) -> ObserveError {
    ObserveError { doing: doing.into(), message: refusal.words() }
}

/// What only a thread inside can see. One thread goes through all of them and is then done with.
fn look_inside<'a>(
    fds: impl Iterator<Item = &'a NamespaceFd> + Send,
) -> io::Result<Vec<(Sysctls, Firewall)>> {
    on_own_thread(|| {
        fds.map(|fd| {
            setns(fd, CloneFlags::CLONE_NEWNET)?;
            Ok((sysctl::read_all_here()?, firewall::read_here()?))
        })
        .collect()
    })
}

fn namespace(found: &Gathered, sysctls: Sysctls, firewall: Firewall) -> Namespace {
    let mut interfaces: BTreeMap<InterfaceName, Interface> =
        found.links.values().map(|link| (link.name.clone(), interface(found, link))).collect();
    let known = |index: &u32| found.links.get(index);
    let mac_of = |index: u32| found.links.get(&index).and_then(|link| link.mac);
    for (index, address) in found.addresses.iter().filter_map(|message| address::given(message, mac_of)) {
        if let Some(interface) = known(&index).and_then(|link| interfaces.get_mut(&link.name)) {
            interface.addresses.insert(address);
        }
    }
    for (index, neighbour) in found.neighbours.iter().filter_map(neighbour::permanent) {
        if let Some(interface) = known(&index).and_then(|link| interfaces.get_mut(&link.name)) {
            interface.neighbours.insert(neighbour);
        }
    }
    let name_of = |index: u32| known(&index).map(|link| link.name.clone());
    let routes = found.routes.iter().filter_map(|message| route::given(message, name_of));
    // A route by way of an interface that is left out would point nowhere.
    let routes: BTreeSet<_> = routes.filter(|route| route.dev.is_some()).collect();
    Namespace { position: None, sysctls, interfaces, routes, firewall }
}

fn interface(found: &Gathered, link: &Link) -> Interface {
    let kind = match link.kind {
        Kind::Loopback => InterfaceKind::Loopback,
        Kind::Veth => InterfaceKind::VethEnd,
        Kind::Bridge(settings) => InterfaceKind::Bridge(settings),
        Kind::Other(kind) => InterfaceKind::Other(kind),
    };
    let controller = link.controller.and_then(|index| found.links.get(&index));
    let bridge = controller.filter(|controller| matches!(controller.kind, Kind::Bridge(_)));
    let filters = |bridge: &Link| matches!(bridge.kind, Kind::Bridge(settings) if settings.vlan_filtering);
    let vlans = bridge.filter(|bridge| filters(bridge)).and_then(|_| found.vlans.get(&link.index));
    Interface {
        mac: link.mac,
        mtu: link.mtu,
        up: link.up,
        bridge: bridge.map(|bridge| bridge.name.clone()),
        vlans: vlans.cloned().unwrap_or_default(),
        ..Interface::new(kind)
    }
}
