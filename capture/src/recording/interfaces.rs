//! The interfaces that a file describes: which tap each of them is, and how its clock ticks.

use std::collections::{BTreeMap, BTreeSet};

use topology::{InterfaceName, NamespaceName, Place};

use crate::{Tap, TapId, WireNs};

/// The namespace of interfaces whose file does not name one.
const NAMESPACE_OF_FILES: &str = "file";

/// An interface of the section that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interface {
    /// `None` where its link type cannot be shown.
    pub tap: Option<TapId>,
    pub clock: Clock,
    /// The most octets that it kept of a frame; 0 for no limit.
    pub snap_length: u32,
}

/// How long a tick is, and when the counting began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// As the option `if_tsresol`: a negative power of ten, or of two where the top bit is set.
    pub resolution: u8,
    /// Seconds to add.
    pub offset: i64,
}

impl Clock {
    pub const NANOSECONDS: Self = Self { resolution: 9, offset: 0 };
    pub const MICROSECONDS: Self = Self { resolution: 6, offset: 0 };

    /// Times that do not fit are held at the ends of the range.
    pub fn at(self, ticks: u64) -> WireNs {
        if self == Self::NANOSECONDS {
            return WireNs(i64::try_from(ticks).unwrap_or(i64::MAX));
        }
        let power = u32::from(self.resolution & 0x7f);
        let scaled = u128::from(ticks) * 1_000_000_000;
        let nanoseconds = if self.resolution & 0x80 == 0 {
            10_u128.checked_pow(power).map_or(0, |per_second| scaled / per_second)
        } else {
            scaled.checked_shr(power).unwrap_or(0)
        };
        // At most 64 + 30 bits, so that the sum cannot overflow.
        let sum = nanoseconds as i128 + i128::from(self.offset) * 1_000_000_000;
        WireNs(sum.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }
}

/// All taps of a file, over all of its sections.
#[derive(Debug, Default)]
pub(super) struct Taps {
    places: BTreeMap<Place, TapId>,
    /// Those of the section that is being read.
    of_section: BTreeSet<Place>,
}

impl Taps {
    pub fn begin_section(&mut self) {
        self.of_section.clear();
    }

    /// Where the interface of this name and number stands. The same name twice in one section is two places,
    /// and the later one is renamed.
    pub fn place(&mut self, name: &str, number: usize) -> Place {
        let place = if name.is_empty() { fit(&format!("if{number}")) } else { fit(name) };
        let place = self.free_in_section(place, number);
        self.of_section.insert(place.clone());
        place
    }

    /// The tap at a place, and whether it is new: the same place in a later section is the same tap.
    pub fn tap(&mut self, at: Place) -> (Tap, bool) {
        let next = TapId(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
        let known = self.places.get(&at).copied();
        let id = known.unwrap_or(next);
        self.places.insert(at.clone(), id);
        (Tap { id, at }, known.is_none())
    }

    fn free_in_section(&self, place: Place, number: usize) -> Place {
        // Counting from the interface's own number finds a free name at once, however many are alike.
        let numbered = (number.saturating_add(1)..).map(|number| {
            let suffix = format!("-{number}");
            let stem =
                shortened(place.interface.as_str(), InterfaceName::LONGEST.saturating_sub(suffix.len()));
            Place::new(place.namespace.clone(), interface_name(&format!("{stem}{suffix}")))
        });
        let mut candidates = std::iter::once(place.clone()).chain(numbered);
        candidates.find(|place| !self.of_section.contains(place)).unwrap_or(place)
    }
}

/// The place that a name of another tool stands for.
fn fit(name: &str) -> Place {
    if let Ok(place) = name.parse() {
        return place;
    }
    let (namespace, interface) = name.split_once('/').unwrap_or((NAMESPACE_OF_FILES, name));
    let namespace = NamespaceName::new(fitting(namespace, NamespaceName::LONGEST, NAMESPACE_OF_FILES))
        .expect("a fitting name is a name");
    Place::new(namespace, interface_name(interface))
}

fn interface_name(name: &str) -> InterfaceName {
    InterfaceName::new(fitting(name, InterfaceName::LONGEST, "if")).expect("a fitting name is a name")
}

/// The name with everything replaced that a name cannot hold.
fn fitting(name: &str, longest: usize, otherwise: &str) -> String {
    let fits = |c: char| c.is_alphanumeric() || "-_.@+{}()".contains(c);
    let replaced: String = name.chars().map(|c| if fits(c) { c } else { '-' }).collect();
    let trimmed = replaced.trim_start_matches(['-', '.']);
    let short = shortened(trimmed, longest);
    if short.is_empty() { otherwise.to_owned() } else { short.to_owned() }
}

fn shortened(text: &str, longest: usize) -> &str {
    &text[..text.floor_char_boundary(longest)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(names: &[&str]) -> Vec<String> {
        let mut taps = Taps::default();
        names.iter().enumerate().map(|(number, name)| taps.place(name, number).to_string()).collect()
    }

    #[test]
    fn names_of_other_tools_become_places() {
        let found = places(&[
            "ns1/veth-ns1",
            "eth0",
            "",
            r"\Device\NPF_{A1}",
            "a b/c d e f g h i j k l",
            "/",
            "..",
            "é'é",
        ]);
        let wanted = [
            "ns1/veth-ns1",
            "file/eth0",
            "file/if2",
            "file/Device-NPF_{A1}",
            "a-b/c-d-e-f-g-h-i-j",
            "file/if",
            "file/if-7",
            "file/é-é",
        ];
        // "Device-NPF_{A1}" is 15 octets, just as many as a name may have.
        assert_eq!(found, wanted);
    }

    #[test]
    fn the_same_name_is_two_taps_in_a_section_and_one_over_sections() {
        let mut taps = Taps::default();
        let tap = |taps: &mut Taps, number| {
            let at = taps.place("interface-0-long", number);
            let (tap, is_new) = taps.tap(at);
            (tap.id.0, tap.at.to_string(), is_new)
        };
        assert_eq!(tap(&mut taps, 0), (0, "file/interface-0-lon".into(), true));
        assert_eq!(tap(&mut taps, 1), (1, "file/interface-0-l-2".into(), true));
        taps.begin_section();
        assert_eq!(tap(&mut taps, 0), (0, "file/interface-0-lon".into(), false));
    }

    #[test]
    fn clocks_of_every_resolution() {
        let at = |resolution, offset, ticks| Clock { resolution, offset }.at(ticks).0;
        assert_eq!(at(6, 0, 1_700_000_000_000_001), 1_700_000_000_000_001_000);
        assert_eq!(at(9, 0, 17), 17);
        assert_eq!(at(9, -1, 17), 17 - 1_000_000_000);
        assert_eq!(at(12, 0, 1_999), 1);
        assert_eq!(at(0, 5, 2), 7_000_000_000);
        assert_eq!(at(0x80 | 10, 0, 1_536), 1_500_000_000);
        assert_eq!(at(0x80 | 127, 0, u64::MAX), 0);
        assert_eq!(at(127, 0, u64::MAX), 0);
        assert_eq!(at(0, i64::MAX, u64::MAX), i64::MAX);
        assert_eq!(at(0, i64::MIN, 0), i64::MIN);
    }
}
