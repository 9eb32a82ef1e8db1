//! What a network is, how to change one, and how Linux does it.
//!
//! Everything outside [`kernel`] is pure: no IO, no clock.

pub mod address;
pub mod adopt;
pub mod aim;
pub mod check;
pub mod file;
pub mod firewall;
pub mod ground;
#[cfg(feature = "kernel")]
pub mod kernel;
pub mod lab;
pub mod name;
mod other;
pub mod paper;
pub mod plan;
pub mod ready;
pub mod reconcile;
#[cfg(test)]
mod sample;
pub mod script;
pub mod settle;
pub mod shape;
pub mod sight;
mod standing;
pub mod step;
pub mod sysctl;

pub use address::MacAddress;
pub use ground::{Ground, ObserveError, PlanFailure, StepError};
pub use lab::{
    BridgeSettings, Cable, FilterRule, Firewall, Hook, Interface, InterfaceKind, Lab, Namespace, Neighbour,
    PortVlan, Position, Protocol, Route, Sysctl, Sysctls, Target, Thing, Verdict,
};
pub use name::{InterfaceName, NameError, NamespaceName, Place};
pub use other::OtherKind;
pub use sight::{Became, Process, Sight};
pub use step::{Plan, Step};
