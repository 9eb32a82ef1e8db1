//! Which address a name stands for.

use std::net::IpAddr;

use ipnet::IpNet;
use topology::{Lab, Namespace, NamespaceName, Target};

/// As one types it.
pub fn words(target: &Target) -> String {
    match target {
        Target::Namespace(name) => name.to_string(),
        Target::Address(address) => address.to_string(),
    }
}

/// A namespace's name, or an address.
pub fn read(lab: &Lab, from: Option<&NamespaceName>, text: &str) -> Result<IpAddr, String> {
    let text = text.trim();
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let found = NamespaceName::new(text).ok().and_then(|name| lab.namespaces.get(&name));
    let Some(to) = found else { return Err("no namespace and no address is called so".into()) };
    let from = from.and_then(|from| lab.namespaces.get(from)).map(addresses).unwrap_or_default();
    let all = addresses(to);
    let near = all.iter().find(|net| from.iter().any(|own| own.contains(&net.addr())));
    let same_family =
        || all.iter().find(|net| from.iter().any(|own| own.addr().is_ipv4() == net.addr().is_ipv4()));
    let best = near.or_else(same_family).or_else(|| all.first());
    best.map(IpNet::addr).ok_or_else(|| format!("{text} has no address"))
}

/// IPv4 first.
fn addresses(namespace: &Namespace) -> Vec<IpNet> {
    let all = namespace.interfaces.values().flat_map(|found| found.addresses.iter().copied());
    let mut all: Vec<IpNet> = all.collect();
    all.sort_by_key(|net| !net.addr().is_ipv4());
    all
}
