//! Where interface names stand: beside their sockets, on nothing.

use std::collections::BTreeMap;

use emath::{Pos2, Rect, pos2, vec2};
use topology::Place;

use super::{Curve, Socket, cables::Gate, near::Near};

/// A socket as it is painted: along its edge, and across it.
const PLUG_ALONG: f32 = 18.0;
const PLUG_ACROSS: f32 = 12.0;
/// Of the small monospaced text.
pub const LABEL_CHARACTER: f32 = 6.7;
pub const LABEL_HEIGHT: f32 = 14.0;
/// How far apart the names of neighbouring ports are stacked.
const LEVEL: f32 = 15.0;
const LEVELS: usize = 8;
/// Half of what is kept free around a cable.
const CABLE_HALF: f32 = 3.5;

/// A socket that wants its name.
#[derive(Clone, Debug)]
pub(super) struct Unnamed {
    pub(super) at: Place,
    pub(super) gate: Gate,
    /// Where its cable goes.
    pub(super) aim: Option<Pos2>,
    /// See [`Socket::kind`].
    pub(super) kind: Option<&'static str>,
}

/// What the name of this interface covers when written at its socket's label.
pub fn label_rect(at: &Place, socket: &Socket) -> Rect {
    let kind = socket.kind.map_or(0, |kind| kind.chars().count() + 1);
    let width = (at.interface.as_str().chars().count() + kind) as f32 * LABEL_CHARACTER;
    let left = match socket.label_side {
        side if side < 0 => socket.label.x - width,
        0 => socket.label.x - width / 2.0,
        _ => socket.label.x,
    };
    Rect::from_min_size(pos2(left, socket.label.y - LABEL_HEIGHT / 2.0), vec2(width, LABEL_HEIGHT))
}

/// What a plug covers.
pub(crate) fn plug_rect(at: Pos2, outward: emath::Vec2) -> Rect {
    let size = match outward.x == 0.0 {
        true => vec2(PLUG_ALONG, PLUG_ACROSS),
        false => vec2(PLUG_ACROSS, PLUG_ALONG),
    };
    Rect::from_center_size(at, size)
}

/// The names that are written, to be asked for by place.
pub(super) struct Names {
    rects: Vec<Rect>,
    near: Near,
}

impl Names {
    pub(super) fn of(sockets: &BTreeMap<Place, Socket>) -> Self {
        let written = sockets.iter().filter(|(_, socket)| socket.is_labelled);
        let rects: Vec<Rect> = written.map(|(at, socket)| label_rect(at, socket)).collect();
        let mut near = Near::default();
        rects.iter().for_each(|rect| {
            near.add(*rect);
        });
        Self { rects, near }
    }

    /// Those that a frame could cover that stands before this socket.
    pub(super) fn before(&self, socket: &Socket) -> Vec<Rect> {
        /// Half of the widest frame, and how far out one stands.
        const REACH: f32 = 120.0;
        let reach = Rect::from_center_size(socket.at + socket.outward * REACH / 2.0, vec2(REACH, REACH));
        let mut found: Vec<usize> = Vec::new();
        self.near.any(reach.expand2(vec2(REACH / 2.0, 0.0)), |number, _| {
            if !found.contains(&number) {
                found.push(number);
            }
            false
        });
        found.into_iter().map(|number| self.rects[number]).collect()
    }
}

/// Those with the fewest places to choose from come first; each takes its best place that is still free.
pub(super) fn name(unnamed: Vec<Unnamed>, solid: &[Rect], curves: &[Curve]) -> Vec<(Place, Socket)> {
    let mut taken = Near::default();
    solid.iter().for_each(|rect| {
        taken.add(rect.expand(1.0));
    });
    for socket in &unnamed {
        taken.add(plug_rect(socket.gate.at, socket.gate.outward));
    }
    for curve in curves {
        let parts = (curve.length() / CABLE_HALF).ceil().clamp(1.0, 600.0) as usize;
        // Every second point: their boxes still touch each other.
        for part in (0..=parts).step_by(2) {
            let at = curve.at(part as f32 / parts as f32);
            taken.add(Rect::from_center_size(at, vec2(2.0 * CABLE_HALF, 2.0 * CABLE_HALF)));
        }
    }
    let mut waiting: Vec<(usize, Unnamed, Vec<Socket>)> = unnamed
        .into_iter()
        .map(|socket| {
            let candidates = candidates(&socket);
            let is_free = |candidate: &&Socket| is_free(&taken, &socket.at, candidate);
            (candidates.iter().filter(is_free).count(), socket, candidates)
        })
        .collect();
    waiting.sort_by(|a, b| (a.0, &a.1.at).cmp(&(b.0, &b.1.at)));
    let mut named = Vec::with_capacity(waiting.len());
    for (_, socket, candidates) in waiting {
        let found = candidates.iter().find(|candidate| is_free(&taken, &socket.at, candidate)).copied();
        // Where all is taken, the name is left to tooltips.
        let chosen = found.unwrap_or(Socket { is_labelled: false, ..candidates[0] });
        if chosen.is_labelled {
            taken.add(label_rect(&socket.at, &chosen));
        }
        named.push((socket.at, chosen));
    }
    named
}

fn is_free(taken: &Near, at: &Place, candidate: &Socket) -> bool {
    !taken.any(label_rect(at, candidate).expand(1.0), |_, _| true)
}

/// Best first: beside the socket, away from where the cable goes, then further out.
fn candidates(socket: &Unnamed) -> Vec<Socket> {
    let Gate { at, outward, own } = socket.gate;
    let kind = socket.kind;
    let made =
        |label: Pos2, label_side: i8| Socket { at, outward, label, label_side, is_labelled: true, kind };
    let aim = socket.aim.unwrap_or(at) - at;
    let mut all = Vec::with_capacity(4 * LEVELS);
    for level in 0..LEVELS {
        let out = LEVEL * level as f32;
        if outward.x != 0.0 {
            let up = if aim.y < 0.0 { 1.0 } else { -1.0 };
            for side in [up, -up] {
                let label = at + vec2(outward.x * 10.0, side * (12.0 + out));
                all.push(made(label, outward.x as i8));
            }
            // Into a house, where it has space at its frame.
            for side in [up, -up] {
                let label = at + vec2(outward.x * -10.0, side * (12.0 + out));
                all.push(made(label, -outward.x as i8));
            }
            continue;
        }
        let first: i8 = if aim.x < 0.0 { 1 } else { -1 };
        let edge = match own {
            Some(own) if outward.y < 0.0 => own.top() - 11.0,
            Some(own) => own.bottom() + 11.0,
            None => at.y + outward.y * 18.0,
        };
        for (side, beside) in [(first, 11.0), (-first, 11.0), (first, 24.0), (-first, 24.0)] {
            let beside = if own.is_some() { beside } else { beside + 3.0 };
            all.push(made(pos2(at.x + f32::from(side) * beside, edge + outward.y * out), side));
        }
    }
    all
}
