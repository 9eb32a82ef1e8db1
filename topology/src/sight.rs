//! What a look at the kernel shows: the lab as it stands, who lives in it, what its tables hold, and what became of
//! things under other names.

pub mod tables;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::tables::Tables;
use crate::{Lab, NamespaceName, Place};

/// One look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    /// Settled, as a ground observes it; positions are unknown to the kernel.
    pub lab: Lab,
    /// Of the namespaces that no name but a process holds, which process it is.
    pub processes: BTreeMap<NamespaceName, Process>,
    /// The namespaces in the order in which they were made, as far as the kernel knows: those with names as these came,
    /// then those of processes.
    pub made: Vec<NamespaceName>,
    /// What is the same as at the look before, though its name or its namespace changed; in any order, each about
    /// names before and after all of them.
    pub became: Vec<Became>,
    /// Of the namespaces whose tables hold something. The kernel does not announce everything that befalls an entry:
    /// its state may be some seconds old.
    pub tables: BTreeMap<NamespaceName, Tables>,
}

/// The process that a namespace without a name is called after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// As the sandbox counts.
    pub pid: u32,
    /// Its command line, shortened.
    pub command: String,
}

/// The same thing under another name or in another namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Became {
    Namespace {
        from: NamespaceName,
        to: NamespaceName,
    },
    /// Renamed, or moved to another namespace, or both; bridges too.
    Interface {
        from: Place,
        to: Place,
    },
}
