//! The way that frames to an address take from namespace to namespace, as far as routes,
//! forwarding and cables say; firewalls and reverse path filters are not asked.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use super::{Subject, addresses::addresses};
use crate::{
    InterfaceName, Namespace, NamespaceName, Place,
    standing::{connected, interface_towards},
};

/// Where it ends well.
pub(super) struct Arrival {
    pub goal: NamespaceName,
    /// The address that the first namespace sends from.
    pub source: Option<IpAddr>,
    /// Some namespace on the way puts its own address in the source's place.
    pub masqueraded: bool,
}

/// Why it ends on the way.
pub(super) enum Stuck {
    NoRoute(NamespaceName),
    /// The namespace would have to hand it on, but does not.
    NotForwarding(NamespaceName),
    /// It is sent out there, but its address is on no interface that hears it.
    Unheard(Place),
    /// The way goes in circles.
    Circle(NamespaceName),
    /// A route is broken, which another check tells of.
    Broken,
}

/// Who has which address.
pub(super) struct Ways<'a> {
    subject: &'a Subject<'a>,
    owners: BTreeMap<IpAddr, Vec<Place>>,
}

impl<'a> Ways<'a> {
    pub fn of(subject: &'a Subject<'a>) -> Self {
        let mut owners: BTreeMap<IpAddr, Vec<Place>> = BTreeMap::new();
        for (at, address) in addresses(subject) {
            owners.entry(address.addr()).or_default().push(at);
        }
        Self { subject, owners }
    }

    pub fn has_owner(&self, address: IpAddr) -> bool {
        self.owners.contains_key(&address)
    }

    pub fn walk(&self, from: &NamespaceName, to: IpAddr) -> Result<Arrival, Stuck> {
        let mut at = from.clone();
        let mut arrival = Arrival { goal: from.clone(), source: None, masqueraded: false };
        let mut seen = BTreeSet::new();
        while !self.owns(&at, to) {
            if !seen.insert(at.clone()) {
                return Err(Stuck::Circle(at));
            }
            let namespace = self.subject.lab.namespaces.get(&at);
            let namespace = namespace.ok_or_else(|| Stuck::NoRoute(at.clone()))?;
            if at != *from && !forwards(namespace, to) {
                return Err(Stuck::NotForwarding(at));
            }
            let (dev, hop) = next_hop(namespace, to).ok_or_else(|| Stuck::NoRoute(at.clone()))?;
            let dev = dev.ok_or(Stuck::Broken)?;
            if at == *from {
                arrival.source = source(namespace, dev, hop);
            }
            arrival.masqueraded |= namespace.firewall.masquerade.contains(dev);
            let out = Place::new(at, dev.clone());
            at = self.hears(&out, hop).cloned().ok_or(match hop == to {
                true => Stuck::Unheard(out),
                // A gateway that nobody is may be meant to be so; the lab has no such address.
                false => Stuck::Broken,
            })?;
        }
        arrival.goal = at;
        Ok(arrival)
    }

    fn owns(&self, namespace: &NamespaceName, address: IpAddr) -> bool {
        self.owners.get(&address).is_some_and(|owners| owners.iter().any(|at| at.namespace == *namespace))
    }

    /// The namespace that takes frames to `address` which leave by `out`. Any interface will do:
    /// Linux answers for all of a namespace's addresses on each (arp_ignore, ip-sysctl); ports are none.
    fn hears(&self, out: &Place, address: IpAddr) -> Option<&NamespaceName> {
        let domain = self.subject.shape.broadcast_domain(out)?;
        let listens =
            |at: &&Place| self.subject.lab.interface(at).is_some_and(|found| found.bridge.is_none());
        let owners = self.owners.get(&address)?.iter().map(|owner| &owner.namespace);
        owners.into_iter().find(|owner| domain.iter().filter(listens).any(|at| at.namespace == **owner))
    }
}

fn forwards(namespace: &Namespace, to: IpAddr) -> bool {
    let sysctls = &namespace.sysctls;
    let forward = if to.is_ipv4() { sysctls.ipv4_forward } else { sysctls.ipv6_forward };
    forward == Some(true)
}

/// The interface, and whom the frame is for there, by the longest prefix.
/// No interface: that of the best route cannot be told.
fn next_hop(namespace: &Namespace, to: IpAddr) -> Option<(Option<&InterfaceName>, IpAddr)> {
    let near = connected(namespace).map(|(dev, subnet)| (subnet, Some(dev), to));
    let routes = namespace.routes.iter().map(|route| {
        let dev = route.dev.as_ref().or_else(|| interface_towards(namespace, route.via?));
        (route.to, dev, route.via.unwrap_or(to))
    });
    let fitting = near.chain(routes).filter(|(net, ..)| net.contains(&to));
    let best = fitting.min_by_key(|(net, ..)| u8::MAX - net.prefix_len());
    best.map(|(_, dev, hop)| (dev, hop))
}

/// The address that the kernel sends from: on `dev`, one of the next hop's subnet first.
fn source(namespace: &Namespace, dev: &InterfaceName, hop: IpAddr) -> Option<IpAddr> {
    let addresses = &namespace.interfaces.get(dev)?.addresses;
    let near = addresses.iter().find(|address| address.contains(&hop));
    let family = || addresses.iter().find(|address| address.addr().is_ipv4() == hop.is_ipv4());
    near.or_else(family).map(ipnet::IpNet::addr)
}
