//! The smallest changes to a lab: the single source of truth for undo, dry run, teardown,
//! scripts, the commands panel and the narration.
//!
//! Each reading of a step is one exhaustive match, in a file of its own.

pub(crate) mod apply;
mod inverse;
mod sentence;
mod shell;

pub(crate) use shell::{inside, sysctls_line};

use std::collections::BTreeSet;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{
    BridgeSettings, Cable, Firewall, InterfaceName, MacAddress, NamespaceName, Neighbour, OtherKind, Place,
    PortVlan, Position, Route, Sysctl, Sysctls, Thing,
};
/// A change that either happens whole or not at all.
/// Each `Add…` has its `Remove…` with the same fields, and each setting says where it came from:
/// that makes the inverse total and pure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The namespace appears with its loopback, which is down. Unset sysctls stay as the kernel has them.
    AddNamespace {
        name: NamespaceName,
        sysctls: Sysctls,
    },
    RemoveNamespace {
        name: NamespaceName,
        sysctls: Sysctls,
    },
    /// The bridge appears without ports and down.
    AddBridge {
        at: Place,
        mac: MacAddress,
        settings: BridgeSettings,
    },
    RemoveBridge {
        at: Place,
        mac: MacAddress,
        settings: BridgeSettings,
    },
    /// The interface appears, down. Kinds that need more than a name are refused by the kernel's side, see
    /// [`OtherKind::can_be_made`].
    AddOther {
        at: Place,
        kind: OtherKind,
        mac: Option<MacAddress>,
        mtu: Option<u32>,
    },
    RemoveOther {
        at: Place,
        kind: OtherKind,
        mac: Option<MacAddress>,
        mtu: Option<u32>,
    },
    /// Both ends appear, down; `macs` are in the order of [`Cable::ends`].
    PlugCable {
        cable: Cable,
        macs: [MacAddress; 2],
    },
    PullCable {
        cable: Cable,
        macs: [MacAddress; 2],
    },
    Enslave {
        port: Place,
        bridge: InterfaceName,
    },
    Release {
        port: Place,
        bridge: InterfaceName,
    },
    SetUp {
        at: Place,
        up: bool,
    },
    SetMac {
        at: Place,
        from: MacAddress,
        to: MacAddress,
    },
    SetMtu {
        at: Place,
        from: u32,
        to: u32,
    },
    AddAddress {
        at: Place,
        address: IpNet,
    },
    RemoveAddress {
        at: Place,
        address: IpNet,
    },
    AddNeighbour {
        at: Place,
        neighbour: Neighbour,
    },
    RemoveNeighbour {
        at: Place,
        neighbour: Neighbour,
    },
    AddRoute {
        namespace: NamespaceName,
        route: Route,
    },
    RemoveRoute {
        namespace: NamespaceName,
        route: Route,
    },
    /// Values are 0, 1 or 2.
    SetSysctl {
        namespace: NamespaceName,
        sysctl: Sysctl,
        from: u8,
        to: u8,
    },
    SetBridge {
        at: Place,
        from: BridgeSettings,
        to: BridgeSettings,
    },
    SetVlans {
        port: Place,
        from: BTreeSet<PortVlan>,
        to: BTreeSet<PortVlan>,
    },
    SetFirewall {
        namespace: NamespaceName,
        from: Firewall,
        to: Firewall,
    },
    /// On the canvas only; the kernel knows nothing of it.
    Move {
        thing: Thing,
        from: Option<Position>,
        to: Option<Position>,
    },
}

/// An ordered list of steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub steps: Vec<Step>,
}

#[cfg(test)]
mod tests;
