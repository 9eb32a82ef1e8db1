//! What one would mend in a drawing.

use emath::{Pos2, Rect};
use topology::{Cable, Place};

use super::{Layout, Owner, edges::cuts, near::crosses};

impl Layout {
    /// How often cables cross each other, or run through what they do not lead to.
    pub(crate) fn tangles(&self) -> usize {
        let lines: Vec<(&Cable, Vec<Pos2>)> =
            self.cables.iter().map(|(cable, curve)| (cable, curve.flatten(2.0))).collect();
        let mut count = 0;
        for (i, (cable, line)) in lines.iter().enumerate() {
            count += lines[i + 1..].iter().map(|(_, other)| cuts(line, other)).sum::<usize>();
            let is_through =
                |rect: &Rect| line.windows(2).any(|two| crosses(rect.shrink(1.0), two[0], two[1]));
            count += self.others(cable).filter(is_through).count();
        }
        count
    }

    /// All rooms (no houses) and switches that are not at an end of this cable.
    fn others<'a>(&'a self, cable: &'a Cable) -> impl Iterator<Item = Rect> + 'a {
        let is_own = move |owner: &Owner| {
            cable.ends().iter().any(|end| self.ends.get(end).is_some_and(|known| known.owner == *owner))
        };
        let rooms = self.rooms.iter().filter(|(_, room)| !room.is_house);
        let rooms = rooms.map(|(name, room)| (Owner::Room(name.clone()), room.rect));
        let switches = self.switches.iter();
        let switches = switches.map(|(at, plan): (&Place, _)| (Owner::Switch(at.clone()), plan.rect));
        rooms.chain(switches).filter(move |(owner, _)| !is_own(owner)).map(|(_, rect)| rect)
    }
}
