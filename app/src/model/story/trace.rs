//! The shape of one journey, for pacing and moving: who came from where.

use capture::{ConversationId, Direction, Fate, Journey, JourneyId, Sighting, SightingId, TapId};

/// No sighting.
pub const NONE: u32 = u32::MAX;

/// What is kept about a journey beside what the window shows of it.
#[derive(Clone, Debug)]
pub struct Trace {
    pub id: JourneyId,
    pub conversation: ConversationId,
    /// The journey before it in its conversation; `None` for the one that opens it.
    pub after: Option<JourneyId>,
    /// One for each sighting, in their order.
    pub hops: Vec<Hop>,
    /// Its story times are being worked out anew.
    pub is_touched: bool,
}

/// One sighting, and the way to it from its parent.
#[derive(Clone, Copy, Debug)]
pub struct Hop {
    /// Nanoseconds of wire time, never less than the parent's: clocks are set back, and a tap may be late.
    pub t: i64,
    /// Story seconds before density is looked at; see `pacing`.
    pub nominal: f64,
    pub story: f64,
    /// Indices in the same journey, or [`NONE`].
    pub parent: u32,
    /// The parent's child before this one.
    pub elder: u32,
    pub youngest_child: u32,
    /// How many elders there are.
    pub rank: u32,
    pub over: Over,
    /// Of a leaf.
    pub fate: Fate,
    /// Where it was seen.
    pub tap: TapId,
}

/// What lies between a sighting and its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    Cable,
    /// A bridge or a stack.
    Inside,
    /// The directions do not say.
    Unknown,
}

impl Trace {
    pub fn of(journey: &Journey) -> Self {
        let mut trace = Self {
            id: journey.id,
            conversation: journey.conversation,
            after: None,
            hops: Vec::with_capacity(journey.sightings.len()),
            is_touched: false,
        };
        trace.go_on(journey);
        trace
    }

    /// True if this is the journey that was known, perhaps with more sightings behind those.
    pub fn is_continued_by(&self, known: &Journey, journey: &Journey) -> bool {
        let same = |(one, other): (&Sighting, &Sighting)| {
            one.id == other.id && one.frame.t == other.frame.t && one.parent == other.parent
        };
        self.conversation == journey.conversation
            && known.sightings.len() <= journey.sightings.len()
            && known.sightings.iter().zip(&journey.sightings).all(same)
    }

    /// Takes in the sightings that are new, and the fates as they stand now.
    pub fn go_on(&mut self, journey: &Journey) {
        for index in self.hops.len()..journey.sightings.len() {
            let hop = self.hop_to(index, &journey.sightings);
            if let Some(parent) = self.hops.get_mut(hop.parent as usize) {
                parent.youngest_child = index as u32;
            }
            self.hops.push(hop);
        }
        for branch in &journey.branches {
            if let Some(leaf) = index_of(branch.sighting, &journey.sightings) {
                self.hops[leaf].fate = branch.fate;
            }
        }
    }

    fn hop_to(&self, index: usize, sightings: &[Sighting]) -> Hop {
        let sighting = &sightings[index];
        let parent = sighting.parent.and_then(|parent| index_of(parent, &sightings[..index]));
        let mut hop = Hop {
            t: sighting.frame.t.0,
            nominal: 0.0,
            story: 0.0,
            parent: NONE,
            elder: NONE,
            youngest_child: NONE,
            rank: 0,
            over: Over::Unknown,
            fate: Fate::InFlight,
            tap: sighting.frame.tap,
        };
        if let Some(parent) = parent {
            let from = &self.hops[parent];
            hop.t = hop.t.max(from.t);
            hop.parent = parent as u32;
            hop.elder = from.youngest_child;
            hop.rank = self.hops.get(hop.elder as usize).map_or(0, |elder| elder.rank + 1);
            hop.over = Over::between(sightings[parent].frame.direction, sighting.frame.direction);
        }
        hop
    }
}

impl Over {
    fn between(from: Direction, to: Direction) -> Self {
        match (from, to) {
            (Direction::Out, Direction::In) => Self::Cable,
            (Direction::Unknown, _) | (_, Direction::Unknown) => Self::Unknown,
            _ => Self::Inside,
        }
    }
}

/// Numbers grow along a journey, as far as the correlator made it; others are looked for one by one.
fn index_of(id: SightingId, sightings: &[Sighting]) -> Option<usize> {
    let found = sightings.binary_search_by_key(&id, |sighting| sighting.id).ok();
    found.or_else(|| sightings.iter().position(|sighting| sighting.id == id))
}
