//! How each thing that is drawn stands in the kernel.

use topology::{Cable, Lab, NamespaceName, Place, Thing};

use super::ItemState;
use crate::model::{
    act::Item,
    state::{Live, Standing, State},
};

/// The kernel's side and the person's selection, to be asked for each thing.
pub(super) struct Standings<'a> {
    state: &'a State,
    /// Of everything, where there is no running lab to look into.
    all: Standing,
    observed: Option<&'a Lab>,
}

impl<'a> Standings<'a> {
    pub(super) fn of(state: &'a State) -> Self {
        let (all, observed) = match &state.live {
            // What a recording shows has been real.
            _ if state.is_replay() => (Standing::Real, None),
            Live::Off | Live::Stopping | Live::Refused { .. } => (Standing::Drawn, None),
            Live::Starting => (Standing::Wanted, None),
            Live::On { observed, .. } => (Standing::Wanted, Some(&**observed)),
        };
        Self { state, all, observed }
    }

    pub(super) fn namespace(&self, name: &NamespaceName) -> ItemState {
        let is_real = |lab: &Lab| {
            let Some(real) = lab.namespaces.get(name) else { return false };
            let wanted = self.state.draft.lab().namespaces.get(name);
            // Interfaces that are cables' ends are shown by their own plugs.
            wanted.is_none_or(|wanted| {
                wanted.interfaces.iter().all(|(interface, wanted)| {
                    let real = real.interfaces.get(interface);
                    real.is_some_and(|real| wanted.addresses.is_subset(&real.addresses))
                })
            })
        };
        self.state_of(is_real, || Item::Thing(Thing::Namespace(name.clone())))
    }

    pub(super) fn bridge(&self, at: &Place) -> ItemState {
        let is_real = |lab: &Lab| lab.interface(at).is_some_and(|found| found.bridge_settings().is_some());
        self.state_of(is_real, || Item::Thing(Thing::Bridge(at.clone())))
    }

    pub(super) fn cable(&self, cable: &Cable) -> ItemState {
        self.state_of(|lab| lab.cables.contains(cable), || Item::Cable(cable.clone()))
    }

    pub(super) fn is_selected(&self, interface: &Place) -> bool {
        let selection = &self.state.selection;
        !selection.is_empty() && selection.contains(&Item::Interface(interface.clone()))
    }

    fn state_of(&self, is_real: impl Fn(&Lab) -> bool, item: impl Fn() -> Item) -> ItemState {
        // Names are copied only where there is something to compare them with.
        let failed = &self.state.failed;
        let selection = &self.state.selection;
        let standing = match self.observed {
            _ if !failed.is_empty() && failed.contains_key(&item()) => Standing::Failed,
            Some(observed) if is_real(observed) => Standing::Real,
            _ => self.all,
        };
        let is_selected = !selection.is_empty() && selection.contains(&item());
        // A filter dims frames and what they leave behind; things would blink with every frame that comes and goes.
        ItemState { standing, is_selected, is_dimmed: false }
    }
}
