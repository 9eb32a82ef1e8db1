//! Where the lab stands: the kernel, how it stood last, and who is told of it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use capture::{Event, Tap};
use topology::{Ground, Lab, Place, Plan, Sight, kernel::Kernel, plan::plan, reconcile::reconcile};

use super::{desk::KernelDesk, listening::Listening, names::Names, outbox::Outbox};
use crate::engine::{
    now::wire_now,
    paper,
    protocol::{EngineError, Said},
};

/// A port without spanning tree forwards some milliseconds after its carrier comes.
const PORTS_WITHOUT_STP: Duration = Duration::from_secs(3);
/// While ports are waited for, others get their turn this often.
const TURN: Duration = Duration::from_millis(20);
/// Looks that fail in a row before it is said.
const MOST_FAILURES: u32 = 5;

/// Lives on the kernel's thread.
pub struct Site {
    kernel: Kernel,
    desk: KernelDesk,
    outbox: Outbox,
    listening: Listening,
    /// What was wanted last: of it comes what no kernel knows.
    drawn: Lab,
    /// As it was told last.
    told: Arc<Lab>,
    seen: Sight,
    names: Names,
    is_following: bool,
    /// Looks that failed since one succeeded.
    failures: u32,
}

/// Who waits until all listen that can, and all ports forward.
pub type Heard = Box<dyn FnOnce(Result<Vec<Tap>, EngineError>) + Send>;

impl Site {
    pub fn new(kernel: Kernel, desk: KernelDesk, outbox: Outbox, listening: Listening) -> Self {
        Self {
            kernel,
            desk,
            outbox,
            listening,
            drawn: Lab::default(),
            told: Arc::default(),
            seen: Sight::default(),
            names: Names::default(),
            is_following: false,
            failures: 0,
        }
    }

    /// Makes the kernel look exactly like this.
    pub fn build(&mut self, wanted: Lab) -> Result<Lab, EngineError> {
        let observed = self.observe()?;
        self.make(&observed, &wanted.clone(), wanted)
    }

    /// Does what leads from `known` to `wanted`. Whoever asks has not seen what was typed a moment ago: it stays.
    pub fn change(&mut self, known: Lab, wanted: Lab) -> Result<Lab, EngineError> {
        let observed = if self.is_following {
            // It is told before our own steps are.
            self.look(false)?;
            self.seen.lab.clone()
        } else {
            self.observe()?
        };
        let (known, wanted) = self.names.of_now(known, wanted);
        let all = reconcile(&wanted, &known, &observed);
        self.make(&observed, &all, wanted)
    }

    /// `drawn` is kept for what no kernel knows.
    fn make(&mut self, observed: &Lab, wanted: &Lab, drawn: Lab) -> Result<Lab, EngineError> {
        let done = self.kernel.carry_out(&plan(observed, wanted)).map_err(EngineError::Plan);
        if done.is_ok() {
            self.drawn = drawn;
        }
        self.after_own_steps(done)
    }

    pub fn carry_out(&mut self, plan: &Plan) -> Result<Lab, EngineError> {
        let done = self.kernel.carry_out(plan).map_err(EngineError::Plan);
        self.after_own_steps(done)
    }

    /// From now on every change is told, whoever made it.
    pub fn follow(&mut self) -> Result<(), EngineError> {
        if !self.is_following {
            let desk = self.desk.clone();
            let following = self.kernel.follow(move || desk.wake());
            following.map_err(|error| {
                EngineError::Observe(format!("the kernel's news cannot be followed: {error}"))
            })?;
            self.is_following = true;
        }
        self.look(true).map(|_lab| ())
    }

    /// Taps what is there and is not tapped yet.
    pub fn listen(&mut self, heard: Heard) {
        let lab = if self.is_following { self.look(false) } else { self.observe().map(Arc::new) };
        let lab = match lab {
            Ok(lab) => lab,
            Err(error) => return heard(Err(error)),
        };
        if !self.is_following {
            self.listening.attend(&lab, &self.kernel);
        }
        let (desk, patience) = (self.desk.clone(), patience(&lab));
        self.listening.when_open(!self.is_following, move |taps| match taps {
            Ok(taps) => {
                let deadline = Instant::now() + patience;
                desk.hand_in(move |site| site.until_forwarding(deadline, taps, heard));
            }
            Err(error) => heard(Err(error)),
        });
    }

    pub fn look_no_more(&mut self) {
        self.is_following = false;
    }

    /// Looks at the kernel, for whoever follows it.
    pub fn look_if_following(&mut self) {
        if !self.is_following {
            return;
        }
        let desk = self.desk.clone();
        // Faster than they are taken, looks would only queue up: what happens meanwhile is one look then.
        if !self.outbox.are_sights_out(move || desk.wake()) {
            return;
        }
        match self.look(false) {
            Ok(_lab) => self.failures = 0,
            Err(error) => {
                self.failures += 1;
                if self.failures == MOST_FAILURES {
                    let text = format!("the lab cannot be looked at, and may have changed: {error}");
                    self.outbox.tell(vec![Event::Caption { t: wire_now(), text }]);
                } else if self.failures < MOST_FAILURES {
                    self.desk.wake();
                }
            }
        }
    }

    fn observe(&mut self) -> Result<Lab, EngineError> {
        self.kernel.observe().map_err(|error| EngineError::Observe(error.to_string()))
    }

    fn after_own_steps(&mut self, done: Result<(), EngineError>) -> Result<Lab, EngineError> {
        if self.is_following {
            let lab = self.look(true);
            done?;
            return lab.map(|lab| Lab::clone(&lab));
        }
        done?;
        let lab = paper::onto(self.observe()?, &self.drawn);
        self.told = Arc::new(lab.clone());
        self.listening.forget_what_is_gone_from(&lab);
        self.outbox.tell(vec![Event::Lab { t: wire_now(), lab: Arc::clone(&self.told) }]);
        Ok(lab)
    }

    /// How the kernel stands, told as far as it is new; taps come, change their names, and go with it.
    /// `anyway`: the sight is said even if nothing changed.
    fn look(&mut self, anyway: bool) -> Result<Arc<Lab>, EngineError> {
        // What the look finds may have come a little later, but no frame that a new tap sees is older.
        let t = wire_now();
        let sight = self.kernel.look().map_err(|error| EngineError::Observe(error.to_string()))?;
        paper::rename(&mut self.drawn, &sight.became);
        self.names.became(&sight.became);
        let lab = paper::onto(sight.lab.clone(), &self.drawn);
        if lab != *self.told {
            self.told = Arc::new(lab);
            self.outbox.tell(vec![Event::Lab { t, lab: Arc::clone(&self.told) }]);
        }
        let is_new = sight.lab != self.seen.lab
            || sight.processes != self.seen.processes
            || sight.tables != self.seen.tables;
        if anyway || is_new || !sight.became.is_empty() {
            self.outbox.say(Said::Saw(Box::new(sight.clone())));
        }
        self.listening.follow(t, &sight, &self.kernel);
        self.seen = sight;
        Ok(Arc::clone(&self.told))
    }

    /// In turns, so that errands and looks are not kept waiting by a spanning tree.
    fn until_forwarding(&mut self, deadline: Instant, taps: Vec<Tap>, heard: Heard) {
        let turn = deadline.min(Instant::now() + TURN);
        match self.kernel.wait_until_forwarding(turn) {
            Ok(waiting) if !waiting.is_empty() && Instant::now() < deadline => {
                self.desk.hand_in(move |site| site.until_forwarding(deadline, taps, heard));
            }
            // Blocked ports are a lesson, not an error: it is said, and the lab goes on.
            Ok(waiting) => {
                let caption = |port: &Place| Event::Caption {
                    t: wire_now(),
                    text: format!("{port} does not forward yet"),
                };
                self.outbox.tell(waiting.iter().map(caption).collect());
                heard(Ok(taps));
            }
            Err(error) => heard(Err(EngineError::Observe(error.to_string()))),
        }
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
