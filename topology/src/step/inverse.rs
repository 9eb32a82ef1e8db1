//! What undoes a step.

use super::Step;

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
            AddOther { at, kind, mac, mtu } => RemoveOther { at, kind, mac, mtu },
            RemoveOther { at, kind, mac, mtu } => AddOther { at, kind, mac, mtu },
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
