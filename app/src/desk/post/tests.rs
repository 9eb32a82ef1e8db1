use std::sync::atomic::{AtomicUsize, Ordering};

use capture::{ConversationId, Direction, Doubts, Frame, Sighting, SightingId, TapId, WireNs};

use super::*;
use crate::model::act::ActId;

const LONG: Duration = Duration::from_secs(100);

fn journey(id: u64, sightings: usize) -> Journey {
    let frame = Frame {
        tap: TapId(0),
        t: WireNs(1),
        direction: Direction::Out,
        bytes: [0; 60].into(),
        original_len: 60,
    };
    let sighting = Sighting { id: SightingId(0), frame, parent: None, doubts: Doubts::default() };
    Journey {
        id: JourneyId(id),
        conversation: ConversationId(1),
        protocol: "ARP",
        summary: String::new(),
        sightings: vec![sighting; sightings],
        branches: Vec::new(),
    }
}

fn batch(journeys: Vec<Journey>) -> Batch {
    Batch { journeys, ..Batch::default() }
}

/// Numbers and sightings of the journeys in all batches, and what was not shown.
fn seen(news: &[News]) -> (Vec<(u64, usize)>, u64) {
    let mut not_shown = 0;
    let mut journeys = Vec::new();
    for news in news {
        let News::Seen(batch) = news else { panic!("only batches: {news:?}") };
        not_shown += batch.not_shown;
        journeys.extend(batch.journeys.iter().map(|found| (found.id.0, found.sightings.len())));
    }
    (journeys, not_shown)
}

#[test]
fn batches_that_were_not_taken_become_one() {
    let woken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&woken);
    let post = Post::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let mut source = post.source();
    source.tell(batch(vec![journey(1, 4)]), vec![journey(2, 1)]);
    source.tell(batch(vec![journey(2, 3), journey(3, 1)]), Vec::new());
    assert_eq!(woken.load(Ordering::Relaxed), 2);
    let taken = post.take(LONG);
    assert_eq!(taken.len(), 1);
    assert_eq!(seen(&taken), (vec![(1, 4), (2, 3), (3, 1)], 0));
    assert_eq!(post.take(LONG), []);
}

#[test]
fn news_stay_in_order_and_an_act_is_told_once() {
    let post = Post::new(|| {});
    let went = |sent| News::ActWent {
        id: ActId(1),
        sent,
        answered: 0,
        words: String::new(),
        is_bad: false,
        is_over: false,
    };
    let mut source = post.source();
    post.tell(went(1));
    source.tell(batch(vec![journey(1, 1)]), Vec::new());
    post.tell(News::Stopped { why: None });
    source.tell(batch(vec![journey(2, 1)]), Vec::new());
    post.tell(went(2));
    let taken = post.take(LONG);
    assert_eq!(taken[0], went(2));
    assert_eq!(seen(&taken[1..2]).0, [(1, 1)]);
    assert_eq!(taken[2], News::Stopped { why: None });
    assert_eq!(seen(&taken[3..]).0, [(2, 1)]);
}

#[test]
fn a_window_that_takes_nothing_loses_journeys_and_learns_how_many_frames() {
    let post = Post::new(|| {});
    let mut source = post.source();
    source.tell(Batch::default(), vec![journey(1, 1)]);
    let each = 1_000;
    let many = (MOST_WAITING / each) as u64 + 50;
    (2..2 + many).for_each(|id| source.tell(batch(vec![journey(id, each)]), Vec::new()));
    // The end of what is shown as under way comes through all the same.
    source.tell(batch(vec![journey(1, 2)]), Vec::new());
    let mut taken = Vec::new();
    let mut rounds = 0;
    loop {
        let some = post.take(Duration::from_millis(8));
        if some.is_empty() {
            break;
        }
        rounds += 1;
        taken.extend(some);
    }
    assert!(10 < rounds, "a budget bounds what is taken at once: {rounds}");
    let (journeys, not_shown) = seen(&taken);
    let told: usize = journeys.iter().filter(|(id, _)| *id != 1).map(|(_, count)| count).sum();
    assert_eq!(told as u64 + not_shown, many * each as u64);
    assert!(0 < not_shown && told <= MOST_WAITING);
    assert_eq!(journeys.iter().rfind(|(id, _)| *id == 1), Some(&(1, 2)));
    // There is room again.
    source.tell(batch(vec![journey(9_999, 5)]), Vec::new());
    assert_eq!(seen(&post.take(LONG)), (vec![(9_999, 5)], 0));
}

#[test]
fn only_the_current_source_is_heard() {
    let post = Post::new(|| {});
    let mut live = post.source();
    let file = post.source();
    live.tell(batch(vec![journey(1, 1)]), Vec::new());
    assert!(!live.is_current() && file.is_current());
    assert!(file.tell_patiently(batch(vec![journey(7, 1)])));
    post.switch_to(Some(live.number()));
    assert!(!file.tell_patiently(batch(vec![journey(8, 1)])));
    live.tell(batch(vec![journey(2, 1)]), Vec::new());
    assert_eq!(seen(&post.take(LONG)).0, [(7, 1), (2, 1)]);
}

#[test]
fn a_file_waits_for_room_and_gives_up_when_another_is_opened() {
    let post = Post::new(|| {});
    let file = post.source();
    assert!(file.tell_patiently(batch(vec![journey(1, MOST_WAITING)])));
    let waiting = std::thread::spawn(move || {
        let told = file.tell_patiently(batch(vec![journey(2, 1)]));
        (told, file)
    });
    assert_eq!(seen(&post.take(LONG)).0, [(1, MOST_WAITING)]);
    let (told, file) = waiting.join().expect("it does not panic");
    assert!(told);
    assert!(file.tell_patiently(batch(vec![journey(3, MOST_WAITING)])));
    let waiting = std::thread::spawn(move || file.tell_patiently(batch(vec![journey(4, 1)])));
    let _another = post.source();
    assert!(!waiting.join().expect("it does not panic"));
}
