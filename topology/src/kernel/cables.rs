//! Cables: each is one message that makes both ends and puts them in their places.

use std::os::fd::AsFd;

use rtnetlink::packet_core::{NLM_F_CREATE, NLM_F_EXCL};

use crate::{Cable, InterfaceName, MacAddress, Place, StepError};

use super::{
    Kernel,
    ask::{self, Refusal},
    link::{self, CableEnd},
    offload,
    refusal::Attempt,
};

/// A cable to be made, and what one of its ends shall be from the start.
#[derive(Clone, Debug)]
pub(super) struct NewCable<'a> {
    pub(super) cable: &'a Cable,
    /// In the order of [`Cable::ends`].
    pub(super) macs: [MacAddress; 2],
    /// Which of the two ends may be a port and up at once.
    pub(super) near: usize,
    pub(super) bridge: Option<&'a InterfaceName>,
    pub(super) near_up: bool,
}

impl<'a> NewCable<'a> {
    /// Two ends, both down.
    pub(super) fn plain(cable: &'a Cable, macs: [MacAddress; 2]) -> Self {
        Self { cable, macs, near: 0, bridge: None, near_up: false }
    }

    fn near(&self) -> &'a Place {
        &self.cable.ends()[self.near]
    }

    fn far(&self) -> &'a Place {
        &self.cable.ends()[1 - self.near]
    }

    fn attempt(&self) -> Attempt {
        let [one, other] = self.cable.ends();
        let thing = format!("the cable {one} – {other}");
        Attempt::new(format!("plugging {thing}"), thing.clone(), thing)
    }
}

impl Kernel {
    pub(super) async fn plug_cable(&mut self, new: &NewCable<'_>) -> Result<(), StepError> {
        let (near, far) = (new.near(), new.far());
        if near.namespace == far.namespace && near.interface == far.interface {
            return Err(StepError::Unfit(format!("both ends of a cable would be {near}")));
        }
        let bridge = match new.bridge {
            Some(bridge) => Some(self.index(&Place::new(near.namespace.clone(), bridge.clone())).await?),
            None => None,
        };
        let far_namespace = self.room(&far.namespace)?.fd.clone();
        let netlink = self.netlink(&near.namespace)?;
        let indexes = loop {
            let indexes = [self.fresh_index(), self.fresh_index()];
            let [near_end, far_end] = [(near, new.near, indexes[0]), (far, 1 - new.near, indexes[1])]
                .map(|(end, mac, index)| CableEnd { name: &end.interface, mac: new.macs[mac], index });
            let message = link::plug(&near_end, &far_end, &far_namespace, bridge, new.near_up);
            match ask::change(&netlink, message, NLM_F_CREATE | NLM_F_EXCL).await {
                Ok(()) => break indexes,
                // Somebody has one of the numbers already; the next ones may be free.
                Err(refusal) if refusal.errno == libc::EBUSY => {}
                Err(refusal) => return Err(self.cable_refused(new, &refusal).await),
            }
        };
        self.finish_cable(new, indexes).await
    }

    /// The kernel does not say which of the two names is taken.
    async fn cable_refused(&mut self, new: &NewCable<'_>, refusal: &Refusal) -> StepError {
        if refusal.errno == libc::EEXIST {
            for end in new.cable.ends() {
                if self.index(end).await.is_ok() {
                    return StepError::Exists(end.to_string());
                }
            }
        }
        new.attempt().refused(refusal)
    }

    /// What cannot be said in the message that makes a cable: no offloads, no IPv6 on a port.
    async fn finish_cable(&mut self, new: &NewCable<'_>, [near, far]: [u32; 2]) -> Result<(), StepError> {
        let netlink = self.netlink(&new.near().namespace)?;
        if new.bridge.is_some() {
            // A kernel without IPv6 refuses this, and needs it not.
            let _ = ask::change(&netlink, link::no_ipv6_on_port(near), 0).await;
        }
        for (end, index) in [(new.near(), near), (new.far(), far)] {
            let room = self.room(&end.namespace)?;
            if let Err(error) = offload::switch_off(room.netlink.as_fd(), &end.interface) {
                // The first error is the one to tell.
                let _ = ask::change(&netlink, link::remove(near), 0).await;
                return Err(new.attempt().failed(&error));
            }
            room.indexes.insert(end.interface.clone(), index);
        }
        Ok(())
    }
}
