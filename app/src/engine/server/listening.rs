//! Taps on every veth end and every bridge, and what is known of them.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use capture::{Event, Tap, TapId, live};
use topology::{
    Ground, Lab, Place,
    kernel::{Kernel, NamespaceFd},
};

use super::outbox::Outbox;
use crate::engine::{now::wire_now, protocol::EngineError};

/// A port without spanning tree forwards some milliseconds after its carrier comes.
const PORTS_WITHOUT_STP: Duration = Duration::from_secs(3);

/// The taps that listen.
#[derive(Default)]
pub struct Listening {
    /// All that ever were: a tap's number is its place here.
    taps: Vec<Tap>,
    /// Where one listens now.
    places: BTreeSet<Place>,
    /// One reader for all taps, so that their frames come merged in order of time.
    open: Option<Arc<live::Taps>>,
}

/// What is needed to open the missing taps, on another thread.
pub struct Opening {
    first: usize,
    places: BTreeSet<Place>,
    open: Option<Arc<live::Taps>>,
}

pub struct Opened {
    taps: Vec<Tap>,
    open: Arc<live::Taps>,
}

impl Listening {
    pub fn opening(&self) -> Opening {
        Opening { first: self.taps.len(), places: self.places.clone(), open: self.open.clone() }
    }

    /// All taps, with the new ones.
    pub fn add(&mut self, opened: Opened) -> Vec<Tap> {
        self.places.extend(opened.taps.iter().map(|tap| tap.at.clone()));
        self.taps.extend(opened.taps);
        self.open = Some(opened.open);
        self.taps.clone()
    }

    /// What is made anew at the same place later needs a new tap.
    pub fn forget_what_is_gone_from(&mut self, lab: &Lab) {
        self.places.retain(|place| lab.interface(place).is_some());
    }

    /// Delivers what is still in the rings, and closes all taps.
    pub fn close(self) {
        // An errand that still holds them ends with the process; else this is the last hold, and closes.
        drop(self.open);
    }
}

impl Opening {
    /// Taps what the kernel has and is not tapped yet. Returns when all listen and all ports forward.
    pub fn open(self, kernel: &mut Kernel, outbox: &Outbox) -> Result<Opened, EngineError> {
        let lab = kernel.observe().map_err(|error| EngineError::Observe(error.to_string()))?;
        let wanted = self.wanted(kernel, &lab)?;
        let taps: Vec<Tap> = wanted.iter().map(|(tap, _)| tap.clone()).collect();
        let failed = |error: live::TapError| EngineError::Listen(error.to_string());
        let open = match &self.open {
            None => {
                let gate = Gate::new(outbox.clone());
                let open = live::Taps::open(wanted, live::Options::default(), gate.sink()).map_err(failed)?;
                gate.lift(&taps);
                Arc::new(open)
            }
            Some(open) => {
                outbox.tell(taps.iter().cloned().map(Event::Tap).collect());
                open.wake().map_err(failed)?;
                open.add(wanted).map_err(failed)?;
                Arc::clone(open)
            }
        };
        // Blocked ports are a lesson, not an error: it is said, and the lab goes on.
        let deadline = Instant::now() + patience(&lab);
        let waiting = kernel
            .wait_until_forwarding(deadline)
            .map_err(|error| EngineError::Observe(error.to_string()))?;
        let caption =
            |port: &Place| Event::Caption { t: wire_now(), text: format!("{port} does not forward yet") };
        outbox.tell(waiting.iter().map(caption).collect());
        Ok(Opened { taps, open })
    }

    fn wanted(&self, kernel: &Kernel, lab: &Lab) -> Result<Vec<(Tap, NamespaceFd)>, EngineError> {
        let places = lab.interfaces().filter(|(_, found)| found.is_tapped()).map(|(place, _)| place);
        let new = places.filter(|place| !self.places.contains(place)).enumerate();
        new.map(|(offset, at)| {
            let number = u32::try_from(self.first + offset)
                .map_err(|_| EngineError::Listen("too many taps".into()))?;
            let fd = kernel.namespace(&at.namespace);
            let fd = fd.ok_or_else(|| EngineError::NoSuchNamespace(at.namespace.clone()))?;
            Ok((Tap { id: TapId(number), at }, fd))
        })
        .collect()
    }
}

/// How long ports may take: with spanning tree they listen and learn for a forward delay each, after
/// the first hellos (IEEE 802.1D-2004, 17.20).
fn patience(lab: &Lab) -> Duration {
    let stp =
        lab.interfaces().filter_map(|(_, interface)| interface.bridge_settings()).filter(|bridge| bridge.stp);
    let delay = stp.map(|bridge| u64::from(bridge.forward_delay.min(30))).max();
    delay.map_or(PORTS_WITHOUT_STP, |delay| Duration::from_secs(2 * delay + 10))
}

/// Holds frames back until their taps have been announced.
struct Gate {
    /// `None`: it is open.
    held: Arc<Mutex<Option<Vec<Event>>>>,
    outbox: Outbox,
}

impl Gate {
    fn new(outbox: Outbox) -> Self {
        Self { held: Arc::new(Mutex::new(Some(Vec::new()))), outbox }
    }

    fn sink(&self) -> impl FnMut(Vec<Event>) + Send + 'static {
        let (held, outbox) = (Arc::clone(&self.held), self.outbox.clone());
        move |mut events| {
            events.retain(|event| !matches!(event, Event::Tap(_)));
            // Told under the lock, so that nothing slips past what is being released.
            match &mut *held.lock().unwrap_or_else(PoisonError::into_inner) {
                Some(held) => held.extend(events),
                None => outbox.tell(events),
            }
        }
    }

    fn lift(self, taps: &[Tap]) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut events: Vec<Event> = taps.iter().cloned().map(Event::Tap).collect();
        events.extend(held.take().unwrap_or_default());
        self.outbox.tell(events);
    }
}
