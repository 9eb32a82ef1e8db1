//! The tutorial or script that is open: how it stands, which terminals are its own, and how far one has walked.

mod changes;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::PathBuf,
    sync::Arc,
};

use topology::Lab;

pub use changes::{Change, Sort, changes};
pub use words::{held_back, slot, target};

use crate::{
    terminal::TerminalId,
    tutorial::{
        document::{Block, Code, Document},
        runner::{Runner, Slot, Standing},
    },
};

/// The page beside the stage.
#[derive(Debug)]
pub struct Tutorial {
    /// Where it was read from; only a name for one that comes with the program.
    pub path: PathBuf,
    pub is_ready: bool,
    pub runner: Runner,
    /// Which of our terminals each of the page's is.
    pub terminals: BTreeMap<Slot, TerminalId>,
    pub pace: Pace,
    /// The commands that were asked for last, while what they did is looked at.
    pub stretch: Option<Stretch>,
    /// What a stretch changed, by the last of its commands.
    pub changes: BTreeMap<usize, Vec<Change>>,
    /// Asked for, and not begun yet.
    pub queued: BTreeSet<usize>,
    /// How the kernel stood when it was looked at last.
    pub seen: Option<Arc<Lab>>,
    /// When time matters to it next, in the window's seconds.
    pub wakes: Option<f64>,
    /// Whether the inspector is shown beside the page.
    pub has_inspector: bool,
    /// Counts the wishes to look at what is run: whoever shows the page goes there when this has grown.
    pub looks: u64,
}

/// How one goes through a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// What is asked for, and nothing else.
    #[default]
    AsAsked,
    /// All of it, without a pause but one before the clean-up.
    All,
    /// A block at a time.
    StepByStep,
}

/// Commands that were asked for together.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    pub commands: Vec<usize>,
    /// The lab before the first of them.
    pub before: Arc<Lab>,
    pub phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    Running,
    /// All are done since then; frames and the kernel's own changes are still on their way to us.
    Settling {
        since: f64,
    },
    /// What was seen until this story time is played.
    Playing {
        until: f64,
    },
    Over,
}

/// How far one has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub of: usize,
    pub failed: usize,
}

impl Tutorial {
    pub fn new(path: PathBuf, document: Arc<Document>, is_ready: bool) -> Self {
        let mut runner = Runner::new(document);
        if let Some(path) = path.to_str().filter(|_| !is_ready) {
            runner.set_file(path);
        }
        Self {
            path,
            is_ready,
            runner,
            terminals: BTreeMap::new(),
            pace: Pace::default(),
            stretch: None,
            changes: BTreeMap::new(),
            queued: BTreeSet::new(),
            seen: None,
            wakes: None,
            looks: 0,
            has_inspector: false,
        }
    }

    pub fn document(&self) -> &Arc<Document> {
        self.runner.document()
    }

    /// The name that it is known by among files.
    pub fn file_name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// Without what is left alone: a page is done when all that it runs by itself was run.
    pub fn progress(&self) -> Progress {
        let commands = self.document().commands.iter().zip(self.runner.standings());
        let mut progress = Progress::default();
        for (command, standing) in commands {
            let is_done = matches!(standing, Standing::Ran(_) | Standing::LeftOut);
            progress.of += usize::from(is_done || command.held_back.is_none());
            progress.done += usize::from(is_done);
            progress.failed += usize::from(has_failed(standing));
        }
        progress
    }

    /// The commands that nobody has run yet and that are run without being asked for one by one.
    pub fn left(&self) -> impl Iterator<Item = usize> {
        let standings = self.runner.standings();
        let commands = self.document().commands.iter().enumerate();
        commands
            .filter(|(index, command)| {
                command.held_back.is_none() && standings.get(*index) == Some(&Standing::NotRun)
            })
            .map(|(index, _)| index)
    }

    /// All that is left takes down what the page built.
    pub fn only_cleanup_is_left(&self) -> bool {
        let mut left = self.left().peekable();
        left.peek().is_some() && left.all(|index| self.document().commands[index].is_cleanup)
    }

    /// What is left of the first block that has something left.
    pub fn next_block(&self) -> Option<Vec<usize>> {
        let left: BTreeSet<usize> = self.left().collect();
        let first = *left.first()?;
        let block = blocks(self.document()).into_iter().find(|block| block.contains(&first))?;
        Some(left.range(block).copied().collect())
    }

    /// Step by step, and it is the person's turn.
    pub fn waits(&self) -> bool {
        let is_over = self.stretch.as_ref().is_none_or(|stretch| stretch.phase == Phase::Over);
        self.pace == Pace::StepByStep && is_over && self.runner.is_idle()
    }

    /// Something runs, or is looked at.
    pub fn is_busy(&self) -> bool {
        let is_over = self.stretch.as_ref().is_none_or(|stretch| stretch.phase == Phase::Over);
        !self.runner.is_idle() || !is_over
    }
}

/// It ended with another status than 0, in one terminal at least, and not because we ended it.
pub fn has_failed(standing: &Standing) -> bool {
    match standing {
        Standing::Ran(outcomes) => {
            outcomes.iter().any(|outcome| outcome.status != 0 && !outcome.was_interrupted)
        }
        _ => false,
    }
}

/// The commands of each block that has some, from top to bottom.
pub fn blocks(document: &Document) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    each_code(&document.blocks, &mut |code| {
        if !code.commands.is_empty() {
            found.push(code.commands.clone());
        }
    });
    found
}

/// Every block of code, from top to bottom, also in lists and quotes.
fn each_code(blocks: &[Block], visit: &mut impl FnMut(&Code)) {
    for block in blocks {
        match block {
            Block::Code(code) => visit(code),
            Block::Quote(inner) => each_code(inner, visit),
            Block::List { items, .. } => items.iter().for_each(|item| each_code(item, visit)),
            Block::Heading { .. } | Block::Paragraph(_) | Block::Table { .. } | Block::Rule => {}
        }
    }
}
