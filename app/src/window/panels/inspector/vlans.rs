//! The VLANs of a bridge's port.

use std::collections::BTreeSet;

use egui::{Align, Id, Layout, Ui, vec2};
use topology::{Place, PortVlan};

use super::reading;
use crate::{
    model::command::{Command, Draw, InterfaceChange},
    window::widgets::{entry::Entry, icon::Icon, lettering, push::Push},
};

/// `bridge vlan add` and `del`.
pub fn show(ui: &mut Ui, at: &Place, vlans: &BTreeSet<PortVlan>, out: &mut Vec<Command>) {
    let mut set = |vlans| {
        let change = InterfaceChange::Vlans(vlans);
        out.push(Command::Draw(Draw::Interface { at: at.clone(), change }));
    };
    let with = |old: &PortVlan, new: Option<PortVlan>| -> BTreeSet<PortVlan> {
        let rest = vlans.iter().copied().filter(|vlan| vlan != old);
        // A port has one PVID at most.
        let takes_over = new.is_some_and(|new| new.pvid);
        rest.map(|vlan| PortVlan { pvid: vlan.pvid && !takes_over, ..vlan }).chain(new).collect()
    };
    for vlan in vlans {
        let size = vec2(ui.available_width(), 26.0);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let name = format!("Remove VLAN {} from {at}", vlan.id);
            if Push::icon_only(&name, Icon::Cross).quiet().height(22.0).show(ui).clicked() {
                set(with(vlan, None));
            }
            let name = format!("VLAN {} untagged at {at}", vlan.id);
            let tip = "Its frames leave here without a tag.";
            if Push::new("untagged").name(&name).tip(tip).on(vlan.untagged).height(22.0).show(ui).clicked() {
                set(with(vlan, Some(PortVlan { untagged: !vlan.untagged, ..*vlan })));
            }
            let name = format!("VLAN {} pvid at {at}", vlan.id);
            let tip = "Frames that come in without a tag belong to it.";
            if Push::new("pvid").name(&name).tip(tip).on(vlan.pvid).height(22.0).show(ui).clicked() {
                set(with(vlan, Some(PortVlan { pvid: !vlan.pvid, ..*vlan })));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(lettering::code(format!("VLAN {}", vlan.id), ui));
            });
        });
    }
    let name = format!("New VLAN of {at}");
    let entry = Entry::new(Id::unique(("new vlan", at)), &name).hint("add a VLAN, 1 to 4094");
    let read = |text: &str| {
        let id = reading::number(text, 1_u16, 4094)?;
        let is_known = vlans.iter().any(|vlan| vlan.id == id);
        if is_known { Err(format!("it belongs to VLAN {id} already")) } else { Ok(id) }
    };
    if let Some(id) = entry.edit(ui, "", read) {
        let new = PortVlan { id, pvid: false, untagged: false };
        set(vlans.iter().copied().chain([new]).collect());
    }
}
