//! Does what the state asked for: engine, captures, files. On threads, so that the window never waits;
//! what comes of it is news.
//!
//! ```text
//! effects ─► lab thread ── engine ── feed ─┐
//!          ├► acts (a thread each) ────────┤
//!          ├► files thread ── reading ─────┼─► post ─► news
//!          └► saving of recordings ────────┘
//! ```

mod excerpt;
mod files;
#[cfg(feature = "engine")]
mod live;
#[cfg(not(feature = "engine"))]
#[path = "desk/no_engine.rs"]
mod live;
mod post;
mod reading;
pub mod settings;
mod surroundings;
mod threads;

use std::{fmt, time::Duration};

pub use surroundings::Surroundings;

use self::{excerpt::Excerpt, files::Files, live::Live, post::Post, threads::Threads};
use crate::model::command::{Effect, News};

/// An engine ends in five seconds or is killed; what else runs needs less.
const ENDING: Duration = Duration::from_secs(12);

/// Where effects are carried out. Dropped without [`Desk::close`], its threads end by themselves.
pub struct Desk {
    files: Files,
    live: Live,
    threads: Threads,
    post: Post,
}

impl Desk {
    /// `wake` is called (from any thread) whenever there is news.
    pub fn open(wake: impl Fn() + Send + Sync + 'static) -> Desk {
        Self::open_in(&Surroundings::of_this_user(), wake)
    }

    /// The same with other folders, or another engine.
    pub fn open_in(surroundings: &Surroundings, wake: impl Fn() + Send + Sync + 'static) -> Desk {
        let post = Post::new(wake);
        let threads = Threads::new(post.clone());
        let files = Files::open(surroundings, &post, &threads);
        let live = Live::open(surroundings, &post, &threads);
        Self { files, live, threads, post }
    }

    /// Never blocks. Copy and Quit are the window's own business and are ignored here.
    pub fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::StartLab(lab) => {
                self.files.forget_shown();
                self.live.start(lab);
            }
            Effect::ChangeLab(change) => self.live.change(change),
            Effect::StopLab => self.live.stop(),
            Effect::Act { id, act } => self.live.act(id, act),
            Effect::StopAct(id) => self.live.stop_act(id),
            Effect::StartRecording => self.live.start_recording(),
            Effect::StopRecording => self.live.stop_recording(),
            Effect::CloseRecording => {
                self.files.forget_shown();
                self.post.switch_to(self.live.source());
            }
            Effect::Caption { at, text } => self.live.caption(at, text),
            Effect::Open(path) => self.files.open_file(path, self.live.source()),
            Effect::SaveText { path, text, what } => self.files.save(path, text, what),
            Effect::SaveRecording { path, span, captions } => {
                self.files.save_recording(path, Excerpt { span, captions }, self.live.events());
            }
            Effect::List(path) => self.files.list(path),
            Effect::LetTapsCome { has_stp } => self.live.let_taps_come(has_stp),
            Effect::OpenTerminal { terminal, namespace, size } => {
                self.live.open_terminal(terminal, namespace, size);
            }
            Effect::Type { terminal, bytes } => self.live.type_into(terminal, bytes),
            Effect::ResizeTerminal { terminal, size } => self.live.resize_terminal(terminal, size),
            Effect::CloseTerminal(terminal) => self.live.close_terminal(terminal),
            Effect::Autosave { text, path } => self.files.autosave(text, path),
            Effect::DropAutosave => self.files.drop_autosave(),
            Effect::SaveSettings(text) => self.files.save_settings(text),
            Effect::Copy(_) | Effect::Quit => {}
        }
    }

    /// News so far, in order, at most until `budget` is used up by taking it.
    pub fn news(&mut self, budget: Duration) -> Vec<News> {
        self.post.take(budget)
    }

    /// Ends everything in order: engine, feeds, files; bounded time.
    pub fn close(self) {
        let Self { files, live, threads, post } = self;
        live.end();
        files.end();
        // Whoever reads a recording stops.
        post.switch_to(None);
        drop((live, files));
        if !threads.wait(ENDING) {
            eprintln!("hopscope: not everything could be ended in order within {ENDING:?}");
        }
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}
