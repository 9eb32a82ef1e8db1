//! Some things stand already.

use proptest::{collection::vec, prelude::*};

use super::*;

/// Every namespace and bridge that can have a position, with the one it has.
fn positions(lab: &Lab) -> Vec<(Thing, Option<Position>)> {
    let namespaces =
        lab.namespaces.iter().map(|(name, found)| (Thing::Namespace(name.clone()), found.position));
    let bridges = lab.interfaces().filter(|(_, found)| found.bridge_settings().is_some());
    namespaces.chain(bridges.map(|(at, found)| (Thing::Bridge(at), found.position))).collect()
}

fn without(lab: &Lab, is_removed: &[bool]) -> Lab {
    let mut lab = lab.clone();
    for ((thing, _), is_removed) in positions(&lab).into_iter().zip(is_removed) {
        match thing {
            Thing::Namespace(name) if *is_removed => {
                lab.namespaces.get_mut(&name).expect("it was just listed").position = None;
            }
            Thing::Bridge(at) if *is_removed => {
                lab.interface_mut(&at).expect("it was just listed").position = None;
            }
            Thing::Namespace(_) | Thing::Bridge(_) => {}
        }
    }
    lab
}

/// Placed things kept, nothing overlaps, everything has a position, and it is the same again.
fn check(lab: &Lab) {
    let after = place_missing(lab);
    for ((thing, before), (_, now)) in positions(lab).into_iter().zip(positions(&after)) {
        assert!(before.is_none() || before == now, "{thing:?} was moved from {before:?} to {now:?}");
    }
    let found = faults(&after, 0.0);
    assert!(found.is_empty(), "{found:#?} in {:#?} of {:#?}", positions(&after), positions(lab));
    assert_eq!(after, place_missing(lab));
    assert_eq!(after, place_missing(&after), "what has a place keeps it");
}

#[test]
fn nothing_placed_is_arranged() {
    for (_, lab) in all_labs() {
        assert_eq!(place_missing(&lab), arrange(&lab));
    }
}

#[test]
fn what_is_taken_away_comes_back_somewhere() {
    for (_, lab) in all_labs() {
        let lab = arrange(&lab);
        let count = positions(&lab).len();
        for every in [1, 2, 3, 7] {
            for first in 0..every.min(3) {
                let is_removed: Vec<bool> =
                    (0..count).map(|i| i % every == first && every != 1 || every == 1 && i != 0).collect();
                check(&without(&lab, &is_removed));
            }
        }
    }
}

#[test]
fn a_new_room_stands_near_its_switch() {
    let mut lab = arrange(&star(3));
    labs::plug(&mut lab, "fresh", "br0");
    let lab = place_missing(&lab);
    let layout = Layout::of(&lab, &Lines::default());
    let room = layout.rooms.iter().find(|(name, _)| name.as_str() == "fresh").expect("it is drawn").1.rect;
    let switch = layout.switches.values().next().expect("there is one").rect;
    let away = distance(room, switch);
    assert!((100.0..400.0).contains(&away), "{away}");
}

proptest! {
    #[test]
    fn ready_labs_with_holes(which in 0..ready::LABS.len(), is_removed in vec(any::<bool>(), 24)) {
        check(&without(&ready::LABS[which].lab(), &is_removed));
    }

    #[test]
    fn arranged_labs_with_holes(which in 0..30_usize, is_removed in vec(any::<bool>(), 24)) {
        let labs = all_labs();
        let (_, lab) = &labs[which % labs.len()];
        if lab.namespaces.len() < 12 {
            check(&without(&arrange(lab), &is_removed));
        }
    }
}
