//! A switch: how wide it is, and which port is where.

use std::f32::consts::TAU;

use emath::{Pos2, Rect, Vec2, pos2, vec2};
use topology::Place;

use super::super::sizes::{SWITCH_HEIGHT, SWITCH_WIDTH};

/// A port, and where it sits in its switch.
pub(super) const PORT_SIZE: Vec2 = vec2(19.0, 22.0);
const PORT_PITCH: f32 = 34.0;
const PORT_TOP: f32 = 18.0;
/// From the switch's left edge to its first port: its name stands there.
const NAME_WIDTH: f32 = 96.0;
/// From the first port's left to the right edge, besides the pitch of each port.
const AFTER_PORTS: f32 = 6.0;
const LEAST_SLOTS: usize = 6;
/// Of the name's text, at most.
const CHARACTER: f32 = 9.4;

const _: () = assert!(NAME_WIDTH + AFTER_PORTS + PORT_PITCH * LEAST_SLOTS as f32 == SWITCH_WIDTH);

/// A port that shall be given a place.
#[derive(Clone, Debug)]
pub(super) struct Plugged {
    pub(super) at: Place,
    /// The middle of what is at the other end of its cable; `None`: there is no cable.
    pub(super) peer: Option<Pos2>,
}

/// Whether the cable of a port leaves downwards: a long switch has its learned table beside it, and its lower edge free.
pub(super) fn leaves_downwards(switch: Rect, slots: usize, peer: Option<Pos2>) -> bool {
    is_long(slots) && peer.is_some_and(|peer| switch.bottom() < peer.y)
}

pub(super) fn is_long(ports: usize) -> bool {
    LEAST_SLOTS < ports
}

pub(super) fn size(bridge: &Place, ports: usize) -> Vec2 {
    let slots = ports.max(LEAST_SLOTS) as f32;
    vec2(name_width(bridge) + AFTER_PORTS + PORT_PITCH * slots, SWITCH_HEIGHT)
}

fn name_width(bridge: &Place) -> f32 {
    let characters = bridge.interface.as_str().chars().count() as f32;
    (characters * CHARACTER + 30.0).max(NAME_WIDTH)
}

/// Ports from left to right, so that cables cross least: those that come around the left side, from the left, from
/// above, from the right, around the right side.
pub(super) fn ports(bridge: &Place, rect: Rect, mut plugged: Vec<Plugged>) -> Vec<(Rect, Option<Place>)> {
    let slots = plugged.len().max(LEAST_SLOTS);
    let left = rect.left() + name_width(bridge);
    let slot_rect = |slot: usize| {
        let at = pos2(left + PORT_PITCH * slot as f32, rect.top() + PORT_TOP);
        Rect::from_min_size(at, PORT_SIZE)
    };
    let middle = pos2(slot_rect(0).center().x.midpoint(slot_rect(slots - 1).center().x), rect.top());
    // Around a short switch cables come from its ends; a long one has its peers above and below.
    let order = |port: &Plugged| match port.peer {
        Some(peer) if LEAST_SLOTS < slots => peer.x,
        Some(_) | None if LEAST_SLOTS < slots => middle.x,
        peer => clockwise(middle, peer),
    };
    plugged.sort_by(|a, b| order(a).total_cmp(&order(b)).then(a.at.cmp(&b.at)));
    let wanted: Vec<f32> = plugged
        .iter()
        .map(|port| port.peer.map_or(middle.x, |peer| peer.x))
        .map(|x| ((x - slot_rect(0).center().x) / PORT_PITCH).clamp(0.0, (slots - 1) as f32))
        .collect();
    let mut ports: Vec<(Rect, Option<Place>)> = (0..slots).map(|slot| (slot_rect(slot), None)).collect();
    for (slot, port) in spread(&wanted, slots).into_iter().zip(plugged) {
        ports[slot].1 = Some(port.at);
    }
    ports
}

/// The angle from straight down, clockwise: down, left, up, right. What has no peer goes to the middle.
fn clockwise(middle: Pos2, peer: Option<Pos2>) -> f32 {
    let Some(peer) = peer else { return TAU / 2.0 };
    let away = peer - middle;
    (-away.x).atan2(away.y).rem_euclid(TAU)
}

/// Growing slots that are least far from the wanted ones in all.
fn spread(wanted: &[f32], slots: usize) -> Vec<usize> {
    let count = wanted.len();
    if slots <= count {
        return (0..count).collect();
    }
    // `costs[i][s]`: the least cost for the first `i` ports in the first `s` slots. Small: slots are few when some
    // are free.
    let mut costs = vec![vec![f32::INFINITY; slots + 1]; count + 1];
    costs[0].fill(0.0);
    for port in 1..=count {
        for slot in 1..=slots {
            let here = costs[port - 1][slot - 1] + (wanted[port - 1] - (slot - 1) as f32).abs();
            costs[port][slot] = costs[port][slot - 1].min(here);
        }
    }
    let mut chosen = vec![0; count];
    let mut slot = slots;
    for port in (1..=count).rev() {
        while slot > port && costs[port][slot - 1] <= costs[port][slot] {
            slot -= 1;
        }
        slot -= 1;
        chosen[port - 1] = slot;
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> Place {
        name.parse().expect("a good place")
    }

    fn order(peers: &[(&str, f32, f32)]) -> Vec<String> {
        let rect = Rect::from_min_size(pos2(360.0, 332.0), size(&place("host/br0"), peers.len()));
        let plugged = peers.iter().map(|(name, x, y)| Plugged { at: place(name), peer: Some(pos2(*x, *y)) });
        let ports = ports(&place("host/br0"), rect, plugged.collect());
        ports.into_iter().map(|(_, at)| at.map_or("-".into(), |at| at.interface.to_string())).collect()
    }

    #[test]
    fn left_peers_sit_left_and_right_peers_right() {
        assert_eq!(order(&[("h/b", 850.0, 160.0), ("h/a", 160.0, 160.0)]), ["a", "-", "-", "-", "-", "b"]);
        let four =
            [("h/a", 148.0, 135.0), ("h/b", 852.0, 135.0), ("h/c", 148.0, 431.0), ("h/d", 852.0, 431.0)];
        assert_eq!(order(&four), ["c", "a", "-", "-", "b", "d"]);
    }

    #[test]
    fn a_switch_grows_with_its_ports() {
        let many: Vec<Plugged> =
            (0..20).map(|i| Plugged { at: place(&format!("h/p{i:02}")), peer: None }).collect();
        let size = size(&place("h/br0"), 20);
        let ports = ports(&place("h/br0"), Rect::from_min_size(Pos2::ZERO, size), many);
        assert_eq!(ports.len(), 20);
        assert!(ports.iter().all(|(rect, at)| rect.right() < size.x && at.is_some()));
    }

    #[test]
    fn a_long_name_moves_the_ports_and_not_over_them() {
        let bridge = place("host/a-long-bridge15");
        let rect = Rect::from_min_size(Pos2::ZERO, size(&bridge, 0));
        let ports = ports(&bridge, rect, Vec::new());
        assert!(ports[0].0.left() > 16.0 + 15.0 * 9.0);
        assert!(ports[5].0.right() < rect.right());
    }
}
