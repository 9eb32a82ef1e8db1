//! How acts went, where they happened.

use std::collections::BTreeMap;

use emath::{Pos2, vec2};
use topology::NamespaceName;

use super::Outcome;
use crate::model::{
    act::{Act, Done, Telling},
    stage::layout::Layout,
    state::State,
};

/// Seconds that an outcome stays, and in which it then fades.
const STAYS: f64 = 5.0;
const FADES: f64 = 1.5;
/// Above a room's upper edge, and above each other.
const ABOVE: f32 = 20.0;
const STACKED: f32 = 30.0;
/// At one room; of more, the newest.
const MOST_AT_ONE: usize = 3;

pub(super) fn outcomes(state: &State, layout: &Layout) -> Vec<Outcome> {
    let mut at_one: BTreeMap<&NamespaceName, usize> = BTreeMap::new();
    let mut outcomes = Vec::new();
    for done in state.acts.iter().rev() {
        let opacity = opacity(done, state.now);
        let Some(name) = where_it_happened(done).filter(|_| opacity > 0.0) else { continue };
        let Some(top) = layout.rooms.get(name).map(|room| room.rect.center_top()) else { continue };
        let count = at_one.entry(name).or_default();
        // What goes on until it is stopped says how it goes; all else is told at its end.
        let is_pending = done.telling != Telling::Told && (done.words.is_empty() || !done.act.is_endless());
        let text = if is_pending { done.act.waiting() } else { done.words.clone() };
        if *count < MOST_AT_ONE && !text.is_empty() {
            let center: Pos2 = top - vec2(0.0, ABOVE + STACKED * *count as f32);
            outcomes.push(Outcome { center, text, is_bad: done.is_bad && !is_pending, is_pending, opacity });
            *count += 1;
        }
    }
    outcomes
}

fn where_it_happened(done: &Done) -> Option<&NamespaceName> {
    match &done.act {
        Act::Probe(probe) => Some(&probe.from),
        Act::ForgetNeighbours(namespaces) => namespaces.first(),
        Act::ForgetLearned(bridges) => bridges.first().map(|bridge| &bridge.namespace),
    }
}

/// Those stay that are not told yet.
fn opacity(done: &Done, now: f64) -> f32 {
    if done.telling != Telling::Told {
        return 1.0;
    }
    (1.0 - (now - done.since - STAYS) / FADES).clamp(0.0, 1.0) as f32
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::act::{ActId, Probe, ProbeKind, Rounds};

    fn ping(times: u32, is_over: bool) -> Done {
        let kind = ProbeKind::Ping { rounds: Rounds::Times(times), every: Duration::from_secs(1) };
        let from = "ns1".parse().expect("a good name");
        let to = "10.10.0.2".parse().expect("an address");
        Done {
            id: ActId(1),
            act: Act::Probe(Probe { from, to, aim: "ns2".into(), kind }),
            since: 100.0,
            sent: times,
            answered: times,
            is_over,
            words: "1 of 1 answered".into(),
            is_bad: false,
            telling: if is_over { Telling::Told } else { Telling::Waits },
        }
    }

    #[test]
    fn an_outcome_stays_some_seconds_and_fades_and_a_running_act_stays() {
        let at = |done: &Done, now: f64| opacity(done, now);
        assert_eq!(at(&ping(1, true), 104.9), 1.0);
        assert!((at(&ping(1, true), 105.75) - 0.5).abs() < 1e-5);
        assert_eq!(at(&ping(1, true), 107.0), 0.0);
        assert_eq!(at(&Done { telling: Telling::Waits, ..ping(1, true) }, 1000.0), 1.0);
        assert_eq!(at(&ping(1, false), 1000.0), 1.0);
    }
}
