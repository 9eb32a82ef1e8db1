//! What a namespace's filter rules say to a datagram.

use topology::{FilterRule, Firewall, Hook, InterfaceName, Protocol, Verdict};

use crate::glance::{self, Datagram};

/// A datagram at one of the hooks.
#[derive(Clone, Copy, Debug)]
pub struct Passing<'a> {
    pub hook: Hook,
    pub datagram: &'a Datagram,
    /// Destination port, where it shows.
    pub port: Option<u16>,
    pub in_interface: Option<&'a InterfaceName>,
    pub out_interface: Option<&'a InterfaceName>,
}

/// The rule that stops it, if one does: the first that matches decides.
pub fn stopped_by<'a>(firewall: &'a Firewall, passing: &Passing) -> Option<&'a FilterRule> {
    let first = firewall.rules.iter().find(|rule| matches(rule, passing))?;
    (first.verdict != Verdict::Accept).then_some(first)
}

fn matches(rule: &FilterRule, passing: &Passing) -> bool {
    let datagram = passing.datagram;
    let protocol = rule.protocol.is_none_or(|protocol| {
        datagram.protocol
            == match protocol {
                Protocol::Icmp => glance::ICMP,
                Protocol::Icmpv6 => glance::ICMPV6,
                Protocol::Tcp => glance::TCP,
                Protocol::Udp => glance::UDP,
            }
    });
    rule.hook == passing.hook
        && protocol
        && rule.from.is_none_or(|net| net.contains(&datagram.source))
        && rule.to.is_none_or(|net| net.contains(&datagram.destination))
        && rule.in_interface.as_ref().is_none_or(|wanted| passing.in_interface == Some(wanted))
        && rule.out_interface.as_ref().is_none_or(|wanted| passing.out_interface == Some(wanted))
        && rule.port.is_none_or(|port| passing.port == Some(port))
}

/// The rule in words, as far as it narrows anything down.
pub fn in_words(rule: &FilterRule) -> String {
    let mut words = vec![
        match rule.hook {
            Hook::Input => "input",
            Hook::Output => "output",
            Hook::Forward => "forward",
        }
        .to_owned(),
    ];
    words.extend(rule.protocol.map(|protocol| {
        let name = match protocol {
            Protocol::Icmp => "icmp",
            Protocol::Icmpv6 => "icmpv6",
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        };
        name.to_owned()
    }));
    words.extend(rule.from.map(|net| format!("from {net}")));
    words.extend(rule.to.map(|net| format!("to {net}")));
    words.extend(rule.in_interface.as_ref().map(|name| format!("in by {name}")));
    words.extend(rule.out_interface.as_ref().map(|name| format!("out by {name}")));
    words.extend(rule.port.map(|port| format!("port {port}")));
    let verdict = match rule.verdict {
        Verdict::Accept => "accept",
        Verdict::Drop => "drop",
        Verdict::Reject => "reject",
    };
    format!("“{}: {verdict}”", words.join(" "))
}
