//! From a text in the file to a checked value, or to a problem that points at the text.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{
    dto::Text,
    error::{Problem, did_you_mean},
};
use crate::{Hook, InterfaceName, MacAddress, NameError, NamespaceName, Place, Protocol, Verdict};

pub(super) const HOOKS: [(&str, Hook); 3] =
    [("input", Hook::Input), ("output", Hook::Output), ("forward", Hook::Forward)];
pub(super) const PROTOCOLS: [(&str, Protocol); 4] =
    [("icmp", Protocol::Icmp), ("icmpv6", Protocol::Icmpv6), ("tcp", Protocol::Tcp), ("udp", Protocol::Udp)];
pub(super) const VERDICTS: [(&str, Verdict); 3] =
    [("accept", Verdict::Accept), ("drop", Verdict::Drop), ("reject", Verdict::Reject)];

pub(super) fn problem(text: &Text, message: impl Into<String>, hint: impl Into<String>) -> Problem {
    Problem::new(text.span(), message, hint)
}

pub(super) fn namespace_name(text: &Text) -> Result<NamespaceName, Problem> {
    NamespaceName::new(text.get_ref()).map_err(|error| bad_name(text, &error))
}

pub(super) fn interface_name(text: &Text) -> Result<InterfaceName, Problem> {
    InterfaceName::new(text.get_ref()).map_err(|error| bad_name(text, &error))
}

pub(super) fn place(text: &Text) -> Result<Place, Problem> {
    text.get_ref().parse().map_err(|error| bad_name(text, &error))
}

fn bad_name(text: &Text, error: &NameError) -> Problem {
    let hint = match error {
        NameError::Empty => "give it a name, such as “red” or “veth-red”",
        NameError::TooLong { .. } => "the kernel keeps no more than that; shorten it",
        NameError::Character { .. } => "letters, digits, “-”, “_” and “.” always do",
        NameError::Reserved { .. } => "begin it with a letter",
        NameError::Switches { .. } => "take another name",
        NameError::NotAPlace(_) => "write the namespace, a slash and the interface: “ns1/veth-ns1”",
    };
    problem(text, error.to_string(), hint)
}

pub(super) fn mac(text: &Text) -> Result<MacAddress, Problem> {
    let parsed: Result<MacAddress, _> = text.get_ref().parse();
    parsed.map_err(|error| problem(text, error.to_string(), "six pairs of hex digits with colons between"))
}

pub(super) fn address(text: &Text) -> Result<IpAddr, Problem> {
    text.get_ref().parse().map_err(|_| {
        let hint = match text.get_ref().split_once('/') {
            Some((address, _)) if address.parse::<IpAddr>().is_ok() => {
                format!("here it goes without a prefix length: “{address}”")
            }
            _ => "such as “10.10.0.1” or “fd00::1”".into(),
        };
        problem(text, format!("“{}” is not an address", text.get_ref()), hint)
    })
}

/// An address with the length of its subnet's prefix.
pub(super) fn network(text: &Text) -> Result<IpNet, Problem> {
    let written = text.get_ref();
    written.parse().map_err(|_| {
        let (message, hint) = match (written.parse::<IpAddr>(), written.split_once('/')) {
            (Ok(IpAddr::V4(_)), _) => ("lacks its prefix length", format!("such as “{written}/24”")),
            (Ok(IpAddr::V6(_)), _) => ("lacks its prefix length", format!("such as “{written}/64”")),
            (_, Some((address, _))) if address.parse::<IpAddr>().is_ok() => {
                ("has no valid prefix length", "from 0 to 32 for IPv4, from 0 to 128 for IPv6".into())
            }
            _ => ("is not an address with a prefix length", "such as “10.10.0.1/24” or “fd00::1/64”".into()),
        };
        problem(text, format!("“{written}” {message}"), hint)
    })
}

/// Looks a word up in a table such as [`HOOKS`].
pub(super) fn word<T: Copy>(text: &Text, known: &[(&str, T)]) -> Result<T, Problem> {
    let found = known.iter().find(|(name, _)| name == text.get_ref());
    found.map(|&(_, value)| value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|&(name, _)| name).collect();
        let guess = did_you_mean(text.get_ref(), names.iter().copied());
        let hint = guess.unwrap_or_else(|| format!("it is one of: {}", names.join(", ")));
        problem(text, format!("“{}” is not known here", text.get_ref()), hint)
    })
}

/// The word for a value in a table such as [`HOOKS`].
pub(super) fn word_for<T: Copy + PartialEq>(value: T, known: &[(&'static str, T)]) -> &'static str {
    known.iter().find(|&&(_, found)| found == value).map_or("", |&(name, _)| name)
}
