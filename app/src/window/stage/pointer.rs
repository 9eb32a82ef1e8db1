//! Pointer to commands: click, box, move, cable, probe, pan, zoom, drop.

use std::{collections::BTreeSet, time::Duration};

use egui::{CursorIcon, DragAndDrop, PointerButton, Pos2, Rect, Response, Ui, Vec2};
use topology::{NamespaceName, Place, Position, Thing};

use super::{Frame, Stage, drag::Drag, ghost_of, snap::snap, spanned};
use crate::model::{
    act::{Act, Item, Probe, ProbeKind, Rounds},
    command::{Command, Draw, Select, Terminal, View, Watch},
    draft::proposal,
    stage::{
        hit::{Hit, beneath, hit},
        layout::{LARGE_LINE, SMALL_LINE},
        scene::Ghost,
    },
    state::{Dialog, InPlace, Tool},
};

/// Points of the wheel that double the size.
const WHEEL_PER_DOUBLING: f32 = 240.0;
/// Screen points within which things click into line.
const SNAP_REACH: f32 = 6.0;

impl Stage {
    /// What the pointer did; gives what is to be seen of it before it is done.
    pub(super) fn pointer(
        &mut self,
        ui: &Ui,
        frame: &Frame<'_>,
        ground: &Response,
        things: &[(Item, Response)],
        out: &mut Vec<Command>,
    ) -> Vec<Ghost> {
        zoom(ui, frame, ground, out);
        clicks(ui, frame, ground, things, out);
        self.begin_drag(ui, frame, ground, out);
        let mut ghosts = self.go_on(ui, frame, ground, out);
        ghosts.extend(dropped(frame, ground, out));
        if self.drag.is_none() && ghosts.is_empty() {
            cursor(ui, frame, ground);
            let hover = ground.hover_pos().filter(|_| frame.state.tool != Tool::Select);
            ghosts.extend(hover.and_then(|at| ghost_of(frame.state.tool, frame.to_canvas(at))));
        }
        ghosts
    }

    fn begin_drag(&mut self, ui: &Ui, frame: &Frame<'_>, ground: &Response, out: &mut Vec<Command>) {
        if !ground.drag_started() {
            return;
        }
        let Some(origin) = ui.input(|input| input.pointer.press_origin()) else { return };
        let from = frame.to_canvas(origin);
        let (space, modifiers) = ui.input(|input| (input.key_down(egui::Key::Space), input.modifiers));
        let is_panning = ground.drag_started_by(PointerButton::Middle)
            || ground.drag_started_by(PointerButton::Secondary)
            || space;
        self.gestures += 1;
        let found = beneath(frame.scene, from, frame.slack());
        self.drag = Some(if is_panning || frame.state.is_replay() {
            Drag::Pan
        } else {
            self.drag_from(frame, from, found, modifiers, out)
        });
    }

    fn drag_from(
        &self,
        frame: &Frame<'_>,
        from: Pos2,
        found: Option<Hit>,
        modifiers: egui::Modifiers,
        out: &mut Vec<Command>,
    ) -> Drag {
        let state = frame.state;
        let thing = found.as_ref().and_then(thing_of);
        match (state.tool, thing) {
            (Tool::Cable, Some(thing)) => Drag::Cable { from: thing, start: from },
            (Tool::Select, Some(Thing::Namespace(name))) if modifiers.command => {
                Drag::Probe { from: name, start: from, by_handle: false }
            }
            (Tool::Select, Some(thing)) => {
                if let Some(Hit::Item(Item::Interface(_))) = found {
                    return Drag::Cable { from: thing, start: from };
                }
                let item = Item::Thing(thing);
                let selection = if state.selection.contains(&item) {
                    state.selection.clone()
                } else {
                    out.push(Command::Select(Select::Only(item.clone())));
                    BTreeSet::from([item])
                };
                Drag::Things { from, starts: starts(frame, &selection), gesture: self.gestures }
            }
            _ => {
                let keep = if modifiers.shift { state.selection.clone() } else { BTreeSet::new() };
                Drag::Box { from, keep }
            }
        }
    }

    fn go_on(&mut self, ui: &Ui, frame: &Frame<'_>, ground: &Response, out: &mut Vec<Command>) -> Vec<Ghost> {
        let Some(drag) = self.drag.clone() else { return Vec::new() };
        let Some(pointer) = ui.input(|input| input.pointer.latest_pos()) else { return Vec::new() };
        let at = frame.to_canvas(pointer);
        // A drag may also have begun on a room's handle.
        let ends = ground.drag_stopped() || ui.input(|input| input.pointer.any_released());
        if ends {
            self.drag = None;
        }
        match drag {
            Drag::Pan => {
                out.push(Command::View(View::Pan(ground.drag_delta())));
                ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
                Vec::new()
            }
            Drag::Box { from, keep } => {
                let area = spanned(from, at);
                let caught = keep.into_iter().chain(inside(frame, area)).collect();
                out.push(Command::Select(Select::These(caught)));
                vec![Ghost::Box(area)]
            }
            Drag::Things { from, starts, gesture } => {
                ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
                move_things(frame, &starts, at - from, gesture, out)
            }
            Drag::Cable { from, start } => {
                let target = beneath(frame.scene, at, frame.slack()).as_ref().and_then(thing_of);
                let fits = target.as_ref().is_some_and(|to| *to != from);
                if let (true, true, Some(to)) = (ends, fits, target) {
                    out.push(Command::Draw(Draw::Connect { from, to }));
                    out.push(Command::Tool(Tool::Select));
                }
                vec![Ghost::Cable { from: start, to: at, fits }]
            }
            Drag::Probe { from, start, by_handle } => {
                let to = match beneath(frame.scene, at, frame.slack()).as_ref().and_then(thing_of) {
                    Some(Thing::Namespace(to)) if to != from => Some(to),
                    _ => None,
                };
                let fits = to.is_some();
                if let (true, Some(to)) = (ends, to) {
                    out.push(asked(frame, from, to, by_handle));
                }
                vec![Ghost::Cable { from: start, to: at, fits }]
            }
        }
    }
}

/// The handle pings at once; a drag with Ctrl asks what to send.
fn asked(frame: &Frame<'_>, from: NamespaceName, to: NamespaceName, by_handle: bool) -> Command {
    let address = proposal::aim(frame.state.draft.lab(), &from, &to).filter(|_| by_handle);
    let Some(address) = address else {
        let dialog = Dialog::Probe { from: Some(from), to: Some(to) };
        return Command::View(View::Dialog(Some(dialog)));
    };
    let kind = ProbeKind::Ping { rounds: Rounds::Times(1), every: Duration::from_secs(1) };
    Command::Act(Act::Probe(Probe { from, to: address, aim: to.to_string(), kind }))
}

fn zoom(ui: &Ui, frame: &Frame<'_>, ground: &Response, out: &mut Vec<Command>) {
    let Some(pointer) = ui.input(|input| input.pointer.hover_pos()).filter(|at| frame.rect.contains(*at))
    else {
        return;
    };
    if !ground.contains_pointer() {
        return;
    }
    let (pinch, wheel, shift) =
        ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta(), input.modifiers.shift));
    let around = (pointer - frame.rect.min).to_pos2();
    if pinch != 1.0 {
        out.push(Command::View(View::Zoom { factor: pinch, around }));
    } else if wheel != Vec2::ZERO {
        out.push(Command::View(if shift || wheel.y == 0.0 {
            View::Pan(wheel)
        } else {
            View::Zoom { factor: (wheel.y / WHEEL_PER_DOUBLING).exp2(), around }
        }));
    }
}

fn clicks(
    ui: &Ui,
    frame: &Frame<'_>,
    ground: &Response,
    things: &[(Item, Response)],
    out: &mut Vec<Command>,
) {
    let clicked = things.iter().find(|(_, response)| response.clicked());
    if clicked.is_none() && !ground.clicked() {
        return;
    }
    let pointer = ui.input(|input| input.pointer.interact_pos());
    let by_pointer = ui.input(|input| input.pointer.any_released());
    let Some(at) = pointer.filter(|_| by_pointer).map(|at| frame.to_canvas(at)) else {
        // By key, or by a screen reader.
        if let Some((item, _)) = clicked {
            out.push(Command::Select(Select::Only(item.clone())));
        }
        return;
    };
    let (shift, twice) = (
        ui.input(|input| input.modifiers.shift || input.modifiers.command),
        ground.double_clicked() || things.iter().any(|(_, response)| response.double_clicked()),
    );
    if let Some(drawn) = placed(frame.state.tool, at) {
        out.push(Command::Draw(drawn));
        out.push(Command::Tool(Tool::Select));
        return;
    }
    match hit(frame.scene, at, frame.slack()) {
        Some(Hit::Pill(index)) => {
            if let Some(pill) = frame.scene.pills.get(index) {
                let (journey, sighting) = (pill.journey, pill.sighting as usize);
                out.push(Command::Watch(Watch::Sighting { journey, sighting }));
            }
        }
        Some(Hit::Mark(index)) => {
            let about = frame.scene.marks.get(index).and_then(|mark| mark.about.clone());
            out.push(about.map_or(Command::View(View::Show(crate::model::state::Pane::Problems)), |item| {
                Command::Select(Select::Only(item))
            }));
        }
        Some(found) => {
            if let Some(item) = item_of(&found) {
                let select = if shift { Select::Toggle(item.clone()) } else { Select::Only(item.clone()) };
                out.push(Command::Select(select));
                if twice && !frame.state.is_replay() {
                    out.push(
                        address_at(frame, &item, at)
                            .or_else(|| terminal_at(frame, &item, at))
                            .unwrap_or(Command::View(View::InPlace(Some(InPlace::Name(item))))),
                    );
                }
            }
        }
        None if !shift => out.push(Command::Select(Select::Nothing)),
        None => {}
    }
}

/// The address that is written at this point of a room.
fn address_at(frame: &Frame<'_>, item: &Item, at: Pos2) -> Option<Command> {
    let Item::Thing(Thing::Namespace(name)) = item else { return None };
    let room = frame.scene.layout.rooms.get(name).filter(|room| room.addresses.contains(at))?;
    let mut bottom = room.addresses.top();
    let (line, _) = room.address_lines.iter().find(|(_, is_large)| {
        bottom += if *is_large { LARGE_LINE } else { SMALL_LINE };
        at.y < bottom
    })?;
    // A house writes the interface's name before it.
    let was: ipnet::IpNet = line.split_whitespace().last()?.parse().ok()?;
    let lab = frame.state.lab();
    let interfaces = &lab.namespaces.get(name)?.interfaces;
    let (interface, _) = interfaces.iter().find(|(_, found)| found.addresses.contains(&was))?;
    let typed = InPlace::Address { at: Place::new(name.clone(), interface.clone()), was: Some(was) };
    Some(Command::View(View::InPlace(Some(typed))))
}

/// In a room, but on its name plate: the terminal that is there already, else a new one.
fn terminal_at(frame: &Frame<'_>, item: &Item, at: Pos2) -> Option<Command> {
    let Item::Thing(Thing::Namespace(name)) = item else { return None };
    let room = frame.scene.layout.rooms.get(name)?;
    if room.plate.contains(at) && !name.is_host() {
        return None;
    }
    let mut open = frame.state.terminals.iter().filter(|terminal| terminal.ended.is_none());
    let there = open.find(|terminal| terminal.at == name.as_str());
    Some(Command::Terminal(
        there.map_or_else(|| Terminal::Open(name.clone()), |terminal| Terminal::Show(terminal.id)),
    ))
}

/// What a click with a palette tool draws.
fn placed(tool: Tool, at: Pos2) -> Option<Draw> {
    let ghost = ghost_of(tool, at)?;
    let (Ghost::Room(rect) | Ghost::Switch(rect)) = ghost else { return None };
    let at = Position { x: rect.min.x.round() as i32, y: rect.min.y.round() as i32 };
    match tool {
        Tool::Namespace => Some(Draw::AddNamespace { at }),
        Tool::Router => Some(Draw::AddRouter { at }),
        Tool::Bridge => Some(Draw::AddBridge { at }),
        Tool::Select | Tool::Cable => None,
    }
}

/// Something is dragged here out of the palette.
fn dropped(frame: &Frame<'_>, ground: &Response, out: &mut Vec<Command>) -> Option<Ghost> {
    let pointer = ground.ctx.input(|input| input.pointer.latest_pos())?;
    if !frame.rect.contains(pointer) {
        return None;
    }
    let tool = DragAndDrop::payload::<Tool>(&ground.ctx).map(|tool| *tool)?;
    let at = frame.to_canvas(pointer);
    if ground.ctx.input(|input| input.pointer.any_released()) {
        DragAndDrop::clear_payload(&ground.ctx);
        out.extend(placed(tool, at).map(Command::Draw));
        out.push(Command::Tool(if tool == Tool::Cable { Tool::Cable } else { Tool::Select }));
        return None;
    }
    ghost_of(tool, at)
}

fn cursor(ui: &Ui, frame: &Frame<'_>, ground: &Response) {
    let Some(at) = ground.hover_pos().or_else(|| ui.input(|input| input.pointer.hover_pos())) else { return };
    if !frame.rect.contains(at) || !ground.contains_pointer() {
        return;
    }
    let found = hit(frame.scene, frame.to_canvas(at), frame.slack());
    let icon = match (frame.state.tool, found) {
        (Tool::Cable, Some(_)) => CursorIcon::Crosshair,
        (Tool::Namespace | Tool::Router | Tool::Bridge, _) => CursorIcon::Copy,
        (_, Some(Hit::Pill(_) | Hit::Mark(_) | Hit::Item(Item::Cable(_)))) => CursorIcon::PointingHand,
        (_, Some(Hit::Item(Item::Interface(_)))) => CursorIcon::Crosshair,
        (_, Some(Hit::Item(Item::Thing(_)))) => CursorIcon::Grab,
        _ => CursorIcon::Default,
    };
    ui.ctx().set_cursor_icon(icon);
}

/// Where the things of a selection stand now.
fn starts(frame: &Frame<'_>, selection: &BTreeSet<Item>) -> Vec<(Thing, Position)> {
    let start = |item: &Item| match item {
        Item::Thing(thing) => {
            let corner = rect_of(frame, thing)?.min;
            Some((thing.clone(), Position { x: corner.x.round() as i32, y: corner.y.round() as i32 }))
        }
        Item::Cable(_) | Item::Interface(_) => None,
    };
    selection.iter().filter_map(start).collect()
}

pub(super) fn rect_of(frame: &Frame<'_>, thing: &Thing) -> Option<Rect> {
    let layout = &frame.scene.layout;
    match thing {
        Thing::Namespace(name) => layout.rooms.get(name).map(|room| room.rect),
        Thing::Bridge(at) => layout.switches.get(at).map(|switch| switch.rect),
    }
}

fn move_things(
    frame: &Frame<'_>,
    starts: &[(Thing, Position)],
    by: Vec2,
    gesture: u64,
    out: &mut Vec<Command>,
) -> Vec<Ghost> {
    let at = |position: &Position| egui::pos2(position.x as f32, position.y as f32);
    let sized = starts.iter().filter_map(|(thing, start)| {
        rect_of(frame, thing).map(|rect| Rect::from_min_size(at(start), rect.size()))
    });
    let Some(moved) = sized.reduce(Rect::union) else { return Vec::new() };
    let is_moved = |thing: Thing| starts.iter().any(|(moved, _)| *moved == thing);
    let layout = &frame.scene.layout;
    let rooms = layout.rooms.iter().filter(|(name, _)| !is_moved(Thing::Namespace((*name).clone())));
    let others: Vec<Rect> = rooms.map(|(_, room)| room.rect).collect();
    let snapped = snap(moved, by, &others, SNAP_REACH / frame.state.camera.zoom);
    let things = starts
        .iter()
        .map(|(thing, start)| {
            let x = start.x + snapped.by.x.round() as i32;
            (thing.clone(), Position { x, y: start.y + snapped.by.y.round() as i32 })
        })
        .collect();
    out.push(Command::Draw(Draw::Move { things, gesture }));
    vec![Ghost::Guides(snapped.guides)]
}

/// What lies wholly in a box.
fn inside(frame: &Frame<'_>, area: Rect) -> Vec<Item> {
    let rooms = frame.scene.rooms.iter().map(|room| (Thing::Namespace(room.name.clone()), room.rect));
    let switches = frame.scene.switches.iter().map(|switch| (Thing::Bridge(switch.at.clone()), switch.rect));
    rooms
        .chain(switches)
        .filter(|(_, rect)| area.contains_rect(*rect))
        .map(|(thing, _)| Item::Thing(thing))
        .collect()
}

pub(super) fn item_of(hit: &Hit) -> Option<Item> {
    match hit {
        Hit::Item(item) => Some(item.clone()),
        Hit::Neighbour { of, .. } => Some(Item::Thing(Thing::Namespace(of.clone()))),
        Hit::Learned { by, .. } => Some(Item::Thing(Thing::Bridge(by.clone()))),
        Hit::Pill(_) | Hit::Mark(_) => None,
    }
}

/// What one would plug a cable into here.
fn thing_of(hit: &Hit) -> Option<Thing> {
    match item_of(hit)? {
        Item::Thing(thing) => Some(thing),
        Item::Interface(at) => Some(Thing::Namespace(at.namespace)),
        Item::Cable(_) => None,
    }
}

/// For menus: the namespace that something belongs to.
pub(super) fn namespace_of(item: &Item) -> Option<NamespaceName> {
    match item {
        Item::Thing(Thing::Namespace(name)) => Some(name.clone()),
        Item::Thing(Thing::Bridge(at)) | Item::Interface(at) => Some(at.namespace.clone()),
        Item::Cable(_) => None,
    }
}
