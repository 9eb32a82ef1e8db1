//! What is plugged into what: cables' ends and bridges' ports, which may name each other in any order.

use std::collections::BTreeSet;

use super::super::{
    dto::{self, Text},
    error::{Problem, did_you_mean},
    values::{self, problem},
};
use crate::{Cable, Interface, InterfaceKind, InterfaceName, Lab, NamespaceName, Place};

/// What the namespaces say about cables, to be held against the cables themselves.
#[derive(Default)]
pub(super) struct Wiring {
    /// Interfaces that must turn out to be a cable's end, with where their names stand.
    pub ends: Vec<(Text, Place)>,
    /// A bridge, and what its list of ports says.
    pub ports: Vec<(Place, Text)>,
    plugged: BTreeSet<Place>,
}

impl Wiring {
    pub fn connect(mut self, lab: &mut Lab, cables: &[dto::Cable]) -> Result<(), Problem> {
        cables.iter().try_for_each(|cable| self.plug(lab, cable))?;
        self.ports.iter().try_for_each(|(bridge, port)| enslave(lab, bridge, port))?;
        match self.ends.iter().find(|(_, at)| !self.plugged.contains(at)) {
            None => Ok(()),
            Some((text, at)) => {
                let hint = format!("add a cable: `[[cables]]` and below it `ends = [\"{at}\", …]`");
                Err(problem(text, format!("{at} is neither a cable's end nor a bridge"), hint))
            }
        }
    }

    fn plug(&mut self, lab: &mut Lab, cable: &dto::Cable) -> Result<(), Problem> {
        let [one, other] = &cable.ends.0;
        let ends = [self.end(lab, one)?, self.end(lab, other)?];
        for end in &ends {
            let namespace = lab.namespaces.entry(end.namespace.clone()).or_default();
            let found = namespace.interfaces.entry(end.interface.clone());
            found.or_insert_with(|| Interface::new(InterfaceKind::VethEnd));
        }
        let [one, other] = ends;
        lab.cables.insert(Cable::new(one, other));
        Ok(())
    }

    /// A place where a cable can be plugged in, which then is taken.
    fn end(&mut self, lab: &Lab, text: &Text) -> Result<Place, Problem> {
        let at = values::place(text)?;
        let namespace = lab.namespaces.get(&at.namespace);
        if namespace.is_none() && !at.namespace.is_host() {
            let known = lab.namespaces.keys().map(NamespaceName::as_str);
            let hint = did_you_mean(at.namespace.as_str(), known)
                .unwrap_or_else(|| format!("add the line [namespaces.{}]", at.namespace));
            return Err(problem(text, format!("there is no namespace “{}”", at.namespace), hint));
        }
        let found = namespace.and_then(|namespace| namespace.interfaces.get(&at.interface));
        if at.interface.is_loopback() {
            return Err(problem(text, format!("{at} is the loopback"), "it takes no cable"));
        }
        if found.is_some_and(|found| found.bridge_settings().is_some()) {
            let hint = format!(
                "plug the cable into an interface, and name that among the ports of “{}”",
                at.interface
            );
            return Err(problem(text, format!("{at} is a bridge"), hint));
        }
        if let Some(InterfaceKind::Other(kind)) = found.map(|found| found.kind) {
            let hint = "only a cable's end takes a cable: leave out its kind";
            return Err(problem(text, format!("{at} is a {} interface", kind.as_str()), hint));
        }
        if !self.plugged.insert(at.clone()) {
            let hint = "each end is an interface of its own: give this one another name";
            return Err(problem(text, format!("{at} is a cable's end already"), hint));
        }
        Ok(at)
    }
}

fn enslave(lab: &mut Lab, bridge: &Place, text: &Text) -> Result<(), Problem> {
    let port = Place::new(bridge.namespace.clone(), values::interface_name(text)?);
    let unfit = |message: String, hint: String| Err(problem(text, message, hint));
    match lab.interface_mut(&port) {
        Some(found) if matches!(found.kind, InterfaceKind::VethEnd | InterfaceKind::Other(_)) => {
            match &found.bridge {
                None => {
                    found.bridge = Some(bridge.interface.clone());
                    Ok(())
                }
                Some(other) => unfit(
                    format!("“{text}” is a port of {other} already", text = port.interface),
                    "an interface is a port of one bridge, once".into(),
                ),
            }
        }
        Some(_) => {
            unfit(format!("“{}” cannot be a port", port.interface), "only a cable's end can be one".into())
        }
        None => {
            let known =
                lab.namespaces.get(&port.namespace).into_iter().flat_map(|found| found.interfaces.keys());
            let hint = did_you_mean(port.interface.as_str(), known.map(InterfaceName::as_str))
                .unwrap_or_else(|| format!("let a cable end in “{port}”"));
            unfit(format!("“{}” is no cable's end in {}", port.interface, port.namespace), hint)
        }
    }
}
