//! What is wrong with a lab, as data with a place and a hint.

use std::fmt;

use ipnet::IpNet;

use crate::{Cable, Lab, NamespaceName, Place, Route, shape::Shape};

mod addresses;
mod bridges;
mod firewall;
mod hardware;
mod links;
mod machine;
mod pings;
mod routes;
mod scale;
mod way;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It cannot work, or cannot be built.
    Error,
    /// It will most likely not do what was meant.
    Warning,
    /// Worth knowing.
    Note,
}

/// What a problem is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    Lab,
    Namespace(NamespaceName),
    Interface(Place),
    Cable(Cable),
    Route { namespace: NamespaceName, route: Route },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub about: About,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What mends it.
    pub hint: String,
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lab => f.write_str("the lab"),
            Self::Namespace(name) => write!(f, "{name}"),
            Self::Interface(at) => write!(f, "{at}"),
            Self::Cable(cable) => {
                let [one, other] = cable.ends();
                write!(f, "{one} – {other}")
            }
            Self::Route { namespace, route } => write!(f, "{namespace}, route to {}", route.to),
        }
    }
}

/// Everything that is wrong with `lab`, worst first, then in the order of what it is about.
/// `machine`: addresses that the real machine has, each with its subnet's prefix length.
pub fn check(lab: &Lab, machine: &[IpNet]) -> Vec<Problem> {
    let subject = Subject { lab, shape: Shape::of(lab), machine };
    let mut problems: Vec<Problem> = CHECKS.iter().flat_map(|check| check(&subject)).collect();
    problems.sort_by(|a, b| a.order().cmp(&b.order()));
    problems
}

/// What the checks look at.
struct Subject<'a> {
    lab: &'a Lab,
    shape: Shape,
    machine: &'a [IpNet],
}

const CHECKS: &[fn(&Subject<'_>) -> Vec<Problem>] = &[
    addresses::nobody_has,
    addresses::given_twice,
    addresses::alone_in_its_subnet,
    addresses::other_family,
    addresses::names_the_subnet,
    addresses::ipv6_switched_off,
    hardware::group_mac,
    hardware::same_mac,
    hardware::mtu_out_of_range,
    hardware::mtus_differ,
    bridges::loops,
    bridges::missing,
    bridges::forward_delay,
    bridges::vlans,
    links::down,
    links::without_cable,
    firewall::missing_interface,
    routes::cannot_stand,
    scale::neighbour_tables,
    machine::shares_addresses,
    pings::arrive,
];

impl Problem {
    fn new(severity: Severity, about: About, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { severity, about, message: message.into(), hint: hint.into() }
    }

    fn error(about: About, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Severity::Error, about, message, hint)
    }

    fn warning(about: About, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Severity::Warning, about, message, hint)
    }

    fn note(about: About, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Severity::Note, about, message, hint)
    }

    fn order(&self) -> (Severity, &About, &str) {
        (self.severity, &self.about, &self.message)
    }
}

#[cfg(test)]
mod testing;
