//! Which colour each namespace has: it keeps it, whoever comes and goes beside it, and who is called after a colour has
//! that one.

use std::collections::BTreeMap;

use topology::NamespaceName;

use crate::model::renames::Renames;

/// So many colours there are at least.
const COLOURS: usize = 6;

/// What people call the colours, in the order of the numbers.
const CALLED: [&[&str]; COLOURS] = [
    &["blue", "azure", "navy"],
    &["red", "pink", "rose", "crimson"],
    &["green", "teal", "cyan", "turquoise"],
    &["violet", "purple", "lilac"],
    &["yellow", "olive", "lime", "gold"],
    &["orange", "brown", "amber"],
];

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

    /// The same with a colour for each of these, in their order: the one that the fewest have, when those that are
    /// called after a colour have theirs.
    pub(super) fn with<'a>(&self, names: impl Iterator<Item = &'a NamespaceName>) -> Self {
        let mut all = self.clone();
        let (called, others): (Vec<_>, Vec<_>) = names
            .filter(|name| !self.0.contains_key(name))
            .map(|name| (name, named_by(name)))
            .partition(|(_, hue)| hue.is_some());
        all.0.extend(called.into_iter().filter_map(|(name, hue)| Some((name.clone(), hue?))));
        for (name, _) in others {
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

/// `red`, `ns-red`, `red2`.
fn named_by(name: &NamespaceName) -> Option<usize> {
    let words = name.as_str().split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
    words.into_iter().find_map(|word| CALLED.iter().position(|names| names.contains(&word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_called_after_a_colour_has_it() {
        let names = ["alpha", "ns-red", "blue", "Green2", "redis", "pink"];
        let names = names.map(|text| text.parse::<NamespaceName>().expect("a good name"));
        let hues = Hues::default().with(names.iter());
        assert_eq!(names.each_ref().map(|name| hues.of(name)), [3, 1, 0, 2, 4, 1]);
    }

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
