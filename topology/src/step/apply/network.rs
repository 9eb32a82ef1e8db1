//! What is set above the interfaces: addresses, neighbours, routes, and the stack's switches.

use ipnet::IpNet;

use super::{change, interface_in, interface_mut, namespace_mut, unfit};
use crate::{
    Interface, Lab, Namespace, NamespaceName, Neighbour, Place, Route, StepError, Sysctl,
    standing::{self, fallen},
};

pub(super) fn add_address(lab: &mut Lab, at: &Place, address: IpNet) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, &at.namespace)?;
    let ipv6 = standing::speaks_ipv6(namespace);
    let found = interface_in(namespace, at)?;
    if found.addresses.contains(&address) {
        return Err(StepError::Exists(format!("{address} on {at}")));
    }
    standing::address(found, ipv6, address).map_err(|why| unfit(format!("{at}: {why}")))?;
    if leans_on_ipv4(namespace, at) && address.addr().is_ipv4() && count_ipv4(namespace, at) == 0 {
        return Err(unfit(format!(
            "{at} has routes or neighbours, which it would lose with this first address again"
        )));
    }
    keeping_routes(
        namespace,
        at,
        |interface| {
            interface.addresses.insert(address);
        },
        |interface| {
            interface.addresses.remove(&address);
        },
    )
}

pub(super) fn remove_address(lab: &mut Lab, at: &Place, address: IpNet) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, &at.namespace)?;
    let found = interface_in(namespace, at)?;
    if !found.addresses.contains(&address) {
        return Err(StepError::Missing(format!("{address} on {at}")));
    }
    if leans_on_ipv4(namespace, at) && address.addr().is_ipv4() && count_ipv4(namespace, at) == 1 {
        return Err(unfit(format!("{at} would lose its routes and neighbours with its last IPv4 address")));
    }
    keeping_routes(
        namespace,
        at,
        |interface| {
            interface.addresses.remove(&address);
        },
        |interface| {
            interface.addresses.insert(address);
        },
    )
}

/// The kernel flushes all IPv4 routes and neighbours of an interface that loses its last IPv4
/// address (`fib_disable_ip` in net/ipv4/fib_frontend.c).
fn leans_on_ipv4(namespace: &Namespace, at: &Place) -> bool {
    let is_its = |route: &Route| route.to.addr().is_ipv4() && route.dev.as_ref() == Some(&at.interface);
    let neighbours = namespace.interfaces.get(&at.interface).into_iter().flat_map(|found| &found.neighbours);
    namespace.routes.iter().any(is_its) || neighbours.into_iter().any(|known| known.address.is_ipv4())
}

fn count_ipv4(namespace: &Namespace, at: &Place) -> usize {
    let addresses = namespace.interfaces.get(&at.interface).into_iter().flat_map(|found| &found.addresses);
    addresses.filter(|address| address.addr().is_ipv4()).count()
}

pub(super) fn add_neighbour(lab: &mut Lab, at: &Place, neighbour: Neighbour) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, &at.namespace)?;
    let ipv6 = standing::speaks_ipv6(namespace);
    let found = interface_in(namespace, at)?;
    if found.neighbours.contains(&neighbour) {
        return Err(StepError::Exists(format!("the neighbour {} on {at}", neighbour.address)));
    }
    standing::neighbour(found, ipv6, &neighbour).map_err(|why| unfit(format!("{at}: {why}")))?;
    found.neighbours.insert(neighbour);
    Ok(())
}

pub(super) fn remove_neighbour(lab: &mut Lab, at: &Place, neighbour: Neighbour) -> Result<(), StepError> {
    if interface_mut(lab, at)?.neighbours.remove(&neighbour) {
        return Ok(());
    }
    Err(StepError::Missing(format!("the neighbour {} on {at}", neighbour.address)))
}

pub(super) fn add_route(lab: &mut Lab, name: &NamespaceName, route: &Route) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, name)?;
    if standing::has_route_to(namespace, route.to) {
        return Err(StepError::Exists(format!("the route to {} in {name}", route.to)));
    }
    standing::route(namespace, route).map_err(|why| unfit(format!("{name}: {why}")))?;
    namespace.routes.insert(route.clone());
    Ok(())
}

pub(super) fn remove_route(lab: &mut Lab, name: &NamespaceName, route: &Route) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, name)?;
    let before = fallen(namespace);
    if !namespace.routes.remove(route) {
        return Err(StepError::Missing(format!("the route to {} in {name}", route.to)));
    }
    match fallen(namespace).difference(&before).next() {
        None => Ok(()),
        Some(other) => {
            let error = unfit(format!("the route to {} reaches its gateway through this one", other.to));
            namespace.routes.insert(route.clone());
            Err(error)
        }
    }
}

pub(super) fn set_sysctl(
    lab: &mut Lab,
    name: &NamespaceName,
    sysctl: Sysctl,
    from: u8,
    to: u8,
) -> Result<(), StepError> {
    let namespace = namespace_mut(lab, name)?;
    if sysctl.greatest() < to {
        return Err(unfit(format!("{} is at most {}", sysctl.keys()[0], sysctl.greatest())));
    }
    if sysctl == Sysctl::DisableIpv6 && to == 1 && holds_ipv6(namespace) {
        return Err(unfit(format!("{name} would lose its IPv6 addresses, neighbours and routes")));
    }
    let mut value = namespace.sysctls.value(sysctl);
    change(&mut value, &Some(from), &Some(to), || format!("{} in {name}", sysctl.keys()[0]))?;
    namespace.sysctls.set_value(sysctl, to);
    Ok(())
}

fn holds_ipv6(namespace: &Namespace) -> bool {
    namespace.routes.iter().any(|route| route.to.addr().is_ipv6())
        || namespace.interfaces.values().any(|found| {
            let addresses = found.addresses.iter().map(|address| address.addr());
            let known = found.neighbours.iter().map(|known| known.address);
            addresses.chain(known).any(|address| address.is_ipv6())
        })
}

/// Changes an interface, unless a route that stood before would then fall: the kernel would
/// drop it (or keep it as a route to nowhere) without a word.
pub(super) fn keeping_routes(
    namespace: &mut Namespace,
    at: &Place,
    alter: impl FnOnce(&mut Interface),
    undo: impl FnOnce(&mut Interface),
) -> Result<(), StepError> {
    let before = fallen(namespace);
    alter(interface_in(namespace, at)?);
    let error = fallen(namespace).difference(&before).next().map(|route| {
        let why = standing::route(namespace, route).err().unwrap_or_default();
        unfit(format!("{at} carries a route: {why}"))
    });
    match error {
        None => Ok(()),
        Some(error) => {
            undo(interface_in(namespace, at)?);
            Err(error)
        }
    }
}
