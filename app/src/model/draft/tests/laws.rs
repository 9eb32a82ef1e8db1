//! Whatever is drawn, in whatever order: the lab stays whole, its file and the kernel can follow, and all can be undone.

use proptest::{collection::vec, prelude::*, sample::select};
use topology::{
    BridgeSettings, Cable, FilterRule, Firewall, Hook, InterfaceKind, Neighbour, PortVlan, Route, Sysctl,
    Target, Thing, Verdict, plan::plan,
};

use super::*;

/// Which edit, about what, and with which values: numbers that are looked up in the lab as it is then.
type Wish = (u8, u8, u8, u8, bool);

const KINDS: u8 = 31;

fn pick<T: Clone>(from: &[T], number: u8) -> T {
    from[usize::from(number) % from.len()].clone()
}

struct Choices {
    things: Vec<Thing>,
    places: Vec<Place>,
    items: Vec<Item>,
    names: Vec<topology::NamespaceName>,
}

impl Choices {
    /// All that is there, and some that are not.
    fn of(lab: &Lab) -> Self {
        let names: Vec<_> = lab
            .namespaces
            .keys()
            .cloned()
            .chain(["host", "nobody"].map(|it| it.parse().expect("a name")))
            .collect();
        let places: Vec<Place> =
            lab.interfaces().map(|(at, _)| at).chain(["nobody/x", "host/lo", "host/x"].map(place)).collect();
        let is_bridge =
            |at: &&Place| lab.interface(at).is_some_and(|found| found.bridge_settings().is_some());
        let bridges: Vec<Thing> = places.iter().filter(is_bridge).cloned().map(Thing::Bridge).collect();
        let mut things: Vec<Thing> = names.iter().cloned().map(Thing::Namespace).chain(bridges).collect();
        things.push(thing("host/x"));
        let items = things.iter().cloned().map(Item::Thing);
        let items = items.chain(lab.cables.iter().cloned().map(Item::Cable));
        let items = items.chain(places.iter().cloned().map(Item::Interface)).collect();
        Self { things, places, items, names }
    }

    fn some_items(&self, [a, b, c]: [u8; 3]) -> BTreeSet<Item> {
        [a, b, c].into_iter().take(usize::from(a % 4)).map(|number| pick(&self.items, number)).collect()
    }
}

fn wished(lab: &Lab, (kind, a, b, c, flag): Wish) -> Draw {
    let choices = Choices::of(lab);
    let at = Position { x: i32::from(a) * 9 - 200, y: if flag { i32::MIN } else { i32::from(b) * 5 } };
    let named =
        ["red", "veth-red", "a-name-that-is-too-long-for-interfaces", "ü", "host", "br0", "ns1", "lo"];
    let interface = |number| pick(&["x", "veth-red", "lo", "br0", "ü"], number).parse().expect("a name");
    let known = |number| pick(&choices.places, number).interface;
    let some = |number: u8| pick(&choices.places, number);
    let name = pick(&choices.names, a);
    let about = |change| Draw::Interface { at: some(a), change };
    let within = |change| Draw::Namespace { name: name.clone(), change };
    let nets = [
        "10.10.0.1/24",
        "10.10.0.9/24",
        "fd00::1/64",
        "0.0.0.0/0",
        "224.0.0.1/4",
        "10.0.0.0/31",
        "fe80::1/64",
    ];
    let address = net(pick(&nets, b));
    let mac = flag.then_some(topology::MacAddress([c, 0, 0, 0, 0, b]));
    match kind % KINDS {
        0 => Draw::AddNamespace { at },
        1 => Draw::AddRouter { at },
        2 => Draw::AddBridge { at },
        3..=6 => Draw::Connect { from: pick(&choices.things, a), to: pick(&choices.things, b) },
        7 => Draw::Remove(choices.some_items([a, b, c])),
        8 => Draw::RenameNamespace { from: name, to: pick(&named, b).parse().expect("a name") },
        9 => Draw::RenameInterface { at: some(a), to: interface(b) },
        10 => Draw::Move {
            things: vec![(pick(&choices.things, a), at), (pick(&choices.things, c), at)],
            gesture: u64::from(b % 3),
        },
        11 => Draw::Cut,
        12 => Draw::Copy,
        13 => Draw::Paste { at },
        14 => Draw::Duplicate,
        15 => Draw::Arrange,
        16 => Draw::Up { of: [some(a), some(b)].into(), up: flag },
        17 => about(InterfaceChange::Mac(mac)),
        18 => about(InterfaceChange::Mtu(flag.then_some(u32::from(b) * 1_000))),
        19 => about(InterfaceChange::AddAddress(address)),
        20 => about(if flag {
            InterfaceChange::RemoveAddress(address)
        } else {
            InterfaceChange::ReplaceAddress { from: address, to: net(pick(&nets, c)) }
        }),
        21 => about(InterfaceChange::AddNeighbour(Neighbour {
            address: address.addr(),
            mac: mac.unwrap_or_default(),
        })),
        22 => about(InterfaceChange::RemoveNeighbour(Neighbour {
            address: address.addr(),
            mac: mac.unwrap_or_default(),
        })),
        23 => about(InterfaceChange::PortOf(flag.then(|| known(b)))),
        24 => about(InterfaceChange::Vlans(
            [PortVlan { id: u16::from(b) * 40, pvid: flag, untagged: flag }].into(),
        )),
        25 => within(NamespaceChange::AddRoute(Route {
            to: address,
            via: flag.then(|| net(pick(&nets, c)).addr()),
            dev: (c % 3 != 0).then(|| known(c)),
        })),
        26 => within(NamespaceChange::Sysctl(pick(&Sysctl::ALL, b), flag.then_some(c % 5))),
        27 => within(NamespaceChange::Firewall(firewall(known(b), flag))),
        28 => Draw::Bridge {
            at: some(a),
            settings: BridgeSettings {
                stp: flag,
                forward_delay: u32::from(b),
                vlan_filtering: !flag,
                ..Default::default()
            },
        },
        29 => Draw::Lab(LabChange::Title(pick(&["", "A title", "\u{0}\"'\n"], b).into())),
        _ => Draw::Lab(LabChange::Pings(vec![(
            name,
            if flag { Target::Namespace(pick(&choices.names, b)) } else { Target::Address(address.addr()) },
        )])),
    }
}

fn firewall(interface: topology::InterfaceName, flag: bool) -> Firewall {
    let rule = FilterRule {
        hook: if flag { Hook::Input } else { Hook::Forward },
        protocol: None,
        from: Some(net("10.10.0.0/24")),
        to: None,
        in_interface: flag.then(|| interface.clone()),
        out_interface: None,
        port: Some(80),
        verdict: Verdict::Drop,
    };
    Firewall { masquerade: [interface].into(), rules: vec![rule] }
}

fn assert_whole(lab: &Lab) {
    let ends: Vec<&Place> = lab.cables.iter().flat_map(Cable::ends).collect();
    let mut once = ends.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ends.len(), "an end has two cables");
    for end in &ends {
        let kind = lab.interface(end).map(|found| found.kind);
        assert_eq!(kind, Some(InterfaceKind::VethEnd), "the cable's end {end}");
    }
    for (at, found) in lab.interfaces() {
        assert_eq!(found.kind == InterfaceKind::VethEnd, ends.contains(&&at), "{at}");
        if let Some(bridge) = &found.bridge {
            let bridge = lab.interface(&Place::new(at.namespace.clone(), bridge.clone()));
            assert!(bridge.is_some_and(|found| found.bridge_settings().is_some()), "the bridge of {at}");
        }
    }
    for (name, namespace) in &lab.namespaces {
        let is_there =
            |it: &topology::InterfaceName| it.is_loopback() || namespace.interfaces.contains_key(it);
        assert!(
            namespace.routes.iter().filter_map(|route| route.dev.as_ref()).all(is_there),
            "routes of {name}"
        );
        assert!(namespace.firewall.masquerade.iter().all(is_there), "masquerade of {name}");
        let rules = namespace.firewall.rules.iter();
        let mut named = rules.flat_map(|rule| [&rule.in_interface, &rule.out_interface]).flatten();
        assert!(named.all(is_there), "rules of {name}");
    }
    let is_known = |name: &topology::NamespaceName| name.is_host() || lab.namespaces.contains_key(name);
    for (from, to) in &lab.pings {
        assert!(is_known(from), "pings from {from}");
        assert!(if let Target::Namespace(to) = to { is_known(to) } else { true }, "pings to {to:?}");
    }
}

fn assert_written_and_read(draft: &Draft) {
    let lab = &**draft.lab();
    assert_eq!(&file::parse(&file::write(lab)).expect("what is written can be read"), lab);
    assert_eq!(
        &file::parse(&draft.save_text()).expect("what is saved can be read"),
        lab,
        "over the old text"
    );
}

fn assert_kernel_follows(before: &Lab, after: &Lab) {
    let mut kernel = before.settled();
    for step in plan(&kernel.clone(), after).steps {
        step.apply(&mut kernel).unwrap_or_else(|why| panic!("{step:?}: {why:?}"));
    }
    assert_eq!(kernel.bare(), after.bare());
}

fn wish() -> impl Strategy<Value = Wish> {
    (0..KINDS, any::<u8>(), any::<u8>(), any::<u8>(), any::<bool>())
}

fn start() -> impl Strategy<Value = Draft> {
    let names: Vec<Option<&'static str>> =
        ready::LABS.iter().map(|ready| Some(ready.name)).chain([None]).collect();
    select(names).prop_map(|name| {
        let mut draft = Draft::new(name.map(ready_lab).unwrap_or_default());
        if let Some(ready) = name.and_then(ready::find) {
            draft.mark_saved("/labs/it.toml".into(), ready.text.into());
        }
        draft
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_lab_stays_whole_whatever_is_drawn(draft in start(), wishes in vec((wish(), any::<[u8; 3]>()), 1..25)) {
        let mut draft = draft;
        let first = draft.lab().clone();
        for (wish, selected) in wishes {
            let before = draft.lab().clone();
            let draw = wished(&before, wish);
            let selection = Choices::of(&before).some_items(selected);
            match draft.draw(&draw, &selection) {
                Ok(edited) => prop_assert!(!edited.words.trim().is_empty(), "{draw:?} has no words"),
                Err(why) => {
                    prop_assert!(!why.is_empty());
                    prop_assert!(before == *draft.lab(), "{draw:?} failed and changed something");
                }
            }
            assert_whole(draft.lab());
            assert_written_and_read(&draft);
            assert_kernel_follows(&before, draft.lab());
        }
        let last = draft.lab().clone();
        let mut labs = vec![last.clone()];
        while draft.undo().is_some() {
            labs.push(draft.lab().clone());
        }
        prop_assert_eq!(&**draft.lab(), &*first, "undone to the beginning");
        for expected in labs.iter().rev().skip(1) {
            prop_assert!(draft.redo().is_some());
            prop_assert_eq!(&**draft.lab(), &**expected);
        }
        prop_assert!(draft.redo().is_none());
        prop_assert_eq!(&**draft.lab(), &*last);
    }
}
