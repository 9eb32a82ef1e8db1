//! What this is.

use egui::Ui;

use super::{close, footer, heading};
use crate::{
    model::command::Command,
    window::widgets::{lettering, push::Push},
};

pub fn show(ui: &mut Ui, out: &mut Vec<Command>) {
    ui.set_width(380.0);
    heading(ui, "Hopscope");
    ui.label(lettering::code(concat!("version ", env!("CARGO_PKG_VERSION")), ui));
    ui.add_space(6.0);
    ui.label(lettering::plain(env!("CARGO_PKG_DESCRIPTION"), ui));
    ui.add_space(6.0);
    let words = "Labs run in a sandbox of their own: nothing here touches this machine's network.";
    ui.label(lettering::muted(words, ui));
    ui.label(lettering::muted(concat!("Licence: ", env!("CARGO_PKG_LICENSE")), ui));
    footer(ui, |ui| {
        if Push::new("Close").show(ui).clicked() {
            close(out);
        }
    });
}
