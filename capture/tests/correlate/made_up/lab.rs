//! Labs in a line per thing; see the cases for how it reads.

use topology::{
    BridgeSettings, Cable, FilterRule, Hook, Interface, InterfaceKind, InterfaceName, Lab, MacAddress, Place,
    PortVlan, Protocol, Route, Verdict,
};

pub fn place(text: &str) -> Place {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The MAC that a place gets when nobody chooses one.
pub fn mac(text: &str) -> MacAddress {
    text.parse().unwrap_or_else(|_| MacAddress::derived_from(&place(text).to_string()))
}

fn name(text: &str) -> InterfaceName {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// `bridge host/br0 [10.0.0.1/24] [stp] [vlans] [down]`
pub fn bridge(lab: &mut Lab, words: &[&str]) {
    let at = place(words[0]);
    let settings = BridgeSettings {
        stp: words.contains(&"stp"),
        vlan_filtering: words.contains(&"vlans"),
        ..BridgeSettings::default()
    };
    let mut interface = Interface::new(InterfaceKind::Bridge(settings));
    interface.up = !words.contains(&"down");
    interface.addresses = words[1..].iter().filter_map(|word| word.parse().ok()).collect();
    lab.namespaces.entry(at.namespace).or_default().interfaces.insert(at.interface, interface);
}

/// `cable ns1/eth0 10.0.0.1/24 -- host/port1 @br0`; an end may also have `down`, `mtu=…`, `vlan=…`.
pub fn cable(lab: &mut Lab, words: &[&str]) {
    let ends: Vec<&[&str]> = words.split(|word| *word == "--").collect();
    for end in &ends {
        let at = place(end[0]);
        let mut interface = Interface::new(InterfaceKind::VethEnd);
        for word in &end[1..] {
            match word.split_once('=') {
                Some(("mtu", mtu)) => interface.mtu = mtu.parse().ok(),
                Some(("access", id)) => {
                    let id = id.parse().expect("a VLAN id");
                    interface.vlans.insert(PortVlan { id, pvid: true, untagged: true });
                }
                Some(("trunk", id)) => {
                    let id = id.parse().expect("a VLAN id");
                    interface.vlans.insert(PortVlan { id, pvid: false, untagged: false });
                }
                _ if *word == "down" => interface.up = false,
                _ if word.starts_with('@') => interface.bridge = Some(name(&word[1..])),
                _ => {
                    interface.addresses.insert(word.parse().unwrap_or_else(|_| panic!("what is {word}?")));
                }
            }
        }
        lab.namespaces.entry(at.namespace).or_default().interfaces.insert(at.interface, interface);
    }
    lab.cables.insert(Cable::new(place(ends[0][0]), place(ends[1][0])));
}

/// `route ns1 0.0.0.0/0 via 10.0.0.254`
pub fn route(lab: &mut Lab, words: &[&str]) {
    let namespace = lab.namespaces.entry(words[0].parse().expect("a namespace")).or_default();
    let to = words[1].parse().expect("a network");
    namespace.routes.insert(Route { to, via: words[3].parse().ok(), dev: None });
}

/// `set NS forward|strict|no-ipv6|masquerade=DEV|drop=HOOK:PROTOCOL` or `set NS/IF up|down|bridge=BR|released|ageing=SECONDS|neighbour=ADDRESS@MAC|forgets-neighbours`
pub fn set(lab: &mut Lab, words: &[&str]) {
    for word in &words[1..] {
        if words[0].contains('/') {
            let at = place(words[0]);
            let interface = lab.interface_mut(&at).expect("an interface of the lab");
            match word.split_once('=') {
                Some(("bridge", bridge)) => interface.bridge = Some(name(bridge)),
                Some(("neighbour", known)) => {
                    let (address, mac) = known.split_once('@').expect("address@mac");
                    let mac = self::mac(mac);
                    let address = address.parse().expect("an address");
                    interface.neighbours.insert(topology::Neighbour { address, mac });
                }
                Some(("ageing", seconds)) => {
                    let InterfaceKind::Bridge(settings) = &mut interface.kind else { panic!("no bridge") };
                    settings.ageing = seconds.parse().expect("seconds");
                }
                _ if *word == "forgets-neighbours" => interface.neighbours.clear(),
                _ if *word == "released" => interface.bridge = None,
                _ => interface.up = *word == "up",
            }
            continue;
        }
        let namespace = lab.namespaces.entry(words[0].parse().expect("a namespace")).or_default();
        match word.split_once('=') {
            Some(("masquerade", dev)) => {
                namespace.firewall.masquerade.insert(name(dev));
            }
            Some(("drop", what)) => namespace.firewall.rules.push(drop_rule(what)),
            _ if *word == "forward" => {
                namespace.sysctls.ipv4_forward = Some(true);
                namespace.sysctls.ipv6_forward = Some(true);
            }
            _ if *word == "strict" => namespace.sysctls.rp_filter = Some(1),
            _ if *word == "no-ipv6" => namespace.sysctls.disable_ipv6 = Some(true),
            _ => panic!("cannot set {word}"),
        }
    }
}

fn drop_rule(what: &str) -> FilterRule {
    let (hook, protocol) = what.split_once(':').expect("hook:protocol");
    FilterRule {
        hook: if hook == "input" { Hook::Input } else { Hook::Forward },
        protocol: Some(if protocol == "icmp" { Protocol::Icmp } else { Protocol::Udp }),
        from: None,
        to: None,
        in_interface: None,
        out_interface: None,
        port: None,
        verdict: Verdict::Drop,
    }
}
