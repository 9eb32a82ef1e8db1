//! What a double click asks for.

use egui::Pos2;
use topology::{Place, Thing};

use super::Frame;
use crate::model::{
    act::Item,
    command::{Command, Terminal, View},
    stage::layout::{LARGE_LINE, SMALL_LINE, address_scale},
    state::InPlace,
};

/// An address is typed anew; a room's ground gives its terminal; everything else gets another name.
pub(super) fn asked_by(frame: &Frame<'_>, item: Item, at: Pos2) -> Command {
    address_at(frame, &item, at)
        .or_else(|| terminal_at(frame, &item, at))
        .unwrap_or(Command::View(View::InPlace(Some(InPlace::Name(item)))))
}

/// The address that is written at this point of a room.
fn address_at(frame: &Frame<'_>, item: &Item, at: Pos2) -> Option<Command> {
    let Item::Thing(Thing::Namespace(name)) = item else { return None };
    let room = frame.scene.layout.rooms.get(name)?;
    let mut bottom = room.addresses.top();
    if at.y < bottom || !room.addresses.x_range().contains(at.x) {
        return None;
    }
    let scale = address_scale(&room.address_lines, room.rect.bottom() - bottom, frame.state.camera.zoom);
    let (line, _) = room.address_lines.iter().find(|(_, is_large)| {
        bottom += scale * if *is_large { LARGE_LINE } else { SMALL_LINE };
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
