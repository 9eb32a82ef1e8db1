//! What is wrong with the lab, and what mends it.

use egui::{RichText, ScrollArea, Ui};

use topology::{
    Thing,
    check::{About, Severity},
};

use crate::{
    model::{
        act::Item,
        command::{Command, Select},
        stage::scene::marks::{MISSED_HINT, missed_words},
        state::State,
    },
    window::theme::{self, icon},
};

pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let theme = theme::of(ui.ctx());
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        egui::Frame::NONE
            .inner_margin(egui::Margin::symmetric(theme::space::L as i8, theme::space::M as i8))
            .show(ui, |ui| {
                for (item, why) in &state.failed {
                    line(
                        ui,
                        (icon::ERROR, theme.drop),
                        &words_of(item),
                        why,
                        "Undo takes the change back",
                        || {
                            out.push(Command::Select(Select::Only(item.clone())));
                        },
                    );
                }
                for problem in &state.problems {
                    let sign = match problem.severity {
                        Severity::Error => (icon::ERROR, theme.drop),
                        Severity::Warning => (icon::WARNING, theme.arp),
                        Severity::Note => (icon::INFO, theme.accent),
                    };
                    let item = item_of(&problem.about);
                    line(ui, sign, &problem.about.to_string(), &problem.message, &problem.hint, || {
                        out.extend(item.clone().map(|item| Command::Select(Select::Only(item))));
                    });
                }
                for (at, frames) in state.story.missed().iter().filter(|(_, frames)| 0 < **frames) {
                    let sign = (icon::INFO, theme.mute);
                    line(ui, sign, &at.to_string(), &missed_words(*frames), MISSED_HINT, || {
                        out.push(Command::Select(Select::Only(Item::Interface(at.clone()))));
                    });
                }
                if state.problems.is_empty() && state.failed.is_empty() {
                    ui.label(
                        RichText::new("No problems: this lab can be built, and its pings can arrive")
                            .color(theme.mute),
                    );
                }
            });
    });
}

fn line(
    ui: &mut Ui,
    (sign, colour): (&str, egui::Color32),
    about: &str,
    message: &str,
    hint: &str,
    choose: impl FnOnce(),
) {
    let theme = theme::of(ui.ctx());
    ui.horizontal_top(|ui| {
        ui.label(RichText::new(sign).color(colour).font(theme.font(theme::text::TITLE)));
        ui.vertical(|ui| {
            ui.horizontal_wrapped(|ui| {
                if ui.link(RichText::new(about).monospace()).on_hover_text("Select it").clicked() {
                    choose();
                }
                ui.label(message);
            });
            if !hint.is_empty() {
                ui.label(RichText::new(hint).color(theme.mute));
            }
        });
    });
    ui.add_space(theme::space::S);
}

/// What stands on the stage for it.
pub fn item_of(about: &About) -> Option<Item> {
    match about {
        About::Lab => None,
        About::Namespace(name) | About::Route { namespace: name, .. } => {
            Some(Item::Thing(Thing::Namespace(name.clone())))
        }
        About::Interface(at) => Some(Item::Interface(at.clone())),
        About::Cable(cable) => Some(Item::Cable(cable.clone())),
    }
}

fn words_of(item: &Item) -> String {
    match item {
        Item::Thing(Thing::Namespace(name)) => name.to_string(),
        Item::Thing(Thing::Bridge(at)) | Item::Interface(at) => at.to_string(),
        Item::Cable(cable) => {
            let [one, other] = cable.ends();
            format!("{one} – {other}")
        }
    }
}
