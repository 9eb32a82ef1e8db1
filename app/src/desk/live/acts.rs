//! What a person does in a running lab: each act on a thread of its own, until it is over or stopped.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU16, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use capture::tables::Forgotten;
use topology::{Lab, NamespaceName, Place};

use super::words;
use crate::{
    desk::post::Post,
    engine::client::{self, Asked, AskedId, Asker, EngineError, Pace, PingTrain, Tally},
    model::{
        act::{Act, ActId, Probe, ProbeKind, Rounds},
        command::News,
    },
};

/// The kernel gives an ARP question up after three seconds; this is a little more,
/// so that its own verdict arrives in time.
const TIMEOUT: Duration = Duration::from_secs(4);
/// At each hop of a trace.
const TIMEOUT_OF_A_HOP: Duration = Duration::from_secs(1);
/// The payload of an echo request, in octets, as `ping` sends it.
const PAYLOAD: u16 = 56;
/// How often the window hears how an act stands.
const BETWEEN_NEWS: Duration = Duration::from_millis(100);
/// As many as a person can follow, and fewer than an engine takes at once.
const MOST: usize = 32;

/// Cheap to clone: the acts that are under way.
#[derive(Clone)]
pub struct Acts {
    under_way: Arc<Mutex<BTreeMap<ActId, Slot>>>,
    /// Of the last echo requests: another one for each act, so that answers cannot be mixed up.
    identifier: Arc<AtomicU16>,
    post: Post,
}

#[derive(Default)]
struct Slot {
    is_stopped: bool,
    asked: Option<(Asker, AskedId, Ending)>,
}

#[derive(Clone, Copy)]
enum Ending {
    /// The engine ends it, and answers how far it came.
    Brake,
    /// Nobody waits for the answer any more.
    GiveUp,
}

impl Acts {
    pub fn new(post: Post) -> Self {
        Self { under_way: Arc::default(), identifier: Arc::default(), post }
    }

    /// Never waits. `lab`: as it runs, to know what "all" means.
    pub fn begin(&self, id: ActId, act: Act, asker: Asker, lab: Arc<Lab>) {
        {
            let mut under_way = self.under_way();
            if MOST <= under_way.len() {
                drop(under_way);
                return self.refuse(id, "too much is under way: stop something first");
            }
            under_way.insert(id, Slot::default());
        }
        let acts = self.clone();
        let run = move || {
            let end = acts.run(id, act, &asker, &lab);
            acts.under_way().remove(&id);
            acts.post.tell(end);
        };
        if let Err(error) = thread::Builder::new().name("act".into()).spawn(run) {
            self.under_way().remove(&id);
            self.refuse(id, &format!("it could not be begun: {error}"));
        }
    }

    /// An act that cannot even be tried.
    pub fn refuse(&self, id: ActId, why: &str) {
        self.post.tell(words::went(id, &Tally::default(), why.to_owned(), true, true));
    }

    /// At once, also while it waits for an answer.
    pub fn stop(&self, id: ActId) {
        let asked = self.under_way().get_mut(&id).and_then(|slot| {
            slot.is_stopped = true;
            slot.asked.clone()
        });
        if let Some((asker, asked, ending)) = asked {
            end(&asker, asked, ending);
        }
    }

    pub fn stop_all(&self) {
        let ids: Vec<ActId> = self.under_way().keys().copied().collect();
        ids.into_iter().for_each(|id| self.stop(id));
    }

    fn run(&self, id: ActId, act: Act, asker: &Asker, lab: &Lab) -> News {
        match act {
            Act::Probe(probe) => match train(&probe, self.next_identifier()) {
                Some(train) => self.run_train(id, train, asker),
                None => self.run_probe(id, probe, asker),
            },
            Act::ForgetNeighbours(of) => {
                let all = lab.namespaces.keys().cloned().chain([NamespaceName::host()]);
                let of = if of.is_empty() { all.collect() } else { of };
                let whose = words::list(&of);
                forget(id, asker, of.into_iter().map(Forgotten::Neighbours), &words::NEIGHBOURS, &whose)
            }
            Act::ForgetLearned(by) => {
                let bridges = lab.interfaces().filter(|(_, found)| found.bridge_settings().is_some());
                let by = if by.is_empty() { bridges.map(|(at, _): (Place, _)| at).collect() } else { by };
                let whose = words::list(&by);
                forget(id, asker, by.into_iter().map(Forgotten::Learned), &words::LEARNED, &whose)
            }
        }
    }

    fn run_train(&self, id: ActId, train: PingTrain, asker: &Asker) -> News {
        let asked = match asker.begin_train(train.clone()) {
            Ok(asked) => asked,
            Err(error) => return failed(id, &error),
        };
        self.can_be_stopped(id, asker, &asked, Ending::Brake);
        let (mut last, mut told) = (Tally::default(), None::<Instant>);
        let tally = asked.tally(|tally| {
            if told.is_none_or(|told| BETWEEN_NEWS <= told.elapsed()) {
                told = Some(Instant::now());
                let is_bad = tally.answered == 0 && tally.trouble.is_some();
                self.post.tell(words::went(id, &tally, words::so_far(&tally), is_bad, false));
            }
            last = tally;
        });
        match tally {
            Ok(tally) => {
                let is_whole = tally.answered == tally.sent || train.count.is_none() && 0 < tally.answered;
                let is_bad = !is_whole && tally.trouble.is_some();
                words::went(id, &tally, words::at_end(&tally), is_bad, true)
            }
            Err(error) => words::went(id, &last, words::of_error(&error), true, true),
        }
    }

    fn run_probe(&self, id: ActId, probe: Probe, asker: &Asker) -> News {
        let wanted = match wanted(&probe, self.next_identifier()) {
            Ok(wanted) => wanted,
            Err(why) => return words::went(id, &Tally::default(), why, true, true),
        };
        let sent = Tally { sent: 1, ..Tally::default() };
        let outcome = asker.begin_probe(wanted).and_then(|asked| {
            self.can_be_stopped(id, asker, &asked, Ending::GiveUp);
            asked.outcome()
        });
        match outcome {
            Ok(outcome) => {
                let tally = Tally { answered: u32::from(outcome.answered), ..sent };
                words::went(id, &tally, words::of_outcome(&outcome), !outcome.answered, true)
            }
            Err(EngineError::GivenUp) => words::went(id, &sent, "stopped".into(), false, true),
            Err(error) => words::went(id, &sent, words::of_error(&error), true, true),
        }
    }

    /// Says how it can be ended, and ends it if that was asked for already.
    fn can_be_stopped(&self, id: ActId, asker: &Asker, asked: &Asked, ending: Ending) {
        let is_stopped = self.under_way().get_mut(&id).is_none_or(|slot| {
            slot.asked = Some((asker.clone(), asked.id(), ending));
            slot.is_stopped
        });
        if is_stopped {
            end(asker, asked.id(), ending);
        }
    }

    fn next_identifier(&self) -> u16 {
        // Echo requests of the command line begin at 1; the upper half keeps away from them.
        0x8000 | self.identifier.fetch_add(1, Ordering::Relaxed)
    }

    fn under_way(&self) -> MutexGuard<'_, BTreeMap<ActId, Slot>> {
        // It is whole between any two lines that could panic.
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn end(asker: &Asker, asked: AskedId, ending: Ending) {
    match ending {
        Ending::Brake => {
            // An engine that is gone has stopped it already, and whoever waits learns that.
            let _gone = asker.stop_train(asked);
        }
        Ending::GiveUp => asker.give_up(asked),
    }
}

/// Pings are trains; all other questions are asked once.
fn train(probe: &Probe, identifier: u16) -> Option<PingTrain> {
    let (count, pace) = match probe.kind {
        ProbeKind::Ping { rounds: Rounds::Times(count), every } => (Some(count), Pace::Every(every)),
        ProbeKind::Ping { rounds: Rounds::UntilStopped, every } => (None, Pace::Every(every)),
        ProbeKind::Flood { at_most } => {
            (None, Pace::Flood { at_most: at_most.clamp(1, crate::engine::protocol::FASTEST_FLOOD) })
        }
        ProbeKind::Arp { .. } | ProbeKind::Trace { .. } | ProbeKind::Tcp { .. } | ProbeKind::Udp { .. } => {
            return None;
        }
    };
    let (from, to) = (probe.from.clone(), probe.to);
    Some(PingTrain { from, to, identifier, payload_len: PAYLOAD, count, pace, timeout: TIMEOUT })
}

fn wanted(probe: &Probe, identifier: u16) -> Result<client::Probe, String> {
    let to = probe.to;
    let mut timeout = TIMEOUT;
    let kind = match &probe.kind {
        ProbeKind::Ping { .. } | ProbeKind::Flood { .. } => client::ProbeKind::ping(to, identifier, 1),
        ProbeKind::Arp { on } => match to {
            std::net::IpAddr::V4(to) => client::ProbeKind::Arp { to, on: on.clone() },
            std::net::IpAddr::V6(_) => {
                return Err("IPv6 asks by neighbour discovery, not by ARP: ping it instead".into());
            }
        },
        ProbeKind::Trace { most_hops } => {
            timeout = TIMEOUT_OF_A_HOP;
            client::ProbeKind::Trace { to, max_hops: (*most_hops).max(1) }
        }
        ProbeKind::Tcp { port } => client::ProbeKind::Tcp { to: (to, *port).into() },
        ProbeKind::Udp { port, text } => {
            client::ProbeKind::Udp { to: (to, *port).into(), payload: text.clone().into_bytes() }
        }
    };
    Ok(client::Probe { from: probe.from.clone(), kind, timeout })
}

fn forget(
    id: ActId,
    asker: &Asker,
    of: impl Iterator<Item = Forgotten>,
    what: &words::Entries,
    whose: &str,
) -> News {
    let (mut tally, mut entries) = (Tally::default(), 0);
    for what in of {
        tally.sent += 1;
        match asker.forget(what) {
            Ok(count) => {
                tally.answered += 1;
                entries += count;
            }
            Err(error) => return words::went(id, &tally, words::of_error(&error), true, true),
        }
    }
    words::went(id, &tally, words::forgot(entries, what, whose), false, true)
}

fn failed(id: ActId, error: &EngineError) -> News {
    words::went(id, &Tally::default(), words::of_error(error), true, true)
}
