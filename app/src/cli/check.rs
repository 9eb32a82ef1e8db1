//! `hopscope check`: what is wrong with a lab.

use std::io::Write;

use topology::check::{Severity, check as problems_of};

use super::{Failure, Status, load};
use crate::print::counted;

pub fn check(named: &str) -> Result<Status, Failure> {
    let lab = load::lab(named)?;
    let problems = problems_of(&lab, &machine_addresses());
    let mut out = anstream::stdout().lock();
    for problem in &problems {
        crate::print::problem(&mut out, problem)?;
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    match (problems.len(), errors) {
        (0, _) => writeln!(out, "{named}: nothing wrong")?,
        (all, errors) => {
            let (errors, others) =
                (counted(errors as u64, "error"), counted((all - errors) as u64, "other remark"));
            writeln!(out, "{named}: {errors}, {others}")?;
        }
    }
    Ok(if errors == 0 { Status::Good } else { Status::Unanswered })
}

/// The addresses that this machine itself has, loopback left out.
#[cfg(feature = "engine")]
pub fn machine_addresses() -> Vec<ipnet::IpNet> {
    let Ok(interfaces) = nix::ifaddrs::getifaddrs() else { return Vec::new() };
    let ip = |address: &nix::sys::socket::SockaddrStorage| -> Option<std::net::IpAddr> {
        let v4 = address.as_sockaddr_in().map(|found| found.ip().into());
        v4.or_else(|| address.as_sockaddr_in6().map(|found| found.ip().into()))
    };
    let network = |found: nix::ifaddrs::InterfaceAddress| {
        let address = ip(&found.address?)?;
        let mask = ip(&found.netmask?)?;
        let network = ipnet::IpNet::with_netmask(address, mask).ok()?;
        (!address.is_loopback()).then_some(network)
    };
    interfaces.filter_map(network).collect()
}

/// Without the engine nothing asks the machine.
#[cfg(not(feature = "engine"))]
pub fn machine_addresses() -> Vec<ipnet::IpNet> {
    Vec::new()
}
