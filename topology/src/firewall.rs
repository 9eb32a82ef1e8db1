//! Stand-in until the real one is merged.

use std::fmt::Write;

use crate::{Firewall, Hook, Protocol, Verdict};

/// Text for `nft -f -` that makes the table `inet hopscope`.
pub fn ruleset(firewall: &Firewall) -> String {
    let mut text = String::from("add table inet hopscope\ndelete table inet hopscope\n");
    if firewall.is_empty() {
        return text;
    }
    text += "table inet hopscope {\n";
    for (hook, name) in [(Hook::Input, "input"), (Hook::Output, "output"), (Hook::Forward, "forward")] {
        let _ = writeln!(text, "chain {name} {{ type filter hook {name} priority filter; policy accept;");
        for rule in firewall.rules.iter().filter(|rule| rule.hook == hook) {
            let mut line = String::new();
            if let Some(name) = &rule.in_interface {
                let _ = write!(line, "iifname \"{name}\" ");
            }
            if let Some(name) = &rule.out_interface {
                let _ = write!(line, "oifname \"{name}\" ");
            }
            for (net, side) in [(&rule.from, "saddr"), (&rule.to, "daddr")] {
                if let Some(net) = net {
                    let family = if net.addr().is_ipv4() { "ip" } else { "ip6" };
                    let _ = write!(line, "{family} {side} {net} ");
                }
            }
            let protocol = rule.protocol.map(|protocol| match protocol {
                Protocol::Icmp => "icmp",
                Protocol::Icmpv6 => "ipv6-icmp",
                Protocol::Tcp => "tcp",
                Protocol::Udp => "udp",
            });
            match (protocol, rule.port) {
                (Some(protocol), Some(port)) => {
                    let _ = write!(line, "{protocol} dport {port} ");
                }
                (Some(protocol), None) => {
                    let _ = write!(line, "meta l4proto {protocol} ");
                }
                _ => {}
            }
            line += match rule.verdict {
                Verdict::Accept => "accept",
                Verdict::Drop => "drop",
                Verdict::Reject => "reject",
            };
            let _ = writeln!(text, "{line}");
        }
        text += "}\n";
    }
    text += "chain postrouting { type nat hook postrouting priority srcnat; policy accept;\n";
    for name in &firewall.masquerade {
        let _ = writeln!(text, "oifname \"{name}\" masquerade");
    }
    text + "}\n}\n"
}
