//! Terminals: shells on pseudo-terminals in the sandbox, each attended by a thread of its own.
//!
//! Output is held back where nobody takes it: a terminal of which [`MOST_OUTSTANDING`] octets were told and not taken
//! is not read, so that whoever writes into it waits, as before a slow screen. What is typed waits in a queue of
//! [`MOST_TYPED`] octets; nothing here makes the caller wait.

mod attend;
mod kit;
mod line;
mod shell;
mod whereabouts;

use std::{collections::BTreeMap, sync::Arc, thread};

use topology::{NamespaceName, kernel};

use self::{attend::Attendant, line::Line};
use super::protocol::{EngineError, Wish};
use crate::terminal::{TerminalId, TerminalSaid, TerminalSize};

/// Octets of a terminal's output that may be on their way.
pub const MOST_OUTSTANDING: usize = 256 << 10;
/// Octets that may wait to be read by what runs in a terminal.
pub const MOST_TYPED: usize = 1 << 20;
/// So many terminals may be open at once.
pub const MOST_TERMINALS: usize = 64;

/// Tells the caller what a terminal says.
pub type Tell = Arc<dyn Fn(TerminalId, TerminalSaid) + Send + Sync>;

/// All that are open.
pub struct Terminals {
    tell: Tell,
    open: BTreeMap<TerminalId, Arc<Line>>,
}

impl Terminals {
    pub fn new(tell: Tell) -> Self {
        Self { tell, open: BTreeMap::new() }
    }

    /// Does what is wished of a terminal; every other wish is for somebody else.
    pub fn take(&mut self, wish: Wish) -> Result<(), EngineError> {
        match wish {
            Wish::OpenTerminal { terminal, namespace, size } => self.open(terminal, namespace, size),
            Wish::Type { terminal, bytes } => self.type_into(terminal, &bytes),
            Wish::ResizeTerminal { terminal, size } => {
                self.line(terminal)?.resize(size);
                Ok(())
            }
            Wish::CloseTerminal(terminal) => {
                self.line(terminal)?.close();
                Ok(())
            }
            Wish::Took { terminal, octets } => {
                self.took(terminal, octets);
                Ok(())
            }
            _ => failed("this is no wish about a terminal"),
        }
    }

    /// Begins to open one; how that went is told.
    fn open(
        &mut self,
        terminal: TerminalId,
        namespace: NamespaceName,
        size: TerminalSize,
    ) -> Result<(), EngineError> {
        self.open.retain(|_, line| !line.is_over());
        if self.open.contains_key(&terminal) {
            return failed("a terminal of this number is open already");
        }
        if MOST_TERMINALS <= self.open.len() {
            return failed("64 terminals are open already: close one of them first");
        }
        let cannot =
            |error: std::io::Error| EngineError::Terminal(format!("no terminal can be had: {error}"));
        let line = Arc::new(Line::new().map_err(cannot)?);
        let (ours, tell) = (Arc::clone(&line), Arc::clone(&self.tell));
        let attend = move || {
            let said = match begin(&namespace, size) {
                Ok(shell) => Attendant::new(terminal, shell, Arc::clone(&ours), Arc::clone(&tell)).run(),
                Err(why) => TerminalSaid::Failed { why },
            };
            ours.is_over_now();
            tell(terminal, said);
        };
        thread::Builder::new().name("terminal".into()).spawn(attend).map_err(cannot)?;
        self.open.insert(terminal, line);
        Ok(())
    }

    /// Fails only where the queue is full: then what runs in the terminal reads nothing.
    fn type_into(&self, terminal: TerminalId, bytes: &[u8]) -> Result<(), EngineError> {
        match self.line(terminal)?.type_into(bytes) {
            true => Ok(()),
            false => Err(EngineError::Unfit("what runs in this terminal does not read what is typed".into())),
        }
    }

    /// Also of one that has ended meanwhile.
    fn took(&self, terminal: TerminalId, octets: u32) {
        if let Some(line) = self.open.get(&terminal) {
            line.took(usize::try_from(octets).unwrap_or(usize::MAX));
        }
    }

    fn line(&self, terminal: TerminalId) -> Result<&Line, EngineError> {
        let open = self.open.get(&terminal).filter(|line| !line.is_over());
        open.map(Arc::as_ref).ok_or_else(|| EngineError::Terminal("this terminal is not open".into()))
    }
}

fn begin(namespace: &NamespaceName, size: TerminalSize) -> Result<shell::Shell, String> {
    let fd = kernel::namespace_named(namespace)
        .ok_or_else(|| EngineError::NoSuchNamespace(namespace.clone()).to_string())?;
    shell::start(&fd, namespace.is_host(), size)
        .map_err(|error| format!("no shell could be started: {error}"))
}

fn failed<T>(why: &str) -> Result<T, EngineError> {
    Err(EngineError::Terminal(why.to_owned()))
}
