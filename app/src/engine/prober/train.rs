//! Echo requests one after the other over one socket, as fast or as slowly as asked for.

use std::{
    collections::VecDeque,
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
    sync::Arc,
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, ppoll},
    sys::{
        eventfd::{EfdFlags, EventFd},
        socket::{MsgFlags, recv, send},
        time::TimeSpec,
    },
};

use super::{
    echo::{Echo, is_about_us},
    verdict::{Verdict, arp_went_unanswered, kept_error},
};
use crate::engine::protocol::{PROGRESS_EVERY, Pace, PingTrain, Tally};

/// A flood goes on after this long without an answer, as that of ping(8) does.
const IMPATIENCE: Duration = Duration::from_millis(10);
/// A flood makes up for what it was late, if that is not more than this; so that many small delays do not
/// make it slower than it was asked to be.
const CATCHING_UP: Duration = Duration::from_millis(5);
/// So many requests may wait for their answers; older ones count as unanswered.
const MOST_UNDER_WAY: usize = 4096;
/// Answers taken before it is time to look at the clock again.
const AT_ONCE: usize = 64;

/// Ends a train from another thread. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Brake(Arc<EventFd>);

impl Brake {
    pub fn new() -> io::Result<Self> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        Ok(Self(Arc::new(EventFd::from_flags(flags)?)))
    }

    pub fn pull(&self) {
        // It can only fail when it was pulled 2^64 times before.
        let _pulled_already = self.0.write(1);
    }

    /// Can be read once it was pulled.
    pub fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Sends the train from the calling thread's namespace; `tell` hears how it stands on the way.
///
/// # Errors
/// What is about us, such as no descriptors left. What is about the network is in the tally.
pub fn run(train: &PingTrain, brake: &Brake, tell: impl FnMut(Tally)) -> io::Result<Tally> {
    let echo = Echo {
        to: train.to,
        sequence: 1,
        identifier: train.identifier,
        payload_len: train.payload_len,
        ttl: None,
    };
    let now = Instant::now();
    let mut running = Running {
        train,
        brake,
        tell,
        echo,
        socket: None,
        waiting: VecDeque::new(),
        tally: Tally::default(),
        sum: Duration::ZERO,
        last: now,
        next: now,
        told: now,
        untold: false,
        buffer: vec![0; usize::from(u16::MAX) + 1],
    };
    running.run()?;
    Ok(running.end())
}

struct Running<'a, T> {
    train: &'a PingTrain,
    brake: &'a Brake,
    tell: T,
    echo: Echo,
    /// `None` as long as none can be had, since there is no route for one.
    socket: Option<OwnedFd>,
    /// Sequence numbers and times of sending, oldest first.
    waiting: VecDeque<(u16, Instant)>,
    tally: Tally,
    /// Of all round trips.
    sum: Duration,
    /// Of a flood: when the last request was to leave, or left if that was much later.
    last: Instant,
    /// When the next request may leave.
    next: Instant,
    told: Instant,
    untold: bool,
    buffer: Vec<u8>,
}

/// Between two requests of a flood.
fn interval(at_most: u32) -> Duration {
    Duration::from_secs(1) / at_most.max(1)
}

impl<T: FnMut(Tally)> Running<'_, T> {
    fn run(&mut self) -> io::Result<()> {
        loop {
            let now = Instant::now();
            self.give_up_on_old_ones(now);
            let remain = self.train.count.is_none_or(|count| self.tally.sent < count);
            if !remain && self.waiting.is_empty() {
                return Ok(());
            }
            if remain && self.next <= now {
                self.send(now)?;
            }
            self.tell_now_and_then(now);
            if self.wait(remain)? {
                return Ok(());
            }
            self.receive()?;
        }
    }

    fn send(&mut self, now: Instant) -> io::Result<()> {
        self.tally.sent = self.tally.sent.saturating_add(1);
        self.untold = true;
        let sent = self.open().and_then(|()| {
            let socket = self.socket.as_ref().ok_or(Errno::ENOTCONN)?;
            send(socket.as_raw_fd(), &self.echo.request(), MsgFlags::MSG_DONTWAIT)
        });
        match sent {
            Ok(_) => {
                if MOST_UNDER_WAY <= self.waiting.len() {
                    self.waiting.pop_front();
                }
                self.waiting.push_back((self.echo.sequence, now));
            }
            Err(errno) => self.refused(errno)?,
        }
        self.echo.sequence = self.echo.sequence.checked_add(1).unwrap_or(1);
        self.next = match self.train.pace {
            // From what was due, so that small delays do not add up; but missed turns are not made up for.
            Pace::Every(rest) => (self.next + rest).max(now),
            Pace::Flood { at_most } => {
                let due = self.last + interval(at_most);
                self.last = if due + CATCHING_UP < now { now } else { due };
                now + IMPATIENCE
            }
        };
        Ok(())
    }

    fn open(&mut self) -> Result<(), Errno> {
        if self.socket.is_none() {
            self.socket = Some(self.echo.open()?);
        }
        Ok(())
    }

    fn refused(&mut self, errno: Errno) -> io::Result<()> {
        if is_about_us(errno) {
            return Err(errno.into());
        }
        self.trouble(Verdict::of_errno(errno, self.train.to));
        Ok(())
    }

    fn trouble(&mut self, verdict: Verdict) {
        self.tally.trouble = Some(verdict.plain);
        self.untold = true;
    }

    /// Sleeps until there is something to do; true when the brake was pulled.
    fn wait(&mut self, remain: bool) -> io::Result<bool> {
        let now = Instant::now();
        let timeout = self.waiting.front().map(|(_, sent)| *sent + self.train.timeout);
        let next = remain.then_some(self.next);
        let told = self.untold.then(|| self.told + PROGRESS_EVERY);
        let wake = [timeout, next, told].into_iter().flatten().min();
        let left = wake.map(|wake| TimeSpec::from_duration(wake.saturating_duration_since(now)));
        let mut watched = vec![PollFd::new(self.brake.0.as_fd(), PollFlags::POLLIN)];
        watched.extend(self.socket.iter().map(|socket| PollFd::new(socket.as_fd(), PollFlags::POLLIN)));
        match ppoll(&mut watched, left, None) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno.into()),
        }
        let is_pulled = watched[0].any().unwrap_or(false);
        let events = watched.get(1).and_then(PollFd::revents).unwrap_or(PollFlags::empty());
        if events.contains(PollFlags::POLLERR) {
            self.hear_refusals();
        }
        Ok(is_pulled)
    }

    fn receive(&mut self) -> io::Result<()> {
        for _ in 0..AT_ONCE {
            let Some(socket) = &self.socket else { return Ok(()) };
            match recv(socket.as_raw_fd(), &mut self.buffer, MsgFlags::MSG_DONTWAIT) {
                Ok(len) => {
                    if let Some(sequence) = self.echo.answered_sequence(&self.buffer[..len]) {
                        self.answered(sequence);
                    }
                }
                Err(Errno::EAGAIN) => return Ok(()),
                Err(Errno::EINTR) => {}
                // An error that was kept for us comes out of any call, and then once more with its story.
                Err(errno) => self.refused(errno)?,
            }
        }
        Ok(())
    }

    /// Each refusal is about one request; which one does not matter, for the oldest is the likeliest.
    fn hear_refusals(&mut self) {
        let Some(socket) = &self.socket else { return };
        let refusals: Vec<Verdict> = std::iter::from_fn(|| kept_error(socket, self.train.to)).collect();
        for refusal in refusals {
            self.waiting.pop_front();
            self.trouble(refusal);
        }
    }

    fn answered(&mut self, sequence: u16) {
        // Answers come nearly always in order, so that the first one is it.
        let Some(at) = self.waiting.iter().position(|(waiting, _)| *waiting == sequence) else { return };
        let Some((_, sent)) = self.waiting.remove(at) else { return };
        let took = sent.elapsed();
        let tally = &mut self.tally;
        tally.shortest = if tally.answered == 0 { took } else { tally.shortest.min(took) };
        tally.longest = tally.longest.max(took);
        tally.answered = tally.answered.saturating_add(1);
        self.sum += took;
        self.untold = true;
        if let Pace::Flood { at_most } = self.train.pace {
            self.next = self.next.min(self.last + interval(at_most));
        }
    }

    fn give_up_on_old_ones(&mut self, now: Instant) {
        while self.waiting.front().is_some_and(|(_, sent)| *sent + self.train.timeout <= now) {
            self.waiting.pop_front();
            if self.tally.trouble.is_none() {
                self.tally.trouble = Some(self.silence());
            }
            self.untold = true;
        }
    }

    fn silence(&self) -> String {
        let (to, timeout) = (self.train.to, self.train.timeout);
        if arp_went_unanswered(to) {
            format!("{to} did not answer the ARP question")
        } else {
            format!("nothing came back from {to} within {timeout:?}")
        }
    }

    fn tell_now_and_then(&mut self, now: Instant) {
        if self.untold && self.told + PROGRESS_EVERY <= now {
            (self.told, self.untold) = (now, false);
            let stands = self.with_mean();
            (self.tell)(stands);
        }
    }

    fn with_mean(&self) -> Tally {
        let mean = self.sum.checked_div(self.tally.answered).unwrap_or_default();
        Tally { mean, ..self.tally.clone() }
    }

    fn end(mut self) -> Tally {
        self.hear_refusals();
        self.with_mean()
    }
}
