//! What is wrong with a lab, as data with a place and a hint.

use std::fmt;

use ipnet::IpNet;

use crate::{Cable, Lab, NamespaceName, Place, Route};

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

/// Everything that is wrong with `lab`, worst first. `machine`: addresses that the real machine has.
pub fn check(lab: &Lab, machine: &[IpNet]) -> Vec<Problem> {
    let _ = (lab, machine);
    Vec::new()
}
