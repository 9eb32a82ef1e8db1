//! What goes along with what is removed or renamed, and what stays.

use topology::Thing;

use super::*;

fn remove(draft: &mut Draft, items: impl IntoIterator<Item = Item>) {
    drawn(draft, Draw::Remove(items.into_iter().collect()));
}

#[test]
fn a_namespace_takes_its_cables_routes_and_pings_along() {
    let mut draft = Draft::new(ready_lab("two-networks-and-a-router"));
    let router = draft.lab().namespaces.iter().find(|(_, found)| found.sysctls.ipv4_forward == Some(true));
    let router = router.expect("a router").0.clone();
    remove(&mut draft, [Item::Thing(Thing::Namespace(router.clone()))]);
    let lab = draft.lab();
    assert!(lab.cables.iter().flat_map(topology::Cable::ends).all(|end| end.namespace != router));
    assert!(
        lab.pings
            .iter()
            .all(|(from, to)| *from != router && *to != topology::Target::Namespace(router.clone()))
    );
}

#[test]
fn a_bridge_takes_its_ports_and_their_far_ends_along() {
    let mut draft = Draft::new(ready_lab("two-rooms-and-a-switch"));
    remove(&mut draft, [Item::Thing(thing("host/br0"))]);
    assert_eq!(interfaces(draft.lab()), Vec::<String>::new());
    assert!(draft.lab().cables.is_empty());
    assert_eq!(draft.lab().namespaces.len(), 3, "the namespaces stay");
    draft.undo();
    assert_eq!(**draft.lab(), ready_lab("two-rooms-and-a-switch"));
}

#[test]
fn routes_and_rules_of_what_is_gone_go_and_others_stay() {
    let text = r#"hopscope = 1
        [namespaces.a]
        routes = [
            { to = "default", via = "10.0.0.2" },
            { to = "10.7.0.0/16", via = "172.16.0.9" },
            { to = "10.8.0.0/16", dev = "one" },
            { to = "10.9.0.0/16", dev = "two" },
        ]
        interfaces.one.addresses = ["10.0.0.1/24"]
        interfaces.two.addresses = ["10.1.0.1/24"]
        firewall.masquerade = ["one", "two"]
        firewall.rules = [{ hook = "input", in = "one", verdict = "drop" }, { hook = "input", verdict = "drop" }]
        [namespaces.b]
        [[cables]]
        ends = ["a/one", "b/one"]
        [[cables]]
        ends = ["a/two", "b/two"]
    "#;
    let mut draft = Draft::new(lab(text));
    remove(&mut draft, [Item::Interface(place("a/one"))]);
    assert_eq!(
        routes(draft.lab(), "a"),
        ["10.7.0.0/16 via 172.16.0.9 dev ", "10.9.0.0/16 via  dev two"],
        "what led nowhere before is somebody's, and stays"
    );
    let firewall = &draft.lab().namespaces.values().next().expect("a").firewall;
    assert_eq!((firewall.masquerade.len(), firewall.rules.len()), (1, 1));
    assert_eq!(draft.lab().cables.len(), 1);
}

#[test]
fn the_host_can_be_emptied_but_not_removed() {
    let mut draft = Draft::new(ready_lab("two-rooms-and-a-switch"));
    let host = BTreeSet::from([Item::Thing(thing("host"))]);
    assert!(draft.draw(&Draw::Remove(host), &BTreeSet::new()).is_err());
    let lo = BTreeSet::from([Item::Interface(place("ns1/lo"))]);
    assert!(draft.draw(&Draw::Remove(lo), &BTreeSet::new()).is_err());
    let all: Vec<Item> = ["host", "ns1", "ns2"].map(|name| Item::Thing(thing(name))).into();
    remove(&mut draft, all);
    assert_eq!(interfaces(draft.lab()), Vec::<String>::new());
}

#[test]
fn a_new_name_is_followed_everywhere() {
    let mut draft = Draft::new(ready_lab("two-rooms-and-a-switch"));
    drawn(&mut draft, Draw::AddNamespace { at: HERE });
    let (ns3, red) = ("ns3".parse().expect("a name"), "red".parse().expect("a name"));
    drawn(&mut draft, Draw::RenameNamespace { from: ns3, to: red });
    let port = Draw::RenameInterface { at: place("host/br0"), to: "lan".parse().expect("a name") };
    drawn(&mut draft, port);
    connect(&mut draft, "red", "host/lan");
    drawn(
        &mut draft,
        Draw::RenameNamespace { from: "ns1".parse().expect("a name"), to: "left".parse().expect("a name") },
    );
    let lab = draft.lab();
    assert!(lab.interface(&place("left/veth-left")).is_some(), "{:?}", interfaces(lab));
    assert!(lab.cable_at(&place("left/veth-left")).is_some());
    assert_eq!(lab.ports(&place("host/lan")).count(), 3);
    assert!(lab.pings.iter().any(|(from, _)| from.as_str() == "left"));
    let same =
        Draw::RenameNamespace { from: "left".parse().expect("a name"), to: "ns2".parse().expect("a name") };
    assert!(draft.draw(&same, &BTreeSet::new()).is_err());
}
