//! A terminal as the page knows it: which shell waits in it, and where that one lives.

use topology::{Became, NamespaceName, Sight};

use crate::terminal::marks::{Marks, Piece};

/// A prompt's own text follows its mark at once; this long is waited where there is none.
const PROMPT_FOLLOWS: f64 = 0.05;
/// How long a new shell's namespace is waited for.
const PLACE_FOLLOWS: f64 = 0.3;
/// What a shell switches on when it takes pastes as one (xterm's bracketed paste).
const TAKES_PASTES: &[u8] = b"\x1b[?2004h";
const NO_PASTES: &[u8] = b"\x1b[?2004l";

#[derive(Debug)]
pub struct Seat {
    marks: Marks,
    /// From the terminal's own to the innermost.
    shells: Vec<Shell>,
    state: State,
    /// Where it was opened.
    opened_in: NamespaceName,
    /// Where what runs in front lives, as said since the last command began.
    front: Option<String>,
    takes_pastes: bool,
    /// The last octets of text: what is looked for may come in two pieces.
    tail: Vec<u8>,
    pub is_prepared: bool,
    /// Keys were pressed that nobody may have taken.
    pub is_muddied: bool,
}

#[derive(Debug)]
struct Shell {
    pid: u32,
    /// `None`: not known yet.
    at: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Busy,
    AtPrompt { since: f64, is_shown: bool },
}

impl Seat {
    /// Asked for, not there yet.
    pub fn new(opened_in: NamespaceName) -> Self {
        Self {
            marks: Marks::default(),
            shells: Vec::new(),
            state: State::Busy,
            opened_in,
            front: None,
            takes_pastes: false,
            tail: Vec::new(),
            is_prepared: false,
            is_muddied: false,
        }
    }

    /// `shell` is what the sandbox calls it; it may call itself otherwise, as a first in namespaces of its own does.
    pub fn opened(&mut self, shell: u32) {
        if self.shells.is_empty() {
            self.shells.push(Shell { pid: shell, at: Some(self.opened_in.to_string()) });
        }
    }

    /// A shell stays where it is, so only what is not known is learned.
    pub fn at(&mut self, namespace: &str) {
        match (self.state, self.shells.last_mut()) {
            (State::AtPrompt { .. }, Some(Shell { at: at @ None, .. })) => *at = Some(namespace.to_owned()),
            (State::Busy, _) => self.front = Some(namespace.to_owned()),
            _ => {}
        }
    }

    pub fn sees(&mut self, sight: &Sight) {
        for shell in &mut self.shells {
            let of_it = |(name, process): (&NamespaceName, &topology::Process)| {
                (process.pid == shell.pid).then(|| name.to_string())
            };
            let became = sight.became.iter().find_map(|became| match (became, &shell.at) {
                (Became::Namespace { from, to }, Some(at)) if from.as_str() == at => Some(to.to_string()),
                _ => None,
            });
            match became {
                Some(name) => shell.at = Some(name),
                None if shell.at.is_none() => shell.at = sight.processes.iter().find_map(of_it),
                None => {}
            }
        }
    }

    pub fn take(&mut self, bytes: &[u8], now: f64) -> Vec<Piece> {
        let pieces = self.marks.take(bytes);
        for piece in &pieces {
            match piece {
                Piece::Text(text) => self.text(text),
                Piece::Begins => (self.state, self.front) = (State::Busy, None),
                &Piece::Prompt { shell, .. } => self.prompt(shell, now),
            }
        }
        pieces
    }

    fn text(&mut self, text: &[u8]) {
        if let State::AtPrompt { is_shown, .. } = &mut self.state {
            *is_shown = true;
        }
        self.tail.extend(text);
        let last = |sought: &[u8]| self.tail.windows(sought.len()).rposition(|found| found == sought);
        match (last(TAKES_PASTES), last(NO_PASTES)) {
            (None, None) => {}
            (on, off) => self.takes_pastes = off < on,
        }
        let old = self.tail.len().saturating_sub(TAKES_PASTES.len() - 1);
        self.tail.drain(..old);
    }

    fn prompt(&mut self, pid: u32, now: f64) {
        match self.shells.iter().position(|shell| shell.pid == pid) {
            Some(depth) => self.shells.truncate(depth + 1),
            None if self.shells.is_empty() => self.opened(pid),
            None => self.shells.push(Shell { pid, at: self.front.take() }),
        }
        self.state = State::AtPrompt { since: now, is_shown: false };
    }

    /// The innermost shell waits for a command, and it is known where.
    pub fn is_ready(&self, now: f64) -> bool {
        let State::AtPrompt { since, is_shown } = self.state else { return false };
        let is_placed = self.shells.last().is_none_or(|shell| shell.at.is_some());
        (is_shown || since + PROMPT_FOLLOWS <= now) && (is_placed || since + PLACE_FOLLOWS <= now)
    }

    /// A prompt stands there.
    pub fn is_shown(&self) -> bool {
        matches!(self.state, State::AtPrompt { is_shown: true, .. })
    }

    /// When it will be ready at the latest, if it waits.
    pub fn due(&self) -> Option<f64> {
        match self.state {
            State::AtPrompt { since, is_shown: false } => Some(since + PROMPT_FOLLOWS),
            State::AtPrompt { since, .. } => Some(since + PLACE_FOLLOWS),
            State::Busy => None,
        }
    }

    /// Something is typed into it now.
    pub fn typed(&mut self) {
        (self.state, self.front) = (State::Busy, None);
    }

    pub fn takes_pastes(&self) -> bool {
        self.takes_pastes
    }

    /// Process number of the innermost shell, as it says itself.
    pub fn shell(&self) -> Option<u32> {
        self.shells.last().map(|shell| shell.pid)
    }

    /// The namespace of the innermost shell; of one that is not placed, where the one around it lives.
    pub fn namespace(&self) -> &str {
        let known = self.shells.iter().rev().find_map(|shell| shell.at.as_deref());
        known.unwrap_or(self.opened_in.as_str())
    }
}
