//! Ways to mend a problem with one command, where there is an obvious one.

use topology::{
    BridgeSettings, Lab,
    check::{About, Problem},
};

use crate::model::{
    act::Item,
    command::{Command, Draw, InterfaceChange, NamespaceChange},
};

/// What the button says, and what it does.
pub fn of(lab: &Lab, problem: &Problem) -> Option<(&'static str, Command)> {
    match &problem.about {
        About::Interface(at) => {
            let found = lab.interface(at)?;
            let change = |change| Command::Draw(Draw::Interface { at: at.clone(), change });
            if found.mac.is_some_and(|mac| mac.is_group()) {
                return Some(("Use a derived MAC", change(InterfaceChange::Mac(None))));
            }
            if !found.up {
                return Some(("Set it up", change(InterfaceChange::Up(true))));
            }
            let settings = found.bridge_settings()?;
            if !problem.hint.contains("STP") || settings.stp {
                return None;
            }
            let settings = BridgeSettings { stp: true, ..settings };
            Some(("Switch STP on", Command::Draw(Draw::Bridge { at: at.clone(), settings })))
        }
        About::Route { namespace, route } => Some((
            "Remove the route",
            Command::Draw(Draw::Namespace {
                name: namespace.clone(),
                change: NamespaceChange::RemoveRoute(route.clone()),
            }),
        )),
        About::Cable(cable) if problem.message.contains("loop") => {
            Some(("Unplug this cable", Command::Draw(Draw::Remove([Item::Cable(cable.clone())].into()))))
        }
        About::Lab | About::Namespace(_) | About::Cable(_) => None,
    }
}
