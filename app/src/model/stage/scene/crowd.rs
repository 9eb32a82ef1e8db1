//! Frames of one kind at one spot are drawn as one, with an honest count.

use super::frames::OnWay;
use crate::model::story::Kind;

/// Frames drawn as one.
pub(super) struct Group {
    /// Index of the one that is drawn for all.
    pub(super) first: usize,
    pub(super) count: usize,
    /// All say the same.
    pub(super) is_alike: bool,
    /// In the middle of theirs.
    pub(super) progress: f32,
}

/// Frames on one way are one spot when they are within so many canvas points: their words would cover each other.
const SPOT: f32 = 64.0;
/// Enough to tell whether all say the same.
const MOST_COMPARED: usize = 16;

/// In the order of the frames; chosen ones last, so that they are on top.
pub(super) fn groups(frames: &[OnWay<'_>]) -> Vec<Group> {
    let mut keyed: Vec<(Key, u32)> = frames.iter().zip(0..).map(|(frame, i)| (key(frame), i)).collect();
    keyed.sort_unstable();
    let mut groups: Vec<Group> = keyed.chunk_by(|a, b| a.0 == b.0).map(|same| group(frames, same)).collect();
    groups.sort_unstable_by_key(|group| (frames[group.first].is_chosen, group.first));
    groups
}

/// From which tap to which, how far, what, and how it is drawn: one number, for thousands of them are sorted for each
/// picture.
type Key = u128;

fn key(frame: &OnWay<'_>) -> Key {
    let spot = match frame.way() {
        Some(way) => (frame.moving.progress.clamp(0.0, 1.0) * way.length() / SPOT) as u16,
        // Of endings: those that are about equally far faded.
        None => (frame.moving.progress.clamp(0.0, 1.0) * 4.0) as u16,
    };
    let fate = frame.moving.fate.map_or(0, |fate| fate as u64 + 1);
    let to = frame.taps.1.map_or(0, |to| u64::from(to) + 1);
    let drawn = u128::from(frame.is_dimmed) << 1 | u128::from(frame.is_chosen);
    let parts =
        [(32, frame.taps.0.into()), (33, to), (16, spot.into()), (8, frame.told.kind as u64), (8, fate)];
    parts.into_iter().fold(0, |key, (bits, part)| key << bits | u128::from(part)) << 2 | drawn
}

fn group(frames: &[OnWay<'_>], same: &[(Key, u32)]) -> Group {
    let first = same[0].1 as usize;
    let label = &frames[first].told.label;
    let sum: f32 = same.iter().map(|(_, i)| frames[*i as usize].moving.progress).sum();
    Group {
        first,
        count: same.len(),
        is_alike: same.iter().take(MOST_COMPARED).all(|(_, i)| frames[*i as usize].told.label == *label),
        progress: sum / same.len() as f32,
    }
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
