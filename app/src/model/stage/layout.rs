//! Where things stand: rooms, switches, sockets, cables.

use std::collections::BTreeMap;

use emath::{Pos2, Rect, Vec2};
use topology::{Cable, Lab, NamespaceName, Place};

/// How many lines each table is given, so that nothing moves while it is played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub neighbours: BTreeMap<NamespaceName, usize>,
    pub routes: BTreeMap<NamespaceName, usize>,
    pub learned: BTreeMap<Place, usize>,
}

/// A lab's geometry, in canvas points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    pub rooms: BTreeMap<NamespaceName, RoomPlan>,
    pub switches: BTreeMap<Place, SwitchPlan>,
    /// Cable ends, by interface.
    pub sockets: BTreeMap<Place, Socket>,
    pub cables: BTreeMap<Cable, Curve>,
    /// Everything, with its labels.
    pub bounds: Option<Rect>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RoomPlan {
    pub rect: Rect,
    /// The name plate; a house (with bridges inside) has none, and its name stands in its corner.
    pub plate: Rect,
    pub is_house: bool,
    /// Address lines, one for each interface with addresses.
    pub addresses: Rect,
    pub neighbours: Rect,
    pub routes: Rect,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SwitchPlan {
    pub rect: Rect,
    /// In the order of port numbers; `None`: nothing is plugged in.
    pub ports: Vec<(Rect, Option<Place>)>,
    /// What it has learned.
    pub learned: Rect,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Socket {
    /// Where the cable begins, on the edge.
    pub at: Pos2,
    /// Away from its owner, length 1.
    pub outward: Vec2,
    /// Where the interface's name is written, and whether to the left of, at, or right of that point (-1, 0, 1).
    pub label: Pos2,
    pub label_side: i8,
}

/// A cubic Bézier curve from the cable's first end to its second.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub points: [Pos2; 4],
}

// STAND-IN bodies, until the layout is written.
impl Layout {
    /// Things without a position are placed beside what they are connected to.
    pub fn of(_lab: &Lab, _lines: &Lines) -> Self {
        Self::default()
    }
}

impl From<[Pos2; 4]> for Curve {
    fn from(points: [Pos2; 4]) -> Self {
        Self { points }
    }
}

impl Curve {
    /// Points that are at most about `tolerance` canvas points beside the curve when joined by lines.
    pub fn flatten(&self, tolerance: f32) -> Vec<Pos2> {
        let [a, b, c, d] = self.points;
        let bend = (a - b + (c - b)).length().max((b - c + (d - c)).length());
        let parts = (0.75 * bend / tolerance.max(0.01)).sqrt().ceil().clamp(1.0, 64.0) as usize;
        (0..=parts).map(|part| self.at(part as f32 / parts as f32)).collect()
    }

    pub fn start(&self) -> Pos2 {
        self.points[0]
    }

    pub fn end(&self) -> Pos2 {
        self.points[3]
    }

    /// A box around it; never smaller than the curve.
    pub fn bounds(&self) -> Rect {
        Rect::from_points(&self.points)
    }

    /// `t` from 0 to 1, even in length as far as the eye can tell.
    pub fn at(&self, t: f32) -> Pos2 {
        let [a, b, c, d] = self.points.map(Pos2::to_vec2);
        let u = 1.0 - t;
        (a * (u * u * u) + b * (3.0 * u * u * t) + c * (3.0 * u * t * t) + d * (t * t * t)).to_pos2()
    }
}
