//! Links each sighting to the one before it on its journey. Cannot fail: it gives links and doubts.
//!
//! A sighting leaves one medium and enters the other (see [`crate::wiring`]). Its parent is a frame
//! that is under way in the medium it leaves and has the same key there (see [`crate::fingerprint`]);
//! then it is itself under way in the medium it enters, until the window has passed.
//!
//! Time decides only who came first among equals. So a bridge's own tap, which the kernel stamps
//! later than the ports that a frame left by, still finds its parent.

mod clock;
mod pending;

use crate::{
    Direction, Doubt, Doubts, Frame, JourneyId, SightingId, TapId, WireNs,
    fingerprint::Fingerprint,
    glance::Glance,
    wiring::{Kind, Passage, Side, Way, Wiring},
};
pub use clock::{Clock, Steady};
use pending::{Found, Pending, Wanted};
use std::collections::BTreeMap;

/// How long a frame may stay in a medium, in nanoseconds of wire time.
pub const WINDOW: i64 = 1_000_000_000;

/// Keeps pieces of a datagram apart from the whole.
const PIECES: u64 = 0x517c_c1b7_2722_0a95;

/// The frames under way in all media.
#[derive(Debug)]
pub struct Correlator {
    wiring: Wiring,
    window: i64,
    clock: Clock,
    pending: Pending,
    sightings: u64,
    journeys: u64,
    /// Journeys that take no more sightings, and when that was said.
    closed: BTreeMap<u64, Steady>,
}

/// Where a sighting belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub sighting: SightingId,
    pub journey: JourneyId,
    pub parent: Option<SightingId>,
    /// As given, or as guessed; `Unknown` where there was nothing to guess from.
    pub direction: Direction,
    pub doubts: Doubts,
}

/// A parent, and how it was recognised.
#[derive(Clone, Copy, Debug)]
struct Parent {
    found: Found,
    doubts: Doubts,
    /// Any number of frames may come of it by the same exit (fragments).
    stays: bool,
}

impl Correlator {
    /// `window` in nanoseconds of wire time; see [`WINDOW`].
    pub fn new(wiring: Wiring, window: i64) -> Self {
        Self {
            wiring,
            window,
            clock: Clock::default(),
            pending: Pending::new(),
            sightings: 0,
            journeys: 0,
            closed: BTreeMap::new(),
        }
    }

    /// From now on frames pass through these media. What is under way stays so.
    pub fn rewire(&mut self, wiring: Wiring) {
        self.wiring = wiring;
    }

    pub fn wiring(&self) -> &Wiring {
        &self.wiring
    }

    /// How often too much was under way to look at all of it (a bridge loop, for instance).
    pub fn crowded(&self) -> u64 {
        self.pending.crowded()
    }

    /// How many frames are under way.
    pub fn under_way(&self) -> usize {
        self.pending.len()
    }

    /// The latest time that a frame gave, on a clock that never goes back.
    pub fn now(&self) -> Steady {
        self.clock.now()
    }

    /// This journey takes no more sightings; what would have joined it begins a new one.
    pub fn close(&mut self, journey: JourneyId) {
        self.closed.insert(journey.0, self.clock.now());
    }

    /// Frames come in order of time, but for a bridge's own tap. Late ones are taken as they come.
    pub fn push(&mut self, frame: &Frame) -> Link {
        let now = self.advance(frame.t);
        let print = Fingerprint::of(&frame.bytes);
        let (way, guessed) = self.way(frame.tap, frame.direction, &print, now);
        let passage = self.wiring.passage(frame.tap, way);
        let parent = self.parent(passage.leaves, frame.tap, &print, now);
        let is_known = !matches!(passage.leaves.kind, Kind::Unknown { .. });
        let sighting = self.sightings;
        self.sightings += 1;
        let mut doubts = Doubts::default();
        let direction = if is_known { way.into() } else { frame.direction };
        if guessed && is_known {
            doubts.add(Doubt::DirectionGuessed);
        }
        let joined = parent.and_then(|parent| self.join(parent, passage.leaves, &mut doubts));
        let journey = joined.map_or_else(|| self.new_journey().0, |(journey, _)| journey);
        if parent.is_none() && must_have_an_origin(passage.leaves.kind, &frame.bytes) {
            doubts.add(Doubt::NoOrigin);
        }
        match parent {
            Some(parent) if !is_known && joined.is_some() => {
                self.pending.move_on(parent.found.number, sighting, print.ttl());
            }
            _ => self.enter(passage, frame.tap, &print, now, sighting, journey),
        }
        let parent = joined.map(|(_, parent)| SightingId(parent));
        Link { sighting: SightingId(sighting), journey: JourneyId(journey), parent, direction, doubts }
    }

    /// True if this frame would find a parent now. Changes nothing.
    pub fn has_parent(&mut self, frame: &Frame) -> bool {
        let now = self.clock.now();
        let print = Fingerprint::of(&frame.bytes);
        let (way, _) = self.way(frame.tap, frame.direction, &print, now);
        let leaves = self.wiring.passage(frame.tap, way).leaves;
        self.parent(leaves, frame.tap, &print, now).is_some()
    }

    /// Lets time pass until `t`: what entered longer than a window ago is forgotten.
    pub fn advance(&mut self, t: WireNs) -> Steady {
        self.clock.read(t);
        let now = self.clock.now();
        let horizon = Steady(now.0.saturating_sub(self.window));
        self.pending.forget_before(horizon);
        if !self.closed.is_empty() {
            self.closed.retain(|_, since| horizon <= *since);
        }
        now
    }

    /// The number of a journey that begins now.
    pub fn new_journey(&mut self) -> JourneyId {
        self.journeys += 1;
        JourneyId(self.journeys)
    }

    /// Uses the parent up, unless its journey is closed; gives journey and parent.
    fn join(&mut self, parent: Parent, left: Side, doubts: &mut Doubts) -> Option<(u64, u64)> {
        let number = parent.found.number;
        let entry = self.pending.get(number)?;
        let (journey, sighting) = (entry.journey, entry.sighting);
        match left.kind {
            Kind::Cable { .. } => self.pending.leave_for_good(number),
            _ if parent.stays => {}
            _ => self.pending.leave(number, left.exit),
        }
        doubts.add_all(parent.doubts);
        // A cable passes its frames on in order, so there the oldest is the right one.
        if parent.found.ambiguous && !matches!(left.kind, Kind::Cable { .. }) {
            doubts.add(Doubt::Ambiguous);
        }
        if self.closed.contains_key(&journey) {
            doubts.add(Doubt::Ambiguous);
            return None;
        }
        Some((journey, sighting))
    }

    /// The given direction; else the later of two ends of a cable is the one that receives.
    fn way(&mut self, tap: TapId, direction: Direction, print: &Fingerprint, now: Steady) -> (Way, bool) {
        match direction {
            Direction::In => (Way::In, false),
            Direction::Out => (Way::Out, false),
            Direction::Unknown => {
                let comes_in = self.wiring.passage(tap, Way::In).leaves;
                if matches!(comes_in.kind, Kind::Unknown { .. })
                    || self.parent(comes_in, tap, print, now).is_some()
                {
                    return (Way::In, true);
                }
                let goes_out = self.wiring.passage(tap, Way::Out).leaves;
                let is_passed_on = self.parent(goes_out, tap, print, now).is_some();
                let cannot_be_seen_to_come =
                    matches!(comes_in.kind, Kind::Beyond | Kind::Cable { watched: false });
                let way = if is_passed_on || !cannot_be_seen_to_come { Way::Out } else { Way::In };
                (way, true)
            }
        }
    }

    fn parent(&mut self, leaves: Side, tap: TapId, print: &Fingerprint, now: Steady) -> Option<Parent> {
        if self.pending.is_empty() {
            return None;
        }
        let is_cable = matches!(leaves.kind, Kind::Cable { .. });
        let wanted = |key: u64| Wanted {
            key: key ^ leaves.salt,
            exit: if is_cable { 0 } else { leaves.exit },
            not_from: None,
            ttl_above: 0,
            now,
        };
        let certain = |found| Parent { found, doubts: Doubts::default(), stays: false };
        match leaves.kind {
            Kind::Cable { .. } => self.pending.find(wanted(print.frame())).map(certain),
            Kind::Switch { .. } => {
                let wanted = Wanted { not_from: Some(tap.0), ..wanted(print.frame()) };
                self.pending.find(wanted).map(certain)
            }
            Kind::Stack { routes: false, .. } | Kind::Beyond | Kind::Unknown { alone: true } => None,
            Kind::Stack { translates, .. } => {
                let datagram = print.datagram()?;
                // A router takes at least one off the TTL; only then is it the same frame passing on.
                let routed = Wanted { ttl_above: print.ttl(), ..wanted(datagram) };
                let found = self.pending.find(routed).map(certain);
                let found = found.or_else(|| self.translated(translates, routed, leaves, print));
                found.or_else(|| self.fragmented(wanted(0), leaves, print))
            }
            Kind::Unknown { alone: false } => {
                let from_elsewhere = Wanted { not_from: Some(tap.0), ..wanted(unplaced(print)) };
                let found = self.pending.find(from_elsewhere).map(certain);
                found.or_else(|| self.translated(true, from_elsewhere, leaves, print))
            }
        }
    }

    fn translated(
        &mut self,
        translates: bool,
        wanted: Wanted,
        leaves: Side,
        print: &Fingerprint,
    ) -> Option<Parent> {
        if !translates {
            return None;
        }
        let keys = print.translated()?;
        let find = |key: u64| self.pending.find(Wanted { key: key ^ leaves.salt, ..wanted });
        let found = keys.into_iter().find_map(find)?;
        Some(Parent { found, doubts: Doubts::of(Doubt::Translated), stays: false })
    }

    fn fragmented(&mut self, wanted: Wanted, leaves: Side, print: &Fingerprint) -> Option<Parent> {
        let whole = print.whole()? ^ leaves.salt;
        // A piece may come of the whole or of another piece; a whole only of pieces.
        let from_whole = print.is_fragment().then_some(whole);
        let mut find = |key: u64| self.pending.find(Wanted { key, ..wanted });
        let found = from_whole.and_then(&mut find).or_else(|| find(whole ^ PIECES))?;
        Some(Parent { found, doubts: Doubts::of(Doubt::Fragment), stays: true })
    }

    fn enter(
        &mut self,
        passage: Passage,
        tap: TapId,
        print: &Fingerprint,
        now: Steady,
        sighting: u64,
        journey: u64,
    ) {
        let Side { kind, salt, .. } = passage.enters;
        let pending = &mut self.pending;
        let mut enter = |key: u64| pending.enter(key ^ salt, now, sighting, journey, tap.0, print.ttl());
        match kind {
            Kind::Cable { .. } | Kind::Switch { .. } => enter(print.frame()),
            Kind::Stack { routes: true, translates } => {
                let Some(datagram) = print.datagram() else { return };
                enter(datagram);
                if translates {
                    print.translated().into_iter().flatten().for_each(&mut enter);
                }
                if let Some(whole) = print.whole() {
                    enter(if print.is_fragment() { whole ^ PIECES } else { whole });
                }
            }
            Kind::Unknown { alone: false } => {
                enter(unplaced(print));
                print.translated().into_iter().flatten().for_each(&mut enter);
            }
            Kind::Stack { routes: false, .. } | Kind::Beyond | Kind::Unknown { alone: true } => {}
        }
    }
}

/// Where it is not known what a frame goes through, it may have been routed.
fn unplaced(print: &Fingerprint) -> u64 {
    print.datagram().unwrap_or_else(|| print.frame())
}

/// True if a frame without a parent must have been seen before, had nothing been lost.
fn must_have_an_origin(left: Kind, bytes: &[u8]) -> bool {
    match left {
        Kind::Cable { watched } => watched,
        // A bridge sends its own frames to its neighbours only: STP and the like.
        Kind::Switch { watched } => {
            watched && !Glance::at(bytes).is_some_and(|glance| glance.is_for_the_next_bridge_only())
        }
        Kind::Stack { .. } | Kind::Beyond | Kind::Unknown { .. } => false,
    }
}
