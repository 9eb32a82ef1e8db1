//! The bounded queue towards the caller, and the thread that empties it into the socket.
//!
//! Events and answers share it, so that an answer never overtakes an event that came before.
//! When it is full, frames are left out and counted; nothing ever waits for the caller.
//! Looks at the kernel have a lane of their own: a flood of frames does not keep them waiting.

use std::{
    collections::VecDeque,
    io::Write,
    os::unix::net::UnixStream,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Instant,
};

use capture::Event;

use crate::engine::{
    losses::Losses,
    now::wire_now,
    protocol::{Message, Said},
    wire,
};

/// Octets of frames that may wait for the socket.
const LIMIT: usize = 32 << 20;
/// Octets of frames that go into one message; far below what one may hold.
const BATCH: usize = 1 << 20;

/// Cheap to clone: a handle to the one queue.
#[derive(Clone)]
pub struct Outbox {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    /// Something came, or the end was announced.
    news: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Message>,
    /// These go out before all in the queue.
    sights: VecDeque<Message>,
    /// How many of them wait or are on their way through the socket.
    sights_waiting: usize,
    /// To be called when there are none.
    when_sights_are_out: Option<Bell>,
    /// Octets in the queue and on their way through the socket.
    waiting: usize,
    losses: Losses,
    last_frame: Option<Instant>,
    ending: bool,
}

type Bell = Box<dyn FnOnce() + Send>;

impl Outbox {
    /// The queue, and the thread that writes until [`Outbox::end`] or until the caller is gone.
    pub fn open(socket: UnixStream) -> std::io::Result<(Self, JoinHandle<()>)> {
        let shared = Arc::new(Shared { state: Mutex::default(), news: Condvar::new() });
        let outbox = Self { shared };
        let emptied = outbox.clone();
        let writer =
            std::thread::Builder::new().name("outbox".into()).spawn(move || emptied.empty_into(socket))?;
        Ok((outbox, writer))
    }

    pub fn say(&self, said: Said) {
        let mut state = self.lock();
        if !state.ending {
            if matches!(said, Said::Saw(_)) {
                state.sights_waiting += 1;
                state.sights.push_back(Message::Said(said));
            } else {
                state.queue.push_back(Message::Said(said));
            }
            self.shared.news.notify_one();
        }
    }

    pub fn tell(&self, mut events: Vec<Event>) {
        let mut state = self.lock();
        if state.ending || events.is_empty() {
            return;
        }
        if events.iter().any(|event| matches!(event, Event::Frame(_))) {
            state.last_frame = Some(Instant::now());
        }
        let State { losses, waiting, .. } = &mut *state;
        events.retain(|event| *waiting < LIMIT || !losses.leave_out(event));
        for event in &mut events {
            losses.add_up(event);
        }
        if *waiting < LIMIT && losses.has_news() {
            events.extend(losses.news(wire_now()));
        }
        if !events.is_empty() {
            *waiting += size_of_all(&events);
            state.queue.push_back(Message::Events(events));
            self.shared.news.notify_one();
        }
    }

    /// When the last frame came, if one did.
    pub fn last_frame(&self) -> Option<Instant> {
        self.lock().last_frame
    }

    /// Whether every look at the kernel that was said has gone out. If not, `ring` is called when it has, in place of
    /// what was to be called before.
    pub fn are_sights_out(&self, ring: impl FnOnce() + Send + 'static) -> bool {
        let mut state = self.lock();
        let are_out = state.sights_waiting == 0;
        if !are_out {
            state.when_sights_are_out = Some(Box::new(ring));
        }
        are_out
    }

    /// What is in the queue is still written; what comes now is not taken.
    pub fn end(&self) {
        self.lock().ending = true;
        self.shared.news.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole between any two lines that could panic.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Message> {
        let mut state = self.lock();
        loop {
            let sight = state.sights.pop_front();
            if let Some(message) = sight.or_else(|| state.queue.pop_front()) {
                return Some(message);
            }
            if state.losses.has_news() {
                let news = state.losses.news(wire_now());
                return Some(Message::Events(news));
            }
            if state.ending {
                return None;
            }
            state = self.shared.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn empty_into(&self, mut socket: UnixStream) {
        while let Some(message) = self.next() {
            let mut written = Ok(());
            for (message, size) in in_batches(message) {
                // What cannot be encoded is over the limit of a message: the caller must not wait for it.
                let bytes = wire::encode_message(&message)
                    .or_else(|error| wire::encode_message(&excuse(&message, &error)));
                written = written.and_then(|()| bytes.map_or(Ok(()), |bytes| socket.write_all(&bytes)));
                self.is_out(&message, size);
            }
            if written.is_err() {
                // The reading thread notices the same and ends the engine.
                self.end();
                let mut state = self.lock();
                state.queue.clear();
                state.sights.clear();
                return;
            }
        }
        let _already_gone = socket.shutdown(std::net::Shutdown::Write);
    }

    /// It went through the socket.
    fn is_out(&self, message: &Message, size: usize) {
        let mut state = self.lock();
        state.waiting = state.waiting.saturating_sub(size);
        if matches!(message, Message::Said(Said::Saw(_))) {
            state.sights_waiting = state.sights_waiting.saturating_sub(1);
        }
        let ring = if state.sights_waiting == 0 { state.when_sights_are_out.take() } else { None };
        drop(state);
        if let Some(ring) = ring {
            ring();
        }
    }
}

/// An answer that says why the real one did not fit.
fn excuse(message: &Message, error: &wire::WireError) -> Message {
    use crate::engine::protocol::EngineError;
    match message {
        Message::Said(Said::Answer { id, .. }) => {
            Message::Said(Said::Answer { id: *id, answer: Err(EngineError::Unfit(error.to_string())) })
        }
        Message::Said(_) | Message::Events(_) => {
            Message::Events(vec![Event::Caption { t: wire_now(), text: format!("not shown: {error}") }])
        }
    }
}

fn size_of(event: &Event) -> usize {
    64 + if let Event::Frame(frame) = event { frame.bytes.len() } else { 0 }
}

fn size_of_all(events: &[Event]) -> usize {
    events.iter().map(size_of).sum()
}

/// Cuts a long list of events into several, each with its size.
fn in_batches(message: Message) -> Vec<(Message, usize)> {
    let events = match message {
        Message::Events(events) => events,
        said @ Message::Said(_) => return vec![(said, 0)],
    };
    let mut batches = Vec::new();
    let (mut batch, mut size) = (Vec::new(), 0);
    for event in events {
        size += size_of(&event);
        batch.push(event);
        if BATCH <= size {
            batches.push((Message::Events(std::mem::take(&mut batch)), std::mem::take(&mut size)));
        }
    }
    if !batch.is_empty() {
        batches.push((Message::Events(batch), size));
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use capture::{Direction, Frame, TapId, WireNs};

    fn frames(count: usize, len: usize) -> Vec<Event> {
        let bytes: Arc<[u8]> = vec![0; len].into();
        let frame = |_| Frame {
            tap: TapId(0),
            t: WireNs(0),
            direction: Direction::In,
            bytes: Arc::clone(&bytes),
            original_len: 60,
        };
        (0..count).map(frame).map(Event::Frame).collect()
    }

    #[test]
    fn a_look_overtakes_frames_and_says_when_it_is_out() {
        let (ours, theirs) = UnixStream::pair().expect("a socket pair");
        let (outbox, writer) = Outbox::open(ours).expect("a thread");
        assert!(outbox.are_sights_out(|| ()));
        let told: usize = 40;
        (0..told).for_each(|_| outbox.tell(frames(10, 60_000)));
        outbox.say(Said::Saw(Box::default()));
        let (rung, out) = std::sync::mpsc::channel();
        assert!(!outbox.are_sights_out(move || rung.send(()).expect("it is waited for")));
        let mut messages_before = 0;
        while let Message::Events(_) = next_of(&theirs) {
            messages_before += 1;
        }
        assert!(messages_before < told / 2, "{messages_before} messages were before it");
        outbox.end();
        while wire::read_body(&theirs, wire::LARGEST_MESSAGE).expect("whole messages").is_some() {}
        writer.join().expect("the writer ends");
        out.recv().expect("it was rung");
        assert!(outbox.are_sights_out(|| ()));
    }

    fn next_of(socket: &UnixStream) -> Message {
        let body =
            wire::read_body(socket, wire::LARGEST_MESSAGE).expect("a whole message").expect("a message");
        wire::decode_message(&body).expect("it makes sense")
    }

    /// Nobody reads until all has been told: some is lost, and what is lost is said to the frame.
    #[test]
    fn a_caller_that_does_not_read_loses_frames_and_learns_how_many() {
        let (ours, theirs) = UnixStream::pair().expect("a socket pair");
        let (outbox, writer) = Outbox::open(ours).expect("a thread");
        let told: usize = 80;
        (0..told).for_each(|_| outbox.tell(frames(10, 60_000)));
        outbox.tell(vec![Event::Caption { t: WireNs(0), text: "stays".into() }]);
        outbox.end();
        let (mut seen, mut lost, mut captions) = (0, 0, 0);
        while let Some(body) = wire::read_body(&theirs, wire::LARGEST_MESSAGE).expect("whole messages") {
            let Ok(Message::Events(events)) = wire::decode_message(&body) else { panic!("only events") };
            for event in events {
                match event {
                    Event::Frame(_) => seen += 1,
                    Event::Lost { frames, .. } => lost = frames,
                    Event::Caption { .. } => captions += 1,
                    Event::Lab { .. } | Event::Tap(_) | Event::Missed { .. } | Event::Forgot { .. } => {
                        panic!("not told")
                    }
                }
            }
        }
        writer.join().expect("the writer ends");
        assert!(0 < lost, "{seen} frames all fitted");
        assert_eq!((seen + lost, captions), (told as u64 * 10, 1));
    }
}
