//! Frames of one kind at one spot are drawn as one, with an honest count.

use super::frames::OnWay;
use crate::model::story::Kind;

/// Frames drawn as one.
pub(super) struct Group {
    /// Index of the one that is drawn for all.
    pub(super) first: usize,
    pub(super) count: usize,
    /// All say the same, as far as that matters.
    pub(super) is_alike: bool,
    /// In the middle of theirs.
    pub(super) progress: f32,
}

/// Frames on one way are one spot when they are within so many canvas points: their words would cover each other.
const SPOT: f32 = 64.0;
/// Enough to tell whether all say the same.
const MOST_COMPARED: usize = 16;

/// In the order of the frames; chosen ones last, so that they are on top. Only the last `with_words` are looked at for
/// whether they say the same.
pub(super) fn groups(frames: &[OnWay<'_>], with_words: usize) -> Vec<Group> {
    let mut keyed: Vec<(Key, u32)> = frames.iter().zip(0..).map(|(frame, i)| (key(frame), i)).collect();
    keyed.sort_unstable();
    let mut alike: Vec<(Group, &[(Key, u32)])> =
        keyed.chunk_by(|a, b| a.0 == b.0).map(|same| (group(frames, same), same)).collect();
    alike.sort_unstable_by_key(|(group, _)| (frames[group.first].is_chosen, group.first));
    let first_with_words = alike.len().saturating_sub(with_words);
    for (group, same) in &mut alike[first_with_words..] {
        let label = &frames[group.first].told.label;
        let says_it = |(_, i): &(Key, u32)| frames[*i as usize].told.label == *label;
        group.is_alike = same.iter().take(MOST_COMPARED).all(says_it);
    }
    alike.into_iter().map(|(group, _)| group).collect()
}

/// From which tap to which, how far, what, and how it is drawn: one number, for thousands of them are sorted for each
/// picture.
type Key = u64;

/// Numbers beyond these are taken together, which no lab comes near.
const MOST_TAPS: u32 = (1 << 20) - 2;
const MOST_SPOTS: f32 = 1023.0;

fn key(frame: &OnWay<'_>) -> Key {
    let progress = frame.moving.progress.clamp(0.0, 1.0);
    let spot = match frame.way() {
        Some(way) => (progress * way.length() / SPOT).min(MOST_SPOTS) as u64,
        // Of endings: those that are about equally far faded.
        None => (progress * 4.0) as u64,
    };
    let fate = frame.moving.fate.map_or(0, |fate| fate as u64 + 1);
    let tap = |tap: u32| u64::from(tap.min(MOST_TAPS)) + 1;
    let to = frame.taps.1.map_or(0, tap);
    let drawn = u64::from(frame.is_dimmed) << 1 | u64::from(frame.is_chosen);
    let parts = [(20, tap(frame.taps.0)), (20, to), (10, spot), (3, frame.told.kind as u64), (3, fate)];
    parts.into_iter().fold(0, |key, (bits, part)| key << bits | part) << 2 | drawn
}

fn group(frames: &[OnWay<'_>], same: &[(Key, u32)]) -> Group {
    let sum: f32 = same.iter().map(|(_, i)| frames[*i as usize].moving.progress).sum();
    Group { first: same[0].1 as usize, count: same.len(), is_alike: true, progress: sum / same.len() as f32 }
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
