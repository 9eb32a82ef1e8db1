//! What each tap's interface is to the tables, as of one lab.

use std::{collections::BTreeSet, sync::Arc};

use topology::{BridgeSettings, Lab, MacAddress, NamespaceName, Place, PortVlan};

use crate::{
    Direction, Tap, TapId,
    wiring::{Medium, Wiring, mac_of},
};

/// So many labs are kept ready: journeys around a lab change are told in mixed order.
const READY: usize = 4;

/// The roles of all taps, worked out when first asked for.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    ready: Vec<Ready>,
}

#[derive(Clone, Debug)]
struct Ready {
    lab: usize,
    taps: Vec<Tap>,
    roles: Vec<Option<Role>>,
}

/// What stands behind a tap, seen from its cable.
#[derive(Clone, Debug)]
pub enum Role {
    Port(Port),
    Stack {
        at: Place,
        namespace: NamespaceName,
        /// The interface's own.
        mac: MacAddress,
    },
}

#[derive(Clone, Debug)]
pub struct Port {
    pub at: Place,
    pub bridge: Place,
    pub settings: BridgeSettings,
    pub bridge_is_up: bool,
    pub vlans: BTreeSet<PortVlan>,
    /// The MACs of the bridge and its ports, which it does not learn.
    pub own: Arc<BTreeSet<MacAddress>>,
}

impl Roles {
    /// `lab` is the one with this number.
    pub fn of(&mut self, number: usize, lab: &Lab, taps: &[Tap], tap: TapId) -> Option<&Role> {
        let index = tap.0 as usize;
        let is_ready = |ready: &Ready| {
            ready.lab == number && ready.taps.len() == taps.len() && ready.taps.get(index) == taps.get(index)
        };
        let place = match self.ready.iter().rposition(is_ready) {
            Some(place) => place,
            None => {
                self.ready.retain(|ready| ready.lab != number);
                if READY <= self.ready.len() {
                    self.ready.remove(0);
                }
                self.ready.push(Ready { lab: number, taps: taps.to_vec(), roles: roles(lab, taps) });
                self.ready.len() - 1
            }
        };
        self.ready[place].roles.get(index)?.as_ref()
    }
}

fn roles(lab: &Lab, taps: &[Tap]) -> Vec<Option<Role>> {
    let wiring = Wiring::of(lab, taps);
    let own_of = |bridge: &Place| {
        let members = lab.ports(bridge).chain([bridge.clone()]);
        Arc::new(members.filter_map(|at| Some(mac_of(&at, lab.interface(&at)?))).collect::<BTreeSet<_>>())
    };
    let mut own: std::collections::BTreeMap<Place, Arc<BTreeSet<MacAddress>>> = Default::default();
    let role = |tap: &Tap| {
        let interface = lab.interface(&tap.at)?;
        match wiring.entered(tap.id, Direction::In) {
            Medium::Switch(bridge) => Some(Role::Port(Port {
                at: tap.at.clone(),
                bridge: bridge.clone(),
                settings: lab.interface(bridge)?.bridge_settings()?,
                bridge_is_up: lab.interface(bridge)?.up,
                vlans: interface.vlans.clone(),
                own: own.entry(bridge.clone()).or_insert_with(|| own_of(bridge)).clone(),
            })),
            Medium::Stack(namespace) => Some(Role::Stack {
                at: tap.at.clone(),
                namespace: namespace.clone(),
                mac: mac_of(&tap.at, interface),
            }),
            _ => None,
        }
    };
    taps.iter().map(role).collect()
}
