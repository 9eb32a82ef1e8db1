//! A lab grows under somebody's typing, in whatever order.

use emath::Rect;
use proptest::{collection::vec, prelude::*};
use topology::{Became, Interface, InterfaceKind, Namespace, NamespaceName, Thing};

use super::*;
use crate::model::{
    renames::Renames,
    stage::layout::{Layout, Lines},
};

fn name(text: &str) -> NamespaceName {
    text.parse().expect("a good name")
}

/// One command, and what became of things by it.
fn typed(lab: &mut Lab, (kind, a, b): (u8, u8, u8)) -> Vec<Became> {
    let names: Vec<NamespaceName> = lab.namespaces.keys().cloned().collect();
    let some = |number: u8| {
        names.get(usize::from(number) % names.len().max(1)).cloned().unwrap_or_else(NamespaceName::host)
    };
    let places: Vec<Place> = lab
        .interfaces()
        .filter(|(_, found)| found.kind == InterfaceKind::VethEnd)
        .map(|(at, _)| at)
        .collect();
    let end = places.get(usize::from(a) % places.len().max(1)).cloned();
    match (kind % 10, end) {
        (0..=2, _) => {
            lab.namespaces.entry(name(&format!("n{}", a % 9))).or_default();
        }
        (3, _) => {
            let host = lab.namespaces.entry(NamespaceName::host()).or_default();
            let bridge = Interface::new(InterfaceKind::Bridge(Default::default()));
            host.interfaces.entry(format!("br{}", a % 2).parse().expect("a name")).or_insert(bridge);
        }
        (4 | 5, _) => {
            let host = lab.namespaces.entry(NamespaceName::host()).or_default();
            let ends = ["x", "y"].map(|side| format!("{side}{a}"));
            if ends.iter().all(|end| !host.interfaces.contains_key(&end.parse().expect("a name"))) {
                for end in &ends {
                    host.interfaces
                        .insert(end.parse().expect("a name"), Interface::new(InterfaceKind::VethEnd));
                }
                let [one, other] = ends.map(|end| place(&format!("host/{end}")));
                lab.cables.insert(topology::Cable::new(one, other));
            }
        }
        (6 | 7, Some(from)) => {
            let to = Place::new(some(b), from.interface.clone());
            return moved(lab, from, to);
        }
        (8, Some(at)) => {
            let bridge = format!("br{}", b % 2).parse().expect("a name");
            let is_there = lab.interface(&Place::new(at.namespace.clone(), bridge)).is_some();
            lab.interface_mut(&at).expect("it was listed").bridge =
                is_there.then(|| format!("br{}", b % 2).parse().expect("a name"));
        }
        (9, _) if b % 4 == 0 => {
            let gone = some(a);
            let torn: Vec<_> = lab
                .cables
                .iter()
                .filter(|cable| cable.ends().iter().any(|end| end.namespace == gone))
                .cloned()
                .collect();
            for cable in torn {
                lab.cables.remove(&cable);
                for end in cable.ends() {
                    if let Some(namespace) = lab.namespaces.get_mut(&end.namespace) {
                        namespace.interfaces.remove(&end.interface);
                    }
                }
            }
            lab.namespaces.remove(&gone);
        }
        (_, Some(at)) => {
            let address = net(&format!("10.0.0.{b}/24"));
            lab.interface_mut(&at).expect("it was listed").addresses.insert(address);
        }
        (_, None) => {}
    }
    Vec::new()
}

fn moved(lab: &mut Lab, from: Place, to: Place) -> Vec<Became> {
    if lab.interface(&to).is_some() {
        return Vec::new();
    }
    let namespace = lab.namespaces.get_mut(&from.namespace).expect("it was listed");
    let found = namespace.interfaces.remove(&from.interface).expect("it was listed");
    let found = Interface { bridge: None, ..found };
    lab.namespaces
        .get_mut(&to.namespace)
        .expect("it was listed")
        .interfaces
        .insert(to.interface.clone(), found);
    if let Some(cable) = lab.cable_at(&from).cloned() {
        let far = cable.other_end(&from).expect("it has two ends").clone();
        lab.cables.remove(&cable);
        lab.cables.insert(topology::Cable::new(to.clone(), far));
    }
    vec![Became::Interface { from, to }]
}

fn boxes(lab: &Lab) -> Vec<(NamespaceName, Rect)> {
    let layout = Layout::of(lab, &Lines::default());
    layout.rooms.iter().map(|(name, room)| (name.clone(), room.rect)).collect()
}

fn overlaps(lab: &Lab) -> Vec<String> {
    let all = boxes(lab);
    let pairs =
        (0..all.len()).flat_map(|i| all[i + 1..].iter().map(|other| (&all[i], other)).collect::<Vec<_>>());
    pairs.filter(|(a, b)| a.1.intersects(b.1)).map(|(a, b)| format!("{} and {}", a.0, b.0)).collect()
}

proptest! {
    // Each step lays out several labs, which takes its time without optimisation.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn nothing_is_in_the_way_of_anything(commands in vec(any::<(u8, u8, u8)>(), 1..24)) {
        let mut draft = Draft::new(Lab::default());
        for command in commands {
            let mut lab = Lab::clone(draft.lab());
            let became = typed(&mut lab, command);
            draft.take_typed(lab, &Renames::of(&became), "Typed", false);
            let found = overlaps(draft.lab());
            prop_assert!(found.is_empty(), "{found:?} after {command:?} in {:#?}", draft.lab());
        }
    }

    #[test]
    fn what_somebody_placed_stays(
        before in vec(any::<(u8, u8, u8)>(), 1..12),
        after in vec(any::<(u8, u8, u8)>(), 1..12),
    ) {
        let mut draft = Draft::new(Lab::default());
        for command in before {
            let mut lab = Lab::clone(draft.lab());
            let became = typed(&mut lab, command);
            draft.take_typed(lab, &Renames::of(&became), "Typed", false);
        }
        let Some((name, found)) = draft.lab().namespaces.first_key_value() else { return Ok(()) };
        let at = found.position.unwrap_or(Position { x: 0, y: 0 });
        let to = Position { x: at.x + 8, y: at.y };
        let things = vec![(Thing::Namespace(name.clone()), to)];
        draft.draw(&Draw::Move { things, gesture: 1 }, &BTreeSet::new()).expect("it is there");
        for command in after {
            let stood = draft.lab().clone();
            let mut lab = Lab::clone(draft.lab());
            let became = typed(&mut lab, command);
            draft.take_typed(lab, &Renames::of(&became), "Typed", false);
            for (name, found) in &stood.namespaces {
                let now = draft.lab().namespaces.get(name).map(|found| found.position);
                prop_assert!(now.is_none() || found.position.is_none() || now == Some(found.position), "{name} moved");
            }
        }
    }
}

#[test]
fn a_star_that_is_typed_is_as_tidy_as_one_that_is_opened() {
    let mut draft = Draft::new(Lab::default());
    let steps: Vec<(u8, u8, u8)> = vec![(0, 1, 0), (0, 2, 0), (0, 3, 0), (3, 0, 0)];
    for step in steps {
        let mut lab = Lab::clone(draft.lab());
        typed(&mut lab, step);
        draft.take_typed(lab, &Renames::default(), "Typed", false);
    }
    for room in 1..=3 {
        let mut lab = Lab::clone(draft.lab());
        typed(&mut lab, (4, room, 0));
        let became = moved(&mut lab, place(&format!("host/x{room}")), place(&format!("n{room}/x{room}")));
        draft.take_typed(lab, &Renames::of(&became), "Typed", false);
        let mut lab = Lab::clone(draft.lab());
        lab.interface_mut(&place(&format!("host/y{room}"))).expect("it was made").bridge =
            Some("br0".parse().expect("a name"));
        draft.take_typed(lab, &Renames::default(), "Typed", false);
    }
    let tidy = arrange::arrange(draft.lab());
    let of = |lab: &Lab, text: &str| lab.namespaces[&name(text)].position.expect("it has a place");
    let by = (of(draft.lab(), "n1").x - of(&tidy, "n1").x, of(draft.lab(), "n1").y - of(&tidy, "n1").y);
    for text in ["n2", "n3"] {
        let (drawn, tidy) = (of(draft.lab(), text), of(&tidy, text));
        assert_eq!((drawn.x - tidy.x, drawn.y - tidy.y), by, "{text}");
    }
    assert_eq!(Layout::of(draft.lab(), &Lines::default()).tangles(), 0);
}

#[test]
fn many_rooms_that_nothing_joins_stand_in_rows() {
    let mut draft = Draft::new(Lab::default());
    for number in 0..60 {
        let mut lab = Lab::clone(draft.lab());
        lab.namespaces.insert(name(&format!("ns{number}")), Namespace::default());
        draft.take_typed(lab, &Renames::default(), "Typed", true);
    }
    let all = boxes(draft.lab()).into_iter().fold(Rect::NOTHING, |all, (_, rect)| all.union(rect));
    assert_eq!(overlaps(draft.lab()), Vec::<String>::new());
    assert!(all.width() < 3.5 * all.height(), "{all:?}");
}

/// The rooms' left edges, after these commands one by one.
fn from_left(made: &[&str], looks: &[&[&str]]) -> Vec<i32> {
    let (mut draft, mut lab) = (Draft::default(), Lab::default());
    let mut look = |change: &mut dyn FnMut(&mut Lab), lab: &mut Lab| {
        let mut next = lab.clone();
        change(&mut next);
        draft.were_made(made.iter().map(|text| name(text)).collect());
        draft.take_typed(next, &Renames::default(), "Typed", false);
        *lab = Lab::clone(draft.lab());
    };
    for rooms in looks {
        let mut make = |lab: &mut Lab| {
            lab.namespaces.extend(rooms.iter().map(|text| (name(text), Namespace::default())));
        };
        look(&mut make, &mut lab);
    }
    let mut plug = |lab: &mut Lab| {
        let ends = [made[0], made[1]].map(|room| place(&format!("{room}/eth0")));
        for end in &ends {
            let room = lab.namespaces.get_mut(&end.namespace).expect("it was made");
            room.interfaces.insert(end.interface.clone(), Interface::new(InterfaceKind::VethEnd));
        }
        lab.cables.insert(topology::Cable::new(ends[0].clone(), ends[1].clone()));
    };
    look(&mut plug, &mut lab);
    made.iter().map(|text| lab.namespaces[&name(text)].position.expect("it has a place").x).collect()
}

#[test]
fn the_room_that_was_made_first_stands_left() {
    for looks in [&[&["red"][..], &["blue"]][..], &[&["red", "blue"]]] {
        let places = from_left(&["red", "blue"], looks);
        assert!(places.is_sorted() && places[0] < places[1], "{looks:?}: {places:?}");
        let places = from_left(&["blue", "red"], &[&["blue"], &["red"]]);
        assert!(places.is_sorted() && places[0] < places[1], "{places:?}");
    }
}
