//! Where what is seen live goes: into memory for some minutes and, if wanted, into a file.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use capture::{Event, WireNs};

use super::{
    kept::{Kept, Limits},
    taping::Taping,
};
use crate::{
    desk::{files::listing::in_words, post::Post},
    model::command::News,
};

/// Cheap to clone: one store.
#[derive(Clone)]
pub struct Store {
    held: Arc<Mutex<Held>>,
    post: Post,
}

#[derive(Default)]
struct Held {
    /// `None` before the first lab ran.
    kept: Option<Kept>,
    is_live: bool,
    taping: Option<Taping>,
}

impl Store {
    pub fn new(post: Post) -> Self {
        Self { held: Arc::default(), post }
    }

    /// A lab begins to run: what was kept of the one before goes.
    pub fn begin(&self) {
        let mut held = self.held();
        held.kept = Some(Kept::with(Limits::default()));
        held.is_live = true;
    }

    pub fn take(&self, events: &[Event]) {
        let mut held = self.held();
        let Held { kept, taping, .. } = &mut *held;
        if let Some(kept) = kept {
            events.iter().for_each(|event| kept.take(event));
        }
        if let Some(taping) = taping
            && let Err(error) = events.iter().try_for_each(|event| taping.take(event))
        {
            self.fail(held, &error);
        }
    }

    pub fn flush_now_and_then(&self) {
        let mut held = self.held();
        if let Some(taping) = &mut held.taping
            && let Err(error) = taping.flush_now_and_then()
        {
            self.fail(held, &error);
        }
    }

    pub fn is_taping(&self) -> bool {
        self.held().taping.is_some()
    }

    /// The lab does not run any more; what was kept stays until the next one.
    pub fn end(&self) {
        self.held().is_live = false;
        self.stop_taping(false);
    }

    /// What is kept; `None` where nothing ever ran.
    pub fn events(&self) -> Option<impl Iterator<Item = Event> + Send + use<>> {
        self.held().kept.as_ref().map(Kept::events)
    }

    pub fn start_taping(&self, folder: &Path) {
        let mut held = self.held();
        let trouble = match &held.kept {
            _ if held.taping.is_some() => Some("a recording runs already".to_owned()),
            Some(kept) if held.is_live => match Taping::start(folder, &kept.in_force()) {
                Ok(taping) => {
                    let path = taping.path.clone();
                    held.taping = Some(taping);
                    self.post.tell(News::RecordingStarted { path });
                    None
                }
                Err(error) => {
                    let (folder, why) = (folder.display(), in_words(&error));
                    Some(format!("the recording cannot be kept in {folder}: {why}"))
                }
            },
            _ => Some("there is nothing to record: no lab runs".to_owned()),
        };
        if let Some(words) = trouble {
            self.post.tell(News::Notice { words, is_bad: true });
        }
    }

    /// `is_asked`: then it is said when there is none.
    pub fn stop_taping(&self, is_asked: bool) {
        let taping = self.held().taping.take();
        match taping {
            Some(taping) => {
                let (path, frames) = (taping.path.clone(), taping.frames);
                if let Err(error) = taping.finish() {
                    let words = not_whole(&path, &error);
                    self.post.tell(News::Notice { words, is_bad: true });
                }
                self.post.tell(News::RecordingStopped { path, frames });
            }
            None if is_asked => {
                let words = "no recording runs".to_owned();
                self.post.tell(News::Notice { words, is_bad: true });
            }
            None => {}
        }
    }

    pub fn caption(&self, at: WireNs, text: String) {
        let mut held = self.held();
        if let Some(taping) = &mut held.taping
            && let Err(error) = taping.take_and_flush(&Event::Caption { t: at, text })
        {
            self.fail(held, &error);
        }
    }

    fn fail(&self, mut held: MutexGuard<'_, Held>, error: &std::io::Error) {
        if let Some(taping) = held.taping.take() {
            drop(held);
            let words = not_whole(&taping.path, error);
            self.post.tell(News::Notice { words, is_bad: true });
            self.post.tell(News::RecordingStopped { path: taping.path, frames: taping.frames });
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // It is whole between any two lines that could panic.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn not_whole(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {}; the recording is not complete", path.display(), in_words(error))
}
