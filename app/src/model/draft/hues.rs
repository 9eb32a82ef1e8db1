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
    /// The colour of each of these: the one that it has, or that it is called after, or else the one that the fewest have.
    pub fn of_each(&self, names: &[&NamespaceName]) -> Vec<usize> {
        let mut users = [0; COLOURS];
        self.0.values().for_each(|hue| users[*hue] += 1);
        let known: Vec<Option<usize>> = names
            .iter()
            .map(|&name| {
                let kept = self.0.get(name).copied();
                kept.or_else(|| named_by(name).inspect(|hue| users[*hue] += 1))
            })
            .collect();
        let mut next = || {
            let hue = (0..COLOURS).min_by_key(|hue| users[*hue]).unwrap_or(0);
            users[hue] += 1;
            hue
        };
        known.into_iter().map(|hue| hue.unwrap_or_else(&mut next)).collect()
    }

    pub(super) fn follow(&mut self, renames: &Renames) {
        if !renames.is_empty() {
            self.0 = self.0.iter().map(|(name, hue)| (renames.namespace(name), *hue)).collect();
        }
    }

    /// The same with a colour for each of these.
    pub(super) fn with(&self, names: &[&NamespaceName]) -> Self {
        let mut all = self.clone();
        all.0.extend(names.iter().map(|&name| name.clone()).zip(self.of_each(names)));
        all
    }

    pub(super) fn keep(&mut self, is_there: impl Fn(&NamespaceName) -> bool) {
        self.0.retain(|name, _| is_there(name));
    }
}

/// `red`, `ns-red`, `red2`.
fn named_by(name: &NamespaceName) -> Option<usize> {
    let mut words = name.as_str().split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.find_map(|word| {
        CALLED.iter().position(|names| names.iter().any(|colour| colour.eq_ignore_ascii_case(word)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> NamespaceName {
        text.parse().expect("a good name")
    }

    #[test]
    fn who_is_called_after_a_colour_has_it() {
        let names = ["alpha", "ns-red", "blue", "Green2", "redis", "pink"].map(name);
        let names: Vec<&NamespaceName> = names.iter().collect();
        assert_eq!(Hues::default().of_each(&names), [3, 1, 0, 2, 4, 1]);
    }

    #[test]
    fn who_stays_keeps_its_colour() {
        let [a, b, c] = ["a", "b", "c"].map(name);
        let mut hues = Hues::default().with(&[&b, &c]);
        assert_eq!(hues.of_each(&[&b, &c]), [0, 1]);
        hues = hues.with(&[&a, &b, &c]);
        assert_eq!(hues.of_each(&[&a, &b, &c]), [2, 0, 1]);
        hues.keep(|name| *name != b);
        assert_eq!(hues.of_each(&[&a, &b]), [2, 0], "what is free is taken first");
    }
}
