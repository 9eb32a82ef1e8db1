//! What a field may be compared with, and how.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{
    Compare, Match, NameOf, Side, Term,
    token::Operator,
    words::{FATES, FieldWord, Kind},
};

/// The field compared with the value; `!=` is the negation of what this gives.
pub(super) fn term(field: &FieldWord, operator: Operator, text: &str) -> Result<Term, String> {
    let lower = text.to_lowercase();
    let side = match field.word.rsplit_once('.') {
        Some((_, "src")) => Side::Source,
        Some((_, "dst")) => Side::Destination,
        _ => Side::Either,
    };
    let how = if operator == Operator::Contains { Match::Part } else { Match::Whole };
    Ok(match field.kind {
        Kind::Address if how == Match::Part => Term::AddressText(side, lower),
        Kind::Address => {
            let net = network(text);
            Term::Address(side, net.ok_or_else(|| format!("“{text}” is not an IP address or network"))?)
        }
        Kind::Mac if how == Match::Part => Term::MacText(side, lower),
        Kind::Mac => {
            Term::Mac(side, lower.parse().map_err(|_| format!("“{text}” is not a hardware address"))?)
        }
        Kind::Number { most } => numeric(field, side, operator.compare(), number(text, most)?),
        Kind::Name => Term::Name(
            match field.word {
                "ns" => NameOf::Namespace,
                "if" => NameOf::Interface,
                _ => NameOf::Place,
            },
            how,
            lower,
        ),
        Kind::Fate => {
            let fate = FATES.iter().find(|(word, _)| *word == lower);
            Term::Fate(fate.ok_or_else(|| format!("“{text}” is not a fate"))?.1)
        }
        Kind::Text => Term::Text(how, lower),
    })
}

fn numeric(field: &FieldWord, side: Side, compare: Compare, number: u64) -> Term {
    match field.word {
        "vlan" => Term::Vlan(compare, number),
        "conversation" => Term::Conversation(compare, number),
        "journey" => Term::Journey(compare, number),
        "hops" => Term::Hops(compare, number),
        "len" => Term::Length(compare, number),
        _ => Term::Port(side, compare, number),
    }
}

fn number(text: &str, most: u64) -> Result<u64, String> {
    let number = text.parse::<u64>().map_err(|_| format!("“{text}” is not a number"))?;
    if most < number { Err(format!("{number} is too much: {most} is the most")) } else { Ok(number) }
}

/// A network, or an address as the network that holds nothing else.
pub(super) fn network(text: &str) -> Option<IpNet> {
    text.parse::<IpAddr>().map(IpNet::from).ok().or_else(|| text.parse().ok())
}

impl Operator {
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Contains => "~",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Of `!=`, what it negates.
    fn compare(self) -> Compare {
        match self {
            Self::Equal | Self::NotEqual | Self::Contains => Compare::Equal,
            Self::Less => Compare::Less,
            Self::AtMost => Compare::AtMost,
            Self::More => Compare::More,
            Self::AtLeast => Compare::AtLeast,
        }
    }
}
