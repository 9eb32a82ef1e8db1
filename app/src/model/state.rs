//! All that the window knows.

mod asking;
mod settings;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use capture::{JourneyId, WireNs, filter::Filter};
use emath::{Rect, Vec2};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use topology::{Lab, NamespaceName, Process, Thing, check::Problem};

pub use self::{
    asking::{Dialog, Folder, InPlace},
    settings::{Settings, Side},
};
use super::{
    act::{Act, Done, Item},
    changes::Changes,
    draft::{Draft, hues::Hues},
    sights::Sights,
    stage::camera::Camera,
    story::{Story, playhead::Playhead},
    walk::Tutorial,
};
use crate::{
    terminal::{TerminalId, TerminalSize, screen::Screen},
    tutorial::document::Document,
};

/// More would hide the stage.
const MOST_NOTICES: usize = 5;

#[derive(Debug)]
pub struct State {
    /// The window's seconds since its start.
    pub now: f64,
    pub page: Page,
    pub source: Source,
    pub draft: Draft,
    pub live: Live,
    /// What the kernel refused, or has otherwise than it is drawn, by the thing it is about.
    pub failed: BTreeMap<Item, String>,
    pub problems: Vec<Problem>,
    pub machine: Vec<IpNet>,
    pub story: Story,
    pub playhead: Playhead,
    /// Captions and bookmarks, in order of time.
    pub captions: Vec<(WireNs, String)>,
    pub selection: BTreeSet<Item>,
    pub chosen: Option<Chosen>,
    pub span: Option<(f64, f64)>,
    pub filter: FilterBox,
    pub tool: Tool,
    pub camera: Camera,
    pub stage_size: Vec2,
    /// What is drawn, with its labels, in canvas points.
    pub drawn: Option<Rect>,
    /// What to do once the lab runs.
    pub pending: Vec<Act>,
    /// Another lab was opened while one ran: it starts when that has stopped.
    pub starts_after_stop: bool,
    /// What the kernel was asked for and has not answered.
    pub changes: Changes,
    /// A lab that was read while something unsaved is drawn, until somebody says which is to stay.
    pub opened: Option<Opened>,
    /// The same for a tutorial or a script.
    pub opened_page: Option<OpenedPage>,
    /// What was asked for before somebody chose to save first.
    pub after_save: Option<AfterSave>,
    pub acts: Vec<Done>,
    pub next_act: u64,
    /// What was done, as one would type it; newest last, bounded.
    pub log: Vec<Logged>,
    pub notices: Vec<Notice>,
    pub next_notice: u64,
    pub dialog: Option<Dialog>,
    pub in_place: Option<InPlace>,
    pub folder: Option<Folder>,
    pub recording: Option<PathBuf>,
    /// What a crash left behind, until it is restored or dropped.
    pub left_behind: Option<(String, Option<PathBuf>)>,
    pub settings: Settings,
    pub pane: Pane,
    /// Those of the lab that runs, in order of their opening.
    pub terminals: Vec<Terminal>,
    /// The one in front.
    pub terminal: Option<TerminalId>,
    /// No terminal had this number yet.
    pub next_terminal: u32,
    /// As large as the last one was shown.
    pub terminal_size: TerminalSize,
    /// Counts the wishes to type into the one in front: the view takes the focus when this has grown.
    pub terminal_wants_focus: u64,
    /// The tutorial or script that is open.
    pub tutorial: Option<Tutorial>,
    /// Of the lab that runs: processes that namespaces are called after.
    pub processes: BTreeMap<NamespaceName, Process>,
    /// Of the lab that runs: looks that wait, and what is being typed.
    pub sights: Sights,
}

/// A terminal and what it shows.
#[derive(Debug)]
pub struct Terminal {
    pub id: TerminalId,
    /// The namespace that it was opened in.
    pub opened_in: NamespaceName,
    /// The namespace that what runs in it lives in now.
    pub at: String,
    /// Its shell's process number, as the sandbox counts, once it stands.
    pub shell: Option<u32>,
    /// What it exited with; `None`: its shell is alive.
    pub ended: Option<i32>,
    pub size: TerminalSize,
    pub screen: Screen,
}

/// Where the frames on the stage come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The lab that is drawn, running or not.
    Draft,
    /// Read-only.
    Recording { path: PathBuf },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Home,
    Stage,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Live {
    Off,
    Starting,
    On {
        observed: Arc<Lab>,
        taps: usize,
        /// A change is under way in the kernel.
        changing: bool,
    },
    Stopping,
    /// This machine gives no sandbox now.
    Refused {
        what: String,
        why: String,
        mend: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub path: PathBuf,
    pub text: String,
    pub lab: Arc<Lab>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedPage {
    pub path: PathBuf,
    pub document: Arc<Document>,
    /// It comes with the program, and stands in no file.
    pub is_ready: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterSave {
    File(super::command::File),
    Quit,
}

/// How a thing that is drawn stands in the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No lab runs.
    Drawn,
    /// It is wanted, and on its way.
    Wanted,
    Real,
    Failed,
}

/// The frame whose bytes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub journey: JourneyId,
    /// By its place in [`capture::Journey::sightings`].
    pub sighting: usize,
    pub compared: Option<usize>,
    /// Layer and field, by place.
    pub field: Option<(usize, usize)>,
}

#[derive(Clone, Debug, Default)]
pub struct FilterBox {
    pub text: String,
    /// Counts the wishes to type into it: the view takes the focus when this has grown.
    pub wants_focus: u64,
    /// The last text that could be understood; `None`: everything is shown.
    pub filter: Option<Filter>,
    pub error: Option<capture::filter::FilterError>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    #[default]
    Select,
    Namespace,
    Bridge,
    Router,
    Cable,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// What was done, for people.
    pub words: String,
    /// As one would type it.
    pub shell: Vec<String>,
    /// Why it did not work.
    pub trouble: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub id: u64,
    pub words: String,
    pub is_bad: bool,
    /// The window's seconds at which it appeared.
    pub since: f64,
}

/// What is shown beside and below the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pane {
    #[default]
    Timeline,
    Ladder,
    Frames,
    Commands,
    Problems,
    Terminals,
    Inspector,
    Frame,
}

impl State {
    pub fn new(settings: Settings) -> Self {
        Self {
            now: 0.0,
            page: Page::Stage,
            source: Source::Draft,
            draft: Draft::new(Lab::default()),
            live: Live::Off,
            failed: BTreeMap::new(),
            problems: Vec::new(),
            machine: Vec::new(),
            story: Story::default(),
            playhead: Playhead::default(),
            captions: Vec::new(),
            selection: BTreeSet::new(),
            chosen: None,
            span: None,
            filter: FilterBox::default(),
            tool: Tool::Select,
            camera: Camera::default(),
            stage_size: Vec2::new(1000.0, 600.0),
            drawn: None,
            pending: Vec::new(),
            starts_after_stop: false,
            changes: Changes::default(),
            opened: None,
            opened_page: None,
            after_save: None,
            acts: Vec::new(),
            next_act: 1,
            log: Vec::new(),
            notices: Vec::new(),
            next_notice: 1,
            dialog: None,
            in_place: None,
            folder: None,
            recording: None,
            left_behind: None,
            pane: settings.pane,
            settings,
            terminals: Vec::new(),
            terminal: None,
            next_terminal: 1,
            terminal_size: TerminalSize::default(),
            terminal_wants_focus: 0,
            tutorial: None,
            processes: BTreeMap::new(),
            sights: Sights::default(),
        }
    }

    /// The lab on the stage: the one that is drawn, or the recording's as of the playhead.
    pub fn lab(&self) -> Arc<Lab> {
        match self.source {
            Source::Draft => self.draft.lab().clone(),
            Source::Recording { .. } => {
                let at = self.story.pace().wire_at(self.playhead.at());
                self.story.lab_at(at).unwrap_or_default()
            }
        }
    }

    /// Colours for what is shown as rooms.
    pub fn hues(&self, rooms: &[&NamespaceName]) -> Vec<usize> {
        match self.source {
            Source::Draft => self.draft.hues(rooms),
            Source::Recording { .. } => Hues::default().of_each(rooms),
        }
    }

    pub fn is_replay(&self) -> bool {
        matches!(self.source, Source::Recording { .. })
    }

    /// The frame to show: the chosen one, else the one that was seen last before the playhead.
    pub fn in_view(&self) -> Option<Chosen> {
        if self.chosen.is_some() {
            return self.chosen;
        }
        let at = self.playhead.at();
        let moment = &self.story.moments()[self.story.last_moment(at)?];
        let told = self.story.told().get(moment.told as usize)?;
        Some(Chosen {
            journey: told.journey.id,
            sighting: moment.sighting as usize,
            compared: None,
            field: None,
        })
    }

    /// How an item of the drawing stands in the kernel.
    pub fn standing(&self, item: &Item) -> Standing {
        if self.failed.contains_key(item) {
            return Standing::Failed;
        }
        match &self.live {
            Live::On { observed, .. } => {
                let is_there = match item {
                    Item::Thing(Thing::Namespace(name)) => observed.namespaces.contains_key(name),
                    Item::Thing(Thing::Bridge(at)) | Item::Interface(at) => observed.interface(at).is_some(),
                    Item::Cable(cable) => observed.cables.contains(cable),
                };
                if is_there { Standing::Real } else { Standing::Wanted }
            }
            Live::Starting => Standing::Wanted,
            Live::Off | Live::Stopping | Live::Refused { .. } => Standing::Drawn,
        }
    }

    /// Says something to the person for some seconds; what is bad stays until it is dismissed.
    pub fn notify(&mut self, words: impl Into<String>, is_bad: bool) {
        let words = words.into();
        self.notices.retain(|notice| notice.words != words);
        let excess = (self.notices.len() + 1).saturating_sub(MOST_NOTICES);
        self.notices.drain(..excess);
        self.notices.push(Notice { id: self.next_notice, words, is_bad, since: self.now });
        self.next_notice += 1;
    }

    /// Whether nothing is lost when the window closes now.
    pub fn may_leave(&self) -> bool {
        self.draft.is_saved() || self.dialog == Some(Dialog::Quit)
    }

    /// Beside a page there is room for the stage first: the inspector comes when it is asked for.
    pub fn is_shown(&self, side: Side) -> bool {
        match (&self.tutorial, side) {
            (Some(tutorial), Side::Inspector) => tutorial.has_inspector,
            _ => !self.settings.hidden.contains(&side),
        }
    }

    pub fn show_side(&mut self, side: Side, shown: bool) {
        match (&mut self.tutorial, side, shown) {
            (Some(tutorial), Side::Inspector, shown) => tutorial.has_inspector = shown,
            (_, side, true) => drop(self.settings.hidden.remove(&side)),
            (_, side, false) => drop(self.settings.hidden.insert(side)),
        }
    }

    pub fn is_running(&self) -> bool {
        matches!(self.live, Live::On { .. })
    }
}
