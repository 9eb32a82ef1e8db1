//! The desk's threads, and how to wait until all have ended, for so long at most.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use super::post::Post;
use crate::model::command::News;

/// Cheap to clone. Every thread holds a sender that never sends: when all have ended, the receiver knows.
#[derive(Clone)]
pub struct Threads {
    alive: SyncSender<()>,
    ended: Arc<Mutex<Receiver<()>>>,
    post: Post,
}

impl Threads {
    pub fn new(post: Post) -> Self {
        let (alive, ended) = sync_channel(0);
        Self { alive, ended: Arc::new(Mutex::new(ended)), post }
    }

    /// `name` in words, for the case that the system gives no thread.
    pub fn start(&self, name: &str, run: impl FnOnce() + Send + 'static) {
        let alive = self.alive.clone();
        let run = move || {
            run();
            drop(alive);
        };
        if let Err(error) = thread::Builder::new().name(name.to_owned()).spawn(run) {
            let words = format!("the system gives no thread for the {name}: {error}");
            self.post.tell(News::Notice { words, is_bad: true });
        }
    }

    /// Waits until the last one has ended; false when the time is over before.
    pub fn wait(self, limit: Duration) -> bool {
        let Self { alive, ended, post: _ } = self;
        drop(alive);
        let ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(ended.recv_timeout(limit), Err(std::sync::mpsc::RecvTimeoutError::Disconnected))
    }
}
