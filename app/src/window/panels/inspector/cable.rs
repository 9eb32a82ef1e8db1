//! A page on a cable: both ends.

use egui::Ui;
use topology::{Cable, Place};

use super::{Subject, head, interface, problems};
use crate::{
    model::{
        act::Item,
        command::{Command, Draw},
    },
    window::{
        theme,
        widgets::{icon::Icon, lettering, push::Push, section},
    },
};

pub fn show(ui: &mut Ui, subject: &Subject<'_>, cable: &Cable, out: &mut Vec<Command>) {
    let item = Item::Cable(cable.clone());
    head::show(ui, subject, "Cable", "veth pair", Some(&item));
    problems::show(ui, subject, Some(&item), out);
    section::heading(ui, "Ends");
    ui.columns(2, |columns| {
        for (column, at) in columns.iter_mut().zip(cable.ends()) {
            end(column, subject, at, out);
        }
    });
    section::heading(ui, "Act");
    let unplug = Push::new("Unplug it").icon(Icon::Cross);
    if unplug.tip("Removes the cable with both its ends (ip link del).").key("Delete").show(ui).clicked() {
        out.push(Command::Draw(Draw::Remove([item].into())));
    }
}

fn end(ui: &mut Ui, subject: &Subject<'_>, at: &Place, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    egui::Frame::new().fill(theme.raise).corner_radius(8).inner_margin(10).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(egui::Label::new(lettering::muted(at.namespace.to_string(), ui)).truncate());
        interface::go_to(ui, at.interface.as_str(), Item::Interface(at.clone()), out);
        let Some(found) = subject.lab.interface(at) else {
            ui.label(lettering::bad("missing", ui));
            return;
        };
        if let Some(mac) = subject.settled.interface(at).and_then(|settled| settled.mac) {
            ui.add(egui::Label::new(lettering::code(mac.to_string(), ui).color(theme.mute)).truncate());
        }
        let role = found.bridge.as_ref().map(|bridge| format!("port of {bridge}"));
        let addresses = found.addresses.iter().map(ToString::to_string);
        for line in addresses.chain(role) {
            ui.add(egui::Label::new(lettering::code(line, ui)).truncate());
        }
        ui.add_space(4.0);
        ui.horizontal(|ui| interface::up_or_down(ui, at, found, out));
    });
}
