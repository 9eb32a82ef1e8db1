//! What a right click offers, by what it is about.

use std::{collections::BTreeSet, time::Duration};

use egui::{Response, Ui};
use topology::{Cable, NamespaceName, Place, Position, Thing};

use super::{
    Frame, Stage,
    pointer::{item_of, namespace_of},
};
use crate::model::{
    act::{Act, Item, Probe, ProbeKind, Rounds},
    command::{Command, Draw, File, Select, Terminal, View},
    draft::{plugging::Plugging, proposal},
    stage::hit::{Hit, beneath},
    state::{Dialog, InPlace, Pane, State},
};

impl Stage {
    pub(super) fn context_menus(
        &mut self,
        frame: &Frame<'_>,
        ground: &Response,
        things: &[(Item, Response)],
        out: &mut Vec<Command>,
    ) {
        for response in things.iter().map(|(_, response)| response).chain([ground]) {
            if response.secondary_clicked() {
                let at = response.interact_pointer_pos().map(|at| frame.to_canvas(at));
                self.menu = at.map(|at| (beneath(frame.scene, at, frame.slack()), at));
                let about = self.menu.as_ref().and_then(|(found, _)| item_under(frame, found.as_ref()?));
                if let Some(item) = about.filter(|item| !frame.state.selection.contains(item)) {
                    out.push(Command::Select(Select::Only(item)));
                }
            }
            response.context_menu(|ui| {
                let Some((found, at)) = &self.menu else { return };
                match found.as_ref().and_then(|found| item_under(frame, found)) {
                    Some(item) => about_item(ui, frame.state, &item, out),
                    None => about_ground(ui, frame.state, *at, out),
                }
            });
        }
    }
}

/// A mark stands for what it is about.
fn item_under(frame: &Frame<'_>, found: &Hit) -> Option<Item> {
    match found {
        Hit::Mark(index) => frame.scene.marks.get(*index)?.about.clone(),
        other => item_of(other),
    }
}

fn offer(ui: &mut Ui, words: &str, command: Option<Command>, out: &mut Vec<Command>) {
    if ui.add_enabled(command.is_some(), egui::Button::new(words)).clicked() {
        out.extend(command);
        ui.close();
    }
}

fn about_ground(ui: &mut Ui, state: &State, at: egui::Pos2, out: &mut Vec<Command>) {
    let at = Position { x: at.x.round() as i32, y: at.y.round() as i32 };
    if state.is_replay() {
        offer(ui, "Draw on with this lab", Some(Command::File(File::EditRecordedLab)), out);
        return;
    }
    offer(ui, "New namespace here", Some(Command::Draw(Draw::AddNamespace { at })), out);
    offer(ui, "New bridge here", Some(Command::Draw(Draw::AddBridge { at })), out);
    offer(ui, "New router here", Some(Command::Draw(Draw::AddRouter { at })), out);
    ui.separator();
    offer(ui, "Paste", Some(Command::Draw(Draw::Paste { at })), out);
    offer(ui, "Select all", Some(Command::Select(Select::All)), out);
    offer(ui, "Arrange automatically", Some(Command::Draw(Draw::Arrange)), out);
    offer(ui, "Fit into the window", Some(Command::View(View::Fit)), out);
}

fn about_item(ui: &mut Ui, state: &State, item: &Item, out: &mut Vec<Command>) {
    if state.is_replay() {
        offer(ui, "Draw on with this lab", Some(Command::File(File::EditRecordedLab)), out);
        return;
    }
    match item {
        Item::Thing(Thing::Namespace(name)) => about_namespace(ui, state, name, out),
        Item::Thing(Thing::Bridge(at)) => about_bridge(ui, at, out),
        Item::Interface(at) => about_interface(ui, state, at, out),
        Item::Cable(cable) => about_cable(ui, state, cable, out),
    }
    ui.separator();
    let rename = Command::View(View::InPlace(Some(InPlace::Name(item.clone()))));
    if !matches!(item, Item::Cable(_)) {
        offer(ui, "Rename", Some(rename), out);
    }
    if matches!(item, Item::Thing(_)) {
        offer(ui, "Duplicate", Some(Command::Draw(Draw::Duplicate)), out);
    }
    offer(ui, "Inspect", Some(Command::View(View::Show(Pane::Inspector))), out);
    let all =
        if state.selection.contains(item) { state.selection.clone() } else { BTreeSet::from([item.clone()]) };
    offer(ui, "Delete", Some(Command::Draw(Draw::Remove(all))), out);
}

fn about_namespace(ui: &mut Ui, state: &State, from: &NamespaceName, out: &mut Vec<Command>) {
    let once = ProbeKind::Ping { rounds: Rounds::Times(1), every: Duration::from_secs(1) };
    let five = ProbeKind::Ping { rounds: Rounds::Times(5), every: Duration::from_secs(1) };
    let forever = ProbeKind::Ping { rounds: Rounds::UntilStopped, every: Duration::from_secs(1) };
    towards(ui, state, from, "Ping", out, |_| Some(once.clone()));
    towards(ui, state, from, "Ping five times", out, |_| Some(five.clone()));
    towards(ui, state, from, "Ping until stopped", out, |_| Some(forever.clone()));
    towards(ui, state, from, "Flood ping", out, |_| Some(ProbeKind::FLOOD));
    towards(ui, state, from, "ARP probe", out, |to| {
        let on = proposal::leaves_by(state.draft.lab(), from, to)?;
        Some(ProbeKind::Arp { on })
    });
    towards(ui, state, from, "Trace the route", out, |_| {
        Some(ProbeKind::Trace { most_hops: ProbeKind::MOST_HOPS })
    });
    let dialog = Dialog::Probe { from: Some(from.clone()), to: None };
    offer(ui, "TCP, UDP and more…", Some(Command::View(View::Dialog(Some(dialog)))), out);
    ui.separator();
    offer(ui, "Terminal here", Some(Command::Terminal(Terminal::Open(from.clone()))), out);
    let forget = Act::ForgetNeighbours(BTreeSet::from([from.clone()]));
    offer(ui, "Forget ARP entries", Some(Command::Act(forget)), out);
}

/// A submenu with everybody whom this namespace could ask.
fn towards(
    ui: &mut Ui,
    state: &State,
    from: &NamespaceName,
    words: &str,
    out: &mut Vec<Command>,
    kind: impl Fn(std::net::IpAddr) -> Option<ProbeKind>,
) {
    let lab = state.draft.lab();
    ui.menu_button(words, |ui| {
        let mut anybody = false;
        for to in lab.namespaces.keys().filter(|name| *name != from) {
            let Some(address) = proposal::aim(lab, from, to) else { continue };
            let Some(kind) = kind(address) else { continue };
            anybody = true;
            let probe = Probe { from: from.clone(), to: address, aim: to.to_string(), kind };
            offer(ui, &format!("{to}  {address}"), Some(Command::Act(Act::Probe(probe))), out);
        }
        if !anybody {
            ui.weak("Nobody else has an address");
        }
    });
}

fn about_bridge(ui: &mut Ui, at: &Place, out: &mut Vec<Command>) {
    let forget = Act::ForgetLearned(BTreeSet::from([at.clone()]));
    offer(ui, "Forget what it has learned", Some(Command::Act(forget)), out);
}

fn about_interface(ui: &mut Ui, state: &State, at: &Place, out: &mut Vec<Command>) {
    let Some(interface) = state.draft.lab().interface(at) else { return };
    if let Some(plugging) = Plugging::of(state.draft.lab(), &Item::Interface(at.clone())) {
        offer(ui, plugging.words, Some(Command::Draw(plugging.draw())), out);
    }
    let address = InPlace::Address { at: at.clone(), was: None };
    offer(ui, "Add an address…", Some(Command::View(View::InPlace(Some(address)))), out);
    for was in &interface.addresses {
        let edit = InPlace::Address { at: at.clone(), was: Some(*was) };
        offer(ui, &format!("Change {was}…"), Some(Command::View(View::InPlace(Some(edit)))), out);
    }
}

fn about_cable(ui: &mut Ui, state: &State, cable: &Cable, out: &mut Vec<Command>) {
    if let Some(plugging) = Plugging::of(state.draft.lab(), &Item::Cable(cable.clone())) {
        let words = format!("{} (both ends {})", plugging.words, if plugging.up { "up" } else { "down" });
        offer(ui, &words, Some(Command::Draw(plugging.draw())), out);
    }
    for end in cable.ends() {
        if let Some(name) = namespace_of(&Item::Interface(end.clone())) {
            let words = format!("Select {name}");
            let select = Select::Only(Item::Thing(Thing::Namespace(name)));
            offer(ui, &words, Some(Command::Select(select)), out);
        }
    }
}
