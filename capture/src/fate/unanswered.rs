//! What followed a question that arrived.
//!
//! Only the plain fact is told here. Why a stack that got a question stayed silent (no way back,
//! echo switched off, a rule on the way out) is to be explained in this file.

use super::{Last, Verdict};
use crate::{
    Fate,
    conversation::{self, Outcome, Part},
};

/// Adds to a delivered question that no answer was seen to it.
pub fn with_what_followed(verdict: Verdict, last: &Last) -> Verdict {
    let is_question = || {
        conversation::key(&last.glance, &last.sighting.frame.bytes)
            .is_some_and(|(_, part)| part == Part::Question)
    };
    let is_unanswered = last.around.outcome == Some(Outcome::Unanswered);
    if verdict.fate != Fate::Delivered || !is_unanswered || !is_question() {
        return verdict;
    }
    Verdict { reason: format!("it arrived ({}), but no answer was seen", verdict.reason), ..verdict }
}
