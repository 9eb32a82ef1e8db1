//! Things keep what a person did with them under the names that they have now.

use std::collections::{BTreeMap, BTreeSet};

use topology::{Became, Cable, Lab, Namespace, NamespaceName, Place, Thing};

use super::act::Item;

/// What is called what, and is where, since the look before.
#[derive(Clone, Debug, Default)]
pub struct Renames {
    namespaces: BTreeMap<NamespaceName, NamespaceName>,
    interfaces: BTreeMap<Place, Place>,
}

impl Renames {
    pub fn of(became: &[Became]) -> Self {
        let mut renames = Self::default();
        for what in became {
            match what {
                Became::Namespace { from, to } => {
                    renames.namespaces.insert(from.clone(), to.clone());
                }
                Became::Interface { from, to } => {
                    renames.interfaces.insert(from.clone(), to.clone());
                }
            }
        }
        renames
    }

    pub fn is_empty(&self) -> bool {
        self.namespaces.is_empty() && self.interfaces.is_empty()
    }

    pub fn namespace(&self, name: &NamespaceName) -> NamespaceName {
        self.namespaces.get(name).unwrap_or(name).clone()
    }

    /// An interface that is not spoken of went along with its namespace.
    pub fn place(&self, at: &Place) -> Place {
        match self.interfaces.get(at) {
            Some(to) => to.clone(),
            None => Place::new(self.namespace(&at.namespace), at.interface.clone()),
        }
    }

    pub fn cable(&self, cable: &Cable) -> Cable {
        let [one, other] = cable.ends();
        Cable::new(self.place(one), self.place(other))
    }

    /// The lab with these names. Routes and firewalls speak of interfaces as before.
    pub fn lab(&self, lab: &Lab) -> Lab {
        if self.is_empty() {
            return lab.clone();
        }
        let mut renamed = Lab::default();
        for (name, found) in &lab.namespaces {
            let emptied = Namespace { interfaces: BTreeMap::new(), ..found.clone() };
            renamed.namespaces.insert(self.namespace(name), emptied);
        }
        for (at, found) in lab.interfaces() {
            let (to, mut found) = (self.place(&at), found.clone());
            found.bridge = found.bridge.and_then(|bridge| {
                let bridge = self.place(&Place::new(at.namespace.clone(), bridge));
                (bridge.namespace == to.namespace).then_some(bridge.interface)
            });
            if let Some(namespace) = renamed.namespaces.get_mut(&to.namespace) {
                namespace.interfaces.insert(to.interface, found);
            }
        }
        renamed.cables = lab.cables.iter().map(|cable| self.cable(cable)).collect();
        renamed
    }

    pub fn thing(&self, thing: &Thing) -> Thing {
        match thing {
            Thing::Namespace(name) => Thing::Namespace(self.namespace(name)),
            Thing::Bridge(at) => Thing::Bridge(self.place(at)),
        }
    }

    pub fn item(&self, item: &Item) -> Item {
        match item {
            Item::Thing(thing) => Item::Thing(self.thing(thing)),
            Item::Cable(cable) => Item::Cable(self.cable(cable)),
            Item::Interface(at) => Item::Interface(self.place(at)),
        }
    }

    /// Without what moved or was renamed inside of them.
    pub fn of_namespaces(&self) -> Self {
        Self { namespaces: self.namespaces.clone(), interfaces: BTreeMap::new() }
    }

    /// Interfaces that are in another namespace now, whatever that is called.
    pub fn moved(&self) -> BTreeSet<Place> {
        let moved =
            self.interfaces.iter().filter(|(from, to)| self.namespace(&from.namespace) != to.namespace);
        moved.map(|(_, to)| to.clone()).collect()
    }
}

/// What became of things at one look, and then at the next: as one would say it of both together.
pub fn composed(earlier: Vec<Became>, later: &[Became]) -> Vec<Became> {
    let next = Renames::of(later);
    let known = Renames::of(&earlier);
    let begun: BTreeSet<Became> = earlier.into_iter().collect();
    let (mut namespaces, mut interfaces) = (BTreeSet::new(), BTreeSet::new());
    let mut all = BTreeSet::new();
    for what in begun {
        match what {
            Became::Namespace { from, to } => {
                namespaces.insert(to.clone());
                let to = next.namespace(&to);
                all.insert(Became::Namespace { from, to });
            }
            Became::Interface { from, to } => {
                interfaces.insert(to.clone());
                let to = next.place(&to);
                all.insert(Became::Interface { from, to });
            }
        }
    }
    let was_called = |name: &NamespaceName| {
        let was = known.namespaces.iter().find(|(_, now)| *now == name);
        was.map_or(name, |(was, _)| was).clone()
    };
    for what in later {
        match what {
            Became::Namespace { from, .. } if !namespaces.contains(from) => {
                all.insert(what.clone());
            }
            Became::Interface { from, to } if !interfaces.contains(from) => {
                let from = Place::new(was_called(&from.namespace), from.interface.clone());
                all.insert(Became::Interface { from, to: to.clone() });
            }
            Became::Namespace { .. } | Became::Interface { .. } => {}
        }
    }
    all.into_iter().filter(is_news).collect()
}

fn is_news(became: &Became) -> bool {
    match became {
        Became::Namespace { from, to } => from != to,
        Became::Interface { from, to } => from != to,
    }
}

/// Those that were in `before` and are in `after`.
pub fn known(became: &[Became], before: &Lab, after: &Lab) -> Vec<Became> {
    let is_known = |what: &&Became| match what {
        Became::Namespace { from, to } => {
            before.namespaces.contains_key(from) && after.namespaces.contains_key(to)
        }
        Became::Interface { from, to } => before.interface(from).is_some() && after.interface(to).is_some(),
    };
    became.iter().filter(is_known).filter(|what| is_news(what)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Place {
        text.parse().expect("a good place")
    }

    fn name(text: &str) -> NamespaceName {
        text.parse().expect("a good name")
    }

    fn interface(from: &str, to: &str) -> Became {
        Became::Interface { from: place(from), to: place(to) }
    }

    fn namespace(from: &str, to: &str) -> Became {
        Became::Namespace { from: name(from), to: name(to) }
    }

    #[test]
    fn two_looks_are_as_one() {
        let earlier = vec![interface("host/veth1", "red/veth1"), namespace("a", "b")];
        let later = [interface("red/veth1", "red/eth0"), namespace("b", "c"), interface("b/x", "c/y")];
        let all = composed(earlier, &later);
        assert_eq!(all, [namespace("a", "c"), interface("a/x", "c/y"), interface("host/veth1", "red/eth0")]);
    }

    #[test]
    fn there_and_back_again_is_no_news() {
        assert_eq!(composed(vec![interface("host/a", "red/a")], &[interface("red/a", "host/a")]), []);
    }

    #[test]
    fn an_interface_goes_along_with_its_namespace() {
        let renames = Renames::of(&[namespace("pid", "red"), interface("host/a", "pid-2/a")]);
        assert_eq!(renames.place(&place("pid/eth0")), place("red/eth0"));
        assert_eq!(renames.moved(), BTreeSet::from([place("pid-2/a")]));
        let cable = Cable::new(place("host/a"), place("pid/eth0"));
        assert_eq!(renames.cable(&cable), Cable::new(place("pid-2/a"), place("red/eth0")));
    }
}
