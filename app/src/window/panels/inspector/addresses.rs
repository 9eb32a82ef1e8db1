//! An interface's addresses: changed in place, added, removed.

use egui::{Align, Id, Layout, Ui, vec2};
use topology::{Interface, Place};

use super::reading;
use crate::{
    model::command::{Command, Draw, InterfaceChange},
    window::widgets::{entry::Entry, icon::Icon, push::Push},
};

/// `ip addr add` and `del`; what is typed is checked as it is typed.
pub fn show(ui: &mut Ui, at: &Place, interface: &Interface, out: &mut Vec<Command>) {
    let mut change = |change| out.push(Command::Draw(Draw::Interface { at: at.clone(), change }));
    for address in &interface.addresses {
        let words = address.to_string();
        let size = vec2(ui.available_width(), 26.0);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Min), |ui| {
            let name = format!("Remove {words} from {at}");
            if Push::icon_only(&name, Icon::Cross).quiet().height(26.0).show(ui).clicked() {
                change(InterfaceChange::RemoveAddress(*address));
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                let name = format!("Address {words} of {at}");
                let entry = Entry::new(Id::unique(("address", at, address)), &name);
                if let Some(new) = entry.edit(ui, &words, |text| free(text, interface)) {
                    change(InterfaceChange::ReplaceAddress { from: *address, to: new });
                }
            });
        });
    }
    let name = format!("New address of {at}");
    let entry = Entry::new(Id::unique(("new address", at)), &name).hint("add an address, as 10.0.0.1/24");
    if let Some(new) = entry.edit(ui, "", |text| free(text, interface)) {
        change(InterfaceChange::AddAddress(new));
    }
}

fn free(text: &str, interface: &Interface) -> Result<ipnet::IpNet, String> {
    let address = reading::interface_address(text)?;
    if interface.addresses.contains(&address) {
        Err("it has this address already".into())
    } else {
        Ok(address)
    }
}
