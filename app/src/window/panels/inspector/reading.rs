//! What is typed, read as what it stands for; the errors are words for people.

use std::net::IpAddr;

use ipnet::IpNet;
use topology::{InterfaceName, Lab, MacAddress, NamespaceName, Place};

/// An address with its prefix length, as an interface has it.
pub fn interface_address(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    if let Ok(net) = text.parse::<IpNet>() {
        return Ok(net);
    }
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => Err(format!("say how long the network's part is, as in {text}/24")),
        Ok(IpAddr::V6(_)) => Err(format!("say how long the network's part is, as in {text}/64")),
        Err(_) => Err("an address looks like 10.0.0.1/24 or fd00::1/64".into()),
    }
}

/// A network, `default` for everything, or a single address.
pub fn network(text: &str, other: Option<IpAddr>) -> Result<IpNet, String> {
    let text = text.trim();
    if text == "default" {
        let all = if other.is_some_and(|other| other.is_ipv6()) { "::/0" } else { "0.0.0.0/0" };
        return all.parse().map_err(|_| "no such network".into());
    }
    if let Ok(single) = text.parse::<IpAddr>() {
        return Ok(IpNet::from(single));
    }
    let net: IpNet = text.parse().map_err(|_| "a network looks like 10.0.0.0/24; default is everything")?;
    if net.trunc() == net { Ok(net) } else { Err(format!("the network is {}", net.trunc())) }
}

pub fn optional_network(text: &str) -> Result<Option<IpNet>, String> {
    if text.trim().is_empty() { Ok(None) } else { network(text, None).map(Some) }
}

pub fn address(text: &str) -> Result<IpAddr, String> {
    text.trim().parse().map_err(|_| "an address looks like 10.0.0.1 or fd00::1".into())
}

pub fn optional_address(text: &str) -> Result<Option<IpAddr>, String> {
    if text.trim().is_empty() { Ok(None) } else { address(text).map(Some) }
}

/// A MAC of one station.
pub fn mac(text: &str) -> Result<MacAddress, String> {
    let mac: MacAddress = text.trim().parse().map_err(|_| "a MAC looks like 02:42:ac:11:00:02")?;
    if mac.is_group() { Err("this is a group's address: make the first byte even".into()) } else { Ok(mac) }
}

/// Empty: left to be derived.
pub fn optional_mac(text: &str) -> Result<Option<MacAddress>, String> {
    if text.trim().is_empty() { Ok(None) } else { mac(text).map(Some) }
}

/// Octets; empty: the kernel's default. IPv4 needs 68 (RFC 791), the kernel's veth takes up to 65535.
pub fn mtu(text: &str) -> Result<Option<u32>, String> {
    match text.trim() {
        "" => Ok(None),
        text => number(text, 68, 65_535).map(Some),
    }
}

pub fn number<T>(text: &str, least: T, most: T) -> Result<T, String>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    match text.trim().parse::<T>() {
        Ok(number) if least <= number && number <= most => Ok(number),
        _ => Err(format!("a number from {least} to {most}")),
    }
}

/// A namespace's new name.
pub fn namespace_name(text: &str, lab: &Lab, now: &NamespaceName) -> Result<NamespaceName, String> {
    let name = NamespaceName::new(text.trim()).map_err(|error| error.to_string())?;
    let is_taken = name.is_host() || lab.namespaces.contains_key(&name);
    if is_taken && name != *now { Err(format!("there is a namespace {name} already")) } else { Ok(name) }
}

/// An interface's new name.
pub fn interface_name(text: &str, lab: &Lab, now: &Place) -> Result<InterfaceName, String> {
    let name = InterfaceName::new(text.trim()).map_err(|error| error.to_string())?;
    let is_taken = lab.interface(&Place::new(now.namespace.clone(), name.clone())).is_some();
    if is_taken && name != now.interface {
        Err(format!("{} has an interface {name} already", now.namespace))
    } else {
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said() {
        assert_eq!(
            interface_address("10.0.0.1").expect_err("it is not sound"),
            "say how long the network's part is, as in 10.0.0.1/24"
        );
        assert_eq!(interface_address(" 10.0.0.1/24 ").expect("it is sound").to_string(), "10.0.0.1/24");
        assert_eq!(network("10.0.0.1/24", None).expect_err("it is not sound"), "the network is 10.0.0.0/24");
        assert_eq!(network("default", "fd00::1".parse().ok()).expect("it is sound").to_string(), "::/0");
        assert_eq!(network("10.0.0.9", None).expect("it is sound").to_string(), "10.0.0.9/32");
        assert!(mac("01:00:5e:00:00:01").is_err());
        assert_eq!(mtu(""), Ok(None));
        assert_eq!(mtu("67").expect_err("it is not sound"), "a number from 68 to 65535");
    }
}
