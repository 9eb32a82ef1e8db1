//! The thread that opens taps, one batch after the other, and closes all in the end.

use std::{
    mem,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, SyncSender},
    },
};

use capture::{
    Event, Tap, TapId,
    live::{self, Refused, Wanted},
};
use topology::Place;

use super::{
    lock,
    spots::{Reading, Spots, TRIES},
};
use crate::engine::{now::wire_now, protocol::EngineError, server::outbox::Outbox};

pub enum Job {
    Open(Vec<Wanted>),
    /// When all that was wanted before is open.
    Then {
        strictly: bool,
        then: Then,
    },
    Close(SyncSender<()>),
}

pub type Then = Box<dyn FnOnce(Result<Vec<Tap>, EngineError>) + Send>;

pub struct Opener {
    pub spots: Arc<Mutex<Spots>>,
    pub outbox: Outbox,
    /// The lab should be looked at again.
    pub bell: Arc<dyn Fn() + Send + Sync>,
}

impl Opener {
    pub fn run(self, inbox: &Receiver<Job>) {
        while let Ok(job) = inbox.recv() {
            let (mut wanted, mut waiting, mut closing) = (Vec::new(), Vec::new(), None);
            for job in std::iter::once(job).chain(inbox.try_iter()) {
                match job {
                    Job::Open(more) => wanted.extend(more),
                    Job::Then { strictly, then } => waiting.push((strictly, then)),
                    Job::Close(done) => closing = Some(done),
                }
            }
            if let Some(done) = closing {
                self.close();
                // Nobody waits any more if this fails.
                let _waited = done.send(());
                return;
            }
            if !wanted.is_empty() {
                self.open(wanted);
            }
            waiting.into_iter().for_each(|(strictly, then)| self.tell(strictly, then));
        }
    }

    fn close(&self) {
        let reading = mem::replace(&mut lock(&self.spots).reading, Reading::Closed);
        // The last hold, since all others are short and under the lock: dropped, it closes them.
        drop(reading);
    }

    fn tell(&self, strictly: bool, then: Then) {
        let mut spots = lock(&self.spots);
        let refusal = if strictly { spots.take_refusal() } else { None };
        let taps = spots.taps().to_vec();
        drop(spots);
        then(refusal.map_or(Ok(taps), |why| Err(EngineError::Listen(why))));
    }

    fn open(&self, wanted: Vec<Wanted>) {
        let places: Vec<Place> = wanted.iter().map(|wanted| wanted.at.clone()).collect();
        let mut opened: Vec<(Place, TapId)> = Vec::new();
        let result = self.taps().and_then(|taps| {
            let number = |at: &Place| {
                let id = lock(&self.spots).number(at);
                opened.push((at.clone(), id));
                id
            };
            taps.add_found(wanted, number).map(|refused| (taps, refused))
        });
        match result {
            Ok((taps, refused)) => {
                for (at, id) in opened {
                    if !lock(&self.spots).listens(&at, id) {
                        // It went, or has another name by now.
                        taps.remove(id);
                        (self.bell)();
                    }
                }
                refused.into_iter().for_each(|refused| self.refused(refused));
            }
            Err(error) => places.iter().for_each(|at| self.failed(at, &error.to_string())),
        }
    }

    fn refused(&self, Refused { at, why }: Refused) {
        match why {
            Some(why) => self.failed(&at, &why.to_string()),
            None => {
                lock(&self.spots).is_down(&at);
                (self.bell)();
            }
        }
    }

    /// Most likely it has vanished, and the next look says so.
    fn failed(&self, at: &Place, why: &str) {
        let failures = lock(&self.spots).refused(at, why);
        if failures == TRIES {
            let text = format!("what crosses {at} is not shown: {why}");
            self.outbox.tell(vec![Event::Caption { t: wire_now(), text }]);
        } else {
            (self.bell)();
        }
    }

    /// What reads them all; started for the first.
    fn taps(&self) -> Result<Arc<live::Taps>, live::TapError> {
        let mut spots = lock(&self.spots);
        if let Reading::Open(taps) = &spots.reading {
            return Ok(Arc::clone(taps));
        }
        let outbox = self.outbox.clone();
        let sink = move |events| outbox.tell(events);
        let taps = Arc::new(live::Taps::open(Vec::new(), live::Options::default(), sink)?);
        let bell = Arc::clone(&self.bell);
        taps.when_gone(move || bell());
        spots.reading = Reading::Open(Arc::clone(&taps));
        Ok(taps)
    }
}
