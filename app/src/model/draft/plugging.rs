//! Taking a cable's ends or an interface down, and bringing them up again: what is offered where.

use std::collections::BTreeSet;

use topology::{Lab, Place};

use crate::model::{act::Item, command::Draw};

/// What can be done about whether a thing is up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plugging {
    /// As a button says it.
    pub words: &'static str,
    /// Of these interfaces.
    pub of: BTreeSet<Place>,
    /// Whether they are to be up.
    pub up: bool,
}

impl Plugging {
    /// Unplugging keeps the cable and takes its ends down: plugged again, everything is as it was. A cable of which one
    /// end is down is plugged in.
    pub fn of(lab: &Lab, item: &Item) -> Option<Self> {
        let (of, [down, up]) = match item {
            Item::Cable(cable) => (BTreeSet::from(cable.ends().clone()), ["Unplug", "Plug in"]),
            Item::Interface(at) => (BTreeSet::from([at.clone()]), ["Take down", "Bring up"]),
            Item::Thing(_) => return None,
        };
        let is_up: Option<Vec<bool>> = of.iter().map(|at| Some(lab.interface(at)?.up)).collect();
        let is_up = is_up?.into_iter().all(|up| up);
        Some(Self { words: if is_up { down } else { up }, of, up: !is_up })
    }

    pub fn draw(self) -> Draw {
        Draw::Up { of: self.of, up: self.up }
    }
}

#[cfg(test)]
mod tests {
    use topology::{Cable, Thing, ready};

    use super::*;

    #[test]
    fn what_is_up_goes_down_and_what_is_half_up_comes_up() {
        let mut lab = ready::LABS[0].lab();
        let cable = lab.cables.first().expect("it has one").clone();
        let end = cable.ends()[0].clone();
        let words = |lab: &Lab, item: &Item| Plugging::of(lab, item).map(|found| (found.words, found.up));
        let (of_cable, of_end) = (Item::Cable(cable), Item::Interface(end.clone()));
        assert_eq!(words(&lab, &of_cable), Some(("Unplug", false)));
        assert_eq!(words(&lab, &of_end), Some(("Take down", false)));
        lab.interface_mut(&end).expect("it is there").up = false;
        assert_eq!(words(&lab, &of_cable), Some(("Plug in", true)));
        assert_eq!(words(&lab, &of_end), Some(("Bring up", true)));
        let gone: Place = "nobody/x".parse().expect("a place");
        assert_eq!(words(&lab, &Item::Interface(gone.clone())), None);
        assert_eq!(words(&lab, &Item::Cable(Cable::new(gone, end.clone()))), None);
        assert_eq!(words(&lab, &Item::Thing(Thing::Namespace(end.namespace))), None);
    }
}
