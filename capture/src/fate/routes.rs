//! Where a stack would send a datagram.

use std::net::IpAddr;

use ipnet::IpNet;
use topology::{InterfaceName, Namespace};

/// The chosen way: the interface, where the lab names it, and the gateway, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub dev: Option<InterfaceName>,
    pub via: Option<IpAddr>,
}

/// The route with the longest prefix, networks of the namespace's own interfaces included.
pub fn way_to(namespace: &Namespace, address: IpAddr) -> Option<Way> {
    let connected = connected(namespace).map(|(net, dev)| (net, Way { dev: Some(dev.clone()), via: None }));
    let configured = namespace.routes.iter().map(|route| {
        let through = route.via.and_then(|via| connected_to(namespace, via));
        (route.to, Way { dev: route.dev.clone().or(through), via: route.via })
    });
    let fitting = connected.chain(configured).filter(|(net, _)| net.contains(&address));
    // Of equals the last wins in `max_by_key`; reversed, the connected network comes before a route.
    let all: Vec<(IpNet, Way)> = fitting.collect();
    all.into_iter().rev().max_by_key(|(net, _)| net.prefix_len()).map(|(_, way)| way)
}

fn connected(namespace: &Namespace) -> impl Iterator<Item = (IpNet, &InterfaceName)> {
    let up = namespace.interfaces.iter().filter(|(_, interface)| interface.up && interface.bridge.is_none());
    up.flat_map(|(name, interface)| interface.addresses.iter().map(move |net| (net.trunc(), name)))
}

fn connected_to(namespace: &Namespace, address: IpAddr) -> Option<InterfaceName> {
    connected(namespace).find(|(net, _)| net.contains(&address)).map(|(_, name)| name.clone())
}
