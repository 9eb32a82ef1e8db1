//! Everything that can happen to the window, everything it can ask for, and what comes back.

mod outside;

use std::{collections::BTreeSet, path::PathBuf};

use capture::{JourneyId, WireNs};
use emath::{Pos2, Rect, Vec2};
use ipnet::IpNet;
use topology::{
    BridgeSettings, Firewall, InterfaceName, MacAddress, NamespaceName, Neighbour, Place, PortVlan, Position,
    Route, Sysctl, Target, Thing,
};

use super::{
    act::{Act, ActId, Item},
    state::{Dialog, InPlace, Pane, Side, Tool},
};
use crate::{
    terminal::{
        TerminalId, TerminalSize,
        screen::{PickKind, Spot},
    },
    tutorial::runner::Answered,
};

pub use outside::{Effect, FolderEntry, News, Saved};

/// What a person wants, or what happened elsewhere. Keyboard, menus, palette, mouse and tests all speak this.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Draw(Draw),
    Undo,
    Redo,
    Select(Select),
    Tool(Tool),
    /// Build the lab in the kernel and listen.
    RunLab,
    StopLab,
    /// The one obvious button: the lab's own suggested ping, or between what is selected.
    Ping,
    Act(Act),
    StopAct(ActId),
    StopAllActs,
    Play(Play),
    Watch(Watch),
    View(View),
    File(File),
    Terminal(Terminal),
    Page(Page),
    News(News),
    /// Time passes: `now` in the window's seconds since its start.
    Tick {
        now: f64,
    },
    Dismiss(u64),
    Quit,
}

/// Changes the lab that is drawn; each is one entry in undo.
#[derive(Clone, Debug, PartialEq)]
pub enum Draw {
    AddNamespace {
        at: Position,
    },
    /// A namespace that forwards.
    AddRouter {
        at: Position,
    },
    /// In the namespace that stands at `at`, else on the host.
    AddBridge {
        at: Position,
    },
    /// A cable with names and addresses proposed; a bridge's end becomes a port.
    Connect {
        from: Thing,
        to: Thing,
    },
    Remove(BTreeSet<Item>),
    RenameNamespace {
        from: NamespaceName,
        to: NamespaceName,
    },
    RenameInterface {
        at: Place,
        to: InterfaceName,
    },
    /// Moves of one `gesture` become one entry in undo. New upper-left corners.
    Move {
        things: Vec<(Thing, Position)>,
        gesture: u64,
    },
    Cut,
    Copy,
    /// The clipboard's middle comes to `at`.
    Paste {
        at: Position,
    },
    Duplicate,
    /// Lays out the whole lab anew.
    Arrange,
    Interface {
        at: Place,
        change: InterfaceChange,
    },
    /// All of these up, or all down. A cable's two ends: plugged in, or unplugged.
    Up {
        of: BTreeSet<Place>,
        up: bool,
    },
    Namespace {
        name: NamespaceName,
        change: NamespaceChange,
    },
    Bridge {
        at: Place,
        settings: BridgeSettings,
    },
    Lab(LabChange),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InterfaceChange {
    Up(bool),
    /// `None`: derived from the interface's place.
    Mac(Option<MacAddress>),
    /// `None`: the kernel's default.
    Mtu(Option<u32>),
    AddAddress(IpNet),
    RemoveAddress(IpNet),
    /// Changed in place: what leans on the interface's network stays.
    ReplaceAddress {
        from: IpNet,
        to: IpNet,
    },
    AddNeighbour(Neighbour),
    RemoveNeighbour(Neighbour),
    /// Becomes a port of this bridge of its namespace, or of none.
    PortOf(Option<InterfaceName>),
    Vlans(BTreeSet<PortVlan>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamespaceChange {
    AddRoute(Route),
    RemoveRoute(Route),
    /// `None`: as the kernel has it.
    Sysctl(Sysctl, Option<u8>),
    Firewall(Firewall),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabChange {
    Title(String),
    About(String),
    TryThis(String),
    Pings(Vec<(NamespaceName, Target)>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Select {
    Only(Item),
    Toggle(Item),
    These(BTreeSet<Item>),
    All,
    Nothing,
    /// Moves the selection by the arrow keys, in points on the canvas.
    Nudge(Vec2),
}

/// Moves the playhead. Live and replay alike; the capture never stops for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Play {
    Toggle,
    Start,
    Pause,
    NextHop,
    PreviousHop,
    NextJourney,
    PreviousJourney,
    NextConversation,
    PreviousConversation,
    /// To this story time.
    Seek(f64),
    SeekWire(WireNs),
    ToBeginning,
    ToEnd,
    /// Story seconds that pass in one real second.
    Speed(f64),
    Faster,
    Slower,
    /// Loops between these story times.
    Loop(Option<(f64, f64)>),
    FollowLive(bool),
    /// Plays this journey from its birth.
    Journey(JourneyId),
}

/// What is done with terminals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Terminal {
    /// A new one in this namespace, which comes to the front.
    Open(NamespaceName),
    Show(TerminalId),
    Close(TerminalId),
    /// These bytes, as if typed.
    Type(TerminalId, Vec<u8>),
    Resize(TerminalId, TerminalSize),
    /// By lines; positive looks further back.
    Scroll(TerminalId, i32),
    Pick(TerminalId, Pick),
    /// What is selected in it.
    Copy(TerminalId),
}

/// How text of a terminal is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// From here.
    From(PickKind, Spot),
    /// To here, from wherever it began.
    To(Spot),
    All,
    Nothing,
}

/// What is done with the tutorial or script that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// These of its commands, in order; what is held back only if `also_held_back`.
    Run {
        commands: Vec<usize>,
        also_held_back: bool,
    },
    /// All that has not been run; with `step_by_step` it waits after each block until its frames were played, and says
    /// what changed.
    RunAll {
        step_by_step: bool,
    },
    Stop,
    /// As Ctrl-C would.
    Interrupt,
    Answer(Answered),
    /// Step by step: on to the next block.
    Next,
    /// In a fresh, empty lab.
    Restart,
    Close,
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Watch {
    /// A journey, and one of its sightings by its place in [`capture::Journey::sightings`].
    Sighting {
        journey: JourneyId,
        sighting: usize,
    },
    /// To be compared with the chosen one.
    CompareWith(Option<usize>),
    /// A field of the chosen frame: layer and field, by place.
    Field(Option<(usize, usize)>),
    Nothing,
    Filter(String),
    /// A span of story time, for looping and trimming.
    Span(Option<(f64, f64)>),
    Caption {
        at: WireNs,
        text: String,
    },
    RemoveCaption {
        at: WireNs,
        text: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum View {
    /// Pans by points on the screen.
    Pan(Vec2),
    /// Zooms by this factor, keeping the canvas under `around` (in points of the screen) in place.
    Zoom {
        factor: f32,
        around: Pos2,
    },
    ZoomTo(f32),
    Fit,
    /// The stage's size on the screen, or what is drawn, changed.
    StageShown {
        size: Vec2,
        drawn: Option<Rect>,
    },
    Show(Pane),
    TogglePane(Pane),
    ToggleSide(Side),
    Dark(bool),
    Projector(bool),
    /// 1.0 is normal.
    Scale(f32),
    /// How the panels are docked, as the window writes it.
    Dock(String),
    /// The window's size in points.
    WindowSize(f32, f32),
    /// How wide the open tutorial is, in points.
    PageWidth(f32),
    Dialog(Option<Dialog>),
    /// The filter's text is typed into next.
    FocusFilter,
    /// Edited on the stage itself.
    InPlace(Option<InPlace>),
    Home,
    Stage,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum File {
    New,
    OpenReady(&'static str),
    /// A tutorial that comes with the program.
    OpenReadyPage(&'static str),
    /// A lab file, a recording, a tutorial or a script, by what it is.
    Open(PathBuf),
    /// Where it came from; asks where there is none.
    Save,
    /// Does this although something unsaved is lost.
    Anyway(Box<File>),
    SaveLabAs(PathBuf),
    SaveScriptAs(PathBuf),
    /// What was seen: all, or the span of wire time.
    SaveRecordingAs {
        path: PathBuf,
        span: Option<(WireNs, WireNs)>,
    },
    ToggleRecord,
    /// The last minutes, as a recording.
    KeepWhatHappened,
    /// Draw on with the lab of the recording that is shown.
    EditRecordedLab,
    /// Leaves the recording; what was drawn before is as it was.
    BackToDrawing,
    List(PathBuf),
    Restore,
    DropRestored,
}
