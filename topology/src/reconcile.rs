//! Two people at one network: what was drawn, and what was typed meanwhile, both done.

mod field;

use std::collections::{BTreeMap, BTreeSet};

use crate::{Cable, Interface, InterfaceKind, Lab, Namespace, NamespaceName, Place, plan};

/// The lab that is to be, where the drawing was changed from `known` to `wanted`, and the kernel has come from `known`
/// to `observed` meanwhile: everything that was drawn is done, and everything that the kernel has beyond what was
/// known stays.
///
/// `observed` is a ground's; `known` may be one, or a lab that was wanted before.
/// Things are compared one by one: each setting of a namespace, each route by its destination, each interface, each of
/// its settings, each address, each cable. Where both have changed the same thing, the drawing wins. What was drawn on
/// and has been typed away meanwhile comes back with what it cannot be without; only what no plan can make, like the
/// namespace of a process that has ended, does not.
///
/// Where nothing was typed the result is the same network as `wanted`; where nothing was drawn, as `observed`.
#[must_use]
pub fn reconcile(wanted: &Lab, known: &Lab, observed: &Lab) -> Lab {
    let sides = Sides::of(wanted, known, observed);
    let lost = sides.lost();
    let mut found = sides.interfaces(&lost);
    sides.bring_back_bridges(&mut found);
    let cables = sides.cables(&mut found, &lost);
    let mut namespaces = sides.namespaces(&found, &lost);
    for (at, mut interface) in found {
        if interface.kind == LOOSE {
            interface.kind = InterfaceKind::VethEnd;
        }
        interface.position = wanted.interface(&at).and_then(|drawn| drawn.position);
        namespaces.entry(at.namespace).or_default().interfaces.insert(at.interface, interface);
    }
    for (name, namespace) in &mut namespaces {
        namespace.position = wanted.namespaces.get(name).and_then(|drawn| drawn.position);
    }
    Lab { namespaces, cables, ..wanted.clone() }
}

const LOOSE: InterfaceKind = InterfaceKind::Other(crate::OtherKind::LooseCable);

/// The three labs in one form: everything explicit, and no positions.
struct Sides {
    wanted: Lab,
    known: Lab,
    observed: Lab,
}

impl Sides {
    fn of(wanted: &Lab, known: &Lab, observed: &Lab) -> Self {
        let mut sides = Self { wanted: wanted.clone(), known: known.clone(), observed: observed.explicit() };
        for at in plan::loose_ends(observed) {
            for lab in [&mut sides.wanted, &mut sides.known, &mut sides.observed] {
                plan::mark_loose(lab, &at);
            }
        }
        (sides.wanted, sides.known) = (sides.wanted.settled(), sides.known.settled());
        for lab in [&mut sides.wanted, &mut sides.known, &mut sides.observed] {
            for namespace in lab.namespaces.values_mut() {
                namespace.position = None;
                namespace.interfaces.values_mut().for_each(|found| found.position = None);
            }
        }
        sides
    }

    fn at(&self, at: &Place) -> [Option<&Interface>; 3] {
        [self.wanted.interface(at), self.known.interface(at), self.observed.interface(at)]
    }

    fn named(&self, name: &NamespaceName) -> [Option<&Namespace>; 3] {
        [&self.wanted, &self.known, &self.observed].map(|lab| lab.namespaces.get(name))
    }

    /// Namespaces that are not to be, with all that is in them: the drawing took them out, or their process has ended.
    fn lost(&self) -> BTreeSet<NamespaceName> {
        let is_lost = |name: &&NamespaceName| match self.named(name) {
            [None, Some(_), _] => true,
            [_, Some(_), None] => name.process().is_some(),
            _ => false,
        };
        self.known.namespaces.keys().filter(is_lost).cloned().collect()
    }

    fn interfaces(&self, lost: &BTreeSet<NamespaceName>) -> BTreeMap<Place, Interface> {
        let labs = [&self.wanted, &self.observed];
        let places: BTreeSet<Place> = labs
            .iter()
            .flat_map(|lab| lab.interfaces().map(|(at, _)| at))
            .filter(|at| !lost.contains(&at.namespace))
            .collect();
        places.into_iter().filter_map(|at| field::interface(self.at(&at)).map(|found| (at, found))).collect()
    }

    /// A bridge that something was plugged into is there.
    fn bring_back_bridges(&self, found: &mut BTreeMap<Place, Interface>) {
        let bridge_of = |lab: &Lab, at: &Place| lab.interface(at).and_then(|found| found.bridge.clone());
        let plugged = found.keys().filter_map(|at| {
            let bridge = bridge_of(&self.wanted, at).filter(|_| self.wanted.interface(at).is_some())?;
            let is_drawn = bridge_of(&self.known, at).as_ref() != Some(&bridge);
            is_drawn.then(|| Place::new(at.namespace.clone(), bridge))
        });
        let missing: Vec<Place> = plugged.filter(|at| !found.contains_key(at)).collect();
        for at in missing {
            if let Some(bridge) = self.wanted.interface(&at) {
                found.insert(at, bridge.clone());
            }
        }
    }

    /// Those of the drawing come first, since an end has one cable; an end that was brought back brings its cable back.
    fn cables(
        &self,
        found: &mut BTreeMap<Place, Interface>,
        lost: &BTreeSet<NamespaceName>,
    ) -> BTreeSet<Cable> {
        let is_brought_back = |end: &Place| found.contains_key(end) && self.observed.interface(end).is_none();
        let stays = |cable: &&Cable| {
            let was_typed_away = self.known.cables.contains(*cable) && !self.observed.cables.contains(*cable);
            let is_of_lost = cable.ends().iter().any(|end| lost.contains(&end.namespace));
            !is_of_lost && (!was_typed_away || cable.ends().iter().any(is_brought_back))
        };
        let mut cables: BTreeSet<Cable> = self.wanted.cables.iter().filter(stays).cloned().collect();
        for end in cables.iter().flat_map(Cable::ends) {
            let is_end = found.get(end).is_some_and(|found| found.kind == InterfaceKind::VethEnd);
            if let Some(drawn) = self.wanted.interface(end).filter(|_| !is_end) {
                found.insert(end.clone(), drawn.clone());
            }
        }
        let taken: BTreeSet<Place> = cables.iter().flat_map(Cable::ends).cloned().collect();
        let fits = |cable: &&Cable| {
            let was_drawn_away = self.known.cables.contains(*cable) && !self.wanted.cables.contains(*cable);
            let is_fit = |end: &Place| {
                let is_end = found.get(end).is_some_and(|found| found.kind == InterfaceKind::VethEnd);
                is_end && !taken.contains(end)
            };
            !was_drawn_away && cable.ends().iter().all(is_fit)
        };
        let typed: Vec<Cable> = self.observed.cables.iter().filter(fits).cloned().collect();
        cables.extend(typed);
        self.plug_again(&mut cables, found, lost);
        cables
    }

    /// An end whose typed cable cannot be, since the drawing has something else at the other end, has its drawn cable.
    fn plug_again(
        &self,
        cables: &mut BTreeSet<Cable>,
        found: &mut BTreeMap<Place, Interface>,
        lost: &BTreeSet<NamespaceName>,
    ) {
        let is_end = |found: &BTreeMap<Place, Interface>, at: &Place| {
            found.get(at).is_some_and(|found| found.kind == InterfaceKind::VethEnd)
        };
        for cable in &self.wanted.cables {
            let ends = cable.ends();
            let is_free = |end: &Place| !cables.iter().any(|cable| cable.ends().contains(end));
            let is_possible = ends.iter().all(|end| is_free(end) && !lost.contains(&end.namespace));
            if !is_possible || !ends.iter().any(|end| is_end(found, end)) {
                continue;
            }
            for end in ends {
                if let Some(drawn) = self.wanted.interface(end).filter(|_| !is_end(found, end)) {
                    found.insert(end.clone(), drawn.clone());
                }
            }
            cables.insert(cable.clone());
        }
    }

    /// Without their interfaces.
    fn namespaces(
        &self,
        found: &BTreeMap<Place, Interface>,
        lost: &BTreeSet<NamespaceName>,
    ) -> BTreeMap<NamespaceName, Namespace> {
        let labs = [&self.wanted, &self.observed];
        let names: BTreeSet<&NamespaceName> = labs.iter().flat_map(|lab| lab.namespaces.keys()).collect();
        let is_needed = |name: &NamespaceName| found.keys().any(|at| at.namespace == *name);
        let known = names.into_iter().filter(|name| !lost.contains(*name));
        known
            .filter_map(|name| {
                let sides = self.named(name);
                let namespace = match sides {
                    [Some(wanted), Some(known), None] if field::is_same_stack(wanted, known) => {
                        is_needed(name).then(|| field::without_interfaces(wanted))
                    }
                    [wanted, known, observed] => field::namespace(wanted, known, observed),
                };
                namespace.map(|namespace| (name.clone(), namespace))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
