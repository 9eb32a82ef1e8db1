//! What is the same thing at two looks, whatever it is called and wherever it is.

use std::collections::BTreeMap;

use crate::{Became, InterfaceKind, InterfaceName, Lab, MacAddress, NamespaceName, OtherKind, Place};

use super::room::{Identity, Room};

/// An interface for as long as it stays in its namespace: the namespace, and the kernel's number in there.
type Number = (Identity, u32);

/// Who stood where at a look.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    namespaces: BTreeMap<Identity, NamespaceName>,
    interfaces: BTreeMap<Number, Interface>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Interface {
    at: Place,
    mac: Option<MacAddress>,
    kind: Kind,
    /// The other end of its cable.
    peer: Option<Number>,
}

impl Standing {
    pub(super) fn of(rooms: &BTreeMap<NamespaceName, Room>, lab: &Lab) -> Self {
        let mut standing = Self::default();
        let mut numbers: BTreeMap<Place, Number> = BTreeMap::new();
        for (name, room) in rooms {
            standing.namespaces.insert(room.identity, name.clone());
            for link in room.seen.iter().flat_map(|seen| seen.links.values()) {
                numbers.insert(Place::new(name.clone(), link.name.clone()), (room.identity, link.index));
            }
        }
        let mut peers: BTreeMap<&Place, Number> = BTreeMap::new();
        for cable in &lab.cables {
            let [one, other] = cable.ends();
            peers.extend(numbers.get(other).map(|number| (one, *number)));
            peers.extend(numbers.get(one).map(|number| (other, *number)));
        }
        for (at, number) in &numbers {
            let Some(found) = lab.interface(at).filter(|found| found.kind != InterfaceKind::Loopback) else {
                continue;
            };
            let (mac, peer) = (found.mac.filter(|mac| *mac != MacAddress::default()), peers.get(at).copied());
            let kind = Kind::of(found.kind);
            standing.interfaces.insert(*number, Interface { at: at.clone(), mac, kind, peer });
        }
        standing
    }
}

/// What is the same, though its name or its namespace changed. An interface in a namespace that was renamed is only
/// told of if its own name changed too.
pub(super) fn became(before: &Standing, after: &Standing) -> Vec<Became> {
    let renamed = before.namespaces.iter().filter_map(|(identity, from)| {
        let to = after.namespaces.get(identity).filter(|to| *to != from)?;
        Some(Became::Namespace { from: from.clone(), to: to.clone() })
    });
    let mut found: Vec<Became> = renamed.collect();
    let (mut gone, mut new) = (BTreeMap::new(), after.interfaces.clone());
    for (number, was) in &before.interfaces {
        match after.interfaces.get(number).filter(|is| is.kind == was.kind) {
            Some(is) => {
                new.remove(number);
                if is.at.interface != was.at.interface {
                    found.push(Became::Interface { from: was.at.clone(), to: is.at.clone() });
                }
            }
            None => drop(gone.insert(*number, was.clone())),
        }
    }
    let moved = moved(gone, new).into_iter().filter(|(was, is)| was.at != is.at);
    found.extend(moved.map(|(was, is)| Became::Interface { from: was.at, to: is.at }));
    found
}

/// Of what went and what came, which is the same in another namespace: by what an interface takes along, the
/// strongest sign first. What two of them have in common is no sign.
fn moved(
    mut gone: BTreeMap<Number, Interface>,
    mut new: BTreeMap<Number, Interface>,
) -> Vec<(Interface, Interface)> {
    let mut found = Vec::new();
    let signs: [fn(&Number, &Interface) -> Option<Sign>; 4] = [
        |_, end| Some((end.kind, Some(end.mac?), Some(end.peer?), None)),
        |_, end| Some((end.kind, Some(end.mac?), None, None)),
        |_, end| Some((end.kind, None, Some(end.peer?), None)),
        |(_, number), end| match end.mac {
            // A tun has nothing but its number and its name.
            None => Some((end.kind, None, None, Some((*number, end.at.interface.clone())))),
            Some(_) => None,
        },
    ];
    for sign in signs {
        let (were, are) = (by_sign(&gone, sign), by_sign(&new, sign));
        for (sign, was) in were {
            if let (Some(was), Some(Some(is))) = (was, are.get(&sign))
                && let (Some(was), Some(is)) = (gone.remove(&was), new.remove(is))
            {
                found.push((was, is));
            }
        }
    }
    found
}

/// The whole of what counts as one sign.
type Sign = (Kind, Option<MacAddress>, Option<Number>, Option<(u32, InterfaceName)>);

/// `None` where several have the same sign.
fn by_sign(
    all: &BTreeMap<Number, Interface>,
    sign: fn(&Number, &Interface) -> Option<Sign>,
) -> BTreeMap<Sign, Option<Number>> {
    let mut found: BTreeMap<Sign, Option<Number>> = BTreeMap::new();
    for (number, interface) in all {
        if let Some(sign) = sign(number, interface) {
            found.entry(sign).and_modify(|several| *several = None).or_insert(Some(*number));
        }
    }
    found
}

/// What an interface never stops being.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    CableEnd,
    Bridge,
    Other(OtherKind),
}

impl Kind {
    fn of(kind: InterfaceKind) -> Self {
        match kind {
            InterfaceKind::VethEnd => Self::CableEnd,
            InterfaceKind::Bridge(_) => Self::Bridge,
            InterfaceKind::Other(kind) => Self::Other(kind),
            InterfaceKind::Loopback => Self::Other(OtherKind::Unknown),
        }
    }
}
