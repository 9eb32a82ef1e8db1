//! One step in the kernel, whole or not at all.

use std::os::fd::AsFd;

use rtnetlink::{
    packet_core::{NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE},
    packet_route::RouteNetlinkMessage,
};

use crate::{
    InterfaceName, NamespaceName, Neighbour, Place, Route, Step, StepError, Sysctls,
    step::apply::existence::{ends_with_its_process, made_by_a_process},
};

use super::{
    Kernel, address, ask, bridge,
    cables::NewCable,
    firewall, link,
    maker::Maker,
    making, neighbour,
    netlink::Netlink,
    offload, other_kind,
    refusal::Attempt,
    room::{Room, in_namespace},
    route, sysctl,
};

/// A step that is one message in one namespace.
pub(super) struct Request {
    pub(super) room: NamespaceName,
    pub(super) message: RouteNetlinkMessage,
    pub(super) flags: u16,
    pub(super) attempt: Attempt,
}

const NEW: u16 = NLM_F_CREATE | NLM_F_EXCL;

impl Kernel {
    pub(super) async fn perform(&mut self, step: &Step) -> Result<(), StepError> {
        if let Some(request) = self.request_for(step).await? {
            let netlink = self.netlink(&request.room)?;
            let answer = ask::change(&netlink, request.message, request.flags).await;
            return answer.map_err(|refusal| request.attempt.refused(&refusal));
        }
        match step {
            Step::AddNamespace { name, sysctls } => self.make_namespace(name, *sysctls).await,
            Step::RemoveNamespace { name, .. } => self.remove_namespace(name),
            Step::AddBridge { at, mac, settings } => self.add_bridge(at, *mac, *settings).await,
            Step::AddOther { at, kind, mac, mtu } => self.add_other(at, *kind, *mac, *mtu).await,
            Step::PlugCable { cable, macs } => self.plug_cable(&NewCable::plain(cable, *macs)).await,
            Step::PullCable { cable, .. } => self.pull_cable(cable).await,
            Step::AddNeighbour { at, neighbour } => self.add_neighbour(at, neighbour).await,
            Step::SetSysctl { namespace, sysctl, to, .. } => {
                let attempt = Attempt::new(
                    format!("setting {sysctl:?} to {to} in {namespace}"),
                    format!("the setting {sysctl:?}"),
                    namespace,
                );
                self.inside(namespace, &attempt, || sysctl::write_here(*sysctl, *to))
            }
            Step::SetVlans { port, from, to } => self.set_vlans(port, from, to).await,
            Step::SetFirewall { namespace, to, .. } => {
                let fd = self.room(namespace)?.fd.clone();
                in_namespace(&fd, || firewall::write_here(to))
                    .unwrap_or_else(|error| Err(entering(namespace).failed(&error)))
            }
            // On the canvas only.
            Step::Move { .. } => Ok(()),
            // The rest are single messages.
            _ => unreachable!("`request_for` answers for {step:?}"),
        }
    }

    /// The message that carries out the step, if one message in one namespace does.
    pub(super) async fn request_for(&mut self, step: &Step) -> Result<Option<Request>, StepError> {
        let (room, message, flags, attempt) = match step {
            Step::RemoveBridge { at, .. } => (
                at,
                link::remove(self.index(at).await?),
                0,
                Attempt::new(format!("removing {at}"), at.to_string(), at),
            ),
            Step::RemoveOther { at, .. } => (
                at,
                link::remove(self.index(at).await?),
                0,
                Attempt::new(format!("removing {at}"), at.to_string(), at),
            ),
            Step::Enslave { port, bridge } => self.enslave(port, Some(bridge)).await?,
            Step::Release { port, .. } => self.enslave(port, None).await?,
            Step::SetUp { at, up } => {
                let doing = format!("switching {at} {}", if *up { "on" } else { "off" });
                (at, link::up(self.index(at).await?, *up), 0, Attempt::new(doing, at.to_string(), at))
            }
            Step::SetMac { at, to, .. } => {
                let doing = format!("giving {at} the MAC address {to}");
                (at, link::mac(self.index(at).await?, *to), 0, Attempt::new(doing, at.to_string(), at))
            }
            Step::SetMtu { at, to, .. } => {
                let doing = format!("setting the MTU of {at} to {to}");
                (at, link::mtu(self.index(at).await?, *to), 0, Attempt::new(doing, at.to_string(), at))
            }
            Step::SetBridge { at, from, to } => {
                let doing = format!("changing the settings of {at}");
                (
                    at,
                    bridge::set(self.index(at).await?, *from, *to),
                    0,
                    Attempt::new(doing, at.to_string(), at),
                )
            }
            Step::AddAddress { at, address } => {
                let attempt = address_attempt("adding", at, address);
                (at, address::add(self.index(at).await?, *address), NEW, attempt)
            }
            Step::RemoveAddress { at, address } => {
                let attempt = address_attempt("removing", at, address);
                self.promote_secondaries(&at.namespace, &attempt)?;
                (at, address::remove(self.index(at).await?, *address), 0, attempt)
            }
            Step::RemoveNeighbour { at, neighbour } => {
                let thing = format!("the neighbour {} on {at}", neighbour.address);
                let attempt = Attempt::new(format!("removing {thing}"), thing, at);
                (at, neighbour::remove(self.index(at).await?, neighbour), 0, attempt)
            }
            Step::AddRoute { namespace, route } => return self.route(namespace, route, true).await.map(Some),
            Step::RemoveRoute { namespace, route } => {
                return self.route(namespace, route, false).await.map(Some);
            }
            _ => return Ok(None),
        };
        Ok(Some(Request { room: room.namespace.clone(), message, flags, attempt }))
    }

    async fn enslave<'a>(
        &mut self,
        port: &'a Place,
        bridge: Option<&InterfaceName>,
    ) -> Result<(&'a Place, RouteNetlinkMessage, u16, Attempt), StepError> {
        let doing = match bridge {
            Some(bridge) => format!("making {port} a port of {bridge}"),
            None => format!("releasing {port} from its bridge"),
        };
        let controller = match bridge {
            Some(bridge) => Some(self.index(&Place::new(port.namespace.clone(), bridge.clone())).await?),
            None => None,
        };
        let message = link::enslave(self.index(port).await?, controller);
        Ok((port, message, 0, Attempt::new(doing, port.to_string(), port)))
    }

    async fn route(
        &mut self,
        namespace: &NamespaceName,
        route: &Route,
        add: bool,
    ) -> Result<Request, StepError> {
        let dev = match &route.dev {
            Some(dev) => Some(self.index(&Place::new(namespace.clone(), dev.clone())).await?),
            None => None,
        };
        self.room(namespace)?;
        let thing = format!("the route to {} in {namespace}", route.to);
        let doing = format!("{} {thing}", if add { "adding" } else { "removing" });
        let (message, flags) =
            if add { (route::add(route, dev), NEW) } else { (route::remove(route, dev), 0) };
        let attempt = Attempt::new(doing, thing, namespace);
        Ok(Request { room: namespace.clone(), message, flags, attempt })
    }

    async fn add_bridge(
        &mut self,
        at: &Place,
        mac: crate::MacAddress,
        settings: crate::BridgeSettings,
    ) -> Result<(), StepError> {
        // Kernels that have bridges may lack this.
        let with = if settings.vlan_filtering { " with VLAN filtering" } else { "" };
        let attempt = Attempt::new(format!("making the bridge {at}{with}"), at.to_string(), at);
        if !self.room(&at.namespace)?.bridges_quiet {
            self.inside(&at.namespace, &attempt, sysctl::quieten_bridges)?;
            self.room(&at.namespace)?.bridges_quiet = true;
        }
        let netlink = self.netlink(&at.namespace)?;
        let index = loop {
            let index = self.fresh_index();
            match ask::change(&netlink, bridge::add(&at.interface, index, mac, settings), NEW).await {
                // Somebody has that number already; the next one may be free.
                Err(refusal) if refusal.errno == libc::EBUSY => {}
                Err(refusal) => return Err(attempt.refused(&refusal)),
                Ok(()) => break index,
            }
        };
        let room = self.room(&at.namespace)?;
        room.indexes.insert(at.interface.clone(), index);
        room.has_bridges = true;
        let off = offload::switch_off(room.netlink.as_fd(), &at.interface);
        if let Err(error) = off {
            // Nothing can be done if this fails too; the first error is the one to tell.
            let _ = ask::change(&netlink, link::remove(index), 0).await;
            return Err(attempt.failed(&error));
        }
        Ok(())
    }

    async fn add_other(
        &mut self,
        at: &Place,
        kind: crate::OtherKind,
        mac: Option<crate::MacAddress>,
        mtu: Option<u32>,
    ) -> Result<(), StepError> {
        let Some(of_kernel) = other_kind::to_be_made(kind) else {
            return Err(StepError::Unfit(format!(
                "{at} is a {} interface, which needs more than a name: make it in a terminal (ip link add)",
                kind.as_str()
            )));
        };
        let attempt =
            Attempt::new(format!("making the {} interface {at}", kind.as_str()), at.to_string(), at);
        let netlink = self.netlink(&at.namespace)?;
        let message = link::plain(&at.interface, of_kernel, mac, mtu);
        ask::change(&netlink, message, NEW).await.map_err(|refusal| attempt.refused(&refusal))
    }

    async fn add_neighbour(&mut self, at: &Place, neighbour: &Neighbour) -> Result<(), StepError> {
        let thing = format!("the neighbour {} on {at}", neighbour.address);
        let attempt = Attempt::new(format!("adding {thing}"), thing, at);
        let index = self.index(at).await?;
        let netlink = self.netlink(&at.namespace)?;
        let mut answer = ask::change(&netlink, neighbour::add(index, neighbour), NEW).await;
        if answer.as_ref().is_err_and(|refusal| refusal.errno == libc::EEXIST) {
            // One that was learned gives way; one that a person made does not.
            let found = ask::get(&netlink, neighbour::question(index, neighbour)).await;
            let permanent = matches!(&found, Ok(RouteNetlinkMessage::NewNeighbour(found))
                if neighbour::permanent(found).is_some());
            if !permanent {
                let flags = NLM_F_CREATE | NLM_F_REPLACE;
                answer = ask::change(&netlink, neighbour::add(index, neighbour), flags).await;
            }
        }
        answer.map_err(|refusal| attempt.refused(&refusal))
    }

    async fn set_vlans(
        &mut self,
        port: &Place,
        from: &std::collections::BTreeSet<crate::PortVlan>,
        to: &std::collections::BTreeSet<crate::PortVlan>,
    ) -> Result<(), StepError> {
        let attempt = Attempt::new(format!("setting the VLANs of {port}"), port.to_string(), port);
        let index = self.index(port).await?;
        let netlink = self.netlink(&port.namespace)?;
        let mut undo: Vec<RouteNetlinkMessage> = Vec::new();
        for (message, inverse) in bridge::vlans(index, from, to) {
            if let Err(refusal) = ask::change(&netlink, message, 0).await {
                for inverse in undo.into_iter().rev() {
                    // The first refusal is the one to tell.
                    let _ = ask::change(&netlink, inverse, 0).await;
                }
                return Err(attempt.refused(&refusal));
            }
            undo.push(inverse);
        }
        Ok(())
    }

    async fn make_namespace(&mut self, name: &NamespaceName, sysctls: Sysctls) -> Result<(), StepError> {
        let mut maker = self.start_making(vec![(name.clone(), sysctls)])?;
        while let Some(made) = maker.next().await {
            self.rooms.insert(name.clone(), made?);
        }
        Ok(())
    }

    pub(super) fn start_making(&mut self, wanted: Vec<(NamespaceName, Sysctls)>) -> Result<Maker, StepError> {
        for (name, _) in &wanted {
            if name.is_host() {
                return Err(StepError::Exists("the namespace host".into()));
            }
            if name.process().is_some() {
                return Err(StepError::Unfit(made_by_a_process(name)));
            }
        }
        Maker::start(wanted, self.runtime().handle().clone())
    }

    fn remove_namespace(&mut self, name: &NamespaceName) -> Result<(), StepError> {
        if name.is_host() {
            return Err(StepError::Unfit("the host cannot be removed: it is the sandbox itself".into()));
        }
        if let Some(pid) = name.process() {
            return Err(StepError::Unfit(ends_with_its_process(pid)));
        }
        making::remove(name)?;
        self.rooms.remove(name);
        self.close_ears();
        Ok(())
    }

    fn promote_secondaries(&mut self, name: &NamespaceName, attempt: &Attempt) -> Result<(), StepError> {
        if !self.room(name)?.promotes {
            self.inside(name, attempt, sysctl::promote_secondaries)?;
            self.room(name)?.promotes = true;
        }
        Ok(())
    }

    /// Runs something on a thread inside a namespace.
    fn inside(
        &mut self,
        name: &NamespaceName,
        attempt: &Attempt,
        run: impl FnOnce() -> std::io::Result<()> + Send,
    ) -> Result<(), StepError> {
        let fd = self.room(name)?.fd.clone();
        in_namespace(&fd, run).flatten().map_err(|error| attempt.failed(&error))
    }

    pub(super) fn fresh_index(&mut self) -> u32 {
        self.next_index += 1;
        self.next_index - 1
    }

    pub(super) fn netlink(&mut self, name: &NamespaceName) -> Result<Netlink, StepError> {
        Ok(self.room(name)?.netlink.clone())
    }

    /// The namespace, opened if need be.
    pub(super) fn room(&mut self, name: &NamespaceName) -> Result<&mut Room, StepError> {
        if !self.rooms.contains_key(name) {
            let missing = || StepError::Missing(format!("the namespace {name}"));
            let fd = self.open(name).ok_or_else(missing)?;
            let room =
                Room::open(fd, self.runtime().handle()).map_err(|error| entering(name).failed(&error))?;
            self.rooms.insert(name.clone(), room);
        }
        let room = self.rooms.get_mut(name).expect("it was there, or was put there just now");
        Ok(room)
    }

    /// The kernel's number of an interface.
    pub(super) async fn index(&mut self, at: &Place) -> Result<u32, StepError> {
        let room = self.room(&at.namespace)?;
        if let Some(index) = room.indexes.get(&at.interface) {
            return Ok(*index);
        }
        let found = ask::link_named(&room.netlink, at.interface.as_str()).await;
        let attempt = Attempt::new(format!("looking for {at}"), at.to_string(), at);
        let index = found.map_err(|refusal| attempt.refused(&refusal))?.header.index;
        room.indexes.insert(at.interface.clone(), index);
        Ok(index)
    }
}

fn address_attempt(doing: &str, at: &Place, address: &ipnet::IpNet) -> Attempt {
    let thing = format!("the address {address} on {at}");
    Attempt::new(format!("{doing} {thing}"), thing, at)
}

fn entering(name: &NamespaceName) -> Attempt {
    Attempt::new(format!("entering the namespace {name}"), format!("the namespace {name}"), name)
}
