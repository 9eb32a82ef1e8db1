//! Whether a journey passes a filter.

use std::collections::BTreeMap;

use super::{Compare, Expression, Filter, Match, NameOf, Side, Term};
use crate::{
    Journey, Tap,
    decode::{self, Facts},
};

pub(super) fn matches(filter: &Filter, journey: &Journey, taps: &[Tap]) -> bool {
    let facts = if filter.needs_frames { facts_of(journey) } else { Vec::new() };
    Asked { journey, taps, facts }.holds(&filter.expression)
}

/// Each different content once: most sightings of a journey have the very same bytes.
fn facts_of(journey: &Journey) -> Vec<Facts> {
    let mut last: &[u8] = &[];
    let mut facts = Vec::new();
    for sighting in &journey.sightings {
        let bytes = &*sighting.frame.bytes;
        if facts.is_empty() || bytes != last {
            facts.push(decode::facts(bytes));
            last = bytes;
        }
    }
    facts
}

struct Asked<'a> {
    journey: &'a Journey,
    taps: &'a [Tap],
    facts: Vec<Facts>,
}

impl Asked<'_> {
    /// No deeper than the parser allows an expression to be.
    fn holds(&self, expression: &Expression) -> bool {
        match expression {
            Expression::All(parts) => parts.iter().all(|part| self.holds(part)),
            Expression::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Expression::Not(inner) => !self.holds(inner),
            Expression::Term(term) => self.term(term),
        }
    }

    fn term(&self, term: &Term) -> bool {
        match term {
            Term::Protocol(name) => self.any(|facts| facts.protocols.contains(name)),
            Term::Address(side, net) => self.any(|facts| {
                facts.addresses.iter().any(|pair| side.any(*pair, |address| net.contains(&address)))
            }),
            Term::AddressText(side, text) => self.any(|facts| {
                let has = |address: std::net::IpAddr| address.to_string().contains(text);
                facts.addresses.iter().any(|pair| side.any(*pair, has))
            }),
            Term::Mac(side, mac) => {
                self.any(|facts| facts.macs.is_some_and(|pair| side.any(pair, |m| m == *mac)))
            }
            Term::MacText(side, text) => self.any(|facts| {
                facts.macs.is_some_and(|pair| side.any(pair, |mac| mac.to_string().contains(text)))
            }),
            Term::Port(side, compare, number) => self.any(|facts| {
                facts.ports.is_some_and(|pair| side.any(pair, |port| compare.holds(u64::from(port), *number)))
            }),
            Term::Vlan(compare, number) => {
                self.any(|facts| facts.vlans.iter().any(|vlan| compare.holds(u64::from(*vlan), *number)))
            }
            Term::Length(compare, number) => {
                let sightings = &self.journey.sightings;
                sightings.iter().any(|s| compare.holds(u64::from(s.frame.original_len), *number))
            }
            Term::Hops(compare, number) => compare.holds(longest_path(self.journey), *number),
            Term::Journey(compare, number) => compare.holds(self.journey.id.0, *number),
            Term::Conversation(compare, number) => compare.holds(self.journey.conversation.0, *number),
            Term::Name(of, how, text) => self.seen_at(*of, *how, text),
            Term::Fate(fate) => self.journey.branches.iter().any(|branch| branch.fate == *fate),
            Term::Text(how, text) => how.holds(&self.journey.summary.to_lowercase(), text),
        }
    }

    fn any(&self, holds: impl Fn(&Facts) -> bool) -> bool {
        self.facts.iter().any(holds)
    }

    fn seen_at(&self, of: NameOf, how: Match, text: &str) -> bool {
        self.journey.sightings.iter().any(|sighting| {
            let index = usize::try_from(sighting.frame.tap.0).ok();
            let Some(tap) = index.and_then(|index| self.taps.get(index)) else { return false };
            let name = match of {
                NameOf::Namespace => tap.at.namespace.as_str().to_lowercase(),
                NameOf::Interface => tap.at.interface.as_str().to_lowercase(),
                NameOf::Place => tap.at.to_string().to_lowercase(),
            };
            how.holds(&name, text)
        })
    }
}

/// Edges from the root to the farthest leaf.
fn longest_path(journey: &Journey) -> u64 {
    let mut depths = BTreeMap::new();
    let mut longest = 0;
    for sighting in &journey.sightings {
        let parent_depth = sighting.parent.and_then(|parent| depths.get(&parent).copied());
        let depth = parent_depth.map_or(0, |depth: u64| depth + 1);
        depths.insert(sighting.id, depth);
        longest = longest.max(depth);
    }
    longest
}

impl Side {
    fn any<T>(self, (source, destination): (T, T), holds: impl Fn(T) -> bool) -> bool {
        match self {
            Self::Either => holds(source) || holds(destination),
            Self::Source => holds(source),
            Self::Destination => holds(destination),
        }
    }
}

impl Compare {
    fn holds(self, left: u64, right: u64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

impl Match {
    fn holds(self, name: &str, text: &str) -> bool {
        match self {
            Self::Whole => name == text,
            Self::Part => name.contains(text),
        }
    }
}
