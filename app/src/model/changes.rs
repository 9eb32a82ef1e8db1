//! Changes of the running lab that were asked for, and what each of them starts from.
//!
//! A change says both what the kernel is to be like and what the drawing took it for before, so that what somebody
//! types at the same moment is told from what the drawing wants gone. What a change starts from depends on what else
//! is under way:
//!
//! - Nothing is: the kernel as it was seen last. What is drawn and was refused is asked for again then, since a later
//!   edit may have mended the reason.
//! - A change is: what that one wants. Neither the last look nor the answer to come would do: in the look, what the
//!   earlier change makes is missing, so that taking it back at once would be no change at all; in the answer is what
//!   was typed meanwhile and is not drawn yet, so that it would be taken for unwanted.
//!
//! Changes are carried out one after the other, so the earlier one has been made when the later one's turn comes.
//! Where that is not so the later one starts from where the earlier one did: it was skipped ([`Change::then`]), or it
//! failed and was undone ([`Change::after_failed`]).

use std::{collections::VecDeque, sync::Arc};

use topology::Lab;

/// What is drawn, on its way to the kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// No two have the same; the answer carries it back.
    pub number: u64,
    /// The newest one that was under way when this one was asked for.
    pub after: Option<u64>,
    /// What it starts from.
    pub known: Arc<Lab>,
    pub wanted: Arc<Lab>,
}

impl Change {
    /// Both in one, where the first was not begun.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self { number: next.number, wanted: next.wanted, ..self }
    }

    /// The earlier one was undone: if this one starts from it, it asks for both.
    #[must_use]
    pub fn after_failed(self, failed: &Self) -> Self {
        if self.after == Some(failed.number) { failed.clone().then(self) } else { self }
    }
}

/// Those that are not answered yet.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    asked: u64,
    /// Oldest first, with what they want.
    under_way: VecDeque<(u64, Arc<Lab>)>,
}

impl Changes {
    /// The kernel, which was `observed` last, shall be like this.
    pub fn ask(&mut self, observed: &Arc<Lab>, wanted: Arc<Lab>) -> Change {
        let before = self.under_way.back();
        let (after, known) = (before.map(|(number, _)| *number), before.map_or(observed, |(_, lab)| lab));
        self.asked += 1;
        let change = Change { number: self.asked, after, known: Arc::clone(known), wanted };
        self.under_way.push_back((change.number, Arc::clone(&change.wanted)));
        change
    }

    pub fn are_under_way(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// What the change of this number wanted; it is done with, and those that were skipped for it.
    pub fn answered(&mut self, number: u64) -> Option<Arc<Lab>> {
        let at = self.under_way.iter().position(|(asked, _)| *asked == number)?;
        self.under_way.drain(..=at).next_back().map(|(_, wanted)| wanted)
    }

    /// Something else happened in the kernel, and is drawn: those under way leave it as it is.
    pub fn take_typed(&mut self, typed: impl Fn(&Lab) -> Lab) {
        self.under_way.iter_mut().for_each(|(_, wanted)| *wanted = Arc::new(typed(wanted)));
    }

    /// The number of the last one.
    #[cfg(test)]
    pub fn newest(&self) -> u64 {
        self.asked
    }

    /// They will not be answered.
    pub fn forget(&mut self) {
        self.under_way.clear();
    }
}

#[cfg(test)]
mod tests {
    use topology::{Namespace, reconcile::reconcile};

    use super::*;

    fn lab(names: &str) -> Arc<Lab> {
        let rooms =
            names.split_whitespace().map(|name| (name.parse().expect("a name"), Namespace::default()));
        Arc::new(Lab { namespaces: rooms.collect(), ..Lab::default() })
    }

    fn names(lab: &Lab) -> String {
        let names = lab.namespaces.keys().filter(|name| !name.is_host()).map(|name| name.as_str());
        names.collect::<Vec<_>>().join(" ")
    }

    /// As an engine carries it out.
    fn made(change: &Change, kernel: &str) -> String {
        names(&reconcile(&change.wanted, &change.known, &lab(kernel).settled()))
    }

    #[test]
    fn a_second_one_starts_from_the_first() {
        let mut changes = Changes::default();
        let seen = lab("a");
        let first = changes.ask(&seen, lab("a b"));
        let second = changes.ask(&seen, lab("a"));
        assert_eq!((first.after, second.after), (None, Some(first.number)));
        // “t” was typed, and nobody has drawn it.
        assert_eq!(made(&first, "a t"), "a b t");
        assert_eq!(made(&second, "a b t"), "a t", "taken back at once");
        assert_eq!(changes.answered(first.number), Some(lab("a b")));
        assert!(changes.are_under_way());
        assert_eq!(changes.answered(second.number), Some(lab("a")));
        assert_eq!((changes.answered(second.number), changes.are_under_way()), (None, false));
        assert_eq!(changes.ask(&lab("a t"), lab("a t c")).known, lab("a t"));
    }

    #[test]
    fn one_that_was_skipped_is_done_by_the_next() {
        let mut changes = Changes::default();
        let seen = lab("a x");
        let first = changes.ask(&seen, lab("a b"));
        let second = changes.ask(&seen, lab("a b c"));
        let both = first.then(second.clone());
        assert_eq!(made(&both, "a x t"), "a b c t");
        assert_eq!(changes.answered(both.number), Some(lab("a b c")));
        assert!(!changes.are_under_way(), "the first gets no answer of its own");
    }

    #[test]
    fn one_that_failed_is_tried_again_by_the_next() {
        let mut changes = Changes::default();
        let seen = lab("a x");
        let first = changes.ask(&seen, lab("a b"));
        let second = changes.ask(&seen, lab("a b c"));
        let third = changes.ask(&seen, lab("a c"));
        assert_eq!(made(&second.clone().after_failed(&first), "a x t"), "a b c t");
        let rest = second.clone().then(third.clone());
        assert_eq!(made(&rest.after_failed(&first), "a x t"), "a c t");
        assert_eq!(third.clone().after_failed(&first), third, "another one was made in between");
    }

    #[test]
    fn what_was_typed_and_drawn_meanwhile_can_be_taken_back() {
        let mut changes = Changes::default();
        let seen = lab("a");
        let first = changes.ask(&seen, lab("a b"));
        let second = changes.ask(&seen, lab("a b c"));
        let _ = changes.answered(first.number);
        changes.take_typed(|lab| {
            let mut lab = lab.clone();
            lab.namespaces.insert("t".parse().expect("a name"), Namespace::default());
            lab
        });
        let third = changes.ask(&lab("a b t"), lab("a b c"));
        assert_eq!(made(&second, "a b t"), "a b c t");
        assert_eq!(made(&third, "a b c t"), "a b c");
    }
}
