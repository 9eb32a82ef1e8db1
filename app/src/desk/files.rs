//! Files: one thread opens and saves them in the order of asking; what takes long has a thread of its own.

mod autosave;
mod content;
pub(super) mod listing;
pub(super) mod safely;

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufWriter, Read},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
};

use capture::{
    Event,
    recording::{self, ReadAhead, RecordingError},
};

use self::{autosave::Autosave, content::Content, listing::in_words};
use super::{
    Surroundings,
    excerpt::{self, Excerpt},
    post::Post,
    reading, settings,
    threads::Threads,
};
use crate::model::command::{News, Saved};

enum Order {
    Open { path: PathBuf, live: Option<u64> },
    Save { path: PathBuf, text: String, what: Saved },
    List(PathBuf),
    Autosave { text: String, path: Option<PathBuf> },
    DropAutosave,
    SaveSettings(String),
    Quit,
}

/// The desk's side of files. Nothing here waits.
pub struct Files {
    orders: Sender<Order>,
    /// The recording that is shown, if one is.
    shown: Arc<Mutex<Option<PathBuf>>>,
    threads: Threads,
    post: Post,
}

impl Files {
    pub fn open(surroundings: &Surroundings, post: &Post, threads: &Threads) -> Self {
        // Bounded by what a person can ask for: autosaves that wait are skipped.
        let (orders, inbox) = channel();
        let shown = Arc::default();
        let clerk = Clerk {
            orders: inbox,
            waiting: VecDeque::new(),
            autosave: Autosave::in_folder(&surroundings.state),
            surroundings: surroundings.clone(),
            shown: Arc::clone(&shown),
            threads: threads.clone(),
            post: post.clone(),
        };
        threads.start("files", || clerk.run());
        Self { orders, shown, threads: threads.clone(), post: post.clone() }
    }

    /// `live`: the source of the lab that runs, which is looked at again when a lab is opened.
    pub fn open_file(&self, path: PathBuf, live: Option<u64>) {
        self.order(Order::Open { path, live });
    }

    pub fn save(&self, path: PathBuf, text: String, what: Saved) {
        self.order(Order::Save { path, text, what });
    }

    /// Out of the recording that is shown, else out of what was seen `live`.
    pub fn save_recording(
        &self,
        path: PathBuf,
        excerpt: Excerpt,
        live: Option<Box<dyn Iterator<Item = Event> + Send>>,
    ) {
        let (shown, post) =
            (self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone(), self.post.clone());
        let save = move || {
            let saved = match (shown, live) {
                (Some(shown), _) => events_of(&shown).and_then(|events| save_excerpt(&path, excerpt, events)),
                (None, Some(live)) => save_excerpt(&path, excerpt, live.map(Ok)),
                (None, None) => Err(io::Error::other("nothing has been seen yet")),
            };
            post.tell(saved_or_not(path, Saved::Recording, saved));
        };
        self.threads.start("saving of a recording", save);
    }

    pub fn list(&self, path: PathBuf) {
        self.order(Order::List(path));
    }

    pub fn autosave(&self, text: String, path: Option<PathBuf>) {
        self.order(Order::Autosave { text, path });
    }

    pub fn drop_autosave(&self) {
        self.order(Order::DropAutosave);
    }

    pub fn save_settings(&self, text: String) {
        self.order(Order::SaveSettings(text));
    }

    /// What is shown now comes from a lab that runs.
    pub fn forget_shown(&self) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Begins the end; it has come when the threads have ended.
    pub fn end(&self) {
        let _ended_already = self.orders.send(Order::Quit);
    }

    fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            let words = "files cannot be opened or saved any more: their thread has ended".to_owned();
            self.post.tell(News::Notice { words, is_bad: true });
        }
    }
}

struct Clerk {
    orders: Receiver<Order>,
    waiting: VecDeque<Order>,
    autosave: Autosave,
    surroundings: Surroundings,
    shown: Arc<Mutex<Option<PathBuf>>>,
    threads: Threads,
    post: Post,
}

impl Clerk {
    fn run(mut self) {
        self.post.tell(News::MachineAddresses(crate::cli::machine_addresses()));
        if let Some(found) = self.autosave.look() {
            self.post.tell(found);
        }
        while let Some(order) = self.next() {
            if matches!(order, Order::Quit) {
                break;
            }
            self.carry_out(order);
        }
        self.autosave.end();
    }

    /// An autosave that another one follows would be for nothing.
    fn next(&mut self) -> Option<Order> {
        if self.waiting.is_empty() {
            self.waiting.push_back(self.orders.recv().ok()?);
        }
        self.waiting.extend(self.orders.try_iter());
        let order = self.waiting.pop_front()?;
        let replaces = |later: &Order| matches!(later, Order::Autosave { .. } | Order::DropAutosave);
        if matches!(order, Order::Autosave { .. }) && self.waiting.iter().any(replaces) {
            return self.next();
        }
        Some(order)
    }

    fn carry_out(&mut self, order: Order) {
        match order {
            Order::Open { path, live } => self.open(path, live),
            Order::Save { path, text, what } => {
                let saved = safely::write_text(&path, &text);
                self.post.tell(saved_or_not(path, what, saved));
            }
            Order::List(path) => self.post.tell(listing::list(&path)),
            Order::Autosave { text, path } => {
                if let Err(error) = self.autosave.keep(text, path.as_deref()) {
                    let folder = self.surroundings.state.display();
                    let words = format!("the drawing cannot be kept safe in {folder}: {}", in_words(&error));
                    self.post.tell(News::Notice { words, is_bad: true });
                }
            }
            Order::DropAutosave => self.autosave.drop_all(),
            Order::SaveSettings(text) => {
                if let Err(error) = settings::save(&self.surroundings, &text) {
                    let file = self.surroundings.settings_file();
                    let words = format!("{}: {}; settings are not kept", file.display(), in_words(&error));
                    self.post.tell(News::Notice { words, is_bad: true });
                }
            }
            Order::Quit => {}
        }
    }

    fn open(&self, path: PathBuf, live: Option<u64>) {
        match content::open(&path) {
            Ok(Content::Lab { text, lab }) => {
                *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = None;
                self.post.switch_to(live);
                self.post.tell(News::OpenedLab { path, text, lab });
            }
            Ok(Content::Page(document)) => {
                *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = None;
                self.post.switch_to(live);
                self.post.tell(News::OpenedPage { path, document: Arc::new(document) });
            }
            Ok(Content::Recording(input)) => self.read(path, input),
            Err(why) => self.post.tell(News::OpenFailed { path, why }),
        }
    }

    fn read(&self, path: PathBuf, input: Box<dyn Read + Send>) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.clone());
        // Whoever was read before stops when it sees this.
        let source = self.post.source();
        self.threads.start("reading of a recording", move || reading::read(&path, input, &source));
    }
}

fn saved_or_not<T>(path: PathBuf, what: Saved, saved: io::Result<T>) -> News {
    match saved {
        Ok(_) => News::Saved { path, what },
        Err(error) => News::SaveFailed { path, why: in_words(&error) },
    }
}

fn events_of(path: &Path) -> io::Result<ReadAhead> {
    Ok(recording::read_ahead(File::open(path)?))
}

fn save_excerpt(
    path: &Path,
    excerpt: Excerpt,
    events: impl Iterator<Item = Result<Event, RecordingError>>,
) -> io::Result<u64> {
    safely::write(path, |file| {
        let (out, frames) = excerpt::write(excerpt, events, BufWriter::new(file))?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(frames)
    })
}
