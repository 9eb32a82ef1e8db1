//! What was done, as one would type it; and the whole lab as a script.

use std::sync::Arc;

use egui::{Id, RichText, ScrollArea, Ui};

use topology::{Lab, script::script};

use crate::{
    model::{
        command::{Command, View},
        state::{Dialog, Logged, State},
    },
    window::theme,
};

pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    let id = Id::unique("commands whole");
    let mut whole: bool = ui.data(|data| data.get_temp(id)).unwrap_or(false);
    egui::Frame::NONE
        .inner_margin(egui::Margin::symmetric(theme::space::L as i8, theme::space::M as i8))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.selectable_value(&mut whole, false, "As it happened");
                ui.selectable_value(&mut whole, true, "The whole lab as a script");
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if ui.button("Save as script…").clicked() {
                        out.push(Command::View(View::Dialog(Some(Dialog::SaveScript))));
                    }
                    if ui.button("Copy all").clicked() {
                        ui.ctx().copy_text(if whole { script(&state.lab()) } else { everything(&state.log) });
                    }
                });
            });
            ui.separator();
            if whole {
                let text = whole_script(ui, state.lab());
                ScrollArea::both().id_salt("script").auto_shrink(false).show(ui, |ui| {
                    ui.label(RichText::new(&*text).font(theme.mono(theme::text::SMALL)));
                });
            } else {
                log(ui, &state.log);
            }
        });
    ui.data_mut(|data| data.insert_temp(id, whole));
}

/// Made anew only for another lab.
fn whole_script(ui: &Ui, lab: Arc<Lab>) -> Arc<str> {
    type Known = Option<(Arc<Lab>, Arc<str>)>;
    let id = Id::unique("commands script");
    let known: Known = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    if let Some((known, text)) = known
        && Arc::ptr_eq(&known, &lab)
    {
        return text;
    }
    let text: Arc<str> = script(&lab).into();
    ui.data_mut(|data| data.insert_temp::<Known>(id, Some((lab, text.clone()))));
    text
}

fn everything(log: &[Logged]) -> String {
    let mut text = String::new();
    for logged in log {
        text.push_str(&format!("# {}\n", logged.words));
        for line in &logged.shell {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn log(ui: &mut Ui, log: &[Logged]) {
    let theme = theme::of(ui.ctx());
    if log.is_empty() {
        ui.label(
            RichText::new("Every action appears here as the ip commands that do the same").color(theme.mute),
        );
        return;
    }
    ScrollArea::vertical().id_salt("log").auto_shrink(false).stick_to_bottom(true).show(ui, |ui| {
        for logged in log {
            ui.horizontal(|ui| {
                ui.label(RichText::new(&logged.words).color(theme.text));
                let copies = !logged.shell.is_empty();
                if copies && ui.small_button("Copy").on_hover_text("Copy these lines").clicked() {
                    ui.ctx().copy_text(logged.shell.join("\n"));
                }
            });
            for line in &logged.shell {
                ui.label(
                    RichText::new(format!("  {line}")).font(theme.mono(theme::text::SMALL)).color(theme.mute),
                );
            }
            if let Some(trouble) = &logged.trouble {
                ui.label(RichText::new(trouble).color(theme.drop));
            }
            ui.add_space(theme::space::S);
        }
    });
}
