//! Each kind of difference, in words.

use topology::{MacAddress, file};

use super::*;

const LAB: &str = r#"hopscope = 1
    [namespaces.a]
    ip_forward = true
    routes = [{ to = "default", via = "10.0.0.9" }, { to = "10.7.0.0/16", via = "172.16.0.1" }]
    [namespaces.a.interfaces.eth0]
    addresses = ["10.0.0.1/24"]
    mtu = 1400
    [namespaces.host.bridges.br0]
    ports = ["eth0"]
    ageing = 20
    [[cables]]
    ends = ["a/eth0", "host/eth0"]
"#;

fn lab() -> Lab {
    file::parse(LAB).expect("a lab")
}

fn words(wanted: &Lab, observed: &Lab) -> Vec<String> {
    differences(wanted, observed).into_values().collect()
}

fn place(text: &str) -> Place {
    text.parse().expect("a place")
}

#[test]
fn a_lab_stands_as_it_settles() {
    for ready in topology::ready::LABS {
        let lab = ready.lab();
        assert_eq!(words(&lab, &lab.settled()), Vec::<String>::new(), "{}", ready.name);
    }
}

#[test]
fn a_route_to_nowhere_and_a_clamped_mtu_are_said() {
    let mut wanted = lab();
    wanted.interface_mut(&place("a/eth0")).expect("it").mtu = Some(70_000);
    assert_eq!(
        differences(&wanted, &wanted.settled()).into_iter().collect::<Vec<_>>(),
        [
            (
                Item::Thing(Thing::Namespace("a".parse().expect("a name"))),
                "the kernel does not have the route to 10.7.0.0/16 via 172.16.0.1".to_owned()
            ),
            (Item::Interface(place("a/eth0")), "MTU: the kernel has 65535 instead of 70000".to_owned()),
        ]
    );
}

#[test]
fn each_difference_has_its_words() {
    let mut wanted = lab();
    let a = wanted.namespaces.get_mut(&"a".parse().expect("a name")).expect("it");
    a.routes.retain(|route| route.to.prefix_len() == 0);
    type Change = fn(&mut Lab);
    let changes: [(Change, &str); 9] = [
        (
            |lab| lab.interface_mut(&place("a/eth0")).expect("it").up = false,
            "the kernel has down instead of up",
        ),
        (
            |lab| lab.interface_mut(&place("a/eth0")).expect("it").addresses.clear(),
            "the kernel does not have the address 10.0.0.1/24",
        ),
        (
            |lab| {
                let address = "10.5.0.1/24".parse().expect("an address");
                lab.interface_mut(&place("a/eth0")).expect("it").addresses.insert(address);
            },
            "the kernel has the address 10.5.0.1/24 as well",
        ),
        (
            |lab| lab.interface_mut(&place("host/eth0")).expect("it").bridge = None,
            "in the kernel it is no port of br0",
        ),
        (|lab| lab.cables.clear(), "the kernel does not have this cable"),
        (
            |lab| drop(lab.namespaces.remove(&"a".parse().expect("a name"))),
            "the kernel does not have this namespace",
        ),
        (
            |lab| {
                let kind = InterfaceKind::Bridge(BridgeSettings { ageing: 30, ..BridgeSettings::default() });
                lab.interface_mut(&place("host/br0")).expect("it").kind = kind;
            },
            "ageing: the kernel has 30 instead of 20",
        ),
        (
            |lab| lab.namespaces.values_mut().for_each(|found| found.sysctls.ipv4_forward = Some(false)),
            "net.ipv4.ip_forward: the kernel has 0 instead of 1",
        ),
        (
            |lab| lab.namespaces.values_mut().for_each(|found| found.routes.clear()),
            "the kernel does not have the route to everywhere via 10.0.0.9",
        ),
    ];
    for (change, said) in changes {
        let mut observed = wanted.settled();
        change(&mut observed);
        assert_eq!(words(&wanted, &observed), [said]);
    }
    let mut named = wanted.clone();
    named.interface_mut(&place("a/eth0")).expect("it").mac = Some(MacAddress([2, 0, 0, 0, 0, 1]));
    let said = words(&named, &wanted.settled());
    assert!(said.len() == 1 && said[0].ends_with("instead of 02:00:00:00:00:01"), "{said:?}");
}
