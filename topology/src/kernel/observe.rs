//! The kernel's state as a lab, settled: the host and every named namespace, what we know how to build,
//! and of that only what a person configures.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use futures_util::future::join_all;
use nix::sched::{CloneFlags, setns};

use crate::{
    Firewall, Interface, InterfaceKind, InterfaceName, Lab, Namespace, NamespaceName, ObserveError, Sysctls,
};

use super::{
    Kernel, address, ask, firewall,
    gather::{Gathered, Kind, Link, gather},
    making, neighbour,
    peers::{self, Side},
    room::{NamespaceFd, Room, on_own_thread},
    route, sysctl,
};

impl Kernel {
    pub(super) async fn lab_as_it_stands(&mut self) -> Result<Lab, ObserveError> {
        self.find_rooms().map_err(|error| failed("looking for namespaces", &error))?;
        let gathering = self.rooms.values().map(|room| gather(&room.sockets.netlink));
        let mut gathered = Vec::with_capacity(self.rooms.len());
        for (name, found) in self.rooms.keys().zip(join_all(gathering).await) {
            gathered
                .push(found.map_err(|refusal| refused(&format!("reading the namespace {name}"), &refusal))?);
        }
        for (room, found) in self.rooms.values_mut().zip(&gathered) {
            room.has_bridges = found.links.values().any(|link| matches!(link.kind, Kind::Bridge(_)));
        }
        let stacks = look_inside(self.rooms.values().map(|room| &room.fd))
            .map_err(|error| failed("reading the settings of namespaces", &error))?;
        let sides: Vec<Side> = self
            .rooms
            .iter()
            .zip(&gathered)
            .map(|((name, room), found)| Side {
                name,
                fd: &room.fd,
                netlink: &room.sockets.netlink,
                links: &found.links,
            })
            .collect();
        let cables = peers::cables(&sides).await.map_err(|refusal| refused("following cables", &refusal))?;
        let namespaces = self.rooms.keys().cloned().zip(
            gathered
                .iter()
                .zip(stacks)
                .map(|(found, (sysctls, firewall))| namespace(found, sysctls, firewall)),
        );
        Ok(Lab { namespaces: namespaces.collect(), cables, ..Lab::default() })
    }

    /// Opens what appeared, and lets go of what disappeared, since the last time.
    pub(super) fn find_rooms(&mut self) -> io::Result<()> {
        let runtime = self.runtime();
        let mut before = std::mem::take(&mut self.rooms);
        let host = NamespaceName::host();
        let mut found: BTreeMap<NamespaceName, Room> = before.remove_entry(&host).into_iter().collect();
        let result = making::named().and_then(|named| {
            for (name, fd) in named {
                let identity = fd.identity()?;
                let room = match before.remove(&name).filter(|room| room.identity == identity) {
                    Some(room) => room,
                    None => Room::open(&runtime, fd)?,
                };
                found.insert(name, room);
            }
            Ok(())
        });
        self.rooms = found;
        result
    }
}

fn failed(doing: &str, error: &io::Error) -> ObserveError {
    ObserveError { doing: doing.into(), message: error.to_string() }
}

fn refused(doing: &str, refusal: &ask::Refusal) -> ObserveError {
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
