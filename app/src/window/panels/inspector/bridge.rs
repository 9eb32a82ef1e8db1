//! A page on a bridge.

use egui::{Id, Ui};
use topology::{BridgeSettings, Interface, InterfaceKind, Place, Thing};

use super::{Subject, actions, addresses, head, interface, kernel_now, problems, reading, vlans};
use crate::{
    model::{
        act::Item,
        command::{Command, Draw, InterfaceChange},
    },
    window::widgets::{choice, entry::Entry, icon::Icon, lettering, push::Push, row, section, toggle},
};

pub fn show(ui: &mut Ui, subject: &Subject<'_>, at: &Place, out: &mut Vec<Command>) {
    let found = subject.lab.interface(at);
    let Some((found, settings)) = found.and_then(|found| Some((found, found.bridge_settings()?))) else {
        ui.label(lettering::muted("It is no longer there.", ui));
        return;
    };
    let item = Item::Thing(Thing::Bridge(at.clone()));
    head::show(ui, subject, at.interface.as_str(), "bridge", Some(&item));
    problems::show(ui, subject, Some(&item), out);
    row::line(ui, "in", |ui| {
        let thing = Thing::Namespace(at.namespace.clone());
        interface::go_to(ui, at.namespace.as_str(), Item::Thing(thing), out);
    });
    interface::basics(ui, subject, at, found, out);
    section::heading(ui, "Settings");
    configure(ui, at, settings, out);
    ports(ui, subject, at, settings, out);
    section::heading(ui, "Its own addresses");
    addresses::show(ui, at, found, out);
    actions::of_bridge(ui, subject, at, out);
    kernel_now::forwarding(ui, subject, at);
}

fn configure(ui: &mut Ui, at: &Place, now: BridgeSettings, out: &mut Vec<Command>) {
    let mut set = |settings| out.push(Command::Draw(Draw::Bridge { at: at.clone(), settings }));
    let tip =
        "Spanning tree (IEEE 802.1D): switches talk to each other, and block ports until no loop is left.";
    if let Some(stp) = toggle::show(ui, "STP", now.stp, tip) {
        set(BridgeSettings { stp, ..now });
    }
    let tip = "Each port belongs to VLANs, and frames stay in theirs.";
    if let Some(vlan_filtering) = toggle::show(ui, "VLAN filtering", now.vlan_filtering, tip) {
        set(BridgeSettings { vlan_filtering, ..now });
    }
    let number = |ui: &mut Ui, label: &str, value: u32, least: u32, most: u32| {
        row::control(ui, label, |ui| {
            let entry = Entry::new(Id::unique((label, at)), label).width(90.0);
            entry.edit(ui, &value.to_string(), |text| reading::number(text, least, most))
        })
    };
    if let Some(priority) = number(ui, "priority", now.priority.into(), 0, u16::MAX.into()) {
        set(BridgeSettings { priority: u16::try_from(priority).unwrap_or(u16::MAX), ..now });
    }
    // Seconds; 802.1D holds the delay within limits only while STP is on.
    let (least, most) = if now.stp { (2, 30) } else { (0, 30) };
    if let Some(forward_delay) = number(ui, "forward delay", now.forward_delay, least, most) {
        set(BridgeSettings { forward_delay, ..now });
    }
    if let Some(ageing) = number(ui, "ageing", now.ageing, 0, 1_000_000) {
        set(BridgeSettings { ageing, ..now });
    }
}

fn ports(ui: &mut Ui, subject: &Subject<'_>, at: &Place, now: BridgeSettings, out: &mut Vec<Command>) {
    section::heading(ui, "Ports");
    for port in subject.lab.ports(at) {
        let Some(found) = subject.lab.interface(&port) else { continue };
        row_of(ui, subject, &port, found, out);
        if now.vlan_filtering {
            vlans::show(ui, &port, &found.vlans, out);
            ui.add_space(6.0);
        }
    }
    let free: Vec<Place> = subject
        .lab
        .interfaces()
        .filter(|(place, found)| {
            place.namespace == at.namespace && found.bridge.is_none() && found.kind == InterfaceKind::VethEnd
        })
        .map(|(place, _)| place)
        .collect();
    if free.is_empty() {
        return;
    }
    let options: Vec<String> = free.iter().map(|place| place.interface.to_string()).collect();
    if let Some(place) =
        choice::show(ui, "Add a port", "add a port", &options, 180.0).and_then(|i| free.get(i))
    {
        let change = InterfaceChange::PortOf(Some(at.interface.clone()));
        out.push(Command::Draw(Draw::Interface { at: place.clone(), change }));
    }
}

fn row_of(ui: &mut Ui, subject: &Subject<'_>, port: &Place, found: &Interface, out: &mut Vec<Command>) {
    let far = subject.lab.peer(port).map(|peer| format!("  to {peer}")).unwrap_or_default();
    let down = if found.up { "" } else { "  down" };
    ui.horizontal(|ui| {
        interface::go_to(ui, port.interface.as_str(), Item::Interface(port.clone()), out);
        let size = egui::vec2(ui.available_width(), 22.0);
        ui.allocate_ui_with_layout(size, egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let name = format!("Take {port} out of the bridge");
            if Push::icon_only(&name, Icon::Cross).quiet().height(22.0).show(ui).clicked() {
                let change = InterfaceChange::PortOf(None);
                out.push(Command::Draw(Draw::Interface { at: port.clone(), change }));
            }
            let words = lettering::muted(format!("{far}{down}"), ui);
            ui.add(egui::Label::new(words).truncate());
        });
    });
}
