//! All bindings, in the order of menus and help.

use std::{collections::BTreeSet, time::Duration};

use emath::vec2;
use topology::{NamespaceName, Thing};

use super::{Binding, Group};
use crate::model::{
    act::{Act, Item, Probe, ProbeKind, Rounds},
    command::{Command, Draw, File, Page, Play, Select, Terminal, View, Watch},
    draft::proposal,
    state::{Dialog, InPlace, Live, Pane, Side, State, Tool},
    walk::Tutorial,
};

const fn bound(
    group: Group,
    keys: &'static str,
    words: &'static str,
    command: fn(&State) -> Option<Command>,
) -> Binding {
    Binding { keys, group, words, command }
}

/// Canvas points that an arrow key moves what is selected by.
const NUDGE: f32 = 8.0;

#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    bound(Group::File, "", "Home", |_| view(View::Home)),
    bound(Group::File, "Ctrl+N", "New lab", |_| file(File::New)),
    bound(Group::File, "Ctrl+O", "Open…", |_| dialog(Dialog::Open)),
    bound(Group::File, "Ctrl+S", "Save", |state| drawing(state).and(file(File::Save))),
    bound(Group::File, "Ctrl+Shift+S", "Save lab as…", |state| drawing(state).and(dialog(Dialog::SaveLab))),
    bound(Group::File, "", "Save as script…", |_| dialog(Dialog::SaveScript)),
    bound(Group::File, "Ctrl+Shift+R", "Keep what just happened…", |state| seen(state).and(dialog(Dialog::SaveRecording))),
    bound(Group::File, "Ctrl+Q", "Quit", |_| Some(Command::Quit)),

    bound(Group::Edit, "Ctrl+Z", "Undo", |state| drawing(state).and(state.draft.undo_words()).map(|_| Command::Undo)),
    bound(Group::Edit, "Ctrl+Y or Ctrl+Shift+Z", "Redo", |state| drawing(state).and(state.draft.redo_words()).map(|_| Command::Redo)),
    bound(Group::Edit, "Ctrl+X", "Cut", |state| some_selected(state).and(draw(state, Draw::Cut))),
    bound(Group::Edit, "Ctrl+C", "Copy", |state| some_selected(state).map(|()| Command::Draw(Draw::Copy))),
    bound(Group::Edit, "Ctrl+V", "Paste", paste),
    bound(Group::Edit, "Ctrl+D", "Duplicate", |state| some_selected(state).and(draw(state, Draw::Duplicate))),
    bound(Group::Edit, "Delete or Backspace", "Delete", |state| some_selected(state).and_then(|()| draw(state, Draw::Remove(state.selection.clone())))),
    bound(Group::Edit, "F2", "Rename", rename),
    bound(Group::Edit, "Ctrl+A", "Select all", |_| Some(Command::Select(Select::All))),
    bound(Group::Edit, "Escape", "Let go", let_go),
    bound(Group::Edit, "Shift+Left", "Move left", |state| nudge(state, -NUDGE, 0.0)),
    bound(Group::Edit, "Shift+Right", "Move right", |state| nudge(state, NUDGE, 0.0)),
    bound(Group::Edit, "Shift+Up", "Move up", |state| nudge(state, 0.0, -NUDGE)),
    bound(Group::Edit, "Shift+Down", "Move down", |state| nudge(state, 0.0, NUDGE)),
    bound(Group::Edit, "Ctrl+L", "Arrange automatically", |state| draw(state, Draw::Arrange)),

    bound(Group::Draw, "V", "Select tool", |_| tool(Tool::Select)),
    bound(Group::Draw, "N", "Namespace tool", |_| tool(Tool::Namespace)),
    bound(Group::Draw, "B", "Bridge tool", |_| tool(Tool::Bridge)),
    bound(Group::Draw, "R", "Router tool", |_| tool(Tool::Router)),
    bound(Group::Draw, "C", "Cable tool", |_| tool(Tool::Cable)),

    bound(Group::View, "Ctrl+K or Ctrl+P", "Command palette…", |_| dialog(Dialog::CommandPalette)),
    bound(Group::View, "F", "Fit the lab into the window", |_| view(View::Fit)),
    bound(Group::View, "+ or =", "Zoom in", |state| zoom(state, 1.25)),
    bound(Group::View, "-", "Zoom out", |state| zoom(state, 0.8)),
    bound(Group::View, "0", "Zoom to 100 %", |_| view(View::ZoomTo(1.0))),
    bound(Group::View, "1", "Timeline", |_| view(View::Show(Pane::Timeline))),
    bound(Group::View, "2", "Ladder", |_| view(View::Show(Pane::Ladder))),
    bound(Group::View, "3", "Frames", |_| view(View::Show(Pane::Frames))),
    bound(Group::View, "4", "Commands", |_| view(View::Show(Pane::Commands))),
    bound(Group::View, "5", "Problems", |_| view(View::Show(Pane::Problems))),
    bound(Group::View, "6", "Inspector", |_| view(View::Show(Pane::Inspector))),
    bound(Group::View, "7", "Layers and bytes", |_| view(View::Show(Pane::Frame))),
    bound(Group::View, "8", "Terminals", |_| view(View::Show(Pane::Terminals))),
    bound(Group::View, "Shift+Escape", "Leave the terminal", |state| state.terminal.and(view(View::Stage))),
    bound(Group::View, "F7", "Show or hide the tools", |_| view(View::ToggleSide(Side::Tools))),
    bound(Group::View, "F8", "Show or hide the right side", |_| view(View::ToggleSide(Side::Inspector))),
    bound(Group::View, "F9", "Show or hide the lower panels", |_| view(View::ToggleSide(Side::Below))),
    bound(Group::View, "F10", "Dark or light", |state| view(View::Dark(!state.settings.dark))),
    bound(Group::View, "F11", "Projector mode", |state| view(View::Projector(!state.settings.projector))),
    bound(Group::View, "Ctrl++ or Ctrl+=", "Larger text", |state| view(View::Scale(state.settings.scale * 1.1))),
    bound(Group::View, "Ctrl+-", "Smaller text", |state| view(View::Scale(state.settings.scale / 1.1))),
    bound(Group::View, "Ctrl+0", "Normal text", |_| view(View::Scale(1.0))),

    bound(Group::Lab, "P", "Ping", |state| drawing(state).map(|()| Command::Ping)),
    bound(Group::Lab, "Ctrl+Shift+P", "Probe…", |state| drawing(state).and(dialog(Dialog::Probe { from: None, to: None }))),
    bound(Group::Lab, "", "Ping until stopped", |state| ping(state, ProbeKind::Ping { rounds: Rounds::UntilStopped, every: Duration::from_secs(1) })),
    bound(Group::Lab, "", "Flood ping", |state| ping(state, ProbeKind::FLOOD)),
    bound(Group::Lab, "T", "New terminal in the selected room", |state| drawing(state).map(|()| Command::Terminal(Terminal::Open(room_in_hand(state))))),
    bound(Group::Lab, "Ctrl+.", "Stop all probes", |state| state.acts.iter().any(|done| !done.is_over).then_some(Command::StopAllActs)),
    bound(Group::Lab, "", "Forget all ARP entries", |state| running(state).map(|()| Command::Act(Act::ForgetNeighbours(BTreeSet::new())))),
    bound(Group::Lab, "", "Forget all that bridges have learned", |state| running(state).map(|()| Command::Act(Act::ForgetLearned(BTreeSet::new())))),
    bound(Group::Lab, "F5", "Run the lab", |state| drawing(state).filter(|()| matches!(state.live, Live::Off | Live::Refused { .. })).map(|()| Command::RunLab)),
    bound(Group::Lab, "Shift+F5", "Stop the lab", |state| (state.is_running() || state.live == Live::Starting).then_some(Command::StopLab)),
    bound(Group::Lab, "Ctrl+R", "Record, or stop recording", |state| running(state).and(file(File::ToggleRecord))),
    bound(Group::Lab, "Ctrl+B", "Back to the drawing", |state| state.is_replay().then_some(Command::File(File::BackToDrawing))),
    bound(Group::Lab, "", "Draw on with this lab", |state| state.is_replay().then_some(Command::File(File::EditRecordedLab))),

    bound(Group::Lab, "", "Run the whole page", |state| page(state, |_| true, Page::RunAll { step_by_step: false })),
    bound(Group::Lab, "", "Go through the page step by step", |state| page(state, |_| true, Page::RunAll { step_by_step: true })),
    bound(Group::Lab, "Enter or F6", "Next step of the page", |state| page(state, |tutorial| tutorial.waits() && tutorial.next_block().is_some(), Page::Next)),
    bound(Group::Lab, "", "Interrupt what the page runs, as Ctrl-C would", |state| page(state, |tutorial| !tutorial.runner.is_idle(), Page::Interrupt)),
    bound(Group::File, "", "Close the page", |state| page(state, |_| true, Page::Close)),

    bound(Group::Play, "Space", "Play or pause", |_| play(Play::Toggle)),
    bound(Group::Play, "Right or .", "On a hop", |_| play(Play::NextHop)),
    bound(Group::Play, "Left or ,", "Back a hop", |_| play(Play::PreviousHop)),
    bound(Group::Play, "Down", "Next journey", |_| play(Play::NextJourney)),
    bound(Group::Play, "Up", "Previous journey", |_| play(Play::PreviousJourney)),
    bound(Group::Play, "PageDown", "Next conversation", |_| play(Play::NextConversation)),
    bound(Group::Play, "PageUp", "Previous conversation", |_| play(Play::PreviousConversation)),
    bound(Group::Play, "Home", "To the beginning", |_| play(Play::ToBeginning)),
    bound(Group::Play, "End", "To the end, and follow live", |_| play(Play::ToEnd)),
    bound(Group::Play, "]", "Faster", |_| play(Play::Faster)),
    bound(Group::Play, "[", "Slower", |_| play(Play::Slower)),
    bound(Group::Play, "L", "Loop the selected span", |state| state.playhead.looped.map_or_else(|| state.span.and_then(|span| play(Play::Loop(Some(span)))), |_| play(Play::Loop(None)))),
    bound(Group::Play, "G", "Follow live", |state| play(Play::FollowLive(!state.playhead.following))),
    bound(Group::Play, "M", "Put a caption here…", |state| seen(state).and(dialog(Dialog::Caption))),
    bound(Group::Play, "Ctrl+F or /", "Filter…", |_| view(View::FocusFilter)),

    bound(Group::Help, "F1 or ?", "Keys", |_| dialog(Dialog::Keys)),
    bound(Group::Help, "", "About Hopscope", |_| dialog(Dialog::About)),
];

fn view(view: View) -> Option<Command> {
    Some(Command::View(view))
}

fn dialog(dialog: Dialog) -> Option<Command> {
    view(View::Dialog(Some(dialog)))
}

fn file(file: File) -> Option<Command> {
    Some(Command::File(file))
}

fn play(play: Play) -> Option<Command> {
    Some(Command::Play(play))
}

/// Only where a tutorial is open, and this makes sense for it now.
fn page(state: &State, fits: fn(&Tutorial) -> bool, page: Page) -> Option<Command> {
    state.tutorial.as_ref().filter(|tutorial| fits(tutorial)).map(|_| Command::Page(page))
}

fn tool(tool: Tool) -> Option<Command> {
    Some(Command::Tool(tool))
}

/// Only where the lab can be changed.
fn drawing(state: &State) -> Option<()> {
    (!state.is_replay()).then_some(())
}

fn running(state: &State) -> Option<()> {
    state.is_running().then_some(())
}

fn seen(state: &State) -> Option<()> {
    (!state.story.moments().is_empty()).then_some(())
}

fn some_selected(state: &State) -> Option<()> {
    (!state.selection.is_empty()).then_some(())
}

fn draw(state: &State, draw: Draw) -> Option<Command> {
    drawing(state).map(|()| Command::Draw(draw))
}

fn nudge(state: &State, x: f32, y: f32) -> Option<Command> {
    let is_movable = |item: &Item| matches!(item, Item::Thing(Thing::Namespace(_) | Thing::Bridge(_)));
    let has_some = state.selection.iter().any(is_movable);
    drawing(state).filter(|()| has_some).map(|()| Command::Select(Select::Nudge(vec2(x, y))))
}

fn zoom(state: &State, factor: f32) -> Option<Command> {
    let around = (state.stage_size / 2.0).to_pos2();
    view(View::Zoom { factor, around })
}

/// Into the middle of what is seen.
fn paste(state: &State) -> Option<Command> {
    let middle = state.camera.to_canvas((state.stage_size / 2.0).to_pos2());
    let at = topology::Position { x: middle.x.round() as i32, y: middle.y.round() as i32 };
    draw(state, Draw::Paste { at })
}

fn rename(state: &State) -> Option<Command> {
    drawing(state)?;
    let only = state.selection.first().filter(|_| state.selection.len() == 1)?;
    let has_name = match only {
        Item::Thing(Thing::Namespace(name)) => !name.is_host(),
        Item::Thing(Thing::Bridge(_)) | Item::Interface(_) => true,
        Item::Cable(_) => false,
    };
    has_name.then(|| Command::View(View::InPlace(Some(InPlace::Name(only.clone())))))
}

/// The namespace that the first of the selected things belongs to, else the host.
fn room_in_hand(state: &State) -> NamespaceName {
    let room = |item: &Item| match item {
        Item::Thing(Thing::Namespace(name)) => Some(name.clone()),
        Item::Thing(Thing::Bridge(at)) | Item::Interface(at) => Some(at.namespace.clone()),
        Item::Cable(_) => None,
    };
    state.selection.iter().find_map(room).unwrap_or_else(NamespaceName::host)
}

/// The innermost thing that one can let go of.
fn let_go(state: &State) -> Option<Command> {
    if state.dialog.is_some() {
        view(View::Dialog(None))
    } else if state.in_place.is_some() {
        view(View::InPlace(None))
    } else if state.tool != Tool::Select {
        tool(Tool::Select)
    } else if state.chosen.is_some() {
        Some(Command::Watch(Watch::Nothing))
    } else {
        Some(Command::Select(Select::Nothing))
    }
}

fn ping(state: &State, kind: ProbeKind) -> Option<Command> {
    drawing(state)?;
    let (from, aim, to) = proposal::suggested_ping(state.draft.lab(), &state.selection)?;
    Some(Command::Act(Act::Probe(Probe { from, to, aim, kind })))
}
