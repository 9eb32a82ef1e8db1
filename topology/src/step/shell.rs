//! A step as one would type it: as root, in the sandbox's host terminal.
//!
//! Names are always announced by `name` or `dev`, since `ip` takes a bare one for the beginning of
//! a keyword (`ip link add a type veth` is refused: `a` might be `address`).
//! Names are quoted wherever a shell would see more in them than letters.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::Step;
use crate::{
    BridgeSettings, Cable, MacAddress, NamespaceName, Neighbour, OtherKind, Place, PortVlan, Route, Sysctl,
    Sysctls, Thing, firewall,
};

impl Step {
    /// One or more lines for `sh`, without a newline at the end.
    #[must_use]
    pub fn shell(&self) -> String {
        use Step::*;
        match self {
            AddNamespace { name, sysctls } => add_namespace(name, sysctls),
            RemoveNamespace { name, .. } => remove_namespace(name),
            AddBridge { at, mac, settings } => add_bridge(at, *mac, *settings),
            RemoveBridge { at, .. } | RemoveOther { at, .. } => {
                format!("{} link del dev {}", ip(&at.namespace), dev(at))
            }
            AddOther { at, kind, mac, mtu } => add_other(at, *kind, *mac, *mtu),
            PlugCable { cable, macs } => plug(cable, *macs),
            PullCable { cable, .. } => {
                let [end, _] = cable.ends();
                format!("{} link del dev {}", ip(&end.namespace), dev(end))
            }
            Enslave { port, bridge } => {
                // A port has no IPv6 of its own: the bridge speaks for it.
                let own = quietly(&link(port, "addrgenmode none"));
                format!("{own}\n{} {}", link(port, "master"), word(bridge.as_str()))
            }
            Release { port, .. } => {
                let own = quietly(&link(port, "addrgenmode eui64"));
                format!("{}\n{own}", link(port, "nomaster"))
            }
            SetUp { at, up: true } => link(at, "up"),
            SetUp { at, up: false } => link(at, "down"),
            SetMac { at, to, .. } => link(at, &format!("address {to}")),
            SetMtu { at, to, .. } => link(at, &format!("mtu {to}")),
            AddAddress { at, address } => {
                let nodad = if address.addr().is_ipv6() { " nodad" } else { "" };
                format!("{} addr add {address} dev {}{nodad}", ip(&at.namespace), dev(at))
            }
            RemoveAddress { at, address } => remove_address(at, *address),
            AddNeighbour { at, neighbour: Neighbour { address, mac } } => {
                format!(
                    "{} neigh add {address} lladdr {mac} dev {} nud permanent",
                    ip(&at.namespace),
                    dev(at)
                )
            }
            RemoveNeighbour { at, neighbour } => {
                format!("{} neigh del {} dev {}", ip(&at.namespace), neighbour.address, dev(at))
            }
            AddRoute { namespace, route } => route_line(namespace, "add", route),
            RemoveRoute { namespace, route } => route_line(namespace, "del", route),
            SetSysctl { namespace, sysctl, to, .. } => sysctl_line(namespace, &[(*sysctl, *to)]),
            SetBridge { at, from, to } => set_bridge(at, *from, *to),
            SetVlans { port, from, to } => set_vlans(port, from, to),
            SetFirewall { namespace, to, .. } => {
                format!("{}nft -f - <<'EOF'\n{}EOF", inside(namespace), firewall::ruleset(to))
            }
            Move { thing, .. } => match thing {
                Thing::Namespace(name) => format!("# {name} moves on the canvas only"),
                Thing::Bridge(place) => format!("# {place} moves on the canvas only"),
            },
        }
    }
}

/// The settings of `sysctls` that are set, in one line; none if none is.
pub(crate) fn sysctls_line(namespace: &NamespaceName, sysctls: &Sysctls) -> Option<String> {
    let set = |sysctl: Sysctl| Some((sysctl, sysctls.value(sysctl)?));
    let values: Vec<(Sysctl, u8)> = Sysctl::ALL.into_iter().filter_map(set).collect();
    (!values.is_empty()).then(|| sysctl_line(namespace, &values))
}

/// Without this the kernel takes an interface's other addresses of a subnet away with the first one.
fn promote_secondaries(namespace: &NamespaceName) -> String {
    format!("{}sysctl -qew net.ipv4.conf.all.promote_secondaries=1", inside(namespace))
}

fn remove_address(at: &Place, address: IpNet) -> String {
    let removal = format!("{} addr del {address} dev {}", ip(&at.namespace), dev(at));
    match address {
        IpNet::V4(_) => format!("{}\n{removal}", promote_secondaries(&at.namespace)),
        IpNet::V6(_) => removal,
    }
}

fn add_namespace(name: &NamespaceName, sysctls: &Sysctls) -> String {
    if name.process().is_some() {
        return format!("# {name} is the namespace of a process: start that anew (unshare --net)");
    }
    let mut lines = vec![format!("ip netns add {}", word(name.as_str()))];
    lines.extend(sysctls_line(name, sysctls));
    lines.join("\n")
}

fn remove_namespace(name: &NamespaceName) -> String {
    match name.process() {
        Some(pid) => format!("kill {pid}"),
        None => format!("ip netns del {}", word(name.as_str())),
    }
}

fn add_bridge(at: &Place, mac: MacAddress, settings: BridgeSettings) -> String {
    let BridgeSettings { stp, forward_delay, ageing, priority, vlan_filtering } = settings;
    // A kernel without VLAN filtering refuses the word itself.
    let filtering = if vlan_filtering { " vlan_filtering 1" } else { "" };
    let bridge = format!(
        "{} link add name {} address {mac} type bridge stp_state {} forward_delay {} ageing_time {} \
         priority {priority}{filtering}",
        ip(&at.namespace),
        dev(at),
        u8::from(stp),
        hundredths(forward_delay),
        hundredths(ageing),
    );
    // Only where the module br_netfilter is: there, a new namespace's bridges ask its iptables.
    let keys =
        ["iptables", "ip6tables", "arptables"].map(|table| format!(" net.bridge.bridge-nf-call-{table}=0"));
    format!("{bridge}\n{}sysctl -qew{}", inside(&at.namespace), keys.concat())
}

fn add_other(at: &Place, kind: OtherKind, mac: Option<MacAddress>, mtu: Option<u32>) -> String {
    if !kind.can_be_made() {
        return format!("# {at} is a {} interface: how it was made is not known", kind.as_str());
    }
    let mac = mac.map(|mac| format!(" address {mac}")).unwrap_or_default();
    let mtu = mtu.map(|mtu| format!(" mtu {mtu}")).unwrap_or_default();
    format!("{} link add name {}{mac}{mtu} type {}", ip(&at.namespace), dev(at), kind.as_str())
}

fn plug(cable: &Cable, macs: [MacAddress; 2]) -> String {
    let [one, other] = cable.ends();
    let end = |at: &Place, mac: MacAddress| {
        let netns = match at.namespace.is_host() {
            true => String::new(),
            false => format!(" netns {}", netns(&at.namespace)),
        };
        format!("name {}{netns} address {mac} numtxqueues 1 numrxqueues 1", dev(at))
    };
    let veth = format!("ip link add {} type veth peer {}", end(one, macs[0]), end(other, macs[1]));
    // Without these, frames are as large as 64 KiB and their checksums are left open.
    let offloads = |at: &Place| {
        quietly(&format!("{}ethtool -K {} tso off gso off gro off tx off", inside(&at.namespace), dev(at)))
    };
    [veth, offloads(one), offloads(other)].join("\n")
}

fn route_line(namespace: &NamespaceName, verb: &str, route: &Route) -> String {
    let family = if route.to.addr().is_ipv6() { " -6" } else { "" };
    let to = if route.to.prefix_len() == 0 { "default".into() } else { route.to.to_string() };
    let via = route.via.map(|via| format!(" via {via}")).unwrap_or_default();
    let dev = route.dev.as_ref().map(|dev| format!(" dev {}", word(dev.as_str()))).unwrap_or_default();
    format!("{}{family} route {verb} {to}{via}{dev}", ip(namespace))
}

fn sysctl_line(namespace: &NamespaceName, values: &[(Sysctl, u8)]) -> String {
    let pairs = values
        .iter()
        .flat_map(|(sysctl, value)| sysctl.keys().iter().map(move |key| format!(" {key}={value}")));
    format!("{}sysctl -qew{}", inside(namespace), pairs.collect::<String>())
}

fn set_bridge(at: &Place, from: BridgeSettings, to: BridgeSettings) -> String {
    let mut words = String::new();
    if from.forward_delay != to.forward_delay {
        words += &format!(" forward_delay {}", hundredths(to.forward_delay));
    }
    if from.ageing != to.ageing {
        words += &format!(" ageing_time {}", hundredths(to.ageing));
    }
    if from.priority != to.priority {
        words += &format!(" priority {}", to.priority);
    }
    if from.vlan_filtering != to.vlan_filtering {
        words += &format!(" vlan_filtering {}", u8::from(to.vlan_filtering));
    }
    let line = |words: &str| link(at, &format!("type bridge{words}"));
    let stp = line(&format!(" stp_state {}", u8::from(to.stp)));
    // The kernel measures a delay against the STP state that it finds, so STP goes off first
    // and on last.
    match (from.stp, to.stp) {
        (true, false) if !words.is_empty() => format!("{stp}\n{}", line(&words)),
        (false, true) if !words.is_empty() => format!("{}\n{stp}", line(&words)),
        (false, false) | (true, true) if !words.is_empty() => line(&words),
        _ => stp,
    }
}

fn set_vlans(port: &Place, from: &BTreeSet<PortVlan>, to: &BTreeSet<PortVlan>) -> String {
    let bridge = tool("bridge", &port.namespace);
    let gone = from.iter().filter(|old| !to.iter().any(|new| new.id == old.id));
    let gone = gone.map(|old| format!("{bridge} vlan del dev {} vid {}", dev(port), old.id));
    let set = to.difference(from).map(|new| {
        let pvid = if new.pvid { " pvid" } else { "" };
        let untagged = if new.untagged { " untagged" } else { "" };
        format!("{bridge} vlan add dev {} vid {}{pvid}{untagged}", dev(port), new.id)
    });
    let lines: Vec<String> = gone.chain(set).collect();
    if lines.is_empty() { format!("{bridge} vlan show dev {}", dev(port)) } else { lines.join("\n") }
}

/// iproute2 takes a bridge's times as the kernel's ticks for user space, which are 1/100 s.
fn hundredths(seconds: u32) -> u64 {
    u64::from(seconds) * 100
}

fn link(at: &Place, change: &str) -> String {
    format!("{} link set dev {} {change}", ip(&at.namespace), dev(at))
}

fn quietly(line: &str) -> String {
    format!("{line} >/dev/null 2>&1 || true")
}

/// One of iproute2's tools at work in a namespace; only named ones have its short form.
fn tool(tool: &str, namespace: &NamespaceName) -> String {
    match (namespace.is_host(), namespace.process()) {
        (true, _) => tool.into(),
        (false, None) => format!("{tool} -n {}", word(namespace.as_str())),
        (false, Some(_)) => format!("{}{tool}", inside(namespace)),
    }
}

fn ip(namespace: &NamespaceName) -> String {
    tool("ip", namespace)
}

/// As `ip link set … netns` takes it: a name, or a process's number.
fn netns(namespace: &NamespaceName) -> String {
    namespace.process().map_or_else(|| word(namespace.as_str()), |pid| pid.to_string())
}

/// What lets any command run inside a namespace.
pub(crate) fn inside(namespace: &NamespaceName) -> String {
    match (namespace.is_host(), namespace.process()) {
        (true, _) => String::new(),
        (false, None) => format!("ip netns exec {} ", word(namespace.as_str())),
        (false, Some(pid)) => format!("nsenter --target {pid} --net "),
    }
}

fn dev(at: &Place) -> String {
    word(at.interface.as_str())
}

/// Checked names hold no single quotes, so that single quotes are enough.
pub(crate) fn word(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.@,+".contains(c);
    if name.chars().all(is_plain) { name.into() } else { format!("'{name}'") }
}
