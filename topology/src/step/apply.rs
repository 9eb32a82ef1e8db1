//! What a step does to a lab: on paper just what the kernel does, and refused where it refuses.
//!
//! The lab is a settled one ([`Lab::settled`], or what a ground observed).
//! Whatever succeeds is undone exactly by the inverse. So a step is refused where the kernel would
//! silently take more away than the step says: an interface with neighbours does not go down,
//! a bridge with ports is not removed. Plans take those away first.
//! One case is not exact: a bridge whose MTU was set by hand to what its ports
//! come to anyway follows them from then on. Nothing that the kernel tells shows the difference.

pub(crate) mod existence;
mod interface;
mod network;

use crate::{Interface, Lab, Namespace, NamespaceName, Place, Position, StepError, Thing};

use super::Step;

impl Step {
    /// Carries the step out on `lab`, whole or not at all.
    ///
    /// # Errors
    /// [`StepError::Missing`], [`StepError::Exists`] or [`StepError::Unfit`]; `lab` is then as before.
    pub fn apply(&self, lab: &mut Lab) -> Result<(), StepError> {
        use Step::*;
        match self {
            AddNamespace { name, sysctls } => existence::add_namespace(lab, name, *sysctls),
            RemoveNamespace { name, sysctls } => existence::remove_namespace(lab, name, *sysctls),
            AddBridge { at, mac, settings } => existence::add_bridge(lab, at, *mac, *settings),
            RemoveBridge { at, mac, settings } => existence::remove_bridge(lab, at, *mac, *settings),
            AddOther { at, kind, mac, mtu } => existence::add_other(lab, at, *kind, *mac, *mtu),
            RemoveOther { at, kind, mac, mtu } => existence::remove_other(lab, at, *kind, *mac, *mtu),
            PlugCable { cable, macs } => existence::plug(lab, cable, *macs),
            PullCable { cable, macs } => existence::pull(lab, cable, *macs),
            Enslave { port, bridge } => interface::enslave(lab, port, bridge),
            Release { port, bridge } => interface::release(lab, port, bridge),
            SetUp { at, up } => interface::set_up(lab, at, *up),
            SetMac { at, from, to } => interface::set_mac(lab, at, *from, *to),
            SetMtu { at, from, to } => interface::set_mtu(lab, at, *from, *to),
            SetBridge { at, from, to } => interface::set_bridge(lab, at, *from, *to),
            SetVlans { port, from, to } => interface::set_vlans(lab, port, from, to),
            AddAddress { at, address } => network::add_address(lab, at, *address),
            RemoveAddress { at, address } => network::remove_address(lab, at, *address),
            AddNeighbour { at, neighbour } => network::add_neighbour(lab, at, *neighbour),
            RemoveNeighbour { at, neighbour } => network::remove_neighbour(lab, at, *neighbour),
            AddRoute { namespace, route } => network::add_route(lab, namespace, route),
            RemoveRoute { namespace, route } => network::remove_route(lab, namespace, route),
            SetSysctl { namespace, sysctl, from, to } => {
                network::set_sysctl(lab, namespace, *sysctl, *from, *to)
            }
            SetFirewall { namespace, from, to } => {
                let found = namespace_mut(lab, namespace)?;
                change(&mut found.firewall, from, to, || format!("the firewall of {namespace}"))
            }
            Move { thing, from, to } => move_thing(lab, thing, *from, *to),
        }
    }
}

fn move_thing(
    lab: &mut Lab,
    thing: &Thing,
    from: Option<Position>,
    to: Option<Position>,
) -> Result<(), StepError> {
    let position = match thing {
        Thing::Namespace(name) => &mut namespace_mut(lab, name)?.position,
        Thing::Bridge(at) => {
            let found = interface_mut(lab, at)?;
            bridge_settings(found, at)?;
            &mut found.position
        }
    };
    change(position, &from, &to, || "the position".into())
}

fn namespace_mut<'a>(lab: &'a mut Lab, name: &NamespaceName) -> Result<&'a mut Namespace, StepError> {
    lab.namespaces.get_mut(name).ok_or_else(|| StepError::Missing(format!("the namespace {name}")))
}

fn interface_mut<'a>(lab: &'a mut Lab, at: &Place) -> Result<&'a mut Interface, StepError> {
    interface_in(namespace_mut(lab, &at.namespace)?, at)
}

fn interface_in<'a>(namespace: &'a mut Namespace, at: &Place) -> Result<&'a mut Interface, StepError> {
    namespace.interfaces.get_mut(&at.interface).ok_or_else(|| StepError::Missing(at.to_string()))
}

fn bridge_settings(found: &Interface, at: &Place) -> Result<crate::BridgeSettings, StepError> {
    found.bridge_settings().ok_or_else(|| unfit(format!("{at} is not a bridge")))
}

fn unfit(message: impl Into<String>) -> StepError {
    StepError::Unfit(message.into())
}

/// Sets `place` to `to` if it is `from` now; otherwise the inverse would not lead back.
fn change<T: Clone + PartialEq>(
    place: &mut T,
    from: &T,
    to: &T,
    what: impl Fn() -> String,
) -> Result<(), StepError> {
    if place != from {
        return Err(unfit(format!("{} is not what the step says it was", what())));
    }
    place.clone_from(to);
    Ok(())
}
