//! How a frame gets from one tap to the next on the drawing.

use capture::{Tap, TapId};
use emath::{Pos2, Rect, Vec2, pos2, vec2};
use topology::{NamespaceName, Place};

use crate::model::stage::layout::{Curve, EndPlan, Layout, Owner, on_piece};

/// From a house's edges to where its stack is told: the left one has its name.
const STACK_FROM_LEFT: f32 = 280.0;
const STACK_FROM_RIGHT: f32 = 92.0;
const STACK_FROM_TOP: f32 = 24.0;
/// From a socket's middle to a frame that waits before it: half a plug and a little air.
const BEFORE_SOCKET: f32 = 9.0;
/// Where frames pass through a room that forwards, above its lower edge.
const LANE: f32 = 20.0;

/// Where a tap is on the drawing.
#[derive(Clone, Copy)]
pub(super) enum Spot<'a> {
    End(&'a EndPlan),
    /// A bridge's own tap: what the machine itself sends and hears through it.
    Bridge {
        at: &'a Place,
        rect: Rect,
        /// Where the stack of its namespace is told: free space beside the house's name.
        stack: Pos2,
    },
    /// Somewhere in this room, as the loopback.
    Room {
        name: &'a NamespaceName,
        rect: Rect,
    },
}

/// Looked up once for each tap.
pub(super) struct Spots<'a> {
    layout: &'a Layout,
    taps: &'a [Tap],
    known: Vec<Option<Option<Spot<'a>>>>,
    /// For each tap, where a frame went from there that was asked about last.
    legs: Vec<Option<(Option<TapId>, Option<Leg>)>>,
}

/// What must be known of thousands of frames: how far it is from one tap to the next, in canvas points (`None`: the
/// way ends at the first one); and whether it begins at a switch's port.
#[derive(Clone, Copy)]
pub(super) struct Leg {
    pub(super) length: Option<f32>,
    pub(super) leaves_port: bool,
}

impl<'a> Spots<'a> {
    pub(super) fn of(layout: &'a Layout, taps: &'a [Tap]) -> Self {
        Self { layout, taps, known: vec![None; taps.len()], legs: vec![None; taps.len()] }
    }

    /// `None`: nothing that is drawn now.
    pub(super) fn get(&mut self, tap: TapId) -> Option<Spot<'a>> {
        let index = tap.0 as usize;
        let at = &self.taps.get(index)?.at;
        let layout = self.layout;
        *self.known.get_mut(index)?.get_or_insert_with(|| find(layout, at))
    }

    /// `None`: one of the taps is not on the drawing (any more).
    pub(super) fn leg(&mut self, (from, to): (TapId, Option<TapId>)) -> Option<Leg> {
        if let Some((known, leg)) = self.legs.get(from.0 as usize)?
            && *known == to
        {
            return *leg;
        }
        let leg = self.measured(from, to);
        self.legs[from.0 as usize] = Some((to, leg));
        leg
    }

    fn measured(&mut self, from: TapId, to: Option<TapId>) -> Option<Leg> {
        let from = self.get(from)?;
        let length = match to {
            Some(to) => Some(Way::between(from, self.get(to)?).length()),
            None => None,
        };
        Some(Leg { length, leaves_port: from.is_port() && length.is_some() })
    }
}

fn find<'a>(layout: &'a Layout, at: &'a Place) -> Option<Spot<'a>> {
    if let Some(end) = layout.ends.get(at) {
        return Some(Spot::End(end));
    }
    if let Some(switch) = layout.switches.get(at) {
        let house = layout.rooms.get(&at.namespace).map_or(switch.rect, |room| room.rect);
        return Some(Spot::Bridge { at, rect: switch.rect, stack: stack_of(house, switch.rect) });
    }
    let room = layout.rooms.get(&at.namespace)?;
    Some(Spot::Room { name: &at.namespace, rect: room.rect })
}

/// Above the switch, level with the house's name and clear of it.
fn stack_of(house: Rect, switch: Rect) -> Pos2 {
    let (least, most) = (house.left() + STACK_FROM_LEFT, house.right() - STACK_FROM_RIGHT);
    pos2(switch.right().min(most).max(least.min(most)), house.top() + STACK_FROM_TOP)
}

impl Spot<'_> {
    pub(super) fn point(&self) -> Pos2 {
        match self {
            Self::End(end) => end.socket.at,
            Self::Bridge { stack, .. } => *stack,
            Self::Room { rect, .. } => rect.center(),
        }
    }

    /// Away from what it belongs to.
    pub(super) fn outward(&self) -> Vec2 {
        match self {
            Self::End(end) => end.socket.outward,
            Self::Bridge { .. } | Self::Room { .. } => vec2(0.0, -1.0),
        }
    }

    /// The switch that it is a port of, or whose own tap it is, and that switch's rectangle.
    pub(super) fn switch(&self) -> Option<(&Place, Rect)> {
        match self {
            Self::End(end) => match &end.owner {
                Owner::Switch(bridge) => Some((bridge, end.body)),
                Owner::Room(_) => None,
            },
            Self::Bridge { at, rect, .. } => Some((at, *rect)),
            Self::Room { .. } => None,
        }
    }

    pub(super) fn is_stack(&self) -> bool {
        matches!(self, Self::Bridge { .. })
    }

    /// How far a frame of this size keeps off here, so that it stands before its owner and covers nothing of it, and
    /// no interface's name.
    pub(super) fn clearance(&self, size: Vec2) -> Vec2 {
        match self {
            Self::End(end) => {
                let outward = end.socket.outward;
                let half = if outward.x == 0.0 { size.y } else { size.x } / 2.0;
                let nearest = outward * (half + BEFORE_SOCKET);
                // A dot covers nothing, and there are thousands of them.
                let has_words = size.y < size.x;
                has_words.then(|| beside_names(end, nearest, size)).flatten().unwrap_or(nearest)
            }
            Self::Bridge { .. } | Self::Room { .. } => Vec2::ZERO,
        }
    }

    pub(super) fn is_port(&self) -> bool {
        matches!(self, Self::End(end) if matches!(end.owner, Owner::Switch(_)))
    }

    /// The height of the lane of the room that it is a socket of.
    fn lane(&self) -> Option<f32> {
        match self {
            Self::End(end) if matches!(end.owner, Owner::Room(_)) => Some(end.body.bottom() - LANE),
            _ => None,
        }
    }

    fn room(&self) -> Option<&NamespaceName> {
        match self {
            Self::End(end) => match &end.owner {
                Owner::Room(name) => Some(name),
                Owner::Switch(_) => None,
            },
            Self::Bridge { at, .. } => Some(&at.namespace),
            Self::Room { name, .. } => Some(name),
        }
    }
}

/// The least move away from the socket's middle, `nearest` or more, with which a frame of this size covers no name:
/// further out, or to the side of a cable that leaves sidewards. `None`: there is none that is small.
fn beside_names(end: &EndPlan, nearest: Vec2, size: Vec2) -> Option<Vec2> {
    const STEP: f32 = 3.0;
    const STEPS: usize = 20;
    let covers = |away: Vec2| {
        let rect = Rect::from_center_size(end.socket.at + away, size);
        end.names.iter().any(|name| {
            let (low, high) = (rect.min.max(name.min), rect.max.min(name.max));
            low.x < high.x && low.y < high.y
        })
    };
    let steps = (0..=STEPS).map(|step| step as f32 * STEP);
    if end.socket.outward.x == 0.0 {
        return steps.map(|out| nearest + end.socket.outward * out).find(|away| !covers(*away));
    }
    steps
        .flat_map(|aside| [-aside, aside])
        .map(|aside| nearest + vec2(0.0, aside))
        .find(|away| !covers(*away))
}

/// From one tap to the next.
pub(super) enum Way<'a> {
    Cable {
        curve: &'a Curve,
        backwards: bool,
    },
    /// Through a switch, through a room, or straight where nothing is known.
    Inside([Pos2; 4]),
}

impl<'a> Way<'a> {
    pub(super) fn between(from: Spot<'a>, to: Spot<'a>) -> Self {
        if let (Spot::End(one), Spot::End(other)) = (from, to)
            && let (Some((a, curve, begins)), Some((b, ..))) = (&one.wire, &other.wire)
            && a == b
        {
            return Self::Cable { curve, backwards: !begins };
        }
        let (a, b) = (from.point(), to.point());
        match (from.switch(), to.switch()) {
            (Some((one, _)), Some((other, _))) if one == other && (from.is_stack() || to.is_stack()) => {
                let rise =
                    |spot: Spot<'_>| if spot.is_stack() { vec2(0.0, 20.0) } else { spot.outward() * 36.0 };
                Self::Inside([a, a + rise(from), b + rise(to), b])
            }
            (Some((one, body)), Some((other, _))) if one == other => Self::through_switch(a, b, body),
            _ if from.is_stack() || to.is_stack() => {
                let bend =
                    |spot: Spot<'_>| if spot.is_stack() { vec2(0.0, 20.0) } else { spot.outward() * -24.0 };
                Self::Inside([a, a + bend(from), b + bend(to), b])
            }
            _ if from.room().is_some() && from.room() == to.room() => {
                let lane = from.lane().or(to.lane()).unwrap_or(a.y);
                Self::Inside([a, pos2(a.x, lane), pos2(b.x, lane), b])
            }
            _ => Self::Inside([a, a + (b - a) / 3.0, b - (b - a) / 3.0, b]),
        }
    }

    /// A low arc through the switch's body, below the numbers of its ports.
    fn through_switch(a: Pos2, b: Pos2, body: Rect) -> Self {
        let dip = |from: Pos2| {
            let is_upper = from.y < body.center().y;
            let depth = if is_upper { body.bottom() - from.y } else { body.top() - from.y };
            pos2(from.x, from.y + depth * 0.95)
        };
        Self::Inside([a, dip(a), dip(b), b])
    }

    /// `t` from 0 to 1.
    pub(super) fn at(&self, t: f32) -> Pos2 {
        match self {
            Self::Cable { curve, backwards } => curve.at(if *backwards { 1.0 - t } else { t }),
            Self::Inside(piece) => on_piece(piece, t.clamp(0.0, 1.0)),
        }
    }

    /// In canvas points.
    pub(super) fn length(&self) -> f32 {
        match self {
            Self::Cable { curve, .. } => curve.length(),
            Self::Inside([a, _, _, d]) => a.distance(*d),
        }
    }

    /// The stretch between two values of `t`.
    pub(super) fn stretch(&self, from: f32, to: f32, out: &mut Vec<Pos2>) {
        match self {
            Self::Cable { curve, backwards: false } => curve.stretch(from, to, out),
            Self::Cable { curve, backwards: true } => curve.stretch(1.0 - from, 1.0 - to, out),
            Self::Inside(piece) => {
                const PARTS: usize = 12;
                let t = |part: usize| from + (to - from) * part as f32 / PARTS as f32;
                out.extend((0..=PARTS).map(|part| on_piece(piece, t(part))));
            }
        }
    }
}
