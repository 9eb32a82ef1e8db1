//! The one thread that owns the engine: it starts it, changes the lab in it, and ends it.

use std::{
    collections::{BTreeSet, VecDeque},
    process::Command,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, Sender},
    },
    thread::{self, JoinHandle},
};

use topology::{Lab, Place, Sight, Step, plan::plan, reconcile::reconcile};

use super::{about, feed, store::Store, terminals, words};
use crate::{
    desk::{Surroundings, post::Post},
    engine::{
        client::{Asker, Engine, EngineError, StartError},
        paper,
    },
    model::{act::Item, changes::Change, command::News},
};

pub enum Order {
    Start(Arc<Lab>),
    Change(Change),
    Stop,
    /// The engine of this number says nothing any more.
    Ended(u64),
    Quit,
}

/// The lab that runs, for whoever wants to do something in it meanwhile.
#[derive(Clone)]
pub struct Running {
    pub asker: Asker,
    pub lab: Arc<Lab>,
    /// Of its batches; see [`Post::switch_to`].
    pub source: u64,
}

/// Cheap to clone: what runs now, if anything does.
#[derive(Clone, Default)]
pub struct Now(Arc<Mutex<Option<Running>>>);

impl Now {
    pub fn get(&self) -> Option<Running> {
        self.held().clone()
    }

    fn set(&self, running: Option<Running>) {
        *self.held() = running;
    }

    /// How the kernel stands, whoever changed it; what no kernel knows stays.
    fn saw(&self, sight: &Sight) {
        if let Some(running) = &mut *self.held() {
            let mut drawn = Lab::clone(&running.lab);
            paper::rename(&mut drawn, &sight.became);
            running.lab = Arc::new(paper::onto(sight.lab.clone(), &drawn));
        }
    }

    fn held(&self) -> MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct LabKeeper {
    pub surroundings: Surroundings,
    pub post: Post,
    pub store: Store,
    pub now: Now,
    pub orders: Receiver<Order>,
    /// For the news that the engine ended.
    pub own_orders: Sender<Order>,
    pub waiting: VecDeque<Order>,
    pub engines: u64,
    pub up: Option<Up>,
    /// The last change, if it failed.
    pub failed: Option<Change>,
}

/// An engine with a lab in it.
pub struct Up {
    engine: Engine,
    feed: JoinHandle<()>,
    asides: JoinHandle<()>,
}

impl LabKeeper {
    pub fn run(mut self) {
        while let Some(order) = self.next() {
            match order {
                Order::Start(lab) => {
                    self.end();
                    self.start(&lab);
                }
                Order::Change(change) => self.change(change),
                Order::Stop => {
                    self.end();
                    self.post.tell(News::Stopped { why: None });
                }
                Order::Ended(number) if number == self.engines => self.mourn(),
                Order::Ended(_) => {}
                Order::Quit => break,
            }
        }
        self.end();
    }

    /// Several changes in a row are one.
    fn next(&mut self) -> Option<Order> {
        if self.waiting.is_empty() {
            self.waiting.push_back(self.orders.recv().ok()?);
        }
        self.waiting.extend(self.orders.try_iter());
        let order = self.waiting.pop_front()?;
        let Order::Change(mut change) = order else { return Some(order) };
        while let Some(next) = self.waiting.pop_front_if(|next| matches!(next, Order::Change(_))) {
            if let Order::Change(next) = next {
                change = change.then(next);
            }
        }
        Some(Order::Change(change))
    }

    fn start(&mut self, wanted: &Lab) {
        let started = match &self.surroundings.engine {
            Some(program) => Engine::start_by(Command::new(program)),
            None => Engine::start(),
        };
        let mut engine = match started {
            Ok(engine) => engine,
            Err(error) => return self.post.tell(words::refusal(error)),
        };
        self.engines += 1;
        self.store.begin();
        let (feed, source) = match self.start_feed(&mut engine) {
            Ok(started) => started,
            Err(error) => return self.post.tell(words::refusal(error)),
        };
        let asides = match self.start_asides(&mut engine) {
            Ok(started) => started,
            Err(error) => return self.post.tell(words::refusal(error)),
        };
        let asker = engine.asker();
        // From here on it can be told to stop, also in the middle of its first building.
        let running = |lab| Some(Running { asker: asker.clone(), lab, source });
        self.now.set(running(Arc::default()));
        let remarks = engine.sandbox().shortfalls.clone();
        match heard(&asker, &Lab::default(), asker.build(wanted)) {
            Ok((observed, trouble)) => {
                let observed = Arc::new(observed);
                self.now.set(running(Arc::clone(&observed)));
                let taps = taps(&observed).len();
                self.up = Some(Up { engine, feed, asides });
                let remarks = remarks.into_iter().chain(trouble).collect();
                self.post.tell(News::Started { observed, taps, remarks });
                self.follow(&asker);
            }
            Err(error) => {
                self.up = Some(Up { engine, feed, asides });
                let is_gone = matches!(error, EngineError::Gone(_));
                let why = if is_gone { self.how_it_ended() } else { error.to_string() };
                self.end();
                if !self.is_to_stop() {
                    let mend = if is_gone {
                        "run it again; if it happens again, run hopscope doctor"
                    } else {
                        "mend what it is about in the drawing, and run it again"
                    };
                    let what = "the lab could not be built".into();
                    self.post.tell(News::Refused { what, why, mend: mend.into() });
                }
            }
        }
    }

    fn start_feed(&self, engine: &mut Engine) -> Result<(JoinHandle<()>, u64), StartError> {
        let silent = |why: &str| StartError::Silent(why.to_owned());
        let events = engine.take_events().ok_or_else(|| silent("somebody else hears its events"))?;
        let source = self.post.source();
        let (store, orders) = (self.store.clone(), self.own_orders.clone());
        let (number, source_number) = (self.engines, source.number());
        let run = move || {
            feed::run(&events, source, &store);
            // The lab's thread has ended before us if nobody takes it.
            let _nobody = orders.send(Order::Ended(number));
        };
        let feed = thread::Builder::new().name("feed".into()).spawn(run);
        feed.map(|feed| (feed, source_number)).map_err(|error| silent(&error.to_string()))
    }

    /// From now on what is typed in the lab is seen as well as what is drawn.
    fn follow(&self, asker: &Asker) {
        match asker.follow() {
            // Its end is told as such.
            Ok(()) | Err(EngineError::Gone(_)) => {}
            Err(error) => {
                let words = format!("what is typed in the lab will not be seen: {error}");
                self.post.tell(News::Notice { words, is_bad: true });
            }
        }
    }

    fn start_asides(&self, engine: &mut Engine) -> Result<JoinHandle<()>, StartError> {
        let silent = |why: &str| StartError::Silent(why.to_owned());
        let asides = engine.take_asides().ok_or_else(|| silent("somebody else hears what it says"))?;
        let (post, now) = (self.post.clone(), self.now.clone());
        let run = move || terminals::pass_on(&asides, &post, |sight| now.saw(sight));
        let asides = thread::Builder::new().name("asides".into()).spawn(run);
        asides.map_err(|error| silent(&error.to_string()))
    }

    fn change(&mut self, change: Change) {
        // A change that comes too late has been answered by the end of the lab.
        let Some(Running { asker, lab: before, .. }) = self.now.get() else { return };
        let change = match self.failed.take() {
            Some(failed) => change.after_failed(&failed),
            None => change,
        };
        let Change { number, known, wanted, .. } = &change;
        let steps = plan(&before, &reconcile(wanted, known, &before)).steps;
        let is_on_paper_only = steps.iter().all(|step| matches!(step, Step::Move { .. }));
        let built = match is_on_paper_only {
            true => Ok((paper::onto(Lab::clone(&before), wanted), None)),
            false => heard(&asker, &before, asker.change(known, wanted)),
        };
        match built {
            Ok((observed, trouble)) => {
                let observed = Arc::new(observed);
                if let Some(running) = &mut *self.now.held() {
                    running.lab = Arc::clone(&observed);
                }
                let taps = taps(&observed).len();
                self.post.tell(News::Changed { number: *number, observed, taps });
                if let Some(words) = trouble {
                    self.post.tell(News::Notice { words, is_bad: true });
                }
            }
            // Its end is told as such.
            Err(EngineError::Gone(_)) => {}
            Err(error) => {
                let about = about_which(&error, wanted);
                self.post.tell(News::ChangeFailed { number: *number, about, why: error.to_string() });
                self.failed = Some(change);
            }
        }
    }

    /// Ends what runs, in order; returns when everything that was seen has been told.
    fn end(&mut self) {
        let Some(Up { engine, feed, asides, .. }) = self.up.take() else { return };
        self.now.set(None);
        // An engine that is gone already has ended too.
        let _gone = engine.stop();
        // It ends with the engine's events; a panic in it was printed.
        let _ended = feed.join();
        let _ended = asides.join();
    }

    /// The engine ended by itself.
    fn mourn(&mut self) {
        if self.up.is_none() {
            return;
        }
        let why = self.how_it_ended();
        self.end();
        self.post.tell(News::Stopped { why: Some(why) });
    }

    fn how_it_ended(&mut self) -> String {
        let ended = self.up.as_mut().map(|up| up.engine.how_it_ended()).unwrap_or_default();
        format!("the engine ended by itself, and the lab with it: {ended}")
    }

    fn is_to_stop(&mut self) -> bool {
        self.waiting.extend(self.orders.try_iter());
        self.waiting.iter().any(|order| matches!(order, Order::Stop | Order::Quit))
    }
}

/// What was built, once what is new in it is listened to; what of the latter failed comes beside the lab.
fn heard(
    asker: &Asker,
    before: &Lab,
    built: Result<Lab, EngineError>,
) -> Result<(Lab, Option<String>), EngineError> {
    let observed = built?;
    if taps(before) == taps(&observed) {
        return Ok((observed, None));
    }
    match asker.listen() {
        Ok(_taps) => Ok((observed, None)),
        Err(gone @ EngineError::Gone(_)) => Err(gone),
        Err(error) => Ok((observed, Some(error.to_string()))),
    }
}

/// Where taps are, and whether they can listen there.
fn taps(lab: &Lab) -> BTreeSet<(Place, bool)> {
    let tapped = lab.interfaces().filter(|(_, found)| found.is_tapped());
    tapped.map(|(at, found)| (at, found.up)).collect()
}

fn about_which(error: &EngineError, wanted: &Lab) -> Option<Item> {
    match error {
        EngineError::Plan(failure) => Some(about::item(&failure.step, wanted)),
        _ => None,
    }
}
