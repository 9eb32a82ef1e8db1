#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use topology::{Interface, InterfaceKind, Namespace};

use super::*;

fn at(place: &str) -> Place {
    place.parse().unwrap()
}

fn lab(places: &[&str]) -> Lab {
    let mut lab = Lab::default();
    for place in places {
        let Place { namespace, interface } = at(place);
        let namespace: &mut Namespace = lab.namespaces.entry(namespace).or_default();
        namespace.interfaces.insert(interface, Interface::new(InterfaceKind::VethEnd));
    }
    lab
}

fn listening(places: &[&str]) -> Spots {
    let mut spots = Spots::default();
    for place in spots.take_wanted(&lab(places)) {
        let id = spots.number(&place);
        assert!(spots.listens(&place, id));
    }
    spots
}

fn renamed(from: &str, to: &str) -> Became {
    Became::Interface { from: at(from), to: at(to) }
}

#[test]
fn what_is_new_is_wanted_once_and_what_went_is_given_up() {
    let mut spots = listening(&["host/a", "red/a"]);
    let next = lab(&["red/a", "red/b"]);
    assert_eq!(spots.take_gone(&next), [TapId(0)]);
    assert_eq!(spots.take_wanted(&next), [at("red/b")]);
    assert_eq!(spots.take_wanted(&next), []);
    assert_eq!(spots.number(&at("red/b")), TapId(2));
    // It went while it was being opened.
    assert_eq!(spots.take_gone(&lab(&["red/a"])), []);
    assert!(!spots.listens(&at("red/b"), TapId(2)));
}

#[test]
fn what_is_down_is_wanted_when_it_is_up() {
    let mut spots = Spots::default();
    let mut down = lab(&["red/a"]);
    down.interface_mut(&at("red/a")).unwrap().up = false;
    assert_eq!(spots.take_wanted(&down), []);
    assert_eq!(spots.take_wanted(&lab(&["red/a"])), [at("red/a")]);
    // It was down again when it should be opened.
    spots.is_down(&at("red/a"));
    assert_eq!(spots.take_wanted(&lab(&["red/a"])), [at("red/a")]);
}

#[test]
fn two_interfaces_that_swap_their_names_keep_their_taps() {
    let mut spots = listening(&["red/a", "red/b", "red/c"]);
    let mut moves = spots.take_moves(&[renamed("red/a", "red/b"), renamed("red/b", "red/a")]);
    moves.sort_by_key(|change| change.tap);
    let moved = |tap, to| Move { tap: TapId(tap), to: at(to), stays: true };
    assert_eq!(moves, [moved(0, "red/b"), moved(1, "red/a")]);
    assert_eq!(spots.let_go_of(&at("red/b")), None);
    assert_eq!(spots.let_go_of(&at("red/c")), Some(TapId(2)));
}

#[test]
fn an_interface_that_takes_the_name_of_one_that_went_finds_the_other_ones_tap_in_its_way() {
    let mut spots = listening(&["red/a", "red/b"]);
    let moves = spots.take_moves(&[renamed("red/a", "red/b")]);
    assert_eq!(moves, [Move { tap: TapId(0), to: at("red/b"), stays: true }]);
    assert_eq!(spots.let_go_of(&at("red/b")), Some(TapId(1)));
}

#[test]
fn a_namespace_that_gets_a_name_keeps_its_taps_and_another_namespace_is_a_move() {
    let mut spots = listening(&["host/a", "pid 17/b", "pid 17/c"]);
    let becomes = [
        Became::Namespace { from: "pid 17".parse().unwrap(), to: "red".parse().unwrap() },
        renamed("host/a", "red/a"),
        renamed("pid 17/c", "red/d"),
    ];
    let moved = |tap, to, stays| Move { tap: TapId(tap), to: at(to), stays };
    let moves = spots.take_moves(&becomes);
    assert_eq!(moves, [moved(0, "red/a", false), moved(1, "red/b", true), moved(2, "red/d", true)]);
}

#[test]
fn what_an_interface_carried_is_known_wherever_it_goes() {
    let mut spots = Spots::default();
    spots.keep_carried(at("red/a"), 7);
    spots.take_moves(&[renamed("red/a", "red/b")]);
    assert_eq!((spots.take_carried(&at("red/b")), spots.take_carried(&at("red/b"))), (7, 0));
    spots.keep_carried(at("red/a"), 7);
    spots.take_gone(&lab(&[]));
    assert_eq!(spots.take_carried(&at("red/a")), 0);
}

#[test]
fn what_cannot_be_opened_is_tried_a_few_times_and_again_when_it_was_down() {
    let mut spots = Spots::default();
    let up = lab(&["red/a"]);
    for failures in 1..=TRIES {
        assert_eq!(spots.take_wanted(&up), [at("red/a")]);
        assert_eq!(spots.refused(&at("red/a"), "no"), failures);
    }
    assert_eq!(spots.take_wanted(&up), []);
    let mut down = up.clone();
    down.interface_mut(&at("red/a")).unwrap().up = false;
    spots.take_gone(&down);
    assert_eq!(spots.take_wanted(&up), [at("red/a")]);
    spots.refused(&at("red/a"), "still not");
    assert_eq!((spots.take_refusal(), spots.take_refusal()), (Some("still not".into()), None));
}
