//! Each step: what the kernel then shows, and that its inverse leads back.

use topology::{
    BridgeSettings, FilterRule, Firewall, Ground, Hook, InterfaceKind, Lab, Neighbour, OtherKind, Plan,
    Protocol, Route, Step, StepError, Sysctl, Verdict, kernel::Kernel,
};

use crate::{
    labs::*,
    sandbox::{in_sandbox, output},
};

/// Carries out `step`, compares with what `change` makes of the lab, and walks back and forth once more.
fn there_and_back(kernel: &mut Kernel, lab: &mut Lab, step: Step, change: impl FnOnce(&mut Lab)) {
    assert_eq!(kernel.observe().as_ref(), Ok(&*lab), "before {step:?}");
    let before = lab.clone();
    change(lab);
    assert_eq!(kernel.execute(&step), Ok(()), "{step:?}");
    assert_eq!(kernel.observe().as_ref(), Ok(&*lab), "after {step:?}");
    assert_eq!(kernel.execute(&step.inverse()), Ok(()), "back from {step:?}");
    assert_eq!(kernel.observe().as_ref(), Ok(&before), "back from {step:?}");
    assert_eq!(kernel.execute(&step), Ok(()), "again {step:?}");
}

/// Two namespaces, a bridge with one port, everything up; and the lab that it is.
fn two_rooms(kernel: &mut Kernel) -> Lab {
    let mut lab = empty();
    there_and_back(kernel, &mut lab, add_namespace("red"), |lab| {
        lab.namespaces.insert(name("red"), namespace(NO_IPV6));
    });
    let blue = Step::AddNamespace { name: name("blue"), sysctls: KERNEL_SYSCTLS };
    there_and_back(kernel, &mut lab, blue, |lab| {
        lab.namespaces.insert(name("blue"), namespace(KERNEL_SYSCTLS));
    });
    let settings = BridgeSettings { ageing: 60, priority: 4096, ..BridgeSettings::default() };
    there_and_back(kernel, &mut lab, add_bridge("host/br0", settings), |lab| {
        new_interface(lab, "host/br0", InterfaceKind::Bridge(settings));
    });
    for (one, other) in
        [("red/veth-red", "host/port-red"), ("red/to-blue", "blue/to-red"), ("blue/a", "blue/b")]
    {
        there_and_back(kernel, &mut lab, plug(one, other), |lab| {
            new_interface(lab, one, InterfaceKind::VethEnd);
            new_interface(lab, other, InterfaceKind::VethEnd);
            lab.cables.insert(cable(one, other));
        });
    }
    there_and_back(kernel, &mut lab, enslave("host/port-red", "br0"), |lab| {
        lab.interface_mut(&place("host/port-red")).expect("it").bridge = Some(interface("br0"));
    });
    for at in ["host/br0", "host/port-red", "red/veth-red", "red/to-blue", "blue/to-red", "red/lo"] {
        there_and_back(kernel, &mut lab, up(at), |lab| {
            lab.interface_mut(&place(at)).expect("it").up = true;
        });
    }
    lab
}

#[test]
fn namespaces_bridges_cables_ports() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        let lab = two_rooms(&mut kernel);
        assert_eq!(output("ip netns list | sort | cut -d' ' -f1"), "blue\nred\n");
        assert!(output("ip -n red link show veth-red").contains("state UP"));
        assert_eq!(output("ip -6 -o addr show dev port-red"), "", "a port has no IPv6 of its own");
        assert_ne!(output("ip -n blue -6 -o addr show dev to-red"), "", "an end that is no port has");
        assert_eq!(output("ip netns exec red sysctl -n net.ipv6.conf.default.disable_ipv6"), "1\n");
        drop(kernel);
        // Another one, which built nothing of it, sees the same.
        assert_eq!(Kernel::new().expect("the kernel").observe(), Ok(lab));
    });
}

#[test]
fn addresses_routes_neighbours() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        let mut lab = two_rooms(&mut kernel);
        for (at, text) in [
            ("red/veth-red", "10.10.0.1/24"),
            ("red/veth-red", "10.10.0.9/24"),
            ("host/br0", "10.10.0.254/24"),
            ("host/br0", "2001:db8::1/64"),
            ("blue/to-red", "2001:db8:1::1/64"),
        ] {
            there_and_back(&mut kernel, &mut lab, address(at, text), |lab| {
                let address = text.parse().expect("an address");
                lab.interface_mut(&place(at)).expect("it").addresses.insert(address);
            });
        }
        // Not the whole subnet goes with its first address.
        let first = address("red/veth-red", "10.10.0.1/24").inverse();
        there_and_back(&mut kernel, &mut lab, first.clone(), |lab| {
            let found = lab.interface_mut(&place("red/veth-red")).expect("it");
            found.addresses.remove(&"10.10.0.1/24".parse().expect("an address"));
        });
        for (at, to, via, dev) in [
            ("red", "0.0.0.0/0", Some("10.10.0.254"), "veth-red"),
            ("red", "192.168.7.0/24", None, "to-blue"),
            ("blue", "2001:db8:7::/48", Some("2001:db8:1::2"), "to-red"),
            ("blue", "::/0", Some("2001:db8:1::3"), "to-red"),
        ] {
            let route = Route {
                to: to.parse().expect("a network"),
                via: via.map(|via| via.parse().expect("an address")),
                dev: Some(interface(dev)),
            };
            let step = Step::AddRoute { namespace: name(at), route: route.clone() };
            there_and_back(&mut kernel, &mut lab, step, |lab| {
                lab.namespaces.get_mut(&name(at)).expect("it").routes.insert(route);
            });
        }
        for (at, address) in [("red/veth-red", "10.10.0.77"), ("blue/to-red", "2001:db8:1::77")] {
            let neighbour = Neighbour { address: address.parse().expect("an address"), mac: mac("some") };
            let step = Step::AddNeighbour { at: place(at), neighbour };
            there_and_back(&mut kernel, &mut lab, step, |lab| {
                lab.interface_mut(&place(at)).expect("it").neighbours.insert(neighbour);
            });
        }
        assert!(output("ip -n blue -6 addr show to-red").contains("2001:db8:1::1/64 scope global nodad"));
    });
}

#[test]
fn settings() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        let mut lab = two_rooms(&mut kernel);
        let at = place("red/veth-red");
        let step = Step::SetMac { at: at.clone(), from: mac("red/veth-red"), to: mac("other") };
        there_and_back(&mut kernel, &mut lab, step, |lab| {
            lab.interface_mut(&place("red/veth-red")).expect("it").mac = Some(mac("other"));
        });
        there_and_back(&mut kernel, &mut lab, Step::SetMtu { at, from: 1500, to: 1400 }, |lab| {
            lab.interface_mut(&place("red/veth-red")).expect("it").mtu = Some(1400);
        });
        let from = BridgeSettings { ageing: 60, priority: 4096, ..BridgeSettings::default() };
        let to = BridgeSettings { stp: true, forward_delay: 2, ..from };
        let step = Step::SetBridge { at: place("host/br0"), from, to };
        there_and_back(&mut kernel, &mut lab, step, |lab| {
            lab.interface_mut(&place("host/br0")).expect("it").kind = InterfaceKind::Bridge(to);
        });
        for (sysctl, from, to) in [
            (Sysctl::Ipv4Forward, 0, 1),
            (Sysctl::RpFilter, 0, 2),
            (Sysctl::RpFilter, 2, 1),
            (Sysctl::DisableIpv6, 1, 0),
            (Sysctl::Ipv6Forward, 0, 1),
        ] {
            let step = Step::SetSysctl { namespace: name("red"), sysctl, from, to };
            there_and_back(&mut kernel, &mut lab, step, |lab| {
                let sysctls = &mut lab.namespaces.get_mut(&name("red")).expect("it").sysctls;
                match sysctl {
                    Sysctl::Ipv4Forward => sysctls.ipv4_forward = Some(to == 1),
                    Sysctl::Ipv6Forward => sysctls.ipv6_forward = Some(to == 1),
                    Sysctl::RpFilter => sysctls.rp_filter = Some(to),
                    Sysctl::DisableIpv6 => sysctls.disable_ipv6 = Some(to == 1),
                }
            });
        }
        assert_eq!(output("ip netns exec red sysctl -n net.ipv4.conf.veth-red.rp_filter"), "1\n");
        let bridged = "cd /proc/sys/net; [ ! -d bridge ] || cat bridge/bridge-nf-call-*tables | sort -u";
        assert!(["", "0\n"].contains(&output(bridged).as_str()));
        let nowhere = Step::Move { thing: topology::Thing::Namespace(name("red")), from: None, to: None };
        there_and_back(&mut kernel, &mut lab, nowhere, |_| {});
    });
}

#[test]
fn firewall() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        let mut lab = two_rooms(&mut kernel);
        let open = FilterRule {
            hook: Hook::Input,
            protocol: None,
            from: None,
            to: None,
            in_interface: None,
            out_interface: None,
            port: None,
            verdict: Verdict::Accept,
        };
        let ping = FilterRule { protocol: Some(Protocol::Icmp), verdict: Verdict::Drop, ..open.clone() };
        let web = FilterRule {
            protocol: Some(Protocol::Tcp),
            port: Some(80),
            from: "10.0.0.0/8".parse().ok(),
            to: "10.10.0.1/32".parse().ok(),
            verdict: Verdict::Reject,
            ..open.clone()
        };
        let through = FilterRule {
            hook: Hook::Forward,
            in_interface: Some(interface("veth-red")),
            out_interface: Some(interface("to-blue")),
            ..open.clone()
        };
        let ipv6 = FilterRule { to: "2001:db8::/32".parse().ok(), protocol: Some(Protocol::Icmpv6), ..open };
        let to = Firewall {
            masquerade: set([interface("veth-red"), interface("to-blue")]),
            rules: vec![ping, web, ipv6, through],
        };
        let step = Step::SetFirewall { namespace: name("red"), from: Firewall::default(), to: to.clone() };
        there_and_back(&mut kernel, &mut lab, step, |lab| {
            lab.namespaces.get_mut(&name("red")).expect("it").firewall = to;
        });
        assert_eq!(output("ip netns exec red nft list tables"), "table inet hopscope\n");
        assert_eq!(output("nft list tables"), "");
    });
}

/// Only kernels that filter by VLAN can show it; the others must say so in plain words.
#[test]
fn vlans() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        let settings = BridgeSettings { vlan_filtering: true, ..BridgeSettings::default() };
        let able = std::process::Command::new("ip")
            .args("link add name probe type bridge vlan_filtering 1".split(' '))
            .output()
            .expect("there is `ip`")
            .status
            .success();
        let made = kernel.execute(&add_bridge("host/br1", settings));
        if !able {
            let Err(StepError::Unsupported { hint, .. }) = made else { panic!("{made:?}") };
            assert!(hint.starts_with("this kernel was built without it"), "{hint}");
            assert_eq!(kernel.observe(), Ok(empty()));
            return;
        }
        output("ip link del probe");
        assert_eq!(made, Ok(()));
        kernel
            .carry_out(&topology::Plan { steps: vec![plug("host/a", "host/b"), enslave("host/a", "br1")] })
            .expect("ports");
        let vlan = |id, pvid| topology::PortVlan { id, pvid, untagged: pvid };
        let (from, to) = (set([vlan(1, true)]), set([vlan(10, true), vlan(20, false)]));
        let mut lab = kernel.observe().expect("a lab");
        assert_eq!(lab.interface(&place("host/a")).expect("it").vlans, from);
        there_and_back(
            &mut kernel,
            &mut lab,
            Step::SetVlans { port: place("host/a"), from, to: to.clone() },
            |lab| {
                lab.interface_mut(&place("host/a")).expect("it").vlans = to;
            },
        );
        let off = BridgeSettings { vlan_filtering: false, ..settings };
        let switching_off = Step::SetBridge { at: place("host/br1"), from: settings, to: off };
        there_and_back(&mut kernel, &mut lab, switching_off, |lab| {
            lab.interface_mut(&place("host/br1")).expect("it").kind = InterfaceKind::Bridge(off);
            lab.interface_mut(&place("host/a")).expect("it").vlans.clear();
        });
    });
}

#[test]
fn offloads_are_off_on_cables_and_bridges() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        two_rooms(&mut kernel);
        for (namespace, interface) in [("red", "veth-red"), ("red", "to-blue"), ("blue", "to-red")] {
            assert_offloads_off(&output(&format!("ip netns exec {namespace} ethtool -k {interface}")));
        }
        assert_offloads_off(&output("ethtool -k port-red"));
        assert_offloads_off(&output("ethtool -k br0"));
    });
}

fn assert_offloads_off(features: &str) {
    for feature in [
        "tx-checksumming",
        "tcp-segmentation-offload",
        "generic-segmentation-offload",
        "generic-receive-offload",
    ] {
        let found = features.lines().find(|line| line.trim_start().starts_with(&format!("{feature}:")));
        assert!(found.is_some_and(|line| line.contains(": off")), "{feature}: {found:?}\n{features}");
    }
}

#[test]
fn interfaces_of_other_kinds() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        let at = place("host/ifb7");
        let add = |kind| Step::AddOther { at: at.clone(), kind, mac: Some(mac("x")), mtu: Some(1400) };
        let plan =
            Plan { steps: vec![add(OtherKind::Ifb), up("host/ifb7"), address("host/ifb7", "10.0.0.1/24")] };
        kernel.carry_out(&plan).expect("it can be made");
        let lab = kernel.observe().expect("a lab");
        let found = lab.interface(&at).expect("it is seen");
        let shown = (found.kind, found.mac, found.mtu, found.up, found.is_tapped());
        assert_eq!(shown, (InterfaceKind::Other(OtherKind::Ifb), Some(mac("x")), Some(1400), true, true));
        kernel.carry_out(&topology::plan::teardown(&lab)).expect("it can be removed");
        assert_eq!(kernel.observe().expect("a lab").bare(), Lab::default().bare());
        let refused = kernel.execute(&add(OtherKind::Vlan));
        assert!(matches!(&refused, Err(StepError::Unfit(why)) if why.contains("ip link add")), "{refused:?}");
    });
}

#[test]
fn removing_an_address_leaves_the_others_of_its_subnet() {
    in_sandbox(|| {
        let mut kernel = Kernel::new().expect("the kernel");
        kernel.execute(&add_namespace("red")).expect("a namespace");
        for namespace in ["host", "red"] {
            let at = format!("{namespace}/lo");
            for each in ["10.9.0.1/24", "10.9.0.2/24", "10.9.0.3/24"] {
                kernel.execute(&address(&at, each)).expect("an address");
            }
            kernel.execute(&address(&at, "10.9.0.1/24").inverse()).expect("an address less");
            let lab = kernel.observe().expect("a lab");
            let found = &lab.interface(&place(&at)).expect("a loopback").addresses;
            assert_eq!(
                found,
                &set(["10.9.0.2/24", "10.9.0.3/24"].map(|each| each.parse().expect("a network"))),
                "{namespace}"
            );
        }
    });
}
