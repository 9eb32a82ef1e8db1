//! Labs that run: the engine, what it sees, and what is done in it.

mod about;
mod acts;
mod feed;
mod kept;
mod lab;
mod store;
mod taping;
mod terminals;
mod words;

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        mpsc::{Sender, channel},
    },
};

use capture::{Event, WireNs};
use topology::{Lab, NamespaceName};

use self::{
    acts::Acts,
    lab::{LabKeeper, Now, Order},
    store::Store,
    terminals::{Terminals, Wish},
};
use super::{Surroundings, post::Post, threads::Threads};
use crate::{
    model::{
        act::{Act, ActId},
        changes::Change,
        command::News,
    },
    terminal::{TerminalId, TerminalSize},
};

/// The desk's side of running labs. Nothing here waits.
pub struct Live {
    orders: Sender<Order>,
    now: Now,
    acts: Acts,
    terminals: Terminals,
    store: Store,
    surroundings: Surroundings,
    threads: Threads,
    post: Post,
}

impl Live {
    pub fn open(surroundings: &Surroundings, post: &Post, threads: &Threads) -> Self {
        // Bounded by what a person can ask for: changes that wait are skipped.
        let (orders, inbox) = channel();
        let (now, store) = (Now::default(), Store::new(post.clone()));
        let keeper = LabKeeper {
            surroundings: surroundings.clone(),
            post: post.clone(),
            store: store.clone(),
            now: now.clone(),
            orders: inbox,
            own_orders: orders.clone(),
            waiting: VecDeque::new(),
            engines: 0,
            up: None,
            failed: None,
        };
        threads.start("lab", || keeper.run());
        let acts = Acts::new(post.clone());
        let terminals = Terminals::open(now.clone(), post, threads);
        let (surroundings, threads, post) = (surroundings.clone(), threads.clone(), post.clone());
        Self { orders, now, acts, terminals, store, surroundings, threads, post }
    }

    pub fn start(&self, lab: Arc<Lab>) {
        self.order(Order::Start(lab));
    }

    pub fn change(&self, change: Change) {
        self.order(Order::Change(change));
    }

    /// Also in the middle of a change, or while a bridge takes its time.
    pub fn stop(&self) {
        self.order(Order::Stop);
        self.hurry();
    }

    pub fn act(&self, id: ActId, act: Act) {
        match self.now.get() {
            Some(running) => self.acts.begin(id, act, running.asker, running.lab),
            None => self.acts.refuse(id, "no lab runs"),
        }
    }

    pub fn stop_act(&self, id: ActId) {
        self.acts.stop(id);
    }

    /// Tells when they have come, or when nobody can say.
    pub fn let_taps_come(&self, has_stp: bool) {
        let (now, post) = (self.now.clone(), self.post.clone());
        self.threads.start("taps of what was typed", move || {
            // An engine that has ended says so itself.
            let _ended = now.get().map(|running| running.asker.let_taps_come(has_stp));
            post.tell(News::TapsCame);
        });
    }

    pub fn open_terminal(&self, terminal: TerminalId, namespace: NamespaceName, size: TerminalSize) {
        self.terminals.wish(Wish::Open { terminal, namespace, size });
    }

    pub fn type_into(&self, terminal: TerminalId, bytes: Vec<u8>) {
        self.terminals.wish(Wish::Type { terminal, bytes });
    }

    pub fn resize_terminal(&self, terminal: TerminalId, size: TerminalSize) {
        self.terminals.wish(Wish::Resize { terminal, size });
    }

    pub fn close_terminal(&self, terminal: TerminalId) {
        self.terminals.wish(Wish::Close(terminal));
    }

    pub fn start_recording(&self) {
        let (store, folder) = (self.store.clone(), self.surroundings.recordings.clone());
        self.threads.start("start of a recording", move || store.start_taping(&folder));
    }

    pub fn stop_recording(&self) {
        let store = self.store.clone();
        self.threads.start("end of a recording", move || store.stop_taping(true));
    }

    pub fn caption(&self, at: WireNs, text: String) {
        let store = self.store.clone();
        self.threads.start("caption", move || store.caption(at, text));
    }

    /// What was seen in the last minutes; `None` where nothing ever ran.
    pub fn events(&self) -> Option<Box<dyn Iterator<Item = Event> + Send>> {
        self.store.events().map(|events| Box::new(events) as _)
    }

    /// The source of the lab that runs.
    pub fn source(&self) -> Option<u64> {
        self.now.get().map(|running| running.source)
    }

    /// Begins the end; it has come when the threads have ended.
    pub fn end(&self) {
        self.acts.stop_all();
        self.terminals.wish(Wish::Quit);
        let _ended_already = self.orders.send(Order::Quit);
        self.hurry();
    }

    fn hurry(&self) {
        if let Some(running) = self.now.get() {
            running.asker.tell_to_stop();
        }
    }

    fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            let words = "labs cannot be run any more: their thread has ended".to_owned();
            self.post.tell(News::Notice { words, is_bad: true });
        }
    }
}

/// Also without an orderly end no engine stays.
impl Drop for Live {
    fn drop(&mut self) {
        self.end();
    }
}
