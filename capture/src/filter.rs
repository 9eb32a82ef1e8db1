//! The filter language: which journeys are shown.
//!
//! ```text
//! arp or icmp                       protocols, and `not`, `and`, `or`, ( ), ! && ||
//! ip == 10.10.0.0/24                also ip.src, ip.dst; a bare address means the same
//! mac == 02:42:ac:11:00:02          also mac.src, mac.dst
//! port == 80                        also port.src, port.dst; vlan, len, hops, journey, conversation
//! at == ns1/veth-ns1                also ns == ns1, if == veth-ns1
//! fate == dropped                   delivered, ignored, dropped, in-flight
//! text ~ "who has"                  or just "who has"
//! ```
//!
//! Operators: `==` (or `=`), `!=`, `~` (contains), `<`, `<=`, `>`, `>=`. Case never matters.
//!
//! Each comparison asks about the whole journey: it holds if it holds for **any** of the journey's
//! sightings (`fate`: any branch). So `ns == ns1 and ns == ns2` finds what was seen in both, and
//! `not ns == ns1`, which is the same as `ns != ns1`, what was never seen in `ns1`.
//! Addresses and protocols are the frame's own, not those that an ICMP error quotes; the addresses
//! of an ARP frame are those of who speaks and whom it asks. `len` counts octets on the wire, `hops`
//! the edges on the journey's longest path.

mod complete;
mod eval;
mod parse;
mod token;
mod value;
mod words;

use std::ops::Range;

use ipnet::IpNet;
use topology::MacAddress;

use crate::{Fate, Journey, Tap};

pub use complete::{Completion, complete};

/// A filter that has been understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    expression: Expression,
    /// Whether a term needs more than the journey's own words and numbers.
    needs_frames: bool,
}

/// Why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// Which bytes of the text; empty at its end if something is missing there.
    pub range: Range<usize>,
    /// For people.
    pub message: String,
    /// What could stand there, in the order in which it is worth showing.
    pub expected: Vec<String>,
}

impl Filter {
    /// An empty text lets everything through.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let expression = parse::parse(text)?;
        let needs_frames = expression.needs_frames();
        Ok(Self { expression, needs_frames })
    }

    /// Whether the journey is to be shown; `taps[i].id == TapId(i)`.
    pub fn matches(&self, journey: &Journey, taps: &[Tap]) -> bool {
        eval::matches(self, journey, taps)
    }
}

/// Flat lists, so that a chain of ten thousand `or` is no deeper than one.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Expression {
    /// Holds if each does; of nothing, always.
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Term(Term),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    /// A layer's name, as decoding writes it.
    Protocol(&'static str),
    Address(Side, IpNet),
    AddressText(Side, String),
    Mac(Side, MacAddress),
    MacText(Side, String),
    Port(Side, Compare, u64),
    Vlan(Compare, u64),
    Length(Compare, u64),
    Hops(Compare, u64),
    Journey(Compare, u64),
    Conversation(Compare, u64),
    /// `==` or `~` on names, in lower case.
    Name(NameOf, Match, String),
    Fate(Fate),
    /// In lower case.
    Text(Match, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Either,
    Source,
    Destination,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameOf {
    Namespace,
    Interface,
    Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Match {
    Whole,
    Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    Equal,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Expression {
    fn needs_frames(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::needs_frames),
            Self::Not(inner) => inner.needs_frames(),
            Self::Term(term) => matches!(
                term,
                Term::Protocol(_)
                    | Term::Address(..)
                    | Term::AddressText(..)
                    | Term::Mac(..)
                    | Term::MacText(..)
                    | Term::Port(..)
                    | Term::Vlan(..)
            ),
        }
    }
}
