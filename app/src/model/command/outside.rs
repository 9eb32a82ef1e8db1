//! What is wanted from outside, and what happened there.

use std::{path::PathBuf, sync::Arc};

use capture::WireNs;
use ipnet::IpNet;
use topology::{Lab, NamespaceName, Sight};

use crate::{
    model::{
        act::{Act, ActId, Item},
        changes::Change,
        story::Batch,
    },
    terminal::{TerminalId, TerminalSaid, TerminalSize},
    tutorial::document::Document,
};

/// What [`crate::model::update::update`] wants done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    StartLab(Arc<Lab>),
    /// The running lab shall become like this.
    ChangeLab(Change),
    StopLab,
    Act {
        id: ActId,
        act: Act,
    },
    StopAct(ActId),
    /// Begin to record into a file of our own, or end it.
    StartRecording,
    StopRecording,
    /// The recording that is shown is shown no more: nobody needs to read on.
    CloseRecording,
    Open(PathBuf),
    SaveText {
        path: PathBuf,
        text: String,
        what: Saved,
    },
    SaveRecording {
        path: PathBuf,
        span: Option<(WireNs, WireNs)>,
        captions: Vec<(WireNs, String)>,
    },
    /// Put a caption into the running recording.
    Caption {
        at: WireNs,
        text: String,
    },
    List(PathBuf),
    /// [`News::TapsCame`] when what was typed is tapped; `has_stp`: see [`topology::Lab::has_stp`].
    LetTapsCome {
        has_stp: bool,
    },
    /// A shell in this namespace of the lab that runs.
    OpenTerminal {
        terminal: TerminalId,
        namespace: NamespaceName,
        size: TerminalSize,
    },
    Type {
        terminal: TerminalId,
        bytes: Vec<u8>,
    },
    ResizeTerminal {
        terminal: TerminalId,
        size: TerminalSize,
    },
    CloseTerminal(TerminalId),
    Autosave {
        text: String,
        path: Option<PathBuf>,
    },
    DropAutosave,
    SaveSettings(String),
    Copy(String),
    Quit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    Lab,
    Script,
    Recording,
}

/// What happened outside.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The sandbox stands, the lab is built, and all taps listen. `remarks`: what could not be set up.
    Started {
        observed: Arc<Lab>,
        taps: usize,
        remarks: Vec<String>,
    },
    /// In doctor's words.
    Refused {
        what: String,
        why: String,
        mend: String,
    },
    /// The change of this number was carried out, and those that were asked for before it.
    Changed {
        number: u64,
        observed: Arc<Lab>,
        taps: usize,
    },
    /// The change was undone in the kernel; `about`: which item, where that is known.
    ChangeFailed {
        number: u64,
        about: Option<Item>,
        why: String,
    },
    Stopped {
        why: Option<String>,
    },
    Seen(Batch),
    /// What was typed before [`Effect::LetTapsCome`] is heard now, or nobody can say.
    TapsCame,
    /// A terminal of the lab that runs said something.
    Terminal {
        terminal: TerminalId,
        said: TerminalSaid,
    },
    /// How the kernel stands now, whoever changed it.
    Saw(Box<Sight>),
    /// A tutorial or a script was opened.
    OpenedPage {
        path: PathBuf,
        document: Arc<Document>,
    },
    /// How an act stands: sent and answered so far.
    ActWent {
        id: ActId,
        sent: u32,
        answered: u32,
        words: String,
        is_bad: bool,
        is_over: bool,
    },
    OpenedLab {
        path: PathBuf,
        text: String,
        lab: Arc<Lab>,
    },
    /// A recording begins to be read; its batches follow.
    OpenedRecording {
        path: PathBuf,
    },
    /// `place`: line and column, or byte, where known.
    OpenFailed {
        path: PathBuf,
        why: String,
    },
    Saved {
        path: PathBuf,
        what: Saved,
    },
    SaveFailed {
        path: PathBuf,
        why: String,
    },
    RecordingStarted {
        path: PathBuf,
    },
    RecordingStopped {
        path: PathBuf,
        frames: u64,
    },
    Folder {
        path: PathBuf,
        entries: Vec<FolderEntry>,
        trouble: Option<String>,
    },
    /// Something was left behind by a crash.
    FoundAutosave {
        text: String,
        path: Option<PathBuf>,
    },
    /// Addresses of the real machine, for the check.
    MachineAddresses(Vec<IpNet>),
    /// An address was proposed or looked up.
    Notice {
        words: String,
        is_bad: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FolderEntry {
    pub is_folder: bool,
    pub name: String,
}
