//! What is known of the kernel's own doings between one look and the next.

use std::{collections::BTreeMap, sync::Arc};

use topology::{Became, Lab, NamespaceName, Sight, sight::tables::Tables};

use super::renames::composed;

/// The answer to a change of ours and the looks at what it did come on different ways: a look that is older than the
/// answer may come after it. So many of the window's seconds later it cannot any more.
const SETTLES: f64 = 0.15;
/// What is typed within so many seconds is one entry in undo: a command makes the kernel report several times.
const BURST: f64 = 0.3;

/// Looks that wait, and what has just been typed.
#[derive(Clone, Debug, Default)]
pub struct Sights {
    held: Option<Sight>,
    /// Until then looks may be older than what is known already.
    settled_at: f64,
    burst: Option<Burst>,
    /// The change that is under way takes something back, or brings it again.
    pub taking_back: Option<Back>,
    /// As the kernel has them now; whoever watches a recording has none.
    pub tables: BTreeMap<NamespaceName, Tables>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    Undo,
    Redo,
}

/// What was typed without a pause.
#[derive(Clone, Debug)]
pub struct Burst {
    pub sentences: Vec<String>,
    pub shell: Vec<String>,
    /// As the lab is drawn since: whoever finds it otherwise knows that somebody drew in between.
    drawn: Arc<Lab>,
    /// In the window's seconds.
    last: f64,
}

impl Sights {
    /// This look waits. It stands for those that waited before it.
    pub fn hold(&mut self, sight: Sight) {
        let earlier = self.held.take().map(|held| held.became).unwrap_or_default();
        let became = composed(earlier, &sight.became);
        self.held = Some(Sight { became, ..sight });
    }

    /// A change of ours was answered just now.
    pub fn answered(&mut self, now: f64) {
        self.settled_at = now + SETTLES;
    }

    pub fn must_wait(&self, now: f64) -> bool {
        now < self.settled_at
    }

    /// The look that waited, once what comes cannot be older than what is known.
    pub fn settled(&mut self, now: f64) -> Option<Sight> {
        if self.must_wait(now) { None } else { self.held.take() }
    }

    /// What is called otherwise, or has moved, by the look that waits.
    pub fn renamed(&self) -> &[Became] {
        self.held.as_ref().map_or(&[], |held| &held.became)
    }

    /// Whether somebody should ask again soon, though nothing happens.
    pub fn is_waiting(&self) -> bool {
        self.held.is_some()
    }

    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// What is being typed, if this goes on with it.
    pub fn take_burst(&mut self, drawn: &Arc<Lab>, now: f64) -> Option<Burst> {
        let burst = self.burst.take()?;
        (Arc::ptr_eq(&burst.drawn, drawn) && now - burst.last <= BURST).then_some(burst)
    }

    pub fn begin_or_go_on(&mut self, burst: Option<Burst>, said: Said, drawn: Arc<Lab>, now: f64) -> &Burst {
        let Said { sentences, shell } = said;
        let mut burst = burst.unwrap_or(Burst { sentences: Vec::new(), shell: Vec::new(), drawn, last: now });
        burst.sentences.extend(sentences);
        burst.shell.extend(shell);
        burst.last = now;
        self.burst.insert(burst)
    }

    /// The drawing after what was typed.
    pub fn is_drawn(&mut self, drawn: Arc<Lab>) {
        if let Some(burst) = &mut self.burst {
            burst.drawn = drawn;
        }
    }
}

/// What was done, in words and as one would type it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub sentences: Vec<String>,
    pub shell: Vec<String>,
}

impl Burst {
    /// As undo shows it.
    pub fn words(&self) -> String {
        let shown = match &self.sentences[..] {
            [] => "something".to_owned(),
            [one] => one.clone(),
            [one, other] => format!("{one}; {other}"),
            [one, rest @ ..] => format!("{one}; and {} more", rest.len()),
        };
        format!("Typed: {shown}")
    }
}
