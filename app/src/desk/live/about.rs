//! What a step of a plan is about, as it stands on the stage.

use topology::{Lab, Place, Step, Thing};

use crate::model::act::Item;

/// The item that a person would look for; `lab` says what stands at a place.
pub fn item(step: &Step, lab: &Lab) -> Item {
    let at = |at: &Place| match lab.interface(at).and_then(|found| found.bridge_settings()) {
        Some(_) => Item::Thing(Thing::Bridge(at.clone())),
        None => Item::Interface(at.clone()),
    };
    let namespace = |name: &topology::NamespaceName| Item::Thing(Thing::Namespace(name.clone()));
    match step {
        Step::AddNamespace { name, .. } | Step::RemoveNamespace { name, .. } => namespace(name),
        Step::AddRoute { namespace: name, .. }
        | Step::RemoveRoute { namespace: name, .. }
        | Step::SetSysctl { namespace: name, .. }
        | Step::SetFirewall { namespace: name, .. } => namespace(name),
        Step::AddBridge { at, .. } | Step::RemoveBridge { at, .. } | Step::SetBridge { at, .. } => {
            Item::Thing(Thing::Bridge(at.clone()))
        }
        Step::PlugCable { cable, .. } | Step::PullCable { cable, .. } => Item::Cable(cable.clone()),
        Step::Enslave { port, .. } | Step::Release { port, .. } | Step::SetVlans { port, .. } => {
            Item::Interface(port.clone())
        }
        Step::AddOther { at: place, .. }
        | Step::RemoveOther { at: place, .. }
        | Step::SetUp { at: place, .. }
        | Step::SetMac { at: place, .. }
        | Step::SetMtu { at: place, .. }
        | Step::AddAddress { at: place, .. }
        | Step::RemoveAddress { at: place, .. }
        | Step::AddNeighbour { at: place, .. }
        | Step::RemoveNeighbour { at: place, .. } => at(place),
        Step::Move { thing, .. } => Item::Thing(thing.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use topology::{plan::plan, ready};

    #[test]
    fn every_step_of_a_ready_lab_is_about_something_in_it() {
        for ready in ready::LABS {
            let lab = ready.lab();
            for step in plan(&Lab::default(), &lab).steps {
                let is_there = match item(&step, &lab) {
                    Item::Thing(Thing::Namespace(name)) => {
                        name.is_host() || lab.namespaces.contains_key(&name)
                    }
                    Item::Thing(Thing::Bridge(at)) => {
                        lab.interface(&at).is_some_and(|found| found.bridge_settings().is_some())
                    }
                    Item::Cable(cable) => lab.cables.contains(&cable),
                    // A namespace has its loopback, also where nobody drew it.
                    Item::Interface(at) => lab.interface(&at).is_some() || at.interface.as_str() == "lo",
                };
                assert!(is_there, "{}: {step:?}", ready.name);
            }
        }
    }
}
