//! Who came first: that one stands first, where nothing else says more.

use std::collections::{BTreeMap, BTreeSet};

use topology::{Lab, NamespaceName};

use crate::model::renames::Renames;

/// The namespaces of a lab that grew, first come first. What it does not know comes last, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    came: BTreeMap<NamespaceName, usize>,
    next: usize,
}

impl Arrival {
    /// Who is there now. Those who came at once came in the order of `made`, as far as it knows them, else by name.
    pub fn follow(&mut self, lab: &Lab, renames: &Renames, made: &[NamespaceName]) {
        let was = std::mem::take(&mut self.came);
        let renamed = was.into_iter().map(|(name, at)| (renames.namespace(&name), at));
        self.came = renamed.filter(|(name, _)| lab.namespaces.contains_key(name)).collect();
        let known = made.iter().filter(|name| lab.namespaces.contains_key(*name));
        for name in known.chain(lab.namespaces.keys()) {
            if !self.came.contains_key(name) {
                self.came.insert(name.clone(), self.next);
                self.next += 1;
            }
        }
    }

    pub(super) fn rank(&self, name: &NamespaceName) -> usize {
        self.came.get(name).copied().unwrap_or(usize::MAX)
    }

    /// The names in their order.
    pub(super) fn sorted<'a>(&self, names: &'a BTreeSet<NamespaceName>) -> Vec<&'a NamespaceName> {
        let mut sorted: Vec<&NamespaceName> = names.iter().collect();
        sorted.sort_by_key(|name| self.rank(name));
        sorted
    }
}

#[cfg(test)]
mod tests {
    use topology::{Became, Namespace};

    use super::*;

    fn name(text: &str) -> NamespaceName {
        text.parse().expect("a good name")
    }

    fn lab(names: &str) -> Lab {
        let rooms = names.split_whitespace().map(|text| (name(text), Namespace::default()));
        Lab { namespaces: rooms.collect(), ..Lab::default() }
    }

    fn order(arrival: &Arrival, lab: &Lab) -> String {
        let names: BTreeSet<NamespaceName> = lab.namespaces.keys().cloned().collect();
        arrival.sorted(&names).iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn first_come_first() {
        let mut arrival = Arrival::default();
        let mut come = |text: &str, became: &[Became], made: &str| {
            let made: Vec<NamespaceName> = made.split_whitespace().map(name).collect();
            arrival.follow(&lab(text), &Renames::of(became), &made);
            order(&arrival, &lab(text))
        };
        assert_eq!(come("red blue", &[], "red blue"), "red blue");
        assert_eq!(come("red blue green azure", &[], ""), "red blue azure green", "by name");
        let became = [Became::Namespace { from: name("red"), to: name("zoe") }];
        assert_eq!(come("zoe blue green", &became, "nobody"), "zoe blue green", "under its new name");
        assert_eq!(come("zoe blue green red azure", &[], "red azure"), "zoe blue green red azure");
        assert_eq!(order(&Arrival::default(), &lab("red blue")), "blue red");
    }
}
