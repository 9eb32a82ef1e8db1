//! Why this machine runs no lab now, and what mends it.

use egui::Ui;

use super::{close, footer, heading};
use crate::{
    model::{
        command::Command,
        state::{Live, State},
    },
    window::{
        theme,
        widgets::{icon::Icon, lettering, push::Push, section},
    },
};

pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    ui.set_width(480.0);
    let Live::Refused { what, why, mend } = &state.live else {
        heading(ui, "Nothing was refused");
        footer(ui, |ui| {
            if Push::new("Close").show(ui).clicked() {
                close(out);
            }
        });
        return;
    };
    heading(ui, "This machine does not let a lab run");
    ui.label(lettering::plain(what, ui));
    section::heading(ui, "Why");
    ui.label(lettering::muted(why, ui));
    section::heading(ui, "What mends it");
    egui::Frame::new().fill(theme::of(ui.ctx()).app).corner_radius(8).inner_margin(10).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(egui::Label::new(lettering::code(mend, ui)).wrap().selectable(true));
    });
    ui.add_space(6.0);
    ui.label(lettering::muted("Drawing, and replaying recordings, work all the same.", ui));
    footer(ui, |ui| {
        if Push::new("Try again").primary().show(ui).clicked() {
            close(out);
            out.push(Command::RunLab);
        }
        if Push::new("Copy").icon(Icon::Copy).tip("Copies all of this.").show(ui).clicked() {
            ui.ctx().copy_text(format!("{what}\n{why}\n{mend}"));
        }
        if Push::new("Close").quiet().show(ui).clicked() {
            close(out);
        }
    });
}
