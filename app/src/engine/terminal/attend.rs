//! The thread of one terminal: carries bytes both ways, and tells where its foreground stands.

use std::{
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::process::ExitStatusExt,
    },
    process::{Child, ExitStatus},
    sync::Arc,
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::signal::{Signal, kill},
    unistd::{Pid, getsid, read, write},
};

use super::{
    Tell,
    line::{Line, Orders},
    shell::{Shell, resize},
    whereabouts::{self, Identity},
};
use crate::{
    engine::process::open_pidfd,
    terminal::{
        TerminalId, TerminalSaid,
        marks::{Marks, Piece},
    },
};

/// So often it is looked where a command stands that runs: `ip netns exec` is there as soon as it has begun.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Octets that are read before something else has its turn.
const TURN: usize = 64 << 10;
/// Between the hang-up and the signal that cannot be refused.
const GRACE: Duration = Duration::from_millis(500);

pub struct Attendant {
    terminal: TerminalId,
    shell: Shell,
    line: Arc<Line>,
    tell: Tell,
    marks: Marks,
    /// Where the foreground stood when it was last looked for, and the name that was told.
    at: Option<Identity>,
    at_name: String,
    /// While a command runs: when to look next.
    next_look: Option<Instant>,
    /// No process has the terminal open any more.
    is_hung_up: bool,
}

impl Attendant {
    pub fn new(terminal: TerminalId, shell: Shell, line: Arc<Line>, tell: Tell) -> Self {
        let (at, at_name) = (None, String::new());
        let marks = Marks::default();
        Self { terminal, shell, line, tell, marks, at, at_name, next_look: None, is_hung_up: false }
    }

    /// Attends it to its end, and gives what is to be told last.
    pub fn run(mut self) -> TerminalSaid {
        self.say(TerminalSaid::Opened { shell: self.shell.process.id() });
        self.at = whereabouts::of(shell_of(&self.shell.process));
        self.at_name = self.at.and_then(whereabouts::name).unwrap_or_default();
        self.say(TerminalSaid::At(self.at_name.clone()));
        if let Some(remark) = self.shell.remark {
            self.say(TerminalSaid::Output(remark.into()));
        }
        loop {
            let orders = self.line.orders();
            if let Some(size) = orders.new_size {
                resize(&self.shell.master, size);
            }
            if orders.is_to_close {
                return self.hang_up();
            }
            let Ok(news) = self.wait(&orders) else { return self.hang_up() };
            if news.can_write {
                self.write();
            }
            if news.can_read {
                self.read(orders.room);
            }
            if self.next_look.is_some_and(|next| next <= Instant::now()) {
                self.next_look = Some(Instant::now() + LOOK_EVERY);
                self.look(false);
            }
            if news.has_ended {
                return self.bury();
            }
        }
    }

    fn wait(&self, orders: &Orders) -> nix::Result<News> {
        let mut wanted = PollFlags::empty();
        wanted.set(PollFlags::POLLIN, 0 < orders.room);
        wanted.set(PollFlags::POLLOUT, orders.has_typed);
        let mut watched = vec![
            PollFd::new(self.line.news(), PollFlags::POLLIN),
            PollFd::new(self.shell.end.as_fd(), PollFlags::POLLIN),
        ];
        // A hang-up is always told, wanted or not: it must not wake us again and again.
        if !wanted.is_empty() && !self.is_hung_up {
            watched.push(PollFd::new(self.shell.master.as_fd(), wanted));
        }
        let timeout = self.next_look.map_or(PollTimeout::NONE, |next| {
            let left = next.saturating_duration_since(Instant::now()).as_millis() + 1;
            PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX)
        });
        match poll(&mut watched, timeout) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
        let of_master = watched.get(2).and_then(PollFd::revents).unwrap_or(PollFlags::empty());
        let hung_up = PollFlags::POLLHUP | PollFlags::POLLERR;
        Ok(News {
            has_ended: watched[1].any().unwrap_or(false),
            can_read: 0 < orders.room && of_master.intersects(PollFlags::POLLIN | hung_up),
            can_write: of_master.intersects(PollFlags::POLLOUT | hung_up),
        })
    }

    fn write(&mut self) {
        let written = self.line.hand_on_typed(|bytes| Ok(write(&self.shell.master, bytes)?));
        if let Err(error) = written
            && !is_passing(&error)
        {
            self.line.forget_typed();
        }
    }

    /// Takes what is there, at most `room` octets of it.
    fn read(&mut self, room: usize) {
        let most = room.min(TURN);
        let (mut output, mut filled) = (vec![0; most], 0);
        while filled < most {
            match read(&self.shell.master, &mut output[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => break,
                Err(_) => {
                    self.is_hung_up = true;
                    break;
                }
            }
        }
        output.truncate(filled);
        if output.is_empty() {
            return;
        }
        for piece in self.marks.take(&output) {
            match piece {
                Piece::Text(_) => {}
                Piece::Begins => self.next_look = Some(Instant::now()),
                Piece::Prompt { .. } => {
                    self.next_look = None;
                    // Before the prompt itself is told, so that who sees it knows where it stands.
                    self.look(true);
                }
            }
        }
        self.line.told(output.len());
        self.say(TerminalSaid::Output(output));
    }

    /// Tells where the foreground stands, if that is news. A namespace may also get a name while one stands in it.
    fn look(&mut self, also_for_new_name: bool) {
        // Between two that run in front there may be none.
        let at = whereabouts::of_foreground(&self.shell.master);
        if at.is_none() || (at == self.at && !also_for_new_name) {
            return;
        }
        let Some(name) = at.and_then(whereabouts::name) else { return };
        self.at = at;
        if name != self.at_name {
            self.at_name.clone_from(&name);
            self.say(TerminalSaid::At(name));
        }
    }

    /// The shell has ended by itself: tells what it wrote last.
    fn bury(mut self) -> TerminalSaid {
        // What others still write into it is not waited for.
        for _ in 0..4 {
            if !self.is_hung_up {
                self.read(TURN);
            }
        }
        TerminalSaid::Ended { status: status(self.shell.process.wait()) }
    }

    /// As if its window were closed: all of its session learn it, and are killed where they stay.
    fn hang_up(self) -> TerminalSaid {
        let Shell { mut process, master, .. } = self.shell;
        let session = shell_of(&process);
        let ends = ends_of(session);
        for member in members(session) {
            let _gone = kill(member, Signal::SIGHUP);
            let _gone = kill(member, Signal::SIGCONT);
        }
        drop(master);
        wait_for_all(&ends);
        // Also what was started meanwhile.
        let ends = ends_of(session);
        for member in members(session) {
            let _gone = kill(member, Signal::SIGKILL);
        }
        wait_for_all(&ends);
        TerminalSaid::Ended { status: status(process.wait()) }
    }

    fn say(&self, said: TerminalSaid) {
        (self.tell)(self.terminal, said);
    }
}

/// What has happened while it was waited.
struct News {
    has_ended: bool,
    can_read: bool,
    can_write: bool,
}

fn shell_of(process: &Child) -> Pid {
    Pid::from_raw(process.id().cast_signed())
}

fn members(session: Pid) -> impl Iterator<Item = Pid> {
    whereabouts::processes().filter(move |&process| getsid(Some(process)) == Ok(session))
}

/// Readable when they have ended.
fn ends_of(session: Pid) -> Vec<OwnedFd> {
    members(session).filter_map(|member| open_pidfd(member).ok()).collect()
}

/// So long at most as all of them together are given.
fn wait_for_all(ends: &[OwnedFd]) {
    let deadline = Instant::now() + GRACE;
    for end in ends {
        let left = deadline.saturating_duration_since(Instant::now()).as_millis();
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::ZERO);
        let _ended = poll(&mut [PollFd::new(end.as_fd(), PollFlags::POLLIN)], timeout);
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

fn status(ended: io::Result<ExitStatus>) -> i32 {
    let Ok(ended) = ended else { return 255 };
    ended.code().or_else(|| ended.signal().map(|signal| 128 + signal)).unwrap_or(255)
}
