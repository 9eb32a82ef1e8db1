//! The worker: one loop that is woken by everything that happens, and nothing else drives it.

mod desk;
mod listening;
mod names;
mod outbox;
mod site;

use std::{
    collections::BTreeMap,
    os::unix::net::UnixStream,
    process::ExitCode,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    time::{Duration, Instant},
};

use capture::{Event, tables::Forgotten};
use topology::{
    NamespaceName,
    kernel::{self, NamespaceFd},
};

use self::{desk::KernelDesk, listening::Listening, outbox::Outbox};
use super::{
    command, features,
    now::wire_now,
    prober,
    protocol::{Answer, EngineError, PingTrain, Refusal, Request, Said, SandboxReport, VERSION, Wish},
    terminal::Terminals,
    wire,
};
use crate::terminal::TerminalSaid;

/// So long without a frame is silence: several times what a capture may hold a frame back.
const SILENCE: Duration = Duration::from_millis(60);
/// So many requests may be under way at once.
const MOST_REQUESTS: usize = 64;
/// An engine whose caller is gone ends in order within this, or at once after.
const LAST_CHANCE: Duration = Duration::from_secs(3);

/// Everything that can happen to the engine.
enum Wake {
    Request(Request),
    /// Something that was asked for is done.
    Done {
        id: u32,
        answer: Result<Answer, EngineError>,
    },
    PeerGone,
}

/// Serves the caller until it says stop or is gone.
pub fn serve(socket: UnixStream, report: SandboxReport) -> ExitCode {
    end_whole_on_panic();
    let (wake, wakes) = mpsc::channel();
    match Server::open(socket, report, wake) {
        Ok((server, writer)) => {
            server.run(&wakes);
            let _ended = writer.join();
            ExitCode::SUCCESS
        }
        Err(code) => code,
    }
}

/// A thread that panics would leave its request unanswered for ever: better the engine ends, which the
/// caller notices at once.
fn end_whole_on_panic() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        print(panic);
        std::process::exit(101);
    }));
}

struct Server {
    outbox: Outbox,
    desk: KernelDesk,
    wake: Sender<Wake>,
    listening: Listening,
    /// What is asked and not yet answered.
    pending: usize,
    /// Who waits for silence: since when, and until when at most.
    settling: BTreeMap<u32, (Instant, Instant)>,
    /// What ends the trains of pings and the commands that are under way, by the number of their request.
    brakes: BTreeMap<u32, prober::Brake>,
    terminals: Terminals,
}

impl Server {
    fn open(
        mut socket: UnixStream,
        report: SandboxReport,
        wake: Sender<Wake>,
    ) -> Result<(Self, std::thread::JoinHandle<()>), ExitCode> {
        let failed = |_| ExitCode::FAILURE;
        wire::write_preamble(&mut socket, VERSION).map_err(failed)?;
        // Whoever speaks another version reads ours from the preamble and explains it.
        if !matches!(wire::read_preamble(&mut socket), Ok(VERSION)) {
            return Err(ExitCode::FAILURE);
        }
        let (outbox, writer) = Outbox::open(socket.try_clone().map_err(failed)?).map_err(failed)?;
        let desk = KernelDesk::open(&outbox).map_err(|error| {
            let what = "the sandbox stands, but the kernel cannot be spoken to".into();
            let mend = "run hopscope doctor for more".into();
            outbox.say(Said::Refused(Refusal { what, why: error.to_string(), mend }));
            outbox.end();
            ExitCode::from(3)
        });
        let (desk, listening) = match desk {
            Ok(opened) => opened,
            Err(code) => {
                let _written = writer.join();
                return Err(code);
            }
        };
        outbox.say(Said::Ready(report));
        let to_wake = wake.clone();
        std::thread::Builder::new()
            .name("requests".into())
            .spawn(move || read_requests(socket, &to_wake))
            .map_err(failed)?;
        let (settling, brakes) = (BTreeMap::new(), BTreeMap::new());
        let terminals = Terminals::new({
            let (outbox, desk) = (outbox.clone(), desk.clone());
            Arc::new(move |terminal, said| {
                // What runs there has gone elsewhere, perhaps into a namespace that is new, and that no announcement
                // tells of.
                if matches!(said, TerminalSaid::At(_)) {
                    desk.wake();
                }
                outbox.say(Said::Terminal { terminal, said });
            })
        });
        Ok((Self { outbox, desk, wake, listening, pending: 0, settling, brakes, terminals }, writer))
    }

    fn run(mut self, wakes: &Receiver<Wake>) {
        loop {
            let next = match self.wait_for_silence() {
                None => wakes.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(wait) => wakes.recv_timeout(wait),
            };
            match next {
                Ok(Wake::Request(Request { id, wish: Wish::Stop })) => {
                    self.desk.look_no_more();
                    self.listening.close();
                    self.answer(id, Ok(Answer::Stopped));
                    break;
                }
                Ok(Wake::Request(request)) => self.take(request),
                Ok(Wake::Done { id, answer }) => {
                    self.brakes.remove(&id);
                    self.answer(id, answer);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Wake::PeerGone) | Err(RecvTimeoutError::Disconnected) => {
                    self.desk.look_no_more();
                    self.listening.close();
                    break;
                }
            }
        }
        self.outbox.end();
    }

    fn answer(&mut self, id: u32, answer: Result<Answer, EngineError>) {
        self.pending = self.pending.saturating_sub(1);
        self.outbox.say(Said::Answer { id, answer });
    }

    /// Answers those for whom it was silent long enough; how long to sleep until the next may be.
    fn wait_for_silence(&mut self) -> Option<Duration> {
        let (now, last_frame) = (Instant::now(), self.outbox.last_frame());
        let due = |&(since, until): &(Instant, Instant)| {
            until.min(last_frame.map_or(since, |last| last.max(since)) + SILENCE)
        };
        let settled: Vec<u32> =
            self.settling.iter().filter(|(_, times)| due(times) <= now).map(|(&id, _)| id).collect();
        for id in settled {
            self.settling.remove(&id);
            self.answer(id, Ok(Answer::Settled));
        }
        self.settling.values().map(due).min().map(|next| next.saturating_duration_since(now))
    }

    fn take(&mut self, Request { id, wish }: Request) {
        self.pending += 1;
        if MOST_REQUESTS < self.pending {
            return self.answer(id, Err(EngineError::Unfit("too many requests at once".into())));
        }
        if let Err(error) = wish.check() {
            return self.answer(id, Err(error));
        }
        let wake = self.wake.clone();
        let done = move |answer| send(&wake, Wake::Done { id, answer });
        match wish {
            Wish::Build(wanted) => self.desk.hand_in(move |site| {
                done(site.build(*wanted).map(|lab| Answer::Lab(Box::new(lab))));
            }),
            Wish::Change { known, wanted } => self.desk.hand_in(move |site| {
                done(site.change(*known, *wanted).map(|lab| Answer::Lab(Box::new(lab))));
            }),
            Wish::CarryOut(plan) => self.desk.hand_in(move |site| {
                done(site.carry_out(&plan).map(|lab| Answer::Lab(Box::new(lab))));
            }),
            Wish::Listen => self.desk.hand_in(move |site| {
                site.listen(Box::new(move |taps| done(taps.map(Answer::Taps))));
            }),
            Wish::Follow => {
                self.desk.hand_in(move |site| done(site.follow().map(|()| Answer::Done)));
            }
            Wish::Probe(probe) => self
                .errand_in(id, probe.from.clone(), move |fd| prober::probe(fd, &probe).map(Answer::Outcome)),
            Wish::Run { namespace, command, limit } => {
                let Some(brake) = self.brake_for(id) else { return };
                self.errand_in(id, namespace.clone(), move |fd| {
                    command::run(fd, &namespace, &command, limit, &brake).map(Answer::Command)
                });
            }
            Wish::PingTrain(train) => self.send_train(id, train),
            Wish::StopTrain { id: train } => {
                if let Some(brake) = self.brakes.get(&train) {
                    brake.pull();
                }
                self.answer(id, Ok(Answer::TrainStops));
            }
            Wish::Forget(what) => {
                let (of, outbox) = (namespace_of(&what).clone(), self.outbox.clone());
                self.errand_in(id, of, move |fd| forget(fd, what, &outbox));
            }
            Wish::Settle { limit } => {
                let now = Instant::now();
                self.settling.insert(id, (now, now + limit));
            }
            Wish::Features => {
                self.errand_in(id, NamespaceName::host(), |_| Ok(Answer::Features(features::probe())))
            }
            Wish::OpenTerminal { .. }
            | Wish::Type { .. }
            | Wish::ResizeTerminal { .. }
            | Wish::CloseTerminal(_)
            | Wish::Took { .. } => {
                let answer = self.terminals.take(wish).map(|()| Answer::Done);
                self.answer(id, answer);
            }
            Wish::Stop => {}
        }
    }

    /// With what `StopTrain` ends this; `None`: it was answered that there is none.
    fn brake_for(&mut self, id: u32) -> Option<prober::Brake> {
        match prober::Brake::new() {
            Ok(brake) => {
                self.brakes.insert(id, brake.clone());
                Some(brake)
            }
            Err(error) => {
                let why = format!("it cannot be started, since it could not be stopped: {error}");
                self.answer(id, Err(EngineError::Unfit(why)));
                None
            }
        }
    }

    fn send_train(&mut self, id: u32, train: PingTrain) {
        let Some(brake) = self.brake_for(id) else { return };
        let outbox = self.outbox.clone();
        self.errand_in(id, train.from.clone(), move |fd| {
            let tell = |tally| outbox.say(Said::Progress { id, tally });
            prober::train(fd, &train, &brake, tell).map(Answer::Tally)
        });
    }

    /// Something that takes its time, in a namespace, on a thread of its own: it waits for no plan that
    /// is being carried out, nor for ports that take half a minute until they forward.
    fn errand_in(
        &self,
        id: u32,
        namespace: NamespaceName,
        errand: impl FnOnce(&NamespaceFd) -> Result<Answer, EngineError> + Send + 'static,
    ) {
        let wake = self.wake.clone();
        let run = move || {
            let answer = match kernel::namespace_named(&namespace) {
                Some(fd) => errand(&fd),
                None => Err(EngineError::NoSuchNamespace(namespace)),
            };
            send(&wake, Wake::Done { id, answer });
        };
        if let Err(error) = std::thread::Builder::new().name("errand".into()).spawn(run) {
            let answer = Err(EngineError::Unfit(format!("no thread could be started: {error}")));
            send(&self.wake, Wake::Done { id, answer });
        }
    }
}

/// The loop may have ended already; then nobody waits for this any more.
fn send(wake: &Sender<Wake>, news: Wake) {
    let _ended = wake.send(news);
}

#[expect(clippy::disallowed_methods, reason = "a last resort that only time can call for")]
fn read_requests(socket: UnixStream, wake: &Sender<Wake>) {
    while let Ok(Some(body)) = wire::read_body(&socket, wire::LARGEST_REQUEST) {
        match wire::decode_request(&body) {
            Ok(request) => send(wake, Wake::Request(request)),
            // What cannot be understood cannot be answered either: it has no number.
            Err(error) => {
                eprintln!("hopscope engine: {error}");
                break;
            }
        }
    }
    send(wake, Wake::PeerGone);
    std::thread::sleep(LAST_CHANCE);
    std::process::exit(1);
}

fn namespace_of(what: &Forgotten) -> &NamespaceName {
    match what {
        Forgotten::Neighbours(namespace) => namespace,
        Forgotten::Learned(bridge) => &bridge.namespace,
    }
}

/// Tells everybody as soon as it is done, since what is learned from then on is learned anew.
fn forget(fd: &NamespaceFd, what: Forgotten, outbox: &Outbox) -> Result<Answer, EngineError> {
    let forgotten = match &what {
        Forgotten::Neighbours(_) => kernel::forget_neighbours(fd),
        Forgotten::Learned(bridge) => kernel::forget_learned(fd, &bridge.interface),
    };
    let entries = forgotten.map_err(|error| EngineError::Forget(error.to_string()))?;
    outbox.tell(vec![Event::Forgot { t: wire_now(), what }]);
    Ok(Answer::Forgotten(entries as u64))
}
