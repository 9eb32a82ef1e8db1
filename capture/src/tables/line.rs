//! The history of one line of a table: what was heard about it, and the stints that follow from that.
//!
//! A **stint** is a time in which the line stayed as it is. What merely refreshes a line prolongs its stint, so a
//! million frames between two stations make one stint each. What was heard is kept beside the stints for as long as
//! something may still come late, since a late word may cut a stint in two.

use crate::WireNs;

/// Late words are taken in exactly up to this much wire time (nanoseconds): several times as long as a journey can
/// take to be told (`correlate::WINDOW` after its last sighting).
const LATE: i64 = 10_000_000_000;

/// As long as no more than this was heard, nothing is ever too late.
const ALWAYS_KEPT: usize = 4096;

#[derive(Clone, Debug)]
pub struct Line<H, S> {
    /// In order of time; what was settled is no longer in here.
    heard: Vec<(WireNs, H)>,
    stints: Vec<S>,
    /// So many stints follow from what was settled, the last of them as it stood then.
    settled: usize,
    settled_last: Option<S>,
    settled_until: WireNs,
    /// Settle when so much was heard.
    limit: usize,
    /// Words came late and stand at the end, until [`Line::tidy`].
    is_untidy: bool,
}

/// How words become stints.
pub trait Rule<H, S> {
    /// Takes in a word not older than all before: prolongs the last stint or begins another one.
    fn hear(&self, stints: &mut Vec<S>, t: WireNs, heard: &H);
    /// True if this word, heard in the middle of other ones, changes nothing.
    fn changes_nothing(&self, stints: &[S], t: WireNs, heard: &H) -> bool;
}

/// What a word did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// At most prolonged what is there.
    Nothing,
    /// A stint began, later than all others of this line.
    Began,
    /// What followed must be worked out again, by [`Line::tidy`].
    CameLate,
}

impl<H, S> Default for Line<H, S> {
    fn default() -> Self {
        Self {
            heard: Vec::new(),
            stints: Vec::new(),
            settled: 0,
            settled_last: None,
            settled_until: WireNs(i64::MIN),
            limit: ALWAYS_KEPT,
            is_untidy: false,
        }
    }
}

impl<H: Ord, S: Clone> Line<H, S> {
    /// In order of time.
    pub fn stints(&self) -> &[S] {
        &self.stints
    }

    /// The time of the last word.
    pub fn latest(&self) -> WireNs {
        self.heard.last().map_or(self.settled_until, |(t, _)| *t)
    }

    /// A word that was heard before, or is too late, is passed over.
    pub fn hear(&mut self, rule: &impl Rule<H, S>, t: WireNs, heard: H) -> Did {
        if t <= self.settled_until {
            return Did::Nothing;
        }
        let word = (t, heard);
        if self.is_untidy {
            self.heard.push(word);
            return Did::CameLate;
        }
        // Words of the same time are put in an order of their own, so that the order of telling never matters.
        let Err(place) = self.heard.binary_search(&word) else { return Did::Nothing };
        if place == self.heard.len() {
            let before = self.stints.len();
            rule.hear(&mut self.stints, t, &word.1);
            self.heard.push(word);
            self.settle(rule);
            return if self.stints.len() == before { Did::Nothing } else { Did::Began };
        }
        if rule.changes_nothing(&self.stints, t, &word.1) {
            self.heard.insert(place, word);
            return Did::Nothing;
        }
        // A journey through a loop may bring thousands of them: they are put in their places together.
        self.heard.push(word);
        self.is_untidy = true;
        Did::CameLate
    }

    /// Puts late words in their places.
    pub fn tidy(&mut self, rule: &impl Rule<H, S>) {
        if std::mem::take(&mut self.is_untidy) {
            self.heard.sort();
            self.heard.dedup();
            self.rewrite(rule);
            self.settle(rule);
        }
    }

    /// Works out the stints again from all that is kept.
    pub fn rewrite(&mut self, rule: &impl Rule<H, S>) {
        self.stints.truncate(self.settled);
        if let (Some(last), Some(then)) = (self.stints.last_mut(), &self.settled_last) {
            last.clone_from(then);
        }
        for (t, heard) in &self.heard {
            rule.hear(&mut self.stints, *t, heard);
        }
    }

    fn settle(&mut self, rule: &impl Rule<H, S>) {
        if self.heard.len() <= self.limit {
            return;
        }
        let horizon = WireNs(self.latest().0.saturating_sub(LATE));
        let old = self.heard.partition_point(|(t, _)| *t <= horizon);
        if let Some(last) = old.checked_sub(1) {
            self.settled_until = self.heard[last].0;
            let mut kept = self.heard.split_off(old);
            // The stints as they stood at the horizon, then all that came after it.
            self.rewrite(rule);
            self.settled = self.stints.len();
            self.settled_last = self.stints.last().cloned();
            std::mem::swap(&mut self.heard, &mut kept);
            for (t, heard) in &self.heard {
                rule.hear(&mut self.stints, *t, heard);
            }
        }
        // Looked at again only after as much more, so that each word costs little on the average.
        self.limit = (2 * self.heard.len()).max(ALWAYS_KEPT);
    }
}

/// How many were there at most at one time, if each begins with a 1 and ends with a -1.
pub fn most_at_once(mut changes: Vec<(WireNs, i64)>) -> usize {
    // What ends makes room for what begins at the same time.
    changes.sort_unstable();
    let (mut now, mut most) = (0_i64, 0_i64);
    for (_, change) in changes {
        now += change;
        most = most.max(now);
    }
    usize::try_from(most).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stays with a number for as long as it is said again within a second.
    struct Saying;

    #[derive(Clone, Debug, PartialEq)]
    struct Said {
        what: u8,
        since: WireNs,
        last: WireNs,
    }

    impl Rule<u8, Said> for Saying {
        fn hear(&self, stints: &mut Vec<Said>, t: WireNs, heard: &u8) {
            match stints.last_mut() {
                Some(said) if said.what == *heard && t.0 < said.last.0 + 1_000_000_000 => said.last = t,
                _ => stints.push(Said { what: *heard, since: t, last: t }),
            }
        }

        fn changes_nothing(&self, _: &[Said], _: WireNs, _: &u8) -> bool {
            false
        }
    }

    #[test]
    fn a_million_refreshes_are_one_stint_and_little_memory() {
        let mut line = Line::default();
        let every = 100_000;
        for number in 0..1_000_000 {
            line.hear(&Saying, WireNs(number * every), 7);
        }
        assert_eq!(line.stints(), [Said { what: 7, since: WireNs(0), last: WireNs(999_999 * every) }]);
        let within_reach = usize::try_from(LATE / every).expect("a count");
        assert!(line.heard.len() <= 2 * within_reach + ALWAYS_KEPT, "{} words are kept", line.heard.len());
    }

    #[test]
    fn a_late_word_cuts_a_stint_and_a_word_that_is_too_late_is_passed_over() {
        let mut line = Line::default();
        let every = 10_000_000;
        for number in 0..20_000 {
            line.hear(&Saying, WireNs(number * every), 7);
        }
        let late = WireNs(19_000 * every + 1);
        assert_eq!(line.hear(&Saying, late, 8), Did::CameLate);
        line.tidy(&Saying);
        assert_eq!(line.hear(&Saying, late, 8), Did::Nothing, "it was heard before");
        let of = |number: usize| (line.stints()[number].what, line.stints()[number].since.0);
        assert_eq!((of(0), of(1), of(2)), ((7, 0), (8, late.0), (7, 19_001 * every)));
        assert_eq!(line.stints().len(), 3);
        assert_eq!(line.hear(&Saying, WireNs(1), 8), Did::Nothing);
        assert_eq!(line.stints().len(), 3);
    }
}
