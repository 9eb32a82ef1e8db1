//! Names as the tutorials give them: `red`, `blue`; `veth-red`, `veth-br-red`; `br0`.

use std::collections::BTreeMap;

use topology::{InterfaceName, Lab, NamespaceName, Place};

const COLOURS: [&str; 8] = ["red", "blue", "green", "yellow", "purple", "orange", "teal", "pink"];

/// For a new namespace: the next of the lab's own series (`ns3` after `ns2`), else a colour.
pub fn namespace(lab: &Lab) -> NamespaceName {
    let names: Vec<&str> =
        lab.namespaces.keys().filter(|name| !name.is_host()).map(NamespaceName::as_str).collect();
    // The largest series is the lab's habit. A router or two are none, and one name alone is none either.
    let mut series: BTreeMap<&str, usize> = BTreeMap::new();
    for letters in names.iter().filter_map(|name| series_of(name)).filter(|letters| *letters != ROUTER) {
        *series.entry(letters).or_default() += 1;
    }
    let habit = series.into_iter().filter(|(_, members)| 2 <= *members).max_by_key(|(_, members)| *members);
    if let Some((letters, _)) = habit {
        return numbered_namespace(lab, letters);
    }
    let free = COLOURS.iter().filter_map(|name| NamespaceName::new(*name).ok());
    let mut free = free.filter(|name| !lab.namespaces.contains_key(name));
    free.next().unwrap_or_else(|| numbered_namespace(lab, "ns"))
}

const ROUTER: &str = "r";

pub fn router(lab: &Lab) -> NamespaceName {
    numbered_namespace(lab, ROUTER)
}

/// The letters before a number at the end.
fn series_of(name: &str) -> Option<&str> {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (letters.len() < name.len() && !letters.is_empty()).then_some(letters)
}

fn numbered_namespace(lab: &Lab, series: &str) -> NamespaceName {
    // The number needs room.
    let series = cut(series, NamespaceName::LONGEST - 6);
    let mut names = (1..).filter_map(|number| NamespaceName::new(format!("{series}{number}")).ok());
    names
        .find(|name| !lab.namespaces.contains_key(name))
        .expect("a lab holds fewer names than there are numbers")
}

/// A name like `wish` that no namespace has: `red`, then `red-2`, …
pub fn like_namespace(lab: &Lab, wish: &NamespaceName) -> NamespaceName {
    if !lab.namespaces.contains_key(wish) && !wish.is_host() && wish.process().is_none() {
        return wish.clone();
    }
    // No other process is meant.
    if wish.process().is_some() {
        return namespace(lab);
    }
    if let Some(series) = series_of(wish.as_str()) {
        return numbered_namespace(lab, series);
    }
    let stem = cut(wish.as_str(), NamespaceName::LONGEST - 6);
    let mut names = (2..).filter_map(|number| NamespaceName::new(format!("{stem}-{number}")).ok());
    names
        .find(|name| !lab.namespaces.contains_key(name))
        .expect("a lab holds fewer names than there are numbers")
}

/// `br0`, `br1`, …
pub fn bridge(lab: &Lab) -> InterfaceName {
    let mut names = (0..).filter_map(|number| InterfaceName::new(format!("br{number}")).ok());
    names.find(|name| is_free(lab, name)).expect("a lab holds fewer names than there are numbers")
}

/// For the end of a cable: `wish`, shortened to what the kernel takes, numbered where it is taken.
pub fn cable_end(lab: &Lab, wish: &str) -> InterfaceName {
    let mut wishes = (1_u32..).filter_map(|number| {
        let ending = if number == 1 { String::new() } else { format!("-{number}") };
        let stem = cut(wish, InterfaceName::LONGEST - ending.len());
        InterfaceName::new(format!("{stem}{ending}")).ok()
    });
    wishes.find(|name| is_free(lab, name)).expect("a lab holds fewer names than there are numbers")
}

/// As [`cable_end`] gives it where nobody else has it.
pub fn shortened(wish: &str) -> &str {
    cut(wish, InterfaceName::LONGEST)
}

/// How the lab names its cables' ends: by colour names (`veth-red`, `veth-br-red`) or by numbers (`veth-ns1`, `veth-br1`).
pub fn habit(lab: &Lab, room: &NamespaceName) -> (String, String) {
    let own = format!("veth-{room}");
    let number: String = room.as_str().chars().skip_while(|c| !c.is_ascii_digit()).collect();
    let numbers_ports = !number.is_empty() && lab.interfaces().any(|(at, _)| is_numbered_port(&at));
    let port = if numbers_ports { format!("veth-br{number}") } else { format!("veth-br-{room}") };
    (own, port)
}

fn is_numbered_port(at: &Place) -> bool {
    at.interface
        .as_str()
        .strip_prefix("veth-br")
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
}

/// Free in the whole lab: tutorials make both ends on the host first, and names that differ are easier to follow.
fn is_free(lab: &Lab, name: &InterfaceName) -> bool {
    !lab.namespaces.values().any(|namespace| namespace.interfaces.contains_key(name)) && !name.is_loopback()
}

fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
