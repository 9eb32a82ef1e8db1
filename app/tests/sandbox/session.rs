//! Somebody at a terminal of the sandbox: types, and reads what comes.

use std::{
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use hopscope::{
    engine::client::{Aside, Engine},
    terminal::{
        TerminalId, TerminalSaid, TerminalSize,
        marks::{Marks, Piece},
    },
};

use super::labs::name;

pub const LIMIT: Duration = Duration::from_secs(30);

/// What a command did.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub status: i32,
    /// Between the command's beginning and the prompt.
    pub output: String,
    /// Which shell wrote the prompt.
    pub shell: u32,
}

pub struct Session<'engine> {
    pub engine: &'engine Engine,
    pub terminal: TerminalId,
    asides: Receiver<Aside>,
    marks: Marks,
    pieces: Vec<Piece>,
    /// All that was told of where it stands.
    pub at: Vec<String>,
    pub shell: u32,
    pub ended: Option<i32>,
    pub failed: Option<String>,
    /// Whether output is taken as it comes.
    pub takes: bool,
    /// Octets that came.
    pub octets: usize,
}

impl<'engine> Session<'engine> {
    /// Opens a terminal there; it may not come to a prompt.
    pub fn begin(engine: &'engine Engine, asides: Receiver<Aside>, namespace: &str) -> Self {
        let terminal = TerminalId(7);
        engine
            .open_terminal(terminal, name(namespace), TerminalSize::default())
            .expect("it can be asked for");
        let (marks, pieces, at) = (Marks::default(), Vec::new(), Vec::new());
        let (ended, failed) = (None, None);
        Self { engine, terminal, asides, marks, pieces, at, shell: 0, ended, failed, takes: true, octets: 0 }
    }

    /// Opens a terminal there and waits for its prompt.
    pub fn open(engine: &'engine Engine, asides: Receiver<Aside>, namespace: &str) -> Self {
        let mut session = Self::begin(engine, asides, namespace);
        let first = session.prompt();
        assert_eq!((first.status, first.shell), (0, session.shell));
        session
    }

    pub fn type_in(&self, text: &str) {
        self.engine.type_into(self.terminal, text.into()).expect("it can be typed");
    }

    /// Types a line and waits for the next prompt.
    pub fn run(&mut self, line: &str) -> Ran {
        self.type_in(&format!("{line}\r"));
        self.prompt()
    }

    pub fn output(&mut self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.status, 0, "{line}: {ran:?}");
        ran.output
    }

    /// The next prompt, and what came since the command before it began.
    pub fn prompt(&mut self) -> Ran {
        self.until("a prompt", |session| {
            session.pieces.iter().any(|piece| matches!(piece, Piece::Prompt { .. }))
        });
        let place = self.pieces.iter().position(|piece| matches!(piece, Piece::Prompt { .. }));
        let before: Vec<Piece> = self.pieces.drain(..=place.expect("just seen")).collect();
        let begun = before.iter().position(|piece| *piece == Piece::Begins);
        let output = begun.map_or_else(String::new, |begun| text(&before[begun..]));
        let Some(&Piece::Prompt { shell, status }) = before.last() else { panic!("just seen") };
        Ran { status, output, shell }
    }

    /// The visible text since the last prompt.
    pub fn text(&self) -> String {
        text(&self.pieces)
    }

    /// How many commands have begun since the last prompt.
    pub fn begun(&self) -> usize {
        self.pieces.iter().filter(|piece| **piece == Piece::Begins).count()
    }

    pub fn wait_for(&mut self, wanted: &str) {
        self.until(wanted, |session| session.text().contains(wanted));
    }

    pub fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + LIMIT;
        while !is_so(self) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.asides.recv_timeout(left) {
                Ok(Aside::Terminal { said, .. }) => self.hear(said),
                Ok(Aside::Saw(_)) => {}
                Err(error) => panic!("{what:?} did not come ({error}); at {:?}: {:?}", self.at, self.text()),
            }
        }
    }

    /// Takes what is there now.
    pub fn look(&mut self) {
        while let Ok(aside) = self.asides.try_recv() {
            if let Aside::Terminal { said, .. } = aside {
                self.hear(said);
            }
        }
    }

    fn hear(&mut self, said: TerminalSaid) {
        match said {
            TerminalSaid::Opened { shell } => self.shell = shell,
            TerminalSaid::Output(bytes) => {
                self.octets += bytes.len();
                self.pieces.extend(self.marks.take(&bytes));
                if self.takes {
                    let octets = bytes.len().try_into().expect("few");
                    self.engine.took(self.terminal, octets).expect("it can be told");
                }
            }
            TerminalSaid::At(at) => self.at.push(at),
            TerminalSaid::Ended { status } => self.ended = Some(status),
            TerminalSaid::Failed { why } => self.failed = Some(why),
        }
    }
}

fn text(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Piece::Prompt { .. } | Piece::Begins => String::new(),
    };
    pieces.iter().map(text).collect()
}
