//! The desk on the real kernel: effects in, news out, and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex},
    time::{Duration, Instant},
};

use capture::{Event, Journey, JourneyId, WireNs, recording};
use hopscope::{
    desk::{Desk, Surroundings},
    model::{
        act::{Act, ActId, Item, Probe, ProbeKind, Rounds},
        changes::Change,
        command::{Effect, News, Saved},
        story::Batch,
    },
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use topology::{Cable, Interface, InterfaceKind, Lab, Namespace, Place, Thing, ready};

use super::labs::{ip, name};

const LIMIT: Duration = Duration::from_secs(20);

/// A desk with folders of its own, and all that it told so far.
struct Office {
    desk: Desk,
    woken: Arc<(Mutex<bool>, Condvar)>,
    folder: PathBuf,
    told: Vec<News>,
    /// By their numbers, as they stand.
    journeys: BTreeMap<JourneyId, Journey>,
    forgotten: usize,
    not_shown: u64,
    last: Batch,
}

impl Office {
    fn open(of: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("hopscope-desk-{of}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        // An engine that says which process it is.
        let (own, engine, number) =
            (env!("CARGO_BIN_EXE_hopscope"), folder.join("engine"), folder.join("number"));
        let script = format!("#!/bin/sh\necho $$ > '{}'\nexec '{own}' \"$@\"\n", number.display());
        fs::write(&engine, script).expect("a script");
        fs::set_permissions(&engine, fs::Permissions::from_mode(0o755)).expect("its permissions");
        let surroundings = Surroundings {
            config: folder.join("config"),
            state: folder.join("state"),
            recordings: folder.join("recordings"),
            engine: Some(engine),
        };
        let woken = Arc::new((Mutex::new(false), Condvar::new()));
        let bell = Arc::clone(&woken);
        let wake = move || {
            *bell.0.lock().expect("nobody panics with it") = true;
            bell.1.notify_all();
        };
        let desk = Desk::open_in(&surroundings, wake);
        Self {
            desk,
            woken,
            folder,
            told: Vec::new(),
            journeys: BTreeMap::new(),
            forgotten: 0,
            not_shown: 0,
            last: Batch::default(),
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        self.desk.carry_out(effect);
    }

    fn change(&mut self, number: u64, wanted: Lab) {
        let (known, wanted) = (Arc::new(switch()), Arc::new(wanted));
        self.carry_out(Effect::ChangeLab(Change { number, after: None, known, wanted }));
    }

    fn act(&mut self, id: u64, act: Act) {
        self.carry_out(Effect::Act { id: ActId(id), act });
    }

    /// Takes news until `wanted` finds what it looks for, in the news or in what they add up to.
    fn until<T>(&mut self, what: &str, mut wanted: impl FnMut(&mut Self, &News) -> Option<T>) -> T {
        let deadline = Instant::now() + LIMIT;
        loop {
            let mut found = None;
            for news in self.desk.news(Duration::from_millis(4)) {
                self.take_in(&news);
                found = found.or_else(|| wanted(self, &news));
                self.told.push(news);
            }
            if let Some(found) = found {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{what} did not come; told were: {:?}", self.words());
            let woken = self.woken.0.lock().expect("nobody panics with it");
            let (mut woken, _) =
                self.woken.1.wait_timeout_while(woken, left, |woken| !*woken).expect("nobody panics with it");
            *woken = false;
        }
    }

    fn take_in(&mut self, news: &News) {
        if let News::Seen(batch) = news {
            let journeys = batch.journeys.iter().map(|journey| (journey.id, journey.clone()));
            self.journeys.extend(journeys);
            self.forgotten += batch.forgotten.len();
            self.not_shown += batch.not_shown;
            self.last = Batch { journeys: Vec::new(), ..batch.clone() };
        }
    }

    /// How an act ended: sent, answered, words, whether that is bad.
    fn end_of(&mut self, wanted: u64) -> (u32, u32, String, bool) {
        self.until(&format!("the end of act {wanted}"), |_, news| match news {
            News::ActWent { id, sent, answered, words, is_bad, is_over: true } if *id == ActId(wanted) => {
                Some((*sent, *answered, words.clone(), *is_bad))
            }
            _ => None,
        })
    }

    /// Waits until so many journeys of a protocol were seen.
    fn seen(&mut self, protocol: &str, count: usize) {
        let enough = |office: &mut Self| (count <= office.count(protocol)).then_some(());
        if enough(self).is_none() {
            self.until(&format!("{count} journeys of {protocol}"), |office, _| enough(office));
        }
    }

    /// Of those that were seen at both ends and at both ports: others may still be under way.
    fn count(&self, protocol: &str) -> usize {
        let whole = |journey: &&Journey| journey.protocol == protocol && 4 <= journey.sightings.len();
        self.journeys.values().filter(whole).count()
    }

    fn start(&mut self, lab: &Lab) -> usize {
        self.carry_out(Effect::StartLab(Arc::new(lab.clone())));
        self.until("the start", |_, news| match news {
            News::Started { taps, .. } => Some(*taps),
            News::Refused { .. } => panic!("{news:?}"),
            _ => None,
        })
    }

    /// What was told but batches, for people who look for a fault.
    fn words(&self) -> Vec<&News> {
        self.told.iter().filter(|news| !matches!(news, News::Seen(_))).collect()
    }

    fn close(self) {
        self.desk.close();
        fs::remove_dir_all(self.folder).expect("the folder goes");
    }
}

fn switch() -> Lab {
    ready::LABS[0].lab()
}

fn ping(to: &str, rounds: Rounds) -> Act {
    probe(to, ProbeKind::Ping { rounds, every: Duration::from_millis(20) })
}

fn probe(to: &str, kind: ProbeKind) -> Act {
    Act::Probe(Probe { from: name("ns1"), to: ip(to), aim: to.into(), kind })
}

/// With a third room on the switch, 10.10.0.3.
fn with_a_third_room() -> Lab {
    let mut lab = switch();
    let [room, port]: [Place; 2] =
        ["ns3/veth-ns3", "host/veth-br3"].map(|place| place.parse().expect("a place"));
    let mut end = Interface::new(InterfaceKind::VethEnd);
    end.addresses.insert("10.10.0.3/24".parse().expect("an address"));
    let mut namespace = Namespace::default();
    namespace.interfaces.insert(room.interface.clone(), end);
    lab.namespaces.insert(room.namespace.clone(), namespace);
    let mut end = Interface::new(InterfaceKind::VethEnd);
    end.bridge = Some("br0".parse().expect("a name"));
    let host = lab.namespaces.get_mut(&port.namespace).expect("the switch stands there");
    host.interfaces.insert(port.interface.clone(), end);
    lab.cables.insert(Cable::new(room, port));
    lab
}

#[test]
fn a_lab_runs_is_pinged_changed_and_stopped_by_effects_alone() {
    let mut office = Office::open("story");
    assert_eq!(office.start(&switch()), 5);
    office.act(1, ping("10.10.0.2", Rounds::Times(3)));
    let (sent, answered, words, is_bad) = office.end_of(1);
    assert_eq!((sent, answered, is_bad), (3, 3, false), "{words}");
    assert!(words.starts_with("3 of 3 answered, ") && words.ends_with("on average"), "{words}");
    office.seen("ICMP", 6);
    office.seen("ARP", 2);
    let whole = office.journeys.values().filter(|journey| journey.protocol == "ICMP");
    assert!(whole.clone().all(|journey| journey.sightings.len() == 4), "each hop is seen");

    office.change(1, with_a_third_room());
    let taps = office.until("the change", |_, news| match news {
        News::Changed { taps, observed, number: 1 } => {
            assert!(observed.namespaces.contains_key(&name("ns3")));
            Some(*taps)
        }
        News::ChangeFailed { .. } => panic!("{news:?}"),
        _ => None,
    });
    assert_eq!(taps, 7);
    office.act(2, ping("10.10.0.3", Rounds::Times(1)));
    let (_, answered, words, _) = office.end_of(2);
    assert!(answered == 1 && words.starts_with("answered after "), "{words}");
    office.seen("ICMP", 8);

    office.carry_out(Effect::StopLab);
    office.until("the stop", |_, news| matches!(news, News::Stopped { why: None }).then_some(()));
    office.act(3, ping("10.10.0.3", Rounds::Times(1)));
    assert_eq!(office.end_of(3).2, "no lab runs");
    office.close();
}

#[test]
fn what_is_forgotten_is_learned_again() {
    let mut office = Office::open("forget");
    office.start(&switch());
    office.act(1, ping("10.10.0.2", Rounds::Times(1)));
    office.end_of(1);
    office.seen("ARP", 2);
    office.act(2, ping("10.10.0.2", Rounds::Times(1)));
    office.end_of(2);
    office.seen("ICMP", 4);
    assert_eq!(office.count("ARP"), 2, "what is known is not asked for again");

    office.act(3, Act::ForgetNeighbours(BTreeSet::from([name("ns1"), name("ns2")])));
    let (sent, answered, words, _) = office.end_of(3);
    assert_eq!((sent, answered, words.as_str()), (2, 2, "2 neighbours forgotten: ns1, ns2"));
    office.act(4, Act::ForgetLearned(BTreeSet::new()));
    let (_, _, words, is_bad) = office.end_of(4);
    assert!(!is_bad && words == "2 learned addresses forgotten: host/br0", "{words}");
    office.act(5, ping("10.10.0.2", Rounds::Times(1)));
    office.end_of(5);
    office.seen("ARP", 4);
    assert_eq!(office.forgotten, 3, "two rooms and a switch");
    office.close();
}

#[test]
fn a_flood_comes_whole_and_stops_at_once() {
    let mut office = Office::open("flood");
    office.start(&switch());
    let began = Instant::now();
    office.act(1, probe("10.10.0.2", ProbeKind::Flood { at_most: 2_500 }));
    office.until("a thousand pings", |_, news| {
        matches!(news, News::ActWent { sent: 1_000.., .. }).then_some(())
    });
    let stopped = Instant::now();
    office.carry_out(Effect::StopAct(ActId(1)));
    let (sent, answered, words, is_bad) = office.end_of(1);
    assert!(stopped.elapsed() < Duration::from_secs(1), "it stopped after {:?}", stopped.elapsed());
    let rate = f64::from(sent) / began.elapsed().as_secs_f64();
    assert!(rate < 2_600.0, "{rate} pings a second are more than were asked for");
    assert!(sent <= answered + 1 && !is_bad, "{answered} of {sent}: {words}");
    // The last one may have been stopped before its answer came.
    office.seen("ICMP", answered as usize * 2);
    assert_eq!((office.not_shown, office.last.totals.lost), (0, 0));
    let cut = office.journeys.values().filter(|found| found.protocol == "ICMP" && found.sightings.len() < 4);
    let cut = cut.count();
    assert!(cut <= 2, "{cut} frames were not seen everywhere; the last ping alone may be under way");

    // Something that can be stopped while it waits.
    office.act(2, probe("10.10.0.99", ProbeKind::Arp { on: "veth-ns1".parse().expect("a name") }));
    office.carry_out(Effect::StopAct(ActId(2)));
    assert_eq!(office.end_of(2).2, "stopped");
    office.close();
}

#[test]
fn acts_say_why_they_got_no_answer() {
    let mut office = Office::open("reasons");
    office.start(&switch());
    office.act(1, ping("192.0.2.1", Rounds::Times(2)));
    office.act(2, probe("10.10.0.2", ProbeKind::Tcp { port: 80 }));
    office.act(3, probe("10.10.0.2", ProbeKind::Trace { most_hops: 4 }));
    office.act(4, ping("10.10.0.77", Rounds::Times(1)));
    let no_route = "there is no route to 192.0.2.1: network unreachable";
    assert_eq!(office.end_of(1), (2, 0, no_route.to_owned(), true));
    // All ran at the same time, so their ends may have been told already.
    let mut ends = BTreeMap::new();
    for news in std::mem::take(&mut office.told) {
        if let News::ActWent { id, words, is_over: true, .. } = news {
            ends.insert(id.0, words);
        }
    }
    for id in 2..=4 {
        ends.entry(id).or_insert_with(|| office.end_of(id).2);
    }
    assert!(ends[&2].contains("refused"), "{}", ends[&2]);
    assert_eq!(ends[&3], "10.10.0.2 answered over 1 hop: 10.10.0.2");
    assert!(ends[&4].contains("10.10.0.77 did not answer the ARP question"), "{}", ends[&4]);
    office.close();
}

#[test]
fn a_change_that_the_kernel_refuses_says_what_it_was_about() {
    let mut office = Office::open("refused");
    // An engine that may not open many files: each namespace needs some.
    let script = fs::read_to_string(office.folder.join("engine")).expect("a script");
    let script = script.replace("exec ", "ulimit -n 150\nexec ");
    fs::write(office.folder.join("engine"), script).expect("a script");
    office.start(&switch());
    let mut wrong = switch();
    for number in 1..=100 {
        wrong.namespaces.insert(name(&format!("room{number}")), Namespace::default());
    }
    office.change(1, wrong);
    let about = office.until("the refusal", |_, news| match news {
        News::ChangeFailed { about, .. } => Some(about.clone()),
        _ => None,
    });
    let is_new =
        |item: &Item| matches!(item, Item::Thing(Thing::Namespace(of)) if of.as_str().starts_with("room"));
    assert!(about.as_ref().is_some_and(is_new), "{about:?}");
    // What it had still works, and what moves things only is answered at once.
    let mut moved = switch();
    let position = Some(topology::Position { x: 5, y: 7 });
    moved.namespaces.get_mut(&name("ns1")).expect("it is there").position = position;
    office.change(2, moved);
    let observed = office.until("the move", |_, news| match news {
        News::Changed { observed, .. } => Some(observed.clone()),
        _ => None,
    });
    assert_eq!(observed.namespaces[&name("ns1")].position, position);
    office.act(1, ping("10.10.0.2", Rounds::Times(1)));
    assert_eq!(office.end_of(1).1, 1);
    office.close();
}

/// Spanning tree takes its time; a person who does not want to wait for it need not.
#[test]
fn a_lab_can_be_stopped_and_pinged_while_its_bridges_make_up_their_minds() {
    let mut office = Office::open("hurry");
    office.start(&switch());
    office.change(1, ready::find("ring-with-stp").expect("it is ready").lab());
    office.until("frames of spanning tree", |office, _| {
        office.journeys.values().any(|journey| journey.protocol == "STP").then_some(())
    });
    let asked = Instant::now();
    office.act(1, Act::ForgetNeighbours(BTreeSet::from([name("host")])));
    let words = office.end_of(1).2;
    assert_eq!(words, "there was nothing to forget: host");
    office.carry_out(Effect::StopLab);
    office.until("the stop", |_, news| matches!(news, News::Stopped { why: None }).then_some(()));
    assert!(asked.elapsed() < Duration::from_secs(5), "it took {:?}", asked.elapsed());
    office.close();
}

#[test]
fn what_was_seen_is_saved_recorded_and_read_back() {
    let mut office = Office::open("record");
    office.start(&switch());
    office.act(1, ping("10.10.0.2", Rounds::Times(1)));
    office.end_of(1);
    office.seen("ICMP", 2);
    let path = office.folder.join("kept.pcapng");
    let born = office.journeys.values().map(|journey| journey.sightings[0].frame.t).min().expect("one");
    let caption = (born, "the question floods".to_owned());
    let captions = vec![caption.clone()];
    office.carry_out(Effect::SaveRecording { path: path.clone(), span: None, captions });
    office.until("the save", |_, news| match news {
        News::Saved { what: Saved::Recording, .. } => Some(()),
        News::SaveFailed { .. } => panic!("{news:?}"),
        _ => None,
    });
    let events = events(&path);
    let count = |wanted: fn(&Event) -> bool| events.iter().filter(|event| wanted(event)).count();
    assert_eq!(count(|event| matches!(event, Event::Tap(_))), 5);
    assert!(1 <= count(|event| matches!(event, Event::Lab { lab, .. } if !lab.title.is_empty())));
    assert!(14 <= count(|event| matches!(event, Event::Frame(_))), "{events:?}");
    assert_eq!(count(|event| matches!(event, Event::Caption { .. })), 1);

    office.carry_out(Effect::StartRecording);
    let running = office.until("the recording's start", |_, news| match news {
        News::RecordingStarted { path } => Some(path.clone()),
        News::Notice { is_bad: true, .. } => panic!("{news:?}"),
        _ => None,
    });
    assert!(running.starts_with(office.folder.join("recordings")), "{}", running.display());
    office.act(2, ping("10.10.0.2", Rounds::Times(2)));
    office.end_of(2);
    office.carry_out(Effect::Caption { at: WireNs(born.0 + 1), text: "twice".into() });
    office.seen("ICMP", 6);
    office.carry_out(Effect::StopRecording);
    let frames = office.until("the recording's end", |_, news| match news {
        News::RecordingStopped { frames, .. } => Some(*frames),
        _ => None,
    });
    assert!(16 <= frames, "{frames}");

    office.carry_out(Effect::StopLab);
    office.until("the stop", |_, news| matches!(news, News::Stopped { .. }).then_some(()));
    let live: Vec<Journey> = std::mem::take(&mut office.journeys).into_values().collect();
    office.carry_out(Effect::Open(path));
    office.until("the end of the file", |office, _| office.last.end.clone()).expect("it is whole");
    let again = |protocol: &str| {
        let seen =
            |journeys: Vec<Journey>| journeys.iter().filter(|found| found.protocol == protocol).count();
        seen(office.journeys.values().cloned().collect())
    };
    assert_eq!((again("ICMP"), again("ARP")), (2, 2), "{} were seen live", live.len());
    assert_eq!(office.last.end, Some(Ok(())));
    office.close();
}

#[test]
fn an_engine_that_is_killed_is_said_to_be_gone_and_another_can_be_started() {
    let mut office = Office::open("killed");
    office.start(&switch());
    office.act(1, ping("10.10.0.2", Rounds::UntilStopped));
    office.until("an answer", |_, news| matches!(news, News::ActWent { answered: 1.., .. }).then_some(()));
    let number = fs::read_to_string(office.folder.join("number")).expect("the engine wrote it");
    let engine = Pid::from_raw(number.trim().parse().expect("a number"));
    kill(engine, Signal::SIGKILL).expect("it can be killed");
    let why = office.until("its end", |_, news| match news {
        News::Stopped { why } => Some(why.clone()),
        _ => None,
    });
    assert!(
        why.as_ref().is_some_and(|why| why.contains("ended by itself") && why.contains("signal: 9")),
        "{why:?}"
    );
    assert_eq!(office.start(&switch()), 5);
    office.close();
}

#[test]
fn without_a_sandbox_the_reason_is_told_in_words() {
    let mut office = Office::open("refusal");
    fs::write(office.folder.join("engine"), "#!/bin/sh\nexit 7\n").expect("a script");
    office.carry_out(Effect::StartLab(Arc::new(switch())));
    let why = office.until("the refusal", |_, news| match news {
        News::Refused { why, mend, .. } => Some(format!("{why} {mend}")),
        _ => None,
    });
    assert!(why.contains("exit status: 7") && why.contains("doctor"), "{why}");
    office.close();
}

fn events(path: &Path) -> Vec<Event> {
    let file = fs::File::open(path).expect("it was saved");
    recording::read(file).map(|event| event.expect("it is whole")).collect()
}

/// What a class may do to it: some 20,000 frames a second over all taps, and none is lost unseen.
#[test]
fn twenty_thousand_sightings_a_second_arrive_complete() {
    let mut office = Office::open("many");
    office.start(&switch());
    let lasting = Duration::from_secs(5);
    office.act(1, probe("10.10.0.2", ProbeKind::Flood { at_most: 2_750 }));
    let mut began = None;
    let (mut frames, mut sent) = (0, 0);
    office.until("five seconds of flood", |office, news| {
        if let News::ActWent { sent: now, .. } = news {
            sent = *now;
        }
        frames = office.last.totals.frames;
        let began = *began.get_or_insert_with(Instant::now);
        (lasting <= began.elapsed()).then_some(())
    });
    office.carry_out(Effect::StopAct(ActId(1)));
    let (sent_at_end, answered, words, _) = office.end_of(1);
    office.seen("ICMP", answered as usize * 2);
    println!("{} sightings a second; {sent} pings: {words}", frames as f64 / lasting.as_secs_f64());
    let whole = |found: &&Journey| found.protocol == "ICMP" && found.sightings.len() == 4;
    // Of the last one, the brake may have come before the answer.
    let journeys = office.journeys.values().filter(whole).count();
    let expected = answered as usize * 2..=sent_at_end as usize * 2;
    assert!(expected.contains(&journeys), "{journeys} journeys, expected {expected:?}");
    assert_eq!((office.not_shown, office.last.totals.lost), (0, 0));
    office.close();
}
