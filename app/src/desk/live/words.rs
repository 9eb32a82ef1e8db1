//! How acts and the engine fare, in plain words.

use std::{fmt::Display, time::Duration};

use crate::{
    engine::client::{EngineError, Outcome, StartError, Tally},
    model::{act::ActId, command::News},
};

/// What is forgotten, one and many.
pub struct Entries {
    one: &'static str,
    many: &'static str,
}

pub const NEIGHBOURS: Entries = Entries { one: "neighbour", many: "neighbours" };
pub const LEARNED: Entries = Entries { one: "learned address", many: "learned addresses" };

pub fn went(id: ActId, tally: &Tally, words: String, is_bad: bool, is_over: bool) -> News {
    News::ActWent { id, sent: tally.sent, answered: tally.answered, words, is_bad, is_over }
}

pub fn so_far(tally: &Tally) -> String {
    match (&tally.trouble, tally.answered) {
        (Some(trouble), 0) => trouble.clone(),
        _ => counts(tally),
    }
}

/// “5 of 5 answered, 84 µs on average”, “2 of 5 answered: …”, or only why none was.
pub fn at_end(tally: &Tally) -> String {
    match &tally.trouble {
        _ if tally.sent == 0 => "nothing was sent".into(),
        Some(trouble) if tally.answered == 0 => trouble.clone(),
        Some(trouble) if tally.answered < tally.sent => format!("{}; {trouble}", counts(tally)),
        _ => counts(tally),
    }
}

fn counts(tally: &Tally) -> String {
    let Tally { sent, answered, mean, .. } = tally;
    match answered {
        0 => format!("{answered} of {sent} answered"),
        1 if *sent == 1 => format!("answered after {}", time(*mean)),
        _ => format!("{answered} of {sent} answered, {} on average", time(*mean)),
    }
}

pub fn of_outcome(outcome: &Outcome) -> String {
    if !outcome.hops.is_empty() {
        let way = outcome.hops.iter().map(|hop| match hop.from {
            Some(from) => from.to_string(),
            None => "?".into(),
        });
        return format!("{}: {}", outcome.reason, way.collect::<Vec<_>>().join(" → "));
    }
    match outcome.round_trip {
        Some(took) if outcome.answered => format!("{} after {}", outcome.reason, time(took)),
        _ => outcome.reason.clone(),
    }
}

pub fn of_error(error: &EngineError) -> String {
    match error {
        EngineError::Gone(_) => "the lab was stopped".into(),
        other => other.to_string(),
    }
}

pub fn forgot(entries: u64, what: &Entries, whose: &str) -> String {
    match entries {
        _ if whose.is_empty() => "there is nothing that could forget".into(),
        0 => format!("there was nothing to forget: {whose}"),
        1 => format!("1 {} forgotten: {whose}", what.one),
        many => format!("{many} {} forgotten: {whose}", what.many),
    }
}

pub fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// As doctor says it.
pub fn refusal(error: StartError) -> News {
    match error {
        StartError::Refused(refusal) => {
            News::Refused { what: refusal.what, why: refusal.why, mend: refusal.mend }
        }
        other => News::Refused {
            what: "the engine could not be started".into(),
            why: other.to_string(),
            mend: "install hopscope anew, and run hopscope doctor if that does not help".into(),
        },
    }
}

/// With as many digits as one reads at a glance.
fn time(took: Duration) -> String {
    let microseconds = took.as_secs_f64() * 1e6;
    match microseconds {
        small if small < 999.5 => format!("{small:.0} µs"),
        medium if medium < 999_500.0 => format!("{:.3} ms", medium / 1e3),
        large => format!("{:.3} s", large / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pings_are_told_in_plain_words() {
        let tally = |sent, answered, mean, trouble: Option<&str>| Tally {
            sent,
            answered,
            mean: Duration::from_micros(mean),
            trouble: trouble.map(str::to_owned),
            ..Tally::default()
        };
        let cases = [
            (tally(5, 5, 84, None), "5 of 5 answered, 84 µs on average"),
            (tally(1, 1, 1_200, None), "answered after 1.200 ms"),
            (tally(5, 2, 84, Some("no route")), "2 of 5 answered, 84 µs on average; no route"),
            (tally(3, 0, 0, Some("no route")), "no route"),
            (tally(9, 8, 2_000_000, None), "8 of 9 answered, 2.000 s on average"),
            (tally(0, 0, 0, None), "nothing was sent"),
        ];
        for (tally, words) in cases {
            assert_eq!(at_end(&tally), words);
        }
        assert_eq!(so_far(&tally(2, 0, 0, None)), "0 of 2 answered");
        assert_eq!(forgot(2, &NEIGHBOURS, "ns1, ns2"), "2 neighbours forgotten: ns1, ns2");
    }
}
