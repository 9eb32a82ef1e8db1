//! The smallest changes to a lab: the single source of truth for undo, dry run, teardown,
//! scripts, the commands panel and the narration.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{
    BridgeSettings, Cable, Firewall, InterfaceName, MacAddress, NamespaceName, Neighbour, Place, PortVlan,
    Position, Route, Sysctl, Sysctls, Thing,
};
use std::collections::BTreeSet;

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

impl Step {
    /// The step that leads back: pure and total, since each step carries all that it takes away.
    #[must_use]
    pub fn inverse(&self) -> Step {
        use Step::*;
        match self.clone() {
            AddNamespace { name, sysctls } => RemoveNamespace { name, sysctls },
            RemoveNamespace { name, sysctls } => AddNamespace { name, sysctls },
            AddBridge { at, mac, settings } => RemoveBridge { at, mac, settings },
            RemoveBridge { at, mac, settings } => AddBridge { at, mac, settings },
            PlugCable { cable, macs } => PullCable { cable, macs },
            PullCable { cable, macs } => PlugCable { cable, macs },
            Enslave { port, bridge } => Release { port, bridge },
            Release { port, bridge } => Enslave { port, bridge },
            SetUp { at, up } => SetUp { at, up: !up },
            SetMac { at, from, to } => SetMac { at, from: to, to: from },
            SetMtu { at, from, to } => SetMtu { at, from: to, to: from },
            AddAddress { at, address } => RemoveAddress { at, address },
            RemoveAddress { at, address } => AddAddress { at, address },
            AddNeighbour { at, neighbour } => RemoveNeighbour { at, neighbour },
            RemoveNeighbour { at, neighbour } => AddNeighbour { at, neighbour },
            AddRoute { namespace, route } => RemoveRoute { namespace, route },
            RemoveRoute { namespace, route } => AddRoute { namespace, route },
            SetSysctl { namespace, sysctl, from, to } => SetSysctl { namespace, sysctl, from: to, to: from },
            SetBridge { at, from, to } => SetBridge { at, from: to, to: from },
            SetVlans { port, from, to } => SetVlans { port, from: to, to: from },
            SetFirewall { namespace, from, to } => SetFirewall { namespace, from: to, to: from },
            Move { thing, from, to } => Move { thing, from: to, to: from },
        }
    }
}

impl Step {
    pub fn sentence(&self) -> String {
        format!("{self:?}")
    }
}
