//! What lies on either side of each tap, read off the lab.
//!
//! Every tap stands between two media. A frame that goes out passes from the inner to the outer
//! one, a frame that comes in the other way.
//!
//! | tap on | inner | outer |
//! |---|---|---|
//! | a veth end of its own | the namespace's stack | its cable |
//! | a port of a bridge | that bridge's switch | its cable |
//! | a bridge | the namespace's stack | the switch |
//! | `lo` | the namespace's stack | itself |

use std::collections::{BTreeMap, BTreeSet};

use topology::{Cable, Interface, InterfaceKind, Lab, MacAddress, NamespaceName, Place};
use xxhash_rust::xxh3::xxh3_64;

use crate::{Direction, Tap, TapId};

/// What frames go through between two taps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Medium {
    /// A namespace's network stack: makes, keeps and perhaps routes frames.
    Stack(NamespaceName),
    /// The forwarding part of the bridge at this place.
    Switch(Place),
    Cable(Cable),
    /// What goes out at `lo` comes in at it.
    Loopback(Place),
    /// An interface whose other side is not in the lab.
    Beyond(Place),
    /// The lab does not say what stands here, or there is none.
    Unknown,
}

/// The two sides of one tap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Between {
    pub inner: Medium,
    pub outer: Medium,
}

/// The media around every tap, as of one lab.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    betweens: Vec<Between>,
    passages: Vec<[Passage; 2]>,
}

/// A sighting's way: out of one medium, into another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passage {
    pub leaves: Side,
    pub enters: Side,
}

/// One medium as seen from one tap and in one direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    pub kind: Kind,
    /// Keeps equal keys of different media, and of a cable's two directions, apart.
    pub salt: u64,
    /// The tap's place among all taps of this medium.
    pub exit: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `watched`: the end from which frames come has a tap as well.
    Cable {
        watched: bool,
    },
    /// `watched`: the bridge itself has a tap as well, so all that goes in is seen.
    Switch {
        watched: bool,
    },
    /// `routes`: it could pass frames on; `translates`: and change their addresses.
    Stack {
        routes: bool,
        translates: bool,
    },
    Beyond,
    /// `alone`: there is no other tap that could see the same frame.
    Unknown {
        alone: bool,
    },
}

impl Wiring {
    /// `taps[i].id` is `TapId(i)`.
    pub fn of(lab: &Lab, taps: &[Tap]) -> Self {
        let survey = Survey::of(lab, taps);
        let passages = (0..taps.len()).map(|tap| survey.passages(tap)).collect();
        Self { passages, betweens: survey.betweens }
    }

    /// `None` for a tap that was never announced.
    pub fn between(&self, tap: TapId) -> Option<&Between> {
        self.betweens.get(tap.0 as usize)
    }

    /// The medium that a frame seen at `tap` going this way is in afterwards.
    pub fn entered(&self, tap: TapId, direction: Direction) -> &Medium {
        match (self.between(tap), direction) {
            (Some(between), Direction::Out) => &between.outer,
            (Some(between), Direction::In) => &between.inner,
            _ => &Medium::Unknown,
        }
    }

    /// True where a stack sends frames: there they may begin their journey.
    pub fn is_born_at(&self, tap: TapId, direction: Direction) -> bool {
        let is_stack = |between: &Between| matches!(between.inner, Medium::Stack(_));
        direction == Direction::Out && self.between(tap).is_some_and(is_stack)
    }

    pub(crate) fn passage(&self, tap: TapId, way: Way) -> Passage {
        let unknown = Side { kind: Kind::Unknown { alone: false }, salt: UNKNOWN_SALT, exit: tap.0 };
        let found = self.passages.get(tap.0 as usize);
        found.map_or(Passage { leaves: unknown, enters: unknown }, |ways| ways[way as usize])
    }
}

/// A direction that is known, or was guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    In,
    Out,
}

impl From<Way> for Direction {
    fn from(way: Way) -> Self {
        match way {
            Way::In => Self::In,
            Way::Out => Self::Out,
        }
    }
}

const UNKNOWN_SALT: u64 = 0x9e37_79b9_7f4a_7c15;

/// What the media are worked out from.
struct Survey<'a> {
    lab: &'a Lab,
    taps: &'a [Tap],
    betweens: Vec<Between>,
    /// The taps at each medium, in order.
    around: BTreeMap<Medium, Vec<usize>>,
    watched: BTreeSet<&'a Place>,
}

impl<'a> Survey<'a> {
    fn of(lab: &'a Lab, taps: &'a [Tap]) -> Self {
        let ends = |cable: &'a Cable| cable.ends().iter().map(move |end| (end, cable));
        let cables: BTreeMap<&Place, &Cable> = lab.cables.iter().flat_map(ends).collect();
        let betweens: Vec<Between> = taps.iter().map(|tap| between(lab, &cables, &tap.at)).collect();
        let mut around: BTreeMap<Medium, Vec<usize>> = BTreeMap::new();
        for (tap, between) in betweens.iter().enumerate() {
            around.entry(between.inner.clone()).or_default().push(tap);
            if between.outer != between.inner {
                around.entry(between.outer.clone()).or_default().push(tap);
            }
        }
        Self { lab, taps, betweens, around, watched: taps.iter().map(|tap| &tap.at).collect() }
    }

    fn passages(&self, tap: usize) -> [Passage; 2] {
        let Between { inner, outer } = &self.betweens[tap];
        let going_in = Passage { leaves: self.side(tap, outer, true), enters: self.side(tap, inner, false) };
        let going_out = Passage { leaves: self.side(tap, inner, true), enters: self.side(tap, outer, false) };
        [going_in, going_out]
    }

    fn side(&self, tap: usize, medium: &Medium, coming_from_it: bool) -> Side {
        let around = self.around.get(medium).map(Vec::as_slice).unwrap_or_default();
        let exit = around.partition_point(|&other| other < tap) as u32;
        let at = &self.taps[tap].at;
        let (kind, name) = match medium {
            Medium::Cable(cable) => {
                let far = cable.other_end(at).unwrap_or(at);
                let heading_for = if coming_from_it { at } else { far };
                (Kind::Cable { watched: self.watched.contains(far) }, format!("cable to {heading_for}"))
            }
            Medium::Loopback(at) => (Kind::Cable { watched: true }, format!("loopback {at}")),
            Medium::Switch(at) => {
                (Kind::Switch { watched: self.watched.contains(at) }, format!("switch {at}"))
            }
            Medium::Stack(namespace) => {
                (self.stack(namespace, self.places(around)), format!("stack {namespace}"))
            }
            Medium::Beyond(at) => (Kind::Beyond, format!("beyond {at}")),
            Medium::Unknown => (Kind::Unknown { alone: around.len() < 2 }, String::new()),
        };
        let salt = if *medium == Medium::Unknown { UNKNOWN_SALT } else { xxh3_64(name.as_bytes()) };
        Side { kind, salt, exit }
    }

    /// Where these taps stand; one may have taken the place of another.
    fn places(&self, taps: &[usize]) -> usize {
        taps.iter().map(|&tap| &self.taps[tap].at).collect::<BTreeSet<_>>().len()
    }

    fn stack(&self, namespace: &NamespaceName, places: usize) -> Kind {
        let found = self.lab.namespaces.get(namespace);
        let forwards = found.is_some_and(|found| {
            found.sysctls.ipv4_forward == Some(true) || found.sysctls.ipv6_forward == Some(true)
        });
        let translates = found.is_some_and(|found| !found.firewall.masquerade.is_empty());
        // A stack with two interfaces may begin to route before the lab says so.
        Kind::Stack { routes: forwards || 1 < places, translates }
    }
}

fn between(lab: &Lab, cables: &BTreeMap<&Place, &Cable>, at: &Place) -> Between {
    let Some(interface) = lab.interface(at) else {
        return Between { inner: Medium::Unknown, outer: Medium::Unknown };
    };
    let stack = || Medium::Stack(at.namespace.clone());
    match interface.kind {
        InterfaceKind::Loopback => Between { inner: stack(), outer: Medium::Loopback(at.clone()) },
        InterfaceKind::Bridge(_) => Between { inner: stack(), outer: Medium::Switch(at.clone()) },
        InterfaceKind::VethEnd | InterfaceKind::Other(_) => {
            let switch = |bridge| Medium::Switch(Place::new(at.namespace.clone(), bridge));
            let cable = cables.get(at).map(|&cable| Medium::Cable(cable.clone()));
            Between {
                inner: interface.bridge.clone().map_or_else(stack, switch),
                outer: cable.unwrap_or_else(|| Medium::Beyond(at.clone())),
            }
        }
    }
}

/// An interface's MAC; where a lab leaves it open, the one that building it would give.
pub fn mac_of(at: &Place, interface: &Interface) -> MacAddress {
    interface.mac.unwrap_or_else(|| MacAddress::derived_from(&at.to_string()))
}
