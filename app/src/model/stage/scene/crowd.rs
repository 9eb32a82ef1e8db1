//! Frames of one kind at one spot are drawn as one, with an honest count.

use super::{
    Seen,
    frames::OnWay,
    ways::{Leg, Spots},
};
use crate::model::story::{Kind, Moving};

/// Frames drawn as one.
pub(super) struct Group<'a> {
    /// The one that is drawn for all.
    pub(super) frame: OnWay<'a>,
    pub(super) count: usize,
    /// All say the same, as far as that matters.
    pub(super) is_alike: bool,
    /// In the middle of theirs.
    pub(super) progress: f32,
    key: Key,
    /// The one that came before it to its place in [`Crowd::latest`].
    elder: u32,
    compared: usize,
}

/// Frames on one way are one spot when they are within so many canvas points: their words would cover each other.
const SPOT: f32 = 64.0;
/// Enough to tell whether all say the same.
const MOST_COMPARED: usize = 16;
/// Spots of one tap that are told apart at once; those beyond share a place with others, and are found all the same.
const SPOTS: usize = 8;
const NONE: u32 = u32::MAX;

/// Groups in the order of their first frames. Frames come by the thousand for each picture: no group is searched for
/// among more than a few others.
pub(super) struct Crowd<'a> {
    groups: Vec<Group<'a>>,
    /// For each tap and spot, the group that came last.
    latest: Vec<u32>,
    /// Of each frame, or [`NONE`].
    group_of: Vec<u32>,
}

impl<'a> Crowd<'a> {
    pub(super) fn of(taps: usize, frames: usize) -> Self {
        let (groups, latest) = (Vec::with_capacity(frames.min(4096)), vec![NONE; taps * SPOTS]);
        Self { groups, latest, group_of: Vec::with_capacity(frames) }
    }

    /// To be asked for each of the moving frames, in their order; `None`: it is not drawn.
    pub(super) fn join(&mut self, frame: Option<(Joining<'a>, Leg)>, spots: &mut Spots<'a>) {
        let group = frame.and_then(|(frame, leg)| self.group(&frame, leg, spots));
        self.group_of.push(group.unwrap_or(NONE));
    }

    fn group(&mut self, frame: &Joining<'a>, leg: Leg, spots: &mut Spots<'a>) -> Option<u32> {
        let spot = spot(frame.moving, leg);
        let key = key(frame, spot);
        let place = frame.moving.taps.0.0 as usize * SPOTS + spot as usize % SPOTS;
        let latest = self.latest.get_mut(place)?;
        let mut found = *latest;
        while let Some(group) = self.groups.get_mut(found as usize) {
            if group.key == key {
                group.count += 1;
                group.progress += frame.moving.progress;
                return Some(found);
            }
            found = group.elder;
        }
        let (elder, new) = (*latest, self.groups.len() as u32);
        let (on_way, progress) = (frame.located(spots)?, frame.moving.progress);
        *latest = new;
        self.groups.push(Group {
            frame: on_way,
            count: 1,
            is_alike: true,
            progress,
            key,
            elder,
            compared: 0,
        });
        Some(new)
    }

    /// Frames that are in a group.
    pub(super) fn drawn(&self) -> usize {
        self.group_of.iter().filter(|group| **group != NONE).count()
    }

    /// Chosen ones last, so that they are on top. Only the last `with_words`, and chosen ones, are looked at for
    /// whether they say the same.
    pub(super) fn groups(mut self, seen: &Seen<'a>, with_words: usize) -> Vec<Group<'a>> {
        let first_with_words = self.groups.len().saturating_sub(with_words);
        let has_chosen = self.groups.iter().any(|group| group.frame.is_chosen);
        if with_words > 0 || has_chosen {
            for (moving, at) in seen.moving.iter().zip(&self.group_of) {
                let Some(group) = self.groups.get_mut(*at as usize) else { continue };
                let has_words = first_with_words <= *at as usize || group.frame.is_chosen;
                if has_words && group.compared < MOST_COMPARED {
                    group.compared += 1;
                    let told = seen.told.get(moving.told as usize);
                    group.is_alike &= told.is_some_and(|told| told.label == group.frame.told.label);
                }
            }
        }
        for group in &mut self.groups {
            group.progress /= group.count as f32;
        }
        if has_chosen {
            self.groups.sort_by_key(|group| group.frame.is_chosen);
        }
        self.groups
    }
}

/// A frame that looks for its group.
pub(super) struct Joining<'a> {
    pub(super) moving: &'a Moving,
    pub(super) told: &'a crate::model::story::Told,
    pub(super) is_chosen: bool,
    pub(super) is_dimmed: bool,
}

impl<'a> Joining<'a> {
    pub(super) fn located(&self, spots: &mut Spots<'a>) -> Option<OnWay<'a>> {
        let (from, to) = self.moving.taps;
        let to = match to {
            Some(to) => Some(spots.get(to)?),
            None => None,
        };
        let from = spots.get(from)?;
        let (told, is_chosen, is_dimmed) = (self.told, self.is_chosen, self.is_dimmed);
        Some(OnWay { moving: *self.moving, told, from, to, is_chosen, is_dimmed })
    }
}

/// From which tap to which, how far, what, and how it is drawn: one number, for thousands of them are compared for
/// each picture.
type Key = u64;

/// Numbers beyond these are taken together, which no lab comes near.
const MOST_TAPS: u32 = (1 << 20) - 2;
const MOST_SPOTS: f32 = 1023.0;

fn spot(moving: &Moving, leg: Leg) -> u64 {
    let progress = moving.progress.clamp(0.0, 1.0);
    match leg.length {
        Some(length) => (progress * length / SPOT).min(MOST_SPOTS) as u64,
        // Of endings: those that are about equally far faded.
        None => (progress * 4.0) as u64,
    }
}

fn key(frame: &Joining<'_>, spot: u64) -> Key {
    let moving = frame.moving;
    let fate = moving.fate.map_or(0, |fate| fate as u64 + 1);
    let tap = |tap: u32| u64::from(tap.min(MOST_TAPS)) + 1;
    let to = moving.taps.1.map_or(0, |to| tap(to.0));
    let drawn = u64::from(frame.is_dimmed) << 1 | u64::from(frame.is_chosen);
    let parts = [(20, tap(moving.taps.0.0)), (20, to), (10, spot), (3, frame.told.kind as u64), (3, fate)];
    parts.into_iter().fold(0, |key, (bits, part)| key << bits | part) << 2 | drawn
}

/// What frames of one kind have in common.
pub(super) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Arp => "ARP",
        Kind::EchoRequest => "ping",
        Kind::EchoReply => "pong",
        Kind::Nd => "ICMP",
        Kind::Tcp => "TCP",
        Kind::Udp => "UDP",
        Kind::Other => "frames",
    }
}
