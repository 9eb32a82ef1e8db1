//! What holds for any sightings whatever.

use capture::{ConversationId, Direction, Doubts, Frame, JourneyId, Sighting, SightingId, TapId};
use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Told {
    Seen(u32, Direction, usize),
    Forgot(bool),
    /// The interface with this tap goes down or comes up.
    Changed(usize, bool),
}

type Words = Vec<(WireNs, Told)>;

fn words() -> impl Strategy<Value = Words> {
    let direction = prop_oneof![Just(Direction::In), Just(Direction::Out)];
    let word = prop_oneof![
        12 => (0..5_u32, direction, 0..6_usize).prop_map(|(tap, way, frame)| Told::Seen(tap, way, frame)),
        1 => any::<bool>().prop_map(Told::Forgot),
        1 => (1..5_usize, any::<bool>()).prop_map(|(tap, up)| Told::Changed(tap, up)),
    ];
    let pause = prop_oneof![4 => 1..3000_i64, 2 => 1..700_000_000_i64, 1 => 1..3_500_000_000_i64];
    prop::collection::vec((pause, word), 1..60).prop_map(|words| {
        let mut t = story::ORIGIN;
        let at = |(pause, word): (i64, Told)| {
            t += pause;
            (WireNs(t), word)
        };
        words.into_iter().map(at).collect()
    })
}

fn sighting(case: &Case, number: usize, t: WireNs, told: &Told) -> Option<Journey> {
    let Told::Seen(tap, direction, frame) = told else { return None };
    let bytes = case.story.frame(&frame.to_string());
    let frame = Frame { tap: TapId(*tap), t, direction: *direction, original_len: bytes.len() as u32, bytes };
    let id = SightingId(number as u64);
    Some(Journey {
        id: JourneyId(number as u64 + 1),
        conversation: ConversationId(1),
        protocol: "",
        summary: String::new(),
        sightings: vec![Sighting { id, frame, parent: None, doubts: Doubts::default() }],
        branches: Vec::new(),
    })
}

/// The labs as they follow from the changes.
fn labs(case: &Case, words: &Words) -> Vec<(WireNs, Arc<Lab>)> {
    let mut labs = case.labs();
    for (t, told) in words {
        let Told::Changed(tap, up) = told else { continue };
        let mut lab = (*labs.last().unwrap().1).clone();
        lab.interface_mut(&case.story.taps[*tap].at).unwrap().up = *up;
        labs.push((*t, Arc::new(lab)));
    }
    labs
}

fn tables(case: &Case, words: &Words, order: &[usize]) -> Tables {
    let mut tables = Tables::default();
    let labs = labs(case, words);
    labs.iter().for_each(|(t, lab)| tables.take_lab(*t, lab));
    for number in order {
        let (t, told) = &words[*number];
        if let Told::Forgot(learned) = told {
            let what = match learned {
                true => Forgotten::Learned(place("s/br0")),
                false => Forgotten::Neighbours("a".parse().unwrap()),
            };
            tables.forget(*t, &what);
        }
        if let Some(journey) = sighting(case, *number, *t, told) {
            tables.take(&journey, &labs[0].1, &case.story.taps);
        }
    }
    tables
}

/// What br0 knows, worked out from all words for each question anew.
fn naively_learned(case: &Case, words: &Words, at: WireNs) -> Vec<(String, MacAddress)> {
    let labs = labs(case, words);
    let mut known: BTreeMap<MacAddress, (WireNs, Tap)> = BTreeMap::new();
    for (t, told) in words.iter().filter(|(t, _)| *t <= at) {
        let (_, lab) = labs.iter().rfind(|(since, _)| since <= t).unwrap();
        let is_live = |port: &Tap| {
            let is_up = |at: &topology::Place| lab.interface(at).is_some_and(|found| found.up);
            is_up(&port.at) && is_up(lab.peer(&port.at).unwrap())
        };
        match told {
            Told::Seen(tap @ (3 | 4), Direction::In, frame) => {
                let port = &case.story.taps[*tap as usize];
                let source = case.story.frame(&frame.to_string())[6..12].try_into().unwrap();
                known.insert(MacAddress(source), (*t, port.clone()));
            }
            Told::Seen(..) => {}
            Told::Forgot(learned) if *learned => known.clear(),
            Told::Forgot(_) => {}
            Told::Changed(..) => {
                let before = labs.iter().rfind(|(since, _)| since < t).unwrap();
                let was_live = |port: &Tap| {
                    let is_up = |at: &topology::Place| before.1.interface(at).is_some_and(|found| found.up);
                    is_up(&port.at) && is_up(before.1.peer(&port.at).unwrap())
                };
                known.retain(|_, (_, port)| !was_live(port) || is_live(port));
            }
        }
    }
    known.retain(|_, (last, _)| at.0 - last.0 < 3_000_000_000);
    let mut rows: Vec<_> = known.into_iter().map(|(mac, (_, port))| (port.at.to_string(), mac)).collect();
    rows.sort();
    rows
}

fn rows(tables: &Tables, at: WireNs) -> String {
    let learned = tables.learned(&place("s/br0"), at);
    let of = |namespace: &str| tables.neighbours(&namespace.parse().unwrap(), at);
    format!("{learned:#?} {:#?} {:#?} {:#?}", of("a"), of("b"), of("s"))
}

fn times(words: &Words) -> Vec<WireNs> {
    let around = |(t, _): &(WireNs, Told)| [0, 1, 999_999_999, 1_000_000_000, 3_000_000_000].map(|d| t.0 + d);
    words.iter().flat_map(around).map(WireNs).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_telling_never_matters(words in words(), seed in any::<u64>()) {
        let case = Case::parse(SWITCH);
        let in_order: Vec<usize> = (0..words.len()).collect();
        let mut mixed = in_order.clone();
        mixed.sort_by_key(|number| (*number as u64).wrapping_mul(seed | 1).rotate_left(17));
        mixed.extend(in_order.iter().rev());
        let (one, other) = (tables(&case, &words, &in_order), tables(&case, &words, &mixed));
        for t in times(&words) {
            prop_assert_eq!(rows(&one, t), rows(&other, t));
        }
        for namespace in ["a", "b", "s"] {
            let namespace = namespace.parse().unwrap();
            prop_assert_eq!(one.most_neighbours(&namespace), other.most_neighbours(&namespace));
            let most = times(&words).into_iter().map(|t| one.neighbours(&namespace, t).len()).max();
            prop_assert!(most <= Some(one.most_neighbours(&namespace)));
        }
        prop_assert_eq!(one.most_learned(&place("s/br0")), other.most_learned(&place("s/br0")));
    }

    /// Looking back gives what was seen then.
    #[test]
    fn what_comes_later_changes_nothing_before(words in words()) {
        let case = Case::parse(SWITCH);
        let all: Vec<usize> = (0..words.len()).collect();
        let whole = tables(&case, &words, &all);
        for (number, (t, _)) in words.iter().enumerate() {
            let then = tables(&case, &words, &all[..=number]);
            prop_assert_eq!(rows(&whole, *t), rows(&then, *t));
        }
    }

    #[test]
    fn what_a_bridge_knows_is_what_a_simple_replay_gives(words in words()) {
        let case = Case::parse(SWITCH);
        let all: Vec<usize> = (0..words.len()).collect();
        let whole = tables(&case, &words, &all);
        for t in times(&words) {
            let found = whole.learned(&place("s/br0"), t);
            let found: Vec<_> = found.into_iter().map(|row| (row.port.to_string(), row.mac)).collect();
            prop_assert_eq!(found, naively_learned(&case, &words, t));
        }
    }
}
