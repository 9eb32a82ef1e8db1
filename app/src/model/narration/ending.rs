//! A frame that has come to the end of one of its ways.

use capture::{Fate, Journey, WireNs, tables::NeighbourState};
use topology::{NamespaceName, Place};

use super::{
    Around, Narration,
    hop::{self, Side},
    speech::{Heard, Speech},
    time,
    words::{capital, duration, sentence},
};

/// How a fate's reason says that a question which arrived was not answered (`capture::fate`).
pub const NO_ANSWER: &str = "no answer was seen";

/// The branch that ends at this sighting; `question`: what this journey answers, if it answers something.
pub fn ended(around: &Around<'_>, journey: &Journey, at: usize, question: Option<&Journey>) -> Narration {
    let (Some(place), Some(t)) = (around.at(journey, at), time(journey, at)) else {
        return Narration::default();
    };
    let id = journey.sightings[at].id;
    let branch = journey.branches.iter().find(|branch| branch.sighting == id);
    let reason = branch.map_or("", |branch| branch.reason.as_str());
    let Some(heard) = Heard::at(journey, at) else {
        return Narration::new(format!("Here a frame ends, at {place}."), sentence(reason));
    };
    let noun = capital(&heard.speech.noun());
    match branch.map(|branch| branch.fate) {
        Some(Fate::Delivered) => delivered(around, journey, (place, t), &heard, question, reason),
        Some(Fate::Ignored) => {
            let who = who(around, place);
            let headline = match heard.speech {
                Speech::SpanningTree => format!("{who} takes no part in what bridges tell each other."),
                _ => format!("{who} is not meant and throws {} away.", heard.speech.noun()),
            };
            let reason = reason.strip_prefix("not for me: ").unwrap_or(reason);
            Narration::new(headline, sentence(reason))
        }
        Some(Fate::Dropped) => {
            Narration::new(format!("{noun} ends here: {}.", reason.trim_end_matches('.')), "")
        }
        Some(Fate::InFlight) | None => {
            Narration::new(format!("{noun} was last seen at {place}."), sentence(reason))
        }
    }
}

/// A bridge, or the namespace.
fn who(around: &Around<'_>, place: &Place) -> String {
    match hop::bridge_of(around.lab, place) {
        Some(Side::Port(bridge)) => bridge.interface.to_string(),
        Some(Side::Itself(_)) | None => place.namespace.to_string(),
    }
}

fn delivered(
    around: &Around<'_>,
    journey: &Journey,
    (place, t): (&Place, WireNs),
    heard: &Heard,
    question: Option<&Journey>,
    reason: &str,
) -> Narration {
    let name = &place.namespace;
    let learned = learned(around, name, t);
    let stays_silent = reason.contains(NO_ANSWER);
    match &heard.speech {
        Speech::Question { .. } if stays_silent => {
            Narration::new(format!("{name} is asked, but no answer was seen."), learned)
        }
        Speech::Question { .. } => Narration::new(format!("{name} is asked, so it answers."), learned),
        Speech::Answer { of, at } => {
            let headline = format!("{name} has its answer: {of} has the MAC {at}.");
            let detail = match learned.is_empty() {
                true => "It knew that already.",
                false => "It remembers that, and sends what was waiting.",
            };
            Narration::new(headline, detail)
        }
        Speech::Ping { number, .. } if stays_silent => {
            Narration::new(format!("Ping {number} has reached {name}, but no answer was seen."), learned)
        }
        Speech::Ping { number, .. } => {
            Narration::new(format!("Ping {number} has reached {name}, which answers it."), learned)
        }
        Speech::Pong { number } => {
            let began = question.and_then(|question| time(question, 0));
            let after = began.or_else(|| time(journey, 0)).map_or(0, |began| t.0.saturating_sub(began.0));
            let headline = match began {
                Some(_) => {
                    format!("The answer to ping {number} is back at {name}, after {}.", duration(after))
                }
                None => format!("The answer to ping {number} has reached {name}."),
            };
            Narration::new(headline, learned)
        }
        Speech::Announcement { .. }
        | Speech::Probe { .. }
        | Speech::Transport(_)
        | Speech::SpanningTree
        | Speech::Other { .. } => {
            let noun = capital(&heard.speech.noun());
            let who = who(around, place);
            let detail = if learned.is_empty() { sentence(reason) } else { learned };
            Narration::new(format!("{noun} has reached {who}."), detail)
        }
    }
}

/// What this stack learned at this very time.
fn learned(around: &Around<'_>, by: &NamespaceName, t: WireNs) -> String {
    let new = around.tables.neighbours(by, t).into_iter().find_map(|row| match row.state {
        NeighbourState::Known(mac) if row.since == t => Some((row.address, mac)),
        _ => None,
    });
    new.map_or_else(String::new, |(address, mac)| {
        format!("And it has just learned: {address} has the MAC {mac}.")
    })
}
