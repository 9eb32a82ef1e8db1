//! Which colour each namespace has: it keeps it, whoever comes and goes beside it.

use std::collections::BTreeMap;

use topology::NamespaceName;

use crate::model::renames::Renames;

/// So many colours there are at least.
const COLOURS: usize = 6;

/// Numbers of colours, by namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hues(BTreeMap<NamespaceName, usize>);

impl Hues {
    /// 0 for whom nobody knows.
    pub fn of(&self, name: &NamespaceName) -> usize {
        self.0.get(name).copied().unwrap_or(0)
    }

    pub(super) fn follow(&mut self, renames: &Renames) {
        if !renames.is_empty() {
            self.0 = self.0.iter().map(|(name, hue)| (renames.namespace(name), *hue)).collect();
        }
    }

    /// The same with a colour for each of these, in their order: the one that the fewest have.
    pub(super) fn with<'a>(&self, names: impl Iterator<Item = &'a NamespaceName>) -> Self {
        let mut all = self.clone();
        for name in names {
            if all.0.contains_key(name) {
                continue;
            }
            let users = |hue: usize| all.0.values().filter(|used| **used == hue).count();
            let hue = (0..COLOURS).min_by_key(|hue| users(*hue)).unwrap_or(0);
            all.0.insert(name.clone(), hue);
        }
        all
    }

    pub(super) fn keep(&mut self, is_there: impl Fn(&NamespaceName) -> bool) {
        self.0.retain(|name, _| is_there(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stays_keeps_its_colour() {
        let name = |text: &str| text.parse::<NamespaceName>().expect("a good name");
        let [a, b, c] = ["a", "b", "c"].map(name);
        let mut hues = Hues::default().with([&b, &c].into_iter());
        assert_eq!((hues.of(&b), hues.of(&c)), (0, 1));
        hues = hues.with([&a, &b, &c].into_iter());
        assert_eq!((hues.of(&a), hues.of(&b), hues.of(&c)), (2, 0, 1));
        hues.keep(|name| *name != b);
        let hues = hues.with([&a, &b].into_iter());
        assert_eq!(hues.of(&b), 0, "what is free is taken first");
    }
}
