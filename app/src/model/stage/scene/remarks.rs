//! What is said at a place: floods, "not for me", drops.

use std::collections::BTreeMap;

use capture::{Fate, SightingId};
use emath::{Pos2, Rect, pos2, vec2};
use topology::Place;

use super::{
    Remark,
    crowd::Group,
    frames::{self, OnWay},
    ways::{Spot, Spots},
};
use crate::model::stage::layout::Owner;

/// More would cover the stage.
const MOST_REMARKS: usize = 48;
/// Frames that are asked about floods.
pub(super) const MOST_ASKED: usize = 2_000;
/// Of a reason, which may take two lines; a longer one is cut at a word, and the whole is with the frame itself.
const MOST_CHARACTERS: usize = 88;
/// Above a switch, over the names of its ports.
const ABOVE_SWITCH: f32 = 58.0;
/// Beside a socket, and in a room without one.
const BESIDE_SOCKET: f32 = 22.0;
/// From the middle of the frame that is spoken of to the words.
const BEYOND_FRAME: f32 = 29.0;

/// `asked`: frames that leave ports, which may be copies of a flood.
pub(super) fn say<'a>(
    out: &mut Vec<Remark>,
    spots: &mut Spots<'a>,
    asked: &[OnWay<'a>],
    groups: &[Group<'a>],
) {
    let mut floods: BTreeMap<&'a Place, Remark> = BTreeMap::new();
    for frame in asked {
        if let Some((switch, remark)) = flood(spots, frame) {
            // The newest one is what the eye follows.
            let known = floods.entry(switch).or_insert_with(|| remark.clone());
            if remark.progress < known.progress {
                *known = remark;
            }
        }
    }
    out.extend(floods.into_values());
    for group in groups.iter().rev() {
        if MOST_REMARKS <= out.len() {
            break;
        }
        if let Some(remark) = ending(group).filter(|_| !group.frame.is_dimmed) {
            out.push(remark);
        }
    }
}

/// While a frame's copies leave a switch, and until they arrive.
fn flood<'a>(spots: &mut Spots<'a>, frame: &OnWay<'a>) -> Option<(&'a Place, Remark)> {
    let sightings = &frame.told.journey.sightings;
    let from = sightings.get(frame.moving.from as usize)?;
    let (Spot::End(end), Some(to)) = (frame.from, frame.to) else { return None };
    let Owner::Switch(switch) = &end.owner else { return None };
    let crosses = to.is_port() && to.switch().is_some_and(|(other, _)| other == switch);
    // On the cable after the switch, the sighting before this one is where the frame came in.
    let (came_in, progress) = match crosses {
        true => (from.id, 0.5 * frame.moving.progress),
        false => (from.parent?, 0.5 + 0.5 * frame.moving.progress),
    };
    let entry = sightings.iter().find(|sighting| sighting.id == came_in)?;
    let is_here = |spot: Option<Spot<'a>>| {
        spot.is_some_and(|spot| spot.is_port() && spot.switch().is_some_and(|(other, _)| other == switch))
    };
    if !is_here(spots.get(entry.frame.tap)) {
        return None;
    }
    let copies = sightings.iter().filter(|sighting| sighting.parent == Some(came_in));
    let ports = copies.filter(|copy| is_here(spots.get(copy.frame.tap))).count();
    // A frame to one receiver that leaves by one port has been forwarded, not flooded.
    let is_for_many = entry.frame.bytes.first().is_some_and(|octet| octet & 1 == 1);
    if ports == 0 || (!is_for_many && ports == 1) {
        return None;
    }
    let text = if ports == 1 { "flooding to 1 port".into() } else { format!("flooding to {ports} ports") };
    let center = above(end.body);
    Some((switch, Remark { center, text, kind: frame.told.kind, fate: None, progress }))
}

fn above(body: Rect) -> Pos2 {
    pos2(body.center().x + 37.0, body.top() - ABOVE_SWITCH)
}

fn ending(group: &Group<'_>) -> Option<Remark> {
    let frame = &group.frame;
    if frame.to.is_some() {
        return None;
    }
    let fate = frame.moving.fate?;
    let leaf = frame.told.journey.sightings.get(frame.moving.from as usize)?.id;
    let text = match fate {
        Fate::InFlight => return None,
        Fate::Delivered => String::new(),
        Fate::Ignored => "not for me".into(),
        Fate::Dropped => short(reason(frame, leaf).unwrap_or("dropped")),
    };
    let at = frame.from.point();
    let center = match (fate, frame.from) {
        (Fate::Delivered, _) | (_, Spot::Bridge { .. }) => at,
        // Beyond the frame itself, which stands before the socket.
        (_, Spot::End(_)) => {
            let outward = frame.from.outward();
            let stands = frame.from.clearance(frames::pill_size(group));
            let beyond = if stands.y < 0.0 { -BEYOND_FRAME } else { BEYOND_FRAME };
            at + vec2(outward.x * BESIDE_SOCKET, stands.y + beyond)
        }
        (_, Spot::Room { .. }) => at + frame.from.outward() * BESIDE_SOCKET,
    };
    Some(Remark { center, text, kind: frame.told.kind, fate: Some(fate), progress: group.progress })
}

fn reason<'a>(frame: &OnWay<'a>, leaf: SightingId) -> Option<&'a str> {
    let told = frame.told;
    told.journey.branches.iter().find(|branch| branch.sighting == leaf).map(|branch| branch.reason.as_str())
}

/// The beginning, up to a word's end.
fn short(reason: &str) -> String {
    if reason.chars().count() <= MOST_CHARACTERS {
        return reason.trim_end_matches('.').into();
    }
    let cut: String = reason.chars().take(MOST_CHARACTERS).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{} …", words.trim_end_matches([',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_at_a_word() {
        assert_eq!(short("nobody answered"), "nobody answered");
        let fits = "the router has no route to 192.0.2.1, so it drops the frame and says so to the sender";
        assert_eq!(short(fits), fits);
        let cut = short(&format!("{fits}, which asked for it"));
        assert!(cut.chars().count() <= MOST_CHARACTERS + 2, "{cut}");
        assert_eq!(cut, format!("{fits} …"));
    }
}
