//! Between frames: what came before, what comes next, and how it ended.

use capture::{Fate, Journey};

use super::{
    Around, Narration,
    ending::NO_ANSWER,
    hop,
    speech::{Heard, Speech},
    time,
    words::{capital, duration, sentence},
};

/// An instant in which no frame is on its way.
pub struct Pause<'a> {
    /// The journey that was seen last.
    pub last: Option<&'a Journey>,
    /// The one that it answers.
    pub question: Option<&'a Journey>,
    pub next: Option<&'a Journey>,
    /// Nanoseconds that this pause lasts, where they are squeezed.
    pub gap: Option<i64>,
}

impl Pause<'_> {
    pub fn tell(&self, around: &Around<'_>) -> Narration {
        let next = self.next.map(|next| begins(around, next));
        match (self.last, self.gap, next) {
            (_, Some(gap), Some(next)) => {
                let headline = format!("{} pass in which nothing happens.", duration(gap));
                Narration::new(headline, format!("Then {next}"))
            }
            (Some(last), _, Some(words)) => {
                let goes_on = self.next.is_some_and(|next| next.conversation == last.conversation);
                let headline = if goes_on { arrival(around, last) } else { None };
                let headline = headline.unwrap_or_else(|| outcome(around, last, self.question));
                Narration::new(headline, format!("Next, {words}"))
            }
            (Some(last), _, None) => {
                Narration::new(outcome(around, last, self.question), "That is all that was seen so far.")
            }
            (None, _, Some(next)) => Narration::new("Press Play and watch.", format!("First, {next}")),
            (None, _, None) => Narration::default(),
        }
    }
}

/// How a journey begins, as a sentence that stands behind another word.
fn begins(around: &Around<'_>, journey: &Journey) -> String {
    let told = Heard::at(journey, 0).zip(around.at(journey, 0)).zip(time(journey, 0));
    told.map_or_else(
        || "another frame comes.".to_owned(),
        |((heard, at), t)| hop::sent(around, at, t, &heard).headline,
    )
}

/// How the conversation stands after its last journey.
pub fn outcome(around: &Around<'_>, last: &Journey, question: Option<&Journey>) -> String {
    let Some(heard) = Heard::at(last, 0) else { return sentence(&last.summary) };
    let after = question
        .and_then(|question| Some(last.sightings.last()?.frame.t.0.saturating_sub(time(question, 0)?.0)))
        .map_or_else(String::new, |after| format!(" after {}", duration(after)));
    let arrived = last.branches.iter().any(|branch| branch.fate == Fate::Delivered);
    let nobody_wants_it =
        !last.branches.is_empty() && last.branches.iter().all(|branch| branch.fate == Fate::Ignored);
    let is_unanswered = last.branches.iter().any(|branch| branch.reason.contains(NO_ANSWER));
    let drop = last.branches.iter().find(|branch| branch.fate == Fate::Dropped);
    match (&heard.speech, drop) {
        (Speech::Pong { number }, None) if arrived => format!("Ping {number} was answered{after}."),
        (Speech::Answer { of, at }, None) if arrived => format!("{of} has answered{after}: its MAC is {at}."),
        (speech, Some(drop)) if !arrived => {
            format!("{} was lost: {}.", capital(&speech.noun()), drop.reason.trim_end_matches('.'))
        }
        (Speech::Question { target, .. }, _) if nobody_wants_it => {
            format!("Nobody here has {target}: nobody answers.")
        }
        (Speech::Ping { number, to }, _) if is_unanswered => {
            format!("No answer from {to} to ping {number} was seen.")
        }
        (Speech::Question { target, .. }, _) if is_unanswered => {
            format!("No answer from {target} was seen.")
        }
        (speech, _) => arrival(around, last).unwrap_or_else(|| {
            let end = last.sightings.len().checked_sub(1).and_then(|end| around.at(last, end));
            let at = end.map_or_else(String::new, |end| format!(" at {end}"));
            format!("{} was last seen{at}.", capital(&speech.noun()))
        }),
    }
}

/// Whom the frame has reached, if it has reached somebody.
fn arrival(around: &Around<'_>, journey: &Journey) -> Option<String> {
    let branch = journey.branches.iter().find(|branch| branch.fate == Fate::Delivered)?;
    let end = journey.sightings.iter().position(|sighting| sighting.id == branch.sighting)?;
    let (at, heard) = (around.at(journey, end)?, Heard::at(journey, end)?);
    Some(format!("{} has reached {}.", capital(&heard.speech.noun()), hop::owner(around.lab, at)))
}
