//! A lab as a set of plain facts, from itself and from what `ip` prints.

use std::collections::BTreeSet;

use crate::{InterfaceKind, Lab};

/// Prints every namespace below the marks that [`observed`] looks for.
pub(super) const READ_BACK: &str = r#"
read_back() {
    echo "@namespace $1"
    shift
    "$@" ip -o link show
    "$@" ip -o addr show | sed 's/^[0-9]*: /@address /'
    "$@" ip neigh show nud permanent | sed 's/^/@neighbour /'
    "$@" ip -4 route show | sed 's/^/@route /'
    "$@" ip -6 route show | sed 's/^/@route6 /'
    for key in ipv4/ip_forward ipv6/conf/all/forwarding ipv4/conf/all/rp_filter ipv6/conf/all/disable_ipv6; do
        echo "@switch $key $("$@" cat /proc/sys/net/$key)"
    done
    "$@" nft list table inet hopscope 2>/dev/null | sed -n 's/counter packets.* bytes [0-9]*/counter/; s/^\t\t/@rule /p'
}
read_back host env
for namespace in /run/netns/*; do
    [ -e "$namespace" ] || continue
    read_back "${namespace#/run/netns/}" ip netns exec "${namespace#/run/netns/}"
done
"#;

pub(super) fn expected(lab: &Lab) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    for (name, namespace) in &lab.namespaces {
        facts.insert(format!("{name} is"));
        for (interface, found) in &namespace.interfaces {
            let at = format!("{name}/{interface}");
            if found.kind != InterfaceKind::Loopback {
                facts.insert(format!("{at} mac {}", found.mac.unwrap_or_default()));
            }
            facts.insert(format!("{at} mtu {}", found.mtu.unwrap_or_default()));
            facts.insert(format!("{at} up {}", found.up));
            facts.extend(found.bridge.iter().map(|bridge| format!("{at} port of {bridge}")));
            facts.extend(found.addresses.iter().map(|address| format!("{at} has {address}")));
            facts.extend(
                found.neighbours.iter().map(|known| format!("{at} knows {} {}", known.address, known.mac)),
            );
        }
        for route in &namespace.routes {
            let via = route.via.map(|via| format!(" via {via}")).unwrap_or_default();
            let dev = route.dev.as_ref().map(ToString::to_string).unwrap_or_default();
            facts.insert(format!("{name} to {}{via} dev {dev}", route.to));
        }
        for sysctl in crate::Sysctl::ALL {
            let value = namespace.sysctls.value(sysctl).unwrap_or_default();
            facts.insert(format!("{name} switch {} {value}", sysctl.keys()[0]));
        }
        let rules = namespace.firewall.rules.len() + namespace.firewall.masquerade.len();
        facts.insert(format!("{name} has {rules} rules"));
    }
    facts
}

pub(super) fn observed(text: &str) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    let mut name = "";
    let mut rules: std::collections::BTreeMap<&str, usize> = Default::default();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["@namespace", found] => {
                name = found;
                rules.insert(name, 0);
                facts.insert(format!("{name} is"));
            }
            ["@address", interface, "inet" | "inet6", address, ..] => {
                if !is_the_kernels(interface, address) {
                    facts.insert(format!("{name}/{interface} has {}", with_length(address)));
                }
            }
            ["@address", ..] => {}
            ["@neighbour", address, "dev", dev, "lladdr", mac, ..] => {
                facts.insert(format!("{name}/{dev} knows {address} {mac}"));
            }
            [mark @ ("@route" | "@route6"), to, ..] => {
                if after(&words, "proto") != Some("kernel") {
                    facts.insert(format!("{name} to {}", route(to, *mark == "@route6", &words)));
                }
            }
            ["@switch", key, value] => {
                facts.insert(format!("{name} switch net.{} {value}", key.replace('/', ".")));
            }
            ["@rule", "type", ..] => {}
            ["@rule", ..] => *rules.entry(name).or_default() += 1,
            [_, interface, flags, ..] => facts.extend(link(name, interface, flags, &words)),
            _ => panic!("what is {line:?}?"),
        }
    }
    facts.extend(rules.into_iter().map(|(name, count)| format!("{name} has {count} rules")));
    facts
}

fn link(name: &str, interface: &str, flags: &str, words: &[&str]) -> Vec<String> {
    let interface = interface.trim_end_matches(':');
    let interface = interface.rsplit_once('@').map_or(interface, |(interface, _)| interface);
    let at = format!("{name}/{interface}");
    let is_up = flags.trim_matches(['<', '>']).split(',').any(|flag| flag == "UP");
    let mut facts = vec![format!("{at} up {is_up}")];
    facts.extend(after(words, "mtu").map(|mtu| format!("{at} mtu {mtu}")));
    facts.extend(after(words, "master").map(|bridge| format!("{at} port of {bridge}")));
    facts.extend(after(words, "link/ether").map(|mac| format!("{at} mac {mac}")));
    facts
}

fn route(to: &str, is_ipv6: bool, words: &[&str]) -> String {
    let to = match (to, is_ipv6) {
        ("default", false) => "0.0.0.0/0".into(),
        ("default", true) => "::/0".into(),
        (to, _) => with_length(to),
    };
    let via = after(words, "via").map(|via| format!(" via {via}")).unwrap_or_default();
    format!("{to}{via} dev {}", after(words, "dev").unwrap_or_default())
}

fn after<'a>(words: &[&'a str], word: &str) -> Option<&'a str> {
    words.iter().skip_while(|found| **found != word).nth(1).copied()
}

fn with_length(address: &str) -> String {
    match (address.contains('/'), address.contains(':')) {
        (true, _) => address.into(),
        (false, true) => format!("{address}/128"),
        (false, false) => format!("{address}/32"),
    }
}

fn is_the_kernels(interface: &str, address: &str) -> bool {
    let is_eui64 = address.starts_with("fe80:") && address.contains("ff:fe");
    is_eui64 || (interface == "lo" && ["127.0.0.1/8", "::1/128"].contains(&address))
}
