//! A probe out of what was typed.

use std::time::Duration;

use topology::{InterfaceName, Lab};

use super::{Typed, aim};
use crate::{
    model::act::{Probe, ProbeKind, Rounds},
    window::panels::probe_kind::Probing,
};

/// A UDP datagram that no cable has to cut: 1500 octets less the headers of IPv6 and UDP.
const LONGEST_TEXT: usize = 1452;

pub fn probe(lab: &Lab, typed: &Typed) -> Result<Probe, String> {
    let from = typed.from.clone().ok_or("from where?")?;
    let to = aim::read(lab, Some(&from), &typed.to)?;
    let kind = match typed.kind {
        Probing::Ping => {
            let rounds =
                if typed.until_stopped { Rounds::UntilStopped } else { Rounds::Times(times(&typed.times)?) };
            ProbeKind::Ping { rounds, every: every(&typed.every)? }
        }
        Probing::Flood => ProbeKind::Flood { at_most: at_most(&typed.at_most)? },
        Probing::Arp => ProbeKind::Arp { on: interface(lab, typed)? },
        Probing::Trace => ProbeKind::Trace { most_hops: hops(&typed.hops)? },
        Probing::Tcp => ProbeKind::Tcp { port: port(&typed.port)? },
        Probing::Udp => ProbeKind::Udp { port: port(&typed.port)?, text: text(&typed.text)? },
    };
    Ok(Probe { from, to, aim: typed.to.trim().to_owned(), kind })
}

/// The interface that was chosen, or the one whose network the address is in, or the first.
pub fn interface(lab: &Lab, typed: &Typed) -> Result<InterfaceName, String> {
    if let Some(on) = &typed.on {
        return Ok(on.clone());
    }
    let namespace = typed.from.as_ref().and_then(|from| lab.namespaces.get(from));
    let interfaces = || namespace.iter().flat_map(|namespace| &namespace.interfaces);
    let to = aim::read(lab, typed.from.as_ref(), &typed.to).ok();
    let near = interfaces()
        .find(|(_, found)| found.addresses.iter().any(|net| to.is_some_and(|to| net.contains(&to))));
    let any = || interfaces().find(|(name, _)| !name.is_loopback());
    let found = near.or_else(any).map(|(name, _)| name.clone());
    found.ok_or_else(|| "it has no interface".into())
}

pub fn times(text: &str) -> Result<u32, String> {
    number(text, 1, 100_000)
}

/// Milliseconds.
pub fn every(text: &str) -> Result<Duration, String> {
    number(text, 10, 3_600_000).map(|ms| Duration::from_millis(ms.into()))
}

pub fn at_most(text: &str) -> Result<u32, String> {
    number(text, 1, 100_000)
}

pub fn hops(text: &str) -> Result<u8, String> {
    number(text, 1, 255).map(|hops| u8::try_from(hops).unwrap_or(u8::MAX))
}

pub fn port(text: &str) -> Result<u16, String> {
    number(text, 1, 65_535).map(|port| u16::try_from(port).unwrap_or(u16::MAX))
}

pub fn text(text: &str) -> Result<String, String> {
    if text.len() <= LONGEST_TEXT {
        Ok(text.to_owned())
    } else {
        Err(format!("at most {LONGEST_TEXT} bytes, so that it stays one frame"))
    }
}

fn number(text: &str, least: u32, most: u32) -> Result<u32, String> {
    let number = text.trim().parse::<u32>().ok();
    let fit = number.filter(|number| (least..=most).contains(number));
    fit.ok_or_else(|| format!("a number from {least} to {most}"))
}
