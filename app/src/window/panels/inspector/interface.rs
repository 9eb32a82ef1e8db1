//! A page on an interface, and the rows that other pages show of one.

use egui::{Id, Ui};
use topology::{Interface, InterfaceKind, Place, Thing};

use super::{Subject, addresses, head, neighbours, problems, reading, vlans};
use crate::{
    model::{
        act::Item,
        command::{Command, Draw, InterfaceChange, Select},
    },
    window::{
        theme,
        widgets::{choice, entry::Entry, icon::Icon, lettering, push::Push, row, section, toggle},
    },
};

pub fn show(ui: &mut Ui, subject: &Subject<'_>, at: &Place, out: &mut Vec<Command>) {
    let Some(found) = subject.lab.interface(at) else {
        ui.label(lettering::muted("It is no longer there.", ui));
        return;
    };
    let item = Item::Interface(at.clone());
    let kind = match found.kind {
        InterfaceKind::Loopback => "loopback",
        InterfaceKind::VethEnd => "cable end",
        InterfaceKind::Bridge(_) => "bridge",
        InterfaceKind::Other(kind) => kind.as_str(),
    };
    head::show(ui, subject, at.interface.as_str(), kind, Some(&item));
    problems::show(ui, subject, Some(&item), out);
    basics(ui, subject, at, found, out);
    if let Some(peer) = subject.lab.peer(at) {
        row::line(ui, "cable to", |ui| go_to(ui, &peer.to_string(), Item::Interface(peer.clone()), out));
    }
    row::line(ui, "in", |ui| {
        let thing = Thing::Namespace(at.namespace.clone());
        go_to(ui, at.namespace.as_str(), Item::Thing(thing), out);
    });
    if matches!(found.kind, InterfaceKind::VethEnd | InterfaceKind::Other(_)) {
        port_of(ui, subject, at, found, out);
    }
    section::heading(ui, "Addresses");
    addresses::show(ui, at, found, out);
    if found.bridge.is_some() {
        section::heading(ui, "VLANs");
        vlans::show(ui, at, &found.vlans, out);
    } else {
        neighbours::show(ui, at, found, out);
    }
}

/// Name, state, MAC and MTU: what bridges have as well.
pub fn basics(ui: &mut Ui, subject: &Subject<'_>, at: &Place, found: &Interface, out: &mut Vec<Command>) {
    if found.kind != InterfaceKind::Loopback {
        row::control(ui, "name", |ui| {
            let entry = Entry::new(Id::unique(("name of", at)), "Name");
            let read = |text: &str| reading::interface_name(text, &subject.lab, at);
            if let Some(to) = entry.edit(ui, at.interface.as_str(), read) {
                out.push(Command::Draw(Draw::RenameInterface { at: at.clone(), to }));
            }
        });
    }
    let mut change = |change| out.push(Command::Draw(Draw::Interface { at: at.clone(), change }));
    let tip = format!("ip link set {} {}", at.interface, if found.up { "down" } else { "up" });
    if let Some(up) = toggle::show(ui, "Up", found.up, &tip) {
        change(InterfaceChange::Up(up));
    }
    if found.kind == InterfaceKind::Loopback {
        return;
    }
    row::control(ui, "MAC", |ui| {
        let derived = subject.settled.interface(at).and_then(|settled| settled.mac);
        let hint = derived.map(|mac| mac.to_string()).unwrap_or_default();
        let own = found.mac.map(|mac| mac.to_string()).unwrap_or_default();
        let entry = Entry::new(Id::unique(("mac of", at)), "MAC").hint(&hint);
        if let Some(mac) = entry.edit(ui, &own, reading::optional_mac) {
            change(InterfaceChange::Mac(mac));
        }
    });
    row::control(ui, "MTU", |ui| {
        let own = found.mtu.map(|mtu| mtu.to_string()).unwrap_or_default();
        let entry = Entry::new(Id::unique(("mtu of", at)), "MTU").hint("1500").width(90.0);
        if let Some(mtu) = entry.edit(ui, &own, reading::mtu) {
            change(InterfaceChange::Mtu(mtu));
        }
    });
}

/// Up or down, and the other one on a click.
pub fn up_or_down(ui: &mut Ui, at: &Place, found: &Interface, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let (now, next, colour) = if found.up { ("up", "down", theme.good) } else { ("down", "up", theme.drop) };
    let name = format!("{at} is {now}");
    let tip = format!("ip link set {} {next}", at.interface);
    let push = Push::new(now).name(&name).tip(&tip).icon(Icon::Record).icon_colour(colour);
    if push.quiet().height(22.0).show(ui).clicked() {
        let change = InterfaceChange::Up(!found.up);
        out.push(Command::Draw(Draw::Interface { at: at.clone(), change }));
    }
}

/// A name that leads to its own page.
pub fn go_to(ui: &mut Ui, words: &str, item: Item, out: &mut Vec<Command>) {
    let name = format!("Show {words}");
    let text = lettering::code(words, ui).color(theme::of(ui.ctx()).accent);
    let link = egui::Label::new(text).sense(egui::Sense::click()).truncate();
    let response = ui.add(link).on_hover_cursor(egui::CursorIcon::PointingHand);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Link, true, &name));
    if response.clicked() {
        out.push(Command::Select(Select::Only(item)));
    }
}

fn port_of(ui: &mut Ui, subject: &Subject<'_>, at: &Place, found: &Interface, out: &mut Vec<Command>) {
    let Some(namespace) = subject.lab.namespaces.get(&at.namespace) else { return };
    let bridges: Vec<_> = namespace
        .interfaces
        .iter()
        .filter(|(_, other)| other.bridge_settings().is_some())
        .map(|(name, _)| name.clone())
        .collect();
    if bridges.is_empty() && found.bridge.is_none() {
        return;
    }
    row::control(ui, "port of", |ui| {
        let mut options = vec!["no bridge".to_owned()];
        options.extend(bridges.iter().map(ToString::to_string));
        let current = found.bridge.as_ref().map_or_else(|| options[0].clone(), ToString::to_string);
        if let Some(chosen) = choice::show(ui, "Port of", &current, &options, 180.0) {
            let bridge = chosen.checked_sub(1).and_then(|i| bridges.get(i).cloned());
            let change = InterfaceChange::PortOf(bridge);
            out.push(Command::Draw(Draw::Interface { at: at.clone(), change }));
        }
    });
}
