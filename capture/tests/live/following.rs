//! Taps of a lab that changes: they come one by one, change their names, go, and say what came before them.

use std::{
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant, SystemTime},
};

use super::rooms::{MARK, Room, frames, is_marked, open};
use capture::{
    Event, Tap, TapId, WireNs,
    live::{Options, Refused, Taps, Wanted},
};

const LIMIT: Duration = Duration::from_secs(10);

/// No taps yet, and what they will say.
fn nothing_open() -> (Taps, Receiver<Vec<Event>>) {
    open(Vec::new(), Options::default())
}

fn wanted(room: &Room, interface: &str, counted: Option<u64>) -> Wanted {
    let at = format!("{}/{interface}", room.name).parse().expect("a place");
    Wanted { at, namespace: room.namespace.clone(), counted }
}

/// Numbers from `first` on, in the order in which they are asked for.
fn add(taps: &Taps, wanted: Vec<Wanted>, first: u32) -> Vec<Refused> {
    let mut next = first..;
    taps.add_found(wanted, |_| TapId(next.next().expect("enough numbers"))).expect("threads can be had")
}

/// Two rooms on one cable, silent but for what a test sends; nobody asks for addresses.
fn quiet_pair() -> [Room; 2] {
    let [red, blue] = [Room::new("red"), Room::new("blue")];
    red.be_quiet();
    blue.be_quiet();
    red.ip(&format!("link add name eth0 type veth peer name eth0 netns {}", blue.path()));
    blue.ip("link set dev eth0 address 02:00:00:00:00:02");
    for (room, number) in [(&red, 1), (&blue, 2)] {
        room.ip(&format!("address add 10.10.0.{number}/24 dev eth0"));
        room.ip("link set dev eth0 up");
    }
    red.ip("neighbour replace 10.10.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent");
    [red, blue]
}

/// Sends marked frames from red, and waits until all of them have arrived at blue.
fn send([red, blue]: &[Room; 2], count: usize) {
    let receiver = blue.udp("10.10.0.2:9999");
    receiver.set_read_timeout(Some(LIMIT)).expect("a timeout");
    let sender = red.udp("10.10.0.1:0");
    for _ in 0..count {
        sender.send_to(MARK, "10.10.0.2:9999").expect("sent");
        receiver.recv(&mut [0; 100]).expect("it arrives");
    }
}

fn missed(events: &[Vec<Event>]) -> Vec<(u32, u64)> {
    let missed = |event: &Event| match event {
        Event::Missed { tap, frames, .. } => Some((tap.0, *frames)),
        _ => None,
    };
    events.iter().flatten().filter_map(missed).collect()
}

/// How many marked frames each of the first taps saw.
fn marked(events: Vec<Vec<Event>>, taps: usize) -> Vec<usize> {
    let frames = frames(events);
    let of = |tap: usize| {
        frames.iter().filter(|frame| frame.tap.0 as usize == tap && is_marked(&frame.bytes)).count()
    };
    (0..taps).map(of).collect()
}

fn now() -> WireNs {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is later than 1970");
    WireNs(i64::try_from(since_1970.as_nanos()).expect("a time of this age"))
}

#[test]
fn what_crossed_before_a_tap_was_there_is_counted() {
    let rooms = quiet_pair();
    let (taps, events) = nothing_open();
    send(&rooms, 5);
    let refused = add(&taps, vec![wanted(&rooms[0], "eth0", Some(2)), wanted(&rooms[1], "eth0", Some(0))], 0);
    assert!(refused.is_empty(), "{refused:?}");
    add(&taps, vec![wanted(&rooms[0], "eth0", None), wanted(&rooms[0], "eth0", Some(5))], 2);
    send(&rooms, 2);
    taps.flush();
    let events: Vec<_> = events.try_iter().collect();
    assert_eq!(missed(&events), [(0, 3), (1, 5)]);
    assert_eq!(marked(events, 4), [2, 2, 2, 2]);
    assert_eq!((taps.remove(TapId(0)), taps.remove(TapId(0))), (Some(7), None));
    taps.close();
}

#[test]
fn a_tap_goes_on_under_another_name_without_missing_a_frame() {
    let rooms = quiet_pair();
    let (taps, events) = nothing_open();
    add(&taps, vec![wanted(&rooms[1], "eth0", Some(0))], 0);
    send(&rooms, 3);
    rooms[1].ip("link set dev eth0 down");
    rooms[1].ip("link set dev eth0 name uplink up");
    let since = now();
    send(&rooms, 2);
    // Some of them are read by now, and some are not.
    let as_tap = Tap { id: TapId(1), at: "blue/uplink".parse().expect("a place") };
    assert!(taps.go_on_as(TapId(0), as_tap.clone(), since));
    assert!(!taps.go_on_as(TapId(0), as_tap.clone(), since));
    send(&rooms, 2);
    assert_eq!(taps.remove(TapId(1)), Some(7));
    taps.flush();
    let events: Vec<_> = events.try_iter().collect();
    assert!(events.iter().flatten().any(|event| *event == Event::Tap(as_tap.clone())));
    assert_eq!((missed(&events), marked(events, 2)), (vec![], vec![3, 4]));
    taps.close();
}

/// libpcap looks for it by its old name.
#[test]
fn a_tap_outlives_a_pause_between_down_and_up_under_another_name() {
    let rooms = quiet_pair();
    let (taps, events) = nothing_open();
    add(&taps, vec![wanted(&rooms[1], "eth0", Some(0))], 0);
    send(&rooms, 3);
    rooms[1].ip("link set dev eth0 down");
    rooms[1].ip("link set dev eth0 name uplink");
    let enough = Instant::now() + Duration::from_millis(300);
    while Instant::now() < enough {
        taps.flush();
        assert_eq!(taps.gone(), []);
    }
    rooms[1].ip("link set dev uplink up");
    send(&rooms, 2);
    assert_eq!(taps.remove(TapId(0)), Some(5));
    taps.flush();
    assert_eq!(marked(events.try_iter().collect(), 1), [5]);
    taps.close();
}

#[test]
fn an_interface_that_moves_ends_its_tap_and_the_next_one_knows_what_was_seen() {
    let [red, blue] = quiet_pair();
    let (taps, events) = nothing_open();
    let (bell, rung) = channel();
    taps.when_gone(move || bell.send(()).expect("the test listens"));
    add(&taps, vec![wanted(&blue, "eth0", Some(0))], 0);
    let rooms = [red, blue];
    send(&rooms, 3);
    let [red, blue] = rooms;
    let green = Room::new("green");
    green.be_quiet();
    blue.ip(&format!("link set dev eth0 netns {}", green.path()));
    rung.recv_timeout(LIMIT).expect("it is said that the tap is gone");
    assert_eq!(taps.gone().first().map(|gone| gone.tap), Some(TapId(0)));
    let counted = taps.remove(TapId(0));
    assert_eq!((counted, taps.gone()), (Some(3), vec![]));
    green.ip("address add 10.10.0.2/24 dev eth0");
    green.ip("link set dev eth0 up");
    let rooms = [red, green];
    send(&rooms, 1);
    add(&taps, vec![wanted(&rooms[1], "eth0", counted)], 1);
    send(&rooms, 2);
    taps.flush();
    let events: Vec<_> = events.try_iter().collect();
    assert_eq!((missed(&events), marked(events, 2)), (vec![(1, 1)], vec![3, 2]));
    taps.close();
}

#[test]
fn what_can_be_tapped_is_and_what_cannot_is_named() {
    let rooms = quiet_pair();
    rooms[1].ip("link set dev eth0 down");
    let (taps, _events) = nothing_open();
    let all = [("nothing", 0), ("eth0", 0), ("eth0", 1)];
    let refused = add(&taps, all.map(|(name, room)| wanted(&rooms[room], name, None)).into(), 7);
    let named: Vec<(String, bool)> =
        refused.iter().map(|refused| (refused.at.to_string(), refused.why.is_none())).collect();
    assert_eq!(named, [("blue/eth0".to_owned(), true), ("red/nothing".to_owned(), false)]);
    assert_eq!(taps.remove(TapId(7)), Some(0), "the one that listens was numbered");
    taps.close();
}

#[test]
fn taps_that_went_do_not_add_up() {
    let rooms = quiet_pair();
    let (taps, events) = nothing_open();
    for number in 0..40 {
        add(&taps, vec![wanted(&rooms[1], "eth0", None)], number);
        assert!(taps.remove(TapId(number)).is_some());
    }
    add(&taps, vec![wanted(&rooms[1], "eth0", None)], 40);
    send(&rooms, 1);
    taps.flush();
    assert_eq!(marked(events.try_iter().collect(), 41)[40], 1);
    let open = std::fs::read_dir("/proc/self/fd").expect("the own files").filter_map(Result::ok);
    let sockets = open.filter_map(|file| file.path().read_link().ok());
    let sockets = sockets.filter(|to| to.to_string_lossy().starts_with("socket:")).count();
    assert!(sockets < 40, "{sockets} sockets are open");
    taps.close();
}
