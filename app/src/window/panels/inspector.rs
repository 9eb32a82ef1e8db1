//! The right column: what is selected, with everything that a lab can hold about it.

use std::sync::Arc;

use egui::{Id, Margin, ScrollArea, Ui};
use topology::{Lab, Thing};

use crate::{
    model::{
        act::Item,
        command::{Command, File},
        state::State,
    },
    window::{
        theme,
        widgets::{lettering, push::Push},
    },
};

mod actions;
mod addresses;
mod bridge;
mod cable;
mod firewall;
mod head;
mod interface;
mod kernel_now;
mod lab;
mod mends;
mod namespace;
mod neighbours;
mod problems;
mod reading;
mod routes;
mod several;
mod switches;
mod vlans;

/// In points.
pub const WIDTH: f32 = 320.0;

/// Fills the column that `ui` is.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let lab = state.lab();
    ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 24 }).show(ui, |ui| {
            ui.spacing_mut().item_spacing = egui::vec2(6.0, 4.0);
            if state.is_replay() {
                replay(ui, out);
            }
            // Read-only while a recording is shown.
            ui.add_enabled_ui(!state.is_replay(), |ui| {
                selected(ui, &Subject { state, lab, settled: settled(ui, state) }, out);
            });
        });
    });
}

/// What the parts of the inspector look at.
struct Subject<'a> {
    state: &'a State,
    lab: Arc<Lab>,
    /// The same lab with everything decided that it leaves open.
    settled: Arc<Lab>,
}

fn selected(ui: &mut Ui, subject: &Subject<'_>, out: &mut Vec<Command>) {
    let mut items = subject.state.selection.iter();
    match (items.next(), items.next()) {
        (None, _) => lab::show(ui, subject, out),
        (Some(Item::Thing(Thing::Namespace(name))), None) => namespace::show(ui, subject, name, out),
        (Some(Item::Thing(Thing::Bridge(at))), None) => bridge::show(ui, subject, at, out),
        (Some(Item::Interface(at)), None) => {
            let found = subject.lab.interface(at);
            if found.is_some_and(|found| found.bridge_settings().is_some()) {
                bridge::show(ui, subject, at, out);
            } else {
                interface::show(ui, subject, at, out);
            }
        }
        (Some(Item::Cable(cable)), None) => cable::show(ui, subject, cable, out),
        (Some(_), Some(_)) => several::show(ui, subject, out),
    }
}

fn replay(ui: &mut Ui, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    egui::Frame::new().fill(theme.raise).corner_radius(8).inner_margin(12).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(lettering::muted("A recording is shown; its lab cannot be changed here.", ui));
        ui.add_space(4.0);
        let draw_on = Push::new("Draw on with this lab").primary();
        if draw_on.tip("Opens the lab, as it is at this moment, for drawing.").show(ui).clicked() {
            out.push(Command::File(File::EditRecordedLab));
        }
    });
    ui.add_space(10.0);
}

/// Settled once for each lab, not for each frame of the screen.
fn settled(ui: &Ui, state: &State) -> Arc<Lab> {
    type Kept = (Arc<Lab>, Arc<Lab>);
    let lab = state.lab();
    let id = Id::unique("the inspected lab, settled");
    let kept: Option<Kept> = ui.data(|data| data.get_temp(id));
    if let Some((_, settled)) = kept.filter(|(of, _)| Arc::ptr_eq(of, &lab)) {
        return settled;
    }
    let settled = Arc::new(lab.settled());
    ui.data_mut(|data| data.insert_temp(id, (lab, settled.clone())));
    settled
}
