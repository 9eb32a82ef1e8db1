//! Taps of a lab that changes while they listen: interfaces come, change their names, and go.

use std::sync::{PoisonError, mpsc::sync_channel};

use topology::{Place, kernel::NamespaceFd};

use super::{
    TapError, Taps,
    control::{Announced, Bell, Order},
    open,
};
use crate::{Tap, TapId, WireNs};

/// An interface to be tapped as soon as may be.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub at: Place,
    pub namespace: NamespaceFd,
    /// Of the frames that the interface has carried so far, how many are accounted for; the others are said to be
    /// missing ([`crate::Event::Missed`]). `None`: nobody asks what was before.
    pub counted: Option<u64>,
}

/// An interface that could not be tapped.
#[derive(Debug)]
pub struct Refused {
    pub at: Place,
    /// `None`: it is down.
    pub why: Option<TapError>,
}

impl Taps {
    /// Taps what is there and up, while the others go on; returns when they listen. `number` is asked, in the order
    /// of `wanted`, for those that do; the answer is those that do not.
    /// Their rings share what the others left of the memory.
    pub fn add_found(
        &self,
        wanted: Vec<Wanted>,
        mut number: impl FnMut(&Place) -> TapId,
    ) -> Result<Vec<Refused>, TapError> {
        let settings = self.options.settings_for_more(wanted.len(), self.status().octets);
        let counted: Vec<Option<u64>> = wanted.iter().map(|wanted| wanted.counted).collect();
        // Until they are known to listen, their number is their place in the list.
        let provisional = |(number, Wanted { at, namespace, .. }): (u32, Wanted)| {
            (Tap { id: TapId(number), at }, namespace)
        };
        let opened = open::try_to_open((0..).zip(wanted).map(provisional).collect(), settings)?;
        let refused = opened.asleep.into_iter().map(|(tap, _)| Refused { at: tap.at, why: None });
        let failed = opened.failed.into_iter().map(|(tap, error)| Refused { at: tap.at, why: Some(error) });
        let refused = refused.chain(failed).collect();
        let (mut taps, mut rings) = (Vec::new(), Vec::new());
        for mut open in opened.awake {
            let counted = counted.get(open.tap.id.0 as usize).copied().flatten();
            let missed = counted.map_or(0, |counted| open.before.saturating_sub(counted));
            open.tap.id = number(&open.tap.at);
            for mut ring in open.rings {
                ring.is_of(open.tap.id);
                rings.push(ring);
            }
            taps.push(Announced { tap: open.tap, before: open.before, missed, since: open.since });
        }
        self.hand_over(taps, rings);
        Ok(refused)
    }

    /// The interface of `tap` has another name now: what it sees from `since` on is that of `as_tap`, which is
    /// announced. Nothing is closed, so nothing is missed. False if the tap is gone.
    pub fn go_on_as(&self, tap: TapId, as_tap: Tap, since: WireNs) -> bool {
        let (done, wait) = sync_channel(1);
        self.order(Order::GoOn { tap, as_tap, since, done }, &wait).unwrap_or(false)
    }

    /// Closes a tap that is not wanted any more, in the background; what it saw is delivered first. The answer is
    /// how many frames its interface has carried, as far as is known: `None` for a tap that nobody knows.
    pub fn remove(&self, tap: TapId) -> Option<u64> {
        self.asleep.lock().unwrap_or_else(PoisonError::into_inner).retain(|(asleep, _)| asleep.id != tap);
        let (done, wait) = sync_channel(1);
        self.order(Order::Remove { tap, done }, &wait).flatten()
    }

    /// From now on this is called whenever a tap joins those that are [`Taps::gone`]; on the reading thread, so it
    /// must be quick.
    pub fn when_gone(&self, ring: impl Fn() + Send + Sync + 'static) {
        self.status().bell = Bell::new(ring);
    }
}
