//! How each branch of a journey ended, and why, as far as the lab and what was seen tell.
//!
//! A branch ends at a sighting after which the frame was not seen again. What the frame had then
//! entered, a stack, a switch or a cable, is asked in turn for a reason. Every reason here is
//! inferred; what the kernel itself says about its drops comes from elsewhere.

pub(crate) mod addresses;
mod cable;
mod firewall;
mod routes;
mod stack;
mod switch;
mod unanswered;

use std::{
    collections::BTreeMap,
    fmt::{Display, Write},
    sync::Arc,
};

use topology::{Lab, MacAddress, Place};

use crate::{
    Branch, Evidence, Fate, Sighting, Tap, TapId, WireNs,
    conversation::Outcome,
    glance::Glance,
    wiring::{Medium, Wiring},
};

/// How long before the end of the stream a sighting may lie and the frame still count as moving,
/// in nanoseconds: far more than any hop takes.
pub const STILL_MOVING: i64 = 10_000_000;

/// The lab and the taps as they stood at one time.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    pub lab: Arc<Lab>,
    pub taps: Vec<Tap>,
    pub wiring: Wiring,
    /// Where each MAC of the lab belongs.
    owners: BTreeMap<MacAddress, Place>,
}

impl Scene {
    /// Works out what follows from lab and taps, after either has changed.
    pub fn survey(&mut self) {
        self.wiring = Wiring::of(&self.lab, &self.taps);
        self.owners = addresses::owners_of_macs(&self.lab);
    }
}

/// What else bears on the fates of one journey.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    pub scene: &'a Scene,
    /// Of the journey's conversation.
    pub outcome: Option<Outcome>,
    /// The stream ended while the frame may still have been moving.
    pub at_end: bool,
    pub unseen: Unseen<'a>,
}

/// What taps did not see of what passed them.
#[derive(Clone, Copy, Debug)]
pub struct Unseen<'a> {
    /// Frames that each tap lost.
    pub lost: &'a BTreeMap<TapId, u64>,
    /// Frames that came before the tap, where any did.
    pub missed: &'a BTreeMap<TapId, Missed>,
}

/// Frames that crossed an interface before its tap was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// When the tap began to listen.
    pub until: WireNs,
    pub frames: u64,
}

/// How a branch ended, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub fate: Fate,
    pub reason: String,
}

/// A frame where it was last seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Last<'a> {
    pub around: Circumstances<'a>,
    pub at: &'a Place,
    pub sighting: &'a Sighting,
    pub glance: Glance,
}

/// One branch for each sighting that none came after, in their order.
pub fn branches(sightings: &[Sighting], around: &Circumstances) -> Vec<Branch> {
    let mut parents: Vec<_> = sightings.iter().filter_map(|sighting| sighting.parent).collect();
    parents.sort_unstable();
    let leaves = sightings.iter().filter(|sighting| parents.binary_search(&sighting.id).is_err());
    leaves
        .map(|sighting| {
            let Verdict { fate, reason } = judge(sighting, around);
            Branch { sighting: sighting.id, fate, reason, evidence: Evidence::Inferred }
        })
        .collect()
}

fn judge(sighting: &Sighting, around: &Circumstances) -> Verdict {
    let Some(tap) = around.scene.taps.get(sighting.frame.tap.0 as usize) else {
        return in_flight("it was seen at a tap that nobody announced");
    };
    let Some(glance) = Glance::at(&sighting.frame.bytes) else {
        return in_flight("too little of it was captured to tell");
    };
    let last = Last { around: *around, at: &tap.at, sighting, glance };
    match around.scene.wiring.entered(tap.id, sighting.frame.direction) {
        Medium::Stack(namespace) => unanswered::with_what_followed(stack::judge(&last, namespace), &last),
        Medium::Switch(bridge) => switch::judge(&last, bridge),
        Medium::Cable(cable) => cable::judge(&last, cable),
        Medium::Loopback(at) => in_flight(format_args!("it was not seen to come back in at {at}")),
        Medium::Beyond(at) => in_flight(format_args!("it left by {at}, whose other end is not in the lab")),
        Medium::Unknown => in_flight(format_args!("the lab does not say what stands at {}", tap.at)),
    }
}

impl Last<'_> {
    pub fn lab(&self) -> &Lab {
        &self.around.scene.lab
    }

    /// The tap that listened at this place when the frame was last seen. Of several that were there one after
    /// the other it is the newest.
    pub fn tap_at(&self, place: &Place) -> Option<&Tap> {
        let newest = self.around.scene.taps.iter().rfind(|tap| tap.at == *place);
        newest.filter(|tap| !self.came_before(tap))
    }

    /// Whether frames crossed this place before its tap was there, and this may be one of them.
    pub fn came_before_the_tap_at(&self, place: &Place) -> bool {
        let newest = self.around.scene.taps.iter().rfind(|tap| tap.at == *place);
        newest.is_some_and(|tap| self.came_before(tap))
    }

    fn came_before(&self, tap: &Tap) -> bool {
        let missed = self.around.unseen.missed.get(&tap.id);
        missed.is_some_and(|missed| self.sighting.frame.t < missed.until)
    }

    /// Frames that the tap at this place lost.
    pub fn lost_at(&self, place: &Place) -> u64 {
        self.tap_at(place).and_then(|tap| self.around.unseen.lost.get(&tap.id)).copied().unwrap_or(0)
    }

    /// Octets that count against an MTU: all but the Ethernet header and a tag.
    pub fn octets_for_mtu(&self) -> u32 {
        let header = if self.glance.vlan.is_some() { 18 } else { 14 };
        self.sighting.frame.original_len.saturating_sub(header)
    }
}

pub(crate) fn delivered(reason: impl Display) -> Verdict {
    verdict(Fate::Delivered, reason)
}

pub(crate) fn ignored(reason: impl Display) -> Verdict {
    verdict(Fate::Ignored, reason)
}

pub(crate) fn dropped(reason: impl Display) -> Verdict {
    verdict(Fate::Dropped, reason)
}

pub(crate) fn in_flight(reason: impl Display) -> Verdict {
    verdict(Fate::InFlight, reason)
}

fn verdict(fate: Fate, reason: impl Display) -> Verdict {
    // Room for most sentences at once: growing costs more than writing.
    let mut text = String::with_capacity(96);
    write!(text, "{reason}").expect("writing to a string cannot fail");
    Verdict { fate, reason: text }
}
