//! Something unsaved would be lost.

use egui::Ui;

use super::{close, footer, heading};
use crate::{
    model::command::{Command, File},
    window::widgets::{lettering, push::Push},
};

/// By opening something else.
pub fn before(ui: &mut Ui, wish: &File, out: &mut Vec<Command>) {
    ask(ui, Command::File(File::Anyway(Box::new(wish.clone()))), out);
}

/// By leaving: to ask for it once more leaves.
pub fn leaving(ui: &mut Ui, out: &mut Vec<Command>) {
    ask(ui, Command::Quit, out);
}

fn ask(ui: &mut Ui, lose_it: Command, out: &mut Vec<Command>) {
    ui.set_width(400.0);
    heading(ui, "Save what was drawn?");
    ui.label(lettering::muted(
        "The lab was changed since it was last saved. Without saving, the changes are lost.",
        ui,
    ));
    footer(ui, |ui| {
        let save = Push::new("Save").primary().show(ui);
        if ui.memory(|memory| memory.focused().is_none()) {
            save.request_focus();
        }
        if save.clicked() {
            // What was meant is done once it is saved.
            out.push(Command::File(File::Save));
        }
        if Push::new("Don't save").show(ui).clicked() {
            out.push(lose_it);
        }
        if Push::new("Cancel").quiet().show(ui).clicked() {
            close(out);
        }
    });
}
