//! A page on a namespace.

use egui::{Id, Ui};
use topology::{Interface, InterfaceKind, Namespace, NamespaceName, Place, Thing};

use super::{
    Subject, actions, addresses, firewall, head, interface, kernel_now, neighbours, problems, reading,
    routes, switches,
};
use crate::{
    model::{
        act::Item,
        command::{Command, Draw},
    },
    window::{
        theme,
        widgets::{entry::Entry, lettering, row, section},
    },
};

pub fn show(ui: &mut Ui, subject: &Subject<'_>, name: &NamespaceName, out: &mut Vec<Command>) {
    let nothing = Namespace::default();
    let namespace = match subject.lab.namespaces.get(name) {
        Some(namespace) => namespace,
        None if name.is_host() => &nothing,
        None => {
            ui.label(lettering::muted("It is no longer there.", ui));
            return;
        }
    };
    let item = Item::Thing(Thing::Namespace(name.clone()));
    let kind = if name.is_host() { "the machine itself" } else { "namespace" };
    head::show(ui, subject, name.as_str(), kind, Some(&item));
    problems::show(ui, subject, Some(&item), out);
    let process = subject.state.processes.get(name).filter(|_| !subject.state.is_replay());
    if let Some(process) = process {
        row::value(ui, "process", &format!("{} · {}", process.pid, process.command));
        ui.label(lettering::muted("Its namespace is called after it, and lives as long.", ui)).on_hover_text(
            format!("For a name of its own, in a terminal: ip netns attach NAME {}", process.pid),
        );
    } else if !name.is_host() {
        row::control(ui, "name", |ui| {
            let entry = Entry::new(Id::unique(("name of namespace", name)), "Name");
            let read = |text: &str| reading::namespace_name(text, &subject.lab, name);
            if let Some(to) = entry.edit(ui, name.as_str(), read) {
                out.push(Command::Draw(Draw::RenameNamespace { from: name.clone(), to }));
            }
        });
    }
    interfaces(ui, subject, name, namespace, out);
    routes::show(ui, name, namespace, out);
    static_neighbours(ui, name, namespace, out);
    switches::show(ui, subject, name, out);
    firewall::show(ui, name, namespace, out);
    actions::of_namespace(ui, subject, name, out);
    kernel_now::neighbours(ui, subject, name);
}

fn interfaces(
    ui: &mut Ui,
    subject: &Subject<'_>,
    name: &NamespaceName,
    namespace: &Namespace,
    out: &mut Vec<Command>,
) {
    section::heading(ui, "Interfaces");
    let shown = namespace.interfaces.iter().filter(|(_, found)| found.kind != InterfaceKind::Loopback);
    let mut has_some = false;
    for (interface, found) in shown {
        has_some = true;
        let at = Place::new(name.clone(), interface.clone());
        one(ui, subject, &at, found, out);
        ui.add_space(8.0);
    }
    if !has_some {
        ui.label(lettering::muted("None yet: plug a cable in (key C, then drag).", ui));
    }
}

/// Its name, what it is, up or down; and its addresses, where it is meant to have some.
fn one(ui: &mut Ui, subject: &Subject<'_>, at: &Place, found: &Interface, out: &mut Vec<Command>) {
    let size = egui::vec2(ui.available_width(), 24.0);
    ui.allocate_ui_with_layout(size, egui::Layout::right_to_left(egui::Align::Center), |ui| {
        interface::up_or_down(ui, at, found, out);
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            let is_bridge = found.bridge_settings().is_some();
            let item =
                if is_bridge { Item::Thing(Thing::Bridge(at.clone())) } else { Item::Interface(at.clone()) };
            interface::go_to(ui, at.interface.as_str(), item, out);
            let role = match (&found.bridge, is_bridge, subject.lab.peer(at)) {
                (Some(bridge), ..) => format!("port of {bridge}"),
                (None, true, _) => "bridge".to_owned(),
                (None, false, Some(peer)) => format!("to {}", peer.namespace),
                (None, false, None) => "no cable".to_owned(),
            };
            ui.add(egui::Label::new(lettering::muted(role, ui)).truncate());
        });
    });
    if let Some(mac) = subject.settled.interface(at).and_then(|settled| settled.mac) {
        let colour = theme::of(ui.ctx()).mute;
        ui.label(lettering::code(mac.to_string(), ui).color(colour));
    }
    // A port's addresses do nothing; they are shown only where there are some.
    if found.bridge.is_none() || !found.addresses.is_empty() {
        addresses::show(ui, at, found, out);
    }
}

fn static_neighbours(ui: &mut Ui, name: &NamespaceName, namespace: &Namespace, out: &mut Vec<Command>) {
    if namespace.interfaces.values().all(|found| found.neighbours.is_empty()) {
        return;
    }
    section::heading(ui, "Static neighbours");
    for (interface, found) in &namespace.interfaces {
        neighbours::list(ui, &Place::new(name.clone(), interface.clone()), found, out);
    }
}
