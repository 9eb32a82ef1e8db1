//! A namespace's firewall in the words of nftables.

use std::fmt::Write;

use ipnet::IpNet;

use crate::{FilterRule, Firewall, Hook, InterfaceName, Protocol, Verdict};

/// The one table that is ours; nothing else in the namespace's ruleset is touched.
pub const TABLE: &str = "hopscope";

/// A script for `nft -f -` that replaces the table `inet hopscope` as one transaction,
/// or removes it if the firewall is empty. Each rule counts what it matches.
/// `firewall` should be a settled lab's: a rule that could never match has no words here.
#[must_use]
pub fn ruleset(firewall: &Firewall) -> String {
    // Deleting what is missing is an error, so the table is first made sure of.
    let mut text = format!("add table inet {TABLE}\ndelete table inet {TABLE}\n");
    if firewall.is_empty() {
        return text;
    }
    text += &format!("table inet {TABLE} {{\n");
    for (hook, name) in [(Hook::Input, "input"), (Hook::Forward, "forward"), (Hook::Output, "output")] {
        let rules: Vec<&FilterRule> = firewall.rules.iter().filter(|rule| rule.hook == hook).collect();
        if !rules.is_empty() {
            let lines = rules.into_iter().map(rule_line).collect();
            text += &chain(name, &format!("type filter hook {name} priority filter"), lines);
        }
    }
    if !firewall.masquerade.is_empty() {
        let line = |name: &InterfaceName| format!("oifname {} counter masquerade", quoted(name));
        let lines = firewall.masquerade.iter().map(line).collect();
        text += &chain("postrouting", "type nat hook postrouting priority srcnat", lines);
    }
    text + "}\n"
}

fn chain(name: &str, hook: &str, rules: Vec<String>) -> String {
    let rules: String = rules.into_iter().map(|rule| format!("\t\t{rule}\n")).collect();
    format!("\tchain {name} {{\n\t\t{hook}; policy accept;\n{rules}\t}}\n")
}

fn rule_line(rule: &FilterRule) -> String {
    let mut line = String::new();
    let mut add = |part: String| {
        // Writing to a string cannot fail.
        let _ = write!(line, "{part} ");
    };
    if let Some(name) = &rule.in_interface {
        add(format!("iifname {}", quoted(name)));
    }
    if let Some(name) = &rule.out_interface {
        add(format!("oifname {}", quoted(name)));
    }
    if let Some(net) = rule.from {
        add(format!("{} saddr {}", family(net), net.trunc()));
    }
    if let Some(net) = rule.to {
        add(format!("{} daddr {}", family(net), net.trunc()));
    }
    match (rule.protocol, rule.port) {
        (Some(protocol), None) => add(format!("meta l4proto {}", protocol_name(protocol))),
        (None, Some(port)) => add(format!("meta l4proto {{ tcp, udp }} th dport {port}")),
        (Some(protocol), Some(port)) => {
            add(format!("meta l4proto {} th dport {port}", protocol_name(protocol)));
        }
        (None, None) => {}
    }
    add("counter".into());
    line + verdict_name(rule.verdict)
}

fn family(net: IpNet) -> &'static str {
    if net.addr().is_ipv4() { "ip" } else { "ip6" }
}

pub(crate) fn protocol_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Icmp => "icmp",
        Protocol::Icmpv6 => "icmpv6",
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

pub(crate) fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "accept",
        Verdict::Drop => "drop",
        Verdict::Reject => "reject",
    }
}

/// Checked names hold no quotes and no backslashes; a star at the end would stand for any ending.
fn quoted(name: &InterfaceName) -> String {
    match name.as_str().strip_suffix('*') {
        Some(start) => format!("\"{start}\\*\""),
        None => format!("\"{name}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(hook: Hook) -> FilterRule {
        FilterRule {
            hook,
            protocol: None,
            from: None,
            to: None,
            in_interface: None,
            out_interface: None,
            port: None,
            verdict: Verdict::Drop,
        }
    }

    #[test]
    fn an_empty_firewall_removes_the_table() {
        let text = ruleset(&Firewall::default());
        assert_eq!(text, "add table inet hopscope\ndelete table inet hopscope\n");
    }

    #[test]
    fn rules_stand_in_their_hooks_chain_in_order() {
        let web = FilterRule {
            protocol: Some(Protocol::Tcp),
            port: Some(80),
            to: Some("10.0.2.7/24".parse().expect("a network")),
            in_interface: Some("eth*".parse().expect("a name")),
            ..rule(Hook::Forward)
        };
        let firewall = Firewall {
            masquerade: ["br0".parse().expect("a name")].into(),
            rules: vec![web, FilterRule { verdict: Verdict::Reject, ..rule(Hook::Forward) }],
        };
        let expected = "\
add table inet hopscope
delete table inet hopscope
table inet hopscope {
\tchain forward {
\t\ttype filter hook forward priority filter; policy accept;
\t\tiifname \"eth\\*\" ip daddr 10.0.2.0/24 meta l4proto tcp th dport 80 counter drop
\t\tcounter reject
\t}
\tchain postrouting {
\t\ttype nat hook postrouting priority srcnat; policy accept;
\t\toifname \"br0\" counter masquerade
\t}
}
";
        assert_eq!(ruleset(&firewall), expected);
    }
}
