//! Static neighbours: who has which MAC, said beforehand, so that nobody has to ask.

use egui::{Id, Ui};
use topology::{Interface, Neighbour, Place};

use super::reading;
use crate::{
    model::command::{Command, Draw, InterfaceChange},
    window::widgets::{entry::Entry, icon::Icon, push::Push, row, section},
};

/// `ip neigh add … nud permanent`.
pub fn show(ui: &mut Ui, at: &Place, interface: &Interface, out: &mut Vec<Command>) {
    section::heading(ui, "Static neighbours");
    list(ui, at, interface, out);
    add(ui, at, interface, out);
}

/// The rows alone.
pub fn list(ui: &mut Ui, at: &Place, interface: &Interface, out: &mut Vec<Command>) {
    for neighbour in &interface.neighbours {
        let words = format!("{}  {}", neighbour.address, neighbour.mac);
        row::listed(ui, &words, |ui| {
            let name = format!("Remove neighbour {} of {at}", neighbour.address);
            if Push::icon_only(&name, Icon::Cross).quiet().height(22.0).show(ui).clicked() {
                change(at, InterfaceChange::RemoveNeighbour(*neighbour), out);
            }
        });
    }
}

fn add(ui: &mut Ui, at: &Place, interface: &Interface, out: &mut Vec<Command>) {
    let name = format!("New neighbour of {at}");
    let hint = "10.0.0.2 02:42:ac:11:00:02";
    let entry = Entry::new(Id::unique(("new neighbour", at)), &name).hint(hint);
    let read = |text: &str| {
        let (address, mac) = text.trim().split_once(' ').ok_or("an address, a space, and a MAC")?;
        let neighbour = Neighbour { address: reading::address(address)?, mac: reading::mac(mac)? };
        let is_known = interface.neighbours.iter().any(|known| known.address == neighbour.address);
        if is_known { Err("it has a neighbour with this address already".to_owned()) } else { Ok(neighbour) }
    };
    if let Some(neighbour) = entry.edit(ui, "", read) {
        change(at, InterfaceChange::AddNeighbour(neighbour), out);
    }
}

fn change(at: &Place, change: InterfaceChange, out: &mut Vec<Command>) {
    out.push(Command::Draw(Draw::Interface { at: at.clone(), change }));
}
