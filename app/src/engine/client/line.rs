//! The line to the engine: requests go in by number, and what is said to each comes out at who asked it.

use std::{
    collections::BTreeMap,
    io::Write,
    net::Shutdown,
    os::unix::net::UnixStream,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, Sender},
    },
};

use crate::engine::{
    protocol::{Answer, EngineError, Request, Said, Tally, Wish},
    wire,
};

/// What is said to one request.
#[derive(Debug)]
pub enum Reply {
    /// It goes on.
    Progress(Tally),
    /// Nothing more comes after it.
    Answer(Result<Answer, EngineError>),
}

/// Cheap to clone; every clone is the same line.
#[derive(Clone, Debug)]
pub struct Line {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Whole requests are written under this lock.
    socket: Mutex<UnixStream>,
    desk: Mutex<Desk>,
    /// How many messages came, of whatever kind.
    messages: AtomicU64,
}

#[derive(Debug, Default)]
struct Desk {
    last_id: u32,
    waiting: BTreeMap<u32, Sender<Reply>>,
    /// Why nothing is said any more.
    gone: Option<String>,
}

impl Line {
    pub fn new(socket: UnixStream) -> Self {
        let (socket, desk) = (Mutex::new(socket), Mutex::default());
        Self { shared: Arc::new(Shared { socket, desk, messages: AtomicU64::new(0) }) }
    }

    /// A message came.
    pub fn count(&self) {
        self.shared.messages.fetch_add(1, Ordering::Relaxed);
    }

    /// How many came so far: as long as it grows, the engine is busy and has not hung.
    pub fn counted(&self) -> u64 {
        self.shared.messages.load(Ordering::Relaxed)
    }

    /// Sends a request, and gives its number and where the answer will come. When the engine is gone, that
    /// is the answer.
    pub fn send(&self, wish: Wish) -> Result<(u32, Receiver<Reply>), EngineError> {
        let (reply, replies) = mpsc::channel();
        let id = {
            let mut desk = self.desk();
            if let Some(why) = &desk.gone {
                return Err(EngineError::Gone(why.clone()));
            }
            desk.last_id = desk.last_id.wrapping_add(1);
            let id = desk.last_id;
            desk.waiting.insert(id, reply);
            id
        };
        let bytes = wire::encode_request(&Request { id, wish }).inspect_err(|_| self.give_up(id));
        let bytes = bytes.map_err(|error| EngineError::Unfit(error.to_string()))?;
        // When this fails, the reader knows better why, and tells it to everybody who waits.
        let _sent = self.shared.socket.lock().unwrap_or_else(PoisonError::into_inner).write_all(&bytes);
        Ok((id, replies))
    }

    /// Nobody waits for this answer any more: whoever does is told so.
    pub fn give_up(&self, id: u32) {
        if let Some(reply) = self.desk().waiting.remove(&id) {
            reply.send(Reply::Answer(Err(EngineError::GivenUp))).unwrap_or_default();
        }
    }

    /// Hands on what the engine said. What nobody waits for is let go.
    pub fn hear(&self, said: Said) -> Result<(), String> {
        let mut desk = self.desk();
        match said {
            Said::Answer { id, answer } => {
                if let Some(reply) = desk.waiting.remove(&id) {
                    reply.send(Reply::Answer(answer)).unwrap_or_default();
                }
            }
            Said::Progress { id, tally } => {
                if let Some(reply) = desk.waiting.get(&id) {
                    reply.send(Reply::Progress(tally)).unwrap_or_default();
                }
            }
            // The reader passes asides on elsewhere.
            Said::Ready(_) | Said::Refused(_) | Said::Terminal { .. } | Said::Saw(_) => {
                return Err(format!("it is out of step: {said:?}"));
            }
        }
        Ok(())
    }

    /// Nothing will be said any more: whoever waits learns why.
    pub fn end(&self, why: &str) {
        let mut desk = self.desk();
        for reply in std::mem::take(&mut desk.waiting).into_values() {
            reply.send(Reply::Answer(Err(EngineError::Gone(why.to_owned())))).unwrap_or_default();
        }
        desk.gone.get_or_insert_with(|| why.to_owned());
    }

    /// Ends the line on both sides; the engine sees it as our end.
    pub fn hang_up(&self) {
        let socket = self.shared.socket.lock().unwrap_or_else(PoisonError::into_inner);
        let _closed_already = socket.shutdown(Shutdown::Both);
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        // It is whole between any two lines that could panic.
        self.shared.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
